/**
 * Log and records side by side in the database: records that were left out and what they turned out to be, and what the log has that no
 * record shows. Every query names the case. Next: compare-left.ts (who writes), page.ts (who shows).
 */
import { type ExpressionBuilder, sql } from "kysely";
import type { Channel, Direction, Outcome, Precision } from "../conduct/vocabulary.ts";
import type { Contacted } from "../incidents/incident.ts";
import { type SourceGroup, groupOf } from "../incidents/sources/backing.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";

/**
 * What a record that was left out is: of `other` people, `again` what an earlier one tells, `unlogged`, `maybe` logged already (a person
 * should look), `logged` (surely).
 */
export type Standing = "other" | "again" | "unlogged" | "maybe" | "logged";
/** Those of collectors' numbers; what a person is shown. */
export const shownStandings = ["unlogged", "maybe", "logged"] as const satisfies readonly Standing[];

export interface LeftRecord {
  importId: string;
  file: number;
  row: number;
  kind: "phone" | "carrier";
  happenedAt: number;
  precision: Precision;
  timeFrom: string;
  channel: Channel;
  direction: Direction;
  durationSeconds: number | null;
  outcome: Outcome | null;
  number: string | null;
  other: string | null;
  own: string | null;
  said: string | null;
  line: number | null;
  standing: Standing;
  knownId: string | null;
  apart: number | null;
  collectorId: string | null;
  /** As the person's device named the file. */
  fileName: string;
}

/** Where a record stands among all of them. */
export type Place = Pick<LeftRecord, "happenedAt" | "importId" | "file" | "row">;

const columns = [
  "l.import_id as importId",
  "l.file",
  "l.row",
  "l.kind",
  "l.happened_at as happenedAt",
  "l.precision",
  "l.time_from as timeFrom",
  "l.channel",
  "l.direction",
  "l.duration_seconds as durationSeconds",
  "l.outcome",
  "l.number",
  "l.other",
  "l.own",
  "l.said",
  "l.line",
  "l.standing",
  "l.known_id as knownId",
  "l.apart",
  "l.collector_id as collectorId",
  "f.name as fileName",
] as const;

/** Only records whose import stands and whose file is not in the bin: what a person took away is not brought up again. */
const standing = (db: Db, caseId: string) =>
  db
    .selectFrom("left_records as l")
    .innerJoin("imports", "imports.id", "l.import_id")
    .innerJoin("import_files as f", (on) => on.onRef("f.import_id", "=", "l.import_id").onRef("f.file", "=", "l.file"))
    .innerJoin("evidence", "evidence.id", "f.evidence_id")
    .where("l.case_id", "=", caseId)
    .where("imports.state", "=", "committed")
    .where("evidence.removed_at", "is", null);

/** All of them in the order of time, a page after one. */
export async function leftAfter(db: Db, caseId: string, after: Place | null, limit: number): Promise<LeftRecord[]> {
  let query = standing(db, caseId).select(columns);
  if (after !== null) query = query.where((eb) => beyond(eb, ">", after));
  const rows = await query
    .orderBy("l.happened_at")
    .orderBy("l.import_id")
    .orderBy("l.file")
    .orderBy("l.row")
    .limit(limit)
    .execute();
  return rows as LeftRecord[];
}

const beyond = (eb: ExpressionBuilder<Schema & { l: Schema["left_records"] }, "l">, how: "<" | ">", place: Place) =>
  eb(
    eb.refTuple("l.happened_at", "l.import_id", "l.file", "l.row"),
    how,
    eb.tuple(place.happenedAt, place.importId, place.file, place.row),
  );

/** Records of collectors' numbers as a person goes through them, newest first. */
export async function shownLeft(
  db: Db,
  caseId: string,
  before: Place | null,
  limit: number,
): Promise<(LeftRecord & { importNumber: number; exhibit: string; knownNumber: number | null })[]> {
  let query = standing(db, caseId)
    .leftJoin("incidents as i", "i.id", "l.known_id")
    .select(columns)
    .select(["imports.number as importNumber", "evidence.letter", "evidence.number as exhibit"])
    .select("i.number as knownNumber")
    .where("l.standing", "in", shownStandings);
  if (before !== null) query = query.where((eb) => beyond(eb, "<", before));
  const rows = await query
    .orderBy("l.happened_at", "desc")
    .orderBy("l.import_id", "desc")
    .orderBy("l.file", "desc")
    .orderBy("l.row", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ letter, exhibit, ...row }) => ({
    ...(row as LeftRecord & typeof row),
    exhibit: `${letter}-${exhibit}`,
  }));
}

