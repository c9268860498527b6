/**
 * Turns an answer into a finding: goes through the rule's conditions a second time, letting each say why it judged so.
 * Only incidents that have something to explain get here. Next: classify.ts.
 */
import { whyNot } from "./against.ts";
import type { Surroundings } from "./surroundings.ts";
import { type CompiledRule, binds, bindsCase, inForce } from "./compile.ts";
import { keyOf } from "./condition-answers.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { judgedOn, monthWords, say } from "./sentences.ts";
import { Tale } from "./tale.ts";
import { NO, PERSON, UNKNOWN, type Value, YES } from "./value.ts";
import type { Act, Bilingual } from "./vocabulary.ts";

export const outcomeOf = {
  [YES]: "matches",
  [PERSON]: "needs-review",
  [UNKNOWN]: "cannot-tell",
  [NO]: "no-match",
} as const;

export interface Explaining {
  readonly named: { id: string; version: string };
  readonly labelOfAct: (act: Act) => Bilingual;
}

export function explain(
  compiled: CompiledRule,
  value: Value,
  facts: Facts,
  around: Surroundings,
  how: Explaining,
): Finding {
  const { rule, source } = compiled;
  const tale = new Tale(how.labelOfAct);
  if (value === UNKNOWN) tellWhetherItApplies(compiled, facts, around, tale);
  compiled.conditions.tell(facts, around, tale);
  const finding: Finding = {
    rule: rule.id,
    code: how.named,
    outcome: outcomeOf[value],
    basis: tale.worded ? "wording" : tale.reported ? "reported" : "record",
    incident: facts.id,
    counted: tale.counted.map((member) => member.id),
    at: judgedOn(facts),
    missing: value === UNKNOWN ? tale.missing : [],
    quotes: tale.quotes.map(({ facts: from, words }) => ({
      incident: from.id,
      field: words.field,
      start: words.start,
      end: words.end,
      text: words.text,
    })),
    because: tale.because,
    source: rule.source,
    clause: rule.clause,
    strength: rule.strength ?? source.strength,
    obligation: rule.obligation,
    severity: rule.severity,
  };
  if (value === NO) finding.why = refusal(compiled, facts, around, how);
  return finding;
}

function refusal(
  compiled: CompiledRule,
  facts: Facts,
  around: Surroundings,
  { labelOfAct }: Explaining,
): Finding["why"] {
  const { reason, fact } = whyNot(compiled, facts, around, labelOfAct);
  return fact === null ? { reason } : { reason, condition: keyOf(fact) };
}

/** What is not known of whether the rule applies at all: its dates, or whom it binds. */
function tellWhetherItApplies(rule: CompiledRule, facts: Facts, around: Surroundings, tale: Tale): void {
  if (inForce(rule, facts) === UNKNOWN) {
    const month = monthWords(facts.day);
    tale.miss("date");
    tale.tell(
      say(
        `The rule was in force for only part of ${month.en}, and the day is not known.`,
        `该规则仅在${month["zh-CN"]}的部分日期有效，而具体日期不明。`,
      ),
    );
  }
  if (bindsCase(rule, around) === UNKNOWN) {
    if (binds(rule.lenderKinds, around.lenderKind) === UNKNOWN) {
      tale.miss("case.lenderKind");
      tale.tell(
        say(
          "The rule binds only some kinds of lender, and it is not known what kind this one is.",
          "该规则只约束部分类型的贷款机构，而本案贷款机构的类型不明。",
        ),
      );
    }
    if (binds(rule.respondentKinds, around.respondentKind) === UNKNOWN) {
      tale.miss("case.respondentKind");
      tale.tell(
        say(
          "The rule binds only some kinds of collector, and it is not known whether this is a debt collector or the original creditor.",
          "该规则只约束部分主体，而不知道对方是债务催收人还是原始债权人。",
        ),
      );
    }
  }
}
