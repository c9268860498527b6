/**
 * What a rule remembers of earlier incidents: fed its members of a case in time order, it answers for the one fed last.
 * Made anew for each case from a plan (tracker-plan.ts). The kinds: counting.ts, cool-down.ts, first-contact.ts.
 */
import type { Facts } from "./facts.ts";
import type { Value } from "./value.ts";

export interface Tracker {
  /** Takes note of the next member and how surely it is one. True when that can make a difference to later incidents. */
  feed(facts: Facts, belongs: Value): boolean;
}
