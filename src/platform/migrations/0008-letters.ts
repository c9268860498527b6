/** Letters to lender and collector: drafts and sent ones. Never edited once released: a later change is a new file. */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function letters(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  await db.schema
    .createTable("letters")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("case_id", "text", (column) => column.notNull().references("cases.id").onDelete("cascade"))
    .addColumn("number", integer, (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("facts_json", "text", (column) => column.notNull())
    .addColumn("texts_json", "text", (column) => column.notNull())
    .addColumn("edited", integer, (column) => column.notNull())
    .addColumn("version", integer, (column) => column.notNull())
    .addColumn("created_by", "text", (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addColumn("sent_json", "text")
    .addColumn("removed_at", integer)
    .execute();
  await db.schema.createIndex("letters_number").on("letters").columns(["case_id", "number"]).unique().execute();
}
