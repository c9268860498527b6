/**
 * Public holidays through a kept library (date-holidays): a code names a country, and the dates are worked out here, so that judging stays
 * pure and codes stay data. The library takes a tenth of a second to load; it is loaded when a contact falls into a year that the code
 * does not list itself, and never before. It must not judge. Why so: ../decisions/0007-holidays-by-a-library.md. Next: load.ts.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type Holidays from "date-holidays";
import type { Problem } from "../conduct/code-problems.ts";
import type { Code } from "../conduct/code.ts";
import { say } from "../conduct/sentences.ts";

type Calendar = NonNullable<Code["holidays"]>;
type Resolved = NonNullable<Code["resolvedHolidays"]>;

const require = createRequire(import.meta.url);
const packageFile = require.resolve("date-holidays/package.json");
const DAY_MS = 86_400_000;

/** Months of the Islamic calendar as the library writes its rules ("1 Shawwal"): their days hang on the sight of the moon. */
const islamic =
  /\b(Muharram|Safar|Rabi al-awwal|Rabi al-thani|Jumada|Rajab|Shaban|Ramadan|Shawwal|Dhu al-Qidah|Dhu al-Hijjah)\b/;

/** What is wrong with the calendar that a code names. */
export function holidayProblems({ holidays }: Code): Problem[] {
  if (holidays === undefined) return [];
  const problems: Problem[] = [];
  if (!existsSync(join(dirname(packageFile), "data", "countries", `${holidays.country}.yaml`)))
    problems.push({
      path: ["holidays", "country"],
      why: say(`${holidays.country} is not a country of the calendar`, `日历中没有 ${holidays.country} 这个国家或地区`),
    });
  if (holidays.from > holidays.through)
    problems.push({
      path: ["holidays", "through"],
      why: say(
        `is ${holidays.through}, before it begins in ${holidays.from}`,
        `是 ${holidays.through}，早于开始的 ${holidays.from} 年`,
      ),
    });
  return problems;
}

/** The code with its public holidays, to be worked out when they are first asked for. A code that has them keeps what it has. */
export function withHolidays(code: Code): Code {
  if (code.holidays === undefined || code.resolvedHolidays !== undefined) return code;
  return { ...code, resolvedHolidays: lazily(code.holidays) };
}

/** The text of a code with the dates its calendar gave, so that the copy judges the same wherever and whenever it is read. */
export function textWithHolidays(text: string, { holidays, resolvedHolidays }: Code): string {
  if (holidays === undefined || resolvedHolidays === undefined || /^resolvedHolidays:/m.test(text)) return text;
  const { by, years, estimated } = resolvedHolidays;
  const lines = Object.entries(years).map(([year, dates]) => `    "${year}": ${JSON.stringify(dates)}\n`);
  return (
    `${text.trimEnd()}\n\n# The dates that the calendar gave, written down in this copy so that it judges the same everywhere.\n` +
    `resolvedHolidays:\n  by: ${by}\n  years:\n${lines.join("")}  estimated: ${JSON.stringify(estimated)}\n`
  );
}

function lazily(calendar: Calendar): Resolved {
  let dates: Omit<Resolved, "by"> | undefined;
  return {
    by: `date-holidays ${version()}`,
    get years() {
      return (dates ??= datesOf(calendar)).years;
    },
    get estimated() {
      return (dates ??= datesOf(calendar)).estimated;
    },
  };
}

const version = (): string => (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;

/** A day that hangs on the moon may come a day early or late; whatever else falls on one of the three is certain all the same. */
function datesOf({ country, types, from, through }: Calendar): Omit<Resolved, "by"> {
  const Library = require("date-holidays") as typeof Holidays;
  const library = new Library(country, { types });
  const years: Record<string, string[]> = {};
  const certain = new Set<string>();
  const perhaps = new Set<string>();
  for (let year = from; year <= through; year++) {
    years[String(year)] = [];
    for (const { date, start, end, rule } of library.getHolidays(year, "en")) {
      const first = Date.parse(date.slice(0, 10));
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      if (islamic.test(rule)) for (let n = -1; n <= days; n++) perhaps.add(isoDate(first + n * DAY_MS));
      else for (let n = 0; n < days; n++) certain.add(isoDate(first + n * DAY_MS));
    }
  }
  for (const date of [...certain].sort()) years[date.slice(0, 4)]?.push(date);
  return { years, estimated: [...perhaps].filter((date) => !certain.has(date) && date.slice(0, 4) in years).sort() };
}

const isoDate = (at: number): string => new Date(at).toISOString().slice(0, 10);
