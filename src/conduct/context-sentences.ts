/**
 * The sentences of conditions that look beyond the incident, in both languages. Next: context-conditions.ts says when they are said.
 */
import type { CountPlan } from "./counting.ts";
import { DAY, type Facts, MONTH } from "./facts.ts";
import { noticeLabels } from "./labels.ts";
import type { PreparedNotice, Since } from "./notices.ts";
import { clock, dateWords, listed, momentWords, monthWords, ordinal, say } from "./sentences.ts";
import { NO, PERSON, UNKNOWN, type Value, YES } from "./value.ts";
import type { Bilingual, noticeKinds } from "./vocabulary.ts";
import type { Tally } from "./window.ts";
import { DAY_MS } from "./zone.ts";

const countedWords = {
  placed: say("contact attempt", "次联系"),
  connected: say("answered contact", "次接通"),
  conversations: say("conversation", "次通话"),
  unanswered: say("unanswered attempt", "次未接通的尝试"),
} as const;

/** "of 1 September 2025", "in the 7 days from 2 February 2026 to 8 February 2026". */
function windowWords(facts: Facts, plan: CountPlan): Bilingual {
  const last = dateWords(facts.day);
  if (plan.days === 1) return say(`of ${last.en}`, last["zh-CN"]);
  const first = dateWords(facts.day - plan.days + 1);
  return say(
    `in the ${plan.days} days from ${first.en} to ${last.en}`,
    `${first["zh-CN"]}至${last["zh-CN"]}共${plan.days}天内`,
  );
}

/** "This is the 4th conversation of 1 September 2025; the limit is 3." */
export function counted(facts: Facts, plan: CountPlan, number: number, limit: number): Bilingual {
  const what = countedWords[plan.of];
  const when = windowWords(facts, plan);
  return say(
    `This is the ${ordinal(number)} ${what.en} ${when.en}; the limit is ${limit}.`,
    `这是${when["zh-CN"]}的第${number}${what["zh-CN"]}；上限为${limit}次。`,
  );
}

export function perhapsCounted(facts: Facts, plan: CountPlan, tally: Tally, limit: number): Bilingual {
  const what = countedWords[plan.of];
  const when = windowWords(facts, plan);
  const open = tally.person + tally.unknown;
  return say(
    `Surely ${tally.yes}, and perhaps ${open} more: up to ${tally.yes + open} ${what.en}s ${when.en}; the limit is ${limit}.`,
    `${when["zh-CN"]}可以确定${tally.yes}${what["zh-CN"]}，另有${open}次可能计入，合计最多${tally.yes + open}次；上限为${limit}次。`,
  );
}

export function notCounted(plan: CountPlan): Bilingual {
  const what = countedWords[plan.of];
  return say(`This is not a counted ${what.en}.`, `本次不计入（${what["zh-CN"].slice(1)}）。`);
}

export function noDay(facts: Facts, plan: CountPlan): Bilingual {
  const month = monthWords(facts.day);
  const what = countedWords[plan.of];
  return say(
    `The day in ${month.en} is not known, so it cannot be told which ${what.en}s it counts with.`,
    `只知道是${month["zh-CN"]}，不知道具体日期，无法与其他各次一并计数。`,
  );
}

export function noEventBefore(days: number): Bilingual {
  return say(
    `No such event is on record in the ${days} consecutive days that end with this one.`,
    `截至当日的连续${days}天内没有此类记录。`,
  );
}

export function orderIsOpen(event: Facts, facts: Facts): boolean {
  const isVague = event.precision === DAY || facts.precision === DAY;
  return isMonth(facts) || (event.day === facts.day && isVague);
}

