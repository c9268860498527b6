/**
 * Conditions on one incident and its case alone: the words of a code's `when` made into checks.
 * Knows nothing of other incidents or of notices; those are in context-conditions.ts.
 */
import type { Code, Simple } from "./code.ts";
import { type Check, allOf, anyOf, asking, leaf, noneOf, valueOf } from "./check.ts";
import {
  type Facts,
  INCOMING,
  MONTH,
  type Numbering,
  OUTGOING,
  channelNumber,
  collectorKindNumber,
  contactedNumber,
  lenderKindNumber,
  outcomeNumber,
  placeNumber,
  purposeNumber,
  respondentKindNumber,
} from "./facts.ts";
import {
  channelLabels,
  collectorKindLabels,
  contactedLabels,
  lenderKindLabels,
  outcomeLabels,
  placeLabels,
  purposeLabels,
} from "./labels.ts";
import { say } from "./sentences.ts";
import type { Surroundings } from "./surroundings.ts";
import { inHours, onPublicHoliday, onWeekday } from "./time-conditions.ts";
import { allDisclosed, anyAct } from "./told-conditions.ts";
import { NO, PERSON, UNKNOWN, YES } from "./value.ts";
import type { Bilingual } from "./vocabulary.ts";
import { dayFromIso } from "./zone.ts";

type SimpleKey = Exclude<keyof Simple, "all" | "any" | "not">;
type Makers = { [Key in SimpleKey]: (word: NonNullable<Simple[Key]>, code: Code) => Check };

/** What the records say, by the number of the word; made once, because every explanation says some of it. */
const channelSays = sentencesOf(channelNumber, channelLabels, (label) =>
  say(`It was ${label.en}.`, `这是${label["zh-CN"]}。`),
);
const contactedSays = sentencesOf(contactedNumber, contactedLabels, (label) =>
  say(`The person contacted was ${label.en}.`, `被联系的人是${label["zh-CN"]}。`),
);
const placeSays = sentencesOf(placeNumber, placeLabels, (label) =>
  say(`The person contacted was ${label.en}.`, `被联系的人当时${label["zh-CN"]}。`),
);
const outcomeSays = sentencesOf(outcomeNumber, outcomeLabels, (label) =>
  say(`The outcome was: ${label.en}.`, `结果为：${label["zh-CN"]}。`),
);
const purposeSays = sentencesOf(purposeNumber, purposeLabels, (label) =>
  say(`The purpose was: ${label.en}.`, `目的为：${label["zh-CN"]}。`),
);
const collectorKindSays = sentencesOf(collectorKindNumber, collectorKindLabels, (label) =>
  say(`The contact came from ${label.en}.`, `联系来自${label["zh-CN"]}。`),
);
const lenderKindSays = sentencesOf(lenderKindNumber, lenderKindLabels, (label) =>
  say(`The lender is ${label.en}.`, `贷款机构是${label["zh-CN"]}。`),
);
const respondentKindSays = sentencesOf(
  respondentKindNumber,
  {
    "debt-collector": say("The collector is a debt collector.", "对方是债务催收人。"),
    "original-creditor": say("The collector is the original creditor.", "对方是原始债权人。"),
  },
  (sentence) => sentence,
);

function sentencesOf(
  numbering: Numbering,
  labels: Readonly<Record<string, Bilingual>>,
  sentence: (label: Bilingual) => Bilingual,
): Bilingual[] {
  const says: Bilingual[] = [];
  for (const [word, number] of numbering) if (number > 0) says[number] = sentence(labels[word]!);
  return says;
}

