/** The front pages through the shipped app, on both databases: every number on them is counted again here another way. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/dossiers/collect.ts";
import { summarySection } from "../../src/dossiers/paper-summary.ts";
import { Voice } from "../../src/dossiers/voice.ts";
import { stretchesOf } from "../../src/overview/local-time.ts";
import { countContacts } from "../../src/overview/store.ts";
import { sampleDossier } from "../dossiers/sample-material.ts";
import { log, openCase, send, textOf } from "../incidents/people.ts";
import { plantContacts } from "../incidents/plant-contacts.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

/** A row of small whole numbers that are the same in every run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 16_807) % 2_147_483_647;
    return state % below;
  };
}

describe.each(databases)("the front pages on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
  });
  afterAll(() => app.close());
  const page = async (path: string, who = lin) => textOf((await who.get(path)).text);

  test.each(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])(
    "days and hours counted by the database in %s are those of the calendar, over clock changes and before 1970",
    async (zone) => {
      const caseId = await openCase(lin, { zone });
      const next = numbersFrom(7);
      const contacts = Array.from({ length: 400 }, (_, i) => ({
        happenedAt: Date.parse(i < 20 ? "1965-01-01T00:00Z" : "2023-01-01T00:00Z") + next(1200 * 1440) * 60_000,
        contacted: i % 5 === 0 ? "family" : "self",
        precision: i % 17 === 0 ? "day" : "exact",
      }));
      // The hours around clock changes of New York.
      for (const at of ["2024-03-10T06:59Z", "2024-03-10T07:00Z", "2024-11-03T05:30Z", "2024-11-03T06:30Z"]) {
        contacts.push({ happenedAt: Date.parse(at), contacted: "self", precision: "exact" });
      }
      await plantContacts(app.services.db, caseId, contacts);

      const ends = [480, 720, 1320, 1440];
      const expected = new Map<string, { all: number; others: number; unknown: number; bands: number[] }>();
      for (const { happenedAt, contacted, precision } of contacts) {
        const local = Temporal.Instant.fromEpochMilliseconds(happenedAt).toZonedDateTimeISO(zone);
        const key = local.toPlainDate().toString();
        const day = expected.get(key) ?? { all: 0, others: 0, unknown: 0, bands: [0, 0, 0, 0] };
        day.all += 1;
        if (contacted !== "self") day.others += 1;
        if (precision === "day") day.unknown += 1;
        else day.bands[ends.findIndex((end) => local.hour * 60 + local.minute < end)]! += 1;
        expected.set(key, day);
      }
      const times = contacts.map(({ happenedAt }) => happenedAt);
      const stretches = stretchesOf(zone, Math.min(...times), Math.max(...times));
      const { days: counted } = await countContacts(app.services.db, caseId, stretches, ends);
      const byDate = counted.map(({ day, ...counts }) => [
        new Date(day * 86_400_000).toISOString().slice(0, 10),
        counts,
      ]);
      expect(byDate).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  );

  test("the overview counts contacts, shaded hours, other people and numbers, each in words and in the table", async () => {
    const caseId = await openCase(lin);
    const at = (local: string) => Date.parse(`${local}+08:00`);
    await plantContacts(app.services.db, caseId, [
      { happenedAt: at("2026-11-20T22:00"), outcome: "conversation", contacted: "self", fromNumber: "111" },
      { happenedAt: at("2026-11-20T07:59"), contacted: "family", fromNumber: "111" },
      { happenedAt: at("2026-11-19T08:00"), contacted: "colleague", fromNumber: "222" },
      { happenedAt: at("2026-11-18T23:59"), precision: "about" },
      { happenedAt: at("2026-11-17T00:00"), precision: "day", contacted: "self" },
      { happenedAt: at("2026-10-01T00:00"), precision: "month" },
      { happenedAt: at("2026-11-20T12:00"), direction: "outgoing", fromNumber: "333" },
    ]);
    await send(lin, `/cases/${caseId}/notices`, {
      kind: "third-party-refusal",
      receivedDate: "2026-11-18",
      contacted: "family",
      form: "written",
    });
    const shown = await page(`/cases/${caseId}`);
    expect(shown).toContain("17 Nov 2026 to 20 Nov 2026: contacted on 4 of 4 days");
    expect(shown).toContain(
      "Contacts 6 logged 22:00 to 08:00 3 contacts Family, work and others 2 contacts Different numbers 2 used",
    );
    expect(shown).toContain("Fri 1 0 0 0 0 1 0 2");
    expect(shown).toContain("Tue 0 0 0 0 0 0 1 1");
    expect(shown).toContain("All 1 1 0 0 0 2 1 5");
    expect(shown).toContain("1 contact, of which only the month is known, stands in no day.");
    expect(shown).toContain("1 contact made by the borrower is not counted here.");
    expect(shown).toContain("Fri 20 Nov 2026 2 2 1 07:59, 22:00");
    expect(shown).toContain("Wed 18 Nov 2026 1 1 – about 23:59");
    expect(shown).toContain("Tue 17 Nov 2026 1 – – time not known");
    const html = (await lin.get(`/cases/${caseId}`)).text;
    expect(html).toContain(`href="/cases/${caseId}/notices/1"`);
    expect(html).toContain("dw-plot--wide");

    const chinese = await page(`/cases/${caseId}`, await app.as("lin", "zh-CN"));
    expect(chinese).toContain("22:00至08:00 3 次");
    expect(chinese).toContain("约23:59");
  });

  test("findings by rule agree with the list of findings, and dismissing one takes it off the count", async () => {
    const caseId = await openCase(lin);
    const number = await log(lin, caseId, { time: "22:43", outcome: "conversation" });
    const counts = async () =>
      / (\d+) appears? to match (\d+) needs? a person (\d+) cannot tell/
        .exec(await page(`/cases/${caseId}`))
        ?.slice(1)
        .map(Number);
    // Two texts forbid this hour: two findings, one contact.
    expect((await counts())?.[0]).toBe(1);
    const found = await app.services.db
      .selectFrom("findings")
      .select(["incident_id", "rule", "outcome"])
      .where("case_id", "=", caseId)
      .execute();
    const matching = found.filter(({ outcome }) => outcome === "matches");
    expect(matching.map(({ rule }) => rule).sort()).toEqual(["cn.cba.time", "cn.gbt.time"]);
    expect(await page(`/cases/${caseId}`)).toContain("Confirm or dismiss 2 findings");
    const rows = (await lin.get(`/cases/${caseId}`)).text;
    // The national standard binds more than the association's guideline, so it stands first.
    expect(rows.indexOf("cn.gbt.time")).toBeLessThan(rows.indexOf("cn.cba.time"));
    const dismiss = ({ incident_id, rule }: { incident_id: string; rule: string }) =>
      app.services.db
        .insertInto("reviews")
        .values({ case_id: caseId, incident_id, rule, verdict: "dismissed", reason: "agreed", reviewed_by: "x", reviewed_at: 0 })
        .execute(); // prettier-ignore
    await dismiss(matching[0]!);
    expect((await counts())?.[0]).toBe(1);
    expect(await page(`/cases/${caseId}`)).toContain("1 dismissed");
    const home = (await lin.get("/cases")).text;
    const row = home.slice(home.indexOf(`href="/cases/${caseId}"`)).split("</tr>")[0] ?? "";
    expect(textOf(`<main>${row}</main>`)).toContain("1 contact 1 ");
    await dismiss(matching[1]!);
    expect((await counts())?.[0]).toBe(0);
    expect(number).toBe(1);
  });

  test("every page counts contacts, each once, also where a code, its copy and other texts say the same of them", async () => {
    const caseId = await openCase(lin, { respondentKind: "debt-collector" });
    const copied = await lin
      .post(`/cases/${caseId}/codes/copy`)
      .type("form")
      .send({ from: "cn-online-consumer-credit", name: "Ours beside it" });
    const own = /own-[\w-]+/.exec(copied.headers.location ?? "")![0];
    await lin
      .post(`/cases/${caseId}/codes`)
      .type("form")
      .send({ codes: [own, "cn-online-consumer-credit"], doubles: "keep" })
      .expect(303);
    const calls = ["22:43", "07:10", "09:00", "10:05", "14:31", "18:20"];
    for (const time of calls)
      await log(lin, caseId, { time, outcome: time === "09:00" ? "" : "connected", purpose: "notification" });
    await log(lin, caseId, { channel: "sms", time: "12:00", said: "再不还钱就让你单位的人都知道" });
    await lin.get(`/cases/${caseId}/findings`).expect(200);
    await lin
      .post(`/cases/${caseId}/findings/2/cn.gbt.time/review`)
      .type("form")
      .send({ verdict: "dismissed", reason: "agreed" })
      .expect(303);
    // Counted here another way, from the findings as they stand.
    const { findings } = await collect(app.services, caseId);
    const strongest = new Map<string, number>();
    for (const { incident, outcome, review } of findings) {
      if (review?.verdict === "dismissed") continue;
      const at = ["matches", "needs-review", "cannot-tell"].indexOf(outcome);
      strongest.set(incident, Math.min(at, strongest.get(incident) ?? at));
    }
    const expected = [0, 1, 2].map((at) => [...strongest.values()].filter((one) => one === at).length);
    expect(expected[0]).toBeGreaterThan(1);
    expect(expected[1]! + expected[2]!).toBeGreaterThan(0);
    // Rules do overlap: there are more findings than contacts.
    expect(findings.length).toBeGreaterThan(calls.length + 1);
    expect(new Set(findings.map(({ incident, rule }) => `${incident} ${rule}`)).size).toBe(findings.length);

    const said = (text: string) =>
      /(\d+) appears? to match (\d+) needs? a person (\d+) cannot tell/.exec(text)?.slice(1).map(Number);
    expect(said(await page(`/cases/${caseId}`))).toEqual(expected);
    const listed = await page(`/cases/${caseId}/findings`);
    expect(said(listed)).toEqual(expected);
    expect(listed).toContain("Contacts, each counted once");
    for (const path of ["/", "/cases"]) {
      const home = (await lin.get(path)).text;
      const row = home.slice(home.indexOf(`href="/cases/${caseId}"`)).split("</tr>")[0] ?? "";
      expect(said(textOf(`<main>${row}</main>`))).toEqual(expected);
      expect(textOf(home)).toContain("Outcomes count contacts, each once");
    }
    const summary = JSON.stringify(
      summarySection(
        { ...sampleDossier(1), ...(await collect(app.services, caseId)) },
        new Voice(["en"], "Asia/Shanghai"),
      ),
    );
    expect(summary).toContain(
      `Contacts that appear to match at least one rule: ${expected[0]}. A further ${expected[1]} need a person`,
    );
  });

  test("what is next follows from what is missing", async () => {
    const caseId = await openCase(lin, { lender: "", lenderKind: "unknown", country: "other", zone: "Europe/Berlin" });
    const bare = await page(`/cases/${caseId}`);
    expect(bare).toContain("Nothing logged yet");
    expect(bare).toContain("Choose codes of conduct");
    expect(bare).toContain("Say what kind of lender it is");
    await log(lin, caseId, { time: "08:30" });
    expect(await page(`/cases/${caseId}`)).toContain("Make a dossier and keep a copy elsewhere None made yet");
  });

  test("ten thousand contacts: the same few queries, a page that can be read, every contact counted", async () => {
    const next = numbersFrom(11);
    const big = await openCase(lin);
    const small = await openCase(lin);
    const end = Date.parse("2026-11-20T12:00Z");
    const contacts = Array.from({ length: 10_000 }, () => ({
      happenedAt: end - next(700 * 1440) * 60_000,
      outcome: next(2) === 0 ? "conversation" : "unanswered",
      contacted: next(6) === 0 ? "family" : "self",
      fromNumber: String(next(40)),
    }));
    await plantContacts(app.services.db, big, contacts);
    await plantContacts(app.services.db, small, contacts.slice(0, 20));
    // Judging is not what is measured here.
    await lin.get(`/cases/${big}`);
    await lin.get(`/cases/${small}`);

    const executor = app.services.db.getExecutor();
    const original = executor.executeQuery.bind(executor);
    let queries = 0;
    executor.executeQuery = (...query) => {
      queries += 1;
      return original(...query);
    };
    const asked = async (caseId: string) => {
      queries = 0;
      const answer = await lin.get(`/cases/${caseId}`);
      return { queries, text: answer.text };
    };
    const [few, many] = [await asked(small), await asked(big)];
    executor.executeQuery = original;
    expect(few.queries).toBeGreaterThan(5);
    expect(many.queries).toBe(few.queries);
    expect(many.queries).toBeLessThan(25);
    expect(many.text.length).toBeLessThan(400_000);
    const shown = textOf(many.text);
    expect(shown).toContain("Contacts 10,000 logged");
    const rows = (region: string) => {
      const table = many.text.slice(many.text.indexOf(`aria-label="${region}"`)).split("</table>")[0] ?? "";
      return [...table.matchAll(/data-label="Contacts">([\d,]+)/g)].map(([, n]) => Number(n!.replace(",", "")));
    };
    const listed = [...rows("Days with contact, newest first"), ...rows("Earlier weeks with contact, newest first")];
    expect(listed.reduce((sum, n) => sum + n, 0)).toBe(10_000);
  });

  test("home: nothing yet, one case, several; only one's own; counts follow what was logged since", async () => {
    const carol = await app.as("carol");
    const empty = await page("/", carol);
    expect(empty).toContain("No case yet");
    expect((await carol.get("/")).text).toContain('href="/cases/new"');

    const caseId = await openCase(carol, { borrower: "Carol", lender: "某某小额贷款" });
    await log(carol, caseId, { time: "22:43", outcome: "conversation" });
    const html = (await carol.get("/")).text;
    expect(html).toContain(`href="/cases/${caseId}/incidents/new?channel=call"`);
    expect(textOf(html)).toMatch(/Carol Case \d+ 某某小额贷款 20 Nov 2026 1 contact [1-9]/);
    expect(textOf(html)).not.toContain("Lin Xiaoyu");

    await openCase(carol, { borrower: "Somebody" });
    const several = await carol.get("/");
    expect(several.text).toContain(`<option value="${caseId}"`);
    expect(textOf(several.text)).toContain("2 cases");
    expect((await carol.get(`/log?case=${caseId}`)).headers.location).toBe(`/cases/${caseId}/incidents/new`);
    expect((await carol.get("/log?case=../../evil")).headers.location).toBe("/");
    expect(await page("/cases", carol)).toContain("Somebody");
  });

  test("a reader sees the overview without next steps or a way to log", async () => {
    const caseId = await openCase(lin);
    await app.join(caseId, "chen", "reader");
    const chen = await app.as("chen");
    const answer = await chen.get(`/cases/${caseId}`);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(`/cases/${caseId}/incidents/new`);
    expect((await (await app.as("carol")).get(`/cases/${caseId}`)).status).toBe(404);
  });
});
