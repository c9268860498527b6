/**
 * What imported files say of contacts beyond those that became incidents: from when to when each file reaches, and, of files kept whole,
 * the records that were left out. Never edited once released: a later change is a new file.
 */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function corroboration(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  /** A name means text, `name#` a whole number; a final `?` allows null. Goes with its import. */
  const table = (name: string, names: string, key: string[]) => {
    let made = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, key as never[]);
    for (const word of names.trim().split(/\s+/)) {
      const [, column = "", whole, nullable] = /^(\w+)(#?)(\??)$/.exec(word) ?? [];
      made = made.addColumn(column as never, whole === "#" ? integer : sql`text`, (definition) =>
        nullable === "?" ? definition : definition.notNull(),
      );
    }
    return made
      .addForeignKeyConstraint(`${name}_import`, ["import_id"] as never[], "imports", ["id"], (to) =>
        to.onDelete("cascade"),
      )
      .execute();
  };

  await table("import_spans", "import_id file# kind channel direction case_id first_at# last_at# n#", [
    "import_id",
    "file",
    "kind",
    "channel",
    "direction",
  ]);
  await db.schema.createIndex("import_spans_case").on("import_spans").columns(["case_id"]).execute();
  await table(
    "left_records",
    `import_id file# row# case_id line#? kind happened_at# precision time_from channel direction duration_seconds#? outcome? number?
     other? other_name? own? said? standing known_id? apart#? collector_id?`,
    ["import_id", "file", "row"],
  );
  await db.schema
    .createIndex("left_records_standing")
    .on("left_records")
    .columns(["case_id", "standing", "happened_at", "import_id", "file", "row"])
    .execute();
  await db.schema
    .createIndex("left_records_when")
    .on("left_records")
    .columns(["case_id", "happened_at", "import_id", "file", "row"])
    .execute();
  // What backs an incident is counted over all incidents at once: the index answers it alone.
  await db.schema
    .createIndex("incident_sources_kinds")
    .on("incident_sources")
    .columns(["case_id", "incident_id", "kind", "made"])
    .execute();
  await db.schema.alterTable("cases").addColumn("compared_history", integer).execute();
}
