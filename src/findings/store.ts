/**
 * Findings and reviews in the database; every query names the case. The stored findings are written by judge-case.ts alone: call its
 * `currentFindings` before reading here. It must not know pages or the engine. Next: review.ts.
 */
import { type Expression, type Selectable, type SqlBool, expressionBuilder, sql } from "kysely";
import type { Finding } from "../conduct/finding.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import type { IncidentGlance, KeptFinding, KeptOutcome, Review, Verdict } from "./finding.ts";

export interface FindingFilter {
  outcomes?: readonly KeptOutcome[];
  rules?: readonly string[];
  severities?: readonly string[];
  /** What people said: `open` = nothing yet. */
  reviewed?: readonly (Verdict | "open")[];
  /** Local days of the incident, both included, YYYY-MM-DD. */
  from?: string;
  to?: string;
}

/** The place of a finding in a list, newest first: what a page continues from. */
export interface Place {
  happenedAt: number;
  incidentId: string;
  rule: string;
}
export interface PageWish {
  limit: number;
  /** Only what stands after this place (older) … */
  olderThan?: Place;
  /** … or before it (newer). */
  newerThan?: Place;
}

const findingColumns = [
  "findings.finding_json",
  "incidents.id",
  "incidents.number",
  "incidents.version",
  "incidents.channel",
  "incidents.direction",
  "incidents.happened_at",
  "incidents.precision",
  "incidents.outcome",
  "incidents.purpose",
  "incidents.automated",
  "incidents.contacted",
  "incidents.place",
  "incidents.called_number",
  "incidents.collector_id",
  "incidents.debt_id",
  "incidents.disclosed_json",
  "incidents.visitors",
  "reviews.verdict",
  "reviews.reason",
  "reviews.reviewed_by",
  "reviews.reviewed_at",
  "people.name as reviewer_name",
] as const;

const kept = (db: Db, caseId: string) =>
  db
    .selectFrom("findings")
    .innerJoin("incidents", (join) =>
      join
        .onRef("incidents.id", "=", "findings.incident_id")
        .onRef("incidents.case_id", "=", "findings.case_id")
        .on("incidents.removed_at", "is", null),
    )
    .leftJoin("reviews", (join) =>
      join
        .onRef("reviews.case_id", "=", "findings.case_id")
        .onRef("reviews.incident_id", "=", "findings.incident_id")
        .onRef("reviews.rule", "=", "findings.rule"),
    )
    .leftJoin("people", "people.id", "reviews.reviewed_by")
    .where("findings.case_id", "=", caseId);

/** The findings of one incident, the weightiest first. */
export async function findingsOfIncident(db: Db, caseId: string, incidentId: string): Promise<KeptFinding[]> {
  const rows = await kept(db, caseId)
    .select(findingColumns)
    .where("findings.incident_id", "=", incidentId)
    .orderBy(sql`case findings.outcome when 'matches' then 0 when 'needs-review' then 1 else 2 end`)
    .orderBy(sql`case findings.severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`)
    .orderBy("findings.rule")
    .execute();
  return rows.map(keptFrom);
}

/** One finding, or null when the rule does not (or no longer) say anything of that incident. */
export async function getFinding(
  db: Db,
  caseId: string,
  incidentNumber: number,
  rule: string,
): Promise<KeptFinding | null> {
  const row = await kept(db, caseId)
    .select(findingColumns)
    .where("incidents.number", "=", incidentNumber)
    .where("findings.rule", "=", rule)
    .executeTakeFirst();
  return row === undefined ? null : keptFrom(row);
}

