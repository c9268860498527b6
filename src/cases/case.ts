/**
 * One borrower's matter with one lender: the shapes of a case, its debts and its collectors, and pure questions about them.
 * It must not know SQL, forms or findings. Next: store.ts keeps them; create-case.ts and change-case.ts tell what happens to them.
 */
import type { collectorKinds, lenderKinds, respondentKinds } from "../conduct/vocabulary.ts";

export type LenderKind = (typeof lenderKinds)[number];
export type RespondentKind = (typeof respondentKinds)[number];
export type CollectorKind = (typeof collectorKinds)[number];

/** How a collector is reached or reaches out: a phone number, an e-mail address, a chat account, or a name used elsewhere. */
export const handleKinds = ["phone", "email", "chat", "other"] as const;
export type HandleKind = (typeof handleKinds)[number];

/** A fact that may be known either way or not at all. */
export type Fact = boolean | null;

export interface Case {
  id: string;
  /** The human number, as in "Case 7". */
  number: number;
  borrower: string;
  /** The lender named in the contract. */
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

/** A handle as it is stored and compared. */
export function plainHandle({ kind, value }: Handle): Handle {
  if (kind === "phone") return { kind, value: plainNumber(value) };
  const trimmed = value.normalize("NFC").trim();
  return { kind, value: kind === "email" ? trimmed.toLowerCase() : trimmed };
}
