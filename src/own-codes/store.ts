/** What trying a changed code on a case reads: moments to go through it in steps, and the findings that stand. Next: effect.ts. */
import type { Db } from "../platform/database.ts";

/** When the contacts of a case happened (epoch ms), every `step`th and the last, in order. */
export async function momentsOf(db: Db, caseId: string, step: number): Promise<number[]> {
  const rows = await db
    .selectFrom("incidents")
    .select("happened_at")
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("happened_at")
    .execute();
  const moments = rows.map(({ happened_at }) => happened_at);
  return moments.filter((_, index) => index % step === step - 1 || index === moments.length - 1);
}

export interface StandingFinding {
  incidentId: string;
  rule: string;
  outcome: string;
  severity: string;
  happenedAt: number;
}

/** The stored findings of contacts in a span (epoch ms, both ends included). */
export async function standingFindings(
  db: Db,
  caseId: string,
  span: { from: number; to: number },
): Promise<StandingFinding[]> {
  return db
    .selectFrom("findings")
    .select(["incident_id as incidentId", "rule", "outcome", "severity", "happened_at as happenedAt"])
    .where("case_id", "=", caseId)
    .where("happened_at", ">=", span.from)
    .where("happened_at", "<=", span.to)
    .execute();
}

/** Names of people, by id. */
export async function namesOfPeople(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("people")
    .select(["id", "name"])
    .where("id", "in", [...new Set(ids)])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
