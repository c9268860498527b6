/** What people said of findings, one word for an incident and a rule; every query names the case. Next: review.ts. */
import type { Finding } from "../conduct/finding.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Verdict } from "./finding.ts";

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
    /** The finding that this was said of. */
    finding: Finding;
  },
): Promise<void> {
  const said = {
    verdict: review.verdict,
    reason: review.reason,
    reviewed_by: review.by,
    reviewed_at: review.at,
    finding_json: JSON.stringify(review.finding),
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
