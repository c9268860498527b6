/**
 * Picks, for an incident, the few rules that can answer anything but "no", and the trackers it must be fed to. Rules are sorted once by
 * the stretches of days between two changes of law, and within a stretch by channel, direction, person, purpose, outcome and whether
 * there are acts; each such table entry is made when it is first asked for. A case only ever reads tables.
 */
import { type CompiledCode, type CompiledRule, bindsCase, inForce, isVague } from "./compile.ts";
import type { Facts } from "./facts.ts";
import { meets } from "./need.ts";
import { NO, type Value, least } from "./value.ts";

/** A rule that may apply, and how surely it does by its dates and by whom it binds. */
export interface AppliedRule {
  readonly rule: CompiledRule;
  readonly applies: Value;
}

export interface Errand {
  readonly feeds: readonly number[];
  readonly rules: readonly AppliedRule[];
}

export class Dispatcher {
  readonly #code: CompiledCode;
  readonly #bound: readonly AppliedRule[];
  /** First days of the stretches in which the same rules and trackers matter, ascending, and their tables. */
  readonly #starts: readonly number[];
  readonly #tables: (Errand | undefined)[][];
  #stretch = 0;

  /** The rules of a code that bind a lender and respondent of these kinds (0 = not known). */
  constructor(code: CompiledCode, kinds: { lenderKind: number; respondentKind: number }) {
    this.#code = code;
    this.#bound = code.rules
      .map((rule) => ({ rule, applies: bindsCase(rule, kinds) }))
      .filter(({ applies }) => applies !== NO);
    const starts = new Set([Number.NEGATIVE_INFINITY]);
    for (const { rule } of this.#bound) {
      starts.add(rule.from);
      starts.add(rule.to + 1);
      for (const tracker of rule.trackers) starts.add(rule.from - this.#days(tracker) + 1);
    }
    this.#starts = [...starts].filter((start) => start < Number.POSITIVE_INFINITY).sort((a, b) => a - b);
    this.#tables = this.#starts.map(() => []);
  }

  errandFor(facts: Facts): Errand {
    if (isVague(facts)) return this.#errand(facts);
    const stretch = this.#stretchOf(facts.day);
    const hasActs = (facts.tickedLow | facts.tickedHigh | facts.spokenLow | facts.spokenHigh) !== 0;
    const slot =
      ((((facts.channel * 2 + facts.direction) * 16 + facts.contacted) * 4 + facts.purpose) * 16 + facts.outcome) * 2 +
      (hasActs ? 1 : 0);
    const table = this.#tables[stretch]!;
    return (table[slot] ??= this.#errand(facts));
  }

  /** Every rule that was in force and binds the case, whether or not it can match. */
  rulesInForce(facts: Facts): AppliedRule[] {
    return this.#bound
      .map(({ rule, applies }) => ({ rule, applies: least(applies, inForce(rule, facts)) }))
      .filter(({ applies }) => applies !== NO);
  }

  #errand(facts: Facts): Errand {
    const hasActs = (facts.tickedLow | facts.tickedHigh | facts.spokenLow | facts.spokenHigh) !== 0;
    const feeds = new Set<number>();
    for (const { rule } of this.#bound) {
      for (const tracker of rule.trackers) {
        const matters = facts.day >= rule.from - this.#days(tracker) + 1 && facts.day <= rule.to;
        if ((matters || isVague(facts)) && meets(facts, this.#code.trackers[tracker]!.need)) feeds.add(tracker);
      }
    }
    return {
      feeds: [...feeds].sort((a, b) => a - b),
      rules: this.rulesInForce(facts).filter(
        ({ rule: { need } }) => meets(facts, need) && (hasActs || need.acts === undefined),
      ),
    };
  }

  #days(tracker: number): number {
    return this.#code.trackers[tracker]!.days;
  }

  #stretchOf(day: number): number {
    const starts = this.#starts;
    let stretch = this.#stretch;
    while (stretch > 0 && day < starts[stretch]!) stretch--;
    while (stretch + 1 < starts.length && day >= starts[stretch + 1]!) stretch++;
    return (this.#stretch = stretch);
  }
}
