/**
 * What backs each contact, kept so that counting and listing need not read every record again; and the comparison with the records to be
 * done once more from the beginning. Never edited once released: a later change is a new file.
 */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function backings(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  await db.schema
    .createTable("backings")
    .addColumn("case_id", sql`text`, (column) => column.notNull().references("cases.id").onDelete("cascade"))
    .addColumn("incident_id", sql`text`, (column) => column.notNull())
    .addColumn("happened_at", integer, (column) => column.notNull())
    .addColumn("made", integer, (column) => column.notNull())
    .addColumn("sources", integer, (column) => column.notNull())
    .addColumn("differs", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("backings_key", ["case_id", "incident_id"])
    .execute();
  // The sums over all contacts are answered by this index alone.
  await db.schema
    .createIndex("backings_sums")
    .on("backings")
    .columns(["case_id", "sources", "made", "differs"])
    .execute();
  await db.schema
    .createIndex("backings_differs")
    .on("backings")
    .columns(["case_id", "happened_at", "incident_id"])
    .where(sql<boolean>`differs > 0`)
    .execute();
  await sql`update cases set compared_history = null`.execute(db);
}
