/**
 * What stays of an import beyond its incidents: from when to when each file reaches, and, of files that are kept whole as an exhibit
 * anyway, the records of phones and carriers that were left out, so that calls nobody logged can still be found. Next: ../tidy.ts.
 */
import { sql } from "kysely";
import type { Tx } from "../../platform/database.ts";

/** Keeps it, before the staged rows go; safe to repeat. What came of an import that was taken back goes. */
export async function keepLeft(tx: Tx, caseId: string, importId: string): Promise<void> {
  const { state, keeps } = await tx
    .selectFrom("imports")
    .select(["state", "keeps"])
    .where("case_id", "=", caseId)
    .where("id", "=", importId)
    .executeTakeFirstOrThrow();
  if (state !== "committed") {
    await tx.deleteFrom("left_records").where("case_id", "=", caseId).where("import_id", "=", importId).execute();
    return;
  }
  await sql`insert into import_spans (import_id, file, kind, channel, direction, case_id, first_at, last_at, n)
    select import_id, file, kind, channel, direction, case_id, min(happened_at), max(happened_at), count(*) from import_rows
    where case_id = ${caseId} and import_id = ${importId} and kind is not null and channel is not null and direction is not null
      and happened_at is not null
    group by import_id, file, kind, channel, direction, case_id on conflict do nothing`.execute(tx);
  if (keeps !== "file") return;
  await sql`insert into left_records (import_id, file, row, case_id, line, kind, happened_at, precision, time_from, channel, direction,
      duration_seconds, outcome, number, other, other_name, own, said, standing, place)
    select import_id, file, row, case_id, line, kind, happened_at, precision, time_from, channel, direction, duration_seconds, outcome,
      number, other, other_name, own, said, 'other', place from import_rows
    where case_id = ${caseId} and import_id = ${importId} and becomes = 'left-out' and kind in ('phone', 'carrier')
      and happened_at is not null and attachments_json is null
    on conflict do nothing`.execute(tx);
}
