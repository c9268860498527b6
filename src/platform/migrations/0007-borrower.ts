/**
 * What the borrower keeps beside contacts: requests to the lender and their answers, repayment plans, payments, the lender's figures,
 * and what the episode did to them. Never edited once released: a later change is a new file.
 */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function borrower(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  await db.schema
    .createTable("ledger_entries")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("case_id", "text", (column) => column.notNull().references("cases.id").onDelete("cascade"))
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("number", integer, (column) => column.notNull())
    .addColumn("on_day", "text", (column) => column.notNull())
    .addColumn("facts_json", "text", (column) => column.notNull())
    .addColumn("version", integer, (column) => column.notNull())
    .addColumn("created_by", "text", (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("removed_at", integer)
    .execute();
  // What each entry said, version by version: the history names them by a digest, because it travels with every dossier.
  await db.schema
    .createTable("ledger_versions")
    .addColumn("case_id", "text", (column) => column.notNull())
    .addColumn("entry_id", "text", (column) => column.notNull().references("ledger_entries.id").onDelete("cascade"))
    .addColumn("version", integer, (column) => column.notNull())
    .addColumn("facts_json", "text", (column) => column.notNull())
    .addColumn("salt", "text", (column) => column.notNull())
    .addColumn("said_by", "text", (column) => column.notNull())
    .addColumn("said_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("ledger_versions_key", ["entry_id", "version"])
    .execute();
  const index = (name: string, columns: string[]) =>
    db.schema
      .createIndex(name)
      .on("ledger_entries")
      .columns(columns as never[]);
  await index("ledger_entries_number", ["case_id", "kind", "number"]).unique().execute();
  await index("ledger_entries_day", ["case_id", "kind", "on_day", "number"]).execute();
}
