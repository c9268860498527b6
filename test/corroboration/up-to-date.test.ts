/**
 * What is kept of the comparison of log and records: after whatever happens, what was compared again little by little is the same as
 * comparing everything, and what cannot matter is not compared at all. On both databases, through the app.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getCase } from "../../src/cases/store.ts";
import { staleOf } from "../../src/corroboration/stale.ts";
import { bringUpToDate } from "../../src/corroboration/up-to-date.ts";
import { newId } from "../../src/platform/ids.ts";
import { log, openCase, quick, send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

const DESK = "+862155550001";
const OTHER = "+862155550002";
const MUM = "+8613900000001";
const minute = 60_000;
const begin = Date.parse("2026-03-01T09:00:00+08:00");

describe.each(databases)("log and records, kept up to date, on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  const places: { at: number; number: string }[] = [];

  const post = (path: string, fields: Record<string, string | string[]>) =>
    lin.post(`/cases/${caseId}${path}`).type("form").send(fields);
  const call = (at: number, number: string | null, more: Record<string, string> = {}) => {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("Asia/Shanghai").toPlainDateTime();
    const [date = "", time = ""] = local.toString({ smallestUnit: "minute" }).split("T");
    return log(lin, caseId, { date, time, ...(number === null ? {} : { fromNumber: number }), ...more });
  };
  const kept = async () => ({
    left: await app.services.db
      .selectFrom("left_records")
      .select(["row", "standing", "known_id", "apart", "collector_id"])
      .where("case_id", "=", caseId)
      .orderBy("row")
      .execute(),
    backings: await app.services.db
      .selectFrom("backings")
      .select(["incident_id", "happened_at", "made", "sources", "differs"])
      .where("case_id", "=", caseId)
      .orderBy("incident_id")
      .execute(),
  });
  const upToDate = async () =>
    bringUpToDate(app.services.db, (await getCase(app.services.db, caseId))!, app.clock.now());
  /** What little by little came of it, held against everything compared at once. */
  const same = async (what: string) => {
    await upToDate();
    const little = await kept();
    await app.services.db.updateTable("cases").set({ compared_history: null }).where("id", "=", caseId).execute();
    await upToDate();
    expect(little, what).toEqual(await kept());
    return little;
  };

  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    caseId = await openCase(lin);
    const personId = await app.personId("lin");
    const importId = newId(1);
    const evidenceId = newId(2);
    const { db } = app.services;
    await db
      .insertInto("evidence")
      .values({
        id: evidenceId,
        case_id: caseId,
        letter: "E",
        number: 1,
        sha256: "0".repeat(64),
        size: 1,
        media_type: "text/csv",
        name: "bill.csv",
        added_by: personId,
        added_at: 1,
      }) // prettier-ignore
      .execute();
    await db
      .insertInto("imports")
      .values({
        id: importId,
        case_id: caseId,
        number: 1,
        state: "committed",
        progress_json: "{}",
        contacted: "self",
        beat_at: 1,
        tidied: 1,
        created_by: personId,
        created_at: 1,
      }) // prettier-ignore
      .execute();
    await db
      .insertInto("import_files")
      .values({
        import_id: importId,
        file: 1,
        case_id: caseId,
        name: "bill.csv",
        sha256: "0".repeat(64),
        size: 1,
        media_type: "text/csv",
        formats_json: "[]",
        questions_json: "[]",
        answers_json: "{}",
        samples_json: "[]",
        rows: 90,
        evidence_id: evidenceId,
      }) // prettier-ignore
      .execute();
    // Three days; calls close enough to hang together, a pause of hours, and a mother between them.
    for (let day = 0; day < 3; day += 1) {
      for (let n = 0; n < 30; n += 1) {
        const at =
          begin + day * 1440 * minute + Math.floor(n / 10) * 180 * minute + (n % 10) * (n % 3 === 0 ? 12 : 7) * minute;
        places.push({ at, number: n % 7 === 3 ? MUM : n % 4 === 1 ? OTHER : DESK });
      }
    }
    await db
      .insertInto("left_records")
      .values(
        places.map(({ at, number }, row) => ({
          import_id: importId,
          file: 1,
          row: row + 1,
          case_id: caseId,
          kind: "carrier",
          happened_at: at,
          precision: "exact",
          time_from: "file",
          channel: "call",
          direction: "incoming",
          duration_seconds: 60,
          number,
          other: number,
          standing: "other",
        })),
      ) // prettier-ignore
      .execute();
  });
  afterAll(() => app.close());

  test("little by little is the same as all at once", async () => {
    const nobody = await same("nobody's number is known yet");
    expect(new Set(nobody.left.map(({ standing }) => standing))).toEqual(new Set(["other"]));
    const first = await call(places[0]!.at, DESK);
    const known = await same("a contact tells whose number it is: records everywhere are a collector's");
    expect(known.left.filter(({ standing }) => standing === "logged")).toHaveLength(1);
    expect(known.left.filter(({ standing }) => standing === "unlogged").length).toBeGreaterThan(40);
    for (const at of [places[4]!.at + minute, places[5]!.at, places[40]!.at]) await call(at, DESK);
    await same("three more contacts");
    const about = await call(places[11]!.at + 10 * minute, DESK, { precision: "about" });
    await same("a contact “about” a time");
    const { number: second } = await app.services.db
      .selectFrom("incidents")
      .select("number")
      .where("case_id", "=", caseId)
      .where("happened_at", "=", places[40]!.at)
      .executeTakeFirstOrThrow();
    await post(`/incidents/${first}/removal`, {});
    await same("a contact goes into the bin");
    await post(`/incidents/${second}/removal`, {});
    await post(`/incidents/${first}/restoration`, {});
    await same("one comes back, another goes");
    const { at } = places[21]!;
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("Asia/Shanghai").toPlainDateTime();
    const [date = "", time = ""] = local.toString({ smallestUnit: "minute" }).split("T");
    const corrected = await send(lin, `/cases/${caseId}/incidents/${about}`, { ...quick, date, time, fromNumber: DESK, version: "1", reason: "it was later" }); // prettier-ignore
    expect(corrected.status).toBe(303);
    const moved = await same("a contact was at another time: both places are looked at");
    expect(moved.backings.map(({ happened_at }) => happened_at)).toContain(at);
    await post("/collectors", { name: "Second desk", kind: "agency", handles: OTHER });
    const desk = await same("a collector's number is known: its records count");
    expect(desk.left.filter(({ collector_id }) => collector_id !== null).length).toBeGreaterThan(10);
    const waiting = desk.left.find(({ standing }) => standing === "unlogged")!;
    const { import_id } = await app.services.db.selectFrom("left_records").select("import_id").where("case_id", "=", caseId).limit(1).executeTakeFirstOrThrow(); // prettier-ignore
    expect((await post("/corroboration/records", { take: `${import_id}.1.${waiting.row}` })).status).toBe(303);
    const taken = await same("a record is taken over");
    expect(taken.backings.filter(({ made, sources }) => made === 1 && sources === 2)).toHaveLength(1);
    await send(lin, `/cases/${caseId}/incidents/${first}/files`, {}, [{ name: "02155550001_20260301090000.mp3", bytes: "ID3\u0003\0\0\0\0\0\0" }]); // prettier-ignore
    const recorded = await same("a recording is added");
    expect(recorded.backings.filter(({ sources }) => (sources & 4) > 0)).toHaveLength(1);
    await post("/evidence/A-1/removal", {});
    const quiet = await same("the recording goes into the bin");
    expect(quiet.backings.filter(({ sources }) => (sources & 4) > 0)).toHaveLength(0);
  });

  test("what cannot matter is not compared again: what is stored is left alone", async () => {
    await upToDate();
    // A trace that any comparison would wipe out.
    await app.services.db.updateTable("backings").set({ differs: 7 }).where("case_id", "=", caseId).execute();
    await post("/complaints", { channel: "cn-12378" });
    await lin.post(`/cases/${caseId}/debts`).type("form").send({ creditor: "Example" });
    await upToDate();
    const { n } = await app.services.db
      .selectFrom("backings")
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .where("case_id", "=", caseId)
      .where("differs", "!=", 7)
      .executeTakeFirstOrThrow();
    expect(Number(n)).toBe(0);
    const page = textOf((await lin.get(`/cases/${caseId}/corroboration/differences?about=number`)).text);
    expect(page).toMatch(/All: (\d+) Time: \1 Length: \1 Number: \1/);
  });
});

