/**
 * Conditions on one incident and its case alone: the words of a code's `when` made into checks.
 * Knows nothing of other incidents or of notices; those are in context-conditions.ts.
 */
import type { Code, Simple } from "./code.ts";
import { type Check, allOf, anyOf, leaf, noneOf, valueOf } from "./check.ts";
import {
  EXACT,
  type Facts,
  INCOMING,
  MONTH,
  type Numbering,
  OUTGOING,
  actSet,
  bitOf,
  channelNumber,
  collectorKindNumber,
  contactedNumber,
  lenderKindNumber,
  outcomeNumber,
  placeNumber,
  purposeNumber,
  respondentKindNumber,
} from "./facts.ts";
import { liesIn, localHours } from "./hours.ts";
import {
  channelLabels,
  collectorKindLabels,
  contactedLabels,
  disclosureLabels,
  lenderKindLabels,
  outcomeLabels,
  placeLabels,
  purposeLabels,
} from "./labels.ts";
import { capital, clock, dateWords, listed, momentWords, say } from "./sentences.ts";
import type { Tale } from "./tale.ts";
import { NO, PERSON, UNKNOWN, type Value, YES } from "./value.ts";
import { type Act, type Bilingual, disclosures } from "./vocabulary.ts";
import { isoDay, weekdayOf } from "./zone.ts";

type Maker = (word: never, code: Code) => Check;

