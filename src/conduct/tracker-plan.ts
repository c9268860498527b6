/** A tracker before there is a case: made once for a code, it says which incidents are fed and how far they reach. */
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";
import type { Tracker } from "./tracker.ts";

export interface TrackerPlan<T extends Tracker = Tracker> {
  make(): T;
  /** Which incidents are fed. */
  readonly membership: Check;
  /** For how many local days a member matters, its own being the first; Infinity = as long as the case lasts. */
  readonly days: number;
  /** The same for one member; 0 = not at all. `marks` are those of the case whose feeding returned true, in time order. */
  reachOf(facts: Facts, marks: readonly Facts[]): number;
}
