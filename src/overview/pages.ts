/** What the templates under views/overview print: the front page of a case. Next: home-page.ts, the front page of a person. */
import type { Case } from "../cases/case.ts";
import { zoneText } from "../cases/pages.ts";
import { clauseIn } from "../codes/clause.ts";
import { forceOf, hoursOfRule } from "../codes/forbidden-hours.ts";
import { ruleHref } from "../codes/pages.ts";
import type { Code, Rule } from "../conduct/code.ts";
import { strengths } from "../conduct/vocabulary.ts";
import type { ContactCounts } from "../findings/contact-count-store.ts";
import type { RuleCount } from "../findings/count-store.ts";
import { untoldIn } from "../findings/untold.ts";
import { isWholeDay, type Notice } from "../notices/notice.ts";
import { dayHourPicture } from "../web/charts/day-hour.ts";
import { type Span, withinDay } from "../web/charts/marks.ts";
import { unitMarks } from "../web/charts/units.ts";
import type { Format } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { type Step, nextSteps } from "./next-steps.ts";
import type { Band, PictureData } from "./picture.ts";
import type { Counted } from "./store.ts";

export interface Words {
  t: Translate;
  format: Format;
  locale: Locale;
}

export interface OverviewPage {
  title: string;
  caseId: string;
  lede: string;
  /** Nothing logged yet. */
  empty: boolean;
  mayLog: boolean;
  figures: { label: string; n: number; unit: string }[];
  steps: { text: string; hint: string | null; href: string; status: string; tone: Step["tone"] }[];
  facts: { label: string; value: string; known: boolean }[];
  picture: PicturePart | null;
  rules: RulePart;
}

interface PicturePart {
  svg: string;
  /** "22:00 to 08:00", or null when no rule of the case speaks of hours. */
  nights: string | null;
  hourRules: { title: string; href: string }[];
  from: string;
  to: string;
  flags: { title: string; note: string; href: string }[];
  bands: { from: string; to: string; forbidden: boolean }[];
  rows: { day: string; bands: number[]; unknown: number; all: number }[];
  foot: { bands: number[]; unknown: number; all: number };
  days: { date: string; all: number; forbidden: number; others: number; times: string }[];
  weeks: { date: string; all: number; forbidden: number; others: number }[];
  monthOnly: number;
  outgoing: number;
}

interface RuleRow {
  title: string;
  href: string;
  /** The findings of this rule. */
  listHref: string;
  clause: string;
  source: string;
  obligation: string;
  strength: string;
  counts: OutcomeCounts;
  confirmed: number;
  dismissed: number;
  /** One mark for each finding. */
  unitsSvg: string;
}
interface OutcomeCounts {
  matches: number;
  needsReview: number;
  cannotTell: number;
}
interface RulePart {
  rows: RuleRow[];
  /** Rules of which nothing is known yet but that a fact is missing. */
  waiting: RuleRow[];
  totals: OutcomeCounts;
  /** Rules compared of which nothing was found. */
  quiet: { title: string; href: string }[];
  noCodes: boolean;
}

const MOST_TIMES = 12;
/** So many notices can be told apart as lines. */
const MOST_LINES = 8;

