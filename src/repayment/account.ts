/**
 * Where the money stands by the record: the plan with its instalments filled by payments, and the lender's figures held against the same
 * payments. Pure. Next: pages.ts puts words to it; dossiers take it as it is.
 */
import type { Debt } from "../cases/case.ts";
import type { Entry } from "../ledger/entry.ts";
import { type Account, type Figure, compare } from "./compare.ts";
import type { FigureFacts, PaymentFacts } from "./payment.ts";
import type { Plan } from "./plan.ts";
import { type Standing, settle } from "./schedule.ts";

/** Payments in the plan's currency, made from the day on which its total was owed. */
export function standingOf(plan: Plan, payments: readonly Entry<PaymentFacts>[], today: string): Standing {
  const { currency, owedOn } = plan.facts;
  const counted = payments
    .map(({ facts }) => facts)
    .filter((paid) => paid.currency === currency && paid.paidOn >= owedOn);
  return settle(plan.schedule, counted, today);
}

/** The lender's figures account by account; a debt's own amount is the first of its debt, where it says when it fell due. */
export function accountsOf(
  debts: readonly Debt[],
  figures: readonly Entry<FigureFacts>[],
  payments: readonly Entry<PaymentFacts>[],
): Account[] {
  const written = debts.flatMap(({ id, dueOn, amountMinor, currency }): Figure[] =>
    dueOn === null || amountMinor === null || currency === null
      ? []
      : [{ number: null, asOf: dueOn, amountMinor, currency, debtId: only(debts, id) }],
  );
  return compare(
    [...written, ...figures.map(({ number, facts }) => ({ number, ...facts, debtId: only(debts, facts.debtId) }))],
    payments.map(({ number, facts }) => ({ number, ...facts, debtId: only(debts, facts.debtId) })),
  );
}

/** Where there is one debt, whatever names it and whatever names none is about the same money. */
const only = (debts: readonly Debt[], debtId: string | null): string | null => (debts.length < 2 ? null : debtId);

/** What is owed by the record, for a new plan: the last figure less the payments since; null when the lender named none in it. */
export function owedByRecord(accounts: readonly Account[], currency: string): number | null {
  const own = accounts.filter((account) => account.currency === currency);
  // A figure for the whole is not added to those of its parts.
  const counted = own.some(({ debtId }) => debtId === null) ? own.filter(({ debtId }) => debtId === null) : own;
  return counted.length === 0 ? null : counted.reduce((sum, { since }) => sum + Math.max(0, since.leftMinor), 0);
}
