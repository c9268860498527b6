/** Every word of the conditions has its sentence, in both languages, said and denied; and no rule that ships is told with a gap. */
import { describe, expect, test } from "vitest";
import { createCodeLibrary } from "../../src/codes/library.ts";
import { type Told, explainCondition } from "../../src/codes/explain-condition.ts";
import type { Condition } from "../../src/conduct/code.ts";
import {
  acts,
  channels,
  collectorKinds,
  contactedPersons,
  disclosures,
  lenderKinds,
  noticeForms,
  noticeKinds,
  outcomes,
  places,
  purposes,
  respondentKinds,
} from "../../src/conduct/vocabulary.ts";
import { clockOf, notCovered } from "../../src/codes/not-covered.ts";
import { formatter } from "../../src/web/format.ts";
import { locales, translator } from "../../src/web/locale.ts";

const library = await createCodeLibrary();
const lines = (told: readonly Told[]): string[] => told.flatMap(({ text, items }) => [text, ...lines(items)]);
const tell = (condition: Condition, locale: "en" | "zh-CN" = "en") =>
  lines(explainCondition(condition, locale, library.actLabel));

/** One condition for each key, with every value that the key may have. */
const whole: Record<string, Condition[]> = {
  channel: [{ channel: [...channels] }],
  direction: [{ direction: "incoming" }, { direction: "outgoing" }],
  contacted: [{ contacted: [...contactedPersons] }],
  place: [{ place: [...places] }],
  outcome: [{ outcome: [...outcomes] }],
  purpose: [{ purpose: [...purposes] }],
  automated: [{ automated: true }, { automated: false }],
  collectorKind: [{ collectorKind: [...collectorKinds] }],
  localTime: [
    { localTime: { from: "22:00", to: "08:00", fromEdge: "person", toEdge: "in" } },
    { localTime: { from: "12:00", to: "14:00", fromEdge: "out", toEdge: "out" } },
  ],
  weekday: [{ weekday: [1, 2, 3, 4, 5, 6, 7] }],
  publicHoliday: [{ publicHoliday: true }, { publicHoliday: false }],
  acts: [{ acts: [acts[0]] }, { acts: [...acts] }],
  disclosed: [{ disclosed: [disclosures[0]] }, { disclosed: [...disclosures] }],
  visitors: [{ visitors: { under: 2 } }, { visitors: { over: 3 } }, { visitors: { under: 9, over: 3 } }],
  lenderKind: [{ lenderKind: [...lenderKinds] }],
  respondentKind: [{ respondentKind: [...respondentKinds] }],
  daysPastDue: [{ daysPastDue: { over: 30 } }, { daysPastDue: { under: 5 } }, { daysPastDue: { over: 1, under: 5 } }],
  reachable: [{ reachable: true }, { reachable: false }],
  debtLawful: [{ debtLawful: true }, { debtLawful: false }],
  employerForbids: [{ employerForbids: true }, { employerForbids: false }, { employerForbids: "unknown" }],
  person: [{ person: true }],
  count: [
    ...(["placed", "connected", "conversations", "unanswered"] as const).map((of): Condition => ({
      count: { of, over: 3, per: { calendarDays: 1 }, groupBy: ["creditor", "person"] },
    })),
    { count: { of: "placed", where: { channel: ["call"] }, over: 7, per: { rollingDays: 7 }, groupBy: ["debt", "collector", "calledNumber"] } },
  ],
  coolDown: [{ coolDown: { after: { outcome: ["conversation"] }, days: 7, groupBy: ["debt"] } }],
  afterNotice: [
    { afterNotice: { kinds: [...noticeKinds], from: "received" } },
    { afterNotice: { kinds: ["dispute"], from: "sent", forms: [...noticeForms], about: ["channel", "person", "place", "hours", "debt"], withinDays: 30 } },
  ],
  firstContact: [{ firstContact: { groupBy: ["collector"] } }],
  agreed: [{ agreed: "consent-time" }, { agreed: "consent-frequency" }],
}; // prettier-ignore

