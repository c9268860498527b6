/** The fields that entries share, as a browser sends them. Messages are keys of views/locales. Next: entry.ts. */
import { z } from "zod";
import { type FormErrors, optional } from "../web/forms.ts";

/** Before this year a date is a slip of the finger. */
const EARLIEST_YEAR = 1990;
const LATEST_YEAR = 2100;

/**
 * A local day that exists, as a date field sends it or as people type it ("2026/3/5", "2026年3月5日"); null when nothing was written.
 * Whether it may lie in the future is for the entry to say: {@link pastDay}.
 */
export const day = optional(
  z
    .string()
    .transform(readDay)
    .pipe(z.string({ error: "ledger.day.invalid" })),
).transform((value) => value ?? null);

function readDay(text: string): string | null {
  const plain = text.normalize("NFKC").trim();
  const [, year, month, date] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain) ?? [];
  const parts = { year: Number(year), month: Number(month), day: Number(date) };
  if (year === undefined || parts.year < EARLIEST_YEAR || parts.year > LATEST_YEAR) return null;
  try {
    return Temporal.PlainDate.from(parts, { overflow: "reject" }).toString();
  } catch {
    return null;
  }
}

/** A day that must be there and must have come; says so at its field otherwise. */
export function pastDay(errors: FormErrors, field: string, value: string | null, today: string): string {
  if (value === null) errors[field] ??= "ledger.day.missing";
  else notAfter(errors, field, value, today);
  return value ?? today;
}

/** What has happened cannot have happened tomorrow. */
export function notAfter(errors: FormErrors, field: string, value: string | null, today: string): void {
  if (value !== null && value > today) errors[field] ??= "ledger.day.future";
}

/** What follows cannot come before what it follows. */
export function notBefore(errors: FormErrors, field: string, value: string | null, first: string | null): void {
  if (value !== null && first !== null && value < first) errors[field] ??= "ledger.day.order";
}

export const line = optional(z.string().trim().max(200)).transform((value) => value ?? null);
export const text = optional(z.string().trim().max(20_000)).transform((value) => value ?? null);

/** The human number of a contact or a notice: "12", "#12", "１２". */
export const humanNumber = optional(
  z
    .string()
    .transform((value) => value.normalize("NFKC").trim().replace(/^#/, ""))
    .pipe(z.string().regex(/^[1-9]\d{0,8}$/, { error: "ledger.number.invalid" }))
    .transform(Number),
).transform((value) => value ?? null);

/** An amount as its form shows it: "12345.67". */
export function amountText(minor: number | null): string {
  if (minor === null) return "";
  const cents = String(minor % 100).padStart(2, "0");
  return `${(minor - (minor % 100)) / 100}.${cents}`;
}
