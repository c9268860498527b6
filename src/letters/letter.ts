/**
 * A letter: what it is made from, its text in one or two languages, and what became of it. A draft can be changed and removed; a sent one
 * is kept as it was sent. Pure. It must not know SQL or forms. Next: compose.ts, store.ts.
 */
import type { channels, places } from "../conduct/vocabulary.ts";
import type { NoticeKind } from "../notices/notice.ts";
import type { rhythms } from "../repayment/schedule.ts";
import type { Locale } from "../web/locale.ts";
import type { LetterKind, Template } from "./template.ts";

export const languages = ["en", "zh-CN", "both"] as const;
export type LetterLanguage = (typeof languages)[number];
export const localesOf = (language: LetterLanguage): Locale[] => (language === "both" ? ["zh-CN", "en"] : [language]);

export const powers = ["speak", "papers", "negotiate", "complain"] as const;
export const ways = ["registered", "post", "hand", "email", "app", "other"] as const;
export type Way = (typeof ways)[number];

/** Everything a letter can say; what its kind does not ask for stays empty. Days are YYYY-MM-DD. */
export interface LetterFacts {
  language: LetterLanguage;
  writtenOn: string;
  /** Lines of an address. */
  recipient: string;
  sender: string;
  /** Id of the debt it is about. */
  debt: string | null;
  days: number;
  startDays: number;
  replyTo: string | null;
  /** Rules whose confirmed findings are told. */
  findings: string[];
  /** Numbers of earlier notices that are told. */
  earlier: number[];
  /** Rules that stand behind it. */
  basis: string[];
  story: string | null;
  wish: string | null;
  hours: { from: string; to: string }[];
  places: (typeof places)[number][];
  channels: (typeof channels)[number][];
  instead: string | null;
  advocate: string | null;
  advocateContact: string | null;
  powers: (typeof powers)[number][];
  validFrom: string | null;
  validUntil: string | null;
  disputed: string | null;
  reason: string | null;
  deferUntil: string | null;
  amountMinor: number | null;
  currency: string | null;
  every: (typeof rhythms)[number];
  payFrom: string | null;
  instalments: number | null;
  periodFrom: string | null;
  periodTo: string | null;
}

/** The words in one language: a line of title, addresses and date as lines, and the body as people type it (see paper.ts). */
export interface LetterText {
  title: string;
  recipient: string;
  sender: string;
  date: string;
  body: string;
}
export type LetterTexts = Partial<Record<Locale, LetterText>>;

/** What happened when it was sent. */
export interface Sending {
  on: string;
  how: Way;
  /** Numbers of the notices it was recorded as. */
  notices: number[];
  /** Names of the exhibits: the files sent, then the proof. */
  exhibits: string[];
  pdf: string;
  docx: string;
}

export interface Letter {
  id: string;
  /** The human number, as in "Letter 2". */
  number: number;
  kind: LetterKind;
  facts: LetterFacts;
  texts: LetterTexts;
  /** Whether somebody changed the words that were made from the facts. */
  edited: boolean;
  version: number;
  createdBy: string;
  createdAt: number;
  updatedAt: number;
  sent: Sending | null;
  removedAt: number | null;
}

/** What a letter is recorded as once it is sent: of the kinds it can be, those for which it says something. */
export function noticesOf({ notices }: Template, facts: LetterFacts): NoticeKind[] {
  const says: Partial<Record<NoticeKind, boolean>> = {
    "inconvenient-time": facts.hours.length > 0,
    "inconvenient-place": facts.places.length > 0,
    "medium-refused": facts.channels.length > 0,
  };
  return notices.filter((kind) => says[kind] ?? true);
}

/** So many calendar days after a day. */
export const daysAfter = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

/** The day of the last instalment. */
export function lastPayment({ payFrom, every, instalments }: LetterFacts): string | null {
  if (payFrom === null || instalments === null) return null;
  const n = instalments - 1;
  const span = every === "month" ? { months: n } : { weeks: every === "week" ? n : 2 * n };
  return Temporal.PlainDate.from(payFrom).add(span).toString();
}
