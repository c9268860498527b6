/**
 * Cool-downs: whether an event (such as a conversation) went before within N consecutive local days, the event's day being day 1
 * (12 CFR 1006.14(b)(2)(i)(B)). Next: context-conditions.ts asks it.
 */
import type { Check } from "./check.ts";
import { DAY, type Facts, MONTH } from "./facts.ts";
import { type Grouping, Groups } from "./groups.ts";
import type { Tracker } from "./tracker.ts";
import type { TrackerPlan } from "./tracker-plan.ts";
import { NO, PERSON, UNKNOWN, type Value, YES, least } from "./value.ts";
import { Window } from "./window.ts";

export class CoolDownPlan implements TrackerPlan<CoolDownTracker> {
  /** What counts as the event. */
  readonly membership: Check;
  readonly days: number;
  readonly groupBy: readonly Grouping[];

  constructor(event: Check, days: number, groupBy: readonly Grouping[]) {
    this.membership = event;
    this.days = days;
    this.groupBy = groupBy;
  }

  make(): CoolDownTracker {
    return new CoolDownTracker(this);
  }

  reachOf(facts: Facts): number {
    return facts.precision === MONTH ? 0 : this.days;
  }
}

/** The event found, and how surely it went before the incident in its group. */
export interface Preceding {
  value: Value;
  event: Facts | undefined;
}

/** How many events without a time of day are looked past for one that has it: enough for any day, and no more work than that. */
const LOOKED_AT = 100;

const NONE: Preceding = { value: NO, event: undefined };

export class CoolDownTracker implements Tracker {
  readonly #groups: Groups<Window>;

  constructor(plan: CoolDownPlan) {
    this.#groups = new Groups(plan.groupBy, () => new Window(plan.days));
  }

  feed(facts: Facts, isEvent: Value): boolean {
    if (facts.precision === MONTH) return false;
    this.#groups.own(facts).add(facts, isEvent);
    for (const part of this.#groups.parts(facts)) part.add(facts, isEvent);
    return true;
  }

  undecided(facts: Facts): string[] {
    return this.#groups.undecided(facts);
  }

  /** Did an event go before the incident, within the days? */
  preceding(facts: Facts): Preceding {
    let found = NONE;
    const consider = (window: Window, belongs: Value, asWhat: Value) => {
      for (let index = 0; index < LOOKED_AT; index++) {
        const event = window.member(belongs, index);
        if (event === undefined) return;
        if (event === facts) continue;
        const value = least(asWhat, wentBefore(event, facts));
        if (value > found.value) found = { value, event };
        // Only an event without a time of day can leave it open while a later one settles it.
        if (event.precision !== DAY || event.day < facts.day) return;
      }
    };
    const own = this.#groups.known(facts);
    if (own) for (const belongs of [YES, PERSON, UNKNOWN] as const) consider(own, belongs, belongs);
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