/** A page of findings, newest incident first, and whether more stand on either side. */
export async function listFindings(
  db: Db,
  caseId: string,
  filter: FindingFilter,
  page: PageWish,
): Promise<{ findings: KeptFinding[]; olderPlace: Place | null; newerPlace: Place | null }> {
  const from = page.newerThan ?? page.olderThan;
  const backwards = page.newerThan !== undefined;
  const direction = backwards ? "asc" : "desc";
  let query = kept(db, caseId).select(findingColumns).where(wanted(filter));
  if (from !== undefined) {
    const place = sql`(${from.happenedAt}, ${from.incidentId}, ${from.rule})`;
    const here = sql`(findings.happened_at, findings.incident_id, findings.rule)`;
    query = query.where(backwards ? sql<SqlBool>`${here} > ${place}` : sql<SqlBool>`${here} < ${place}`);
  }
  const rows = await query
    .orderBy("findings.happened_at", direction)
    .orderBy("findings.incident_id", direction)
    .orderBy("findings.rule", direction)
    .limit(page.limit + 1)
    .execute();
  const more = rows.length > page.limit;
  const findings = rows.slice(0, page.limit).map(keptFrom);
  if (backwards) findings.reverse();
  const [first, last] = [findings[0], findings.at(-1)];
  const hasNewer = backwards ? more : from !== undefined;
  const hasOlder = backwards ? from !== undefined : more;
  return {
    findings,
    newerPlace: hasNewer && first !== undefined ? placeOf(first) : null,
    olderPlace: hasOlder && last !== undefined ? placeOf(last) : null,
  };
}

const placeOf = ({ finding, incident }: KeptFinding): Place => ({
  happenedAt: incident.happenedAt,
  incidentId: incident.id,
  rule: finding.rule,
});

export interface RuleCount {
  rule: string;
  outcome: KeptOutcome;
  /** Findings that nobody spoke of yet. */
  open: number;
  confirmed: number;
  dismissed: number;
  /** The newest incident of these, epoch milliseconds. */
  newestAt: number;
}

/**
 * How many findings there are of each rule and outcome, and what people said of them. Two queries, because without a filter the first
 * is answered by an index alone, and reviews are few.
 */
export async function countByRule(db: Db, caseId: string, filter: FindingFilter = {}): Promise<RuleCount[]> {
  const rows = await db
    .selectFrom("findings")
    .select((eb) => [
      "findings.rule",
      "findings.outcome",
      eb.fn.countAll<number>().as("n"),
      eb.fn.max("findings.happened_at").as("newest_at"),
    ])
    .where("findings.case_id", "=", caseId)
    .where(wanted(filter))
    .groupBy(["findings.rule", "findings.outcome"])
    .orderBy("findings.rule")
    .execute();
  const said = await db
    .selectFrom("reviews")
    .innerJoin("findings", (join) =>
      join
        .onRef("findings.case_id", "=", "reviews.case_id")
        .onRef("findings.incident_id", "=", "reviews.incident_id")
        .onRef("findings.rule", "=", "reviews.rule"),
    )
    .select((eb) => ["findings.rule", "findings.outcome", "reviews.verdict", eb.fn.countAll<number>().as("n")])
    .where("reviews.case_id", "=", caseId)
    .where(wanted(filter))
    .groupBy(["findings.rule", "findings.outcome", "reviews.verdict"])
    .execute();
  const saidOf = (rule: string, outcome: string, verdict: Verdict): number =>
    said.find((row) => row.rule === rule && row.outcome === outcome && row.verdict === verdict)?.n ?? 0;
  return rows.map(({ rule, outcome, n, newest_at }) => {
    const confirmed = saidOf(rule, outcome, "confirmed");
    const dismissed = saidOf(rule, outcome, "dismissed");
    return {
      rule,
      outcome: outcome as KeptOutcome,
      open: n - confirmed - dismissed,
      confirmed,
      dismissed,
      newestAt: newest_at,
    };
  });
}

/** The outcomes found on each of these incidents, dismissed ones left out; incidents without findings are absent. */
export async function outcomesOfIncidents(
  db: Db,
  caseId: string,
  incidentIds: readonly string[],
): Promise<Map<string, Map<KeptOutcome, number>>> {
  const counts = new Map<string, Map<KeptOutcome, number>>();
  if (incidentIds.length === 0) return counts;
  const rows = await kept(db, caseId)
    .select((eb) => ["findings.incident_id", "findings.outcome", eb.fn.countAll<number>().as("n")])
    .where("findings.incident_id", "in", incidentIds)
    .where((eb) => eb.or([eb("reviews.verdict", "is", null), eb("reviews.verdict", "!=", "dismissed")]))
    .groupBy(["findings.incident_id", "findings.outcome"])
    .execute();
  for (const row of rows) {
    const ofIncident = counts.get(row.incident_id) ?? new Map<KeptOutcome, number>();
    counts.set(row.incident_id, ofIncident.set(row.outcome as KeptOutcome, row.n));
  }
  return counts;
}

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

