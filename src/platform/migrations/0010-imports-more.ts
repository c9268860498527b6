/**
 * Where a carrier says that a call was made from, beside the record that says it; and an index of staged rows for those alone that are
 * walked through in the order of time. Never edited once released: a later change is a new file.
 */
import { type Kysely, sql } from "kysely";

export async function importsMore(db: Kysely<unknown>): Promise<void> {
  for (const table of ["import_rows", "incident_sources", "left_records"]) {
    await db.schema
      .alterTable(table)
      .addColumn("place", sql`text`)
      .execute();
  }
  await db.schema.dropIndex("import_rows_when").execute();
  await db.schema
    .createIndex("import_rows_new")
    .on("import_rows")
    .columns(["import_id", "happened_at", "file", "row"])
    .where(sql<boolean>`verdict = 'new'`)
    .execute();
}