export function overviewPage(
  words: Words,
  matter: Case,
  parts: {
    totals: Omit<Counted, "days"> & { numbers: number };
    picture: PictureData;
    forbidden: readonly Span[];
    notices: readonly Notice[];
    counts: readonly RuleCount[];
    /** Contacts, each once, by the strongest thing a rule says of them. */
    contactsFound: ContactCounts;
    codes: readonly Code[];
    collectors: readonly string[];
    lastDossierAt: number | null;
    mayLog: boolean;
    /** Today in the case's zone, YYYY-MM-DD, and now. */
    today: string;
    now: number;
  },
): OverviewPage {
  const { t } = words;
  const { totals, picture } = parts;
  const empty = totals.incoming + totals.outgoing === 0;
  const rules = rulePart(words, matter.id, parts);
  const nights = nightsText(words, parts.forbidden);
  return {
    title: t("overview.title"),
    caseId: matter.id,
    lede: ledeOf(words, picture),
    empty,
    mayLog: parts.mayLog,
    figures: [
      {
        label: t("overview.figure.contacts"),
        n: totals.incoming,
        unit: t("overview.unit.logged", { count: totals.incoming }),
      },
      ...(nights === null
        ? []
        : [{ label: nights, n: picture.forbidden, unit: t("overview.unit.contacts", { count: picture.forbidden }) }]),
      {
        label: t("overview.figure.others"),
        n: totals.others,
        unit: t("overview.unit.contacts", { count: totals.others }),
      },
      {
        label: t("overview.figure.numbers"),
        n: totals.numbers,
        unit: t("overview.unit.used", { count: totals.numbers }),
      },
    ],
    steps: parts.mayLog ? stepsOf(words, matter, parts) : [],
    facts: factsOf(words, matter, parts),
    picture: totals.incoming === 0 ? null : picturePart(words, matter, parts, nights),
    rules,
  };
}

function ledeOf({ t, format }: Words, picture: PictureData): string {
  if (picture.daysWithContact === 0) return t("overview.lede.none");
  const span = 1 + Math.round((Date.parse(picture.lastDate) - Date.parse(picture.firstDate)) / 86_400_000);
  const days = { days: format.number(picture.daysWithContact), span: format.number(span) };
  return span === 1
    ? t("overview.lede.day", { day: format.date(picture.firstDate) })
    : t("overview.lede.span", { from: format.date(picture.firstDate), to: format.date(picture.lastDate), ...days });
}

function stepsOf({ t, format }: Words, matter: Case, parts: Parameters<typeof overviewPage>[2]): OverviewPage["steps"] {
  const sum = (outcome: string, of: (count: RuleCount) => number) =>
    parts.counts.reduce((n, count) => n + (count.outcome === outcome ? of(count) : 0), 0);
  const steps = nextSteps({
    contacts: parts.totals.incoming,
    others: parts.totals.others,
    codes: matter.codes.length,
    lenderKnown: matter.lender !== "",
    lenderKindKnown: matter.lenderKind !== "unknown",
    respondentKnown: matter.respondentKind !== "unknown",
    notices: parts.notices.length,
    // What nobody noted of many contacts is one question on the page of findings, not many to be answered first.
    cannotTell: sum("cannot-tell", ({ open }) => open) - untoldIn(parts.codes, parts.counts),
    needsReview: sum("needs-review", ({ open }) => open),
    unreviewed: sum("matches", ({ open }) => open),
    lastDossierAt: parts.lastDossierAt,
    now: parts.now,
  });
  return steps.map((step) => {
    const copied = step.name === "backUp" && parts.lastDossierAt !== null;
    return {
      text: t(`overview.step.${step.name}.text`, { count: step.count }),
      hint: copied
        ? t("overview.step.backUp.last", { date: format.date(parts.lastDossierAt ?? 0) })
        : t(`overview.step.${step.name}.hint`),
      href: `/cases/${matter.id}${step.path}`,
      status: copied ? t("overview.status.days", { count: step.count }) : t(`overview.status.${step.tone}`),
      tone: step.tone,
    };
  });
}

function factsOf(
  { t, format, locale }: Words,
  matter: Case,
  { collectors, codes }: { collectors: readonly string[]; codes: readonly Code[] },
): OverviewPage["facts"] {
  const row = (key: string, value: string | null) => ({
    label: t(`overview.fact.${key}`),
    value: value ?? t("overview.fact.notKnown"),
    known: value !== null,
  });
  return [
    row("lender", matter.lender === "" ? null : matter.lender),
    row("kind", matter.lenderKind === "unknown" ? null : t(`cases.lenderKind.${matter.lenderKind}.name`)),
    ...(collectors.length > 0 ? [row("collectors", format.list(collectors))] : []),
    row("overdue", matter.pastDueOn === null ? null : format.date(matter.pastDueOn)),
    row("zone", zoneText(t, matter.zone)),
    row("codes", codes.length === 0 ? null : format.list(codes.map((code) => code.title[locale]))),
  ];
}

