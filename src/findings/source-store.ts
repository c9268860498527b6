/** Where the facts of incidents came from: who logged them, and the row of a file they were imported from. Next: fact-sources.ts. */
import type { Db } from "../platform/database.ts";
import type { IncidentGlance } from "./finding.ts";
import { glanceFrom } from "./glance-store.ts";

export interface Origin {
  loggedBy: string;
  /** Epoch milliseconds. */
  loggedAt: number;
  /** The record it was made from; null when a person typed it. */
  imported: { number: number; file: string; row: number } | null;
}

export async function originOf(db: Db, caseId: string, incidentId: string): Promise<Origin | null> {
  const row = await db
    .selectFrom("incidents")
    .leftJoin("incident_sources", (join) =>
      join
        .onRef("incident_sources.case_id", "=", "incidents.case_id")
        .onRef("incident_sources.incident_id", "=", "incidents.id")
        .on("incident_sources.made", "=", 1),
    )
    .leftJoin("imports", "imports.id", "incident_sources.import_id")
    .leftJoin("import_files", (join) =>
      join
        .onRef("import_files.import_id", "=", "incident_sources.import_id")
        .onRef("import_files.file", "=", "incident_sources.file"),
    )
    .select([
      "incidents.logged_by",
      "incidents.logged_at",
      "imports.number",
      "import_files.name",
      "incident_sources.row",
    ])
    .where("incidents.case_id", "=", caseId)
    .where("incidents.id", "=", incidentId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { number, name, row: at } = row;
  const imported = number === null || at === null ? null : { number, file: name ?? "", row: at };
  return { loggedBy: row.logged_by, loggedAt: row.logged_at, imported };
}

/** People's names by id. */
export async function peopleNamed(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("people")
    .select(["id", "name"])
    .where("id", "in", [...new Set(ids)])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The incident with this human number; null when there is none, or it is in the bin, where nothing is judged. */
export async function glanceNumbered(db: Db, caseId: string, number: number): Promise<IncidentGlance | null> {
  const row = await db
    .selectFrom("incidents")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .where("removed_at", "is", null)
    .executeTakeFirst();
  return row === undefined ? null : glanceFrom(row);
}
