/** The stored judgement of a case: read, compared and written by judge-case.ts alone. It must not know the engine. Next: judge-case.ts. */
import type { Db, Tx } from "../platform/database.ts";
import type { NewFinding, StoredFinding, growthOf } from "./difference.ts";
import type { KeptOutcome } from "./finding.ts";
import type { Rest } from "./rest.ts";

/** Rows written with one statement, and rows read at a time. */
const CHUNK = 500;
const PAGE = 2000;

/** Where judging a case stands. */
export interface JudgingState {
  staleFrom: number | null;
  staleTo: number | null;
  /** Fingerprint of what the stored findings were judged with. */
  judgedWith: string | null;
  /** The newest event of the history then. */
  judgedHistory: number | null;
}

/**
 * Takes the case for judging: no other process judges it until the transaction ends (its row is locked by an update that changes
 * nothing). @returns what is stale, as stored now.
 */
export async function lockForJudging(tx: Tx, caseId: string): Promise<JudgingState | null> {
  const row = await tx
    .updateTable("cases")
    .set((eb) => ({ judged_with: eb.ref("judged_with") }))
    .where("id", "=", caseId)
    .returning(["stale_from", "stale_to", "judged_with", "judged_history"])
    .executeTakeFirst();
  return row === undefined
    ? null
    : {
        staleFrom: row.stale_from,
        staleTo: row.stale_to,
        judgedWith: row.judged_with,
        judgedHistory: row.judged_history,
      };
}

/** Says who is judging the case. Until `markJudged` everybody else takes all of its findings for outdated. */
export async function claim(tx: Tx, caseId: string, token: string): Promise<void> {
  await tx.updateTable("cases").set({ judged_with: token }).where("id", "=", caseId).execute();
}

/** Says that the stored findings are what the facts give; counts the contacts, which stays right until something is stale. */
export async function markJudged(
  tx: Tx,
  caseId: string,
  { judgedWith, judgedHistory }: { judgedWith: string; judgedHistory: number },
): Promise<void> {
  await tx
    .updateTable("cases")
    .set((eb) => ({
      stale_from: null,
      stale_to: null,
      judged_with: judgedWith,
      judged_history: judgedHistory,
      judged_incidents: eb
        .selectFrom("incidents")
        .select((count) => count.fn.countAll<number>().as("n"))
        .where("case_id", "=", caseId)
        .where("removed_at", "is", null),
    }))
    .where("id", "=", caseId)
    .execute();
}

/** The stored findings of incidents that happened in a span (epoch ms, both ends included), of all rules or of these. */
export async function storedFindings(
  db: Db,
  caseId: string,
  span: { from: number; to: number },
  rules?: readonly string[],
  rest?: Rest,
): Promise<StoredFinding[]> {
  const findings: StoredFinding[] = [];
  let last: { happened_at: number; incident_id: string; rule: string } | undefined;
  for (;;) {
    let query = db
      .selectFrom("findings")
      .select(["incident_id", "rule", "outcome", "happened_at", "finding_json"])
      .where("case_id", "=", caseId)
      .where("happened_at", "<=", span.to);
    if (rules !== undefined) query = query.where("rule", "in", rules);
    if (last === undefined) query = query.where("happened_at", ">=", span.from);
    else {
      const { happened_at, incident_id, rule } = last;
      query = query.where((eb) =>
        eb(eb.refTuple("happened_at", "incident_id", "rule"), ">", eb.tuple(happened_at, incident_id, rule)),
      );
    }
    const rows = await query.orderBy("happened_at").orderBy("incident_id").orderBy("rule").limit(PAGE).execute();
    for (const row of rows)
      findings.push({
        incidentId: row.incident_id,
        rule: row.rule,
        outcome: row.outcome as KeptOutcome,
        happenedAt: row.happened_at,
        json: row.finding_json,
      });
    last = rows.at(-1);
    if (rows.length < PAGE) return findings;
    await rest?.();
  }
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

/** Keeps the numbers of stored findings right; in the transaction that writes the findings. */
export async function addToCounts(tx: Tx, caseId: string, counts: ReturnType<typeof growthOf>): Promise<void> {
  if (counts.length === 0) return;
  await tx
    .insertInto("finding_counts")
    .values(counts.map(({ rule, outcome, by }) => ({ case_id: caseId, rule, outcome, n: by })))
    .onConflict((conflict) =>
      conflict
        .columns(["case_id", "rule", "outcome"])
        .doUpdateSet((eb) => ({ n: eb("finding_counts.n", "+", eb.ref("excluded.n")) })),
    )
    .execute();
  await tx.deleteFrom("finding_counts").where("case_id", "=", caseId).where("n", "=", 0).execute();
}