export async function countLeft(db: Db, caseId: string): Promise<Record<(typeof shownStandings)[number], number>> {
  const rows = await standing(db, caseId)
    .select((eb) => ["l.standing", eb.fn.countAll<number>().as("n")])
    .where("l.standing", "in", shownStandings)
    .groupBy("l.standing")
    .execute();
  return { unlogged: 0, maybe: 0, logged: 0, ...Object.fromEntries(rows.map((row) => [row.standing, row.n])) };
}

/** One record by its place, to be taken over; null when it is gone already. */
export async function takeLeft(
  tx: Tx,
  caseId: string,
  { importId, file, row }: Omit<Place, "happenedAt">,
): Promise<LeftRecord | null> {
  const found = await standing(tx, caseId)
    .select(columns)
    .where("l.import_id", "=", importId)
    .where("l.file", "=", file)
    .where("l.row", "=", row)
    .where("l.standing", "in", shownStandings)
    .executeTakeFirst();
  if (found === undefined) return null;
  await tx
    .deleteFrom("left_records")
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("file", "=", file)
    .where("row", "=", row)
    .execute();
  return found as LeftRecord;
}

/** From now on the record tells of this incident. */
export async function addSource(
  tx: Tx,
  caseId: string,
  incidentId: string,
  record: LeftRecord,
  made: boolean,
): Promise<void> {
  await tx
    .insertInto("incident_sources")
    .values({
      case_id: caseId,
      incident_id: incidentId,
      import_id: record.importId,
      file: record.file,
      row: record.row,
      line: record.line,
      kind: record.kind,
      made: made ? 1 : 0,
      happened_at: record.happenedAt,
      precision: record.precision,
      time_from: record.timeFrom,
      duration_seconds: record.durationSeconds,
      number: record.other,
    })
    .execute();
}

/** The human number of an incident that is not in the bin. */
export async function numberOfIncident(tx: Tx, caseId: string, id: string): Promise<number | null> {
  const row = await tx
    .selectFrom("incidents")
    .select("number")
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("removed_at", "is", null)
    .executeTakeFirst();
  return row?.number ?? null;
}

/** Whose phone or account the files of an import come from. */
export async function contactedOf(tx: Tx, caseId: string, importId: string): Promise<Contacted> {
  const row = await tx
    .selectFrom("imports")
    .select("contacted")
    .where("case_id", "=", caseId)
    .where("id", "=", importId)
    .executeTakeFirstOrThrow();
  return row.contacted as Contacted;
}

export type Verdict = Pick<LeftRecord, "importId" | "file" | "row" | "standing" | "knownId" | "apart" | "collectorId">;

/** Writes what records turned out to be, many in one statement. */
export async function markLeft(db: Db, caseId: string, verdicts: readonly Verdict[]): Promise<void> {
  for (let from = 0; from < verdicts.length; from += 500) {
    const tuples = verdicts.slice(from, from + 500).map(
      (one) => sql`(cast(${one.importId} as text), cast(${one.file} as bigint), cast(${one.row} as bigint),
        cast(${one.standing} as text), cast(${one.knownId} as text), cast(${one.apart} as bigint), cast(${one.collectorId} as text))`,
    );
    await sql`update left_records set standing = v.column4, known_id = v.column5, apart = v.column6, collector_id = v.column7
      from (values ${sql.join(tuples)}) as v
      where left_records.case_id = ${caseId} and left_records.import_id = v.column1 and left_records.file = v.column2
        and left_records.row = v.column3`.execute(db);
  }
}

/** The newest event of the history when records were last compared; null = never. */
export async function comparedAt(db: Db, caseId: string): Promise<number | null> {
  const row = await db.selectFrom("cases").select("compared_history").where("id", "=", caseId).executeTakeFirst();
  return row?.compared_history ?? null;
}

export async function setCompared(db: Db, caseId: string, seq: number): Promise<void> {
  await db.updateTable("cases").set({ compared_history: seq }).where("id", "=", caseId).execute();
}

// --- the log ------------------------------------------------------------------------------------------------------

