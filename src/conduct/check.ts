/**
 * A condition made ready to run: it judges an incident in its surroundings, and can say why it judged so. This file holds
 * the shape and the ways to join checks; simple-conditions.ts and context-conditions.ts make them from the words of a code.
 */
import type { Condition } from "./code.ts";
import type { Facts } from "./facts.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Tale } from "./tale.ts";
import { NO, UNKNOWN, type Value, YES, greatest, least, not } from "./value.ts";

export interface Check {
  readonly judge: (facts: Facts, around: Surroundings) => Value;
  /** Say why it judges as it does, whatever the answer, and what is missing when the answer is not known. */
  tell(facts: Facts, around: Surroundings, tale: Tale): void;
  /**
   * What is left to judge for every incident of the same kind, that is of the same channel, direction, person contacted, purpose,
   * outcome, and with or without acts: often nothing but an answer. dispatch.ts asks once for each kind.
   */
  remaining(kind: Facts): Check | Value;
  /** What it is made of; absent for what no code asks by itself. */
  readonly form?: CheckForm;
}

/** One thing that a code asks, or several checks and how they are joined. */
type CheckForm =
  { readonly asks: Condition } | { readonly join: "all" | "any" | "none"; readonly parts: readonly Check[] };

/** The check of one key of a condition, which then says what it asks. */
export function asking(asks: Condition, check: Check): Check {
  return { ...check, form: { asks } };
}

/** A check of its own. `byKind`: it looks at nothing but the kind of incident. */
export function leaf(
  how: Pick<Check, "judge" | "tell"> & { byKind?: boolean; remaining?: (kind: Facts) => Value | undefined },
): Check {
  const check: Check = {
    judge: how.judge,
    tell: how.tell,
    remaining(kind) {
      if (how.byKind) return how.judge(kind, NOWHERE);
      return how.remaining?.(kind) ?? check;
    },
  };
  return check;
}

/** A check by kind never looks round. */
const NOWHERE = Object.freeze({}) as Surroundings;

export const always: Check = leaf({ judge: () => YES, tell() {} });

export function allOf(checks: readonly Check[]): Check {
  if (checks.length === 1) return checks[0]!;
  const judges = checks.map((check) => check.judge);
  return {
    form: { join: "all", parts: checks },
    judge(facts, around) {
      let value: Value = YES;
      for (let i = 0; i < judges.length; i++) {
        const next = judges[i]!(facts, around);
        if (next === NO) return NO;
        if (next < value) value = next;
      }
      return value;
    },
    tell(facts, around, tale) {
      const refusing = checks.find((check) => check.judge(facts, around) === NO);
      if (refusing === undefined) for (const check of checks) check.tell(facts, around, tale);
      else refusing.tell(facts, around, tale);
    },
    remaining(kind) {
      const { open, settled } = whittled(checks, kind);
      const value = settled.reduce(least, YES);
      if (value === NO || open.length === 0) return value;
      return allOf(value === YES ? open : [constant(value), ...open]);
    },
  };
}

export function anyOf(checks: readonly Check[]): Check {
  if (checks.length === 1) return checks[0]!;
  const judge = (facts: Facts, around: Surroundings): Value => {
    let value: Value = NO;
    for (const check of checks) {
      value = greatest(value, check.judge(facts, around));
      if (value === YES) break;
    }
    return value;
  };
  return {
    form: { join: "any", parts: checks },
    judge,
    tell(facts, around, tale) {
      const value = judge(facts, around);
      for (const check of checks) if (check.judge(facts, around) === value) check.tell(facts, around, tale);
    },
    remaining(kind) {
      const { open, settled } = whittled(checks, kind);
      const value = settled.reduce(greatest, NO);
      if (value === YES || open.length === 0) return value;
      return anyOf(value === NO ? open : [constant(value), ...open]);
    },
  };
}

export function noneOf(check: Check): Check {
  return {
    form: { join: "none", parts: [check] },
    judge: (facts, around) => not(check.judge(facts, around)),
    tell: (facts, around, tale) => check.tell(facts, around, tale),
    remaining(kind) {
      const rest = check.remaining(kind);
      return typeof rest === "number" ? not(rest) : noneOf(rest);
    },
  };
}

/** An exception lifts a rule only when it is on record: what is not known of it is no, and nothing to ask for. */
export function onRecord(check: Check): Check {
  const judge = (facts: Facts, around: Surroundings): Value => {
    const value = check.judge(facts, around);
    return value === UNKNOWN ? NO : value;
  };
  return {
    judge,
    tell(facts, around, tale) {
      if (check.judge(facts, around) !== UNKNOWN) check.tell(facts, around, tale);
    },
    remaining(kind) {
      const rest = check.remaining(kind);
      if (typeof rest !== "number") return onRecord(rest);
      return rest === UNKNOWN ? NO : rest;
    },
  };
}

function constant(value: Value): Check {
  return leaf({ judge: () => value, tell() {} });
}

function whittled(checks: readonly Check[], kind: Facts): { open: Check[]; settled: Value[] } {
  const rests = checks.map((check) => check.remaining(kind));
  return {
    open: rests.filter((rest) => typeof rest !== "number"),
    settled: rests.filter((rest) => typeof rest === "number"),
  };
}

/** A yes-or-no question with an answer that may be missing. */
export function valueOf(answer: boolean | undefined): Value {
  return answer === undefined ? UNKNOWN : answer ? YES : NO;
}
