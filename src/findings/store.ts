/**
 * Reading findings with what people said of them: of one incident, one by itself, a page of many. Every query names the case. They are
 * written by judge-case.ts alone: call its `currentFindings` before reading here. It must not know pages or the engine.
 * Beside it: filter-store.ts (what a filter means), count-store.ts, glance-store.ts (their incidents), review-store.ts,
 * judgement-store.ts (writing).
 */
import { type SqlBool, sql } from "kysely";
import { type Finding, findingOutcomes } from "../conduct/finding.ts";
import { strengths } from "../conduct/vocabulary.ts";
import type { Db } from "../platform/database.ts";
import { type FindingFilter, wanted } from "./filter-store.ts";
import { type KeptFinding, type Review, type Verdict, saysTheSame } from "./finding.ts";
import { type GlanceRow, glanceFrom } from "./glance-store.ts";

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
  "reviews.finding_json as reviewed_json",
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

/** The findings of one incident: by outcome, and where texts say the same of it, the one that binds most first. */
export async function findingsOfIncident(db: Db, caseId: string, incidentId: string): Promise<KeptFinding[]> {
  const rows = await kept(db, caseId)
    .select(findingColumns)
    .where("findings.incident_id", "=", incidentId)
    .orderBy(sql`case findings.outcome when 'matches' then 0 when 'needs-review' then 1 else 2 end`)
    .orderBy(sql`case findings.severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`)
    .orderBy("findings.rule")
    .execute();
  // The sort is stable: within one outcome and strength the order of the query stays.
  return rows
    .map(keptFrom)
    .sort(
      ({ finding: a }, { finding: b }) =>
        findingOutcomes.indexOf(a.outcome) - findingOutcomes.indexOf(b.outcome) ||
        strengths.indexOf(a.strength) - strengths.indexOf(b.strength),
    );
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

// --- rows -------------------------------------------------------------------------------------------------------------

interface KeptRow extends GlanceRow {
  finding_json: string;
  verdict: string | null;
  reason: string | null;
  reviewed_by: string | null;
  reviewed_at: number | null;
  reviewed_json: string | null;
  reviewer_name: string | null;
}

function keptFrom(row: KeptRow): KeptFinding {
  const finding = JSON.parse(row.finding_json) as KeptFinding["finding"];
  const reviewed = row.reviewed_json === null ? null : (JSON.parse(row.reviewed_json) as Finding);
  const review: Review | null =
    row.verdict === null || row.reviewed_at === null
      ? null
      : {
          verdict: row.verdict as Verdict,
          reason: row.reason,
          reviewedBy: row.reviewed_by ?? "",
          reviewerName: row.reviewer_name ?? "",
          reviewedAt: row.reviewed_at,
          saidOf: reviewed === null || saysTheSame(reviewed, finding) ? null : reviewed,
        };
  return { finding, incident: glanceFrom(row), review };
}