/** One maker for each simple key of a condition. */
const makers: Record<Exclude<keyof Simple, "all" | "any" | "not">, Maker> = {
  channel: (words: string[]) =>
    oneOf(words, channelNumber, "channel", (facts) => facts.channel, {
      known: (facts) => {
        const label = channelLabels[facts.incident.channel];
        return say(`It was ${label.en}.`, `这是${label["zh-CN"]}。`);
      },
    }),
  direction: (word: string) => directionIs(word === "incoming" ? INCOMING : OUTGOING),
  contacted: (words: string[]) =>
    oneOf(words, contactedNumber, "contacted", (facts) => facts.contacted, {
      telling: !words.includes("self"),
      known: (facts) => {
        const label = contactedLabels[facts.incident.contacted!];
        return say(`The person contacted was ${label.en}.`, `被联系的人是${label["zh-CN"]}。`);
      },
      unknown: say("It is not known who was contacted.", "不知道联系的是谁。"),
    }),
  place: (words: string[]) =>
    oneOf(words, placeNumber, "place", (facts) => facts.place, {
      telling: true,
      known: (facts) => {
        const label = placeLabels[facts.incident.place!];
        return say(`The person contacted was ${label.en}.`, `被联系的人当时${label["zh-CN"]}。`);
      },
      unknown: say("It is not known where the person contacted was.", "不知道被联系的人当时在哪里。"),
    }),
  outcome: (words: string[]) =>
    oneOf(words, outcomeNumber, "outcome", (facts) => facts.outcome, {
      known: (facts) => {
        const label = outcomeLabels[facts.incident.outcome!];
        return say(`The outcome was: ${label.en}.`, `结果为：${label["zh-CN"]}。`);
      },
      unknown: say(
        "It is not known what came of it, such as whether it was answered.",
        "不知道结果如何（例如是否接通）。",
      ),
    }),
  purpose: (words: string[]) =>
    oneOf(words, purposeNumber, "purpose", (facts) => facts.purpose, {
      known: (facts) => {
        const label = purposeLabels[facts.incident.purpose!];
        return say(`The purpose was: ${label.en}.`, `目的为：${label["zh-CN"]}。`);
      },
      unknown: say("It is not known whether it only notified or sought a talk.", "不知道是单纯告知还是交互沟通。"),
    }),
  collectorKind: (words: string[]) =>
    oneOf(words, collectorKindNumber, "collectorKind", (facts) => facts.collectorKind, {
      known: (facts) => {
        const label = collectorKindLabels[facts.incident.collectorKind!];
        return say(`The contact came from ${label.en}.`, `联系来自${label["zh-CN"]}。`);
      },
      unknown: say("It is not known what kind of collector it was.", "不知道催收方属于哪一类。"),
    }),
  automated: (word: boolean) =>
    isIt(word, "automated", (facts) => facts.incident.automated, {
      true: say("It was a robot or a recorded voice.", "这是机器人或录音。"),
      false: say("It was a human being.", "这是真人。"),
      missing: say("It is not known whether it was a robot or a recorded voice.", "不知道是否为机器人或录音。"),
    }),
  localTime: inHours,
  weekday: onWeekday,
  publicHoliday: onPublicHoliday,
  acts: anyAct,
  disclosed: allDisclosed,
  visitors: (range: Range) =>
    inRange(
      range,
      "visitors",
      (facts) => facts.incident.visitors,
      (n) => say(`${n} ${n === 1 ? "person" : "people"} came.`, `来了${n}人。`),
      say("It is not known how many people came.", "不知道来了几个人。"),
    ),
  daysPastDue: (range: Range) =>
    inRange(
      range,
      "case.daysPastDue",
      (_facts, around) => around.daysPastDue,
      (n) => say(`The debt is ${n} days past due.`, `债务已逾期${n}天。`),
      say("It is not known how many days the debt is past due.", "不知道债务逾期多少天。"),
    ),
  lenderKind: (words: string[]) =>
    oneOf(words, lenderKindNumber, "case.lenderKind", (_facts, around) => around.lenderKind, {
      known: (_facts, number) => {
        const label = lenderKindLabels[wordOf(lenderKindNumber, number) as keyof typeof lenderKindLabels];
        return say(`The lender is ${label.en}.`, `贷款机构是${label["zh-CN"]}。`);
      },
      unknown: say("It is not known what kind of lender it is.", "不知道贷款机构的类型。"),
    }),
  respondentKind: (words: string[]) =>
    oneOf(words, respondentKindNumber, "case.respondentKind", (_facts, around) => around.respondentKind, {
      known: (_facts, number) =>
        wordOf(respondentKindNumber, number) === "debt-collector"
          ? say("The collector is a debt collector.", "对方是债务催收人。")
          : say("The collector is the original creditor.", "对方是原始债权人。"),
      unknown: say(
        "It is not known whether it is a debt collector or the original creditor.",
        "不知道对方是债务催收人还是原始债权人。",
      ),
    }),
  reachable: (word: boolean) =>
    isIt(word, "case.reachable", (_facts, around) => around.reachable, {
      true: say("The borrower can be reached.", "借款人本人可以联系上。"),
      false: say("The borrower cannot be reached.", "借款人本人无法联系上。"),
      missing: say("It is not known whether the borrower could be reached.", "不知道借款人本人是否可以联系上。"),
    }),
  debtLawful: (word: boolean) =>
    isIt(word, "case.debtLawful", (_facts, around) => around.debtLawful, {
      true: say("The debt is recorded as lawful.", "债务记录为合法。"),
      false: say("The debt is recorded as unlawful.", "债务记录为不合法。"),
      missing: say("It is not known whether the debt is lawful.", "不知道债务是否合法。"),
    }),
  employerForbids: (word: boolean) =>
    isIt(word, "case.employerForbids", (_facts, around) => around.employerForbids, {
      true: say("The employer forbids such contacts.", "工作单位禁止此类联系。"),
      false: say("The employer does not forbid such contacts.", "工作单位不禁止此类联系。"),
      missing: say("It is not known whether the employer forbids such contacts.", "不知道工作单位是否禁止此类联系。"),
    }),
};

/** The checks of the simple keys of a condition; the others are left to the caller. */
export function simpleKeyChecks(condition: Simple, code: Code): Check[] {
  return Object.entries(condition).flatMap(([key, word]) => {
    const maker = makers[key as keyof typeof makers] as ((word: unknown, code: Code) => Check) | undefined;
    return maker === undefined || word === undefined ? [] : [maker(word, code)];
  });
}

export function simpleCheck(condition: Simple, code: Code): Check {
  const checks = simpleKeyChecks(condition, code);
  if (condition.all) checks.push(allOf(condition.all.map((part) => simpleCheck(part, code))));
  if (condition.any) checks.push(anyOf(condition.any.map((part) => simpleCheck(part, code))));
  if (condition.not) checks.push(noneOf(simpleCheck(condition.not, code)));
  return allOf(checks);
}

