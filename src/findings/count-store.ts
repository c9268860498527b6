/** Findings counted, by rule and by incident; every query names the case. It must not know pages. Next: list-page.ts. */
import type { Db } from "../platform/database.ts";
import { type FindingFilter, isWhole, wanted } from "./filter-store.ts";
import type { KeptOutcome, Verdict } from "./finding.ts";

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
 * How many findings there are of each rule and outcome, and what people said of them. Without a filter the numbers are those kept with
 * the findings, and the newest of each is one step in an index. Reviews are few and counted by themselves.
 */
export async function countByRule(db: Db, caseId: string, filter: FindingFilter = {}): Promise<RuleCount[]> {
  const rows = await (isWhole(filter) ? keptCounts(db, caseId) : filteredCounts(db, caseId, filter));
  // A cross join keeps SQLite from beginning with the findings; PostgreSQL decides for itself.
  const said = await db
    .selectFrom("reviews")
    .crossJoin("findings")
    .select((eb) => ["findings.rule", "findings.outcome", "reviews.verdict", eb.fn.countAll<number>().as("n")])
    .where("reviews.case_id", "=", caseId)
    .whereRef("findings.case_id", "=", "reviews.case_id")
    .whereRef("findings.incident_id", "=", "reviews.incident_id")
    .whereRef("findings.rule", "=", "reviews.rule")
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

function keptCounts(db: Db, caseId: string) {
  return db
    .selectFrom("finding_counts")
    .select((eb) => [
      "finding_counts.rule",
      "finding_counts.outcome",
      "finding_counts.n",
      eb
        .selectFrom("findings")
        .select((newest) => newest.fn.max("happened_at").as("at"))
        .where("findings.case_id", "=", caseId)
        .whereRef("findings.rule", "=", "finding_counts.rule")
        .whereRef("findings.outcome", "=", "finding_counts.outcome")
        .as("newest_at"),
    ])
    .where("finding_counts.case_id", "=", caseId)
    .orderBy("finding_counts.rule")
    .$narrowType<{ newest_at: number }>()
    .execute();
}

function filteredCounts(db: Db, caseId: string, filter: FindingFilter) {
  return db
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
}

/** The outcomes found on each of these incidents, dismissed ones left out; incidents without findings are absent. */
export async function outcomesOfIncidents(
  db: Db,
  caseId: string,
  incidentIds: readonly string[],
): Promise<Map<string, Map<KeptOutcome, number>>> {
  const counts = new Map<string, Map<KeptOutcome, number>>();
  if (incidentIds.length === 0) return counts;
  const rows = await db
    .selectFrom("findings")
    .leftJoin("reviews", (join) =>
      join
        .onRef("reviews.case_id", "=", "findings.case_id")
        .onRef("reviews.incident_id", "=", "findings.incident_id")
        .onRef("reviews.rule", "=", "findings.rule"),
    )
    .select((eb) => ["findings.incident_id", "findings.outcome", eb.fn.countAll<number>().as("n")])
    .where("findings.case_id", "=", caseId)
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
