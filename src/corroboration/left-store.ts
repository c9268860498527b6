/**
 * Records that imports left out, in the database: as they are compared with the log, and as a person goes through them. Every query
 * names the case. Next: compare-left.ts (who writes what they turned out to be), records-page.ts (who shows them).
 */
import { type ExpressionBuilder, sql } from "kysely";
import type { Channel, Direction, Outcome, Precision } from "../conduct/vocabulary.ts";
import type { Db } from "../platform/database.ts";
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
  /** Where the carrier says that it was. */
  place: string | null;
  standing: Standing;
  knownId: string | null;
  apart: number | null;
  collectorId: string | null;
  /** As the person's device named the file. */
  fileName: string;
}

/** Where a record stands among all of them. */
export type Place = Pick<LeftRecord, "happenedAt" | "importId" | "file" | "row">;

export const columns = [
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
  "l.place",
  "l.said",
  "l.line",
  "l.standing",
  "l.known_id as knownId",
  "l.apart",
  "l.collector_id as collectorId",
  "f.name as fileName",
] as const;

/** Only records whose import stands and whose file is not in the bin: what a person took away is not brought up again. */
export const keptRecords = (db: Db, caseId: string) =>
  db
    .selectFrom("left_records as l")
    .innerJoin("imports", "imports.id", "l.import_id")
    .innerJoin("import_files as f", (on) => on.onRef("f.import_id", "=", "l.import_id").onRef("f.file", "=", "l.file"))
    .innerJoin("evidence", "evidence.id", "f.evidence_id")
    .where("l.case_id", "=", caseId)
    .where("imports.state", "=", "committed")
    .where("evidence.removed_at", "is", null);

/** Those of a span of time in its order, a page after one. */
export async function leftBetween(
  db: Db,
  caseId: string,
  span: { from: number; to: number },
  after: Place | null,
  limit: number,
): Promise<LeftRecord[]> {
  let query = keptRecords(db, caseId)
    .select(columns)
    .where("l.happened_at", ">=", span.from)
    .where("l.happened_at", "<=", span.to);
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
  let query = keptRecords(db, caseId)
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
  const rows = await keptRecords(db, caseId)
    .select((eb) => ["l.standing", eb.fn.countAll<number>().as("n")])
    .where("l.standing", "in", shownStandings)
    .groupBy("l.standing")
    .execute();
  return { unlogged: 0, maybe: 0, logged: 0, ...Object.fromEntries(rows.map((row) => [row.standing, row.n])) };
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
