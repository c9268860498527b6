/**
 * A person's word on a finding: confirmed or dismissed, with a reason, changed or taken back later. It is kept by incident and rule, apart
 * from the finding, so that judging again never loses it. Each change is one transaction with its history event. Next: pages.ts.
 */
import type { By } from "../cases/case.ts";
import { record } from "../history/store.ts";
import type { Db } from "../platform/database.ts";
import type { KeptFinding, Verdict } from "./finding.ts";
import { getReview, putReview, removeReview } from "./review-store.ts";
import { getFinding } from "./store.ts";

export interface Said {
  verdict: Verdict;
  reason: string | null;
}

/** @returns false when there is no such finding (any more). */
export async function reviewFinding(
  db: Db,
  caseId: string,
  incidentNumber: number,
  rule: string,
  said: Said,
  by: By,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const kept = await getFinding(tx, caseId, incidentNumber, rule);
    if (kept === null) return false;
    const before = await getReview(tx, caseId, kept.incident.id, rule);
    // Pressed twice: nothing new was said, unless the finding has come to say something else.
    const same = before?.verdict === said.verdict && before.reason === said.reason;
    if (same && kept.review?.saidOf === null) return true;
    const { finding, incident } = kept;
    await putReview(tx, { caseId, incidentId: incident.id, rule, ...said, by: by.personId, at: by.at, finding });
    await record(tx, {
      caseId,
      actor: by.personId,
      at: by.at,
      action: `finding.${said.verdict}`,
      subject: `incident:${incidentNumber}`,
      detail: { ...aboutOf(kept), reason: said.reason, ...(before === null ? {} : { before }) },
    });
    return true;
  });
}

/** Takes a word back; the history keeps it. @returns false when there was none. */
export async function withdrawReview(
  db: Db,
  caseId: string,
  incidentNumber: number,
  rule: string,
  by: By,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const kept = await getFinding(tx, caseId, incidentNumber, rule);
    const before = kept === null ? null : await getReview(tx, caseId, kept.incident.id, rule);
    if (kept === null || before === null) return false;
    await removeReview(tx, caseId, kept.incident.id, rule);
    await record(tx, {
      caseId,
      actor: by.personId,
      at: by.at,
      action: "finding.review-withdrawn",
      subject: `incident:${incidentNumber}`,
      detail: { ...aboutOf(kept), before },
    });
    return true;
  });
}

/** Which finding was spoken of, as it stood then. */
const aboutOf = ({ finding }: KeptFinding) => ({
  rule: finding.rule,
  code: finding.code,
  outcome: finding.outcome,
  basis: finding.basis,
});
