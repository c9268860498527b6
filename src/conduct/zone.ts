/**
 * Local time: which day and time of day an instant is in a zone, and which instant a written moment names.
 * Offsets come from Temporal once per stretch between two clock changes and are remembered, so that asking again costs nanoseconds.
 * It knows neither incidents nor rules, and never asks what time it is now. Next: facts.ts.
 */

export const DAY_MS = 86_400_000;

/** A time zone that remembers the stretches between its clock changes. Get one from {@link zoneNamed}. */
export class Zone {
  readonly name: string;
  /** Stretches met so far, in time order: [from, to) in epoch milliseconds and the offset in force, in milliseconds. */
  readonly #stretches: { from: number; to: number; offset: number }[] = [];
  #from = 0;
  #to = 0;
  #offset = 0;

  constructor(name: string) {
    this.name = name;
    this.#visit(0);
  }

  /** Milliseconds to add to an instant (epoch milliseconds) for local time. */
  offsetAt(instant: number): number {
    if (instant < this.#from || instant >= this.#to) this.#visit(instant);
    return this.#offset;
  }

  #visit(instant: number): void {
    const stretches = this.#stretches;
    let low = 0;
    let high = stretches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (stretches[middle]!.to <= instant) low = middle + 1;
      else high = middle;
    }
    let stretch = stretches[low];
    if (stretch === undefined || instant < stretch.from) {
      stretch = stretchAround(instant, this.name);
      stretches.splice(low, 0, stretch);
    }
    this.#from = stretch.from;
    this.#to = stretch.to;
    this.#offset = stretch.offset;
  }
}

function stretchAround(instant: number, zone: string): { from: number; to: number; offset: number } {
  const moment = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const next = moment.getTimeZoneTransition("next");
  // "previous" is strictly before, so ask from just after in order to find a change at this very instant.
  const previous = moment.add({ nanoseconds: 1 }).getTimeZoneTransition("previous");
  return {
    from: previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    to: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offset: moment.offsetNanoseconds / 1e6,
  };
}

const zones = new Map<string, Zone>();

/** The zone of an IANA name such as Asia/Shanghai. Throws a RangeError for a name that {@link isZone} refuses. */
export function zoneNamed(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) zones.set(name, (zone = new Zone(name)));
  return zone;
}