/** Each incident with the groups that tell of it and whether it was made from a record. */
export async function toldBy(
  db: Db,
  caseId: string,
): Promise<{ id: string; imported: boolean; groups: Set<SourceGroup> }[]> {
  const rows = await db
    .selectFrom("incidents as i")
    .leftJoin("incident_sources as s", (on) =>
      on.onRef("s.case_id", "=", "i.case_id").onRef("s.incident_id", "=", "i.id"),
    )
    .select((eb) => ["i.id", "s.kind", eb.fn.max("s.made").as("made")])
    .where("i.case_id", "=", caseId)
    .where("i.removed_at", "is", null)
    .groupBy(["i.id", "s.kind"])
    .execute();
  const found = new Map<string, { id: string; imported: boolean; groups: Set<SourceGroup> }>();
  for (const { id, kind, made } of rows) {
    const one = found.getOrInsertComputed(id, () => ({ id, imported: false, groups: new Set() }));
    one.imported ||= made === 1;
    const group = kind === null ? null : groupOf(kind);
    if (group !== null) one.groups.add(group);
  }
  return [...found.values()];
}

/** From when to when the records of one kind of contact reach, and whose phone they are of. */
export interface Span {
  kind: "phone" | "carrier";
  channel: Channel;
  contacted: string;
  from: number;
  to: number;
}

export async function spansOf(db: Db, caseId: string): Promise<Span[]> {
  const rows = await db
    .selectFrom("import_spans as s")
    .innerJoin("imports", "imports.id", "s.import_id")
    .select(["s.kind", "s.channel", "imports.contacted", "s.first_at as from", "s.last_at as to"])
    .where("s.case_id", "=", caseId)
    .where("imports.state", "=", "committed")
    .where("s.kind", "in", ["phone", "carrier"])
    .where("s.direction", "=", "incoming")
    .orderBy("s.first_at")
    .execute();
  return rows as Span[];
}

export interface Unshown {
  id: string;
  number: number;
  happenedAt: number;
  precision: Precision;
  channel: Channel;
  fromNumber: string | null;
}

const calls = ["call", "voicemail"] as const;

/** Incoming calls with a time of day that no phone's or carrier's record tells of, surely or perhaps. */
const bare = (db: Db, caseId: string) =>
  db
    .selectFrom("incidents as i")
    .where("i.case_id", "=", caseId)
    .where("i.removed_at", "is", null)
    .where("i.direction", "=", "incoming")
    .where("i.channel", "in", calls)
    .where("i.precision", "in", ["exact", "about"])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("incident_sources as s")
            .select("s.incident_id")
            .where("s.case_id", "=", caseId)
            .whereRef("s.incident_id", "=", "i.id")
            .where("s.kind", "in", ["phone", "carrier"]),
        ),
      ),
    )
    .where(
      "i.id",
      "not in",
      standing(db, caseId)
        .select(sql<string>`l.known_id`.as("known"))
        .where("l.known_id", "is not", null),
    );

/** Whether a record of calls covers the moment of the incident, on the phone that rang. */
const covered = (eb: ExpressionBuilder<Schema & { i: Schema["incidents"] }, "i">, spans: readonly Span[]) =>
  eb.or(
    spans
      .filter(({ channel }) => channel === "call" || channel === "voicemail")
      .map(({ contacted, from, to }) =>
        eb.and([
          eb("i.happened_at", ">=", from),
          eb("i.happened_at", "<=", to),
          eb(sql<string>`coalesce(i.contacted, 'self')`, "=", contacted),
        ]),
      ),
  );

/** Logged calls that a record should show and does not, newest first, a page before one. */
export async function unshownCalls(
  db: Db,
  caseId: string,
  spans: readonly Span[],
  before: { happenedAt: number; id: string } | null,
  limit: number,
): Promise<Unshown[]> {
  let query = bare(db, caseId)
    .select([
      "i.id",
      "i.number",
      "i.happened_at as happenedAt",
      "i.precision",
      "i.channel",
      "i.from_number as fromNumber",
    ])
    .where((eb) => covered(eb, spans));
  if (before !== null)
    query = query.where((eb) => eb(eb.refTuple("i.happened_at", "i.id"), "<", eb.tuple(before.happenedAt, before.id)));
  const rows = await query.orderBy("i.happened_at", "desc").orderBy("i.id", "desc").limit(limit).execute();
  return rows as Unshown[];
}

