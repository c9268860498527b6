/**
 * What every rule of the codes makes of one incident, those that say nothing included: the outcome, the answers of its conditions, and
 * for a rule that does not match the first thing that stands against it. One judgement of the incident in its window. Pure.
 * Next: what-if.ts, what would make it different.
 */
import type { CaseContext } from "./case.ts";
import { Courtroom, type Judge } from "./classify.ts";
import type { Code, Rule } from "./code.ts";
import { type Against, whyNot } from "./against.ts";
import { type CompiledRule, type Exception, binds, bindsCase, inForce } from "./compile.ts";
import { type ConditionAnswer, type FactAnswer, type LabelOfAct, answersOf, factsIn } from "./condition-answers.ts";
import { outcomeOf } from "./explain.ts";
import { type Facts, inTimeOrder } from "./facts.ts";
import type { Finding, Reason } from "./finding.ts";
import type { Incident } from "./incident.ts";
import type { Surroundings } from "./surroundings.ts";
import { NO, UNKNOWN, type Value, least } from "./value.ts";
import type { Bilingual } from "./vocabulary.ts";

export interface RuleAnswer {
  readonly code: Code;
  readonly rule: Rule;
  readonly outcome: Finding["outcome"];
  /** Null where the rule matches, needs a person or cannot tell. */
  readonly against: Against | null;
  /** The answers of its conditions; null for a rule whose conditions were not asked (off, not in force, binds others). */
  readonly conditions: ConditionAnswer | null;
  readonly exceptions: readonly ExceptionAnswer[];
}

interface ExceptionAnswer {
  readonly title: Bilingual;
  /** Does it lift the rule? What is not known of an exception does not. */
  readonly lifts: Value;
  readonly conditions: ConditionAnswer;
}

/** @returns the rules in the order of the codes, switched-off ones too; empty when there is no such incident. */
export function answersForIncident(
  judge: Judge,
  context: CaseContext,
  incidents: readonly Incident[],
  id: string,
): RuleAnswer[] {
  const room = new Courtroom(judge, context);
  if (room.benches.length === 0) return [];
  const read = incidents.map((incident) => room.read(incident)).sort((a, b) => inTimeOrder(a[0]!, b[0]!));
  const at = read.findIndex((facts) => facts[0]!.id === id);
  if (at === -1) return [];
  return judge.panels.flatMap(({ codes }, index) => {
    const bench = room.benches[index]!;
    const clock = room.clocks[index]!;
    for (const reading of read.slice(0, at + 1)) bench.note(reading[clock]!);
    const facts = read[at]![clock]!;
    return codes.flatMap(({ compiled: { code, rules }, labelOfAct }) => {
      const ready = new Map(rules.map((rule) => [rule.rule.id, rule]));
      return code.rules.map((rule) => {
        const one = ready.get(rule.id);
        return one === undefined ? silent(code, rule, "off") : answerOf(code, one, facts, bench.around, labelOfAct);
      });
    });
  });
}

const silent = (code: Code, rule: Rule, reason: Reason): RuleAnswer => ({
  code,
  rule,
  outcome: "no-match",
  against: { reason, fact: null },
  conditions: null,
  exceptions: [],
});

function answerOf(
  code: Code,
  compiled: CompiledRule,
  facts: Facts,
  around: Surroundings,
  labelOfAct: LabelOfAct,
): RuleAnswer {
  const { rule } = compiled;
  if (inForce(compiled, facts) === NO) return silent(code, rule, "not-in-force");
  if (binds(compiled.lenderKinds, around.lenderKind) === NO) return silent(code, rule, "lender");
  if (binds(compiled.respondentKinds, around.respondentKind) === NO) return silent(code, rule, "collector");
  const applies = least(inForce(compiled, facts), bindsCase(compiled, around));
  const conditions = conditionsOf(compiled, facts, around, labelOfAct);
  const exceptions = compiled.exceptions.map((one) => exceptionOf(one, facts, around, labelOfAct));
  const value = least(applies, compiled.conditions.judge(facts, around));
  const against = value === NO ? whyNot(compiled, facts, around, labelOfAct) : null;
  return { code, rule, outcome: outcomeOf[value], against, conditions, exceptions };
}

function conditionsOf({ addressee, when }: CompiledRule, facts: Facts, around: Surroundings, labelOfAct: LabelOfAct) {
  const main = answersOf(when, facts, around, labelOfAct);
  if (addressee === undefined) return main;
  const first = answersOf(addressee, facts, around, labelOfAct);
  return { kind: "all" as const, value: least(first.value, main.value), parts: [first, main] };
}

function exceptionOf({ title, check }: Exception, facts: Facts, around: Surroundings, labelOfAct: LabelOfAct) {
  const conditions = answersOf(check, facts, around, labelOfAct);
  return { title, lifts: conditions.value === UNKNOWN ? NO : conditions.value, conditions };
}

/** The single answers that a finding rests on, its exceptions included. */
export const factsOf = ({ conditions, exceptions }: RuleAnswer): FactAnswer[] =>
  [...(conditions === null ? [] : [conditions]), ...exceptions.map((one) => one.conditions)].flatMap(factsIn);
