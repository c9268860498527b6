/**
 * The page that shows which rules were in force when, against the dates of a case's contacts: each text with its dates, whom it binds and
 * whether that is this case's lender, the stretches between two changes with their number of contacts. It must not know requests.
 * Next: routes.ts.
 */
import type { Case } from "../cases/case.ts";
import { calendarOf, dayFromIso, isoDay, zoneNamed } from "../conduct/zone.ts";
import type { Db } from "../platform/database.ts";
import { type TimeLineOptions, timeAxis, timeBar } from "../web/charts/time-line.ts";
import { clauseIn } from "./clause.ts";
import { type LawOfZone, type SourceInForce, dateAt, dayAfter, lawOverTime, turnsOf } from "./law-over-time.ts";
import { type ContactsBetween, contactSpan, contactsBetween } from "./law-over-time-store.ts";
import type { CodeLibrary } from "./library.ts";
import { type Reader, codeHref, ruleHref } from "./pages.ts";

/** Empty days left and right of what is shown. */
const MARGIN = 45;
/** At least two years are shown, so that a young case sees what changed before it too. */
const SHOWN_AT_LEAST = 2 * 365;

export async function lawOverTimePage(db: Db, library: CodeLibrary, matter: Case, reader: Reader) {
  const { t } = reader;
  const laws = lawOverTime(library.expand(matter.codes), matter);
  const span = await contactSpan(db, matter.id);
  const groups = [];
  for (const law of laws) {
    const dates = [...new Set([...law.changes, ...law.sources.flatMap(({ source }) => turnsOf(source))])].sort();
    const between = await contactsBetween(db, matter.id, dates, { judged: law.zone, written: matter.zone });
    groups.push(groupView(law, dates, between, span, matter, reader));
  }
  return {
    title: t("law.title"),
    backHref: `/cases/${matter.id}/codes`,
    backText: t("law.back"),
    lender: t("law.lender", {
      lender: t(`codes.term.lenderKind.${matter.lenderKind}`),
      respondent: t(`codes.term.respondentKind.${matter.respondentKind}`),
    }),
    factsHref: `/cases/${matter.id}/facts#lenderKind`,
    groups,
  };
}

function groupView(
  law: LawOfZone,
  dates: readonly string[],
  { counts, monthOnly }: ContactsBetween,
  span: { first: number; last: number } | null,
  matter: Case,
  reader: Reader,
) {
  const { t, format, today } = reader;
  const dayOf = (instant: number) => dateAt(instant, zoneNamed(law.zone).offsetAt(instant));
  const contacts = span === null ? null : { from: dayOf(span.first), to: dayOf(span.last) };
  const options = timeLineOf(law, contacts, today);
  /** From the first day up to and without the day after the last; null = no end. */
  const counted = (from: string, until: string | null): number =>
    counts.reduce((sum, n, index) => {
      const begins = dates[index - 1];
      return begins === undefined || begins < from || (until !== null && begins >= until) ? sum : sum + n;
    }, 0);
  const view = (one: SourceInForce) => sourceView(one, counted, options, matter, reader);
  const bound = law.sources.filter(({ binding }) => binding === "yes" || binding === "unknown");
  return {
    zone: law.zone,
    contacts:
      contacts === null
        ? t("law.noContacts")
        : t("law.contacts", {
            count: counts.reduce((sum, n) => sum + n, 0),
            n: format.number(counts.reduce((sum, n) => sum + n, 0)),
            from: format.date(contacts.from),
            to: format.date(contacts.to),
            zone: law.zone,
          }),
    monthOnly: monthOnly === 0 ? null : t("law.monthOnly", { count: monthOnly, n: format.number(monthOnly) }),
    axisSvg: timeAxis(yearsIn(options), options),
    stretches: stretchesOf(law, counted, contacts, reader),
    bound: bound.map(view),
    others: law.sources.filter((one) => !bound.includes(one)).map(view),
  };
}

