/** Codes of conduct that belong to a case: their saved versions and the draft under work. Never edited once released: a later change is a new file. */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function ownCodes(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  await db.schema
    .createTable("own_codes")
    .addColumn("case_id", sql`text`, (column) => column.notNull())
    .addColumn("code_id", sql`text`, (column) => column.notNull())
    .addColumn("origin", sql`text`)
    .addColumn("made_by", sql`text`, (column) => column.notNull())
    .addColumn("made_at", integer, (column) => column.notNull())
    .addColumn("retired_at", integer)
    .addPrimaryKeyConstraint("own_codes_key", ["case_id", "code_id"])
    .addForeignKeyConstraint("own_codes_case", ["case_id"], "cases", ["id"], (to) => to.onDelete("cascade"))
    .execute();
  await db.schema
    .createTable("own_code_versions")
    .addColumn("case_id", sql`text`, (column) => column.notNull())
    .addColumn("code_id", sql`text`, (column) => column.notNull())
    .addColumn("number", integer, (column) => column.notNull())
    .addColumn("version", sql`text`, (column) => column.notNull())
    .addColumn("title_json", sql`text`, (column) => column.notNull())
    .addColumn("yaml", sql`text`, (column) => column.notNull())
    .addColumn("sha256", sql`text`, (column) => column.notNull())
    .addColumn("note", sql`text`, (column) => column.notNull())
    .addColumn("saved_by", sql`text`, (column) => column.notNull())
    .addColumn("saved_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("own_code_versions_key", ["case_id", "code_id", "number"])
    .addForeignKeyConstraint(
      "own_code_versions_code",
      ["case_id", "code_id"],
      "own_codes",
      ["case_id", "code_id"],
      (to) => to.onDelete("cascade"),
    )
    .execute();
  await db.schema
    .createTable("own_code_drafts")
    .addColumn("case_id", sql`text`, (column) => column.notNull())
    .addColumn("code_id", sql`text`, (column) => column.notNull())
    .addColumn("yaml", sql`text`, (column) => column.notNull())
    .addColumn("revision", integer, (column) => column.notNull())
    .addColumn("changed_by", sql`text`, (column) => column.notNull())
    .addColumn("changed_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("own_code_drafts_key", ["case_id", "code_id"])
    .addForeignKeyConstraint(
      "own_code_drafts_code",
      ["case_id", "code_id"],
      "own_codes",
      ["case_id", "code_id"],
      (to) => to.onDelete("cascade"),
    )
    .execute();
}
