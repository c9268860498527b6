/** The conditions of a rule with their answers, as a page prints them: what is asked, whether it holds, and the fact that says so. */
import type { CodeLibrary } from "../codes/library.ts";
import { explainCondition } from "../codes/explain-condition.ts";
import type { Reader } from "../codes/pages.ts";
import type { ConditionAnswer } from "../conduct/condition-answers.ts";
import { NO, PERSON, UNKNOWN, type Value, YES } from "../conduct/value.ts";
import type { RuleAnswer } from "../conduct/why-not.ts";
import { withWordsFolded } from "./folded-words.ts";

type Mark = "yes" | "no" | "unknown" | "person";

export interface ConditionLine {
  mark: Mark;
  /** What the rule asks. */
  asks: string;
  /** More of what it asks, such as the acts it names. */
  details: string[];
  /** What the records say; null for a heading over its parts. */
  says: string | null;
  parts: ConditionLine[];
}

const markOf: Record<Value, Mark> = { [YES]: "yes", [NO]: "no", [UNKNOWN]: "unknown", [PERSON]: "person" };

/** What must hold, line by line; empty for a rule whose conditions were not asked. */
export function conditionLines(answer: ConditionAnswer | null, codes: CodeLibrary, reader: Reader): ConditionLine[] {
  if (answer === null) return [];
  // What must all hold needs no heading of its own.
  if (answer.kind === "all") return answer.parts.flatMap((part) => conditionLines(part, codes, reader));
  return [lineOf(answer, codes, reader)];
}

/** The exceptions of a rule: each with whether it lifts the rule. */
export const exceptionLines = ({ exceptions }: RuleAnswer, codes: CodeLibrary, reader: Reader): ConditionLine[] =>
  exceptions.map(({ title, lifts, conditions }) => ({
    mark: markOf[lifts],
    asks: title[reader.locale],
    details: [],
    says: null,
    parts: conditionLines(conditions, codes, reader),
  }));

function lineOf(answer: ConditionAnswer, codes: CodeLibrary, reader: Reader): ConditionLine {
  const { locale, t } = reader;
  const mark = markOf[answer.value];
  if (answer.kind !== "fact") {
    const parts = answer.parts.map((part) => lineOf(part, codes, reader));
    return { mark, asks: t(`explain.join.${answer.kind}`), details: [], says: null, parts };
  }
  const [told] = explainCondition(answer.asks, locale, codes.actLabel);
  const details = (told?.items ?? []).flatMap(({ text, items }) =>
    items.length === 0 ? [text] : [text, ...items.map((item) => item.text)],
  );
  return { mark, asks: told?.text ?? "", details, says: withWordsFolded(answer.says[locale]), parts: [] };
}
