/** Who reads a page, and which complaint an address names: what the routes of this folder ask alike, without Express. */
import type { Db } from "../platform/database.ts";
import { notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import type { Complaint } from "./complaint.ts";
import { getComplaint } from "./store.ts";

export interface Reader {
  t: Translate;
  format: Format;
  locale: Locale;
}

/** @param locals of the answer, as every page has them. */
export const readerOf = (locals: Record<string, unknown>): Reader => ({
  t: locals.t as Translate,
  format: locals.format as Format,
  locale: locals.locale as Locale,
});

/** The complaint with this human number, removed or not. @throws not found. */
export async function complaintNumbered(db: Db, caseId: string, text: unknown): Promise<Complaint> {
  const number = numberFrom(text);
  const found = number === null ? null : await getComplaint(db, caseId, number);
  if (found === null) throw notFound();
  return found;
}

/** A human number in an address or a form; null when it is none. */
export function numberFrom(text: unknown): number | null {
  return typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
