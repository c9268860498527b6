/**
 * What in a text is probably private and not needed by an office: telephone numbers, identity and account numbers, e-mail addresses, and
 * numbers and names that the case knows. Only suggested; a person ticks. Pure. Next: mask.ts removes what was ticked.
 */
import { findPhoneNumbersInText, isSupportedCountry } from "libphonenumber-js/min";
import { type KnownPrivate, findPrivate } from "../complaints/private-data.ts";
import { coreDigits, countEach } from "./mask.ts";

const kinds = [
  "identity-number",
  "account-number",
  "third-party-name",
  "third-party-number",
  "phone-number",
  "email",
  "collector-number",
] as const;
export type SuggestionKind = (typeof kinds)[number];

export interface Suggestion {
  kind: SuggestionKind;
  /** As it stands in the text, or as the case knows it. */
  text: string;
  /** How often it stands in the text. */
  count: number;
}

const MOST = 200;
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu;

/** Collectors' numbers are what a complaint is about: an office needs them, so they are listed and not suggested. */
export const isSuggested = (kind: SuggestionKind): boolean => kind !== "collector-number";

/** `country`: ISO 3166, for numbers written without a country's code. Most private first. */
export function suggestionsIn(text: string, known: KnownPrivate, country: string): Suggestion[] {
  const collectors = new Set(known.collectorNumbers.map(coreDigits));
  const others = new Set(known.otherNumbers.map(coreDigits));
  const found = new Map<string, { kind: SuggestionKind; text: string }>();
  const add = (kind: SuggestionKind, value: string) => {
    // Two addresses may hold the same digits.
    const key = kind === "email" ? value.toLowerCase() : coreDigits(value) || value.toLowerCase();
    if (!found.has(key)) found.set(key, { kind, text: value });
  };
  const number = (value: string) => {
    const core = coreDigits(value);
    add(others.has(core) ? "third-party-number" : collectors.has(core) ? "collector-number" : "phone-number", value);
  };
  for (const value of known.otherNumbers) add("third-party-number", value);
  for (const { kind, text: value } of findPrivate(text, known)) {
    if (kind === "phone-number") number(value);
    else add(kind, value);
  }
  // Columns of a table are not one number.
  const plain = text.normalize("NFKC").replaceAll(/[,;\t、]/g, "|");
  const home = isSupportedCountry(country) ? country : undefined;
  for (const { startsAt, endsAt } of findPhoneNumbersInText(plain, home === undefined ? {} : { defaultCountry: home }))
    number(plain.slice(startsAt, endsAt));
  for (const value of known.collectorNumbers) add("collector-number", value);
  for (const [value] of plain.matchAll(EMAIL)) add("email", value);
  const all = [...found.values()].slice(0, 5 * MOST);
  const counts = countEach(
    text,
    all.map((one) => one.text),
  );
  return all
    .map((one, at) => ({ ...one, count: counts[at]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.count - a.count)
    .slice(0, MOST);
}

/** What is removed at first: everything that is suggested. */
export const suggestedWords = (suggestions: readonly Suggestion[]): string[] =>
  suggestions.filter(({ kind }) => isSuggested(kind)).map(({ text }) => text);
