/** One record taken out of those that were left, and put with its contact. Every query names the case. Next: take-over.ts. */
import type { Contacted } from "../incidents/incident.ts";
import type { Tx } from "../platform/database.ts";
import { type LeftRecord, type Place, columns, keptRecords, shownStandings } from "./left-store.ts";

/** One record by its place, to be taken over; null when it is gone already. */
export async function takeLeft(
  tx: Tx,
  caseId: string,
  { importId, file, row }: Omit<Place, "happenedAt">,
): Promise<LeftRecord | null> {
  const found = await keptRecords(tx, caseId)
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
      place: record.place,
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
