/**
 * The picture of a case and the tables that say the same in numbers, out of rows counted by the database. Pure: the zone and today are
 * arguments. The picture shows a readable span; the tables cover everything. Next: pages.ts puts words to it.
 */
import { DAY_MS, type Zone, fromLocal, isoDay, weekdayOf } from "../conduct/zone.ts";
import { DAY_MINUTES, type Mark, type Span, lies, withinDay } from "../web/charts/marks.ts";
import type { DayCount, MarkRow } from "./store.ts";

/** Thirteen weeks fit a screen and are still told apart. */
const PICTURE_DAYS = 91;
/** A case of two days would be a sliver. */
const FEWEST_DAYS = 14;
/** More marks than this cannot be told apart in any span; the picture then begins later. */
export const MOST_MARKS = 3000;

/** A band of hours of the table. */
export interface Band {
  from: number;
  to: number;
  /** Lies in the hours to be left in peace. */
  forbidden: boolean;
}

/** Parts of the day that people think in; the edges of forbidden hours cut them further. */
const PARTS = [480, 720, 840, 1080, 1320];

export function bandsOf(forbidden: readonly Span[]): Band[] {
  const nights = withinDay(forbidden);
  const edges = nights.flatMap((span) => [span.fromMinute, span.toMinute]);
  // A part that lies inside forbidden hours anyway, or close to an edge of them, would only make the table wider.
  const parts = PARTS.filter((minute) => !lies(minute, nights) && edges.every((edge) => Math.abs(edge - minute) >= 90));
  const ends = [...new Set([...edges, ...parts, DAY_MINUTES])].filter((end) => end > 0).sort((a, b) => a - b);
  return ends.map((to, index) => {
    const from = ends[index - 1] ?? 0;
    return { from, to, forbidden: lies(from, nights) };
  });
}

interface DayRow {
  /** YYYY-MM-DD */
  date: string;
  all: number;
  forbidden: number;
  others: number;
  /** Earliest first, those without a time last. */
  marks: Mark[];
}
interface WeekRow {
  /** The Monday, YYYY-MM-DD. */
  date: string;
  all: number;
  forbidden: number;
  others: number;
}

export interface PictureData {
  /** Oldest first, without gaps. */
  days: { date: string; weekday: number; marks: Mark[] }[];
  /** The days in the picture that have contacts, newest first. */
  dayRows: DayRow[];
  /** Weeks before the picture that have contacts, newest first. */
  weekRows: WeekRow[];
  /** By weekday (Monday first), then by band, then unknown. */
  weekdays: { bands: number[]; unknown: number; all: number }[];
  bands: Band[];
  forbidden: number;
  daysWithContact: number;
  firstDate: string;
  lastDate: string;
}

/** The span (epoch milliseconds, and local days) that the picture may show: it ends today, or with the last contact when that is long ago. */
export function pictureSpan(
  counts: readonly DayCount[],
  today: number,
  zone: Zone,
): { first: number; last: number; since: number } {
  const firstContact = counts[0]?.day ?? today;
  const lastContact = counts.at(-1)?.day ?? today;
  const last = today - lastContact < PICTURE_DAYS ? Math.max(today, lastContact) : lastContact;
  const first = Math.max(last - PICTURE_DAYS + 1, Math.min(firstContact, last - FEWEST_DAYS + 1));
  return { first, last, since: fromLocal(first * DAY_MS, zone) };
}

/** @param marks newest first, as many as {@link MOST_MARKS} of the span. */
export function pictureData(
  counts: readonly DayCount[],
  marks: readonly MarkRow[],
  parts: { zone: Zone; bands: Band[]; first: number; last: number },
): PictureData {
  const { zone, bands } = parts;
  const byDay = new Map<number, Mark[]>();
  let oldest = parts.first;
  for (const row of marks) {
    const local = row.happenedAt + zone.offsetAt(row.happenedAt);
    oldest = Math.floor(local / DAY_MS);
    const mark = markOf(row, Math.floor((local - oldest * DAY_MS) / 60_000));
    const ofDay = byDay.get(oldest);
    if (ofDay === undefined) byDay.set(oldest, [mark]);
    else ofDay.push(mark);
  }
  // When not all fitted, the oldest day may lack some: it is left to the weeks.
  const first = marks.length >= MOST_MARKS ? Math.min(oldest + 1, parts.last) : parts.first;
  const forbiddenIn = (count: DayCount) =>
    bands.reduce((sum, band, index) => sum + (band.forbidden ? (count.bands[index] ?? 0) : 0), 0);

  const days = Array.from({ length: parts.last - first + 1 }, (_, index) => {
    const day = first + index;
    return { date: isoDay(day), weekday: weekdayOf(day), marks: byDay.get(day) ?? [] };
  });
  const shown = counts.filter(({ day }) => day >= first).toReversed();
  const dayRows = shown.map((count) => ({
    date: isoDay(count.day),
    all: count.all,
    forbidden: forbiddenIn(count),
    others: count.others,
    marks: (byDay.get(count.day) ?? []).toSorted((a, b) => (a.minute ?? DAY_MINUTES) - (b.minute ?? DAY_MINUTES)),
  }));

  const weeks = new Map<number, WeekRow>();
  const weekdays = Array.from({ length: 7 }, () => ({ bands: bands.map(() => 0), unknown: 0, all: 0 }));
  let forbidden = 0;
  for (const count of counts) {
    const weekday = weekdays[weekdayOf(count.day) - 1]!;
    weekday.all += count.all;
    weekday.unknown += count.unknown;
    for (const [index, n] of count.bands.entries()) weekday.bands[index]! += n;
    forbidden += forbiddenIn(count);
    if (count.day >= first) continue;
    const monday = count.day - weekdayOf(count.day) + 1;
    const week = weeks.get(monday) ?? { date: isoDay(monday), all: 0, forbidden: 0, others: 0 };
    week.all += count.all;
    week.forbidden += forbiddenIn(count);
    week.others += count.others;
    weeks.set(monday, week);
  }
  return {
    days,
    dayRows,
    weekRows: [...weeks.values()].toReversed(),
    weekdays,
    bands,
    forbidden,
    daysWithContact: counts.length,
    firstDate: isoDay(counts[0]?.day ?? parts.first),
    lastDate: isoDay(counts.at(-1)?.day ?? parts.last),
  };
}

const answered = new Set(["conversation", "connected", "delivered", "voicemail-left"]);

function markOf(row: MarkRow, minute: number): Mark {
  return {
    minute: row.precision === "day" ? null : minute,
    about: row.precision === "about",
    open: row.outcome === null || !answered.has(row.outcome),
    other: row.contacted !== null && row.contacted !== "self",
  };
}
