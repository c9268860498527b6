import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise } from "../../src/conduct/normalise.ts";
import { makeScan } from "../../src/conduct/scan.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom("上", "門", "a", "B", "call", " ", ".", "，", "。", "\n", "\u200b", "😀", "\ud83d", "𝐚", "'"),
  }),
);
const phrases = ["上门", "门", "门上门", "a", "call a", "加a", "a b", "门 b", "𠀀"].map(normalise);

let ended: [phrase: number, offset: number][] = [];
// One for all texts: what it remembers of one must not matter to the next.
const scan = makeScan(phrases, (phrase, position) => {
  const closesWord = phrases[phrase]!.at(-1) === 0x20;
  ended.push([phrase, scan.offsetOf(closesWord ? position - 1 : position)]);
});

/** Which phrases end in a text, and the offset of the last letter of each, by a scan. */
function scanned(text: string): [phrase: number, offset: number][] {
  ended = [];
  scan.start();
  scan.run(text);
  return ended;
}

/** The same, by looking for each phrase at each unit of the text. */
function searched(text: string): number[] {
  const units = normalise(text);
  const found: number[] = [];
  for (let last = 0; last < units.length; last++)
    phrases
      .map((phrase, number) => ({ phrase, number }))
      .toSorted((a, b) => b.phrase.length - a.phrase.length)
      .forEach(({ phrase, number }) => {
        const from = last - phrase.length + 1;
        if (from >= 0 && phrase.every((unit, i) => units[from + i] === unit)) found.push(number);
      });
  return found;
}

describe("going through any text once", () => {
  it("finds the phrases that stand in its units, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(scanned(text).map(([phrase]) => phrase)).toEqual(searched(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("names the characters they were made from", () => {
    expect(scanned("天 上.門，Call Ａ!")).toEqual([
      [0, 4],
      [1, 4],
      [4, 11],
      [3, 11],
    ]);
    fc.assert(
      fc.property(anyText, (text) => {
        let before = 0;
        for (const [phrase, offset] of scanned(text)) {
          expect(offset).toBeGreaterThanOrEqual(before);
          before = offset;
          const last = String.fromCodePoint(text.codePointAt(offset)!);
          expect(phrases[phrase]).toContain(normalise(last).find((unit) => unit !== 0x20));
        }
      }),
    );
  });
});
