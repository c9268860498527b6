/**
 * "Which days, what hours": every contact as a dot on its day, forbidden hours shaded, and the same as a table of weekdays and hours.
 * Next: paper-findings.ts.
 */
import { clauseIn } from "../codes/clause.ts";
import { forceOf, hoursOfRule, spansOf } from "../codes/forbidden-hours.ts";
import type { Code, Rule } from "../conduct/code.ts";
import { lies, type Span, withinDay } from "../web/charts/marks.ts";
import type { Block, Cell, Dot, Panel, Section, Shade, Table } from "./blocks.ts";
import { type Dossier, type DossierIncident, localDay, localMinutes } from "./dossier.ts";
import type { Text, Voice } from "./voice.ts";

const DAY = 86_400_000;
/** As many rows as fit on a page below its heading. */
const ROWS = 91;
const UNANSWERED = new Set(["unanswered", "not-connected", "blocked", "unknown"]);

/** The hours that the case's codes keep free of contact, each with the first rule that says so, the most binding first. */
export function nightHours(
  dossier: Pick<Dossier, "codes" | "case" | "incidents">,
): { hours: Span; rule: Rule; code: Code }[] {
  const found = new Map<string, { hours: Span; rule: Rule; code: Code }>();
  const { zone, lenderKind, codes } = dossier.case;
  const last = dossier.incidents.at(-1);
  const day = last === undefined ? null : localDay(zone, last.at);
  for (const { code } of dossier.codes) {
    for (const rule of code.rules) {
      const source = code.sources[rule.source];
      const kinds = rule.lenderKinds ?? source?.lenderKinds;
      const { from, to } = forceOf(code, rule);
      const inForce = day === null || (from <= day && (to === null || to >= day));
      const binds = kinds === undefined || kinds.some((kind) => kind === lenderKind);
      if (!rule.on || !inForce || !binds || !codes.includes(code.id)) continue;
      for (const hours of spansOf(hoursOfRule(rule))) {
        const key = `${hours.fromMinute}-${hours.toMinute}`;
        if (!found.has(key)) found.set(key, { hours, rule, code });
      }
    }
  }
  return [...found.values()];
}

/** Hours of a day without crossing midnight. */
export function shadeOf(hours: readonly Span[]): Shade[] {
  return withinDay(hours).map(({ fromMinute, toMinute }) => [fromMinute, toMinute]);
}

/** "22:00". */
export function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

export function dotOf(zone: string, incident: DossierIncident, hours: readonly Span[]): Dot {
  const m = localMinutes(zone, incident);
  return {
    m,
    ...(m !== null && incident.direction === "incoming" && lies(m, hours) ? { in: true } : {}),
    ...(incident.outcome === undefined || UNANSWERED.has(incident.outcome) ? { open: true } : {}),
    ...(incident.contacted !== undefined && incident.contacted !== "self" ? { other: true } : {}),
    ...(incident.precision === "about" ? { about: true } : {}),
  };
}

export function timesSection(dossier: Dossier, voice: Voice): Section {
  const title = voice.say("dossiers.paper.times.title");
  const { incidents } = dossier;
  if (incidents.length === 0) return { title, blocks: [{ k: "p", t: voice.say("dossiers.paper.nothing") }] };
  const nights = nightHours(dossier);
  const hours = nights.map((night) => night.hours);
  const zone = dossier.case.zone;
  const days = new Set(incidents.map(({ at }) => localDay(zone, at)));
  const flags = dossier.notices.flatMap((notice) => {
    const at = notice.receivedAt ?? notice.sentAt;
    return at === null ? [] : [{ notice, day: localDay(zone, at) }];
  });
  const panels = panelsOf(dossier, hours, flags);
  const intro: Block[] = [
    {
      k: "p",
      t: voice.say("dossiers.paper.times.intro", { days: days.size, count: incidents.length, zone }),
    },
    ...nights.map(({ hours: night, rule, code }): Block => ({
      k: "p",
      small: true,
      t: voice.say("dossiers.paper.times.shaded", ({ language }) => ({
        from: timeOfDay(night.fromMinute),
        to: timeOfDay(night.toMinute),
        clause: clauseIn(rule.clause, language),
        source: code.sources[rule.source]?.title[language] ?? rule.source,
      })),
    })),
  ];
  const edges = [...new Set(shadeOf(hours).flat())].filter((minute) => minute % 60 === 0).map((minute) => minute / 60);
  return {
    title,
    blocks: [
      ...intro,
      {
        k: "picture",
        alt: voice.say("dossiers.paper.times.alt", { count: incidents.length, days: days.size }),
        shade: shadeOf(hours),
        hours: [...new Set([0, 4, 8, 12, 16, 20, 24, ...edges])].sort((a, b) => a - b),
        panels,
      },
      { k: "legend", items: legendOf(voice, nights, flags) },
      weekTable(dossier, voice, hours),
    ],
  };
}

