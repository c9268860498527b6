/**
 * What a rule remembers of earlier incidents: fed every incident of a case in time order, it answers for the one fed last.
 * Made anew for each case. The kinds: counting.ts, cool-down.ts, first-contact.ts.
 */
import type { Surroundings } from "./check.ts";
import type { Facts } from "./facts.ts";
import type { Need } from "./need.ts";

export interface Tracker {
  /** Takes note of the next incident. True when that can make a difference to later ones. */
  feed(facts: Facts, around: Surroundings): boolean;
}

/** A tracker before there is a case. */
export interface TrackerPlan {
  make(): Tracker;
  /** Incidents that do not meet it need not be fed. */
  readonly need: Need;
  /** For how many local days an incident matters, its own being the first; Infinity = as long as the case lasts. */
  readonly days: number;
  /**
   * For how many local days this incident can make a difference, its own being the first; 0 = to none. `marks` are those of the case
   * whose feeding returned true, in time order.
   */
  reachOf(facts: Facts, around: Surroundings, marks: readonly Facts[]): number;
}