/** The facts that make the kind of an incident, see Check. */
const KIND = new Set(["channel", "contacted", "outcome", "purpose"]);

type Read<T> = (facts: Facts, around: Parameters<Check["judge"]>[1]) => T;

function oneOf(
  words: readonly string[],
  numbering: Numbering,
  name: string,
  read: Read<number>,
  words2: { telling?: boolean; known: (facts: Facts, number: number) => Bilingual; unknown?: Bilingual },
): Check {
  let set = 0;
  for (const word of words) set |= 1 << numbering[word]!;
  return leaf({
    judge(facts, around) {
      const number = read(facts, around);
      return (set & (1 << number)) !== 0 ? YES : number === 0 ? UNKNOWN : NO;
    },
    tell(facts, around, tale) {
      const number = read(facts, around);
      if (number === 0) {
        if ((set & 1) === 0) tale.miss(name);
        if (words2.unknown) tale.tell(words2.unknown);
      } else if (words2.telling) tale.tell(words2.known(facts, number));
      else tale.mention(words2.known(facts, number));
    },
    byKind: KIND.has(name),
  });
}

function wordOf(numbering: Numbering, number: number): string {
  return Object.keys(numbering).find((word) => numbering[word] === number)!;
}

function directionIs(direction: number): Check {
  return leaf({
    judge: (facts) => (facts.direction === direction ? YES : NO),
    tell: (facts, _around, tale) =>
      tale.mention(
        facts.direction === INCOMING
          ? say("It came from the collector's side.", "由催收方发起。")
          : say("It was the borrower who made contact.", "由借款人一方发起。"),
      ),
    byKind: true,
  });
}

function isIt(
  wanted: boolean,
  name: string,
  read: Read<boolean | undefined>,
  words: { true: Bilingual; false: Bilingual; missing: Bilingual },
): Check {
  return leaf({
    judge(facts, around) {
      const answer = read(facts, around);
      return valueOf(answer === undefined ? undefined : answer === wanted);
    },
    tell(facts, around, tale) {
      const answer = read(facts, around);
      if (answer === undefined) tale.miss(name);
      tale.tell(answer === undefined ? words.missing : words[`${answer}`]);
    },
  });
}

type Range = { under?: number | undefined; over?: number | undefined };
function inRange(
  range: Range,
  name: string,
  read: Read<number | undefined>,
  known: (n: number) => Bilingual,
  missing: Bilingual,
): Check {
  const { under = Number.POSITIVE_INFINITY, over = Number.NEGATIVE_INFINITY } = range;
  return leaf({
    judge(facts, around) {
      const n = read(facts, around);
      return n === undefined ? UNKNOWN : n < under && n > over ? YES : NO;
    },
    tell(facts, around, tale) {
      const n = read(facts, around);
      if (n === undefined) tale.miss(name);
      tale.tell(n === undefined ? missing : known(n));
    },
  });
}

function inHours(word: NonNullable<Simple["localTime"]>): Check {
  const hours = localHours(word);
  return leaf({
    judge: (facts) => liesIn(facts, hours),
    tell(facts, _around, tale) {
      const value = liesIn(facts, hours);
      const moment = momentWords(facts);
      const between = say(`${word.from} and ${word.to}`, `${word.from}至${word.to}`);
      if (value === UNKNOWN) {
        tale.miss("time-of-day");
        tale.tell(
          say(
            `The time of day is not known (${moment.en}), so it cannot be told whether it lies between ${between.en}.`,
            `不知道具体时间（${moment["zh-CN"]}），无法判断是否在${between["zh-CN"]}之间。`,
          ),
        );
      } else if (value === PERSON) {
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
        const time = `${facts.precision === EXACT ? "" : "About "}${clock(facts.time)}`;
        const zhTime = `${facts.precision === EXACT ? "" : "约"}${clock(facts.time)}`;
        tale.tell(
          say(
            `${time} local time ${inside ? "lies" : "does not lie"} between ${between.en}.`,
            `当地时间${zhTime}${inside ? "在" : "不在"}${between["zh-CN"]}之间。`,
          ),
        );
      }
    },
  });
}

