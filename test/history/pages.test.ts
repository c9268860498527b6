/** The history as people read it, on both databases: sentences, paging, and a check that notices tampering. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { record } from "../../src/history/store.ts";
import { isKey } from "../../src/web/locale.ts";
import { log, openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

test("every action that the program writes has words in both languages", () => {
  const root = join(import.meta.dirname, "../../src");
  const written = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [
      ...readFileSync(join(root, name), "utf8").matchAll(
        /"((?:case|debt|collector|incident|evidence|notice|dossier|member|invitation)\.[a-z]+(?:-[a-z]+)*)"/g,
      ),
    ])
    .map(([, action]) => action!)
    .filter((action) => /(?:ed|made|chosen)$/.test(action));
  const actions = new Set([...written, "finding.confirmed", "finding.dismissed", "finding.review-withdrawn"]);
  expect(actions.size).toBeGreaterThan(25);
  expect([...actions].filter((action) => !isKey(`history.actions.${action}`))).toEqual([]);
});

describe.each(databases)("the history on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
  });
  afterAll(() => app.close());
  const page = async (path: string, who = lin) => textOf((await who.get(path)).text);

  test("says who did what in both languages, newest first, with a link to the thing", async () => {
    const caseId = await openCase(lin);
    app.clock.advance(60_000);
    await log(lin, caseId);
    const answer = await lin.get(`/cases/${caseId}/history`);
    const text = textOf(answer.text);
    expect(text.indexOf("Lin Xiaoyu logged incident 1")).toBeGreaterThan(0);
    expect(text.indexOf("Lin Xiaoyu started the case")).toBeGreaterThan(text.indexOf("Lin Xiaoyu logged incident 1"));
    expect(answer.text).toContain(`href="/cases/${caseId}/incidents/1"`);
    const chinese = await page(`/cases/${caseId}/history`, await app.as("lin", "zh-CN"));
    expect(chinese).toContain("Lin Xiaoyu 记下了联系记录1");
  });

  test("an action nobody wrote words for is shown by its name, never left out", async () => {
    const caseId = await openCase(lin);
    const event = {
      caseId,
      actor: "system",
      at: app.clock.now(),
      action: "thing.invented",
      subject: "thing:<b>9</b>",
      detail: {},
    };
    await app.services.db.transaction().execute((tx) => record(tx, event));
    const answer = await lin.get(`/cases/${caseId}/history`);
    expect(answer.text).toContain("The program</strong> thing.invented: thing:&lt;b&gt;9&lt;/b&gt;");
  });

  test("pages through a long history without losing or doubling an entry, and filters by subject", async () => {
    const caseId = await openCase(lin);
    await app.services.db.transaction().execute(async (tx) => {
      for (let i = 1; i <= 120; i++) {
        await record(tx, {
          caseId,
          actor: "system",
          at: app.clock.now() + i,
          action: "incident.logged",
          subject: `incident:${i}`,
          detail: {},
        });
      }
    });
    const seen: string[] = [];
    let path: string | undefined = `/cases/${caseId}/history`;
    let pages = 0;
    while (path !== undefined) {
      const html: string = (await lin.get(path)).text;
      seen.push(...[...html.matchAll(/>Entry (\d+)</g)].map(([, n]) => n!));
      path = /href="([^"]*before=\d+)"[^>]*rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(Array.from({ length: 121 }, (_, i) => String(121 - i)));
    const only = await page(`/cases/${caseId}/history?subject=incident:7`);
    expect(only).toContain("logged incident 7");
    expect(only).not.toContain("logged incident 8");
    expect(only).toContain("Only: Incident 7");
  });

  test("the check holds on an untouched chain, shows its newest hash, and notices a changed entry", async () => {
    const caseId = await openCase(lin);
    await log(lin, caseId);
    const { db } = app.services;
    const head = await db
      .selectFrom("history_heads")
      .select("hash")
      .where("case_id", "=", caseId)
      .executeTakeFirstOrThrow();
    expect(await page(`/cases/${caseId}/history`)).toContain(head.hash);
    expect(await page(`/cases/${caseId}/history?check=1`)).toContain("The chain holds All 2 entries were read");
    await db.updateTable("history").set({ at: 1 }).where("case_id", "=", caseId).where("seq", "=", 1).execute();
    const broken = await page(`/cases/${caseId}/history?check=1`);
    expect(broken).toContain("The chain is broken");
    expect(broken).toContain("entry 1 was changed after it was written");
  });

  test("a stranger gets 404, a reader may look", async () => {
    const caseId = await openCase(lin);
    await app.join(caseId, "chen", "reader");
    expect((await (await app.as("chen")).get(`/cases/${caseId}/history`)).status).toBe(200);
    expect((await (await app.as("carol")).get(`/cases/${caseId}/history?check=1`)).status).toBe(404);
  });
});
