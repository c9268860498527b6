/** Log and records side by side in the app: a carrier's bill kept whole, calls typed by hand, a recording that belongs to no call. */
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addCollector } from "../../src/cases/collectors.ts";
import { collect } from "../../src/dossiers/collect.ts";
import { linkEvidence } from "../../src/evidence/link-evidence.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { detect, readerNamed } from "../../src/imports/detect.ts";
import type { State } from "../../src/imports/import.ts";
import { chooseParty } from "../../src/imports/parties/store.ts";
import { createImport, moveImport } from "../../src/imports/store.ts";
import { runTask } from "../../src/imports/task.ts";
import type { IncidentFacts } from "../../src/incidents/incident.ts";
import { logIncident } from "../../src/incidents/log-incident.ts";
import { caseOfLin } from "../imports/matter.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

const DESK = "02155550001";
const MUM = "13900000001";
const row = (time: string, number: string, seconds: number) =>
  `2026-03-01 ${time},上海,被叫,${number},${seconds}秒,本地,,0.00`;
const BILL = `中国移动通信客户详单
手机号码：13900001111

起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)
${row("09:10:11", DESK, 80)}
${row("09:10:50", DESK, 5)}
${row("12:00:00", MUM, 600)}
${row("15:20:00", DESK, 30)}
${row("21:30:00", DESK, 44)}
`;
const at = (local: string) => Date.parse(`${local}+08:00`);