test("an event of the history says what it makes stale", () => {
  const event = (action: string, subject: string, detail: object = {}) => ({
    action,
    subject,
    detail: JSON.stringify(detail),
  });
  const nothing = staleOf([
    event("finding.confirmed", "incident:4"),
    event("notice.recorded", "notice:1"),
    event("case.corrected", "case", { changed: { lender: { from: "a", to: "b" } } }),
    event("evidence.described", "evidence:A-1", { from: null, to: "x" }),
    event("evidence.added", "evidence:A-1", { to: "notice:3" }),
    event("dossier.made", "dossier:1"),
  ]);
  expect(nothing).toMatchObject({ all: false, owners: false });
  expect([nothing.contacts.size, nothing.moments.size, nothing.filed.size, nothing.files.size]).toEqual([0, 0, 0, 0]);
  const some = staleOf([
    event("incident.corrected", "incident:4", { changes: { happenedAt: { from: 5, to: 6 } } }),
    event("incident.files-added", "incident:7", { files: ["A-1"] }),
    event("evidence.unlinked", "evidence:A-2", { from: "incident:9" }),
    event("evidence.removed", "evidence:C-3", { sha256: "" }),
    event("collector.added", "collector:x"),
  ]);
  expect([...some.contacts]).toEqual([4]);
  expect([...some.moments]).toEqual([5]);
  expect([...some.filed]).toEqual([7, 9]);
  expect([...some.files]).toEqual(["C-3"]);
  expect(some.owners).toBe(true);
  expect(staleOf([event("import.undone", "import:1")]).all).toBe(true);
  expect(staleOf([event("case.corrected", "case", { changed: { zone: {} } })]).all).toBe(true);
});
