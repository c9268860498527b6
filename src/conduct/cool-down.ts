/**
 * Cool-downs: whether an event (such as a conversation) went before within N consecutive local days, the event's day being day 1
 * (12 CFR 1006.14(b)(2)(i)(B)). Next: context-conditions.ts asks it.
 */
import type { Check, Surroundings } from "./check.ts";
import { DAY, type Facts, MONTH } from "./facts.ts";
import { type Grouping, Groups } from "./groups.ts";
import type { Need } from "./need.ts";
import type { Tracker, TrackerPlan } from "./tracker.ts";
import { NO, PERSON, UNKNOWN, type Value, YES, least } from "./value.ts";
import { Window } from "./window.ts";

export class CoolDownPlan implements TrackerPlan {
  readonly event: Check;
  readonly days: number;
  readonly groupBy: readonly Grouping[];
  readonly need: Need;

  constructor(event: Check, days: number, groupBy: readonly Grouping[], need: Need) {
    this.event = event;
    this.days = days;
    this.groupBy = groupBy;
    this.need = need;
  }

  make(): CoolDownTracker {
    return new CoolDownTracker(this);
  }

  reachOf(facts: Facts, around: Surroundings): number {
    return facts.precision === MONTH || this.event.judge(facts, around) === NO ? 0 : this.days;
  }
}

/** The event found, and how surely it went before the incident in its group. */
export interface Preceding {
  value: Value;
  event: Facts | undefined;
}

const NONE: Preceding = { value: NO, event: undefined };

export class CoolDownTracker implements Tracker {
  readonly #plan: CoolDownPlan;
  readonly #groups: Groups<Window>;
  #facts: Facts | undefined;
  #found: Preceding = NONE;

  constructor(plan: CoolDownPlan) {
    this.#plan = plan;
    this.#groups = new Groups(plan.groupBy, () => new Window(plan.days));
  }

  feed(facts: Facts, around: Surroundings): boolean {
    this.#facts = facts;
    const own = this.#groups.own(facts);
    this.#found = this.#look(facts, own);
    if (facts.precision === MONTH) return false;
    const isEvent = this.#plan.event.judge(facts, around);
    if (isEvent === NO) return false;
    own.add(facts, isEvent);
    for (const part of this.#groups.parts(facts)) part.add(facts, isEvent);
    return true;
  }

  /** Did an event go before the incident, within the days? */
  preceding(facts: Facts): Preceding {
    return this.#facts === facts ? this.#found : NONE;
  }

  undecided(facts: Facts): string[] {
    return this.#groups.undecided(facts);
  }

  #look(facts: Facts, own: Window): Preceding {
    let found = NONE;
    const consider = (window: Window, belongs: Value, asWhat: Value) => {
      for (const event of window.members(belongs)) {
        const value = least(asWhat, wentBefore(event, facts));
        if (value > found.value) found = { value, event };
        // Only an event without a time of day can leave it open while a later one settles it.
        if (event.precision !== DAY || event.day < facts.day) return;
      }
    };
    for (const belongs of [YES, PERSON, UNKNOWN] as const) consider(own, belongs, belongs);
    for (const window of this.#groups.possible(facts))
      for (const belongs of [YES, PERSON, UNKNOWN] as const) consider(window, belongs, UNKNOWN);
    return found;
  }
}

function wentBefore(event: Facts, facts: Facts): Value {
  if (facts.precision === MONTH) return UNKNOWN;
  if (event.day < facts.day) return YES;
  if (facts.precision === DAY || event.precision === DAY) return UNKNOWN;
  return event.at < facts.at ? YES : NO;
}
