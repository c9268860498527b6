/** How answers are joined: all of several is the weakest of them, any the strongest, and what is not known stays so. */
import { describe, expect, it } from "vitest";
import { caseOf, findingsOf, incident, outcomesOf, ruleOf } from "./small-code.ts";

/** Conditions of a call at home with each answer: by the kind of contact, which is settled once for all such, and by itself. */
const answers = [
  ["no", { channel: ["sms"] }],
  ["no", { place: ["work"] }],
  ["unknown", { purpose: ["interactive"] }],
  ["unknown", { automated: true }],
  ["person", { person: true }],
  ["yes", { channel: ["call"] }],
  ["yes", { place: ["home"] }],
] as const;
type Answer = (typeof answers)[number][0];
const rank: Answer[] = ["no", "unknown", "person", "yes"];
const outcome = { no: "no-match", unknown: "cannot-tell", person: "needs-review", yes: "matches" } as const;
const weaker = (a: Answer, b: Answer) => (rank.indexOf(a) < rank.indexOf(b) ? a : b);
const stronger = (a: Answer, b: Answer) => (rank.indexOf(a) > rank.indexOf(b) ? a : b);
const opposite = { no: "yes", unknown: "unknown", person: "person", yes: "no" } as const;

const call = incident("2025-09-01T12:00", { place: "home" });
const says = (when: object, more: Record<string, unknown> = {}) => outcomesOf(ruleOf(when, more), [call], caseOf())[0];

describe("of two answers", () => {
  const pairs = answers.flatMap(([a, one]) => answers.map(([b, other]) => [a, b, one, other] as const));
  it.each(pairs)(
    "%s and %s: all is the weaker, any the stronger, neither turns the stronger round",
    (a, b, one, other) => {
      expect(says({ all: [one, other] })).toBe(outcome[weaker(a, b)]);
      expect(says({ any: [one, other] })).toBe(outcome[stronger(a, b)]);
      expect(says({ not: { any: [one, other] } })).toBe(outcome[opposite[stronger(a, b)]]);
      expect(says({ not: { all: [one, other] } })).toBe(outcome[opposite[weaker(a, b)]]);
    },
  );

  it.each(answers)("%s: an exception lifts a rule only when it is on record", (answer, condition) => {
    const unless = [{ title: { en: "agreed", "zh-CN": "约定" }, when: condition }];
    const lifted = { no: "matches", unknown: "matches", person: "needs-review", yes: "no-match" } as const;
    expect(says({ channel: ["call"] }, { unless })).toBe(lifted[answer]);
    expect(says({ place: ["home"] }, { unless })).toBe(lifted[answer]);
  });
});

describe("an explanation", () => {
  const because = (when: object, all = false) =>
    findingsOf(ruleOf(when), [call], caseOf(), {}, all).map((finding) => finding.because.en)[0];

  it("names what refuses, and nothing else", () => {
    expect(
      because({ place: ["home"], automated: true, any: [{ visitors: { over: 1 } }], contacted: ["friend"] }, true),
    ).toBe("The person contacted was the borrower.");
  });

  it("of several ways names those that give the answer", () => {
    expect(because({ any: [{ place: ["work"] }, { place: ["home"] }, { automated: true }] })).toBe(
      "The person contacted was at home.",
    );
  });

  it("names what is missing once, however often it is asked", () => {
    const [finding] = findingsOf(
      ruleOf({ all: [{ automated: true }, { not: { automated: false } }] }),
      [call],
      caseOf(),
    );
    expect(finding).toMatchObject({ outcome: "cannot-tell", missing: ["automated"] });
  });

  it("does not speak of an exception of which nothing is known", () => {
    const code = ruleOf(
      { place: ["home"] },
      { unless: [{ title: { en: "robot", "zh-CN": "机器人" }, when: { automated: true } }] },
    );
    expect(findingsOf(code, [call], caseOf())[0]).toMatchObject({
      outcome: "matches",
      missing: [],
      because: { en: "The person contacted was at home." },
    });
  });
});
