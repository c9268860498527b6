/**
 * One borrower's matter with one lender: the shapes of a case, its debts and its collectors, and pure questions about them.
 * It must not know SQL, forms or findings. Next: store.ts keeps them; create-case.ts and change-case.ts tell what happens to them.
 */
import type { collectorKinds, lenderKinds, respondentKinds } from "../conduct/vocabulary.ts";

export type LenderKind = (typeof lenderKinds)[number];
export type RespondentKind = (typeof respondentKinds)[number];
export type CollectorKind = (typeof collectorKinds)[number];

/** What a collector calls or writes from: a phone number, an e-mail address, or the name of an account. */
const handleKinds = ["phone", "email", "account"] as const;
export type HandleKind = (typeof handleKinds)[number];

/** A fact that may be known either way or not at all. */
export type Fact = boolean | null;

export interface Case {
  id: string;
  /** The human number, as in "Case 7". */
  number: number;
  borrower: string;
  /** The lender named in the contract; empty when not known yet. */
  lender: string;
  lenderKind: LenderKind;
  respondentKind: RespondentKind;
  /** The app or product the borrower knows the loan by. */
  platform: string | null;
  /** IANA zone of the borrower; every local date and hour of the case is read in it. */
  zone: string;
  /** ISO 3166 alpha-2, or null when not said. */
  country: string | null;
  /** The day the oldest unpaid amount fell due, YYYY-MM-DD. */
  pastDueOn: string | null;
  reachable: Fact;
  debtLawful: Fact;
  employerForbids: Fact;
  /** Ids of the chosen codes of conduct. */
  codes: string[];
  demo: boolean;
  version: number;
  createdBy: string;
  createdAt: number;
  /** Findings of incidents in this span (epoch ms) are behind the facts; both null = none. */
  staleFrom: number | null;
  staleTo: number | null;
  judgedWith: string | null;
}

/** What a person may say about a case; the rest is ours. */
export type CaseFacts = Pick<
  Case,
  | "borrower"
  | "lender"
  | "lenderKind"
  | "respondentKind"
  | "platform"
  | "zone"
  | "country"
  | "pastDueOn"
  | "reachable"
  | "debtLawful"
  | "employerForbids"
  | "codes"
>;

export interface DebtFacts {
  creditor: string;
  product: string | null;
  reference: string | null;
  dueOn: string | null;
  /** In the smallest unit of the currency (fen, cents). */
  amountMinor: number | null;
  /** ISO 4217. */
  currency: string | null;
  note: string | null;
}
export interface Debt extends DebtFacts {
  id: string;
  version: number;
  createdAt: number;
  removedAt: number | null;
}

export interface Handle {
  kind: HandleKind;
  value: string;
}
export interface CollectorFacts {
  name: string;
  kind: CollectorKind;
  note: string | null;
  handles: Handle[];
}
export interface Collector extends CollectorFacts {
  id: string;
  version: number;
  createdAt: number;
  removedAt: number | null;
}

/** Who changes something, and when: goes into the history event of every change. */
export interface By {
  personId: string;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * A phone number as it is stored and compared: full-width digits made plain, spaces and punctuation dropped, a leading 00 read as +.
 * Anything that is not made of digits (a short code with letters, a masked number such as 138****0000) is only trimmed.
 */
export function plainNumber(text: string): string {
  const trimmed = text.normalize("NFKC").trim();
  const digits = trimmed.replace(/[\s().\-–—/]/g, "");
  if (!/^\+?\d{3,20}$/.test(digits)) return trimmed;
  return digits.startsWith("00") && digits.length > 8 ? `+${digits.slice(2)}` : digits;
}

/** A handle as a person writes it, with its kind read from its form. */
export function handleFrom(text: string): Handle {
  const value = text.normalize("NFKC").trim();
  const phone = plainNumber(value);
  if (/^\+?\d{3,20}$/.test(phone)) return { kind: "phone", value: phone };
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
    ? { kind: "email", value: value.toLowerCase() }
    : { kind: "account", value };
}

/** Handles in one fixed order, each value once, so that equal sets compare equal on every database. */
export function inOrder(handles: readonly Handle[]): Handle[] {
  return [...new Map(handles.map((handle) => [handle.value, handle])).values()].sort((a, b) => {
    const [left, right] = [`${a.kind} ${a.value}`, `${b.kind} ${b.value}`];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** What a change changed: old and new value by field; empty when nothing did. Goes into the history as it is. */
export type Differences = Record<string, { from: unknown; to: unknown }>;

export function differences<T extends object>(before: T, after: Partial<T>): Differences {
  const changed: Differences = {};
  for (const [field, to] of Object.entries(after)) {
    const from = before[field as keyof T];
    if (JSON.stringify(from) !== JSON.stringify(to)) changed[field] = { from, to };
  }
  return changed;
}

/** A change that was asked for on top of an older version: somebody else was first, and this is what is stored now. */
export type Changed<T> = { done: true } | { done: false; stored: T };
