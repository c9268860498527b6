/** What the borrower told the collector, through the shipped app, on both databases. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addDebt, removeDebt } from "../../src/cases/debts.ts";
import { getCase } from "../../src/cases/store.ts";
import { Notice } from "../../src/conduct/case.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { listNotices, recordedNotices } from "../../src/notices/store.ts";
import { actionsOf, log, openCase, send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("notices on $name", (database) => {
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

  const record = (
    fields: Record<string, string | string[]>,
    files: { name: string; bytes: string }[] = [],
    who = lin,
  ) => send(who, `/cases/${caseId}/notices`, fields, files);
  const only = async () => (await listNotices(app.services.db, caseId))[0]!;
  const clean = () =>
    app.services.db.updateTable("cases").set({ stale_from: null, stale_to: null }).where("id", "=", caseId).execute();

  test("a new one first asks its kind, then only what that kind needs", async () => {
    const kinds = textOf((await lin.get(`/cases/${caseId}/notices/new`)).text);
    expect(kinds).toContain("Do not contact these people");
    expect((await lin.get(`/cases/${caseId}/notices/new?chosen=1`)).status).toBe(422);
    const hours = await lin.get(`/cases/${caseId}/notices/new?kind=inconvenient-time`);
    expect(hours.text).toContain('name="hoursFrom"');
    expect(hours.text).not.toContain('name="contacted"');
  });

  test("is kept in the public shape, with proof, in the case's zone, and marks later contacts stale", async () => {
    await clean();
    const answer = await record(
      {
        kind: "third-party-refusal",
        sentDate: "2026-10-09",
        sentTime: "14:30",
        receivedDate: "2026-10-11",
        receivedTime: "",
        form: "written",
        contacted: ["family", "colleague"],
        numbers: "139 0000 0000\n+86 139-0000-0001",
        words: "请不要联系我的家人。",
        to: "Example Recovery",
        // Of another kind: must not be kept.
        perDay: "3",
      },
      [{ name: "回执.txt", bytes: "signed for" }],
    );
    expect(answer.headers.location).toBe(`/cases/${caseId}/notices/1?saved=1`);
    const notice = await only();
    const { number, ...shape } = notice;
    expect(number).toBe(1);
    expect(Notice.parse(JSON.parse(JSON.stringify(shape)))).toMatchObject({
      kind: "third-party-refusal",
      sentAt: "2026-10-09T06:30:00.000Z",
      // Only the day is known: it counts from the end of that day in Shanghai.
      receivedAt: "2026-10-11T15:59:59.999Z",
      form: "written",
      detail: { contacted: ["family", "colleague"], numbers: ["13900000000", "+8613900000001"] },
    });
    expect(notice.detail).not.toHaveProperty("perDay");
    expect((await getCase(app.services.db, caseId))?.staleFrom).toBe(Date.parse("2026-10-09T06:30:00Z"));

    const page = textOf((await lin.get(`/cases/${caseId}/notices/1`)).text);
    expect(page).toContain("Said or sent Fri 9 Oct 2026, 14:30");
    expect(page).toMatch(/Received by them Sun 11 Oct 2026 (?!,)/);
    expect(page).toContain("Other family and Colleagues");
    expect(page).toContain("请不要联系我的家人。");
    expect(page).toContain("Exhibit C-1 回执.txt");
    expect(page).toContain("To Example Recovery");
    // Among the numbers it stands with those who contacted after its receipt, not with those before.
    for (const time of ["2026-10-11", "2026-10-12", "2026-10-13"])
      await log(lin, caseId, { date: time, time: "20:00", fromNumber: "021 6000 1234" });
    const numbers = textOf((await lin.get(`/cases/${caseId}/numbers`)).text);
    expect(numbers).toContain(
      "Notice 1 Do not contact these people Sun 11 Oct 2026 To Example Recovery Nobody named: 2 contacts afterwards, 1 number",
    );
    expect((await actionsOf(app, caseId)).filter((action) => !action.startsWith("incident"))).toEqual([
      "case.opened case",
      "evidence.added evidence:C-1",
      "notice.recorded notice:1",
    ]);
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  test("says what is wrong at its field, keeps what was typed and the files that came with it", async () => {
    const refused = await record(
      {
        kind: "inconvenient-time",
        sentDate: "2026-11-21",
        receivedDate: "2026-02-30",
        hoursFrom: "22:00",
        hoursTo: "",
        words: "夜里别打",
      },
      [{ name: "proof.txt", bytes: "proof" }],
    );
    expect(refused.status).toBe(422);
    const page = textOf(refused.text);
    expect(page).toContain("This lies in the future: write when it happened");
    expect(page).toContain("Write a date that exists");
    expect(page).toContain("Write both the beginning and the end");
    expect(page).toContain("Received already and waiting for this form: proof.txt");
    expect(refused.text).toContain("夜里别打</textarea>");
    expect(await listNotices(app.services.db, caseId)).toEqual([]);
    const held = /name="held" value="([^"]+)"/.exec(refused.text)?.[1] ?? "";
    await record({ kind: "inconvenient-time", sentDate: "2026-11-01", hoursFrom: "22:00", hoursTo: "08:00", held });
    expect((await only()).detail).toEqual({ hours: [{ from: "22:00", to: "08:00" }] });
    expect(textOf((await lin.get(`/cases/${caseId}/notices/1`)).text)).toContain("Exhibit C-1 proof.txt");
  });

  test.each([
    [
      "received before sent",
      { kind: "cease-contact", sentDate: "2026-10-10", receivedDate: "2026-10-09" },
      "Received cannot be before sent",
    ],
    ["no place", { kind: "inconvenient-place" }, "Tick at least one place"],
    ["no way", { kind: "medium-refused" }, "Tick at least one way, or write a number below"],
    ["no number of contacts", { kind: "consent-frequency" }, "Write how many contacts a day were agreed"],
    [
      "the same hour twice",
      { kind: "consent-time", hoursFrom: "09:00", hoursTo: "09:00" },
      "Beginning and end are the same",
    ],
    ["a debt of nobody", { kind: "dispute", debt: "not-one" }, "Choose one of the answers offered"],
    ["a time without its day", { kind: "dispute", sentTime: "10:00" }, "Write the date to this time"],
  ])("refuses %s", async (_name, fields, sentence) => {
    const refused = await record(fields);
    expect([refused.status, textOf(refused.text)]).toEqual([422, expect.stringContaining(sentence)]);
  });

  test("sent on a day without a time and received that very day is in order", async () => {
    await record({ kind: "cease-contact", sentDate: "2026-10-09", receivedDate: "2026-10-09", receivedTime: "10:00" });
    expect(await only()).toMatchObject({ sentAt: "2026-10-09T02:00:00.000Z", receivedAt: "2026-10-09T02:00:00.000Z" });
  });

  test("a form saved as it was shown changes nothing", async () => {
    await record({ kind: "dispute", sentDate: "2026-10-09", receivedDate: "2026-10-11", receivedTime: "09:05", form: "oral", note: "said by phone" }); // prettier-ignore
    const [before] = await recordedNotices(app.services.db, caseId);
    const form = (await lin.get(`/cases/${caseId}/notices/1/correction`)).text;
    const fields = Object.fromEntries(
      [...form.matchAll(/<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"/g)]
        .filter(([tag]) => !tag.includes('type="radio"') || tag.includes(" checked"))
        .map(([, name, value]) => [name!, value!]),
    );
    await send(lin, `/cases/${caseId}/notices/1/correction`, {
      ...fields,
      form: "oral",
      note: "said by phone",
      words: "",
    });
    expect(await recordedNotices(app.services.db, caseId)).toEqual([before]);
  });

  test("the debt it names is kept when that debt was removed since", async () => {
    const { db, clock } = app.services;
    const by = { personId: await app.personId("lin"), at: clock.now() };
    const facts = {
      creditor: "示例消费金融",
      product: null,
      reference: "0042",
      dueOn: null,
      amountMinor: null,
      currency: null,
      note: null,
    };
    const debt = await db.transaction().execute((tx) => addDebt(tx, caseId, facts, by));
    const fields = { kind: "cease-contact", sentDate: "2026-10-09", receivedDate: "2026-10-11", form: "written", debt };
    expect((await record(fields)).status).toBe(303);
    await db.transaction().execute((tx) => removeDebt(tx, caseId, debt, true, by));
    const correction = `/cases/${caseId}/notices/1/correction`;
    expect((await lin.get(correction)).text).toContain("a debt that was removed");
    expect((await send(lin, correction, { ...fields, version: "1", words: "Stop." })).status).toBe(303);
    expect((await only()).detail?.debt).toBe(debt);
  });

  test("correcting touches from the earlier of old and new; the second of two people is told", async () => {
    await record({ kind: "cease-contact", sentDate: "2026-10-09", sentTime: "12:00" });
    await clean();
    const first = { kind: "cease-contact", sentDate: "2026-11-01", sentTime: "12:00", version: "1" };
    expect((await send(zhou, `/cases/${caseId}/notices/1/correction`, first)).status).toBe(303);
    expect((await getCase(app.services.db, caseId))?.staleFrom).toBe(Date.parse("2026-10-09T12:00:00+08:00"));
    const second = { ...first, sentDate: "2026-10-20", words: "停止联系" };
    const told = await send(lin, `/cases/${caseId}/notices/1/correction`, second, [
      { name: "late.txt", bytes: "late" },
    ]);
    expect(told.status).toBe(409);
    const page = textOf(told.text);
    expect(page).toContain("Zhou Ning saved it on");
    expect(page).toContain("Said or sent Sun 1 Nov 2026, 12:00 Tue 20 Oct 2026, 12:00");
    expect(page).toContain("late.txt");
    const held = /name="held" value="([^"]+)"/.exec(told.text)?.[1] ?? "";
    expect((await send(lin, `/cases/${caseId}/notices/1/correction`, { ...second, version: "2", held })).status).toBe(
      303,
    );
    expect((await only()).sentAt).toBe("2026-10-20T04:00:00.000Z");
    expect(textOf((await lin.get(`/cases/${caseId}/notices/1`)).text)).toContain("late.txt");
  });

  test("removing takes it out of judging, can be undone, and its number is not given again", async () => {
    await record({ kind: "cease-contact", sentDate: "2026-10-09", receivedDate: "2026-10-10" });
    await log(lin, caseId);
    expect(textOf((await lin.get(`/cases/${caseId}/notices/1`)).text)).toContain(
      "1 contact was logged after this was received.",
    );
    const removed = await lin.post(`/cases/${caseId}/notices/1/removal`);
    expect(await listNotices(app.services.db, caseId)).toEqual([]);
    expect(textOf((await lin.get(String(removed.headers.location))).text)).toContain("Notice 1 was removed.");
    await record({ kind: "dispute" });
    expect((await listNotices(app.services.db, caseId)).map(({ number }) => number)).toEqual([2]);
    await lin.post(`/cases/${caseId}/notices/1/restoration`);
    expect((await listNotices(app.services.db, caseId)).map(({ number }) => number)).toEqual([1, 2]);
  });

  test("a reader may look but not record; the ledger speaks Chinese", async () => {
    await record({ kind: "hardship-request", sentDate: "2026-10-09", form: "electronic" });
    const chen = await app.as("chen", "zh-CN");
    await app.join(caseId, "chen", "reader");
    const list = textOf((await chen.get(`/cases/${caseId}/notices`)).text);
    expect(list).toContain("我请求协商还款");
    expect(list).toContain("对方何时收到，还不清楚");
    expect(list).not.toContain("登记告知");
    expect((await record({ kind: "dispute" }, [], chen)).status).toBe(403);
    expect((await (await app.as("carol")).get(`/cases/${caseId}/notices`)).status).toBe(404);
  });
});