/** "22:00 to 08:00": the spans as people say them, one that crosses midnight in one piece. */
function nightsText({ t, format }: Words, forbidden: readonly Span[]): string | null {
  const pieces = withinDay(forbidden);
  if (pieces.length === 0) return null;
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  const crosses = pieces.length > 1 && first.fromMinute === 0 && last.toMinute === 1440;
  const spans = crosses ? [...pieces.slice(1, -1), { fromMinute: last.fromMinute, toMinute: first.toMinute }] : pieces;
  return format.list(
    spans.map(({ fromMinute, toMinute }) => t("overview.hours", { from: clock(fromMinute), to: clock(toMinute) })),
  );
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
/** As short as a table head: "8", "7:30". */
const hour = (minute: number): string => (minute % 60 === 0 ? String(minute / 60) : clock(minute));

function picturePart(
  words: Words,
  matter: Case,
  parts: Parameters<typeof overviewPage>[2],
  nights: string | null,
): PicturePart {
  const { t, format } = words;
  const { picture, totals } = parts;
  const lines = linesOf(words, matter, parts.notices, picture);
  const svg = dayHourPicture({
    days: picture.days.map(({ date, weekday, marks }) => ({
      label: weekday === 1 ? weekLabel(words, date) : null,
      weekStart: weekday === 1,
      marks,
    })),
    forbidden: parts.forbidden,
    lines,
  });
  const sumBands = picture.bands.map((_, index) => picture.weekdays.reduce((n, day) => n + (day.bands[index] ?? 0), 0));
  return {
    svg,
    nights,
    hourRules: hourRules(words.locale, parts.codes, { today: parts.today, caseId: matter.id }),
    from: format.date(picture.days[0]?.date ?? parts.today),
    to: format.date(picture.days.at(-1)?.date ?? parts.today),
    flags: lines,
    bands: picture.bands.map(({ from, to, forbidden }: Band) => ({ from: hour(from), to: hour(to), forbidden })),
    rows: picture.weekdays.map((day, index) => ({ day: t(`overview.weekday.${index + 1}`), ...day })),
    foot: {
      bands: sumBands,
      unknown: picture.weekdays.reduce((n, day) => n + day.unknown, 0),
      all: picture.weekdays.reduce((n, day) => n + day.all, 0),
    },
    days: picture.dayRows.map(({ date, marks, ...counts }) => ({
      date: format.day(date),
      ...counts,
      times: timesText(words, marks),
    })),
    weeks: picture.weekRows.map(({ date, ...counts }) => ({ date: format.date(date), ...counts })),
    monthOnly: totals.monthOnly,
    outgoing: totals.outgoing,
  };
}

/** As short as it can be read: a phone leaves fifty pixels. */
function weekLabel({ format, locale }: Words, date: string): string {
  return locale === "zh-CN" ? `${Number(date.slice(5, 7))}/${Number(date.slice(8))}` : format.shortDate(date);
}

function timesText({ t }: Words, marks: PictureData["dayRows"][number]["marks"]): string {
  const times = marks.slice(0, MOST_TIMES).map(({ minute, about }) => {
    if (minute === null) return t("overview.times.unknown");
    return about ? t("overview.times.about", { time: clock(minute) }) : clock(minute);
  });
  const more = marks.length - times.length;
  return [...times, ...(more > 0 ? [t("overview.times.more", { count: more })] : [])].join(t("overview.times.join"));
}

/** Notices inside the picture as lines, newest first. */
function linesOf(words: Words, matter: Case, notices: readonly Notice[], picture: PictureData) {
  const { t, format } = words;
  const indexOf = new Map(picture.days.map(({ date }, index) => [date, index]));
  return notices
    .flatMap((notice) => {
      const at = notice.receivedAt ?? notice.sentAt;
      if (at === null) return [];
      const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(matter.zone).toPlainDate().toString();
      const day = indexOf.get(date);
      if (day === undefined) return [];
      const when = isWholeDay(at, matter.zone) ? format.shortDate(at) : format.shortInstant(at);
      return [
        {
          at,
          day,
          title: t(`notices.kind.${notice.kind}.name`),
          note: t(notice.receivedAt === null ? "overview.line.sent" : "overview.line.received", {
            number: notice.number,
            when,
          }),
          href: `/cases/${matter.id}/notices/${notice.number}`,
        },
      ];
    })
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_LINES);
}

