/**
 * Redacted copies of evidence with what was done to make them, redactions somebody is working on, and which files go along with a
 * complaint. Never edited once released: a later change is a new file.
 */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function redaction(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  /** A name means text, `name#` a whole number; a final `?` allows null. */
  const table = (name: string, names: string, key: string[]) => {
    let made = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, key as never[]);
    for (const word of names.trim().split(/\s+/)) {
      const [, column = "", whole, nullable] = /^(\w+)(#?)(\??)$/.exec(word) ?? [];
      made = made.addColumn(column as never, whole === "#" ? integer : sql`text`, (definition) =>
        nullable === "?" ? definition : definition.notNull(),
      );
    }
    return made;
  };

  await table(
    "redacted_copies",
    `id case_id evidence_id version# state recipe_json error? original_sha256 sha256? size#? media_type? made_by ordered_at#
     made_at#? removed_at#?`,
    ["id"],
  )
    .addForeignKeyConstraint("redacted_copies_evidence", ["evidence_id"] as never[], "evidence", ["id"], (to) =>
      to.onDelete("cascade"),
    )
    .execute();
  await db.schema
    .createIndex("redacted_copies_version")
    .on("redacted_copies")
    .columns(["case_id", "evidence_id", "version"])
    .unique()
    .execute();
  await db.schema.createIndex("redacted_copies_content").on("redacted_copies").column("sha256").execute();

  await table("redaction_drafts", "case_id evidence_id recipe_json saved_by saved_at#", ["case_id", "evidence_id"])
    .addForeignKeyConstraint("redaction_drafts_evidence", ["evidence_id"] as never[], "evidence", ["id"], (to) =>
      to.onDelete("cascade"),
    )
    .execute();

  await table("complaint_attachments", "case_id complaint_id choice_json saved_by saved_at#", ["complaint_id"])
    .addForeignKeyConstraint(
      "complaint_attachments_complaint",
      ["complaint_id"] as never[],
      "complaints",
      ["id"],
      (to) => to.onDelete("cascade"),
    )
    .execute();
}
