/**
 * "If it had been at 21:59 instead of 22:43, it would not match.": an imagined change and what it gives, in both languages.
 * It judges nothing. Next: what-if.ts.
 */
import type { Change, ChangedField, Question } from "./change.ts";
import type { Facts } from "./facts.ts";
import { EXACT } from "./facts.ts";
import {
  channelLabels,
  collectorKindLabels,
  contactedLabels,
  disclosureLabels,
  lenderKindLabels,
  noticeLabels,
  outcomeLabels,
  placeLabels,
  purposeLabels,
} from "./labels.ts";
import type { Finding } from "./finding.ts";
import { clock, dateWords, listed, say } from "./sentences.ts";
import type { Act, Bilingual, Outcome } from "./vocabulary.ts";
import { DAY_MS, weekdayOf } from "./zone.ts";

interface About extends Question {
  facts: Facts;
  labelOfAct: (act: Act) => Bilingual;
}
type Of<Kind extends Change["kind"]> = Extract<Change, { kind: Kind }>;

const outcomeWords: Record<Finding["outcome"], Bilingual> = {
  matches: say("it would appear to match", "则疑似触及该规则"),
  "needs-review": say("a person would have to judge", "则需由人判断"),
  "cannot-tell": say("it could not be told", "则无法判断"),
  "no-match": say("it would not match", "则不触及该规则"),
};

/** @param changes of one kind, each of which alone gives this outcome; at least one. */
export function sayChange(changes: readonly Change[], outcome: Finding["outcome"], about: About): Bilingual {
  const premise = premiseOf(changes, about);
  const then = outcomeWords[outcome];
  return say(`If ${premise.en}, ${then.en}.`, `如果${premise["zh-CN"]}，${then["zh-CN"]}。`);
}

function premiseOf(changes: readonly Change[], about: About): Bilingual {
  const first = changes[0]!;
  const all = <Kind extends Change["kind"]>() => changes as readonly Of<Kind>[];
  switch (first.kind) {
    case "field":
      return fieldWords(all<"field">(), about);
    case "moment":
      return momentWords(first, about);
    case "no-acts":
      return say("none of this had been ticked, nor suggested by the words", "没有勾选这些行为，文字中也没有提示");
    case "without":
      return withoutWords(first, about);
    case "outcomes":
      return others(first.to);
    case "more": {
      const { times } = first;
      return say(
        `there had been ${times} more such ${times === 1 ? "contact" : "contacts"} earlier that day`,
        `当天此前还有${times}次同样的联系`,
      );
    }
    case "earlier":
      return say("they had talked with the same person about it the day before", "前一天已就此与同一人通过话");
    case "without-notices":
      return say("the notice on record had not been given", "没有作出所记录的告知");
    case "notice":
      return noticeWords(all<"notice">());
    default:
      return caseWords(all<"case">());
  }
}

function fieldWords(changes: readonly Of<"field">[], { facts, labelOfAct }: About): Bilingual {
  const { field, to } = changes[0]!;
  const named = (labels: Record<string, Bilingual>) =>
    listed(
      changes.map((one) => labels[String(one.to)]!),
      "or",
    );
  const words: Record<ChangedField, () => Bilingual> = {
    channel: () =>
      both(
        named(channelLabels),
        (it) => `it had been ${it}`,
        (it) => `联系方式是${it}`,
      ),
    direction: () =>
      to === "incoming"
        ? say("it had come from the collector's side", "由催收方发起")
        : say("the borrower had made the contact", "由借款人一方发起"),
    contacted: () =>
      both(
        named(contactedLabels),
        (it) => `the person contacted had been ${it}`,
        (it) => `被联系的人是${it}`,
      ),
    place: () =>
      both(
        named(placeLabels),
        (it) => `the person contacted had been ${it}`,
        (it) => `被联系的人当时${it}`,
      ),
    outcome: () =>
      both(
        named(outcomeLabels),
        (it) => `the outcome had been: ${it}`,
        (it) => `结果为${it}`,
      ),
    purpose: () =>
      both(
        named(purposeLabels),
        (it) => `the purpose had been: ${it}`,
        (it) => `目的为${it}`,
      ),
    automated: () =>
      to === true
        ? say("it had been a robot or a recorded voice", "是机器人或录音")
        : say("it had been a human being", "是真人"),
    collectorKind: () =>
      both(
        named(collectorKindLabels),
        (it) => `it had come from ${it}`,
        (it) => `联系来自${it}`,
      ),
    visitors: () => say(`${String(to)} ${to === 1 ? "person" : "people"} had come`, `来了${String(to)}人`),
    disclosed: () => toldWords(changes[0]!, facts),
    acts: () => {
      const ticked = new Set(facts.incident.acts);
      const added = changes.flatMap((one) => (one.to as Act[]).filter((act) => !ticked.has(act)));
      return both(
        listed(added.map(labelOfAct), "or"),
        (it) => `this had been ticked: ${it}`,
        (it) => `勾选了${it}`,
      );
    },
  };
  return words[field]();
}

