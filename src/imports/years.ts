/**
 * The years of dates that were written without them, as carriers do: `12-31 23:50:00`, then `01-01 00:10:00`. Rows come in the order of
 * time, one way or the other, so each lies within half a year of the one before; what is left open is the year of the newest.
 * Pure.
 */
import type { LocalDate } from "./local-time.ts";

/** Carriers hand out half a year; a newest row that is older than this before the file was made leaves its year open. */
const USUAL_DAYS = 200;

type DayOfYear = Pick<LocalDate, "month" | "day">;

/** A day's place in a leap year: what distances are measured by. */
const place = ({ month, day }: DayOfYear) => Date.UTC(2024, month - 1, day) / 86_400_000;

/** Goes along the rows, counting how often the year changes. */
export class YearWalk {
  #previous: number | null = null;
  /** Years from the first row's. */
  #offset = 0;
  /** The newest row: its years from the first row's, and its day. */
  newest: { offset: number; date: DayOfYear } | null = null;
  /** Where a 29th of February stands, in years from the first row's. */
  leap: number | null = null;

  /** @returns how many years after the first row's this one's is */
  step(date: DayOfYear): number {
    const here = place(date);
    const change = this.#previous === null ? 0 : here - this.#previous;
    if (change > 183) this.#offset -= 1;
    else if (change < -183) this.#offset += 1;
    this.#previous = here;
    const { newest } = this;
    if (
      newest === null ||
      this.#offset > newest.offset ||
      (this.#offset === newest.offset && here > place(newest.date))
    ) {
      this.newest = { offset: this.#offset, date };
    }
    if (date.month === 2 && date.day === 29) this.leap = this.#offset;
    return this.#offset;
  }
}

/** What is known of when the file was made: nothing in it can be younger. */
export interface Anchor {
  /** `YYYY-MM-DD` */
  latest: string;
  /** Whether the file itself, or its name, says it; today is only the last day that it can be. */
  told: boolean;
}

/**
 * The years that the newest row can have, the likeliest first; a single one when it is settled.
 * @param walk after all rows
 */
export function newestYears(walk: YearWalk, anchor: Anchor): number[] {
  const { newest, leap } = walk;
  if (newest === null) return [];
  const [year, month, day] = anchor.latest.split("-").map(Number) as [number, number, number];
  const before = newest.date.month < month || (newest.date.month === month && newest.date.day <= day);
  const latest = before ? year : year - 1;
  if (leap !== null) {
    // Only one year in four has that day.
    for (let candidate = latest; candidate > latest - 8; candidate--) {
      const own = candidate - newest.offset + leap;
      if (new Date(Date.UTC(own, 1, 29)).getUTCDate() === 29) return [candidate];
    }
  }
  const age = (Date.UTC(year, month - 1, day) - Date.UTC(latest, newest.date.month - 1, newest.date.day)) / 86_400_000;
  return anchor.told || age <= USUAL_DAYS ? [latest] : [latest, latest - 1, latest - 2];
}

/** The latest day that texts speak of: a bill's period, the month in a file's name; null when they speak of none. */
export function latestDay(texts: readonly string[]): string | null {
  let latest: string | null = null;
  for (const text of texts) {
    for (const [, year, month, day] of text.matchAll(
      /(?<!\d)(20\d{2}) ?[-/.年]? ?(0?[1-9]|1[0-2])(?!\d{3}) ?[-/.月]? ?(?:(\d{2}|(?<=\D)\d)(?!\d))?/g,
    )) {
      const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
      const date = day === undefined || Number(day) < 1 || Number(day) > last ? last : Number(day);
      const found = `${year}-${month!.padStart(2, "0")}-${String(date).padStart(2, "0")}`;
      if (latest === null || found > latest) latest = found;
    }
  }
  return latest;
}
