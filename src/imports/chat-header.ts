/**
 * How the lines of chats exported as text begin: a date and a time in the customs of the phone's language, then who wrote. The order of
 * day and month is not in a line; it is decided over the whole file. Pure. Next: read-chat-text.ts.
 */
import { type DateOrder, localText, readClock, readDate } from "./local-time.ts";

/** The beginning of a message. */
export interface Header {
  /** The date as written, its order unknown. */
  date: string;
  /** `HH:mm` or `HH:mm:ss` in any way of writing, with its part of the day. */
  clock: string;
  /** What follows the date and the time: who wrote and what. */
  rest: string;
}

/** Marks of writing direction and byte order that phones put in front of lines and of words. */
const MARKS = /^[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/u;
const SPACE = "[ \\t\\u00a0\\u202f]";
const PART = "[\\p{Script=Han}\\p{Script=Hangul}]{2}";
const HEADER = new RegExp(
  `^\\[?(?<date>\\d{1,4}(?:[./-]|年)${SPACE}?\\d{1,2}(?:[./-]|月)${SPACE}?\\d{1,4}日?)\\.?(?:[,،]|${SPACE}){1,3}` +
    `(?<clock>(?:${PART})?${SPACE}?\\d{1,2}[:.]\\d{2}(?:[:.]\\d{2})?(?:${SPACE}?[AaPp]\\.?${SPACE}?[Mm]\\.?)?)(?:${SPACE}Uhr)?` +
    `(?:\\](?:${SPACE}|$)|${SPACE}[-–]${SPACE})(?<rest>.*)$`,
  "su",
);

/** Null when the line goes on with the message before it. */
export function readHeader(line: string): Header | null {
  const text = line.replace(MARKS, "");
  // A character that no header begins with spares the pattern for most lines of a long message.
  const first = text.charCodeAt(0);
  if (first !== 0x5b && (first < 0x30 || first > 0x39)) return null;
  const groups = HEADER.exec(text)?.groups;
  if (groups === undefined) return null;
  const clock = (groups["clock"] ?? "").replaceAll(/(?<=\d)\.(?=\d)/gu, ":");
  if (readClock(clock) === null) return null;
  return { date: groups["date"] ?? "", clock, rest: (groups["rest"] ?? "").replace(MARKS, "") };
}

/** Local `YYYY-MM-DDTHH:mm[:ss]`, or null where the date does not exist in this order. */
export function momentOf({ date, clock }: Header, order: DateOrder): string | null {
  const day = dateIn(order, date);
  const time = readClock(clock);
  return day === null || time === null ? null : `${day}${localText({ year: 2000, month: 1, day: 1 }, time).slice(10)}`;
}

function dateIn(order: DateOrder, date: string): string | null {
  const read = readDate(date, order)?.date;
  return read?.year == null ? null : localText({ ...read, year: read.year }, null).slice(0, 10);
}

/** No chat app of those that export such lines is older. */
const OLDEST = "2009-01-01";

/**
 * Weighs the orders over all messages of a file: in the right one every date exists, none lies in the future and (almost) none goes back.
 * One pass, constant memory.
 */
export class OrderFinder {
  readonly #candidates = (["dmy", "mdy", "ymd"] as DateOrder[]).map((order) => ({
    order,
    impossible: 0,
    stepsBack: 0,
    daysPassed: 0,
    last: "",
  }));
  readonly #latest: string;
  #previous = "";

  /** @param latest the local date `YYYY-MM-DD` that no message can be younger than */
  constructor(latest: string) {
    this.#latest = latest;
  }

  add({ date }: Header): void {
    // Most messages are of the day of the one before.
    if (date === this.#previous) return;
    this.#previous = date;
    for (const candidate of this.#candidates) {
      const day = dateIn(candidate.order, date);
      if (day === null || day > this.#latest || day < OLDEST) {
        candidate.impossible += 1;
        continue;
      }
      if (candidate.last !== "") {
        if (day < candidate.last) candidate.stepsBack += 1;
        candidate.daysPassed += Math.abs(Date.parse(day) - Date.parse(candidate.last)) / 86_400_000;
      }
      candidate.last = day;
    }
  }

  /** The orders that fit best, the likeliest first: more than one where the file does not settle it, none without a message. */
  orders(): DateOrder[] {
    if (this.#previous === "") return [];
    const least = Math.min(...this.#candidates.map(({ impossible }) => impossible));
    const possible = this.#candidates.filter(({ impossible }) => impossible === least);
    const fewest = Math.min(...possible.map(({ stepsBack }) => stepsBack));
    const orderly = possible.filter(({ stepsBack }) => stepsBack === fewest);
    // Where every order gives the same days there is nothing to ask: 05.05.2025.
    if (new Set(orderly.map(({ daysPassed, last }) => `${daysPassed} ${last}`)).size === 1) return [orderly[0]!.order];
    // A chat of neighbouring days is likelier than one that jumps from month to month.
    return orderly.toSorted((a, b) => a.daysPassed - b.daysPassed).map(({ order }) => order);
  }
}
