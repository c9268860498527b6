/** The list of contacts: newest first, filtered by its address, page by page without gaps, out of the index on both databases. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEdge, readFilter } from "../../src/incidents/filter.ts";
import { countIncidents, listIncidents } from "../../src/incidents/store.ts";
import { newId } from "../../src/platform/ids.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { log, openCase, textOf } from "./people.ts";

const ZONE = "Asia/Shanghai";

describe.each(databases)("the list on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  const COUNT = 3000;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    caseId = await openCase(lin);
    const person = await app.personId("lin");
    const start = Date.parse("2026-01-01T00:00:00Z");
    const channels = ["call", "sms", "chat"];
    for (let from = 0; from < COUNT; from += 500) {
      await app.services.db
        .insertInto("incidents")
        .values(
          Array.from({ length: 500 }, (_, n) => from + n).map((i) => ({
            id: newId(),
            case_id: caseId,
            number: i + 1,
            channel: channels[i % 3]!,
            direction: "incoming",
            // Three at the same moment each: the id decides among them.
            happened_at: start + Math.floor(i / 3) * 3600_000,
            precision: "exact",
            outcome: i % 2 ? "conversation" : null,
            contacted: i % 10 === 0 ? "colleague" : "self",
            from_number: `+8610000${String(i % 40).padStart(6, "0")}`,
            acts_json: "[]",
            said: i % 100 === 7 ? "还100%_钱\\" : null,
            account: i % 100 === 8 ? "Called my MOTHER again" : null,
            version: 1,
            logged_by: person,
            logged_at: start,
          })),
        )
        .execute();
    }
    await app.services.db.insertInto("counters").values({ case_id: caseId, kind: "incident", last: COUNT }).execute();
    if (database.name === "postgres") await sql`analyze`.execute(app.services.db);
  });
  afterAll(() => app.close());

  const page = async (query = "") => {
    const answer = await lin.get(`/cases/${caseId}/incidents${query}`);
    return {
      text: textOf(answer.text),
      html: answer.text,
      numbers: [...answer.text.matchAll(/class="govuk-link dw-irow__link" href="[^"]*\/incidents\/(\d+)"/g)].map(
        ([, n]) => Number(n),
      ),
      older: /<a[^>]* href="([^"]*[?&](?:amp;)?older=[^"]*)"/.exec(answer.text)?.[1]?.replaceAll("&amp;", "&"),
      newer: /<a[^>]* href="([^"]*[?&](?:amp;)?newer=[^"]*)"/.exec(answer.text)?.[1]?.replaceAll("&amp;", "&"),
    };
  };
  const follow = (href: string | undefined) => page(String(href).replace(/^[^?]*/, ""));

  test("50 a page, newest first, every contact once, and the same way back", async () => {
    const first = await page("?channel=sms");
    expect(first.text).toContain("1,000 contacts, newest first");
    expect(first.numbers).toHaveLength(50);
    expect(first.newer).toBeUndefined();
    const second = await follow(first.older);
    const third = await follow(second.older);
    const shown = [...first.numbers, ...second.numbers, ...third.numbers];
    expect(new Set(shown).size).toBe(150);
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    expect((await follow(third.newer)).numbers).toEqual(second.numbers);
    expect((await follow((await follow(third.newer)).newer)).numbers).toEqual(first.numbers);
  });

  test("walking all pages meets every contact exactly once, also where many happened at one moment", async () => {
    const filter = readFilter({}, ZONE);
    const met: number[] = [];
    let edge: ReturnType<typeof readEdge> = null;
    for (;;) {
      const found = await listIncidents(app.services.db, caseId, filter, edge, 70);
      met.push(...found.slice(0, 70).map(({ number }) => number));
      const last = found[69];
      if (found.length <= 70 || last === undefined) break;
      edge = { side: "older", happenedAt: last.happenedAt, id: last.id };
    }
    expect(met).toHaveLength(COUNT);
    expect(new Set(met).size).toBe(COUNT);
  });

  test.each([
    ["?channel=call&outcome=conversation", 500, "Kind: Call"],
    ["?contacted=colleague", 300, "Contacted: Colleague"],
    ["?number=000007", 75, "Number: 000007"],
    ["?from=2026-01-02&to=2026-01-02", 72, "From: 2 Jan 2026"],
    ["?words=100%25_%E9%92%B1%5C", 30, "Words: 100%_钱\\"],
    ["?words=my%20mother", 30, "Words: my mother"],
    ["?evidence=yes", 0, "Files: With files"],
    ["?evidence=no", 3000, "Files: Without files"],
  ])("%s finds %i and says so in a chip that removes it", async (query, count, chip) => {
    const found = await page(query);
    expect(found.text).toContain(`${count.toLocaleString("en")} contact`);
    expect(found.text).toContain(chip);
    expect(found.html).toMatch(new RegExp(`class="dw-chip dw-chip--on" href="/cases/${caseId}/incidents`));
  });

  test("removing a chip keeps the others; nonsense in an address is ignored", async () => {
    const { html } = await page("?channel=call&contacted=colleague");
    expect(html).toContain(`class="dw-chip dw-chip--on" href="/cases/${caseId}/incidents?contacted=colleague"`);
    expect((await page("?channel=pigeon&from=yesterday&older=1'--&number=")).text).toContain("3,000 contacts");
  });

  test("files and findings are counted for the whole page at once", async () => {
    const number = await log(lin, caseId, { time: "22:43" }, [{ name: "a.txt", bytes: "a" }]);
    const first = await page();
    expect(first.numbers[0]).toBe(number);
    expect(first.text).toMatch(new RegExp(`Incident ${number} · Borrower · 1 file \\d+ Appears to match`));
    const statements = await statementsDuring(() => page());
    expect(statements).toBeLessThan(25);
    expect(await statementsDuring(() => page("?channel=sms"))).toBeLessThan(25);
  });

  /** How many statements one page takes: set-based, so the same for 50 rows as for one. */
  async function statementsDuring(act: () => Promise<unknown>): Promise<number> {
    const executor = app.services.db.getExecutor();
    const provider = Object.getPrototypeOf(executor) as { executeQuery: (...args: unknown[]) => unknown };
    const original = provider.executeQuery;
    let count = 0;
    provider.executeQuery = function executeQuery(this: unknown, ...args: unknown[]) {
      count += 1;
      return original.apply(this, args);
    };
    try {
      await act();
    } finally {
      provider.executeQuery = original;
    }
    return count;
  }

  test("a page and the count come out of the index, not out of the table", async () => {
    const filter = readFilter({}, ZONE);
    const middle = { side: "older" as const, happenedAt: Date.parse("2026-01-20T00:00:00Z"), id: newId() };
    const plans = await plansOf(async () => {
      await listIncidents(app.services.db, caseId, filter, middle, 50);
      await countIncidents(app.services.db, caseId, filter);
    });
    expect(plans[0]).toMatch(/incidents_when/);
    // PostgreSQL rightly reads the table whole to count a case that is all there is in it.
    if (database.name === "sqlite") expect(plans[1]).toMatch(/incidents_when/);
    // The order comes from the index too: nothing is sorted.
    expect(plans[0]).not.toMatch(/sort|temp b-tree/i);
  });

  /** What the database says it will do for each query that is asked meanwhile. */
  async function plansOf(act: () => Promise<unknown>): Promise<string[]> {
    const { db } = app.services;
    const provider = Object.getPrototypeOf(db.getExecutor()) as {
      executeQuery: (query: { sql: string; parameters: unknown[] }) => unknown;
    };
    const original = provider.executeQuery;
    const asked: { sql: string; parameters: unknown[] }[] = [];
    provider.executeQuery = function executeQuery(this: unknown, query) {
      asked.push(query);
      return original.call(this, query);
    };
    try {
      await act();
    } finally {
      provider.executeQuery = original;
    }
    const plans: string[] = [];
    for (const query of asked) {
      const explain = database.name === "sqlite" ? "explain query plan " : "explain ";
      const { rows } = await db.executeQuery({ ...query, sql: explain + query.sql } as never);
      plans.push(JSON.stringify(rows));
    }
    return plans;
  }
});
