/** Incidents in the database: one, a page of many, and what a form offers. Rows are parsed here; every query names the case. */
import { type ExpressionBuilder, type Selectable, sql } from "kysely";
import type { Act, Channel, Outcome, Precision } from "../conduct/vocabulary.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import type { IncidentFilter } from "./filter.ts";
import type { Contacted, Direction, Disclosure, Incident, IncidentFacts, Place, Purpose } from "./incident.ts";

export async function getIncident(db: Db, caseId: string, number: number): Promise<Incident | null> {
  const row = await db
    .selectFrom("incidents")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? null : incidentFrom(row);
}

/** By the id its form was opened with: the contact that a first press of Save already logged. */
export async function getIncidentById(db: Db, caseId: string, id: string): Promise<Incident | null> {
  const row = await db
    .selectFrom("incidents")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : incidentFrom(row);
}

export async function insertIncident(tx: Tx, caseId: string, incident: Incident): Promise<void> {
  await tx
    .insertInto("incidents")
    .values({
      ...columnsOf(incident),
      id: incident.id,
      case_id: caseId,
      number: incident.number,
      version: incident.version,
      logged_by: incident.loggedBy,
      logged_at: incident.loggedAt,
      removed_at: incident.removedAt,
    })
    .execute();
}

/** Writes the facts if nobody else has since `version`. @returns false when somebody has. */
export async function updateIncident(
  tx: Tx,
  caseId: string,
  id: string,
  version: number,
  facts: IncidentFacts,
): Promise<boolean> {
  const row = await tx
    .updateTable("incidents")
    .set({ ...columnsOf(facts), version: version + 1 })
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("version", "=", version)
    .where("removed_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Into the bin (a moment) or out of it (null). @returns false when it is there already. */
export async function setRemoved(tx: Tx, caseId: string, id: string, at: number | null): Promise<boolean> {
  const row = await tx
    .updateTable("incidents")
    .set((eb) => ({ removed_at: at, version: eb("version", "+", 1) }))
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("removed_at", at === null ? "is not" : "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Where a page of a list begins: just older, or just newer, than one contact. */
export type ListFrom = { side: "older" | "newer"; happenedAt: number; id: string };

/** A page of contacts, newest first, and one more than `limit` when there are more in that direction. */
export async function listIncidents(
  db: Db,
  caseId: string,
  filter: IncidentFilter,
  from: ListFrom | null,
  limit: number,
): Promise<Incident[]> {
  const newer = from?.side === "newer";
  let query = db
    .selectFrom("incidents")
    .selectAll()
    .where("case_id", "=", caseId)
    .where((eb) => matching(eb, caseId, filter));
  if (from !== null) {
    const edge = from;
    query = query.where((eb) =>
      eb(eb.refTuple("happened_at", "incidents.id"), newer ? ">" : "<", eb.tuple(edge.happenedAt, edge.id)),
    );
  }
  const order = newer ? "asc" : "desc";
  const rows = await query
    .orderBy("happened_at", order)
    .orderBy("incidents.id", order)
    .limit(limit + 1)
    .execute();
  const incidents = rows.map(incidentFrom);
  return newer ? incidents.toReversed() : incidents;
}

export async function countIncidents(db: Db, caseId: string, filter: IncidentFilter): Promise<number> {
  const { n } = await db
    .selectFrom("incidents")
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .where("case_id", "=", caseId)
    .where((eb) => matching(eb, caseId, filter))
    .executeTakeFirstOrThrow();
  return n;
}

function matching(eb: ExpressionBuilder<Schema, "incidents">, caseId: string, filter: IncidentFilter) {
  const contains = (column: "said" | "account" | "from_number" | "called_number", text: string) =>
    sql<boolean>`lower(${sql.ref(column)}) like ${`%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`} escape '\\'`;
  const evidence = eb.exists(
    eb
      .selectFrom("evidence_links")
      .innerJoin("evidence", "evidence.id", "evidence_links.evidence_id")
      .select("evidence.id")
      .where("evidence_links.case_id", "=", caseId)
      .where("subject_kind", "=", "incident")
      .whereRef("subject_id", "=", "incidents.id")
      .where("evidence.removed_at", "is", null),
  );
  return eb.and([
    eb("incidents.removed_at", filter.bin ? "is not" : "is", null),
    ...(filter.channel === undefined ? [] : [eb("channel", "=", filter.channel)]),
    ...(filter.outcome === undefined ? [] : [eb("outcome", "=", filter.outcome)]),
    ...(filter.contacted === undefined ? [] : [eb("contacted", "=", filter.contacted)]),
    ...(filter.collector === undefined ? [] : [eb("collector_id", "=", filter.collector)]),
    ...(filter.number === undefined
      ? []
      : [eb.or([contains("from_number", filter.number), contains("called_number", filter.number)])]),
    ...(filter.from === undefined ? [] : [eb("happened_at", ">=", filter.from.at)]),
    ...(filter.to === undefined ? [] : [eb("happened_at", "<", filter.to.at)]),
    ...(filter.evidence === undefined ? [] : [filter.evidence === "yes" ? evidence : eb.not(evidence)]),
    ...(filter.words === undefined ? [] : [eb.or([contains("said", filter.words), contains("account", filter.words)])]),
  ]);
}

/** How many files (not in the bin) each of these contacts has; one without any is not in the map. */
export async function countFiles(db: Db, caseId: string, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("evidence_links")
    .innerJoin("evidence", "evidence.id", "evidence_links.evidence_id")
    .select(["subject_id", (eb) => eb.fn.countAll<number>().as("n")])
    .where("evidence_links.case_id", "=", caseId)
    .where("subject_kind", "=", "incident")
    .where("subject_id", "in", ids)
    .where("evidence.removed_at", "is", null)
    .groupBy("subject_id")
    .execute();
  return new Map(rows.map(({ subject_id, n }) => [subject_id, n]));
}

/** The numbers used most recently in the case, each once, newest first: what a form offers to choose from. */
export async function recentNumbers(
  db: Db,
  caseId: string,
  limit: number,
): Promise<{ from: string[]; called: string[] }> {
  const rows = await db
    .selectFrom("incidents")
    .select(["from_number", "called_number"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("happened_at", "desc")
    .orderBy("id", "desc")
    .limit(200)
    .execute();
  const distinct = (values: (string | null)[]) =>
    [...new Set(values.filter((value) => value !== null))].slice(0, limit);
  return { from: distinct(rows.map((row) => row.from_number)), called: distinct(rows.map((row) => row.called_number)) };
}

/** How many contacts of the case came from a number. */
export async function countFromNumber(db: Db, caseId: string, fromNumber: string): Promise<number> {
  const { n } = await db
    .selectFrom("incidents")
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .where("case_id", "=", caseId)
    .where("from_number", "=", fromNumber)
    .where("removed_at", "is", null)
    .executeTakeFirstOrThrow();
  return n;
}

/** The contacts of one local day (from, to in epoch ms, `to` excluded), oldest first. */
export async function incidentsBetween(
  db: Db,
  caseId: string,
  from: number,
  to: number,
  limit: number,
): Promise<Incident[]> {
  const rows = await db
    .selectFrom("incidents")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", ">=", from)
    .where("happened_at", "<", to)
    .orderBy("happened_at")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(incidentFrom);
}

/** Names of people, for the history of an incident. */
export async function namesOf(db: Db, personIds: readonly string[]): Promise<Map<string, string>> {
  if (personIds.length === 0) return new Map();
  const rows = await db.selectFrom("people").select(["id", "name"]).where("id", "in", personIds).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const flag = (value: boolean | null): number | null => (value === null ? null : value ? 1 : 0);

const columnsOf = (facts: IncidentFacts) => ({
  channel: facts.channel,
  direction: facts.direction,
  happened_at: facts.happenedAt,
  precision: facts.precision,
  duration_seconds: facts.durationSeconds,
  outcome: facts.outcome,
  purpose: facts.purpose,
  automated: flag(facts.automated),
  contacted: facts.contacted,
  place: facts.place,
  from_number: facts.fromNumber,
  called_number: facts.calledNumber,
  collector_id: facts.collectorId,
  debt_id: facts.debtId,
  acts_json: JSON.stringify(facts.acts),
  said: facts.said,
  account: facts.account,
  disclosed_json: facts.disclosed === null ? null : JSON.stringify(facts.disclosed),
  visitors: facts.visitors,
});

/** A row as this file and the migrations alone write it; the words in it were checked when they came in. */
function incidentFrom(row: Selectable<Schema["incidents"]>): Incident {
  return {
    id: row.id,
    number: row.number,
    channel: row.channel as Channel,
    direction: row.direction as Direction,
    happenedAt: row.happened_at,
    precision: row.precision as Precision,
    durationSeconds: row.duration_seconds,
    outcome: row.outcome as Outcome | null,
    purpose: row.purpose as Purpose | null,
    automated: row.automated === null ? null : row.automated === 1,
    contacted: row.contacted as Contacted | null,
    place: row.place as Place | null,
    fromNumber: row.from_number,
    calledNumber: row.called_number,
    collectorId: row.collector_id,
    debtId: row.debt_id,
    acts: JSON.parse(row.acts_json) as Act[],
    said: row.said,
    account: row.account,
    disclosed: row.disclosed_json === null ? null : (JSON.parse(row.disclosed_json) as Disclosure[]),
    visitors: row.visitors,
    version: row.version,
    loggedBy: row.logged_by,
    loggedAt: row.logged_at,
    removedAt: row.removed_at,
  };
}