export function isZone(name: string): boolean {
  try {
    zoneNamed(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The instant (epoch milliseconds) that a contract `happenedAt` names: with an offset as written, without one as local time in `zone`.
 * A local time that the clock skips moves forward by the gap, one that comes twice is the first ("compatible", RFC 5545).
 * Expects the form of HappenedAt; fractions finer than a millisecond are cut off.
 */
export function instantOf(happenedAt: string, zone: Zone): number {
  const local = asIfUtc(happenedAt);
  const length = happenedAt.length;
  if (happenedAt.charCodeAt(length - 1) === 90 /* Z */) return local;
  const sign = happenedAt.charCodeAt(length - 6);
  if (sign === 43 /* + */ || sign === 45 /* - */) {
    const offset = (two(happenedAt, length - 5) * 60 + two(happenedAt, length - 2)) * 60_000;
    return sign === 43 ? local - offset : local + offset;
  }
  return fromLocal(local, zone);
}

/** The instant of a local date and time given as milliseconds as if it were UTC. */
export function fromLocal(local: number, zone: Zone): number {
  const before = zone.offsetAt(local - DAY_MS);
  const after = zone.offsetAt(local + DAY_MS);
  const first = local - before;
  if (before === after || zone.offsetAt(first) === before) return first;
  const second = local - after;
  return zone.offsetAt(second) === after ? second : first;
}

/** Is it a date and time that exists in the calendar (30 February and 25 o'clock do not)? Expects the form of HappenedAt. */
export function isMoment(happenedAt: string): boolean {
  const month = two(happenedAt, 5);
  const date = two(happenedAt, 8);
  const seconds = happenedAt.charCodeAt(16) === 58 ? two(happenedAt, 17) : 0;
  if (month < 1 || month > 12 || date < 1 || two(happenedAt, 11) > 23) return false;
  if (two(happenedAt, 14) > 59 || seconds > 59) return false;
  const offset = /[+-](\d\d):(\d\d)$/.exec(happenedAt);
  if (offset !== null && (Number(offset[1]) > 23 || Number(offset[2]) > 59)) return false;
  return isoDay(dayOf(yearOf(happenedAt), month, date)).endsWith(happenedAt.slice(5, 10));
}

/** Days are counted from 1970-01-01 = 0, in the local calendar. */
function dayOf(year: number, month: number, date: number): number {
  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil; an era later, so that nothing is below zero and
  // whole numbers are divided as such.
  const y = year + (month <= 2 ? 399 : 400);
  const era = (y / 400) | 0;
  const yearOfEra = y - era * 400;
  const dayOfYear = (((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) | 0) + date - 1;
  return era * 146_097 + yearOfEra * 365 + (yearOfEra >> 2) - ((yearOfEra / 100) | 0) + dayOfYear - 865_565;
}

/** `YYYY-MM-DD` of a day number. */
export function isoDay(day: number): string {
  if (day !== lastDay) {
    const { year, month, date } = calendarOf(day);
    lastIsoDay = `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(date)}`;
    lastDay = day;
  }
  return lastIsoDay;
}

/** The day written last: incidents come in time order, and many on one day. */
let lastDay = 0;
let lastIsoDay = "1970-01-01";

/** Year, month (1 to 12) and date of a day number. */
export function calendarOf(day: number): { year: number; month: number; date: number } {
  // civil_from_days, the same source and an era later too.
  const shifted = day + 865_565;
  const era = (shifted / 146_097) | 0;
  const dayOfEra = shifted - era * 146_097;
  const leapDays = ((dayOfEra / 1460) | 0) - ((dayOfEra / 36_524) | 0) + ((dayOfEra / 146_096) | 0);
  const yearOfEra = ((dayOfEra - leapDays) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const shiftedMonth = ((5 * dayOfYear + 2) / 153) | 0;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + (era - 1) * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - (((153 * shiftedMonth + 2) / 5) | 0) + 1,
  };
}

export function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** The day number of `YYYY-MM-DD`. */
export function dayFromIso(date: string): number {
  return dayOf(yearOf(date), two(date, 5), two(date, 8));
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** First and last day of the month in which a day lies. */
export function monthAround(day: number): { first: number; last: number } {
  const { year, month } = calendarOf(day);
  return { first: dayOf(year, month, 1), last: (month === 12 ? dayOf(year + 1, 1, 1) : dayOf(year, month + 1, 1)) - 1 };
}

/** Milliseconds since midnight of `HH:mm`; 24:00 is the same point of the clock as 00:00. */
export function timeOfDay(text: string): number {
  return ((two(text, 0) * 60 + two(text, 3)) * 60_000) % DAY_MS;
}

function asIfUtc(happenedAt: string): number {
  const day = dayOf(yearOf(happenedAt), two(happenedAt, 5), two(happenedAt, 8));
  let time = (two(happenedAt, 11) * 60 + two(happenedAt, 14)) * 60_000;
  if (happenedAt.charCodeAt(16) === 58 /* : */) {
    time += two(happenedAt, 17) * 1000;
    if (happenedAt.charCodeAt(19) === 46 /* . */) {
      for (let i = 20, unit = 100; unit >= 1 && isDigit(happenedAt, i); i++, unit /= 10)
        time += (happenedAt.charCodeAt(i) - 48) * unit;
    }
  }
  return day * DAY_MS + time;
}

/** The number written with two digits; reading happens once for every incident, so without a slice. */
function two(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 48 * 11;
}

function yearOf(text: string): number {
  return two(text, 0) * 100 + two(text, 2);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
