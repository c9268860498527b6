/** Staged rows as a person checks them, and what the boxes do to them. Every query names the case and the import. Next: ../choose.ts. */
import type { Selectable } from "kysely";
import type { Channel, Direction, Outcome, Precision } from "../../conduct/vocabulary.ts";
import type { Db, Tx } from "../../platform/database.ts";
import type { Schema } from "../../platform/schema.ts";
import type { Disposition, Verdict } from "../import.ts";
import type { Attachment, Problem, TimeSource } from "../reader.ts";

/** A row as the person sees it. */
export interface StagedRow {
  file: number;
  row: number;
  line: number | null;
  verdict: Verdict;
  becomes: Disposition;
  why: Problem | null;
  oddities: readonly Problem[];
  party: string | null;
  happenedAt: number | null;
  precision: Precision | null;
  timeFrom: TimeSource | null;
  channel: Channel | null;
  direction: Direction | null;
  durationSeconds: number | null;
  outcome: Outcome | null;
  other: string | null;
  number: string | null;
  otherName: string | null;
  said: string | null;
  attachments: readonly Attachment[];
  knownId: string | null;
  knownNumber: number | null;
  sameFile: number | null;
  sameRow: number | null;
  /** Where the record says that it was. */
  recordPlace: string | null;
}

type Place = Pick<StagedRow, "file" | "row">;

/** Rows in the order of the files, a page after (or before) one. */
export async function listRows(
  db: Db,
  caseId: string,
  importId: string,
  filter: { becomes: Disposition | null; side: "after" | "before"; place: Place | null; limit: number },
): Promise<StagedRow[]> {
  const back = filter.side === "before";
  let query = db.selectFrom("import_rows").selectAll().where("case_id", "=", caseId).where("import_id", "=", importId);
  if (filter.becomes !== null) query = query.where("becomes", "=", filter.becomes);
  const { place } = filter;
  if (place !== null) {
    query = query.where((eb) => eb(eb.refTuple("file", "row"), back ? "<" : ">", eb.tuple(place.file, place.row)));
  }
  const order = back ? "desc" : "asc";
  const rows = await query.orderBy("file", order).orderBy("row", order).limit(filter.limit).execute();
  const staged = rows.map(rowFrom);
  return back ? staged.toReversed() : staged;
}

/** Rows by their places. */
export async function rowsAt(db: Db, caseId: string, importId: string, places: readonly Place[]): Promise<StagedRow[]> {
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom("import_rows")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where((eb) => eb.or(places.map(({ file, row }) => eb.and([eb("file", "=", file), eb("row", "=", row)]))))
    .execute();
  return rows.map(rowFrom);
}

export async function setBecomes(
  tx: Tx,
  caseId: string,
  importId: string,
  { file, row }: Place,
  becomes: Disposition,
): Promise<void> {
  await tx
    .updateTable("import_rows")
    .set({ becomes })
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("file", "=", file)
    .where("row", "=", row)
    .execute();
}

/** What tells a row again goes with it: while that row becomes no incident, they are left out, too. @returns how many rows. */
export async function followRow(
  tx: Tx,
  caseId: string,
  importId: string,
  { file, row }: Place,
  becomes: "duplicate" | "left-out",
): Promise<number> {
  const done = await tx
    .updateTable("import_rows")
    .set({ becomes })
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("same_file", "=", file)
    .where("same_row", "=", row)
    .where("becomes", "=", becomes === "duplicate" ? "left-out" : "duplicate")
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

function rowFrom(row: Selectable<Schema["import_rows"]>): StagedRow {
  return {
    file: row.file,
    row: row.row,
    line: row.line,
    verdict: row.verdict as Verdict,
    becomes: row.becomes as Disposition,
    why: row.why_json === null ? null : (JSON.parse(row.why_json) as Problem),
    oddities: row.oddities_json === null ? [] : (JSON.parse(row.oddities_json) as Problem[]),
    party: row.party,
    happenedAt: row.happened_at,
    precision: row.precision as Precision | null,
    timeFrom: row.time_from as TimeSource | null,
    channel: row.channel as Channel | null,
    direction: row.direction as Direction | null,
    durationSeconds: row.duration_seconds,
    outcome: row.outcome as Outcome | null,
    other: row.other,
    number: row.number,
    otherName: row.other_name,
    said: row.said,
    attachments: row.attachments_json === null ? [] : (JSON.parse(row.attachments_json) as Attachment[]),
    knownId: row.known_id,
    knownNumber: row.known_number,
    sameFile: row.same_file,
    sameRow: row.same_row,
    recordPlace: row.place,
  };
}
