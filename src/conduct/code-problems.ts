/**
 * What can be wrong in a code although its shape is right: dates that end before they begin, sources that are not there, rules switched
 * on that nobody checked, examples that are missing. Pure; the loader (codes/load.ts) adds file and line.
 */
import type { Code, Condition, Rule, Simple } from "./code.ts";
import { say } from "./sentences.ts";
import type { Bilingual } from "./vocabulary.ts";

export interface Problem {
  /** Keys and indexes that lead to the place in the code. */
  path: (string | number)[];
  why: Bilingual;
}

export function problemsOf(code: Code): Problem[] {
  const problems: Problem[] = [];
  for (const [id, source] of Object.entries(code.sources)) {
    if (source.to !== null && source.from > source.to)
      problems.push({ path: ["sources", id, "to"], why: endsBefore(source.to, source.from) });
    const { replacedBy } = source;
    if (replacedBy !== undefined && (replacedBy === id || !Object.hasOwn(code.sources, replacedBy)))
      problems.push({
        path: ["sources", id, "replacedBy"],
        why: say(`${replacedBy} is not another of the sources`, `${replacedBy} 不是另一个来源`),
      });
  }
  const first = new Map<string, number>();
  code.rules.forEach((rule, index) => {
    const at = (...path: (string | number)[]) => ["rules", index, ...path];
    const other = first.get(rule.id);
    if (other !== undefined)
      problems.push({
        path: at("id"),
        why: say(
          `${rule.id} is already the id of rule number ${other + 1}`,
          `${rule.id} 已经是第 ${other + 1} 条规则的编号`,
        ),
      });
    else first.set(rule.id, index);
    for (const { path, why } of problemsOfRule(rule, code)) problems.push({ path: at(...path), why });
  });
  return problems;
}

function problemsOfRule(rule: Rule, code: Code): Problem[] {
  const problems: Problem[] = [];
  const source = Object.hasOwn(code.sources, rule.source) ? code.sources[rule.source] : undefined;
  if (source === undefined) {
    const known = Object.keys(code.sources).join(", ");
    return [
      {
        path: ["source"],
        why: say(`${rule.source} is not one of the sources (${known})`, `${rule.source} 不在来源之列（${known}）`),
      },
    ];
  }
  const from = rule.from ?? source.from;
  const to = rule.to === undefined ? source.to : rule.to;
  if (to !== null && from > to) problems.push({ path: ["to"], why: endsBefore(to, from) });
  if (rule.on) {
    const checked = rule.checked ?? source.checked;
    if (checked === "weakly-reported" || checked === "unverified")
      problems.push({
        path: ["on"],
        why: say(
          `a rule whose text is ${checked} must be switched off (on: false)`,
          `原文核对程度为 ${checked} 的规则必须停用（on: false）`,
        ),
      });
    if (!rule.examples.some((example) => example.expect !== "no-match"))
      problems.push({
        path: ["examples"],
        why: say("needs at least one example that trips the rule", "至少要有一个会触及本规则的示例"),
      });
    if (!rule.examples.some((example) => example.expect === "no-match"))
      problems.push({
        path: ["examples"],
        why: say(
          "needs at least one example just outside the rule (expect: no-match)",
          "至少要有一个刚好不触及本规则的示例（expect: no-match）",
        ),
      });
  }
  for (const { condition, path } of conditionsIn(rule)) {
    if (condition.localTime && condition.localTime.from === condition.localTime.to)
      problems.push({ path: [...path, "localTime"], why: say("from and to are the same time", "起止时间相同") });
  }
  return problems;
}

const endsBefore = (to: string, from: string): Bilingual =>
  say(`ends on ${to}, before it begins on ${from}`, `止于 ${to}，早于开始之日 ${from}`);

type AnyCondition = Condition | Simple;

function* conditionsIn(rule: Rule): Generator<{ condition: Condition; path: (string | number)[] }> {
  yield* within(rule.when, ["when"]);
  for (const [index, exception] of rule.unless.entries()) yield* within(exception.when, ["unless", index, "when"]);
}

function* within(
  condition: AnyCondition,
  path: (string | number)[],
): Generator<{ condition: Condition; path: (string | number)[] }> {
  yield { condition, path };
  for (const key of ["all", "any"] as const)
    for (const [index, part] of (condition[key] ?? []).entries()) yield* within(part, [...path, key, index]);
  if (condition.not) yield* within(condition.not, [...path, "not"]);
  if ("count" in condition && condition.count?.where) yield* within(condition.count.where, [...path, "count", "where"]);
  if ("coolDown" in condition && condition.coolDown)
    yield* within(condition.coolDown.after, [...path, "coolDown", "after"]);
}
