/**
 * What the texts of a file say of dates, times of day and durations, in the ways that phones, carriers and chats write them in English
 * and Chinese. It must not guess: a text that is not wholly understood is no date. Next: columns.ts, and the readers of chats.
 */

/** Which of three numbers is the day; `mdy` is what Americans write. */
export type DateOrder = "ymd" | "dmy" | "mdy";

export interface LocalDate {
  /** Null where the text leaves it out, as some carriers do. */
  year: number | null;
  /** From 1. */
  month: number;
  day: number;
}

export interface Clock {
  hour: number;
  minute: number;
  second: number | null;
}

export type Moment = { instant: number } | { date: LocalDate; clock: Clock | null };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_NAME = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?";

/** Full-width digits and signs as ASCII, every kind of space as one, marks of direction gone: U+202F stands before "PM" on newer phones. */
export function plainSigns(text: string): string {
  if (!/[^\x20-\x7e]|^ | $| {2}/.test(text)) return text;
  return text
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, "")
    .replace(/[\s\u00A0\u2000-\u200A\u202F\u3000]+/g, " ")
    .trim();
}

const before = new Set(["am", "上午", "午前", "早上", "早晨", "清晨", "清早", "오전"]);
const night = new Set(["凌晨", "半夜", "深夜"]);
const evening = new Set(["晚上", "夜里", "夜晚", "晚间"]);
const after = new Set(["pm", "下午", "午後", "午后", "傍晚", "오후", ...evening]);
const PART = `[ap]\\.? ?m\\.?|${[...before, ...night, ...after, "中午"].filter((word) => word.length > 1 && !/^[ap]m$/.test(word)).join("|")}`;
const CLOCK = new RegExp(
  `(${PART})? ?(\\d{1,2}) ?[:时時点點] ?(\\d{1,2})(?: ?[:分] ?(\\d{1,2})(?:[.,]\\d{1,9})?)? ?[分秒]? ?(${PART})?`,
  "i",
);

/** The hour of a day of 24 that an hour with its part of the day means; null where the two contradict each other. */
function hourOf(hour: number, written: string): number | null {
  const part = written.toLowerCase().replace(/[. ]/g, "");
  if (part === "") return hour < 24 ? hour : null;
  if (part === "中午") return hour >= 10 && hour <= 14 ? hour : hour >= 1 && hour <= 2 ? hour + 12 : null;
  if (before.has(part) || night.has(part)) {
    if (hour === 12) return 0;
    return hour < 12 || (part === "深夜" && hour < 24) ? hour : null;
  }
  // "12 at night" may be the beginning of this day or its end.
  if (evening.has(part) && hour === 12) return null;
  if (hour < 12) return hour + 12;
  return hour < 24 ? hour : null;
}

/** A time of day: `21:05`, `9:05:07 p. m.`, `下午9:05`, `晚上9点05分`, or null. The whole text must be it. */
export function readClock(text: string): Clock | null {
  const plain = plainSigns(text);
  const compact = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(plain);
  if (compact !== null) return { hour: +compact[1]!, minute: +compact[2]!, second: +compact[3]! };
  const match = CLOCK.exec(plain);
  return match !== null && match[0].length === plain.length ? clockOf(match) : null;
}

function clockOf(match: RegExpExecArray): Clock | null {
  const [, first, hours, minutes, seconds, last] = match;
  const hour = hourOf(Number(hours), first ?? last ?? "");
  const minute = Number(minutes);
  const second = seconds === undefined ? null : Number(seconds);
  // A second of 60 is a leap second; nobody's phone writes one, so it is a broken number.
  return hour === null || minute > 59 || (second ?? 0) > 59 ? null : { hour, minute, second };
}

const DATES: readonly [pattern: RegExp, parts: (match: RegExpExecArray, order: DateOrder) => (number | null)[]][] = [
  [/(?<!\d)(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})(?!\d) ?[日号]?/, ([, y, m, d]) => [+y!, +m!, +d!]],
  [/(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?=$|[ T_-]|\d{6}$)/, ([, y, m, d]) => [+y!, +m!, +d!]],
  [
    new RegExp(`(?<![\\da-z])${MONTH_NAME} ?(\\d{1,2})(?:st|nd|rd|th)?(?!\\d|:),? ?(?:(\\d{4})(?!\\d))?`, "i"),
    ([, m, d, y]) => [y === undefined ? null : +y, monthOf(m!), +d!],
  ],
  [
    new RegExp(`(?<!\\d)(\\d{1,2})[ -]?${MONTH_NAME}[ -]?(\\d{4}|\\d{2}(?![\\d:]))?(?!\\d)`, "i"),
    ([, d, m, y]) => [y === undefined ? null : fullYear(y), monthOf(m!), +d!],
  ],
  [/(?<!\d)(\d{1,2}) ?月 ?(\d{1,2})(?!\d) ?[日号]?/, ([, m, d]) => [null, +m!, +d!]],
  [
    /(?<![\d:])(\d{1,4}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4}|\d{2})(?![\d:])/,
    ([, a, b, c], order) => {
      if (order === "ymd") return [fullYear(a!), +b!, +c!];
      return order === "dmy" ? [fullYear(c!), +b!, +a!] : [fullYear(c!), +a!, +b!];
    },
  ],
  [
    /(?<![\d:])(\d{1,2}) ?[-/.] ?(\d{1,2})(?![\d:])/,
    ([, a, b], order) => (order === "dmy" ? [null, +b!, +a!] : [null, +a!, +b!]),
  ],
];

