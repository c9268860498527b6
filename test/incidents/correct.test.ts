/** Correcting a contact through the shipped app, on both databases: what was said first stays, and nobody's work is lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { log, openCase, quick, send, textOf } from "./people.ts";

describe.each(databases)("correcting a contact on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let zhou: Agent;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    zhou = await app.as("zhou");
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    app.clock.set("2026-11-20T14:52:00Z");
    caseId = await openCase(lin);
    await app.join(caseId, "zhou", "advocate");
  });

  const row = (number = 1) =>
    app.services.db
      .selectFrom("incidents")
      .selectAll()
      .where("case_id", "=", caseId)
      .where("number", "=", number)
      .executeTakeFirstOrThrow();
  const detailsOf = async (action: string) =>
    (
      await app.services.db
        .selectFrom("history")
        .select("detail_json")
        .where("case_id", "=", caseId)
        .where("action", "=", action)
        .orderBy("seq")
        .execute()
    ).map(({ detail_json }) => JSON.parse(detail_json) as Record<string, unknown>);
  const text = async (path: string) => textOf((await lin.get(path)).text);
  const at = () => `/cases/${caseId}/incidents/1`;

  test("old and new stand side by side in the history, with the reason; the form fills itself with what is recorded", async () => {
    await log(lin, caseId, { said: "pay tonight", outcome: "unanswered", acts: "insult", minutes: "1" });
    const form = await lin.get(`${at()}/edit`);
    expect(form.text).toMatch(/id="outcome-\d" name="outcome" type="radio" value="unanswered" checked/);
    expect(form.text).toContain(">\npay tonight</textarea>");
    expect(form.text).toMatch(/name="acts" type="checkbox" value="insult" checked/);
    app.clock.advance(3600_000);
    const saved = await send(lin, at(), { ...quick, version: "1", said: "pay by tomorrow", outcome: "conversation", acts: "insult", minutes: "1", reason: "listened again" }); // prettier-ignore
    expect(saved.headers.location).toBe(`${at()}?saved=corrected`);
    expect(await detailsOf("incident.corrected")).toEqual([
      {
        version: 2,
        changes: {
          outcome: { from: "unanswered", to: "conversation" },
          said: { from: "pay tonight", to: "pay by tomorrow" },
        },
        reason: "listened again",
      },
    ]);
    const page = (await lin.get(at())).text;
    expect(page).toContain("<del>Not answered</del> <ins>Answered, they talked</ins>");
    expect(page).toContain("<del>pay tonight</del> <ins>pay by tomorrow</ins>");
    expect(textOf(page)).toContain("because: listened again");
    // When it was logged is not when it was corrected.
    expect((await row()).logged_at).toBe(Date.parse("2026-11-20T14:52:00Z"));
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  test("saving without a change changes nothing, and a time of import stays exact to the millisecond", async () => {
    await log(lin, caseId);
    const happened = Date.parse("2026-11-20T22:43:05+08:00") + 123;
    await app.services.db
      .updateTable("incidents")
      .set({ happened_at: happened })
      .where("case_id", "=", caseId)
      .execute();
    await send(lin, at(), { ...quick, time: "22:43:05", version: "1" });
    expect(await detailsOf("incident.corrected")).toEqual([]);
    await send(lin, at(), { ...quick, time: "22:43:05", version: "1", place: "home" });
    expect(await detailsOf("incident.corrected")).toMatchObject([{ changes: { place: { from: null, to: "home" } } }]);
    expect((await row()).happened_at).toBe(happened);
  });

  test("whoever comes second is told what changed; both keep what they wrote", async () => {
    await log(lin, caseId, { said: "first words" });
    await send(zhou, at(), { ...quick, version: "1", said: "first words", outcome: "conversation", place: "work" });
    const second = await send(lin, at(), { ...quick, version: "1", said: "better words", place: "home" }, [
      { name: "note.txt", bytes: "a note" },
    ]);
    expect(second.status).toBe(409);
    const page = textOf(second.text);
    expect(page).toContain("Zhou Ning");
    expect(page).toContain("Answered, they talked");
    // What only the other changed is taken over, what this person wrote is kept, and so is their file.
    expect(second.text).toMatch(/value="conversation" checked/);
    expect(second.text).toMatch(/value="home" checked/);
    expect(second.text).toContain("better words</textarea>");
    expect((await row()).said).toBe("first words");
    const held = /name="held" value="([^"]+)" checked/.exec(second.text)?.[1] ?? "";
    const version = /name="version" value="(\d+)"/.exec(second.text)?.[1] ?? "";
    const third = await send(lin, at(), {
      ...quick,
      version,
      said: "better words",
      place: "home",
      outcome: "conversation",
      held,
    });
    expect(third.status).toBe(303);
    expect(await row()).toMatchObject({ said: "better words", place: "home", outcome: "conversation", version: 3 });
    expect(textOf((await lin.get(at())).text)).toContain("Exhibit C-1");
  });

  test("ten corrections at the very same moment: one is saved, nine are told", async () => {
    await log(lin, caseId);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        send(n % 2 ? lin : zhou, at(), { ...quick, version: "1", account: `telling ${n}` }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      303,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    expect(await detailsOf("incident.corrected")).toHaveLength(1);
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  describe("one open question answered where it is asked", () => {
    const answer = (fields: Record<string, string | string[]>) => lin.post(`${at()}/facts`).type("form").send(fields);
    test.each<[string, Record<string, string | string[]>, Record<string, unknown>]>([
      ["was it answered", { outcome: "unanswered" }, { outcome: "unanswered" }],
      ["where", { place: "work" }, { place: "work" }],
      ["a robot", { automated: "yes" }, { automated: 1 }],
      ["how many came", { visitors: "2" }, { visitors: 2 }],
      ["nothing was told", { told: "nothing" }, { disclosed_json: "[]" }],
      [
        "this was told",
        { told: "some", disclosed: ["identity", "amount"] },
        { disclosed_json: '["identity","amount"]' },
      ],
      ["at what time", { time: "21:05" }, { happened_at: Date.parse("2026-11-20T21:05:00+08:00"), precision: "exact" }],
    ])("%s", async (_name, fields, kept) => {
      await log(lin, caseId, { precision: "day", said: "untouched" });
      const saved = await answer({ ...fields, back: `/cases/${caseId}/findings?outcome=cannot-tell` });
      expect([saved.status, saved.headers.location]).toEqual([303, `/cases/${caseId}/findings?outcome=cannot-tell`]);
      expect(await row()).toMatchObject({ ...kept, said: "untouched", version: 2 });
    });
    test("what cannot be read comes back in the form with its message, and nothing is changed", async () => {
      await log(lin, caseId);
      const refused = async (fields: Record<string, string>) => {
        const page = await answer(fields);
        expect(page.status).toBe(422);
        return page.text;
      };
      expect(await refused({ outcome: "perhaps" })).toContain('<a href="#outcome">');
      const time = await refused({ time: "26:00" });
      expect(time).toContain('<a href="#time">');
      expect(time).toContain('value="26:00"');
      expect(await refused({ asked: "place", back: "//elsewhere.example" })).toContain(
        '<a href="#place">Choose an answer before saving, or leave this question for later</a>',
      );
      expect((await answer({ place: "home", back: "//elsewhere.example/x" })).headers.location).toMatch(/^\/(?!\/)/);
      expect(await row()).toMatchObject({ outcome: null, version: 2 });
    });
    test("an answer does not undo what somebody else changed meanwhile", async () => {
      await log(lin, caseId);
      await Promise.all([
        answer({ outcome: "connected" }),
        answer({ place: "home" }),
        answer({ purpose: "interactive" }),
      ]);
      expect(await row()).toMatchObject({ outcome: "connected", place: "home", purpose: "interactive", version: 4 });
    });
  });

  test("to the bin and back: not listed, counted or judged meanwhile, then as before", async () => {
    await log(lin, caseId, { time: "22:43" }, [{ name: "n.txt", bytes: "n" }]);
    const findings = async () => {
      await lin.get(`/cases/${caseId}/findings`);
      return app.services.db.selectFrom("findings").select("rule").where("case_id", "=", caseId).execute();
    };
    expect((await findings()).length).toBeGreaterThan(0);
    await lin.post(`${at()}/removal`);
    expect(await findings()).toEqual([]);
    expect(await text(`/cases/${caseId}/incidents`)).toContain("0 contacts");
    expect(await text(at())).toContain("This contact is not listed, counted or judged.");
    expect(await text(`/cases/${caseId}/incidents?bin=1`)).toContain("Incident 1");
    // What is in the bin cannot be corrected by an old form.
    expect((await send(lin, at(), { ...quick, version: "1", account: "late" })).headers.location).toBe(at());
    await lin.post(`${at()}/restoration`);
    expect((await findings()).length).toBeGreaterThan(0);
    expect((await detailsOf("incident.removed")).length).toBe(1);
    expect(await text(at())).toContain("Exhibit C-1");
  });
});
