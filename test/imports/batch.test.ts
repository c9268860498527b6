/** From a file to incidents and back, without pages: what comes in, what does not, what is remembered and what is gone. */
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addCollector } from "../../src/cases/collectors.ts";
import { addDebt } from "../../src/cases/debts.ts";
import { createCase, listCollectors } from "../../src/cases/store.ts";
import { verifyHistory } from "../../src/history/store.ts";
import type { State } from "../../src/imports/import.ts";
import { chooseParty, listParties } from "../../src/imports/parties/store.ts";
import { createImport, getImport, moveImport } from "../../src/imports/store.ts";
import { listRows } from "../../src/imports/preview/store.ts";
import { runTask } from "../../src/imports/task.ts";
import { toldContactsAfter, sourcesOf } from "../../src/incidents/sources/store.ts";
import type { IncidentFacts } from "../../src/incidents/incident.ts";
import { logIncident } from "../../src/incidents/log-incident.ts";
import { correctIncident } from "../../src/incidents/correct-incident.ts";
import { getIncident } from "../../src/incidents/store.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { asFile, plainFormats } from "./plain-format.ts";

const COLLECTOR = "010-8888 1234";
const MUM = "13900000001";

describe.each(databases)("an import on $name", (database) => {
  let whole: TestApp;
  let caseId: string;
  let personId: string;
  beforeAll(async () => {
    whole = await withApp(database);
    personId = await whole.personId("lin");
    const { db, clock } = whole.services;
    const by = { personId, at: clock.now() };
    const matter = await db.transaction().execute((tx) =>
      createCase(
        tx,
        {
          borrower: "Lin",
          lender: "星火消费金融",
          lenderKind: "consumer-finance",
          respondentKind: "debt-collector",
          platform: null,
          zone: "Asia/Shanghai",
          country: "CN",
          pastDueOn: "2026-08-01",
          reachable: true,
          debtLawful: true,
          employerForbids: null,
          codes: [],
          demo: false,
          role: "borrower",
        },
        by,
      ),
    );
    caseId = matter.id;
    await db
      .transaction()
      .execute((tx) =>
        addCollector(
          tx,
          caseId,
          { name: "Beijing desk", kind: "agency", note: null, handles: [{ kind: "phone", value: "+861088881234" }] },
          by,
        ),
      );
  });
  afterAll(() => whole.close());

  const shop = () => ({ ...whole.services, formats: plainFormats, maxFileBytes: 1_000_000 });
  const by = () => ({ personId, at: whole.clock.now() });

  /** As far as the next question to a person; then the usual answer. */
  async function bring(name: string, text: string, choose?: (id: string) => Promise<void>) {
    const { db, waiting } = whole.services;
    whole.clock.advance(1000);
    const { sha256, size } = await waiting.blobs.receive(Readable.from([Buffer.from(text)]));
    const { id, number } = await createImport(db, caseId, [{ sha256, size, name, mediaType: "text/plain" }], by());
    const go = async (from: State, to: State) => {
      expect(await moveImport(db, caseId, id, [from], to)).toBe(true);
      return runTask(shop(), { caseId, importId: id, by: by() });
    };
    expect(await runTask(shop(), { caseId, importId: id, by: by() })).toBe("asking");
    expect(await go("asking", "reading")).toBe("choosing");
    await choose?.(id);
    expect(await go("choosing", "comparing")).toBe("preview");
    return { id, number, sha256, go, commit: () => go("preview", "committing") };
  }
  const counts = async (number: number) => (await getImport(whole.services.db, caseId, number))!.counts;

  test("leaves private life out, keeps what is a collector's, and says where it came from", async () => {
    const { db, waiting, blobs } = whole.services;
    const file = asFile([
      { at: "2026-11-02T21:30:10", other: COLLECTOR, durationSeconds: 95, outcome: "connected" },
      { at: "2026-11-02T18:00:00", other: MUM, otherName: "妈妈", durationSeconds: 300 },
      { broken: true },
      {
        at: "2026-11-03T09:00:00",
        channel: "sms",
        other: "1069 0000 1",
        said: "再不还款就起诉你，抓你坐牢",
        files: { "照片.png": "a picture" },
      },
      { at: "2026-11-03T09:05:00", channel: "sms", direction: "outgoing", other: COLLECTOR, said: "请不要再打电话" },
      { joined: true },
      { at: "1970-01-01T00:00:00", other: MUM },
    ]);
    const one = await bring("backup.phone", file);
    const parties = await listParties(db, caseId, one.id, null, 10);
    expect(parties.map(({ label, why, choice }) => [label, why, choice === "leave"])).toEqual([
      [COLLECTOR, "known", false],
      ["1069 0000 1", "wording", false],
      [MUM, null, true],
    ]);
    expect(await counts(one.number)).toEqual({ new: 3, duplicate: 0, "left-out": 2, unreadable: 2 });
    expect(await one.commit()).toBe("committed");

    const told = await toldContactsAfter(db, caseId, { from: 0, to: 9e15 }, null, 10);
    expect(
      told.map(({ fromNumber, calledNumber, said, account }) => [fromNumber, calledNumber, said, account]),
    ).toEqual([
      ["+861088881234", null, null, null],
      ["106900001", null, "再不还款就起诉你，抓你坐牢", null],
      [null, "+861088881234", null, "请不要再打电话"],
    ]);
    const [source] = await sourcesOf(db, caseId, told[0]!.id);
    expect(source).toMatchObject({
      fileName: "backup.phone",
      fileSha256: one.sha256,
      row: 1,
      line: 1,
      kind: "phone",
      made: true,
      number: COLLECTOR,
      exhibit: null,
    });
    // Nothing of mum stays: no row, no number, no file.
    expect(await listRows(db, caseId, one.id, { becomes: null, side: "after", place: null, limit: 10 })).toMatchObject([
      { row: 3 },
      { row: 7 },
    ]);
    expect(await listParties(db, caseId, one.id, null, 10)).toEqual([]);
    expect(await waiting.blobs.has(one.sha256)).toBe(false);
    const exhibit = await db
      .selectFrom("evidence")
      .select(["name", "sha256", "media_type"])
      .where("case_id", "=", caseId)
      .executeTakeFirstOrThrow();
    expect(exhibit.name).toBe("照片.png");
    expect(await blobs.has(exhibit.sha256)).toBe(true);
    expect(await verifyHistory(db, caseId)).toBeNull();
  });

  test("knows the same backup, the carrier's clock, and what was typed by hand", async () => {
    const { db } = whole.services;
    const again = await bring(
      "again.phone",
      asFile([
        { at: "2026-11-02T21:30:10", other: "+86 10 8888 1234", durationSeconds: 95, outcome: "connected" },
        { at: "2026-11-02T21:31:00", other: COLLECTOR, durationSeconds: 0 },
      ]),
    );
    expect(await counts(again.number)).toEqual({ new: 1, duplicate: 1, "left-out": 0, unreadable: 0 });
    expect(await again.commit()).toBe("committed");
    await logIncident(
      db,
      caseId,
      {
        facts: {
          ...noFacts,
          channel: "call",
          happenedAt: Date.parse("2026-11-05T21:00:00+08:00"),
          precision: "about",
          fromNumber: "01088881234",
        },
        newCollector: null,
        held: [],
        draft: null,
      },
      [],
      by(),
    );
    const bill = await bring(
      "bill.carrier",
      asFile([
        { at: "2026-11-02T21:31:20", other: "01088881234", durationSeconds: 120 },
        { at: "2026-11-05T20:48:00", other: "01088881234", durationSeconds: 61 },
      ]),
    );
    const rows = await listRows(db, caseId, bill.id, { becomes: null, side: "after", place: null, limit: 10 });
    expect(rows.map(({ verdict, knownNumber, why }) => [verdict, knownNumber, why?.key])).toEqual([
      ["duplicate", 1, "clock"],
      ["merge", 5, "about"],
    ]);
    expect(await bill.commit()).toBe("committed");
    const first = await getIncident(db, caseId, 1);
    expect((await sourcesOf(db, caseId, first!.id)).map(({ kind, made }) => [kind, made])).toEqual([
      ["phone", true],
      ["phone", false],
      ["carrier", false],
    ]);
    // A bill is kept whole.
    const files = await db.selectFrom("import_files").select("evidence_id").where("import_id", "=", bill.id).execute();
    expect(files[0]?.evidence_id).not.toBeNull();
  });

  test("teaches a collector the numbers it was given, and finds the debt that our own formats name", async () => {
    const { db } = whole.services;
    const [collector] = await listCollectors(db, caseId);
    const debt = {
      creditor: "蓝海银行",
      product: null,
      reference: "BH-1",
      dueOn: null,
      amountMinor: null,
      currency: null,
      note: null,
    };
    const debtId = await db.transaction().execute((tx) => addDebt(tx, caseId, debt, by()));
    const one = await bring(
      "given.phone",
      asFile([
        { at: "2026-11-07T10:00:00", other: "0755-1234 5678", told: { creditor: " 蓝海银行 " } },
        {
          at: "2026-11-07T10:30:00",
          other: "0755-1234 5678",
          told: { creditor: "没听过的银行", account: "说是另一笔。" },
        },
        { at: "2026-11-07T11:00:00", other: "0755-1234 5678" },
      ]),
      async (id) => {
        const [party] = await listParties(db, caseId, id, null, 10);
        await chooseParty(db, caseId, id, party!.key, collector!.id);
      },
    );
    expect(await one.commit()).toBe("committed");
    const [taught] = await listCollectors(db, caseId);
    expect(taught!.handles.map(({ value }) => value)).toContain("+8675512345678");
    const event = await db
      .selectFrom("history")
      .select("subject")
      .where("case_id", "=", caseId)
      .where("action", "=", "collector.corrected")
      .executeTakeFirstOrThrow();
    expect(event.subject).toBe(`collector:${collector!.id}`);
    const made = await db
      .selectFrom("incidents")
      .select(["debt_id", "account"])
      .where("case_id", "=", caseId)
      .where("from_number", "=", "+8675512345678")
      .orderBy("happened_at")
      .execute();
    expect(made).toEqual([
      { debt_id: debtId, account: null },
      { debt_id: null, account: "说是另一笔。\ncreditor: 没听过的银行" },
      { debt_id: null, account: null },
    ]);
    // The next file with this number is known by it.
    const next = await bring("next.phone", asFile([{ at: "2026-11-08T10:00:00", other: "0755 12345678" }]));
    expect(await listParties(db, caseId, next.id, null, 10)).toMatchObject([{ why: "known", choice: collector!.id }]);
  });

  test("is taken back as a whole, except what somebody worked on since", async () => {
    const { db } = whole.services;
    const lines = [1, 2, 3].map((day) => ({ at: `2026-11-1${day}T08:00:00`, other: COLLECTOR, durationSeconds: day }));
    const one = await bring("week.carrier", asFile(lines));
    await one.commit();
    const made = await db
      .selectFrom("incidents")
      .select("number")
      .where("case_id", "=", caseId)
      .orderBy("number", "desc")
      .limit(3)
      .execute();
    const middle = (await getIncident(db, caseId, made[1]!.number))!;
    await correctIncident(
      db,
      caseId,
      middle,
      { facts: { ...middle, said: "还钱" }, newCollector: null, held: [], version: 1, reason: null },
      [],
      by(),
    );
    expect(await one.go("committed", "undoing")).toBe("undone");
    const left = await Promise.all(made.map(({ number }) => getIncident(db, caseId, number)));
    expect(left.map((incident) => incident!.removedAt === null)).toEqual([false, true, false]);
    const exhibits = await db
      .selectFrom("evidence")
      .select(["name", "removed_at"])
      .where("case_id", "=", caseId)
      .where("name", "=", "week.carrier")
      .execute();
    expect(exhibits[0]?.removed_at).not.toBeNull();
    const events = await db
      .selectFrom("history")
      .select(["action", "detail_json"])
      .where("case_id", "=", caseId)
      .orderBy("seq", "desc")
      .limit(1)
      .execute();
    expect(events).toEqual([
      { action: "import.undone", detail_json: expect.stringMatching(/"removed":2,"standing":\[\d+\]/) },
    ]);
    expect(await verifyHistory(db, caseId)).toBeNull();
    // The same file may come again.
    const second = await bring("week.carrier", asFile(lines));
    expect(await counts(second.number)).toEqual({ new: 2, duplicate: 1, "left-out": 0, unreadable: 0 });
  });
});

const noFacts: Omit<IncidentFacts, "channel" | "happenedAt" | "precision"> = {
  direction: "incoming",
  contacted: null,
  outcome: null,
  durationSeconds: null,
  purpose: null,
  automated: null,
  place: null,
  fromNumber: null,
  calledNumber: null,
  collectorId: null,
  debtId: null,
  acts: [],
  said: null,
  account: null,
  disclosed: null,
  visitors: null,
};
