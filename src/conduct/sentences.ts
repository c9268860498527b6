/**
 * The sentences an explanation is built from, in both languages, always with the concrete facts. They state what is recorded and what
 * the limit is, never that something is illegal. Next: explain.ts.
 */
import { ABOUT, DAY, type Facts, MONTH } from "./facts.ts";
import type { Bilingual } from "./vocabulary.ts";
import { calendarOf, isoDay, twoDigits } from "./zone.ts";

export function say(en: string, zh: string): Bilingual {
  return { en, "zh-CN": zh };
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** 1 September 2025, 2025年9月1日. */
export function dateWords(day: number): Bilingual {
  const { year, month, date } = calendarOf(day);
  return say(`${date} ${MONTHS[month - 1]} ${year}`, `${year}年${month}月${date}日`);
}

export function monthWords(day: number): Bilingual {
  const { year, month } = calendarOf(day);
  return say(`${MONTHS[month - 1]} ${year}`, `${year}年${month}月`);
}

/** 22:43, or 22:43:07 where there are seconds. */
export function clock(time: number): string {
  const minutes = (time / 60_000) | 0;
  const text = (clocks[minutes] ??= `${twoDigits((minutes / 60) | 0)}:${twoDigits(minutes % 60)}`);
  return time % 60_000 === 0 ? text : `${text}:${twoDigits(((time / 1000) | 0) % 60)}`;
}

/** The minutes of the day told so far; nearly every explanation tells one. */
const clocks: string[] = [];

/** How the moment is known: "22:43 local time on 1 September 2025", "about 22:05 …", "1 September 2025, at a time that is not known". */
export function momentWords(facts: Facts): Bilingual {
  const date = dateWords(facts.day);
  if (facts.precision === MONTH) {
    const month = monthWords(facts.day);
    return say(`some day in ${month.en}`, `${month["zh-CN"]}某日`);
  }
  if (facts.precision === DAY) return say(`some time on ${date.en}`, `${date["zh-CN"]}某时`);
  const time = clock(facts.time);
  const about = facts.precision === ABOUT;
  return say(
    `${about ? "about " : ""}${time} local time on ${date.en}`,
    `${date["zh-CN"]}当地时间${about ? "约" : ""}${time}`,
  );
}

/** The day an incident is judged on: YYYY-MM-DD, or YYYY-MM where no day is known. */
export function judgedOn(facts: Facts): string {
  return isoDay(facts.day).slice(0, facts.precision === MONTH ? 7 : 10);
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(n: number): string {
  const tens = n % 100;
  const ones = n % 10;
  const ending = tens >= 11 && tens <= 13 ? "th" : ones === 1 ? "st" : ones === 2 ? "nd" : ones === 3 ? "rd" : "th";
  return `${n}${ending}`;
}

/** "a, b or c"; "甲、乙或丙". */
export function listed(words: readonly Bilingual[], joint: "and" | "or"): Bilingual {
  const zhJoint = joint === "and" ? "和" : "或";
  if (words.length === 1) return words[0]!;
  const join = (parts: string[], comma: string, last: string) =>
    parts.length < 2 ? parts.join("") : parts.slice(0, -1).join(comma) + last + parts[parts.length - 1];
  return say(
    join(
      words.map((word) => word.en),
      ", ",
      ` ${joint} `,
    ),
    join(
      words.map((word) => word["zh-CN"]),
      "、",
      zhJoint,
    ),
  );
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