function sourceView(
  { code, id, source, binding, rules }: SourceInForce,
  counted: (from: string, until: string | null) => number,
  options: TimeLineOptions,
  matter: Case,
  { t, locale, format, today }: Reader,
) {
  const next = source.replacedBy === undefined ? undefined : code.sources[source.replacedBy];
  const n = counted(source.from, source.to === null ? null : dayAfter(source.to));
  return {
    anchor: anchorOf(code.id, id),
    title: source.title[locale],
    href: codeHref(code.id),
    codeTitle: code.title[locale],
    strength: source.strength,
    binds: source.binds[locale],
    binding,
    bindingText: t(`law.binding.${binding}`, { kind: t(`codes.term.lenderKind.${matter.lenderKind}`) }),
    dates: datesText(source, { t, format }),
    state: today < source.from ? "not-yet" : source.to !== null && today > source.to ? "ended" : "now",
    barSvg: timeBar(
      {
        from: dayFromIso(source.from),
        to: source.to === null ? null : dayFromIso(source.to),
        bound: binding === "yes" || binding === "unknown",
      },
      options,
    ),
    contacts: n === 0 ? null : format.number(n),
    replacedBy:
      next === undefined ? null : { title: next.title[locale], href: `#${anchorOf(code.id, source.replacedBy!)}` },
    rulesText: t("law.rules", { count: rules.length, n: format.number(rules.length) }),
    rules: rules.map(({ rule, from, to }) => ({
      anchor: rule.id.replaceAll(".", "-"),
      title: rule.title[locale],
      href: ruleHref(code.id, rule.id),
      clause: clauseIn(rule.clause, locale),
      on: rule.on,
      /** Null when the dates are those of the whole text. */
      dates: from === source.from && to === source.to ? null : datesText({ from, to }, { t, format }),
    })),
  };
}

/** What held between two changes, oldest first; only where the case has contacts, or may have them today. */
function stretchesOf(
  { sources, changes }: LawOfZone,
  counted: (from: string, until: string | null) => number,
  contacts: { from: string; to: string } | null,
  { t, locale, format, today }: Reader,
) {
  if (contacts === null) return [];
  const last = contacts.to > today ? contacts.to : today;
  const titles = (which: (rule: { from: string; to: string | null }) => boolean) =>
    sources
      .filter(
        ({ binding, rules }) =>
          (binding === "yes" || binding === "unknown") && rules.some((one) => one.rule.on && which(one)),
      )
      .map(({ source }) => source.title[locale]);
  // What was in force at the first contact began before it.
  const begins = changes.findLastIndex((change) => change <= contacts.from);
  return (begins === -1 ? [contacts.from, ...changes] : changes.slice(begins))
    .filter((from) => from <= last)
    .map((from) => {
      const next = changes.find((change) => change > from);
      const n = counted(from, next ?? null);
      return {
        from,
        dates: datesText({ from, to: next === undefined ? null : dayBefore(next) }, { t, format }),
        contacts: n === 0 ? null : format.number(n),
        began: titles((rule) => rule.from === from),
        ended: titles((rule) => rule.to !== null && dayAfter(rule.to) === from),
      };
    });
}

const anchorOf = (codeId: string, sourceId: string): string => `${codeId}-${sourceId}`;

const dayBefore = (date: string): string => isoDay(dayFromIso(date) - 1);

const datesText = ({ from, to }: { from: string; to: string | null }, { t, format }: Pick<Reader, "t" | "format">) =>
  to === null
    ? t("law.since", { from: format.date(from) })
    : t("law.span", { from: format.date(from), to: format.date(to) });

/** What the time lines share: a little more than the contacts and the present. */
function timeLineOf(law: LawOfZone, contacts: { from: string; to: string } | null, today: string): TimeLineOptions {
  const now = dayFromIso(today);
  const shaded = contacts === null ? null : { from: dayFromIso(contacts.from), to: dayFromIso(contacts.to) };
  return {
    span: {
      first: Math.min(shaded?.from ?? now, now - SHOWN_AT_LEAST) - MARGIN,
      last: Math.max(shaded?.to ?? now, now) + MARGIN,
    },
    contacts: shaded,
    changes: law.changes.map(dayFromIso),
    today: now,
  };
}

function yearsIn({ span }: TimeLineOptions): { day: number; label: string }[] {
  const first = calendarOf(span.first).year + 1;
  const years = [];
  for (let year = first; dayFromIso(`${year}-01-01`) < span.last; year++)
    years.push({ day: dayFromIso(`${year}-01-01`), label: String(year) });
  return years;
}
