/**
 * Instalments with their days, and what payments have done to them. Pure and exact: money is whole numbers of the smallest unit, days are
 * local dates. It must not know who pays whom. Next: plan.ts.
 */

export const rhythms = ["month", "two-weeks", "week"] as const;
type Rhythm = (typeof rhythms)[number];
/** Fifty years of months; more is no plan. */
export const MOST_INSTALMENTS = 600;

export interface Terms {
  /** All that is to be paid back, in the smallest unit; a whole number above 0. */
  totalMinor: number;
  /** Each instalment but the last, which may be smaller; a whole number above 0. */
  instalmentMinor: number;
  /** Day of the first one, YYYY-MM-DD. */
  firstOn: string;
  every: Rhythm;
}

export interface Instalment {
  /** 1, 2, 3 … */
  n: number;
  dueOn: string;
  amountMinor: number;
  /** What is left of the total once it is paid. */
  leftMinor: number;
}

/** How many instalments the terms make. */
export function countOf({ totalMinor, instalmentMinor }: Pick<Terms, "totalMinor" | "instalmentMinor">): number {
  // Not Math.ceil of a quotient: a quotient of large numbers is rounded.
  return (totalMinor - (totalMinor % instalmentMinor)) / instalmentMinor + (totalMinor % instalmentMinor > 0 ? 1 : 0);
}

/** @throws when the terms make more than {@link MOST_INSTALMENTS}; forms ask {@link countOf} first. */
export function scheduleOf(terms: Terms): Instalment[] {
  const count = countOf(terms);
  if (count > MOST_INSTALMENTS) throw new Error(`${count} instalments are more than ${MOST_INSTALMENTS}`);
  return Array.from({ length: count }, (_, index) => {
    const before = terms.instalmentMinor * index;
    const amountMinor = Math.min(terms.instalmentMinor, terms.totalMinor - before);
    return {
      n: index + 1,
      dueOn: dueOn(terms, index),
      amountMinor,
      leftMinor: terms.totalMinor - before - amountMinor,
    };
  });
}

/** Counted from the first day each time, so that 31 January is followed by 28 February and then by 31 March. */
function dueOn({ firstOn, every }: Pick<Terms, "firstOn" | "every">, index: number): string {
  const first = Temporal.PlainDate.from(firstOn);
  const day =
    every === "month" ? first.add({ months: index }) : first.add({ days: index * (every === "week" ? 7 : 14) });
  return day.toString();
}

/** Something paid on a local day. */
export interface Paid {
  paidOn: string;
  amountMinor: number;
}

export interface Settled extends Instalment {
  paidMinor: number;
  /** `passed`: its day is over and not all of it is paid. */
  state: "paid" | "partly" | "passed" | "coming";
}

export interface Standing {
  instalments: Settled[];
  paidMinor: number;
  openMinor: number;
  /** Paid beyond the total. */
  beyondMinor: number;
}

/** Payments fill the instalments in their order, whatever day they were made on. */
export function settle(schedule: readonly Instalment[], payments: readonly Paid[], today: string): Standing {
  const totalMinor = schedule.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const paidMinor = payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  let left = paidMinor;
  const instalments = schedule.map((instalment): Settled => {
    const part = Math.min(left, instalment.amountMinor);
    left -= part;
    const open = part < instalment.amountMinor;
    const state = !open ? "paid" : instalment.dueOn < today ? "passed" : part > 0 ? "partly" : "coming";
    return { ...instalment, paidMinor: part, state };
  });
  return { instalments, paidMinor, openMinor: Math.max(0, totalMinor - paidMinor), beyondMinor: left };
}
