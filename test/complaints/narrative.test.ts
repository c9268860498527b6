/** The words for the box and what should not stand in them: pure, in both languages. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DraftForm } from "../../src/complaints/form.ts";
import { type Material, checkLines, lengthOf, tell, textOf } from "../../src/complaints/narrative.ts";
import { findPrivate } from "../../src/complaints/private-data.ts";
import { parseForm } from "../../src/web/forms.ts";
import { formatter } from "../../src/web/format.ts";
import { locales, translator } from "../../src/web/locale.ts";

const contact = (number: number) => ({
  number,
  // 22:30 in New York, across the end of summer time on 1 November 2026.
  happenedAt: Date.parse("2026-10-31T02:30:00Z") + number * 86_400_000 + (number > 1 ? 3_600_000 : 0),
  precision: "exact" as const,
  channel: "call",
  contacted: "self",
  said: null,
});
const material: Material = {
  lender: "Example Card Bank",
  platform: null,
  pastDueOn: "2026-06-15",
  contacts: { count: 40, first: contact(0).happenedAt, last: contact(39).happenedAt },
  rules: [
    {
      title: "No call before 8 or after 9",
      cite: "12 CFR 1006.6(b)",
      contacts: Array.from({ length: 40 }, (_, n) => contact(n)),
    },
  ],
  others: [{ ...contact(41), contacted: "family", said: "  We will\n come " + "🚪".repeat(200) }],
  notices: [{ number: 2, kind: "cease-contact", at: Date.parse("2026-11-03T15:00:00Z") }],
  earlier: [
    {
      number: 1,
      office: "The collector itself",
      filedOn: "2026-11-03",
      receipt: "R-7",
      answeredOn: null,
      due: "2026-11-20",
    },
  ],
};
const words = (locale: (typeof locales)[number]) => ({
  t: translator(locale),
  format: formatter(locale, "America/New_York"),
});

describe.each(locales)("in %s", (locale) => {
  test("every sentence rests on something, and says the local time of the case on both sides of a clock change", () => {
    const { sentences, left } = tell(material, words(locale), null);
    expect(left).toEqual([]);
    expect(sentences.filter(({ sources }) => sources.length === 0)).toEqual([]);
    const rule = sentences.find(({ text }) => text.includes("12 CFR"))!;
    expect(rule.sources.map(({ number }) => number)).toEqual(material.rules[0]!.contacts.map(({ number }) => number));
    expect(rule.text.match(/22:30/g)).toHaveLength(40);
    expect(rule.text).toContain(locale === "en" ? "appear to match" : "疑似触及");
    // No word judges, in no language.
    expect(textOf(sentences)).not.toMatch(/illegal|unlawful|outrageous|constant|违法|恶劣|疯狂|频繁/);
    expect(textOf(sentences)).not.toContain("{{");
  });

  test.each([3900, 1000, 300, 90, 1])(
    "fits into %i characters, counted as characters, and says what was left out",
    (longest) => {
      const { sentences, left } = tell(material, words(locale), longest);
      expect(lengthOf(textOf(sentences))).toBeLessThanOrEqual(longest);
      const rule = [...sentences, ...left].find(({ text }) => text.includes("12 CFR"))!;
      // However short, the number told is the number of contacts it rests on.
      expect(rule.text).toContain("40");
      expect(rule.sources).toHaveLength(40);
      if (longest < 50) expect(left.length).toBeGreaterThan(0);
    },
  );

  test("a changed sentence is no longer one of ours", () => {
    const { sentences } = tell(material, words(locale), null);
    const text = textOf(sentences).replace("Example Card Bank", "Another Bank");
    const lines = checkLines(text, sentences);
    expect(lines[0]!.sentence).toBe(null);
    expect(lines.slice(1).every(({ sentence }) => sentence !== null)).toBe(true);
  });
});

test("a long quotation is cut visibly, never inside a sign", () => {
  const said = tell(material, words("en"), null).sentences.find(({ text }) => text.includes("We will come"))!;
  expect(said.text).toMatch(/🚪…”$/u);
  expect(said.text.isWellFormed()).toBe(true);
});

describe("private data in the words", () => {
  const known = {
    accounts: ["HT-20250311-0042", "6222 0200 1234"],
    collectorNumbers: ["+861050000000", "13900000000"],
    otherNumbers: ["+86 137 0000 1111"],
    otherNames: ["王小明", "Ann Lee"],
  };
  test.each([
    ["身份证 11010519491231002X。", "identity-number", "11010519491231002X"],
    ["身份证１１０１０５１９４９１２３１００２Ｘ", "identity-number", "11010519491231002X"],
    ["my SSN is 123-45-6789.", "identity-number", "123-45-6789"],
    ["card 4111 1111 1111 1111", "account-number", "4111 1111 1111 1111"],
    ["合同 HT-20250311-0042", "account-number", "HT-20250311-0042"],
    ["account 622202001234", "account-number", "622202001234"],
    ["打给我母亲 13700001111", "phone-number", "13700001111"],
    ["打给 13812345678", "phone-number", "13812345678"],
    ["他们又找王小明", "third-party-name", "王小明"],
    ["they called ann lee at work", "third-party-name", "Ann Lee"],
  ])("%s", (text, kind, found) => {
    expect(findPrivate(text, known)).toEqual([{ kind, text: found }]);
  });
  test.each([
    // One digit wrong, no such day, numbers nobody gives, the collector's own number, dates, amounts, parts of words.
    "110105194912310021",
    "11010519490231002X",
    "000-12-3456 and 900-12-3456",
    "13900000000 和 010-5000 0000",
    "On 2026-11-02 and 20261102",
    "4,826.50 yuan, 12 CFR 1006.14(b)(2)(i)",
    "Joann Leeds",
  ])("nothing in: %s", (text) => {
    expect(findPrivate(text, known)).toEqual([]);
  });
});

describe("the count while one writes", () => {
  // The script finds no form here; only its counting is asked for.
  const page = { querySelectorAll: () => [] };
  const counted = async (text: string): Promise<number> => {
    Object.assign(globalThis, { document: page });
    const script = (await import(String(new URL("../../public/enhance-count.js", import.meta.url)))) as {
      lengthOf(text: string): number;
    };
    return script.lengthOf(text);
  };

  test.each([
    ["", 0],
    ["催收👩‍👧 🚪", 7],
    ["one\r\ntwo\n\n three", 15],
    ["  \u3000\uFEFFspace around\u00a0\r\n", 12],
    ["a  b\tc", 6],
    ["\u{20BB7}野屋e\u0301", 5],
  ])("%j has %i characters", async (text, length) => {
    expect(lengthOf(text)).toBe(length);
    expect(await counted(text)).toBe(length);
  });

  test("is the count of the server, for any text, and what the server keeps has as many", async () => {
    const text = fc.array(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("\r\n", "\n", " ", "\u3000", "😀", "\ud83d", "\ude00", "\0", "催收"),
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, async (parts) => {
        const typed = parts.join("");
        expect(await counted(typed)).toBe(lengthOf(typed));
        const form = parseForm(DraftForm, { version: "1", narrative: typed });
        expect(lengthOf((form.ok ? form.value.narrative : null) ?? "")).toBe(lengthOf(typed));
      }),
    );
  });
});