/** The rules in force today that speak of hours. */
function hourRules(
  locale: Locale,
  codes: readonly Code[],
  { today, caseId }: { today: string; caseId: string },
): PicturePart["hourRules"] {
  return codes.flatMap((code) =>
    code.rules
      .filter((rule) => rule.on && hoursOfRule(rule).length > 0 && inForce(code, rule, today))
      .map((rule) => ({ title: rule.title[locale], href: ruleHref(code.id, rule.id, caseId) })),
  );
}

const inForce = (code: Code, rule: Rule, day: string): boolean => {
  const { from, to } = forceOf(code, rule);
  return day >= from && (to === null || day <= to);
};

const severities = ["critical", "high", "medium", "low"];

function rulePart(
  { locale }: Words,
  caseId: string,
  {
    counts,
    contactsFound,
    codes,
    today,
  }: { counts: readonly RuleCount[]; contactsFound: ContactCounts; codes: readonly Code[]; today: string },
): RulePart {
  const rules = new Map(codes.flatMap((code) => code.rules.map((rule) => [rule.id, { code, rule }] as const)));
  const byRule = Map.groupBy(counts, ({ rule }) => rule);
  const rows = [...byRule].flatMap(([id, ofRule]) => {
    const known = rules.get(id);
    if (known === undefined) return [];
    const { code, rule } = known;
    const of = (outcome: string) =>
      ofRule.reduce((n, count) => n + (count.outcome === outcome ? count.open + count.confirmed : 0), 0);
    const outcomes = { matches: of("matches"), needsReview: of("needs-review"), cannotTell: of("cannot-tell") };
    const source = code.sources[rule.source];
    return [
      {
        severity: severities.indexOf(rule.severity),
        title: rule.title[locale],
        href: ruleHref(code.id, rule.id, caseId),
        listHref: `/cases/${caseId}/findings?rule=${encodeURIComponent(id)}`,
        clause: clauseIn(rule.clause, locale),
        source: source?.title[locale] ?? rule.source,
        obligation: rule.obligation,
        strength: rule.strength ?? source?.strength ?? "standard",
        counts: outcomes,
        confirmed: ofRule.reduce((n, count) => n + count.confirmed, 0),
        dismissed: ofRule.reduce((n, count) => n + count.dismissed, 0),
        unitsSvg: unitMarks(outcomes),
      },
    ];
  });
  rows.sort(
    (a, b) =>
      b.counts.matches - a.counts.matches ||
      b.counts.needsReview - a.counts.needsReview ||
      // Rules of different texts that say the same of the same contacts: the one that binds most comes first.
      strengths.indexOf(a.strength) - strengths.indexOf(b.strength) ||
      a.severity - b.severity ||
      b.counts.cannotTell - a.counts.cannotTell,
  );
  const settled = ({ counts: { matches, needsReview }, confirmed, dismissed }: RuleRow) =>
    matches + needsReview + confirmed + dismissed > 0;
  const plain: RuleRow[] = rows.map(({ severity: _severity, ...row }) => row);
  return {
    rows: plain.filter(settled),
    waiting: plain.filter((row) => !settled(row)),
    // Of contacts, not of findings: two texts that say the same of one contact make it one.
    totals: {
      matches: contactsFound.matches,
      needsReview: contactsFound["needs-review"],
      cannotTell: contactsFound["cannot-tell"],
    },
    quiet: [...rules.values()]
      .filter(({ code, rule }) => rule.on && inForce(code, rule, today) && !byRule.has(rule.id))
      .map(({ code, rule }) => ({ title: rule.title[locale], href: ruleHref(code.id, rule.id, caseId) })),
    noCodes: codes.length === 0,
  };
}