function legendOf(
  voice: Voice,
  nights: ReturnType<typeof nightHours>,
  flags: Flag[],
): { dot: Dot | "shade" | "unknown" | number; t: Text }[] {
  const words = (key: string) => voice.say(`dossiers.paper.times.${key}`);
  return [
    { dot: { m: 0 }, t: words("dotSelf") },
    { dot: { m: 0, open: true }, t: words("dotOpen") },
    { dot: { m: 0, other: true }, t: words("dotOther") },
    ...(nights.length === 0
      ? []
      : [
          { dot: { m: 0, in: true }, t: words("dotNight") },
          { dot: "shade" as const, t: words("dotShade") },
        ]),
    { dot: { m: 0, about: true }, t: words("dotAbout") },
    { dot: "unknown", t: words("dotUnknown") },
    ...flags.map(({ notice, day }, i) => ({
      dot: i + 1,
      t: voice.say("dossiers.paper.times.flag", ({ t, format }) => ({
        day: format.date(day),
        number: notice.number,
        kind: t(`dossiers.words.noticeKind.${notice.kind}`),
      })),
    })),
  ];
}

type Flag = { notice: Dossier["notices"][number]; day: string };

/** Panels of at most {@link ROWS} days, newest first; a stretch without any contact longer than a panel is left out. */
function panelsOf(dossier: Dossier, hours: readonly Span[], flags: Flag[]): Panel[] {
  const zone = dossier.case.zone;
  const byDay = new Map<number, Dot[]>();
  for (const incident of dossier.incidents) {
    const day = Date.parse(localDay(zone, incident.at)) / DAY;
    const dots = byDay.get(day);
    const dot = dotOf(zone, incident, hours);
    if (dots === undefined) byDay.set(day, [dot]);
    else dots.push(dot);
  }
  const panels: Panel[] = [];
  const days = [...byDay.keys()].sort((a, b) => b - a);
  for (let next = 0; next < days.length;) {
    const newest = days[next]!;
    const oldestAllowed = newest - ROWS + 1;
    let oldest = newest;
    while (next < days.length && days[next]! >= oldestAllowed) oldest = days[next++]!;
    const rows: Panel["days"] = [];
    for (let day = newest; day >= oldest; day--)
      rows.push({ label: isLabelled(day, newest, oldest) ? shortDay(day) : null, dots: byDay.get(day) ?? [] });
    panels.push({
      days: rows,
      flags: flags.flatMap((flag, i) => {
        const row = newest - Date.parse(flag.day) / DAY;
        return row >= 0 && row < rows.length ? [{ row, n: i + 1 }] : [];
      }),
    });
  }
  return panels;
}

/** Mondays, and both ends when no Monday is near. */
function isLabelled(day: number, newest: number, oldest: number): boolean {
  const monday = (day + 3) % 7 === 0;
  const mondayNear = (other: number) => (other + 3) % 7 <= 2 || (other + 3) % 7 >= 5;
  return monday || ((day === newest || day === oldest) && !mondayNear(day));
}

/** In figures for every language: it is narrow, and the same in both. */
const shortDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** Weekday by hour; the sums of its rows and columns are those of the picture. */
function weekTable(dossier: Dossier, voice: Voice, hours: readonly Span[]): Table {
  const zone = dossier.case.zone;
  const counts = Array.from({ length: 8 }, () => Array.from({ length: 26 }, () => 0));
  for (const incident of dossier.incidents) {
    const weekday = incident.precision === "month" ? 7 : (new Date(localDay(zone, incident.at)).getUTCDay() + 6) % 7;
    const minutes = localMinutes(zone, incident);
    const column = minutes === null ? 24 : Math.floor(minutes / 60);
    counts[weekday]![column]! += 1;
    counts[weekday]![25]! += 1;
  }
  const row = (label: Text, values: number[]): Cell[] => [
    label,
    ...values.map((n, hour) => {
      const text = n === 0 ? "·" : String(n);
      return hour < 24 && lies(hour * 60, hours) ? { shaded: text } : text;
    }),
  ];
  const weekdays = counts.slice(0, 7).map((line, weekday) => row(weekdayWords(voice, weekday), line));
  const unknown = counts[7]![25]! > 0 ? [row("?", counts[7]!)] : [];
  const totals = Array.from({ length: 26 }, (_, column) => counts.reduce((sum, line) => sum + line[column]!, 0));
  return {
    k: "table",
    dense: true,
    caption: voice.say("dossiers.paper.times.table"),
    widths: ["auto", ...Array.from({ length: 25 }, () => "1fr"), "auto"],
    head: [
      voice.say("dossiers.paper.times.weekday"),
      ...Array.from({ length: 24 }, (_, hour) => String(hour)),
      "?",
      "Σ",
    ],
    rows: [...weekdays, ...unknown, row("Σ", totals)],
  };
}

/** 0 is Monday. */
function weekdayWords(voice: Voice, weekday: number): Text {
  // 2024-01-01 was a Monday.
  const day = Date.UTC(2024, 0, 1 + weekday);
  return voice.each((language) => new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(day));
}
