/** What the front page of a person and the list of their cases print. */
import type { Format } from "../web/format.ts";
import { formatter } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { may } from "../people/permissions.ts";
import type { CaseCount } from "./store.ts";

export interface HomePage {
  title: string;
  today: string;
  /** The log box and the greeting stand on the front page only. */
  front: boolean;
  cases: {
    id: string;
    number: number;
    borrower: string;
    lender: string | null;
    demo: boolean;
    contacts: number;
    last: string | null;
    matches: number;
    needsReview: number;
    cannotTell: number;
  }[];
  /** Cases a contact may be logged in, the one contacted last on top. */
  loggable: { value: string; text: string }[];
  total: number;
  /** The number of a case just deleted. */
  deleted: number | null;
}

export function homePage(
  { t, format, locale }: { t: Translate; format: Format; locale: Locale },
  cases: readonly CaseCount[],
  parts: { front: boolean; now: number; deleted: number | null },
): HomePage {
  const named = (row: CaseCount) => t("overview.home.caseName", { borrower: row.borrower, number: row.number });
  return {
    title: t(parts.front ? "overview.home.title" : "overview.cases.title"),
    today: format.longDay(parts.now),
    front: parts.front,
    cases: cases.map((row) => ({
      id: row.id,
      number: row.number,
      borrower: row.borrower,
      lender: row.lender === "" ? null : row.lender,
      demo: row.demo,
      contacts: row.contacts,
      // Each case has its own zone; the day is that of the borrower.
      last: row.lastAt === null ? null : formatter(locale, row.zone).date(row.lastAt),
      matches: row.matches,
      needsReview: row.needsReview,
      cannotTell: row.cannotTell,
    })),
    loggable: cases
      .filter(({ role }) => (role === "borrower" || role === "advocate" ? may(role, "log") : false))
      .map((row) => ({ value: row.id, text: named(row) })),
    total: cases.length,
    deleted: parts.deleted,
  };
}
