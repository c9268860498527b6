/** Conditions on when an incident happened: hours of the local day, weekdays, public holidays. Next: simple-conditions.ts. */
import type { Code, Simple } from "./code.ts";
import { type Check, leaf, valueOf } from "./check.ts";
import { EXACT, MONTH } from "./facts.ts";
import { liesIn, localHours } from "./hours.ts";
import { publicHolidaysOf } from "./public-holidays.ts";
import { capital, clock, dateWords, momentWords, say } from "./sentences.ts";
import { NO, PERSON, UNKNOWN, YES } from "./value.ts";
import { isoDay, weekdayOf } from "./zone.ts";

const ABOUT = say("About ", "约");
const NOT_ABOUT = say("", "");

export function inHours(word: NonNullable<Simple["localTime"]>): Check {
  const hours = localHours(word);
  const between = say(`${word.from} and ${word.to}`, `${word.from}至${word.to}`);
  return leaf({
    judge: (facts) => liesIn(facts, hours),
    tell(facts, _around, tale) {
      const value = liesIn(facts, hours);
      if (value === UNKNOWN) {
        const moment = momentWords(facts);
        tale.miss("time-of-day");
        tale.tell(
          say(
            `The time of day is not known (${moment.en}), so it cannot be told whether it lies between ${between.en}.`,
            `不知道具体时间（${moment["zh-CN"]}），无法判断是否在${between["zh-CN"]}之间。`,
          ),
        );
      } else if (value === PERSON) {
        const moment = momentWords(facts);
        tale.tell(
          facts.precision === EXACT
            ? say(
                `${clock(facts.time)} local time is exactly the edge of the hours between ${between.en}; the text does not say to which side the edge belongs.`,
                `当地时间${clock(facts.time)}正好是${between["zh-CN"]}的边界，原文没有说明边界属于哪一侧。`,
              )
            : say(
                `${capital(moment.en)} is approximate, and an edge of the hours between ${between.en} lies within half an hour.`,
                `${moment["zh-CN"]}为大概时间，与${between["zh-CN"]}的边界相差不到半小时。`,
              ),
        );
      } else {
        const inside = value === YES;
        const about = facts.precision === EXACT ? NOT_ABOUT : ABOUT;
        const time = clock(facts.time);
        tale.tell(
          say(
            `${about.en}${time} local time ${inside ? "lies" : "does not lie"} between ${between.en}.`,
            `当地时间${about["zh-CN"]}${time}${inside ? "在" : "不在"}${between["zh-CN"]}之间。`,
          ),
        );
      }
    },
  });
}

const NO_DAY = say("The day is not known, only the month.", "只知道月份，不知道具体日期。");

export function onWeekday(weekdays: readonly number[]): Check {
  let set = 0;
  for (const weekday of weekdays) set |= 1 << weekday;
  const english = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const chinese = "　一二三四五六日";
  return leaf({
    judge: (facts) => (facts.precision === MONTH ? UNKNOWN : (set & (1 << weekdayOf(facts.day))) === 0 ? NO : YES),
    tell(facts, _around, tale) {
      if (facts.precision === MONTH) {
        tale.miss("date");
        return tale.tell(NO_DAY);
      }
      const weekday = weekdayOf(facts.day);
      const date = dateWords(facts.day);
      tale.tell(say(`${capital(date.en)} was a ${english[weekday]}.`, `${date["zh-CN"]}是星期${chinese[weekday]}。`));
    },
  });
}

export function onPublicHoliday(wanted: boolean, code: Code): Check {
  const isHoliday = publicHolidaysOf(code);
  return leaf({
    judge(facts) {
      const holiday = facts.precision === MONTH ? undefined : isHoliday(isoDay(facts.day));
      return holiday === "perhaps" ? PERSON : valueOf(holiday === undefined ? undefined : holiday === wanted);
    },
    tell(facts, _around, tale) {
      if (facts.precision === MONTH) {
        tale.miss("date");
        return tale.tell(NO_DAY);
      }
      const holiday = isHoliday(isoDay(facts.day));
      const date = dateWords(facts.day);
      if (holiday === undefined) {
        tale.miss("code.publicHolidays");
        return tale.tell(
          say(
            `The code has no list of public holidays for the year of ${date.en}.`,
            `规则库中没有${date["zh-CN"]}所在年份的法定节假日表。`,
          ),
        );
      }
      if (holiday === "perhaps")
        return tale.tell(
          say(
            `${capital(date.en)} may have been a public holiday: the calendar can only estimate its date (the sight of the moon decides). Look up what was decreed.`,
            `${date["zh-CN"]}可能是法定节假日：该节日以观月为准，日历只能推算，请查对官方公布的日期。`,
          ),
        );
      tale.tell(
        say(
          `${capital(date.en)} was ${holiday ? "" : "not "}a public holiday.`,
          `${date["zh-CN"]}${holiday ? "是" : "不是"}法定节假日。`,
        ),
      );
    },
  });
}
