/**
 * What the borrower keeps beside contacts: dated entries of a few kinds, each numbered in its case, corrected with history, and with
 * files. Pure: the entry, and what a kind must say of itself (a book). It must not know what any kind means. Next: store.ts,
 * keep-entry.ts; the books are negotiation/request-book.ts, repayment/payment-book.ts, repayment/figure-book.ts, impact/impact-book.ts.
 */
import type { z } from "zod";
import type { Case, Debt } from "../cases/case.ts";
import type { Format } from "../web/format.ts";
import type { FormValues, Parsed } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";

/** Kinds of entries that have pages and files of their own; `plan` (repayment/plan.ts) has neither corrections nor files. */
export const bookKinds = ["request", "payment", "figure", "impact"] as const;
export type BookKind = (typeof bookKinds)[number];
/** Where the entries of a kind stand, below /cases/:case. */
export const bookPath = (kind: BookKind): string => `${kind}s`;
export type EntryKind = BookKind | "plan";

export interface Entry<Facts> {
  id: string;
  /** The human number within its kind, as in "Payment 3". */
  number: number;
  /** The local day it is listed under, YYYY-MM-DD. */
  onDay: string;
  facts: Facts;
  version: number;
  createdBy: string;
  createdAt: number;
  removedAt: number | null;
}

/** What a form is read against and a page is made with. */
export interface BookContext {
  /** Local day in the case's zone, YYYY-MM-DD. */
  today: string;
  currency: string;
  debts: readonly Debt[];
  /** Numbers of the case's notices. */
  notices: ReadonlySet<number>;
  /** Whether the case has a contact of this number. */
  hasIncident: (number: number) => boolean;
  case: Case;
}

export interface BookWords {
  t: Translate;
  format: Format;
  debts: readonly Debt[];
}

/** One line of an entry's page, and of a conflict between two people. */
export interface FactRow {
  label: string;
  value: string;
  /** Several lines in the person's own words, or another place of the case. */
  words?: boolean;
  /** Says nothing to whoever reads a dossier. */
  screenOnly?: boolean;
  href?: string;
}

/** One kind of entry: its facts, its form and how it is told. Everything else about it is the same for all kinds. */
export interface Book<Facts extends object> {
  kind: BookKind;
  /** The shape of the stored facts. */
  facts: z.ZodType<Facts>;
  /** The day an entry is listed under. */
  dayOf(facts: Facts): string;
  parse(body: unknown, context: BookContext): Parsed<Facts>;
  /** A new form. */
  fresh(context: BookContext, query: FormValues): FormValues;
  values(facts: Facts): FormValues;
  /** Whether an entry goes into dossiers, where each one has that choice. */
  isChosen?(facts: Facts): boolean;
  /** In one sentence, for lists and titles. */
  summary(facts: Facts, words: BookWords): string;
  /** Under the sentence in a list. */
  lines(facts: Facts, words: BookWords): string[];
  /** What is known, in the order of the form. */
  rows(facts: Facts, words: BookWords, caseId: string): FactRow[];
}