const monthOf = (name: string) => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const fullYear = (written: string) => (written.length <= 2 ? 2000 + Number(written) : Number(written));

/** Whether a day exists; the 29th of February of an unknown year may. */
function exists({ year, month, day }: LocalDate): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (year !== null && (year < 1970 || year > 2199)) return false;
  return day <= new Date(Date.UTC(year ?? 2024, month, 0)).getUTCDate();
}

const WEEKDAY =
  /(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|(?:星期|周|週)[一二三四五六日天]|[（(][一二三四五六日月火水木金土][)）]/gi;
const OFFSET = /(?:gmt|utc)? ?([+-])(\d{2}):?(\d{2})(?: ?\([^)]*\))?$|(?<=\d) ?(?:z|utc|gmt)$/i;

/**
 * The date that a text holds and what stands beside it, or null: `order` decides only where three bare numbers, or two, could be read in
 * several ways (decide it from the whole file: {@link couldBe}).
 */
export function readDate(text: string, order: DateOrder): { date: LocalDate; rest: string } | null {
  const plain = plainSigns(text);
  for (const [pattern, parts] of DATES) {
    const match = pattern.exec(plain);
    if (match === null) continue;
    const [year, month, day] = parts(match, order) as [number | null, number, number];
    const date = { year, month, day };
    if (!exists(date)) return null;
    return { date, rest: `${plain.slice(0, match.index)} ${plain.slice(match.index + match[0].length)}`.trim() };
  }
  return null;
}

/** A date with or without a time of day, or an instant (`Z`, an offset, epoch seconds or milliseconds). The whole text must be it. */
export function readMoment(text: string, order: DateOrder): Moment | null {
  const plain = plainSigns(text);
  if (/^1?\d{12}$/.test(plain)) return { instant: Number(plain) };
  if (/^[1-9]\d{8,9}$/.test(plain)) return { instant: Number(plain) * 1000 };
  const found = readDate(plain, order);
  if (found === null) return null;
  const { date } = found;
  let rest = found.rest.replace(WEEKDAY, " ").replace(/^[ T,_-]+|[ ,]+$/g, "");
  const offset = OFFSET.exec(rest);
  if (offset !== null) rest = rest.slice(0, offset.index).trim();
  if (rest === "") return offset === null ? { date, clock: null } : null;
  const clock = readClock(rest);
  if (clock === null) return null;
  if (offset === null || date.year === null) return { date, clock };
  const minutes = Number(`${offset[1] ?? "+"}1`) * (Number(offset[2] ?? 0) * 60 + Number(offset[3] ?? 0));
  return {
    instant:
      Date.UTC(date.year, date.month - 1, date.day, clock.hour, clock.minute, clock.second ?? 0) - minutes * 60_000,
  };
}

/** The orders in which a text's bare numbers make a moment; all three where its order does not matter, none where it is no moment. */
export function couldBe(text: string): DateOrder[] {
  return (["mdy", "dmy", "ymd"] as const).filter((order) => readMoment(text, order) !== null);
}

/** `YYYY-MM-DDTHH:mm:ss`, as an incident writes a local moment; a date alone begins its day. */
export function localText({ year, month, day }: LocalDate & { year: number }, clock: Clock | null): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const time = clock === null ? "00:00" : `${two(clock.hour)}:${two(clock.minute)}`;
  const seconds = clock?.second == null ? "" : `:${two(clock.second)}`;
  return `${year}-${two(month)}-${two(day)}T${time}${seconds}`;
}

const UNITS: readonly [pattern: string, seconds: number][] = [
  ["(?:hours?|hrs?|h|小时|小時|时|時)", 3600],
  ["(?:minutes?|mins?|m|分钟|分鐘|分|')", 60],
  ['(?:seconds?|secs?|s|秒钟|秒鐘|秒|")', 1],
];
const WITH_UNITS = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d{1,7}) ?${unit}[ ,]?)?`).join("")}$`, "i");

/** Seconds of `1分20秒`, `00:01:20`, `1:20` (minutes and seconds), `1 h 2 min`, `80`; `unit` is that of a bare number. Null when unclear. */
export function readDuration(text: string, unit: "seconds" | "minutes" = "seconds"): number | null {
  const plain = plainSigns(text);
  if (/^\d{1,8}(?:\.\d{1,3})?$/.test(plain)) return Math.round(Number(plain) * (unit === "minutes" ? 60 : 1));
  const clock = /^(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d)(?:\.\d+)?$/.exec(plain);
  if (clock !== null) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const match = plain === "" ? null : WITH_UNITS.exec(plain);
  if (match === null) return null;
  return UNITS.reduce((sum, [, seconds], index) => sum + Number(match[index + 1] ?? 0) * seconds, 0);
}
