/**
 * Which hours of the day a rule or a code keeps free of contact, and up to how many contacts a rule allows: read out of the conditions
 * themselves, so that a picture can never disagree with the rule. It knows no case. Next: explain-condition.ts tells the rest in words.
 */
import type { z } from "zod";
import type { Hours } from "../conduct/case.ts";
import type { Code, Condition, Rule, Simple } from "../conduct/code.ts";
import { type Span, minuteOf } from "../web/charts/marks.ts";

/** Hours of a local day as a rule writes them; `from` later than `to` crosses midnight. */
export type DayHours = Pick<z.infer<typeof Hours>, "from" | "to">;

/** The hours named in a rule's condition (not in its exceptions). */
export function hoursOfRule(rule: Rule): DayHours[] {
  return hoursIn(rule.when);
}

/** The same hours as the pictures draw them. */
export function spansOf(hours: readonly DayHours[]): Span[] {
  return hours.map(({ from, to }) => ({ fromMinute: minuteOf(from), toMinute: minuteOf(to) }));
}

/** The hours that the rules of these codes, in force on a local day (YYYY-MM-DD), keep free of contact; equal ones once. */
export function forbiddenHours(codes: readonly Code[], day: string): Span[] {
  const found = new Map<string, DayHours>();
  for (const code of codes) {
    for (const rule of code.rules) {
      const { from, to } = forceOf(code, rule);
      if (!rule.on || day < from || (to !== null && day > to)) continue;
      for (const hours of hoursOfRule(rule)) found.set(`${hours.from}-${hours.to}`, hours);
    }
  }
  return spansOf([...found.values()]);
}

/** First and last local day on which a rule is in force; `to: null` = still in force. */
export function forceOf(code: Code, rule: Rule): { from: string; to: string | null } {
  const source = code.sources[rule.source];
  return {
    from: rule.from ?? source?.from ?? "0000-01-01",
    to: rule.to === undefined ? (source?.to ?? null) : rule.to,
  };
}

/** The number a counting rule allows, or undefined for a rule that does not count. */
export function limitOfRule(rule: Rule): number | undefined {
  return limitIn(rule.when);
}

function hoursIn(condition: Condition | Simple): DayHours[] {
  const { localTime } = condition;
  const own = localTime === undefined ? [] : [{ from: localTime.from, to: localTime.to }];
  return [...own, ...[...(condition.all ?? []), ...(condition.any ?? [])].flatMap(hoursIn)];
}

function limitIn(condition: Condition): number | undefined {
  if (condition.count !== undefined) return condition.count.over;
  for (const inner of [...(condition.all ?? []), ...(condition.any ?? [])]) {
    const limit = limitIn(inner);
    if (limit !== undefined) return limit;
  }
  return undefined;
}
