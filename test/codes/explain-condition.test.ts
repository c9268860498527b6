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
import { locales } from "../../src/web/locale.ts";

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
            { text: "What came of it: answered without a real talk.", items: [] },
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
