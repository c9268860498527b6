/** Complaints through the shipped app, on both databases: from findings to the lender, its silence, the regulator, an answer and the end. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { collect } from "../../src/dossiers/collect.ts";
import { orderVersion } from "../../src/dossiers/store.ts";
import { DEFAULT_OPTIONS } from "../../src/dossiers/dossier.ts";
import { actionsOf, log, openCase, send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("complaints on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  const at = (path: string) => `/cases/${caseId}/complaints${path}`;
  const read = async (path: string) => textOf((await lin.get(at(path))).text);
  const post = (path: string, fields: Record<string, string | string[]>) =>
    lin.post(at(path)).type("form").send(fields);
  const confirm = (number: number, rule: string) =>
    lin
      .post(`/cases/${caseId}/findings/${number}/${rule}/review`)
      .type("form")
      .send({ verdict: "confirmed", reason: "" });

  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    app.clock.set("2026-09-10T04:00:00Z");
    caseId = await openCase(lin);
    // Two calls in the night, and one by day whose words threaten.
    for (const date of ["2026-09-01", "2026-09-03"])
      await log(lin, caseId, { date, time: "23:10", outcome: "conversation", purpose: "interactive" });
    await log(lin, caseId, {
      date: "2026-09-04",
      time: "10:00",
      outcome: "conversation",
      said: "今天不还就上门找你家人",
    });
  });
  afterAll(() => app.close());

  test("the offices are shown to everybody, with how far each fact was checked", async () => {
    const list = textOf((await lin.get("/channels")).text);
    expect(list).toContain("12378 (financial regulator)");
    expect(textOf((await lin.get("/channels/in-lender")).text)).toContain(
      "Because nobody verified it, no date is computed from it.",
    );
    // The day counts of its new rule were not read: none is shown, not even an old one.
    const page = textOf((await lin.get("/channels/cn-12315")).text);
    expect(page).toContain("No time limit was found in any text.");
    expect(page).not.toMatch(/\d+ working days?/);
    expect(textOf((await lin.get("/channels/uk-fos")).text)).toContain(
      "6 months from the answer to the complaint before",
    );
    expect((await lin.get("/channels/nobody")).status).toBe(404);
  });

  test("the lender comes first, the regulator after it, and what takes other matters is apart, each with its reason", async () => {
    const page = await read("/new");
    const [now = "", other = ""] = page.split("For other matters");
    expect(now.indexOf("The lender's own complaint line")).toBeLessThan(now.indexOf("12378 (financial regulator)"));
    expect(now).toContain("First comes a complaint to: The lender's own complaint line. There is none yet.");
    expect(now).toContain("Whether this office insists on that order was not verified");
    // A consumer-finance company is not the local bureau's, and nobody posted anything online.
    expect(other).toContain("Local financial bureau");
    expect(other).toContain("12377 (harmful online content)");
    expect(page).toContain("Decide that you owe nothing");
    expect(page).not.toContain("CFPB");
  });

  test("an unconfirmed finding is offered but not told; a confirmed one is told as appearing to match", async () => {
    expect((await post("", { channel: "cn-lender" })).headers.location).toBe(at("/1/draft"));
    const fields = { version: "1", press: "write", language: "en", contacts: "3" };
    await post("/1/draft", fields);
    let page = await read("/1/draft");
    expect(page).toContain("No finding has been confirmed yet");
    expect(page).toMatch(/Not looked at by a person yet .*Contact 2, Thu 3 Sept 2026, 23:10/);
    expect(page).toContain("From 1 Sept 2026 to 4 Sept 2026 I have recorded 3 contacts from the collector's side.");
    expect(page).toContain("The words recorded of contact 3: “今天不还就上门找你家人”");
    expect(page).not.toContain("appear to match the rule “No");

    expect((await confirm(1, "cn.gbt.time")).status).toBe(303);
    expect((await confirm(2, "cn.gbt.time")).status).toBe(303);
    const answer = await post("/1/draft", { ...fields, version: "2", told: "cn.gbt.time" });
    expect(answer.headers.location).toContain("written=1");
    page = await read("/1/draft");
    expect(page).toMatch(
      /2 contacts appear to match the rule “[^”]+” \([^)]*5\.3[^)]*\): Tue 1 Sept 2026, 23:10 \(contact 1\); Thu 3 Sept 2026, 23:10 \(contact 2\)\./,
    );
    expect(page).toContain("Rests on: contact 1 · contact 2");
    expect(page).toContain("2 contacts rest on your word alone");
  });

  test("own words are told apart, private data is warned about, nothing is lost when somebody else was faster", async () => {
    const { body } = await app.services.db
      .selectFrom("complaints")
      .select("narrative as body")
      .executeTakeFirstOrThrow();
    const narrative = `${body}\n本人身份证号 11010519491231002X，妻子电话 13912345678。`;
    const request = "停止在夜间联系。";
    const fields = { press: "save", told: "cn.gbt.time", contacts: "3", narrative, request };
    expect((await post("/1/draft", { ...fields, version: "1" })).status).toBe(409);
    expect((await post("/1/draft", { ...fields, version: "3" })).headers.location).toBe(at("/1/draft?saved=1"));
    const page = await read("/1/draft");
    expect(page).toContain("Identity number: 11010519491231002X");
    expect(page).toContain("Telephone number that is not the collector's: 13912345678");
    expect(page).toContain("Your own words: no record here says exactly this.");
    expect(page).toContain("“By 30 November” does more than “soon”.");
    const wrong = await post("/1/draft", { ...fields, version: "4", contacts: "the third" });
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.text)).toContain("Write the numbers of contacts");
    expect(wrong.text).toContain("妻子电话");
  });

  test("filing freezes it and starts the lender's 15 days; a wrong date is said at its field", async () => {
    const none = await send(lin, at("/1/letters"), { kind: "answered", onDay: "2026-09-10", outcome: "none" });
    expect(textOf(none.text)).toContain("Note first when it was filed");
    const tomorrow = await send(lin, at("/1/letters"), { kind: "filed", onDay: "2026-09-11" }, [
      { name: "回执.txt", bytes: "EX-018" },
    ]);
    expect(tomorrow.status).toBe(422);
    expect(textOf(tomorrow.text)).toContain("This lies in the future");
    const held = /name="held" value="([^"]+)"/.exec(tomorrow.text)![1]!;
    const filed = await send(lin, at("/1/letters"), { kind: "filed", onDay: "2026-09-10", receipt: "EX-018", held });
    expect(filed.headers.location).toBe(at("/1?saved=1"));
    const page = await read("/1");
    expect(page).toContain("Filed on Thu 10 Sept 2026 + 15 calendar days = Fri 25 Sept 2026 15 days left");
    expect(page).toContain("The other side's move: The lender decides and tells you its decision, by Fri 25 Sept 2026");
    expect(page).toContain("Exhibit C-1 回执.txt");
    // Mid-autumn: the last day is a holiday, and the office works again on Monday.
    expect(page).toContain("The last day is not worked (Mid-autumn Festival). Where the law lets it end");
    expect((await lin.get(at("/1/draft"))).headers.location).toBe(at("/1"));
    const evidence = textOf((await lin.get(`/cases/${caseId}/evidence/C-1`)).text);
    expect(evidence).toContain("Complaint 1");
  });

  test("the lender's silence opens the way to 12378, whose seven working days go round National Day", async () => {
    app.clock.set("2026-09-28T04:00:00Z");
    expect(await read("/1")).toContain("was due on Fri 25 Sept 2026, 3 days ago, and is not noted as done.");
    expect(await read("/new")).toContain("Complaint 1 to The lender's own complaint line had its time");
    const next = await post("", { channel: "cn-12378", after: "1" });
    expect(next.headers.location).toBe(at("/2/draft"));
    expect(await read("/1")).toContain("Taken further with complaint 2 to 12378 (financial regulator)");

    const by = { personId: await app.personId("lin"), at: app.clock.now() };
    await app.services.db.transaction().execute((tx) => orderVersion(tx, caseId, DEFAULT_OPTIONS, by));
    await app.services.db.updateTable("dossiers").set({ state: "ready", finished_at: by.at }).execute();
    const { id: dossier } = await app.services.db.selectFrom("dossiers").select("id").executeTakeFirstOrThrow();
    const words = { version: "1", press: "write", language: "zh-CN", told: "cn.gbt.time", contacts: "", dossier };
    await post("/2/draft", words);
    const draft = await read("/2/draft");
    expect(draft).toContain("2026年9月10日，本人已向贷款机构自己的投诉渠道投诉，编号EX-018。");
    expect(draft).toContain("没有收到答复的记录，答复期限已于2026年9月25日届满。");
    expect(draft).toContain("其中2次疑似触及");

    await send(lin, at("/2/letters"), { kind: "filed", onDay: "2026-09-28", receipt: "JG-7", dossier });
    const page = await read("/2");
    expect(page).toContain("Filed on Mon 28 Sept 2026 + 7 working days = Tue 13 Oct 2026");
    expect(page).toContain("Thu 1 Oct 2026 not counted: National Day");
    expect(page).toContain("Sat 10 Oct 2026 counts as 5 Saturday, worked in exchange for National Day");
    expect(page).toContain("Version 1");

    // Passed on earlier than it had to be: the institution's 15 days run from there.
    app.clock.set("2026-10-20T04:00:00Z");
    await send(lin, at("/2/letters"), { kind: "acknowledged", onDay: "2026-10-09" });
    expect(await read("/2")).toContain("After the step before, Fri 9 Oct 2026 + 15 calendar days = Sat 24 Oct 2026");
    const unsaid = await send(lin, at("/2/letters"), { kind: "answered", onDay: "2026-10-20" });
    expect(textOf(unsaid.text)).toContain("Say what came of it");
    await send(lin, at("/2/letters"), {
      kind: "answered",
      onDay: "2026-10-20",
      outcome: "part",
      words: "已停止夜间联系",
    });
    const answered = await read("/2");
    expect(answered).toContain(
      "Your move: You ask the superior office of the branch to check its answer, by Thu 19 Nov 2026",
    );
    expect(answered).toContain("They do part of it");
    await send(lin, at("/2/letters"), { kind: "closed", onDay: "2026-10-20" });
    expect(await read("/2")).toContain("Closed. Nobody has to do anything.");
  });

  test("every step stands in the history, whose chain holds; a complaint can be removed and brought back", async () => {
    await post("/2/removal", {});
    expect(await read("")).not.toContain("12378");
    await post("/2/restoration", {});
    expect(await read("")).toContain("12378 (financial regulator) Complaint 2 · closed · filed on 28 Sept 2026");
    const actions = (await actionsOf(app, caseId)).filter((action) => action.startsWith("complaint."));
    expect(actions).toEqual([
      "complaint.begun complaint:1",
      "complaint.written complaint:1",
      "complaint.written complaint:1",
      "complaint.written complaint:1",
      "complaint.filed complaint:1",
      "complaint.begun complaint:2",
      "complaint.escalated complaint:1",
      "complaint.written complaint:2",
      "complaint.filed complaint:2",
      "complaint.acknowledged complaint:2",
      "complaint.answered complaint:2",
      "complaint.closed complaint:2",
      "complaint.removed complaint:2",
      "complaint.restored complaint:2",
    ]);
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
    const { complaints } = await collect(app.services, caseId);
    expect(complaints.map(({ number, state, receipt, dossier }) => [number, state, receipt, dossier])).toEqual([
      [1, "escalated", "EX-018", null],
      [2, "closed", "JG-7", 1],
    ]);
    expect(complaints[0]!.letters).toEqual([{ kind: "filed", on: "2026-09-10", words: null, exhibits: ["C-1"] }]);
    expect(complaints[1]!.narrative).toContain("疑似触及");
    expect(textOf((await lin.get(`/cases/${caseId}/history`)).text)).toContain(
      "took complaint 1 further (Complaint 2)",
    );
  });
});
