/**
 * Complaints and their correspondence, private calendar addresses, and reminders. Never edited once released: a later change is a new
 * file.
 */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function complaints(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
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
    "complaints",
    `id case_id number# channel follows? request? narrative? chosen_json filed_on? receipt? dossier_id? acknowledged_on? answered_on?
     outcome? escalated_on? closed_on? version# created_by created_at# removed_at#?`,
    ["id"],
  )
    .addForeignKeyConstraint("complaints_case", ["case_id"] as never[], "cases", ["id"], (to) => to.onDelete("cascade"))
    .execute();
  await db.schema.createIndex("complaints_number").on("complaints").columns(["case_id", "number"]).unique().execute();
  await table("complaint_letters", "id case_id complaint_id kind on_day words? created_by created_at#", ["id"])
    .addForeignKeyConstraint("complaint_letters_complaint", ["complaint_id"] as never[], "complaints", ["id"], (to) =>
      to.onDelete("cascade"),
    )
    .execute();
  await db.schema
    .createIndex("complaint_letters_day")
    .on("complaint_letters")
    .columns(["case_id", "complaint_id", "on_day"])
    .execute();

  await table("calendar_feeds", "id person_id token_sha256 created_at# revoked_at#?", ["id"])
    .addForeignKeyConstraint("calendar_feeds_person", ["person_id"] as never[], "people", ["id"], (to) =>
      to.onDelete("cascade"),
    )
    .execute();
  await db.schema.createIndex("calendar_feeds_token").on("calendar_feeds").column("token_sha256").unique().execute();
  await db.schema.createIndex("calendar_feeds_person_id").on("calendar_feeds").column("person_id").execute();

  await table("reminder_wishes", "person_id zone locale days_before# created_at#", ["person_id"])
    .addForeignKeyConstraint("reminder_wishes_person", ["person_id"] as never[], "people", ["id"], (to) =>
      to.onDelete("cascade"),
    )
    .execute();
  await table("reminders_sent", "person_id complaint_id step due_on at#", [
    "person_id",
    "complaint_id",
    "step",
    "due_on",
  ])
    .addForeignKeyConstraint("reminders_sent_complaint", ["complaint_id"] as never[], "complaints", ["id"], (to) =>
      to.onDelete("cascade"),
    )
    .execute();
}