/** Of the logged calls that no record shows: how many a record covers, and on how many days none does. */
export async function countBare(
  db: Db,
  caseId: string,
  spans: readonly Span[],
): Promise<{ covered: number; uncovered: number }> {
  const row = await bare(db, caseId)
    .select((eb) => [
      eb.fn.countAll<number>().as("all"),
      eb.fn.sum<number | null>(eb.case().when(covered(eb, spans)).then(1).else(0).end()).as("covered"),
    ])
    .executeTakeFirstOrThrow();
  const all = Number(row.all);
  const within = Number(row.covered ?? 0);
  return { covered: within, uncovered: all - within };
}

// --- files --------------------------------------------------------------------------------------------------------

export interface NamedFile {
  id: string;
  letter: "A" | "B" | "D";
  number: number;
  name: string;
  addedAt: number;
}

/** Recordings and videos that belong to no contact, in the order they were added, a page after one. */
export async function looseRecordings(
  db: Db,
  caseId: string,
  after: Pick<NamedFile, "addedAt" | "id"> | null,
  limit: number,
): Promise<NamedFile[]> {
  let query = loose(db, caseId).select(["e.id", "e.letter", "e.number", "e.name", "e.added_at as addedAt"]);
  if (after !== null)
    query = query.where((eb) => eb(eb.refTuple("e.added_at", "e.id"), ">", eb.tuple(after.addedAt, after.id)));
  const rows = await query.orderBy("e.added_at").orderBy("e.id").limit(limit).execute();
  return rows as NamedFile[];
}

export async function countLoose(db: Db, caseId: string): Promise<number> {
  const { n } = await loose(db, caseId)
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow();
  return Number(n);
}

const loose = (db: Db, caseId: string) =>
  db
    .selectFrom("evidence as e")
    .where("e.case_id", "=", caseId)
    .where("e.removed_at", "is", null)
    .where("e.letter", "in", ["A", "D"])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("evidence_links as l")
            .innerJoin("incidents as i", "i.id", "l.subject_id")
            .select("l.evidence_id")
            .where("l.case_id", "=", caseId)
            .whereRef("l.evidence_id", "=", "e.id")
            .where("l.subject_kind", "=", "incident")
            .where("i.removed_at", "is", null),
        ),
      ),
    );

/** Recordings, pictures and videos with the contacts they belong to; kept import files themselves are records, not files of their own. */
export async function linkedFiles(db: Db, caseId: string): Promise<(Timed & { name: string; letter: string })[]> {
  const rows = await db
    .selectFrom("evidence_links as l")
    .innerJoin("evidence as e", "e.id", "l.evidence_id")
    .innerJoin("incidents as i", "i.id", "l.subject_id")
    .leftJoin("import_files as f", "f.evidence_id", "e.id")
    .select(timed)
    .select(["e.name", "e.letter"])
    .where("l.case_id", "=", caseId)
    .where("l.subject_kind", "=", "incident")
    .where("e.removed_at", "is", null)
    .where("i.removed_at", "is", null)
    .where("e.letter", "in", ["A", "B", "D"])
    .where("f.evidence_id", "is", null)
    .execute();
  return rows as (Timed & { name: string; letter: string })[];
}

/** A contact as recordings are compared with it. */
export interface Timed {
  id: string;
  number: number;
  happenedAt: number;
  precision: Precision;
  channel: Channel;
  direction: Direction;
  durationSeconds: number | null;
  fromNumber: string | null;
  calledNumber: string | null;
}

const timed = [
  "i.id",
  "i.number",
  "i.happened_at as happenedAt",
  "i.precision",
  "i.channel",
  "i.direction",
  "i.duration_seconds as durationSeconds",
  "i.from_number as fromNumber",
  "i.called_number as calledNumber",
] as const;

/** Calls of any of some short spans of time, at most so many of each. */
export async function callsWithin(
  db: Db,
  caseId: string,
  spans: readonly { from: number; to: number }[],
  limit: number,
): Promise<Timed[]> {
  if (spans.length === 0) return [];
  const rows = await db
    .selectFrom("incidents as i")
    .select(timed)
    .where("i.case_id", "=", caseId)
    .where("i.removed_at", "is", null)
    .where("i.channel", "in", [...calls, "visit", "other"])
    .where((eb) =>
      eb.or(spans.map(({ from, to }) => eb.and([eb("i.happened_at", ">=", from), eb("i.happened_at", "<=", to)]))),
    )
    .orderBy("i.happened_at")
    .orderBy("i.id")
    .limit(limit)
    .execute();
  return rows as Timed[];
}
