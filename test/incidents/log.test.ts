/** Logging a contact through the shipped app, on both databases: what a person sees, what is kept, what is refused and why. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { actionsOf, log, openCase, quick, send, textOf } from "./people.ts";

describe.each(databases)("logging a contact on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    app.clock.set("2026-11-20T14:52:00Z");
    caseId = await openCase(lin);
  });

  const row = (number: number) =>
    app.services.db
      .selectFrom("incidents")
      .selectAll()
      .where("case_id", "=", caseId)
      .where("number", "=", number)
      .executeTakeFirstOrThrow();
  const page = async (number: number) => textOf((await lin.get(`/cases/${caseId}/incidents/${number}`)).text);

  test("the quick part alone is enough, prefilled with now in the case's zone", async () => {
    const form = await lin.get(`/cases/${caseId}/incidents/new`);
    expect(form.status).toBe(200);
    expect(form.text).toContain('value="2026-11-20"');
    expect(form.text).toContain('value="22:52"');
    expect(textOf(form.text)).toContain("You can save now");
    const saved = await send(lin, `/cases/${caseId}/incidents`, quick);
    expect([saved.status, saved.headers.location]).toEqual([303, `/cases/${caseId}/incidents/1?saved=logged`]);
    const shown = textOf((await lin.get(String(saved.headers.location))).text);
    expect(shown).toContain("Incident 1 is logged.");
    expect(shown).toContain("Call, Fri 20 Nov 2026, 22:43");
    expect(shown).toContain("20 Nov, 22:52, nine minutes later, by Lin Xiaoyu");
    expect((await row(1)).happened_at).toBe(Date.parse("2026-11-20T22:43:00+08:00"));
    expect((await row(1)).logged_at).toBe(Date.parse("2026-11-20T14:52:00Z"));
    expect(await actionsOf(app, caseId)).toContain("incident.logged incident:1");
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  test("every field of the contract can be said, and stands on the page and in the row", async () => {
    await lin
      .post(`/cases/${caseId}/debts`)
      .type("form")
      .send({ creditor: "Example Consumer Finance", product: "Instalments" });
    const debt = await app.services.db
      .selectFrom("debts")
      .select("id")
      .where("case_id", "=", caseId)
      .executeTakeFirstOrThrow();
    const number = await log(lin, caseId, {
      channel: "visit",
      direction: "outgoing",
      contacted: "colleague",
      outcome: "conversation",
      minutes: "2",
      seconds: "41",
      purpose: "interactive",
      automated: "no",
      place: "work",
      fromNumber: "+86 100 0000 0153",
      calledNumber: "138-0000-0000",
      newCollector: "Quick Agency",
      newCollectorKind: "agency",
      debtId: debt.id,
      acts: ["told-third-party", "insult"],
      said: "  你再不还,\r\n我就告诉所有人  ",
      account: "I was shaking.",
      told: "some",
      disclosed: ["institution", "debt-to-third-party"],
      visitors: "3",
    });
    const kept = await row(number);
    expect(kept).toMatchObject({
      channel: "visit",
      direction: "outgoing",
      contacted: "colleague",
      outcome: "conversation",
      duration_seconds: 161,
      purpose: "interactive",
      automated: 0,
      place: "work",
      from_number: "+8610000000153",
      called_number: "13800000000",
      debt_id: debt.id,
      said: "  你再不还,\n我就告诉所有人  ",
      account: "I was shaking.",
      visitors: 3,
    });
    expect(JSON.parse(kept.acts_json)).toEqual(["insult", "told-third-party"]);
    expect(JSON.parse(kept.disclosed_json ?? "null")).toEqual(["institution", "debt-to-third-party"]);
    const shown = await page(number);
    for (const text of [
      "2 min 41 s",
      "Colleague, at work",
      "Quick Agency (Collection agency)",
      "Instalments",
      "I was shaking.",
      "Wanted an answer",
    ]) {
      expect(shown).toContain(text);
    }
    // Spared until asked for, with a word of what is inside.
    const html = (await lin.get(`/cases/${caseId}/incidents/${number}`)).text;
    expect(html).toMatch(
      /<details[^>]*><summary[^>]*><span[^>]*>Show their words \(contains insults\)<\/span><\/summary><div[^>]*>\s*你再不还/,
    );
  });

  test("told: not known, nothing, and these are three different things", async () => {
    const disclosed = async (fields: Record<string, string | string[]>) =>
      (await row(await log(lin, caseId, fields))).disclosed_json;
    expect(await disclosed({})).toBe(null);
    expect(await disclosed({ told: "unknown" })).toBe(null);
    expect(await disclosed({ told: "nothing" })).toBe("[]");
    expect(await disclosed({ disclosed: "identity" })).toBe('["identity"]');
    const both = await send(lin, `/cases/${caseId}/incidents`, { ...quick, told: "nothing", disclosed: "identity" });
    expect(both.status).toBe(422);
    expect(textOf(both.text)).toContain("You chose “Nothing of this” but ticked something");
  });

  test("pressing Save twice logs one contact", async () => {
    const draft =
      /name="draft" value="([^"]+)"/.exec((await lin.get(`/cases/${caseId}/incidents/new`)).text)?.[1] ?? "";
    const once = () => send(lin, `/cases/${caseId}/incidents`, { ...quick, draft });
    const answers = await Promise.all([once(), once(), once()]);
    answers.push(await once());
    expect(new Set(answers.map(({ headers }) => String(headers.location).split("?")[0]))).toEqual(
      new Set([`/cases/${caseId}/incidents/1`]),
    );
    expect(answers.at(-1)?.headers.location).toContain("saved=again");
    const { n } = await app.services.db
      .selectFrom("incidents")
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .where("case_id", "=", caseId)
      .executeTakeFirstOrThrow();
    expect(n).toBe(1);

    // Back, something changed, Save: neither lost nor logged twice, but offered as a correction of the one that is there.
    const changed = await send(lin, `/cases/${caseId}/incidents`, {
      ...quick,
      draft,
      account: "He said he would come",
    });
    expect(changed.status).toBe(409);
    expect(textOf(changed.text)).toContain("This contact was logged as Incident 1 when you first saved");
    expect(changed.text).toContain("He said he would come");
    expect(changed.text).toContain(`action="/cases/${caseId}/incidents/1"`);
  });

  test("what a telling mentions besides is asked where it can be written down", async () => {
    const account =
      "The debt collector rang in the middle of the night again, although I asked them in writing to stop calling me.";
    const number = await log(lin, caseId, { account });
    const shown = await lin.get(`/cases/${caseId}/incidents/${number}`);
    expect(textOf(shown.text)).toContain("Your telling mentions more");
    expect(shown.text).toContain(`href="/cases/${caseId}/incidents/${number}/edit#date"`);
    expect(shown.text).toContain(`href="/cases/${caseId}/notices/new?kind=cease-contact"`);
    // A quiet telling asks nothing.
    const other = await log(lin, caseId, { account: "They told me the amount." });
    expect(textOf((await lin.get(`/cases/${caseId}/incidents/${other}`)).text)).not.toContain("mentions more");
  });

  test("another case's id as a draft harms nobody", async () => {
    await log(lin, caseId);
    const { id } = await row(1);
    const other = await openCase(lin);
    const saved = await send(lin, `/cases/${other}/incidents`, { ...quick, draft: id });
    expect(saved.headers.location).toBe(`/cases/${other}/incidents/1?saved=logged`);
    expect((await row(1)).id).toBe(id);
  });

  describe("what cannot be saved comes back with everything that was written", () => {
    const refused = async (fields: Record<string, string | string[]>) => {
      const answer = await send(lin, `/cases/${caseId}/incidents`, { ...quick, said: "kept <b>words</b>", ...fields });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain("kept &lt;b&gt;words&lt;/b&gt;");
      return textOf(answer.text);
    };
    const long = "x".repeat(100_001);
    test.each<[string, Record<string, string | string[]>, string]>([
      ["no channel", { channel: "" }, "Choose how they contacted you"],
      ["an unknown channel", { channel: "pigeon" }, "Choose how they contacted you"],
      ["no date", { date: "" }, "Enter the date"],
      ["a day that does not exist", { date: "2026-02-30" }, "Write the date like 2026-11-23"],
      ["a slip of the finger", { date: "0206-11-20" }, "Enter a date after 1990"],
      ["no time", { time: "" }, "Enter the time, or choose “Only the day”"],
      ["25 o'clock", { time: "25:00" }, "Write the time like 22:43"],
      [
        "tomorrow",
        { date: "2026-11-21", time: "09:10" },
        "This time has not come yet: it is 2026-11-20 22:52 there now.",
      ],
      ["six minutes from now", { time: "22:58" }, "This time has not come yet"],
      ["half a minute", { minutes: "0.5" }, "Write minutes and seconds as whole numbers"],
      ["75 seconds", { seconds: "75" }, "Enter 59 or less"],
      ["a negative number of people", { visitors: "-1" }, "Write how many people came as a whole number"],
      ["1001 people", { visitors: "1001" }, "Enter 1000 or less"],
      ["an act nobody knows", { acts: ["insult", "sorcery"] }, "Choose one of the answers offered"],
      [
        "another case's collector",
        { collectorId: "01234567-89ab-7def-8123-456789abcdef" },
        "Choose one of the answers offered",
      ],
      ["a telling beyond its limit", { account: long }, "Shorten this to 100000 characters or fewer"],
    ])("%s", async (_name, fields, sentence) => {
      expect(await refused(fields)).toContain(sentence);
    });

    test("several mistakes at once, each linked to its field, in the order of the page", async () => {
      const answer = await send(lin, `/cases/${caseId}/incidents`, {
        ...quick,
        visitors: "many",
        channel: "",
        time: "24:61",
      });
      const links = [...answer.text.matchAll(/<li>\s*<a href="#(\w+)">/g)].map(([, field]) => field);
      expect(links).toEqual(["channel", "time", "visitors"]);
      for (const field of links) expect(answer.text).toMatch(new RegExp(`<(input|select|textarea)[^>]* id="${field}"`));
    });
  });

  test("the longest telling is taken, and five minutes ahead are forgiven", async () => {
    const said = "骂".repeat(100_000);
    expect((await row(await log(lin, caseId, { said, time: "22:57" }))).said).toBe(said);
  });

  test("a time known only to the day or the month says so everywhere", async () => {
    const day = await log(lin, caseId, { date: "2026-11-19", time: "", precision: "day" });
    const month = await log(lin, caseId, { date: "2026-10-15", time: "13:00", precision: "month" });
    expect((await row(day)).happened_at).toBe(Date.parse("2026-11-19T00:00:00+08:00"));
    expect((await row(month)).happened_at).toBe(Date.parse("2026-10-01T00:00:00+08:00"));
    expect(await page(day)).toContain("Thu 19 Nov 2026 (time not known)");
    expect(await page(month)).toContain("October 2026 (day not known)");
    expect(await page(await log(lin, caseId, { precision: "about" }))).toContain("Fri 20 Nov 2026, about 22:43");
  });

  test("where the clock skips or repeats an hour, the form explains and asks", async () => {
    const us = await openCase(lin, { country: "US", zone: "America/New_York" });
    const at = (fields: Record<string, string>) => send(lin, `/cases/${us}/incidents`, { ...quick, ...fields });
    const skipped = await at({ date: "2026-03-08", time: "02:30" });
    expect(skipped.status).toBe(422);
    expect(textOf(skipped.text)).toContain("02:30 did not exist on 2026-03-08");
    expect(textOf(skipped.text)).toContain("when it was 03:30");
    const twice = await at({ date: "2026-11-01", time: "01:30" });
    expect(twice.status).toBe(422);
    expect(textOf(twice.text)).toContain("so 01:30 came twice: choose the first or the second");
    expect(twice.text).toContain('name="fold"');
    const happened = async (fold: string) => {
      const saved = await at({ date: "2026-11-01", time: "01:30", fold });
      expect(saved.status).toBe(303);
      const number = Number(/incidents\/(\d+)/.exec(String(saved.headers.location))?.[1]);
      const found = await app.services.db.selectFrom("incidents").select("happened_at").where("case_id", "=", us).where("number", "=", number).executeTakeFirstOrThrow(); // prettier-ignore
      return found.happened_at;
    };
    expect(await happened("first")).toBe(Date.parse("2026-11-01T01:30:00-04:00"));
    expect(await happened("second")).toBe(Date.parse("2026-11-01T01:30:00-05:00"));
  });

  test("in Chinese", async () => {
    const chinese = await app.as("lin", "zh-CN");
    const form = textOf((await chinese.get(`/cases/${caseId}/incidents/new`)).text);
    expect(form).toContain("到这里就可以保存了");
    expect(form).toContain("（中国标准时间）");
    const wrong = await send(chinese, `/cases/${caseId}/incidents`, { ...quick, date: "2026-11-21" });
    expect(textOf(wrong.text)).toContain("这个时间还没到");
  });

  test("a reader may look but not log; a stranger finds nothing", async () => {
    await log(lin, caseId);
    await app.join(caseId, "chen", "reader");
    const chen = await app.as("chen");
    expect((await chen.get(`/cases/${caseId}/incidents/1`)).status).toBe(200);
    expect((await chen.get(`/cases/${caseId}/incidents/1`)).text).not.toContain("/edit");
    expect((await chen.get(`/cases/${caseId}/incidents/new`)).status).toBe(403);
    expect((await send(chen, `/cases/${caseId}/incidents`, quick, [{ name: "a.txt", bytes: "a" }])).status).toBe(403);
    const carol = await app.as("carol");
    expect((await carol.get(`/cases/${caseId}/incidents/1`)).status).toBe(404);
    expect((await send(carol, `/cases/${caseId}/incidents`, quick)).status).toBe(404);
    expect(await app.services.db.selectFrom("uploads").selectAll().where("case_id", "=", caseId).execute()).toEqual([]);
  });
});