// --- reviews ------------------------------------------------------------------------------------------------------

/** What was said of a finding before, if anything. */
export async function getReview(
  db: Db,
  caseId: string,
  incidentId: string,
  rule: string,
): Promise<{ verdict: Verdict; reason: string | null } | null> {
  const row = await db
    .selectFrom("reviews")
    .select(["verdict", "reason"])
    .where("case_id", "=", caseId)
    .where("incident_id", "=", incidentId)
    .where("rule", "=", rule)
    .executeTakeFirst();
  return row === undefined ? null : { verdict: row.verdict as Verdict, reason: row.reason };
}

/** Keeps one review for an incident and a rule; the newest word counts, the history has them all. */
export async function putReview(
  tx: Tx,
  review: {
    caseId: string;
    incidentId: string;
    rule: string;
    verdict: Verdict;
    reason: string | null;
    by: string;
    at: number;
  },
): Promise<void> {
  const said = {
    verdict: review.verdict,
    reason: review.reason,
    reviewed_by: review.by,
    reviewed_at: review.at,
  };
  await tx
    .insertInto("reviews")
    .values({ case_id: review.caseId, incident_id: review.incidentId, rule: review.rule, ...said })
    .onConflict((conflict) => conflict.columns(["case_id", "incident_id", "rule"]).doUpdateSet(said))
    .execute();
}

export async function removeReview(tx: Tx, caseId: string, incidentId: string, rule: string): Promise<void> {
  await tx
    .deleteFrom("reviews")
    .where("case_id", "=", caseId)
    .where("incident_id", "=", incidentId)
    .where("rule", "=", rule)
    .execute();
}

// --- the stored judgement: written by judge-case.ts ------------------------------------------------------------------

export interface StoredFinding {
  incidentId: string;
  rule: string;
  outcome: KeptOutcome;
  /** When its incident happened, epoch milliseconds. */
  happenedAt: number;
  /** The finding as JSON text; equal text = equal finding. */
  json: string;
}
export interface NewFinding extends StoredFinding {
  finding: Finding;
}

const CHUNK = 1000;

/**
 * Takes the case for judging: no other process judges it until the transaction ends (its row is locked by an update that changes
 * nothing). @returns what is stale, as stored now.
 */
export async function lockForJudging(
  tx: Tx,
  caseId: string,
): Promise<{ staleFrom: number | null; staleTo: number | null; judgedWith: string | null } | null> {
  const row = await tx
    .updateTable("cases")
    .set((eb) => ({ judged_with: eb.ref("judged_with") }))
    .where("id", "=", caseId)
    .returning(["stale_from", "stale_to", "judged_with"])
    .executeTakeFirst();
  return row === undefined ? null : { staleFrom: row.stale_from, staleTo: row.stale_to, judgedWith: row.judged_with };
}

/** Says that the stored findings are what the facts give. */
export async function markJudged(tx: Tx, caseId: string, judgedWith: string): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ stale_from: null, stale_to: null, judged_with: judgedWith })
    .where("id", "=", caseId)
    .execute();
}

/** The stored findings of incidents that happened in a span (epoch ms, both ends included), of all rules or of these. */
export async function storedFindings(
  tx: Tx,
  caseId: string,
  span: { from: number; to: number },
  rules?: readonly string[],
): Promise<StoredFinding[]> {
  let query = tx
    .selectFrom("findings")
    .select(["incident_id", "rule", "outcome", "happened_at", "finding_json"])
    .where("case_id", "=", caseId)
    .where("happened_at", ">=", span.from)
    .where("happened_at", "<=", span.to);
  if (rules !== undefined) query = query.where("rule", "in", rules);
  const rows = await query.execute();
  return rows.map((row) => ({
    incidentId: row.incident_id,
    rule: row.rule,
    outcome: row.outcome as KeptOutcome,
    happenedAt: row.happened_at,
    json: row.finding_json,
  }));
}

