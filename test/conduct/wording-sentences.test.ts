/**
 * Holds the wording against sets of sentences: those it was tuned on, those kept apart while it was, and rounds written later, each
 * before the wording was grown by it. The last round, "unheard", never was: it tells what phrasing costs that nobody thought of.
 * They are small files that anyone can add to. Every set says what ought to be suggested and what ought not; the shares below are what
 * was reached, to be raised, not lowered.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { acts } from "../../src/conduct/vocabulary.ts";
import { wording } from "./shipped-aids.ts";

/** What went wrong in a set: sentences that lack their act, and those with one that they ought not to have. */
function held(name: string) {
  const text = readFileSync(new URL(`sentences/${name}.txt`, import.meta.url), "utf8");
  const missed: string[] = [];
  const wrong: string[] = [];
  const sections = new Set<string>();
  let [act, positive, negative] = ["", 0, 0];
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("# "))) {
    if (line.startsWith("## ")) {
      sections.add(line.slice(3));
      act = line.split(" ")[1]!;
      continue;
    }
    const { acts: hits, hints } = wording.read(line.replace(/^[+-] /, ""));
    const found: string[] = [...hits.map((hit) => hit.act), ...hints.map(({ hint }) => `hint:${hint}`)];
    if (act === "nothing" || line.startsWith("- ")) {
      negative++;
      if (act === "nothing" ? found.length > 0 : found.includes(act)) wrong.push(`${act}: ${line}`);
    } else {
      positive++;
      if (!found.includes(act)) missed.push(`${act}: ${line}`);
    }
  }
  return { missed, wrong, positive, negative, sections };
}

describe.each([
  { name: "tuned", recall: 0.98, quiet: 0.97 },
  { name: "kept", recall: 0.85, quiet: 0.9 },
  { name: "fresh", recall: 0.9, quiet: 0.85 },
  { name: "round-1", recall: 0.86, quiet: 0.94 },
  { name: "round-2", recall: 0.83, quiet: 0.96 },
  { name: "round-3", recall: 0.93, quiet: 0.94 },
  { name: "round-4", recall: 0.97, quiet: 0.98 },
  { name: "round-5", recall: 0.97, quiet: 0.95 },
  { name: "round-6", recall: 0.97, quiet: 0.97 },
  { name: "round-7", recall: 0.93, quiet: 1 },
  { name: "unheard", recall: 0.83, quiet: 0.98 },
])("$name sentences", ({ name, recall, quiet }) => {
  const { missed, wrong, positive, negative, sections } = held(name);

  it.skipIf(!["tuned", "kept"].includes(name))("are there for every act in both languages", () => {
    expect([...sections].toSorted()).toEqual(
      [...acts, "nothing"].flatMap((act) => [`${act} en`, `${act} zh`]).toSorted(),
    );
  });

  it("suggest their act", () => {
    expect(1 - missed.length / positive, missed.join("\n")).toBeGreaterThanOrEqual(recall);
  });

  it("are silent where nothing of the kind is told: denied, asked, done by the borrower, between friends", () => {
    expect(1 - wrong.length / negative, wrong.join("\n")).toBeGreaterThanOrEqual(quiet);
  });
});

describe("what a telling hints at besides acts", () => {
  const hinted = (text: string) => [...new Set(wording.read(text).hints.map(({ hint }) => hint))];

  it.each([
    ["The collector calls me at 6 am about the loan.", "outside-hours"],
    ["They rang after 9 pm on a Sunday about my credit card debt.", "outside-hours"],
    ["催收半夜十二点打电话让我还款", "outside-hours"],
    ["催收大年三十早上六点就打来电话", "outside-hours"],
    ["I got a call at 3:15 from the collection agency.", "time-told"],
    ["晚上九点多催收给我打电话", "time-told"],
    ["They called me ten times a day about a debt.", "repeated-contact"],
    ["催收一天打我十几个电话", "repeated-contact"],
    ["I told the agency to stop calling me about this debt.", "asked-to-stop"],
    ["I sent a cease and desist letter and the debt collector ignored it.", "asked-to-stop"],
    ["我让他们不要再打电话，还是继续打", "asked-to-stop"],
    ["The collector contacted me although my attorney had written to them.", "represented"],
    ["我已经委托律师了，催收还直接找我，应联系我的律师", "represented"],
    ["They call me at work about the loan.", "at-work"],
    ["催收上班时间打单位座机找我还款", "at-work"],
    ["I disputed the debt in writing with the collection agency.", "disputed"],
    ["我对这笔欠款提出异议，要求核实", "disputed"],
    ["The collector called my mother about my debt.", "other-person-contacted"],
    ["催收联系了我妈", "other-person-contacted"],
  ])("%s", (text, hint) => expect(hinted(text)).toContain(hint));

  it.each([
    "Call me after 9 pm, I'll be home by then.",
    "Stop calling me silly haha",
    "I called my mother at 6 am to wish her happy birthday.",
    "半夜打电话给我吧，我睡不着",
    "学校催你交学费，周末记得带钱",
    "The loan payment is due on Friday.",
    "您的借款将于明日到期，请按时还款。",
  ])("nothing: %s", (text) => expect(hinted(text)).toEqual([]));
});
