/** Findings counted, by rule and by incident; every query names the case. It must not know pages. Next: list-page.ts. */
import type { Db } from "../platform/database.ts";
import { type FindingFilter, wanted } from "./filter-store.ts";
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
