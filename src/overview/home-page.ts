/** What the front page of a person and the list of their cases print. */
import type { Format } from "../web/format.ts";
import { formatter } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { may } from "../people/permissions.ts";
import { type AgendaGroup, type Due, agendaGroups, groupOf } from "../complaints/agenda.ts";
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
  /** What is due in complaints: overdue, this week, later; groups without anything are left out. */
  agenda: { group: AgendaGroup; items: AgendaRow[] }[];
  /** Of what is due later, so many are not shown. */
  moreLater: number;
  total: number;
  /** The number of a case just deleted. */
  deleted: number | null;
}

interface AgendaRow {
  href: string;
  due: string;
  left: string;
  what: string;
  who: string;
  where: string;
}
/** Later things on the front page; the cases show all. */
const MOST_LATER = 8;

export function homePage(
  { t, format, locale }: { t: Translate; format: Format; locale: Locale },
  cases: readonly CaseCount[],
  parts: { front: boolean; now: number; deleted: number | null; agenda: readonly Due[] },
): HomePage {
  const named = (row: CaseCount) => t("overview.home.caseName", { borrower: row.borrower, number: row.number });
  const dueRow = ({ matter, complaint, channel, step, contact }: Due): AgendaRow => ({
    href: `/cases/${matter.id}/complaints/${complaint?.number ?? "new"}`,
    due: format.day(step.due),
    left: t(`overview.agenda.${step.stands === "over" ? "over" : step.daysLeft === 0 ? "today" : "left"}`, {
      count: Math.abs(step.daysLeft),
    }),
    what:
      contact === null
        ? step.clock.step[locale]
        : t(contact.contacts === 1 ? "complaints.lastDay.alone" : "complaints.lastDay.contact", {
            what: step.clock.step[locale],
            number: contact.number,
            date: formatter(locale, matter.zone).date(contact.day),
            count: contact.contacts - 1,
          }),
    who: t(complaint === null || contact !== null ? "complaints.lastDay.who" : `complaints.who.${step.clock.who}`),
    where: t(complaint === null ? "overview.agenda.whereNone" : "overview.agenda.where", {
      borrower: matter.borrower,
      number: matter.number,
      office: channel.name[locale],
      complaint: complaint?.number,
    }),
  });
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
    agenda: agendaGroups
      .map((group) => ({
        group,
        items: parts.agenda
          .filter((due) => groupOf(due) === group)
          .slice(0, group === "later" ? MOST_LATER : undefined)
          .map(dueRow),
      }))
      .filter(({ items }) => items.length > 0),
    moreLater: Math.max(0, parts.agenda.filter((due) => groupOf(due) === "later").length - MOST_LATER),
    total: cases.length,
    deleted: parts.deleted,
  };
}