describe.each(locales)("conditions told in %s", (locale) => {
  test.each(Object.keys(whole))("%s: each form, said and denied, is a full sentence without a gap", (key) => {
    for (const condition of whole[key]!) {
      const said = tell(condition, locale);
      const denied = tell({ not: condition }, locale);
      for (const line of [...said, ...denied]) {
        expect(line).not.toMatch(/codes\.|{{|undefined/);
        expect(line.length).toBeGreaterThan(0);
        if (locale === "zh-CN") expect(line).toMatch(/\p{Script=Han}/u);
      }
      // What a person must weigh is neither yes nor no, so its denial is the same sentence.
      if (key === "person") expect(denied).toEqual(said);
      else expect(denied[0]).not.toBe(said[0]);
    }
  });

  test("every rule that ships is told whole, exceptions too", () => {
    const rules = library.all().flatMap((code) => code.rules);
    expect(rules.length).toBeGreaterThan(60);
    for (const rule of rules) {
      for (const condition of [rule.when, ...rule.unless.map((exception) => exception.when)]) {
        const told = tell(condition, locale);
        expect(told.length).toBeGreaterThan(0);
        for (const line of told) expect(line, rule.id).not.toMatch(/codes\.|{{|undefined/);
      }
    }
  });
});

test("alternatives and groups are told as such", () => {
  const told = explainCondition(
    {
      direction: "incoming",
      any: [{ channel: ["letter"] }, { all: [{ channel: ["call"] }, { outcome: ["connected"] }] }],
    },
    "en",
    library.actLabel,
  );
  expect(told).toEqual([
    { text: "It came from the collector's side.", items: [] },
    {
      text: "At least one of these:",
      items: [
        { text: "It is a letter.", items: [] },
        {
          text: "All of these:",
          items: [
            { text: "It is a call.", items: [] },
            { text: "What came of it: it was answered without a real talk.", items: [] },
          ],
        },
      ],
    },
  ]);
});

test("a denial of several at once says that not all hold; a double denial is the sentence itself", () => {
  expect(tell({ not: { channel: ["call"], direction: "incoming" } })[0]).toBe("Not all of these hold together:");
  expect(tell({ not: { not: { channel: ["call"] } } })).toEqual(["It is a call."]);
  expect(tell({ not: { any: [{ channel: ["call"] }, { channel: ["sms"] }] } })).toEqual([
    "It is not a call.",
    "It is not an SMS.",
  ]);
  expect(tell({ not: { disclosed: ["institution"] } })).toEqual(["They did not tell: for which institution."]);
  expect(tell({ not: { automated: false } })).toEqual(["A robot or a recorded voice spoke."]);
});

test("limits, edges and alternatives are told so that nobody has to guess", () => {
  expect(tell({ count: { of: "placed", over: 7, per: { rollingDays: 7 }, groupBy: ["person", "debt"] } })).toEqual([
    "It is over the limit: more than 7 attempts within 7 local days in a row (the 8th and any later one), for the same person contacted and debt.",
  ]);
  expect(tell({ count: { of: "conversations", over: 1, per: { calendarDays: 1 }, groupBy: ["debt"] } })[0]).toContain(
    "more than 1 talk on one local day (the 2nd and any later one)",
  );
  expect(tell({ localTime: { from: "22:00", to: "08:00", fromEdge: "in", toEdge: "out" } })).toEqual([
    "The local time lies between 22:00 and 08:00 the next day.",
    "22:00 sharp belongs to these hours.",
    "08:00 sharp does not belong to these hours.",
  ]);
  expect(tell({ coolDown: { after: { channel: ["call"] }, days: 1, groupBy: ["debt"] } })[0]).toBe(
    "It follows on the same local day, for the same debt, after a contact for which all of these hold:",
  );
  expect(tell({ acts: ["impersonating-authority", "impersonating-lender"] })).toEqual([
    "This was ticked, or is suggested by the words: “Posing as police, court or government” or “Posing as the lender or a bank”.",
  ]);
  expect(tell({ purpose: ["notification"] }, "zh-CN")).toEqual(["目的：仅作通知。"]);
  expect(
    tell({ count: { of: "connected", over: 3, per: { calendarDays: 1 }, groupBy: ["creditor"] } }, "zh-CN"),
  ).toEqual(["已超过上限：当地同一天内接通超过 3 次（即第 4 次起），按同一出借人及其催收机构合并计算。"]);
});

test.each(["en", "zh-CN"] as const)("what a rule is not held against follows from its conditions, in %s", (locale) => {
  const reader = { locale, t: translator(locale), format: formatter(locale, "Asia/Shanghai"), today: "2026-11-20" };
  const of = (codeId: string, ruleId: string) => {
    const [code, rule] = [library.get(codeId)!, library.rule(codeId, ruleId)!];
    return [clockOf(code, rule, reader) ?? "", ...notCovered(code, rule, reader)];
  };
  const en = locale === "en";
  expect(of("cn-online-consumer-credit", "cn.gbt.freq.notify")).toEqual([
    en
      ? "Hours and days are those of Beijing time (Asia/Shanghai), wherever the borrower is."
      : "时刻和日期一律按北京时间（Asia/Shanghai）计，不论借款人身在何处。",
    en ? "Any way of contact but a call." : "除电话以外的联系方式。",
    en ? "Contacts that the borrower made." : "借款人主动发起的联系。",
    en ? "Contacts with anybody but the borrower." : "对借款人本人以外的人的联系。",
    en
      ? "Lenders of these kinds: unlicensed lender or original creditor."
      : "这些类型的出借人：无牌照放款人或原债权人。",
  ]);
  // Alternatives leave nothing out by themselves, and a rule about acts asks for no hour.
  expect(of("cn-statutes", "cn.civ.1033.1")).toEqual([""]);
  expect(of("us-fdcpa-regulation-f", "us.unfair")).toContain(
    en ? "Contacts made by the original creditor in its own name." : "以自己名义催收的原债权人所作的联系。",
  );
});
