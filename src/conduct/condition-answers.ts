/**
 * The conditions of a rule with their answers for one incident: a tree that says of each single thing a code asks whether it holds, and
 * the fact that decides it. Made only for people who ask; judging itself never builds it. Next: why-not.ts, which finds the deciding one.
 */
import type { Check } from "./check.ts";
import type { Condition } from "./code.ts";
import type { Facts } from "./facts.ts";
import type { Surroundings } from "./surroundings.ts";
import { Tale } from "./tale.ts";
import { NO, type Value, YES, not } from "./value.ts";
import type { Act, Bilingual } from "./vocabulary.ts";

/** `value` is that of the whole; under `none` the parts have their own, so one that is YES is what refuses. */
export type ConditionAnswer = FactAnswer | JoinedAnswer;

export interface FactAnswer {
  readonly kind: "fact";
  readonly value: Value;
  /** One key, as a code writes it; with `not` in front where the rule asks for the opposite. */
  readonly asks: Condition;
  /** What the records say of it. */
  readonly says: Bilingual;
  /** Contract names of the missing facts. */
  readonly missing: readonly string[];
  /** Ids of the incidents it counted. */
  readonly counted: readonly string[];
}

interface JoinedAnswer {
  readonly kind: "all" | "any" | "none";
  readonly value: Value;
  readonly parts: readonly ConditionAnswer[];
}

export type LabelOfAct = (act: Act) => Bilingual;

/** The answers of a check and of everything it is made of. */
export function answersOf(check: Check, facts: Facts, around: Surroundings, labelOfAct: LabelOfAct): ConditionAnswer {
  const { form } = check;
  const value = check.judge(facts, around);
  if (form === undefined) throw new TypeError("every condition of a code says what it asks");
  if ("asks" in form) {
    const tale = new Tale(labelOfAct);
    check.tell(facts, around, tale);
    const counted = tale.counted.map(({ id }) => id);
    return { kind: "fact", value, asks: form.asks, says: tale.because, missing: tale.missing, counted };
  }
  const parts = form.parts.map((part) => answersOf(part, facts, around, labelOfAct));
  const [only] = parts;
  if (form.join === "none" && only?.kind === "fact") return { ...only, value, asks: opposite(only.asks) };
  if (form.join === "none" && only?.kind === "any") return { kind: "none", value, parts: only.parts };
  return { kind: form.join, value, parts };
}

const opposite = (asks: Condition): Condition => (asks.not === undefined ? { not: asks } : asks.not);

/** The key that a single answer is about. */
export function keyOf({ asks }: FactAnswer): ConditionKey {
  return Object.keys(asks.not ?? asks)[0] as ConditionKey;
}
export type ConditionKey = Exclude<keyof Condition, "all" | "any" | "not">;

/** Every single answer of a tree, in the order of the code. */
export function factsIn(answer: ConditionAnswer): FactAnswer[] {
  return answer.kind === "fact" ? [answer] : answer.parts.flatMap(factsIn);
}

/**
 * The single answer that makes a tree "no" (or, with YES, "yes"): the first that refuses; of several ways that all fail, the one that
 * came nearest. Undefined only for a tree whose answer is another one.
 */
export function decider(answer: ConditionAnswer, wanted: typeof NO | typeof YES = NO): FactAnswer | undefined {
  if (answer.value !== wanted) return undefined;
  if (answer.kind === "fact") return answer;
  const { kind, parts } = answer;
  if (kind === "none") {
    const [part] = parts;
    // None of several: the first that holds refuses. None of a group: what makes the group hold, or fail.
    const refusing = wanted === NO ? parts.find(({ value }) => value === YES) : part;
    return refusing && decider(refusing, wanted === NO ? YES : NO);
  }
  const settling = parts.filter(({ value }) => value === wanted);
  const isOneEnough = (kind === "all") === (wanted === NO);
  const chosen = isOneEnough ? settling[0] : nearest(settling, wanted);
  return chosen && decider(chosen, wanted);
}

/** Of several parts the one with most single answers on the other side. */
function nearest(parts: readonly ConditionAnswer[], wanted: Value): ConditionAnswer | undefined {
  const other = not(wanted);
  const score = (part: ConditionAnswer) => factsIn(part).filter(({ value }) => value === other).length;
  return parts.reduce<ConditionAnswer | undefined>(
    (best, part) => (best === undefined || score(part) > score(best) ? part : best),
    undefined,
  );
}
