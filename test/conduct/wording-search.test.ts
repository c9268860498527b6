import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Acts } from "../../src/conduct/acts.ts";
import { normalise } from "../../src/conduct/normalise.ts";
import { acts, type Act } from "../../src/conduct/vocabulary.ts";
import { compileWording } from "../../src/conduct/wording.ts";

const name = { en: "x", "zh-CN": "x" };

/** A file of acts in which only some have wording. */
function file(
  wording: Partial<Record<Act, unknown[]>>,
  rest: Partial<Record<"lists" | "spellings", unknown>> = {},
): Acts {
  return Acts.parse({
    groups: ["threats", "speech", "pretending", "money", "privacy", "visits", "other"].map((id) => ({
      id,
      label: name,
    })),
    lists: {},
    negations: { en: { words: ["not | never"], fillers: ["going to"] }, "zh-CN": { words: ["不会"], fillers: ["去"] } },
    spellings: {},
    ...rest,
    acts: acts.map((id) => ({
      id,
      group: "other",
      label: name,
      tick: name,
      wording: { en: [], "zh-CN": wording[id] ?? [] },
    })),
  });
}

const quotes = (some: Acts, text: string) =>
  compileWording(some)
    .find(text)
    .map((hit) => hit.text);

describe("phrases", () => {
  it("finds words whole, in any inflection asked for, and beginnings where asked", () => {
    const some = file({ insult: ["threaten~ | harass*"] });
    expect(quotes(some, "threaten, threatens; threatened - threatening. harassment HARASSED threatener")).toEqual([
      "threaten",
      "threatens",
      "threatened",
      "threatening",
      "harass",
      "HARASS",
    ]);
  });

  it.each([
    ["pursue~", ["pursue", "pursues", "pursued", "pursuing"]],
    ["spam~", ["spam", "spams", "spammed", "spamming"]],
    ["notify~", ["notify", "notifies", "notified", "notifying"]],
    ["publish~", ["publish", "publishes", "published", "publishing"]],
    ["destroy~", ["destroy", "destroys", "destroyed", "destroying"]],
    ["call~ my", ["call my", "calls my", "called my", "calling my"]],
  ])("knows the forms of %s", (words, forms) => {
    const some = compileWording(file({ insult: [words] }));
    for (const form of forms) expect(some.find(form).map((hit) => hit.text)).toEqual([form]);
  });

  it("finds a phrase inside and after another", () => {
    const some = file({ insult: ["上门催收"], obscenity: ["门催"], flooding: ["催收"], stalking: ["收上门"] });
    expect(
      compileWording(some)
        .find("上门催收上门")
        .map((hit) => [hit.act, hit.start, hit.end]),
    ).toEqual([
      ["insult", 0, 4],
      ["obscenity", 1, 3],
      ["flooding", 2, 4],
      ["stalking", 3, 6],
    ]);
  });

  it("finds other spellings", () => {
    expect(
      quotes(file({ insult: ["加微信"] }, { spellings: { 微信: ["威信", "vx"] } }), "加威信，加 VX，加微.信"),
    ).toEqual(["加威信", "加 VX", "加微.信"]);
  });

  it("finds across the block it reads by", () => {
    for (const before of [16_370, 16_380, 16_384, 32_760, 32_767])
      expect(quotes(file({ insult: ["上门催收"] }), `${"好".repeat(before)}上门催收`)).toEqual(["上门催收"]);
  });

  it("agrees with looking for each phrase one by one", () => {
    const phrase = fc.string({ unit: fc.constantFrom("甲", "乙", "丙"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(phrase, { minLength: 1, maxLength: 8 }), fc.array(phrase), (phrases, pieces) => {
        const text = pieces.join("");
        const wanted = acts.slice(0, phrases.length);
        const wording = compileWording(file(Object.fromEntries(wanted.map((act, i) => [act, [phrases[i]]]))));
        const found = new Set(wording.find(text).map((hit) => hit.act));
        expect(found).toEqual(new Set(wanted.filter((_, i) => text.includes(phrases[i]!))));
      }),
    );
  });
});

describe("pairs", () => {
  const pair = file({ insult: [{ words: "联系 … 家人", within: 4 }] });
  it.each([
    ["联系你家人", ["联系你家人"]],
    ["联系家人", ["联系家人"]],
    ["联系一二三四家人", ["联系一二三四家人"]],
    ["联系一二三四五家人", []],
    ["家人联系", []],
    ["联系。家人", []],
    ["联系，家人", ["联系，家人"]],
    ["联系 * 你 * 家 * 人", ["联系 * 你 * 家 * 人"]],
    ["联系联系家人", ["联系家人"]],
  ])("%s", (text, expected) => expect(quotes(pair, text)).toEqual(expected));

  it("do not let a part overlap the next", () => {
    expect(quotes(file({ insult: ["电话 … 话费"] }), "电话费")).toEqual([]);
    expect(quotes(file({ insult: ["电话 | 电话费 … 费用"] }), "电话费用")).toEqual(["电话费用"]);
  });

  it("may have three parts", () => {
    expect(quotes(file({ insult: ["一天 … 打 … 电话"] }), "一天之内打了很多电话")).toEqual(["一天之内打了很多电话"]);
  });
});

describe("what stands round the words", () => {
  it("a negation right before any part turns it round, with one word in between at most", () => {
    const some = file({ insult: ["sue you", "威胁", "联系 … 家人"] });
    expect(quotes(some, "We will not sue you. We are never going to sue you.")).toEqual([]);
    expect(quotes(some, "If you do not pay we sue you")).toEqual(["sue you"]);
    expect(quotes(some, "不会威胁，不会去威胁")).toEqual([]);
    expect(quotes(some, "不会还钱就威胁")).toEqual(["威胁"]);
    expect(quotes(some, "不会联系你家人")).toEqual([]);
  });

  it("unless the words hold even so", () => {
    expect(
      quotes(file({ insult: [{ words: "stop calling", evenNegated: true }] }), "have not stop calling"),
    ).toHaveLength(1);
  });

  it("needs are looked for in the whole text, exceptions in the sentence and its neighbours", () => {
    const some = file(
      { insult: [{ words: "滚", needs: ["debt"] }], obscenity: [{ words: "杀你", unless: ["playful"] }] },
      { lists: { debt: ["欠款 | 还钱"], playful: ["哈哈"] } },
    );
    expect(quotes(some, "滚！快走。记得还钱。")).toEqual(["滚"]);
    expect(quotes(some, "滚！快走。")).toEqual([]);
    expect(quotes(some, "杀你。哈哈")).toEqual([]);
    expect(quotes(some, "杀你。好的。好的。哈哈")).toEqual(["杀你"]);
  });
});

describe("any text", () => {
  const some = file(
    {
      insult: ["上门 … 家人", "call my", "杀"],
      flooding: [{ words: "a | aa | 上", needs: ["l"] }, "b … b … b"],
    },
    { lists: { l: ["门"] } },
  );
  const wording = compileWording(some);
  const anyText = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    fc.string({
      unit: fc.constantFrom(
        "上",
        "門",
        "家",
        "人",
        "a",
        "b",
        " ",
        ".",
        "。",
        "杀",
        "\ud835\udc1a",
        "\ud83d",
        "call my ",
      ),
    }),
  );

  it("is quoted word for word, in order, each act's quotes apart", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ends = new Map<Act, number>();
        let last = 0;
        for (const { act, start, end, text: quote } of wording.find(text)) {
          expect(text.slice(start, end)).toBe(quote);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(start).toBeGreaterThanOrEqual(ends.get(act) ?? 0);
          expect(end).toBeGreaterThan(start);
          last = start;
          ends.set(act, end);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same answer after any other text was searched", () => {
    fc.assert(
      fc.property(anyText, anyText, (before, text) => {
        const fresh = compileWording(some).find(text);
        wording.find(before);
        expect(wording.find(text)).toEqual(fresh);
      }),
      { numRuns: 50 },
    );
  });

  it("two texts parted by the end of a sentence give the hits of both", () => {
    const plain = compileWording(file({ insult: ["上门 … 家人", "call my", "杀"], flooding: ["b … b … b"] }));
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const shift = one.length + 2;
        const both = plain.find(`${one}。\n${other}`);
        const apart = [
          ...plain.find(one),
          ...plain.find(other).map((hit) => ({ ...hit, start: hit.start + shift, end: hit.end + shift })),
        ];
        expect(both).toEqual(apart);
      }),
    );
  });

  it.each([
    ["one letter", "a".repeat(200_000)],
    ["half a pair, over and over", "上门".repeat(100_000)],
    ["a pair, over and over", "上门家人".repeat(50_000)],
    ["symbols only", "*.".repeat(100_000)],
    ["broken surrogates", "\ud83d".repeat(200_000)],
    ["sentence ends", "。".repeat(200_000)],
    ["parts of three", "b ".repeat(100_000)],
  ])("takes steps in proportion to its length: %s", (_name, text) => {
    const steps = (part: string) => {
      wording.find(part);
      return wording.steps;
    };
    const eighth = steps(text.slice(0, text.length / 8));
    expect(eighth).toBeGreaterThan(text.length / 16 - 100);
    expect(steps(text)).toBeLessThan(eighth * 8 + 100);
  });

  it("takes steps in proportion to its length, whatever is repeated", () => {
    fc.assert(
      fc.property(anyText, (piece) => {
        wording.find(piece.repeat(8));
        const few = wording.steps;
        wording.find(piece.repeat(80));
        expect(wording.steps).toBeLessThanOrEqual(few * 10 + 100);
      }),
    );
  });
});

describe("wording that cannot be meant is refused", () => {
  it.each([
    ["上门，催收", "has punctuation"],
    ["a*", "begins too many words"],
    ["上门 | ", "has nothing on one side"],
    ["… 上门", "has nothing on one side"],
    ["***", "has no letter"],
    ["$nobody", "there is no list called nobody"],
    ["好".repeat(61), "is longer than"],
  ])("%s", (words, why) => expect(() => file({ insult: [words] })).toThrow(why));
});

it("a phrase is found as it is normalised", () => {
  expect(normalise("上门")).toEqual(normalise(" 上 門 "));
});
