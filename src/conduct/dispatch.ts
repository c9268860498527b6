/**
 * Picks, for an incident, the few rules that can answer anything but "no", and the trackers it must be fed to. Rules are sorted once by
 * the stretches of days between two changes of law, and within a stretch by the kind of incident (see Check); each table entry is made
 * when it is first asked for, and holds only what the kind leaves open. A case only ever reads tables.
 */
import { type Check, always } from "./check.ts";
import { type CompiledRule, bindsCase, inForce } from "./compile.ts";
import type { Explaining } from "./explain.ts";
import { type Facts, MONTH } from "./facts.ts";
import type { TrackerPlan } from "./tracker-plan.ts";
import { NO, type Value, YES, least } from "./value.ts";

/** A rule that may apply: how surely it does by its dates and by whom it binds, what is left to judge, and how findings name its code. */
export interface AppliedRule {
  readonly rule: CompiledRule;
  readonly of: Explaining;
  readonly applies: Value;
  readonly open: Check;
}

export interface Errand {
  readonly feeds: readonly { readonly tracker: number; readonly membership: Check }[];
  readonly rules: readonly AppliedRule[];
}

/** The rules of one or several codes, in the order of their findings, and the list that holds their trackers. */
export interface RuleBook {
  readonly rules: readonly { readonly rule: CompiledRule; readonly of: Explaining }[];
  readonly trackers: readonly TrackerPlan[];
}

export class Dispatcher {
  readonly #trackers: readonly TrackerPlan[];
  readonly #bound: readonly AppliedRule[];
  /** First days of the stretches in which the same rules and trackers matter, ascending, and their tables. */
  readonly #starts: readonly number[];
  readonly #tables: (Errand | undefined)[][];
  /** The stretch of the incident before, and its days: the next one most often lies in it too. */
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;
  #table: (Errand | undefined)[] = [];

  /** For a lender and respondent of these kinds (0 = not known). */
  constructor(book: RuleBook, kinds: { lenderKind: number; respondentKind: number }) {
    this.#trackers = book.trackers;
    this.#bound = book.rules
      .map(({ rule, of }) => ({ rule, of, applies: bindsCase(rule, kinds), open: rule.conditions }))
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
    if (facts.day < this.#from || facts.day >= this.#until) this.#turnTo(facts.day);
    return (this.#table[facts.kind] ??= this.#errand(facts));
  }

  /** Every rule that was in force and binds the case, whether or not it can match. */
  rulesInForce(facts: Facts): AppliedRule[] {
    return this.#bound
      .map((one) => ({ ...one, applies: least(one.applies, inForce(one.rule, facts)) }))
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
          const membership = opened(this.#trackers[tracker]!.membership, facts);
          return membership === undefined ? [] : [{ tracker, membership }];
        }),
      rules: this.rulesInForce(facts).flatMap((one) => {
        const open = opened(one.rule.conditions, facts);
        return open === undefined ? [] : [{ ...one, open }];
      }),
    };
  }

  /** The first day on which an incident can matter to the rule through one of its trackers. */
  #trackedFrom(rule: CompiledRule, tracker: number): number {
    return rule.from - this.#trackers[tracker]!.days + 1;
  }

  #turnTo(day: number): void {
    const later = this.#starts.findIndex((start) => start > day);
    const stretch = (later === -1 ? this.#starts.length : later) - 1;
    this.#from = this.#starts[stretch]!;
    this.#until = this.#starts[stretch + 1] ?? Number.POSITIVE_INFINITY;
    this.#table = this.#tables[stretch]!;
  }
}

/** What a check leaves open for incidents of this kind; undefined when the answer is no. */
function opened(check: Check, kind: Facts): Check | undefined {
  const rest = check.remaining(kind);
  if (rest === NO) return undefined;
  if (typeof rest !== "number") return rest;
  return rest === YES ? always : check;
}
