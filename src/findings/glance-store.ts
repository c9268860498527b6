/** What a finding shows of an incident, read from the rows of incidents. It must not know findings. Next: store.ts. */
import type { Selectable } from "kysely";
import type { Db } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import type { IncidentGlance } from "./finding.ts";

/** At most so many ids stand in one query. */
const CHUNK = 1000;

/** What a finding shows of the incidents it counted or quotes, by id. */
export async function glancesOf(
  db: Db,
  caseId: string,
  incidentIds: readonly string[],
): Promise<Map<string, IncidentGlance>> {
  const glances = new Map<string, IncidentGlance>();
  const ids = [...new Set(incidentIds)];
  for (let from = 0; from < ids.length; from += CHUNK) {
    const rows = await db
      .selectFrom("incidents")
      .selectAll()
      .where("case_id", "=", caseId)
      .where("id", "in", ids.slice(from, from + CHUNK))
      .execute();
    for (const row of rows) glances.set(row.id, glanceFrom(row));
  }
  return glances;
}

export type GlanceRow = Pick<
  Selectable<Schema["incidents"]>,
  | "id"
  | "number"
  | "version"
  | "channel"
  | "direction"
  | "happened_at"
  | "precision"
  | "outcome"
  | "purpose"
  | "automated"
  | "contacted"
  | "place"
  | "called_number"
  | "collector_id"
  | "debt_id"
  | "disclosed_json"
  | "visitors"
>;

export function glanceFrom(row: GlanceRow): IncidentGlance {
  const said: Record<string, unknown> = {
    outcome: row.outcome === "unknown" ? null : row.outcome,
    purpose: row.purpose === "unknown" ? null : row.purpose,
    place: row.place === "unknown" ? null : row.place,
    automated: row.automated,
    contacted: row.contacted,
    calledNumber: row.called_number,
    collector: row.collector_id,
    debt: row.debt_id,
    disclosed: row.disclosed_json,
    visitors: row.visitors,
    "time-of-day": row.precision === "exact" || row.precision === "about" ? true : null,
    happenedAt: row.precision === "month" ? null : true,
  };
  return {
    id: row.id,
    number: row.number,
    version: row.version,
    channel: row.channel as IncidentGlance["channel"],
    direction: row.direction as IncidentGlance["direction"],
    happenedAt: row.happened_at,
    precision: row.precision as IncidentGlance["precision"],
    outcome: row.outcome as IncidentGlance["outcome"],
    contacted: row.contacted,
    silentOn: new Set(Object.keys(said).filter((field) => said[field] === null)),
  };
}
