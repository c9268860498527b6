/**
 * Counts: how many incidents of a kind there were on the local day, or in the last N local days, in the group of the incident.
 * Looks only back, so that an incident can change the answer for later ones alone. Next: context-conditions.ts asks it.
 */
import { type Check, allOf, leaf } from "./check.ts";
import type { countedKinds } from "./code.ts";
import { type Facts, MONTH, inTimeOrder, outcomeNumber } from "./facts.ts";
import { type Grouping, Groups } from "./groups.ts";
import { COUNTED_SHOWN } from "./tale.ts";
import type { Tracker } from "./tracker.ts";
import type { TrackerPlan } from "./tracker-plan.ts";
import { NO, PERSON, UNKNOWN, type Value, YES, least } from "./value.ts";
import { type Tally, Window } from "./window.ts";

type Counted = (typeof countedKinds)[number];

const countedOutcomes: Record<Counted, readonly string[]> = {
  // An attempt that the borrower knows of was made, whatever came of it.
  placed: ["conversation", "connected", "unanswered", "voicemail-left", "blocked", "delivered", "unknown"],
  connected: ["conversation", "connected"],
  conversations: ["conversation"],
  unanswered: ["unanswered", "voicemail-left", "blocked", "not-connected"],
};

export class CountPlan implements TrackerPlan<CountTracker> {
  readonly of: Counted;
  readonly days: number;
  readonly groupBy: readonly Grouping[];
  readonly membership: Check;

  /** `where`: which incidents are counted at all; what came of them is seen to here. */
  constructor(of: Counted, days: number, groupBy: readonly Grouping[], where: readonly Check[]) {
    this.of = of;
    this.days = days;
    this.groupBy = groupBy;
    this.membership = allOf([counts(of), ...where]);
  }

  make(): CountTracker {
    return new CountTracker(this);
  }

  reachOf(facts: Facts): number {
    return facts.precision === MONTH ? 0 : this.days;
  }
}

/** Does an incident count by what came of it? */
function counts(of: Counted): Check {
  const set = countedOutcomes[of].reduce((bits, outcome) => bits | (1 << outcomeNumber.get(outcome)!), 0);
  return leaf({
    judge: ({ outcome }) => ((set & (1 << outcome)) !== 0 ? YES : outcome === 0 ? UNKNOWN : NO),
    tell: (_facts, _around, tale) => tale.miss("outcome"),
    byKind: true,
  });
}

export class CountTracker implements Tracker {
  readonly #groups: Groups<Window>;
  readonly #tally: Tally = { yes: 0, person: 0, unknown: 0 };
  /** The incident fed last, how surely it belongs, and the window of its own group. */
  #facts: Facts | undefined;
  #belongs: Value = NO;
  #own: Window | undefined;

  constructor(plan: CountPlan) {
    this.#groups = new Groups(plan.groupBy, () => new Window(plan.days));
  }

  feed(facts: Facts, belongs: Value): boolean {
    this.#facts = facts;
    this.#belongs = belongs;
    // A contact known only to the month is on no day that could be counted.
    if (facts.precision === MONTH) return false;
    this.#own = this.#groups.own(facts);
    this.#own.add(facts, belongs);
    for (const part of this.#groups.parts(facts)) part.add(facts, belongs);
    return true;
  }

  /** Is the incident itself one of those counted, or perhaps? */
  counts(facts: Facts): boolean {
    return this.#facts === facts;
  }

  /** Is the incident one over the limit, by those up to and with it? */
  over(limit: number, facts: Facts): Value {
    if (this.#facts !== facts) return NO;
    if (facts.precision === MONTH) return UNKNOWN;
    return least(this.#belongs, exceeds(this.tally(facts), limit));
  }

  tally(facts: Facts): Tally {
    const tally = this.#emptied();
    this.#own!.addTo(tally);
    if (!this.#groups.areMixed) return tally;
    const own = { ...tally };
    for (const window of this.#groups.possible(facts)) window.addTo(tally);
    return othersAreUnknown(tally, own);
  }

  /** The same for the incident's local day alone; undefined when the incident is not counted at all. */
  tallyOfDay(facts: Facts): Tally | undefined {
    if (this.#facts !== facts || facts.precision === MONTH) return undefined;
    const tally = this.#emptied();
    this.#own!.addDayTo(facts.day, tally);
    if (!this.#groups.areMixed) return tally;
    const own = { ...tally };
    for (const window of this.#groups.possible(facts)) window.addDayTo(facts.day, tally);
    return othersAreUnknown(tally, own);
  }

  /** The counted set in time order, the last {@link COUNTED_SHOWN} of it: sure members, or also those that may belong. */
  members(facts: Facts, atLeast: Value): { surely: Facts[]; perhaps: Facts[] } {
    if (this.#facts !== facts || facts.precision === MONTH || this.#own === undefined)
      return { surely: [], perhaps: [] };
    const shown = (members: Facts[]) => members.sort(inTimeOrder).slice(-COUNTED_SHOWN);
    const surely = this.#own.last(COUNTED_SHOWN, YES);
    if (atLeast === YES) return { surely: shown(surely), perhaps: [] };
    const sure = new Set(surely);
    const own = this.#own.last(COUNTED_SHOWN, atLeast).filter((member) => !sure.has(member));
    const others =
      atLeast === UNKNOWN ? this.#groups.possible(facts).flatMap((window) => window.last(COUNTED_SHOWN, UNKNOWN)) : [];
    return { surely: shown(surely), perhaps: shown([...own, ...others]) };
  }

  /** The grouping facts that leave it open whether incidents are counted together. */
  undecided(facts: Facts): string[] {
    return this.#groups.undecided(facts);
  }

  #emptied(): Tally {
    this.#tally.yes = 0;
    this.#tally.person = 0;
    this.#tally.unknown = 0;
    return this.#tally;
  }
}

/** Whatever stands in groups to which the incident may belong, may count. */
function othersAreUnknown(all: Tally, own: Tally): Tally {
  all.unknown += all.yes - own.yes + (all.person - own.person);
  all.yes = own.yes;
  all.person = own.person;
  return all;
}

/** More than the limit: surely, if a person says so of some, or if what is missing turns out so. */
export function exceeds(tally: Tally, limit: number): Value {
  if (tally.yes > limit) return YES;
  if (tally.yes + tally.person > limit) return PERSON;
  return tally.yes + tally.person + tally.unknown > limit ? UNKNOWN : NO;
}
