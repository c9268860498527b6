/**
 * Makes a code of conduct ready to judge: its rules with their dates, whom they bind, and their conditions as checks. Rules that are
 * switched off are left out here and never judged. Next: dispatch.ts picks the rules for an incident, classify.ts judges with them.
 */
import type { Acts } from "./acts.ts";
import { type Check, allOf, anyOf, noneOf, onRecord } from "./check.ts";
import type { Code, Rule, Source } from "./code.ts";
import { type Workshop, conditionCheck } from "./context-conditions.ts";
import { DAY, type Facts, type Numbering, lenderKindNumber, respondentKindNumber } from "./facts.ts";
import { simpleCheck } from "./simple-conditions.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Tracker } from "./tracker.ts";
import type { TrackerPlan } from "./tracker-plan.ts";
import { NO, UNKNOWN, type Value, YES, least } from "./value.ts";
import type { Bilingual } from "./vocabulary.ts";
import type { Wording } from "./wording.ts";
import { dayFromIso, monthAround } from "./zone.ts";

export interface CompiledRule {
  readonly rule: Rule;
  readonly source: Source;
  /** First and last local day in force; last is Infinity while it still is. */
  readonly from: number;
  readonly to: number;
  /** Bits of whom it binds, as in facts.ts; undefined = everybody. */
  readonly lenderKinds: number | undefined;
  readonly respondentKinds: number | undefined;
  /** Its conditions on the incident: whom it binds by the incident, `when`, and no exception. */
  readonly conditions: Check;
  /** The same apart, for telling which of them decides. */
  readonly addressee: Check | undefined;
  readonly when: Check;
  readonly exceptions: readonly Exception[];
  /** Numbers of the trackers it asks. */
  readonly trackers: ReadonlySet<number>;
}

/** An exception lifts a rule only when it is on record, see {@link onRecord}. */
export interface Exception {
  readonly title: Bilingual;
  readonly check: Check;
}

export interface CompiledCode {
  readonly code: Code;
  readonly rules: readonly CompiledRule[];
  /** What its rules remember, by the numbers they know it by; those of codes judged together with it stand in the same list. */
  readonly trackers: readonly TrackerPlan[];
}

/** What judging uses besides the code: how words are read, and what acts are called. Both may be left out. */
export interface Aids {
  /** Finds acts in the words of incidents; without it words suggest nothing. */
  wording?: Wording | undefined;
  /** The file of acts, for their names in explanations; without it acts are named by their ids. */
  acts?: Acts | undefined;
}

/** `trackers`: those of the codes judged together with it, to which its own are added. */
export function compileCode(code: Code, trackers: TrackerPlan[]): CompiledCode {
  const numbers = new Map<string, number>();
  const rules = code.rules
    .filter((rule) => rule.on)
    .map((rule) => {
      const used = new Set<number>();
      const workshop: Workshop = {
        code,
        count: undefined,
        trackerFor<T extends Tracker>(description: unknown, plan: TrackerPlan<T>) {
          const key = JSON.stringify(description);
          let number = numbers.get(key);
          if (number === undefined) numbers.set(key, (number = trackers.push(plan) - 1));
          used.add(number);
          const index = number;
          return (around: Surroundings) => around.trackers[index] as T;
        },
      };
      return compileRule(rule, workshop, used);
    });
  return { code, rules, trackers };
}

function compileRule(rule: Rule, workshop: Workshop, trackers: Set<number>): CompiledRule {
  const source = workshop.code.sources[rule.source]!;
  const to = rule.to === undefined ? source.to : rule.to;
  const when = conditionCheck(rule.when, workshop);
  const addressee = rule.collectorKinds && simpleCheck({ collectorKind: rule.collectorKinds }, workshop.code);
  const exceptions = rule.unless.map(({ title, when: it }) => ({ title, check: conditionCheck(it, workshop) }));
  const conditions = [...(addressee === undefined ? [] : [addressee]), when];
  if (exceptions.length > 0) conditions.push(noneOf(anyOf(exceptions.map(({ check }) => onRecord(check)))));
  return {
    rule,
    source,
    from: dayFromIso(rule.from ?? source.from),
    to: to === null ? Number.POSITIVE_INFINITY : dayFromIso(to),
    lenderKinds: bound(rule.lenderKinds ?? source.lenderKinds, lenderKindNumber),
    respondentKinds: bound(source.respondentKinds, respondentKindNumber),
    conditions: allOf(conditions),
    addressee,
    when,
    exceptions,
    trackers,
  };
}

function bound(kinds: readonly string[] | undefined, numbering: Numbering): number | undefined {
  return kinds?.reduce((set, kind) => set | (1 << numbering.get(kind)!), 0);
}

/** Does a set of kinds (undefined = everybody) hold this one (0 = not known)? */
export function binds(kinds: number | undefined, kind: number): Value {
  if (kinds === undefined || (kinds & (1 << kind)) !== 0) return YES;
  return kind === 0 ? UNKNOWN : NO;
}

/** Does the rule bind the lender and the collector of this case? */
export function bindsCase(rule: CompiledRule, around: Pick<Surroundings, "lenderKind" | "respondentKind">): Value {
  return least(binds(rule.lenderKinds, around.lenderKind), binds(rule.respondentKinds, around.respondentKind));
}

/** Was it in force on the incident's local day? Where only the month is known and the rule changed within it: unknown. */
export function inForce(rule: CompiledRule, facts: Facts): Value {
  if (facts.precision <= DAY) return rule.from <= facts.day && facts.day <= rule.to ? YES : NO;
  const month = monthAround(facts.day);
  if (month.last < rule.from || month.first > rule.to) return NO;
  return rule.from <= month.first && month.last <= rule.to ? YES : UNKNOWN;
}
