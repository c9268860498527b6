/**
 * A repayment plan the borrower can keep: income, necessary costs, what is left, what is offered of it, and the schedule made from that.
 * A plan is never corrected: a new one takes its place and the old one stays. Pure. It must not know SQL or forms.
 * Next: schedule.ts (the arithmetic), store.ts.
 */
import { z } from "zod";
import type { Entry } from "../ledger/entry.ts";
import { type Instalment, rhythms, scheduleOf } from "./schedule.ts";

const Money = z.int().min(0);

export const PlanFacts = z.object({
  /** ISO 4217; all amounts are whole numbers of its smallest unit. */
  currency: z.string(),
  /** What is to be paid back, and the local day it was so: payments from that day on count for this plan. */
  totalMinor: Money,
  owedOn: z.string(),
  /** What comes in during one period (see `every`), and where from. */
  incomeMinor: Money,
  incomeWords: z.string().nullable(),
  /** What has to be paid in one period before anything else. */
  costs: z.array(z.object({ words: z.string(), amountMinor: Money })),
  /** What is offered in one period; 0 = nothing can be offered now, and there is no schedule. */
  offerMinor: Money,
  every: z.enum(rhythms),
  firstOn: z.string(),
  /** Words for the lender or for oneself. */
  note: z.string().nullable(),
});
export type PlanFacts = z.infer<typeof PlanFacts>;

export interface Plan {
  /** The human number: plan 2 took the place of plan 1. */
  number: number;
  /** Epoch milliseconds. */
  madeAt: number;
  madeBy: string;
  facts: PlanFacts;
  costsMinor: number;
  /** Income less necessary costs; below 0 when the costs are more. */
  leftOverMinor: number;
  /** Empty when nothing is offered or nothing is owed. */
  schedule: Instalment[];
}

export function planFrom(entry: Entry<PlanFacts>): Plan {
  const { facts } = entry;
  const costsMinor = facts.costs.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return {
    number: entry.number,
    madeAt: entry.createdAt,
    madeBy: entry.createdBy,
    facts,
    costsMinor,
    leftOverMinor: facts.incomeMinor - costsMinor,
    schedule:
      facts.offerMinor === 0 || facts.totalMinor === 0
        ? []
        : scheduleOf({
            totalMinor: facts.totalMinor,
            instalmentMinor: facts.offerMinor,
            firstOn: facts.firstOn,
            every: facts.every,
          }),
  };
}