const NO_DAY = say("The day is not known, only the month.", "只知道月份，不知道具体日期。");

function onWeekday(weekdays: readonly number[]): Check {
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

function onPublicHoliday(wanted: boolean, code: Code): Check {
  const years = code.publicHolidays ?? {};
  const holidays = new Set(Object.values(years).flat());
  const isHoliday = (facts: Facts): boolean | undefined => {
    const date = isoDay(facts.day);
    return date.slice(0, 4) in years ? holidays.has(date) : undefined;
  };
  return leaf({
    judge(facts) {
      const holiday = facts.precision === MONTH ? undefined : isHoliday(facts);
      return valueOf(holiday === undefined ? undefined : holiday === wanted);
    },
    tell(facts, _around, tale) {
      if (facts.precision === MONTH) {
        tale.miss("date");
        return tale.tell(NO_DAY);
      }
      const holiday = isHoliday(facts);
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
      tale.tell(
        say(
          `${date.en} was ${holiday ? "" : "not "}a public holiday.`,
          `${date["zh-CN"]}${holiday ? "是" : "不是"}法定节假日。`,
        ),
      );
    },
  });
}

function anyAct(list: readonly Act[]): Check {
  const { low, high } = actSet(list);
  const ticked = (facts: Facts) => (facts.tickedLow & low) !== 0 || (facts.tickedHigh & high) !== 0;
  const spoken = (facts: Facts) => (facts.spokenLow & low) !== 0 || (facts.spokenHigh & high) !== 0;
  return leaf({
    judge: (facts): Value => (ticked(facts) ? YES : spoken(facts) ? PERSON : NO),
    tell(facts, _around, tale) {
      const words = facts.spoken.filter((found) => list.includes(found.act));
      for (const found of words) tale.quotes.push({ facts, words: found });
      if (ticked(facts)) {
        const acts = facts.incident.acts!.filter((act) => list.includes(act));
        const names = listed([...new Set(acts)].map(tale.labelOfAct), "and");
        tale.reported = true;
        tale.tell(say(`The borrower reports: ${names.en}.`, `借款人反映：${names["zh-CN"]}。`));
      } else if (words.length > 0) {
        const names = listed([...new Set(words.map((found) => found.act))].map(tale.labelOfAct), "or");
        const quoted = [...new Set(words.map((found) => found.text))].slice(0, 3);
        tale.worded = true;
        tale.tell(
          say(
            `The words ${quoted.map((text) => `“${text}”`).join(", ")} suggest: ${names.en}. A person must read them.`,
            `“${quoted.join("”、“")}”等字句提示可能存在：${names["zh-CN"]}，需由人判断。`,
          ),
        );
      } else {
        tale.tell(say("None of the acts the rule names is reported.", "没有反映该规则所列的行为。"));
      }
    },
    remaining: (kind) => (kind.hasActs ? undefined : NO),
  });
}

function allDisclosed(list: readonly (typeof disclosures)[number][]): Check {
  let set = 0;
  for (const what of list) set |= bitOf(disclosures, what);
  const judge = (facts: Facts): Value => (facts.disclosed < 0 ? UNKNOWN : (facts.disclosed & set) === set ? YES : NO);
  return leaf({
    judge,
    tell(facts, _around, tale: Tale) {
      if (facts.disclosed < 0) {
        const names = listed(
          list.map((what) => disclosureLabels[what]),
          "and",
        );
        tale.miss("disclosed");
        return tale.tell(
          say(`It is not known whether this was told: ${names.en}.`, `不知道是否说明了：${names["zh-CN"]}。`),
        );
      }
      tale.reported = true;
      const told = judge(facts) === YES;
      const named = told ? list : list.filter((what) => (facts.disclosed & bitOf(disclosures, what)) === 0);
      const names = listed(
        named.map((what) => disclosureLabels[what]),
        "and",
      );
      tale.tell(
        told
          ? say(`This was told: ${names.en}.`, `已说明：${names["zh-CN"]}。`)
          : say(`This was not told: ${names.en}.`, `未说明：${names["zh-CN"]}。`),
      );
    },
  });
}
