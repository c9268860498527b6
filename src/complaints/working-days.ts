/**
 * Which days are worked in a country: China's holidays with the weekends worked in exchange (chinese-days, which follows the State
 * Council's yearly notice), other countries' public holidays and weekends (date-holidays). The libraries are loaded when first asked.
 */
import { createRequire } from "node:module";
import type { Bilingual } from "../conduct/vocabulary.ts";
import type { WorkingDays } from "./deadlines.ts";

const require = createRequire(import.meta.url);
const loaded = new Map<string, WorkingDays>();

/** @param country ISO 3166 */
export function workingDaysOf(country: string): WorkingDays {
  let days = loaded.get(country);
  if (days === undefined) loaded.set(country, (days = country === "CN" ? chinese() : others(country)));
  return days;
}

const DAY_MS = 86_400_000;
const weekend: Record<number, Bilingual> = {
  6: { en: "Saturday", "zh-CN": "星期六" },
  7: { en: "Sunday", "zh-CN": "星期日" },
};

function chinese(): WorkingDays {
  const { default: library } = require("chinese-days") as typeof import("chinese-days");
  const calendar = require("chinese-days/dist/chinese-days.json") as { holidays: Record<string, string> };
  const years = new Set(Object.keys(calendar.holidays).map((date) => date.slice(0, 4)));
  // The holidays themselves are fixed by law; only the bridges and the weekends worked for them wait for the yearly notice.
  let statutory: WorkingDays | undefined;
  return (date) => {
    if (!years.has(date.slice(0, 4))) return { ...(statutory ??= others("CN"))(date), estimated: true };
    const { work, name } = library.getDayDetail(date);
    const weekday = weekend[Temporal.PlainDate.from(date).dayOfWeek];
    // "National Day,国庆节,3" for a holiday and for a weekend worked in its exchange.
    const [english = "", mandarin] = name.split(",");
    const named: Bilingual | undefined = mandarin === undefined ? weekday : { en: english, "zh-CN": mandarin };
    if (!work) return { works: false, ...(named === undefined ? {} : { why: named }) };
    if (weekday === undefined) return { works: true };
    return {
      works: true,
      why: {
        en: `${weekday.en}, worked in exchange for ${named?.en ?? "a holiday"}`,
        "zh-CN": `${weekday["zh-CN"]}，因${named?.["zh-CN"] ?? "放假"}调休上班`,
      },
    };
  };
}

/** Full days only: a holiday that begins at noon, or is for children alone, leaves the offices open. */
const HALF_OR_NOBODYS = /Children's Day/u;

function others(country: string): WorkingDays {
  const Holidays = require("date-holidays") as typeof import("date-holidays").default;
  const library = new Holidays(country, { types: ["public", "bank"] });
  const years = new Map<string, Map<string, Bilingual>>();
  const holidaysOf = (year: string): Map<string, Bilingual> => {
    let dates = years.get(year);
    if (dates === undefined) {
      // The library says a name in the language asked, else in another one.
      const mandarin = new Map(
        library.getHolidays(Number(year), "zh").map(({ date, name }) => [date, name.split(" ")[0]!]),
      );
      dates = new Map();
      for (const { date, name, start, end } of library.getHolidays(Number(year), "en")) {
        if (end.getTime() - start.getTime() < DAY_MS || HALF_OR_NOBODYS.test(name)) continue;
        const local = /\p{Script=Han}/u.test(mandarin.get(date) ?? "") ? mandarin.get(date)! : name;
        dates.set(date.slice(0, 10), { en: name, "zh-CN": local });
      }
      years.set(year, dates);
    }
    return dates;
  };
  return (date) => {
    const why = holidaysOf(date.slice(0, 4)).get(date) ?? weekend[Temporal.PlainDate.from(date).dayOfWeek];
    return why === undefined ? { works: true } : { works: false, why };
  };
}
