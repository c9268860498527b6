/**
 * The lender's figures held against what was paid by the record: from one figure to the next, with every step of the arithmetic. Pure and
 * exact. It says by how much two numbers differ, never which is wrong: interest, fees and payments that nobody wrote down are all
 * possible reasons. Next: pages.ts puts words to it.
 */
import type { FigureFacts } from "./payment.ts";

/** A figure of the lender's: an entry, or the amount written down with a debt (then without a source). */
export interface Figure {
  /** The human number of the entry; null for a debt's own amount. */
  number: number | null;
  asOf: string;
  amountMinor: number;
  currency: string;
  debtId: string | null;
}
export interface Payment {
  number: number;
  paidOn: string;
  amountMinor: number;
  currency: string;
  debtId: string | null;
}

export interface Step {
  from: Figure;
  to: Figure;
  /** Made after the day of `from`, up to and with the day of `to`. */
  payments: Payment[];
  paidMinor: number;
  /** `from` less the payments. */
  expectedMinor: number;
  /** `to` less what was expected: above 0 the lender's figure is higher. */
  differsMinor: number;
}

/** One account: a debt, or (null) the case as a whole, in one currency. */
export interface Account {
  debtId: string | null;
  currency: string;
  figures: Figure[];
  steps: Step[];
  /** Payments made after the last figure, and what is left of it by the record. */
  since: { payments: Payment[]; paidMinor: number; leftMinor: number };
}

/**
 * Figures of one debt are held against payments for that debt; figures that name none, against all payments. Only one currency at a time.
 * Figures and payments may come in any order.
 */
export function compare(figures: readonly Figure[], payments: readonly Payment[]): Account[] {
  const groups = Map.groupBy(figures, ({ debtId, currency }) => JSON.stringify([currency, debtId ?? ""]));
  return [...groups.values()].map((group): Account => {
    const { debtId, currency } = group[0]!;
    const sorted = group.toSorted(byDay);
    const counted = payments
      .filter((payment) => payment.currency === currency && (debtId === null || payment.debtId === debtId))
      .toSorted((a, b) => (a.paidOn === b.paidOn ? a.number - b.number : a.paidOn < b.paidOn ? -1 : 1));
    const between = (after: string, upTo: string | null) =>
      counted.filter(({ paidOn }) => paidOn > after && (upTo === null || paidOn <= upTo));
    const steps = sorted.slice(1).map((to, index): Step => {
      const from = sorted[index]!;
      const made = between(from.asOf, to.asOf);
      const paidMinor = sumOf(made);
      const expectedMinor = from.amountMinor - paidMinor;
      return { from, to, payments: made, paidMinor, expectedMinor, differsMinor: to.amountMinor - expectedMinor };
    });
    const last = sorted.at(-1)!;
    const since = between(last.asOf, null);
    const paidMinor = sumOf(since);
    return {
      debtId,
      currency,
      figures: sorted,
      steps,
      since: { payments: since, paidMinor, leftMinor: last.amountMinor - paidMinor },
    };
  });
}

/** What a debt's own amount stands for comes first of its day, then the entries in their order. */
const byDay = (a: Figure, b: Figure): number =>
  a.asOf === b.asOf ? (a.number ?? 0) - (b.number ?? 0) : a.asOf < b.asOf ? -1 : 1;

const sumOf = (amounts: readonly { amountMinor: number }[]): number =>
  amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** By how much the parts of a figure add up to more (or, below 0, less) than it; null unless all are known. */
export function partsDifference({ amountMinor, parts }: Pick<FigureFacts, "amountMinor" | "parts">): number | null {
  const { principal, interest, fees } = parts;
  if (principal === null || interest === null || fees === null) return null;
  return principal + interest + fees - amountMinor;
}