/** Removes findings by incident and rule. */
export async function deleteFindings(
  tx: Tx,
  caseId: string,
  findings: readonly { incidentId: string; rule: string }[],
): Promise<void> {
  for (const [rule, ofRule] of Map.groupBy(findings, (finding) => finding.rule)) {
    for (let from = 0; from < ofRule.length; from += CHUNK) {
      await tx
        .deleteFrom("findings")
        .where("case_id", "=", caseId)
        .where("rule", "=", rule)
        .where(
          "incident_id",
          "in",
          ofRule.slice(from, from + CHUNK).map((finding) => finding.incidentId),
        )
        .execute();
    }
  }
}

/** Writes findings, replacing those of the same incident and rule. */
export async function putFindings(tx: Tx, caseId: string, findings: readonly NewFinding[]): Promise<void> {
  for (let from = 0; from < findings.length; from += CHUNK) {
    await tx
      .insertInto("findings")
      .values(
        findings.slice(from, from + CHUNK).map(({ finding, happenedAt, json }) => ({
          case_id: caseId,
          incident_id: finding.incident,
          rule: finding.rule,
          code_id: finding.code.id,
          code_version: finding.code.version,
          outcome: finding.outcome,
          basis: finding.basis,
          severity: finding.severity,
          happened_at: happenedAt,
          on_day: finding.at,
          finding_json: json,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["case_id", "incident_id", "rule"]).doUpdateSet((eb) => ({
          code_id: eb.ref("excluded.code_id"),
          code_version: eb.ref("excluded.code_version"),
          outcome: eb.ref("excluded.outcome"),
          basis: eb.ref("excluded.basis"),
          severity: eb.ref("excluded.severity"),
          happened_at: eb.ref("excluded.happened_at"),
          on_day: eb.ref("excluded.on_day"),
          finding_json: eb.ref("excluded.finding_json"),
        })),
      )
      .execute();
  }
}

// --- rows -------------------------------------------------------------------------------------------------------------

/** The condition that a filter stands for, on the table of findings; an absent part leaves everything in. */
function wanted(filter: FindingFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, "findings">();
  const parts: Expression<SqlBool>[] = [];
  if (filter.outcomes?.length) parts.push(eb("findings.outcome", "in", filter.outcomes));
  if (filter.rules?.length) parts.push(eb("findings.rule", "in", filter.rules));
  if (filter.severities?.length) parts.push(eb("findings.severity", "in", filter.severities));
  if (filter.reviewed?.length) {
    const reviewOf = eb
      .selectFrom("reviews")
      .select("reviews.verdict")
      .whereRef("reviews.case_id", "=", "findings.case_id")
      .whereRef("reviews.incident_id", "=", "findings.incident_id")
      .whereRef("reviews.rule", "=", "findings.rule");
    const verdicts = filter.reviewed.filter((said) => said !== "open");
    parts.push(
      eb.or([
        ...(filter.reviewed.includes("open") ? [eb.not(eb.exists(reviewOf))] : []),
        ...(verdicts.length > 0 ? [eb.exists(reviewOf.where("reviews.verdict", "in", verdicts))] : []),
      ]),
    );
  }
  if (filter.from !== undefined) parts.push(eb("findings.on_day", ">=", filter.from));
  if (filter.to !== undefined) parts.push(eb("findings.on_day", "<=", filter.to));
  return eb.and(parts);
}

type GlanceRow = Pick<
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

function glanceFrom(row: GlanceRow): IncidentGlance {
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

interface KeptRow extends GlanceRow {
  finding_json: string;
  verdict: string | null;
  reason: string | null;
  reviewed_by: string | null;
  reviewed_at: number | null;
  reviewer_name: string | null;
}

function keptFrom(row: KeptRow): KeptFinding {
  const review: Review | null =
    row.verdict === null || row.reviewed_at === null
      ? null
      : {
          verdict: row.verdict as Verdict,
          reason: row.reason,
          reviewedBy: row.reviewed_by ?? "",
          reviewerName: row.reviewer_name ?? "",
          reviewedAt: row.reviewed_at,
        };
  return { finding: JSON.parse(row.finding_json) as KeptFinding["finding"], incident: glanceFrom(row), review };
}