function toldWords({ to }: Of<"field">, { incident }: Facts): Bilingual {
  const before = incident.disclosed;
  const now = to as NonNullable<typeof before>;
  const added = now.filter((one) => !before?.includes(one));
  const names = (list: typeof now) =>
    listed(
      list.map((one) => disclosureLabels[one]),
      "and",
    );
  if (added.length > 0)
    return both(
      names(added),
      (it) => `this had been told: ${it}`,
      (it) => `说明了${it}`,
    );
  const left = (before ?? []).filter((one) => !now.includes(one));
  if (left.length === 0) return say("nothing of this had been told", "这些都没有说明");
  return both(
    names(left),
    (it) => `this had not been told: ${it}`,
    (it) => `没有说明${it}`,
  );
}

function momentWords({ names, to }: Of<"moment">, { facts }: About): Bilingual {
  const at = Date.parse(to);
  const local = at + facts.zone.offsetAt(at);
  const day = Math.floor(local / DAY_MS);
  const time = clock(local - day * DAY_MS);
  if (names === "time") {
    if (facts.precision === EXACT)
      return say(
        `it had been at ${time} instead of ${clock(facts.time)} local time`,
        `当地时间是${time}而不是${clock(facts.time)}`,
      );
    return say(`it had been at exactly ${time} local time`, `当地时间正好是${time}`);
  }
  const date = dateWords(day);
  const english = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekdayOf(day)]!;
  const chinese = "　一二三四五六日"[weekdayOf(day)]!;
  return say(`it had been on ${english}, ${date.en}, at ${time}`, `发生在${date["zh-CN"]}（星期${chinese}）${time}`);
}

/** Of a count "2 fewer"; of what went before "without the contact before". */
function withoutWords({ ids }: Of<"without">, { rule }: About): Bilingual {
  const n = ids.length;
  if (JSON.stringify(rule.when).includes('"count"'))
    return say(`there had been ${n} fewer counted ${n === 1 ? "contact" : "contacts"}`, `少计${n}次联系`);
  return say("the contact before had not taken place", "没有此前的那次联系");
}

const others = (to: Outcome): Bilingual =>
  both(
    outcomeLabels[to],
    (it) => `the outcome of the other counted contacts had been: ${it}`,
    (it) => `其余各次联系的结果均为${it}`,
  );

function noticeWords(changes: readonly Of<"notice">[]): Bilingual {
  const { notice } = changes[0]!;
  if (notice.kind === "consent-time")
    return say("contact at this hour had been agreed in writing", "双方曾书面约定可在该时间联系");
  if (notice.kind === "consent-frequency") {
    const n = notice.detail?.perDay ?? 0;
    return say(`${n} contacts a day had been agreed in writing`, `双方曾书面约定每天可联系${n}次`);
  }
  return both(
    listed(
      changes.map((one) => noticeLabels[one.notice.kind]),
      "or",
    ),
    (it) => `they had received a notice ${it} the day before`,
    (it) => `对方前一天收到${it}`,
  );
}

function caseWords(changes: readonly Of<"case">[]): Bilingual {
  const { fact, to } = changes[0]!;
  switch (fact) {
    case "lenderKind":
      return both(
        listed(
          changes.map((one) => lenderKindLabels[one.to as keyof typeof lenderKindLabels]),
          "or",
        ),
        (it) => `the lender were ${it}`,
        (it) => `贷款机构是${it}`,
      );
    case "respondentKind":
      return to === "debt-collector"
        ? say("the collector were a debt collector", "对方是债务催收人")
        : say("the collector were the original creditor", "对方是原始债权人");
    case "daysPastDue":
      return say(`the debt were ${String(to)} days past due`, `债务逾期${String(to)}天`);
    case "reachable":
      return to === true
        ? say("the borrower could be reached", "借款人本人可以联系上")
        : say("the borrower could not be reached", "借款人本人无法联系上");
    case "debtLawful":
      return to === true ? say("the debt were lawful", "债务合法") : say("the debt were unlawful", "债务不合法");
    default:
      return to === true
        ? say("the employer forbade such contacts", "工作单位禁止此类联系")
        : say("the employer allowed such contacts", "工作单位不禁止此类联系");
  }
}

function both(label: Bilingual, en: (it: string) => string, zh: (it: string) => string): Bilingual {
  return say(en(label.en), zh(label["zh-CN"]));
}