describe.each(databases)("log and records on $name", (database) => {
  let whole: TestApp;
  let lin: Agent;
  let caseId: string;
  let personId: string;
  const by = () => ({ personId, at: whole.clock.now() });

  const log = async (local: string, more: Partial<IncidentFacts> = {}) => {
    const facts: IncidentFacts = {
      channel: "call",
      direction: "incoming",
      happenedAt: at(local),
      precision: "exact",
      contacted: "self",
      outcome: null,
      durationSeconds: null,
      purpose: null,
      automated: null,
      place: null,
      fromNumber: "021-5555 0001",
      calledNumber: null,
      collectorId: null,
      debtId: null,
      acts: [],
      said: null,
      account: null,
      disclosed: null,
      visitors: null,
      ...more,
    };
    const form = { facts, newCollector: null, held: [], draft: null };
    return (await logIncident(whole.services.db, caseId, form, [], by())).incident.number;
  };
  const page = async (tail: string) => {
    const { text, status } = await lin.get(`/cases/${caseId}${tail}`);
    expect(status).toBe(200);
    return text
      .slice(text.indexOf("<main"))
      .replace(/<[^>]*>/g, " ")
      .replace(/&[^;]+;/g, "'")
      .replace(/\s+/g, " ");
  };

  beforeAll(async () => {
    whole = await withApp(database);
    lin = await whole.as("lin");
    personId = await whole.personId("lin");
    const { db, waiting, blobs } = whole.services;
    caseId = await caseOfLin(whole);
    const desk = { name: "Shanghai desk", kind: "agency" as const, note: null };
    const handles = [{ kind: "phone" as const, value: "+862155550001" }];
    await db.transaction().execute((tx) => addCollector(tx, caseId, { ...desk, handles }, by()));

    const file = await waiting.blobs.receive(Readable.from([Buffer.from(BILL)]));
    const { id } = await createImport(db, caseId, [{ ...file, name: "详单.csv", mediaType: "text/csv" }], by());
    const shop = { ...whole.services, formats: { detect, readerNamed }, maxFileBytes: 1_000_000 };
    const go = async (way: [from: State, to: State] | null, arrives: State) => {
      if (way !== null && !(await moveImport(db, caseId, id, [way[0]], way[1]))) throw new Error(`not ${way[0]}`);
      const state = await runTask(shop, { caseId, importId: id, by: by() });
      if (state !== arrives) throw new Error(`${state} instead of ${arrives}`);
    };
    await go(null, "asking");
    await go(["asking", "reading"], "choosing");
    for (const { key } of await db.selectFrom("import_parties").select("key").where("import_id", "=", id).execute())
      await chooseParty(db, caseId, id, key, "leave");
    await go(["choosing", "comparing"], "preview");
    await go(["preview", "committing"], "committed");

    const sound = await blobs.receive(Readable.from([Buffer.from("a recording")]));
    const name = `${DESK}_20260301152012.mp3`;
    await db
      .transaction()
      .execute((tx) => linkEvidence(tx, caseId, [{ ...sound, name, mediaType: "audio/mpeg" }], null, by()));
  }, 60_000);
  afterAll(() => whole?.close());

  test("says which calls of a kept bill nobody logged, and none of anybody else", async () => {
    expect(await log("2026-03-01T09:11:00")).toBe(1);
    expect(await log("2026-03-01T21:10:00", { precision: "about" })).toBe(2);
    expect(await log("2026-03-01T18:00:00")).toBe(3);
    expect(await log("2026-03-05T18:00:00")).toBe(4);

    const records = await page("/corroboration/records");
    // Of two calls within a minute one was logged: the other still is a call that nobody logged.
    expect(records).toMatch(/21:30:00 021.*Perhaps logged Incident 2, 20 min apart/);
    expect(records).toMatch(/15:20:00 .*Not logged/);
    expect(records).toMatch(/09:10:50 .*Not logged .*09:10:11 .* Logged Incident 1, 49 s apart/);
    expect(records).not.toContain(MUM);

    const summary = await page("/corroboration");
    expect(summary).toContain("4 records of collectors' numbers are waiting");
    expect(summary).toMatch(/Contacts in the log 4 Logged by a person 4 .* told of by another source 0/);
    expect(summary).toMatch(/In kept records, logged by nobody 2 .*perhaps logged already 1/);
    expect(summary).toMatch(/does not show 1 Logged calls that no record covers 1 /);
    expect(summary).toContain("Backed by 0 sources 4");
    const calls = await page("/corroboration/calls");
    expect(calls).toContain("Incident 3");
    expect(calls).toContain("Covered by: carrier record");
    // The bill tells of these, surely or perhaps, though nobody has said so yet.
    expect(calls).not.toMatch(/Incident [12] /);
    // No record reaches to that day: unknown is not false.
    expect(calls).not.toContain("Incident 4");
    expect(summary).toContain("1 logged call lies where no record covers the day");
  });

  test("takes over what is ticked: a new contact, and records that back what was logged", async () => {
    const { db } = whole.services;
    const left = await db
      .selectFrom("left_records")
      .select(["import_id", "file", "row", "standing", "happened_at"])
      .where("standing", "!=", "other")
      .orderBy("happened_at")
      .execute();
    expect(left.map(({ standing }) => standing)).toEqual(["logged", "unlogged", "unlogged", "maybe"]);
    const text = left.map((one) => `${one.import_id}.${one.file}.${one.row}`);
    const send = (body: object) => lin.post(`/cases/${caseId}/corroboration/records`).type("form").send(body);
    const answer = await send({ take: [text[2]], back: [text[0]] });
    expect(answer.status).toBe(303);
    // Pressed twice, it happens once.
    await send({ take: [text[2]], back: [text[0]] });
    expect((await send({ take: ["nonsense"] })).status).toBe(400);

    expect(await page("/incidents/1")).toMatch(
      /Backed by 1 independent source: carrier record\..*noted that “详单.csv” tells of it/,
    );
    const made = await page("/incidents/5");
    expect(made).toContain("Made from row 4 of “详单.csv”");
    expect(made).toContain("Shanghai desk");
    expect(await page("/incidents/3")).toContain("only the log tells of this contact");
    expect(await page("/corroboration")).toMatch(
      /Contacts in the log 5 Logged by a person 4 .* source 1 .* alone 3 Made from an imported record 1/,
    );
    expect(await verifyHistory(db, caseId)).toBeNull();
    const material = await collect(whole.services, caseId);
    expect(material.incidents.find(({ number }) => number === 1)?.backing).toMatchObject({ groups: ["carrier"] });
    expect(material.incidents.find(({ number }) => number === 3)?.backing).toBeUndefined();
    expect(material.corroboration).toMatchObject({ all: 5, both: 1, imported: 1, unlogged: 1, maybe: 1 });
  });

  test("puts a recording with the call that its name tells, and counts it as a source of its own", async () => {
    const recordings = await page("/corroboration/recordings");
    expect(recordings).toMatch(/A-1 .*The name says: Sun 1 Mar 2026, 15:20.*02155550001.*Sure Incident 5/);
    await lin.post(`/cases/${caseId}/corroboration/recordings`).type("form").send({ pair: "A-1:5" }).expect(303);
    expect(await page("/corroboration/recordings")).toContain("Every recording belongs to a contact");
    expect(await page("/incidents/5")).toContain(
      "Backed by 2 independent sources: carrier record and recording or picture.",
    );
    expect(await page("/corroboration")).toMatch(/Backed by 1 source 1 Backed by 2 sources 1/);
  });

  test("does not miss in a carrier's details a call that nobody took: they list answered calls only", async () => {
    await log("2026-03-01T18:30:00", { outcome: "unanswered" });
    await log("2026-03-01T18:40:00", { outcome: "conversation" });
    const calls = await page("/corroboration/calls");
    expect(calls).toContain("A carrier lists answered calls only");
    expect(calls).not.toContain("Incident 6");
    expect(calls).toContain("Incident 7");
    expect(await page("/corroboration")).toMatch(/does not show 2 Logged calls that no record covers 1 /);
  });

  test("forgets what came of a file that is in the bin, and of an import that was taken back", async () => {
    await whole.services.db
      .updateTable("evidence")
      .set({ removed_at: 1 })
      .where("case_id", "=", caseId)
      .where("letter", "!=", "A")
      .execute();
    expect(await page("/corroboration/records")).toContain("There is no such record.");
  });
});