/** "A conversation took place on 1 February 2026, which is day 1 of 7; this is day 3." */
export function afterEvent(event: Facts, facts: Facts, days: number, value: Value): Bilingual {
  const before = momentWords(event);
  if (value === YES || value === PERSON) {
    const nth = facts.day - event.day + 1;
    return say(
      `It follows the contact at ${before.en}: that day is day 1 of ${days}, and this is day ${nth}.`,
      `此前${before["zh-CN"]}已有联系：该日为${days}天中的第1天，本次为第${nth}天。`,
    );
  }
  if (value === UNKNOWN)
    return say(
      `It cannot be told whether it follows the contact at ${before.en} within ${days} consecutive days.`,
      `无法判断本次是否在${before["zh-CN"]}那次联系之后的连续${days}天内。`,
    );
  return say(`It does not follow the contact at ${before.en}.`, `本次不在${before["zh-CN"]}那次联系之后。`);
}

export function isMonth(facts: Facts): boolean {
  return facts.precision === MONTH;
}

export function noNotice(kinds: readonly (typeof noticeKinds)[number][]): Bilingual {
  const names = listed(
    kinds.map((kind) => noticeLabels[kind]),
    "or",
  );
  return say(`No notice ${names.en} was in force on record.`, `没有记录到当时有效的${names["zh-CN"]}。`);
}

export function afterNotice(facts: Facts, notice: PreparedNotice, since: Since, value: Value): Bilingual {
  const label = noticeLabels[notice.is];
  const moment = momentWords(facts);
  if (since.instant === undefined)
    return say(
      `It is not known when the notice ${label.en} was received, so it cannot be told whether this came after it.`,
      `不知道${label["zh-CN"]}何时送达，无法判断本次是否在其之后。`,
    );
  const local = since.instant + facts.zone.offsetAt(since.instant);
  const day = Math.floor(local / DAY_MS);
  const date = dateWords(day);
  const time = clock(local - day * DAY_MS);
  const received = since.missing === "notice.receivedAt" ? say("received", "送达") : say("sent", "发出");
  const notices = say(
    `the notice ${label.en} was ${received.en} at ${time} on ${date.en}`,
    `${label["zh-CN"]}于${date["zh-CN"]}${time}${received["zh-CN"]}`,
  );
  if (value === YES)
    return say(
      `This was at ${moment.en}; ${notices.en}, and it was in force.`,
      `本次联系在${moment["zh-CN"]}；${notices["zh-CN"]}，当时有效。`,
    );
  return say(
    `This was at ${moment.en}; ${notices.en}. Whether it covers this contact ${value === PERSON ? "is for a person to judge" : "cannot be told"}.`,
    `本次联系在${moment["zh-CN"]}；${notices["zh-CN"]}。是否适用于本次联系${value === PERSON ? "需由人判断" : "无法判断"}。`,
  );
}

export function firstContact(value: Value, earlier: Facts | undefined): Bilingual {
  if (value === YES || value === PERSON)
    return say("It is the first contact on record from this collector.", "这是记录中该催收方的首次联系。");
  if (value === NO && earlier === undefined)
    return say("It is not a contact that reached anybody.", "本次没有联系到任何人。");
  if (earlier === undefined)
    return say(
      "It is not known whether this contact reached anybody, so not whether it was the first.",
      "不知道本次是否联系到人，无法判断是否为首次联系。",
    );
  const before = momentWords(earlier);
  return value === NO
    ? say(`There was an earlier contact, at ${before.en}.`, `此前${before["zh-CN"]}已有联系。`)
    : say(
        `There may have been an earlier contact, at ${before.en}.`,
        `此前${before["zh-CN"]}可能已有联系，无法判断本次是否为首次联系。`,
      );
}

export function agreedTime(value: Value): Bilingual {
  if (value === NO) return say("No other time was agreed on record.", "没有另行约定时间的记录。");
  if (value === YES) return say("Contact at this time was agreed.", "双方约定可在该时间联系。");
  return say("Whether contact at this time was agreed is open.", "是否约定可在该时间联系尚不确定。");
}

export function agreedFrequency(value: Value): Bilingual {
  if (value === NO) return say("No higher number of contacts was agreed on record.", "没有另行约定更多次数的记录。");
  if (value === YES) return say("This number of contacts a day was agreed.", "双方约定了该每日次数。");
  return say("Whether this number of contacts a day was agreed is open.", "是否约定了该每日次数尚不确定。");
}