/** One maker for each simple key of a condition. */
const makers: Makers = {
  channel: (words) => oneOf(words, channelNumber, "channel", (facts) => facts.channel, { known: channelSays }),
  direction: (word) => directionIs(word === "incoming" ? INCOMING : OUTGOING),
  contacted: (words) =>
    oneOf(words, contactedNumber, "contacted", (facts) => facts.contacted, {
      telling: !words.includes("self"),
      known: contactedSays,
      unknown: say("It is not known who was contacted.", "不知道联系的是谁。"),
    }),
  place: (words) =>
    oneOf(words, placeNumber, "place", (facts) => facts.place, {
      telling: true,
      known: placeSays,
      unknown: say("It is not known where the person contacted was.", "不知道被联系的人当时在哪里。"),
    }),
  outcome: (words) =>
    oneOf(words, outcomeNumber, "outcome", (facts) => facts.outcome, {
      known: outcomeSays,
      unknown: say(
        "It is not known what came of it, such as whether it was answered.",
        "不知道结果如何（例如是否接通）。",
      ),
    }),
  purpose: (words) =>
    oneOf(words, purposeNumber, "purpose", (facts) => facts.purpose, {
      known: purposeSays,
      unknown: say("It is not known whether it only notified or sought a talk.", "不知道是单纯告知还是交互沟通。"),
    }),
  collectorKind: (words) =>
    oneOf(words, collectorKindNumber, "collectorKind", (facts) => facts.collectorKind, {
      known: collectorKindSays,
      unknown: say("It is not known what kind of collector it was.", "不知道催收方属于哪一类。"),
    }),
  automated: (word) =>
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
  visitors: (range) =>
    inRange(
      range,
      "visitors",
      (facts) => facts.incident.visitors,
      (n) => say(`${n} ${n === 1 ? "person" : "people"} came.`, `来了${n}人。`),
      say("It is not known how many people came.", "不知道来了几个人。"),
    ),
  daysPastDue: (range) =>
    inRange(
      range,
      "case.daysPastDue",
      daysPastDueOn,
      (n) => say(`The debt is ${n} days past due.`, `债务已逾期${n}天。`),
      say("It is not known how many days the debt is past due.", "不知道债务逾期多少天。"),
    ),
  lenderKind: (words) =>
    oneOf(words, lenderKindNumber, "case.lenderKind", (_facts, around) => around.lenderKind, {
      known: lenderKindSays,
      unknown: say("It is not known what kind of lender it is.", "不知道贷款机构的类型。"),
    }),
  respondentKind: (words) =>
    oneOf(words, respondentKindNumber, "case.respondentKind", (_facts, around) => around.respondentKind, {
      known: respondentKindSays,
      unknown: say(
        "It is not known whether it is a debt collector or the original creditor.",
        "不知道对方是债务催收人还是原始债权人。",
      ),
    }),
  reachable: (word) =>
    isIt(word, "case.reachable", (_facts, around) => around.context.reachable, {
      true: say("The borrower can be reached.", "借款人本人可以联系上。"),
      false: say("The borrower cannot be reached.", "借款人本人无法联系上。"),
      missing: say("It is not known whether the borrower could be reached.", "不知道借款人本人是否可以联系上。"),
    }),
  debtLawful: (word) =>
    isIt(word, "case.debtLawful", (_facts, around) => around.context.debtLawful, {
      true: say("The debt is recorded as lawful.", "债务记录为合法。"),
      false: say("The debt is recorded as unlawful.", "债务记录为不合法。"),
      missing: say("It is not known whether the debt is lawful.", "不知道债务是否合法。"),
    }),
  person: () =>
    leaf({
      judge: () => PERSON,
      tell: (_facts, _around, tale) => tale.tell(say("A person must weigh this.", "这一点须由人判断。")),
    }),
  employerForbids: (word) =>
    isIt(word, "case.employerForbids", (_facts, around) => around.context.employerForbids, {
      true: say("The employer forbids such contacts.", "工作单位禁止此类联系。"),
      false: say("The employer does not forbid such contacts.", "工作单位不禁止此类联系。"),
      missing: say("It is not known whether the employer forbids such contacts.", "不知道工作单位是否禁止此类联系。"),
    }),
};

/** The checks of the simple keys of a condition; the others are left to the caller. */
export function simpleKeyChecks(condition: Simple, code: Code): Check[] {
  return keysOf(makers).flatMap((key) => checkOf(key, condition[key], code) ?? []);
}

function checkOf<Key extends SimpleKey>(key: Key, word: Simple[Key], code: Code): Check | undefined {
  return word === undefined ? undefined : asking({ [key]: word }, makers[key](word, code));
}

function keysOf<T extends object>(object: T): (keyof T)[] {
  return Object.keys(object) as (keyof T)[];
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

type Read<T> = (facts: Facts, around: Surroundings) => T;

function oneOf(
  words: readonly string[],
  numbering: Numbering,
  name: string,
  read: Read<number>,
  sentences: { telling?: boolean; known: readonly Bilingual[]; unknown?: Bilingual },
): Check {
  let set = 0;
  for (const word of words) set |= 1 << numbering.get(word)!;
  return leaf({
    judge(facts, around) {
      const number = read(facts, around);
      return (set & (1 << number)) !== 0 ? YES : number === 0 ? UNKNOWN : NO;
    },
    tell(facts, around, tale) {
      const number = read(facts, around);
      if (number === 0) {
        if ((set & 1) === 0) tale.miss(name);
        if (sentences.unknown) tale.tell(sentences.unknown);
      } else if (sentences.telling) tale.tell(sentences.known[number]!);
      else tale.mention(sentences.known[number]!);
    },
    byKind: KIND.has(name),
  });
}

const CAME_IN = say("It came from the collector's side.", "由催收方发起。");
const WENT_OUT = say("It was the borrower who made contact.", "由借款人一方发起。");

function directionIs(direction: number): Check {
  return leaf({
    judge: (facts) => (facts.direction === direction ? YES : NO),
    tell: (facts, _around, tale) => tale.mention(facts.direction === INCOMING ? CAME_IN : WENT_OUT),
    byKind: true,
  });
}

function isIt(
  wanted: boolean | "unknown",
  name: string,
  read: Read<boolean | undefined>,
  words: { true: Bilingual; false: Bilingual; missing: Bilingual },
): Check {
  return leaf({
    judge(facts, around) {
      const answer = read(facts, around);
      if (wanted === "unknown") return valueOf(answer === undefined);
      return valueOf(answer === undefined ? undefined : answer === wanted);
    },
    tell(facts, around, tale) {
      const answer = read(facts, around);
      if (answer === undefined && wanted !== "unknown") tale.miss(name);
      tale.tell(answer === undefined ? words.missing : words[`${answer}`]);
    },
  });
}

/** Days from the day the debt fell due to the incident's local day; below 1 while nothing was past due. */
function daysPastDueOn(facts: Facts, { context }: Surroundings): number | undefined {
  if (context.daysPastDue !== undefined || context.pastDueOn === undefined) return context.daysPastDue;
  return facts.precision === MONTH ? undefined : facts.day - dayFromIso(context.pastDueOn);
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
