/** Plans, payments and the lender's figures of a case, read for whoever shows or uses them. Next: pages.ts. */
import { allEntries, getEntry, newestEntry } from "../ledger/store.ts";
import type { Db } from "../platform/database.ts";
import { type Plan, PlanFacts, planFrom } from "./plan.ts";

export const plans = { kind: "plan", facts: PlanFacts } as const;

/** The plan that holds now, with its schedule; null when none was made. */
export async function latestPlan(db: Db, caseId: string): Promise<Plan | null> {
  const entry = await newestEntry(db, caseId, plans);
  return entry === null ? null : planFrom(entry);
}

/** One plan by its number, replaced or not. */
export async function planNumbered(db: Db, caseId: string, number: number): Promise<Plan | null> {
  const entry = await getEntry(db, caseId, plans, number);
  return entry === null ? null : planFrom(entry);
}

/** Every plan of the case, the newest first. */
export async function everyPlan(db: Db, caseId: string): Promise<Plan[]> {
  return (await allEntries(db, caseId, plans)).map(planFrom).sort((a, b) => b.number - a.number);
}
