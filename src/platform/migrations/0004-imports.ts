/** Imports on their way, the rows they staged, and what every incident is told by. Never edited once released: a later change is a new file. */
import { type CreateTableBuilder, type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function imports(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  /** A name means text, `name#` a whole number; a final `?` allows null. */
  const table = (name: string, names: string, key: string[]): CreateTableBuilder<string> =>
    names
      .trim()
      .split(/\s+/)
      .reduce<CreateTableBuilder<string>>((made, word) => {
        const nullable = word.endsWith("?");
        const marked = nullable ? word.slice(0, -1) : word;
        const whole = marked.endsWith("#");
        return made.addColumn((whole ? marked.slice(0, -1) : marked) as never, whole ? integer : sql`text`, (column) =>
          nullable ? column : column.notNull(),
        );
      }, db.schema.createTable(name))
      .addPrimaryKeyConstraint(`${name}_key`, key as never[]);
  const goesWith = (made: CreateTableBuilder<string>, name: string, column: string, other: string) =>
    made.addForeignKeyConstraint(`${name}_${other}`, [column] as never[], other, ["id"], (reference) =>
      reference.onDelete("cascade"),
    );
  const index = (name: string, on: string, by: string[]) => db.schema.createIndex(name).on(on).columns(by).execute();

  await goesWith(
    table(
      "imports",
      `id case_id number# state error_json? progress_json counts_json? keeps? contacted beat_at# tidied# created_by created_at#
       committed_by? committed_at#? undone_by? undone_at#?`,
      ["id"],
    ),
    "imports",
    "case_id",
    "cases",
  ).execute();
  await db.schema.createIndex("imports_number").on("imports").columns(["case_id", "number"]).unique().execute();
  await goesWith(
    table(
      "import_files",
      `import_id file# case_id name sha256 size# media_type format? formats_json questions_json answers_json samples_json rows#
       evidence_id?`,
      ["import_id", "file"],
    ),
    "import_files",
    "import_id",
    "imports",
  ).execute();
  await index("import_files_sha256", "import_files", ["sha256", "case_id"]);
  await goesWith(
    table(
      "import_parties",
      `import_id key case_id label number? name? calls# messages# incoming# outgoing# worded# first_at# last_at# why? rank# choice`,
      ["import_id", "key"],
    ),
    "import_parties",
    "import_id",
    "imports",
  ).execute();
  await index("import_parties_rank", "import_parties", ["import_id", "rank", "key"]);
  await goesWith(
    table(
      "import_rows",
      `import_id file# row# case_id line#? verdict becomes why_json? oddities_json? party? kind? happened_at#? precision? time_from?
       channel? direction? duration_seconds#? outcome? other? number? other_name? own? said? told_json? attachments_json?
       incident_id? known_id? known_number#? same_file#? same_row#?`,
      ["import_id", "file", "row"],
    ),
    "import_rows",
    "import_id",
    "imports",
  ).execute();
  await index("import_rows_when", "import_rows", ["import_id", "happened_at", "file", "row"]);
  await index("import_rows_becomes", "import_rows", ["import_id", "becomes", "file", "row"]);
  await db.schema
    .createIndex("import_rows_attachments")
    .on("import_rows")
    .columns(["import_id"])
    .where(sql.ref("attachments_json"), "is not", null)
    .execute();
  await goesWith(
    table("import_mappings", "case_id heading_sha256 answer used_at#", ["case_id", "heading_sha256"]),
    "import_mappings",
    "case_id",
    "cases",
  ).execute();
  await goesWith(
    table(
      "incident_sources",
      `case_id incident_id import_id file# row# line#? kind made# happened_at# precision time_from duration_seconds#? number?`,
      ["import_id", "file", "row"],
    ),
    "incident_sources",
    "import_id",
    "imports",
  ).execute();
  await index("incident_sources_incident", "incident_sources", ["case_id", "incident_id"]);
}
