/** Plans, payments and the lender's figures of a case, read for whoever shows or uses them. Next: account.ts. */
import type { Entry } from "../ledger/entry.ts";
import { allEntries, getEntry, newestEntry } from "../ledger/store.ts";
import type { Db } from "../platform/database.ts";
import { FigureFacts, PaymentFacts } from "./payment.ts";
import { type Plan, PlanFacts, planFrom } from "./plan.ts";

const plans = { kind: "plan", facts: PlanFacts } as const;

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

/** Every payment, in the order of their days. */
export const everyPayment = (db: Db, caseId: string): Promise<Entry<PaymentFacts>[]> =>
  allEntries(db, caseId, { kind: "payment", facts: PaymentFacts });

/** Every figure of the lender's, in the order of their days. */
export const everyFigure = (db: Db, caseId: string): Promise<Entry<FigureFacts>[]> =>
  allEntries(db, caseId, { kind: "figure", facts: FigureFacts });
