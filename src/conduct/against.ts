/**
 * What stands against a rule that applies to an incident and does not match: the first condition that refuses, or the exception that
 * lifts it. Next: explain.ts puts it into a finding, why-not.ts into a page.
 */
import type { CompiledRule } from "./compile.ts";
import { type ConditionKey, type FactAnswer, type LabelOfAct, answersOf, decider, keyOf } from "./condition-answers.ts";
import type { Facts } from "./facts.ts";
import type { Reason } from "./finding.ts";
import type { Surroundings } from "./surroundings.ts";
import { NO, YES } from "./value.ts";

/** The first thing that stands against a rule, and the answer that shows it. */
export interface Against {
  readonly reason: Reason;
  readonly fact: FactAnswer | null;
}

/** What stands against a rule that applies and does not match. */
export function whyNot(
  { addressee, when, exceptions }: CompiledRule,
  facts: Facts,
  around: Surroundings,
  labelOfAct: LabelOfAct,
): Against {
  for (const check of addressee === undefined ? [when] : [addressee, when]) {
    if (check.judge(facts, around) !== NO) continue;
    const fact = decider(answersOf(check, facts, around, labelOfAct));
    return { reason: fact === undefined ? "other" : reasonOf[keyOf(fact)], fact: fact ?? null };
  }
  const lifting = exceptions.find(({ check }) => check.judge(facts, around) === YES);
  const answer = lifting && answersOf(lifting.check, facts, around, labelOfAct);
  return { reason: "exception", fact: (answer && decider(answer, YES)) ?? null };
}

/** Complete over the vocabulary: a new condition does not compile until it has a reason. */
const reasonOf: Record<ConditionKey, Reason> = {
  direction: "direction",
  channel: "channel",
  contacted: "person",
  place: "person",
  outcome: "outcome",
  purpose: "purpose",
  automated: "other",
  collectorKind: "collector",
  localTime: "time",
  weekday: "time",
  publicHoliday: "time",
  acts: "acts",
  disclosed: "told",
  visitors: "other",
  lenderKind: "lender",
  respondentKind: "collector",
  daysPastDue: "case",
  reachable: "case",
  debtLawful: "case",
  employerForbids: "case",
  person: "other",
  count: "count",
  coolDown: "earlier-contact",
  firstContact: "earlier-contact",
  afterNotice: "notice",
  agreed: "notice",
};
