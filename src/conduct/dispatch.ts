/**
 * Picks, for an incident, the few rules that can answer anything but "no", and the trackers it must be fed to. Rules are sorted once by
 * the stretches of days between two changes of law, and within a stretch by the kind of incident (see Check); each table entry is made
 * when it is first asked for, and holds only what the kind leaves open. A case only ever reads tables.
 */
import { type Check, always } from "./check.ts";
import { type CompiledCode, type CompiledRule, bindsCase, inForce } from "./compile.ts";
import { type Facts, MONTH } from "./facts.ts";
import { NO, type Value, YES, least } from "./value.ts";

/** A rule that may apply: how surely it does by its dates and by whom it binds, and what is left to judge. */
export interface AppliedRule {
  readonly rule: CompiledRule;
  readonly applies: Value;
  readonly open: Check;
}

export interface Errand {
  readonly feeds: readonly { readonly tracker: number; readonly membership: Check }[];
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
      .map((rule) => ({ rule, applies: bindsCase(rule, kinds), open: rule.conditions }))
      .filter(({ applies }) => applies !== NO);
    const starts = new Set([Number.NEGATIVE_INFINITY]);
    for (const { rule } of this.#bound) {
      starts.add(rule.from);
      starts.add(rule.to + 1);
      for (const tracker of rule.trackers) starts.add(this.#trackedFrom(rule, tracker));
    }
    this.#starts = [...starts].filter((start) => start < Number.POSITIVE_INFINITY).sort((a, b) => a - b);
    this.#tables = this.#starts.map(() => []);
  }

  errandFor(facts: Facts): Errand {
    // What a month leaves open depends on the month.
    if (facts.precision === MONTH) return this.#errand(facts);
    const table = this.#tables[this.#stretchOf(facts.day)]!;
    return (table[facts.kind] ??= this.#errand(facts));
  }

  /** Every rule that was in force and binds the case, whether or not it can match. */
  rulesInForce(facts: Facts): AppliedRule[] {
    return this.#bound
      .map(({ rule, applies, open }) => ({ rule, applies: least(applies, inForce(rule, facts)), open }))
      .filter(({ applies }) => applies !== NO);
  }

  #errand(facts: Facts): Errand {
    const tracked = new Set<number>();
    for (const { rule } of this.#bound) {
      for (const tracker of rule.trackers)
        if (facts.precision === MONTH || (facts.day >= this.#trackedFrom(rule, tracker) && facts.day <= rule.to))
          tracked.add(tracker);
    }
    return {
      feeds: [...tracked]
        .sort((a, b) => a - b)
        .flatMap((tracker) => {
          const membership = opened(this.#code.trackers[tracker]!.membership, facts);
          return membership === undefined ? [] : [{ tracker, membership }];
        }),
      rules: this.rulesInForce(facts).flatMap(({ rule, applies }) => {
        const open = opened(rule.conditions, facts);
        return open === undefined ? [] : [{ rule, applies, open }];
      }),
    };
  }

  /** The first day on which an incident can matter to the rule through one of its trackers. */
  #trackedFrom(rule: CompiledRule, tracker: number): number {
    return rule.from - this.#code.trackers[tracker]!.days + 1;
  }

  #stretchOf(day: number): number {
    const starts = this.#starts;
    let stretch = this.#stretch;
    while (stretch > 0 && day < starts[stretch]!) stretch--;
    while (stretch + 1 < starts.length && day >= starts[stretch + 1]!) stretch++;
    return (this.#stretch = stretch);
  }
}

/** What a check leaves open for incidents of this kind; undefined when the answer is no. */
function opened(check: Check, kind: Facts): Check | undefined {
  const rest = check.remaining(kind);
  if (rest === NO) return undefined;
  if (typeof rest !== "number") return rest;
  return rest === YES ? always : check;
}
