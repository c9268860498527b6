/** Conditions on what a collector did or said: acts, ticked or found in the words, and what was disclosed. Next: simple-conditions.ts. */
import { type Check, leaf } from "./check.ts";
import { type Facts, actSet, bitOf } from "./facts.ts";
import { disclosureLabels } from "./labels.ts";
import { listed, say } from "./sentences.ts";
import { NO, PERSON, UNKNOWN, type Value, YES } from "./value.ts";
import { type Act, disclosures } from "./vocabulary.ts";

export function anyAct(list: readonly Act[]): Check {
  const { low, high } = actSet(list);
  const ticked = (facts: Facts) => (facts.tickedLow & low) !== 0 || (facts.tickedHigh & high) !== 0;
  const spoken = (facts: Facts) => (facts.spokenLow & low) !== 0 || (facts.spokenHigh & high) !== 0;
  return leaf({
    judge: (facts): Value => (ticked(facts) ? YES : spoken(facts) ? PERSON : NO),
    tell(facts, _around, tale) {
      const words = facts.spoken.filter((found) => list.includes(found.act));
      for (const found of words) tale.quotes.push({ facts, words: found });
      if (ticked(facts)) {
        const acts = facts.incident.acts!.filter((act) => list.includes(act));
        const names = listed([...new Set(acts)].map(tale.labelOfAct), "and");
        tale.reported = true;
        tale.tell(say(`The borrower reports: ${names.en}.`, `借款人反映：${names["zh-CN"]}。`));
      } else if (words.length > 0) {
        const names = listed([...new Set(words.map((found) => found.act))].map(tale.labelOfAct), "or");
        const quoted = [...new Set(words.map((found) => found.text))].slice(0, 3);
        tale.worded = true;
        tale.tell(
          say(
            `The words ${quoted.map((text) => `“${text}”`).join(", ")} suggest: ${names.en}. A person must read them.`,
            `“${quoted.join("”、“")}”等字句提示可能存在：${names["zh-CN"]}，需由人判断。`,
          ),
        );
      } else {
        tale.tell(say("None of the acts the rule names is reported.", "没有反映该规则所列的行为。"));
      }
    },
    remaining: (kind) => (kind.hasActs ? undefined : NO),
  });
}

export function allDisclosed(list: readonly (typeof disclosures)[number][]): Check {
  let set = 0;
  for (const what of list) set |= bitOf(disclosures, what);
  const judge = (facts: Facts): Value => (facts.disclosed < 0 ? UNKNOWN : (facts.disclosed & set) === set ? YES : NO);
  return leaf({
    judge,
    tell(facts, _around, tale) {
      if (facts.disclosed < 0) {
        const names = listed(
          list.map((what) => disclosureLabels[what]),
          "and",
        );
        tale.miss("disclosed");
        return tale.tell(
          say(`It is not known whether this was told: ${names.en}.`, `不知道是否说明了：${names["zh-CN"]}。`),
        );
      }
      tale.reported = true;
      const told = judge(facts) === YES;
      const named = told ? list : list.filter((what) => (facts.disclosed & bitOf(disclosures, what)) === 0);
      const names = listed(
        named.map((what) => disclosureLabels[what]),
        "and",
      );
      tale.tell(
        told
          ? say(`This was told: ${names.en}.`, `已说明：${names["zh-CN"]}。`)
          : say(`This was not told: ${names.en}.`, `未说明：${names["zh-CN"]}。`),
      );
    },
  });
}
