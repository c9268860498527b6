/**
 * The public holidays of a code: what it lists by year, and for other years what a calendar gave when the code was read. Pure.
 * Next: time-conditions.ts, the condition `publicHoliday`.
 */
import type { Code } from "./code.ts";

/** `perhaps`: a calendar could only estimate it. Undefined: nothing is known of that year. */
export type IsHoliday = boolean | "perhaps" | undefined;

/** @returns a question about a date, YYYY-MM-DD. What a calendar gave is looked at only when a year that is not listed comes up. */
export function publicHolidaysOf(code: Code): (date: string) => IsHoliday {
  const listed = code.publicHolidays ?? {};
  const holidays = new Set(Object.values(listed).flat());
  let calendar: ((date: string, year: string) => IsHoliday) | undefined;
  return (date) => {
    const year = date.slice(0, 4);
    if (Object.hasOwn(listed, year)) return holidays.has(date);
    calendar ??= calendarOf(code);
    return calendar(date, year);
  };
}

function calendarOf({ resolvedHolidays }: Code): (date: string, year: string) => IsHoliday {
  if (resolvedHolidays === undefined) return () => undefined;
  const { years, estimated } = resolvedHolidays;
  const certain = new Set(Object.values(years).flat());
  const perhaps = new Set(estimated);
  return (date, year) => {
    if (!Object.hasOwn(years, year)) return undefined;
    return certain.has(date) ? true : perhaps.has(date) ? "perhaps" : false;
  };
}
