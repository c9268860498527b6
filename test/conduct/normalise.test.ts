import { describe, expect, it } from "vitest";
import { traditionalPairs as fromOpenCC } from "../../data/make-traditional.ts";
import { normalise } from "../../src/conduct/normalise.ts";
import { traditionalPairs } from "../../src/conduct/traditional.ts";

describe("spellings that are made equal", () => {
  it.each([
    ["full width", "ＳＨＥＲＩＦＦ １１０", "sheriff 110"],
    ["case", "You Will Be ARRESTED", "you will be arrested"],
    ["accents", "Déjà çà naïve", "deja ca naive"],
    ["letters of other alphabets", "рау uр nоw", "pay up now"],
    ["mathematical letters", "𝐤𝐢𝐥𝐥 𝓎ℴ𝓊", "kill you"],
    ["apostrophes", "don’t can't won`t", "dont cant wont"],
    ["runs of spaces", "call   your \t boss", "call your boss"],
    ["a broken line", "call your\nboss", "call your boss"],
    ["traditional characters", "說要殺了妳", "说要杀了你"],
    ["compatibility and radicals", "⼈ 金", "人金"],
    ["dots between characters", "上.门", "上门"],
    ["stars between characters", "杀 * 你", "杀你"],
    ["bars, stars, faces between characters", "上|门★找😡你", "上门找你"],
    ["zero-width characters", "上\u200b门\ufeff找\u2060你", "上门找你"],
    ["spaces between tokens", "明天 上 门 催 收", "明天上门催收"],
    ["a broken Chinese line", "明天上\n门催收", "明天上门催收"],
    ["quotation marks", "你这个“老赖”", "你这个老赖"],
    ["symbols in Latin words part them", "e-mail f*ck", "e mail f ck"],
  ])("%s", (_name, written, plain) => {
    expect(normalise(written)).toEqual(normalise(plain));
  });

  it.each([
    ["a comma between characters", "上，门", "上门"],
    ["the end of a sentence", "我在楼上。门开着", "我在楼上门开着"],
    ["a dot and a space", "at work. Harassed", "at work harassed"],
    ["an empty line", "上\n\n门", "上门"],
    ["two Latin words", "call me", "callme"],
    ["an ellipsis", "操…你太扯了", "操你太扯了"],
  ])("%s is not made equal", (_name, one, other) => {
    expect(normalise(one)).not.toEqual(normalise(other));
  });

  it("traditional characters are those of OpenCC", () => {
    expect(traditionalPairs).toBe(fromOpenCC());
  });
});
