/**
 * Who tells of a contact beside the person who logged it: how many independent sources, and in what they say something else. Pure.
 * The log itself is no source; several records of one kind are one source. Next: backings.ts reads what is compared here.
 */
import { ABOUT_REACH_SECONDS, type Channel, type Precision } from "../../conduct/vocabulary.ts";

/** The phone's own list, the carrier's record, a file made at that time, a chat or mail export: each is kept by somebody else. */
export const sourceGroups = ["phone", "carrier", "file", "messages"] as const;
export type SourceGroup = (typeof sourceGroups)[number];

const groups: Readonly<Record<string, SourceGroup>> = {
  phone: "phone",
  carrier: "carrier",
  recording: "file",
  screenshot: "file",
  file: "file",
  chat: "messages",
  mail: "messages",
};
/** Null = no source of its own, such as a copy of this very log. */
export const groupOf = (kind: string): SourceGroup | null => groups[kind] ?? null;

/** One record or file that tells of the contact. */
export interface Telling {
  /** As imports call it, or `file` for an exhibit whose name holds its time. */
  kind: string;
  at: number;
  precision: Precision;
  durationSeconds: number | null;
  /** The far end; null = not told. */
  number: string | null;
  /** What it is called: a file with its row, an exhibit. */
  name: string;
}

export interface Contact {
  at: number;
  precision: Precision;
  channel: Channel;
  durationSeconds: number | null;
  /** The far end; null = not said. */
  number: string | null;
}

/** In what a telling differs from the log: seconds apart (null = another day or month), two lengths, or two numbers. */
export type Disagreement =
  | { about: "time"; name: string; kind: string; apart: number | null }
  | { about: "duration"; name: string; kind: string; logged: number; told: number }
  | { about: "number"; name: string; kind: string; logged: string; told: string };

export interface Backing {
  /** Every group once, in a fixed order; empty = nothing but the log tells of it. */
  groups: SourceGroup[];
  disagreements: Disagreement[];
}

/** Two clocks, or a person reading one, may differ by so much. */
const CLOCK_SECONDS = 120;

/** @param dayOf the local day of a moment, YYYY-MM-DD. */
export function backingOf(contact: Contact, tellings: readonly Telling[], dayOf: (at: number) => string): Backing {
  const told = tellings.filter(({ kind }) => groupOf(kind) !== null);
  const found = new Set(told.map(({ kind }) => groupOf(kind)));
  return {
    groups: sourceGroups.filter((group) => found.has(group)),
    disagreements: told.flatMap((telling) => differences(contact, telling, dayOf)),
  };
}

function differences(contact: Contact, telling: Telling, dayOf: (at: number) => string): Disagreement[] {
  const { name, kind } = telling;
  const found: Disagreement[] = [];
  const apart = secondsApart(contact, telling, dayOf);
  if (apart === null || apart > toleranceOf(contact.precision, telling.precision))
    found.push({ about: "time", name, kind, apart });
  const [logged, told] = [contact.durationSeconds, telling.durationSeconds];
  if (logged !== null && told !== null && !sameLength(logged, told))
    found.push({ about: "duration", name, kind, logged, told });
  if (contact.number !== null && telling.number !== null && !sameNumber(contact.number, telling.number))
    found.push({ about: "number", name, kind, logged: contact.number, told: telling.number });
  return found;
}

/** Seconds between two tellings; where one knows only the day or month, 0 within it and null outside. */
function secondsApart(a: Timed, b: Timed, dayOf: (at: number) => string): number | null {
  const coarse = [a.precision, b.precision];
  if (coarse.includes("month")) return dayOf(a.at).slice(0, 7) === dayOf(b.at).slice(0, 7) ? 0 : null;
  if (coarse.includes("day")) return dayOf(a.at) === dayOf(b.at) ? 0 : null;
  return Math.round(Math.abs(a.at - b.at) / 1000);
}
type Timed = Pick<Contact, "at" | "precision">;

const toleranceOf = (a: Precision, b: Precision): number =>
  a === "about" || b === "about" ? ABOUT_REACH_SECONDS : CLOCK_SECONDS;

/** Carriers bill begun minutes; a person looking at a clock says "three minutes"; phones count from the ring or from the answer. */
export function sameLength(a: number, b: number): boolean {
  if (a === b) return true;
  if (a === 0 || b === 0) return false;
  const minutes = (n: number) => Math.ceil(n / 60) * 60;
  return Math.abs(a - b) <= 5 || minutes(a) === b || minutes(b) === a;
}

/**
 * Whether two ways of writing may mean one far end: digits are compared from their end, because one may lack the country or the area
 * code. What holds no number (a handle, a hidden end) must be equal.
 */
export function sameNumber(a: string, b: string): boolean {
  const [left, right] = [digitsOf(a), digitsOf(b)];
  if (left === null || right === null) return a.trim().toLowerCase() === b.trim().toLowerCase();
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  return short === long || (short.length >= SHORTEST_NATIONAL && long.endsWith(short));
}

/** Shorter ones are service numbers, whole as they are. */
const SHORTEST_NATIONAL = 7;

/** Without what stands before a number to dial it: +, 00, a trunk 0, the country code of mainland China. */
function digitsOf(written: string): string | null {
  if (!/^[+\d][\d\s().\-–/]*$/.test(written.trim())) return null;
  const digits = written.replace(/\D/g, "");
  if (digits === "") return null;
  const bare = digits.replace(/^00/, "");
  const national = bare.length > 10 && bare.startsWith("86") ? bare.slice(2) : bare;
  return national.replace(/^0+(?=\d)/, "");
}

// --- files and calls ----------------------------------------------------------------------------------------------

/** What the name of a recording or picture tells. */
export interface FileFacts {
  /** Epoch milliseconds; null = only the day is told. */
  at: number | null;
  /** Local day, YYYY-MM-DD. */
  day: string;
  number: string | null;
}

/** `sure`: number and time agree; `likely`: the time alone; `possible`: the number, and the day or nearly the time. */
export type Confidence = "sure" | "likely" | "possible";

/**
 * How surely a file was made at a contact. Null = nothing speaks for it, which is not the same as a different contact.
 * A recording is named with the time at which it began.
 */
export function confidenceOf(contact: Contact, file: FileFacts, dayOf: (at: number) => string): Confidence | null {
  if (contact.precision === "month") return null;
  const known = contact.number !== null && file.number !== null;
  const same = known && sameNumber(contact.number!, file.number!);
  if (known && !same) return null;
  if (file.at === null || contact.precision === "day")
    return same && dayOf(contact.at) === file.day ? "possible" : null;
  const apart = Math.abs(contact.at - file.at) / 1000;
  if (apart <= CLOCK_SECONDS && contact.precision === "exact") return same ? "sure" : "likely";
  return same && apart <= ABOUT_REACH_SECONDS ? "possible" : null;
}

export const confidences = ["sure", "likely", "possible"] as const satisfies readonly Confidence[];
