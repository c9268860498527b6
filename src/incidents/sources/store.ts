/**
 * What tells of an incident beside the person who logged it: rows of imported files, each with its own clock and its own number. Reads
 * what imports/ writes; every query names the case. Next: show-page.ts prints it.
 */
import type { Channel, Direction, Precision } from "../../conduct/vocabulary.ts";
import type { Db } from "../../platform/database.ts";
import type { Telling } from "./backing.ts";

/** One record that tells of an incident. */
export interface IncidentSource {
  /** The human number of the import. */
  importNumber: number;
  fileName: string;
  /** SHA-256 of the file. */
  fileSha256: string;
  /** The exhibit, when the whole file was kept. */
  exhibit: { letter: string; number: number } | null;
  row: number;
  line: number | null;
  /** phone, carrier, chat, mail, recording, screenshot, own */
  kind: string;
  /** The incident was made from it; else it backs up one that was there. */
  made: boolean;
  happenedAt: number;
  precision: Precision;
  timeFrom: string;
  durationSeconds: number | null;
  number: string | null;
  /** Where the record says that it was, in its own words. */
  place: string | null;
}

export async function sourcesOf(db: Db, caseId: string, incidentId: string): Promise<IncidentSource[]> {
  const rows = await db
    .selectFrom("incident_sources as s")
    .innerJoin("imports", "imports.id", "s.import_id")
    .innerJoin("import_files as f", (on) => on.onRef("f.import_id", "=", "s.import_id").onRef("f.file", "=", "s.file"))
    .leftJoin("evidence as e", "e.id", "f.evidence_id")
    .select([
      "imports.number as importNumber",
      "f.name as fileName",
      "f.sha256 as fileSha256",
      "e.letter",
      "e.number as exhibitNumber",
      "s.row",
      "s.line",
      "s.kind",
      "s.made",
      "s.happened_at as happenedAt",
      "s.precision",
      "s.time_from as timeFrom",
      "s.duration_seconds as durationSeconds",
      "s.number",
      "s.place",
    ])
    .where("s.case_id", "=", caseId)
    .where("s.incident_id", "=", incidentId)
    .orderBy("s.made", "desc")
    .orderBy("imports.number")
    .orderBy("s.file")
    .orderBy("s.row")
    .execute();
  return rows.map(({ letter, exhibitNumber, made, precision, ...row }) => ({
    ...row,
    precision: precision as Precision,
    made: made === 1,
    exhibit: letter === null || exhibitNumber === null ? null : { letter, number: exhibitNumber },
  }));
}

/** What records tell of several incidents, by the id of the incident. */
export async function tellingsOf(db: Db, caseId: string, ids: readonly string[]): Promise<Map<string, Telling[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("incident_sources as s")
    .innerJoin("import_files as f", (on) => on.onRef("f.import_id", "=", "s.import_id").onRef("f.file", "=", "s.file"))
    .select(["s.incident_id", "s.kind", "s.happened_at", "s.precision", "s.duration_seconds", "s.number", "f.name"])
    .where("s.case_id", "=", caseId)
    .where("s.incident_id", "in", ids)
    .orderBy("s.import_id")
    .orderBy("s.file")
    .orderBy("s.row")
    .execute();
  const byIncident = Map.groupBy(rows, (row) => row.incident_id);
  return new Map(
    [...byIncident].map(([id, told]) => [
      id,
      told.map((row) => ({
        kind: row.kind,
        at: row.happened_at,
        precision: row.precision as Precision,
        durationSeconds: row.duration_seconds,
        number: row.number,
        name: row.name,
      })),
    ]),
  );
}

/** Exhibits that are imported files kept whole: their records speak for themselves, one by one. */
export async function keptFiles(db: Db, caseId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom("import_files")
    .select("evidence_id")
    .where("case_id", "=", caseId)
    .where("evidence_id", "is not", null)
    .execute();
  return new Set(rows.flatMap(({ evidence_id: id }) => (id === null ? [] : [id])));
}

/** An incident as it is compared with what is about to come in. */
export interface ToldContact {
  id: string;
  number: number;
  happenedAt: number;
  precision: Precision;
  channel: Channel;
  direction: Direction;
  durationSeconds: number | null;
  said: string | null;
  account: string | null;
  fromNumber: string | null;
  calledNumber: string | null;
  collectorId: string | null;
  tellings: { kind: string; happenedAt: number; durationSeconds: number | null }[];
}

/** Contacts of a span of time in its order, with what told of them, a page after one. */
export async function toldContactsAfter(
  db: Db,
  caseId: string,
  span: { from: number; to: number },
  after: Pick<ToldContact, "happenedAt" | "id"> | null,
  limit: number,
): Promise<ToldContact[]> {
  let query = db
    .selectFrom("incidents")
    .select([
      "id",
      "number",
      "happened_at",
      "precision",
      "channel",
      "direction",
      "duration_seconds",
      "said",
      "account",
      "from_number",
      "called_number",
      "collector_id",
    ])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", "<=", span.to);
  // One lower bound alone: with both SQLite begins every page at the first contact of the span.
  query =
    after === null
      ? query.where("happened_at", ">=", span.from)
      : query.where((eb) => eb(eb.refTuple("happened_at", "id"), ">", eb.tuple(after.happenedAt, after.id)));
  const rows = await query.orderBy("happened_at").orderBy("id").limit(limit).execute();
  if (rows.length === 0) return [];
  const tellings = await db
    .selectFrom("incident_sources")
    .select(["incident_id", "kind", "happened_at as happenedAt", "duration_seconds as durationSeconds"])
    .where("case_id", "=", caseId)
    .where(
      "incident_id",
      "in",
      rows.map(({ id }) => id),
    )
    .execute();
  const byIncident = Map.groupBy(tellings, (one) => one.incident_id);
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    happenedAt: row.happened_at,
    precision: row.precision as Precision,
    channel: row.channel as Channel,
    direction: row.direction as Direction,
    durationSeconds: row.duration_seconds,
    said: row.said,
    account: row.account,
    fromNumber: row.from_number,
    calledNumber: row.called_number,
    collectorId: row.collector_id,
    tellings: byIncident.get(row.id) ?? [],
  }));
}

/** The numbers that logged contacts came from, each with a collector it was named with, if any. */
export async function loggedNumbers(db: Db, caseId: string): Promise<{ number: string; collectorId: string | null }[]> {
  const rows = await db
    .selectFrom("incidents")
    .select((eb) => ["from_number", eb.fn.max("collector_id").as("collectorId")])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .where("from_number", "is not", null)
    .groupBy("from_number")
    .execute();
  return rows.flatMap(({ from_number: number, collectorId }) => (number === null ? [] : [{ number, collectorId }]));
}
