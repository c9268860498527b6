/**
 * What a rule remembers of earlier incidents: fed its members of a case in time order, it answers for the one fed last.
 * Made anew for each case. The kinds: counting.ts, cool-down.ts, first-contact.ts.
 */
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";
import type { Value } from "./value.ts";

export interface Tracker {
  /** Takes note of the next member and how surely it is one. True when that can make a difference to later incidents. */
  feed(facts: Facts, belongs: Value): boolean;
}

/** A tracker before there is a case. */
export interface TrackerPlan {
  make(): Tracker;
  /** Which incidents are fed. */
  readonly membership: Check;
  /** For how many local days a member matters, its own being the first; Infinity = as long as the case lasts. */
  readonly days: number;
  /** The same for one member; 0 = not at all. `marks` are those of the case whose feeding returned true, in time order. */
  reachOf(facts: Facts, marks: readonly Facts[]): number;
}
