/**
 * What a dossier may hold of the borrower's own side: talks with the lender, the plan with payments and the lender's figures, and what it
 * did to them. Only what was chosen: the first two by the maker of the version, the last entry by entry. An entry that was not chosen is
 * not even read. Next: paper-borrower.ts.
 */
import { impactBook } from "../impact/impact-book.ts";
import type { ImpactFacts } from "../impact/impact.ts";
import type { BookKind, Entry } from "../ledger/entry.ts";
import { allEntries } from "../ledger/store.ts";
import { requestBook } from "../negotiation/request-book.ts";
import type { RequestFacts } from "../negotiation/request.ts";
import type { Db } from "../platform/database.ts";
import type { FigureFacts, PaymentFacts } from "../repayment/payment.ts";
import type { Plan } from "../repayment/plan.ts";
import { everyFigure, everyPayment, latestPlan } from "../repayment/store.ts";

/** What the maker of a version may add. */
export const borrowerParts = ["requests", "repayment"] as const;
export type BorrowerPart = (typeof borrowerParts)[number];

export interface DossierEntry<Facts> {
  /** The human number within its kind, as in "Payment 3". */
  number: number;
  facts: Facts;
  /** Exhibit numbers. */
  exhibits: string[];
}

/** In the order of their days. */
export interface Borrower {
  /** Local day on which it was read, YYYY-MM-DD. */
  today: string;
  requests?: DossierEntry<RequestFacts>[];
  plan?: Plan | null;
  payments?: DossierEntry<PaymentFacts>[];
  figures?: DossierEntry<FigureFacts>[];
  /** Only those with their tick. */
  impacts: DossierEntry<ImpactFacts>[];
}

export async function collectBorrower(
  db: Db,
  caseId: string,
  exhibitsOf: ReadonlyMap<string, string[]>,
  today: string,
): Promise<Borrower> {
  const told = <Facts>({ id, number, facts }: Entry<Facts>): DossierEntry<Facts> => ({
    number,
    facts,
    exhibits: exhibitsOf.get(id) ?? [],
  });
  return {
    today,
    requests: (await allEntries(db, caseId, requestBook)).map(told),
    plan: await latestPlan(db, caseId),
    payments: (await everyPayment(db, caseId)).map(told),
    figures: (await everyFigure(db, caseId)).map(told),
    impacts: (await allEntries(db, caseId, impactBook)).filter(({ facts }) => facts.inDossier).map(told),
  };
}

/** The part that goes into a version; undefined when nothing does. */
export function chooseBorrower(
  borrower: Borrower | undefined,
  chosen: readonly BorrowerPart[] = [],
): Borrower | undefined {
  if (borrower === undefined) return undefined;
  const { today, requests, plan, payments, figures, impacts } = borrower;
  const part: Borrower = {
    today,
    ...(chosen.includes("requests") && requests !== undefined ? { requests } : {}),
    ...(chosen.includes("repayment") && payments !== undefined && figures !== undefined
      ? { plan: plan ?? null, payments, figures }
      : {}),
    impacts,
  };
  return part.requests === undefined && part.payments === undefined && impacts.length === 0 ? undefined : part;
}

/** An entry that a file belongs to. */
export interface EntryRef {
  kind: BookKind;
  number: number;
}

/** Whether an entry is in this part. */
export function holds(borrower: Borrower | undefined, { kind, number }: EntryRef): boolean {
  if (borrower === undefined) return false;
  const { requests = [], payments = [], figures = [], impacts } = borrower;
  const shelves = { request: requests, payment: payments, figure: figures, impact: impacts };
  return shelves[kind].some((entry) => entry.number === number);
}
