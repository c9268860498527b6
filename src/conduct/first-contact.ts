/**
 * First contacts: whether an incident is the first from its collector (or other group) that reached anybody.
 * It remembers one incident a group for as long as the case lasts. Next: context-conditions.ts asks it.
 */
import { type Check, leaf } from "./check.ts";
import { type Facts, INCOMING, channelNumber, inTimeOrder, outcomeNumber } from "./facts.ts";
import { type Grouping, Groups, isSameGroup } from "./groups.ts";
import type { Tracker } from "./tracker.ts";
import type { TrackerPlan } from "./tracker-plan.ts";
import { NO, UNKNOWN, type Value, YES } from "./value.ts";

const REACHING = ["conversation", "connected", "delivered", "voicemail-left"].reduce(
  (set, outcome) => set | (1 << outcomeNumber.get(outcome)!),
  0,
);
const CALL = channelNumber.get("call")!;

/** Did it reach anybody? A call of which nothing more is known may have; a letter or message that is on record did. */
function reached(facts: Facts): Value {
  if (facts.direction !== INCOMING) return NO;
  if (facts.outcome === 0) return facts.channel === CALL ? UNKNOWN : YES;
  return (REACHING & (1 << facts.outcome)) === 0 ? NO : YES;
}

/** The first member that surely reached somebody, and the first that may have. */
class Firsts {
  sure: Facts | undefined;
  perhaps: Facts | undefined;

  moveTo(): void {}

  get isEmpty(): boolean {
    return this.sure === undefined && this.perhaps === undefined;
  }

  /** True when this changes what later incidents meet. */
  add(facts: Facts, value: Value): boolean {
    if (this.sure !== undefined) return false;
    if (value === YES) this.sure = facts;
    else if (this.perhaps === undefined) this.perhaps = facts;
    else return false;
    return true;
  }

  absorb(other: Firsts): void {
    this.sure = earlierOf(this.sure, other.sure);
    this.perhaps = earlierOf(this.perhaps, other.perhaps);
  }

  settle(): void {}
}

export class FirstContactPlan implements TrackerPlan<FirstContactTracker> {
  readonly groupBy: readonly Grouping[];
  readonly days = Number.POSITIVE_INFINITY;
  readonly membership: Check = leaf({
    judge: reached,
    tell() {},
    byKind: true,
  });

  constructor(groupBy: readonly Grouping[]) {
    this.groupBy = groupBy;
  }

  make(): FirstContactTracker {
    return new FirstContactTracker(this.groupBy);
  }

  /** None, once an earlier contact of its group surely was the first. */
  reachOf(facts: Facts, marks: readonly Facts[]): number {
    const isSettled = marks.some(
      (mark) => inTimeOrder(mark, facts) < 0 && reached(mark) === YES && isSameGroup(mark, facts, this.groupBy),
    );
    return isSettled ? 0 : this.days;
  }
}

export class FirstContactTracker implements Tracker {
  readonly #groups: Groups<Firsts>;
  #facts: Facts | undefined;
  #isFirst: Value = NO;
  #earlier: Facts | undefined;

  constructor(groupBy: readonly Grouping[]) {
    this.#groups = new Groups(groupBy, () => new Firsts());
  }

  feed(facts: Facts, value: Value): boolean {
    const own = this.#groups.own(facts);
    this.#facts = facts;
    this.#earlier = own.sure ?? own.perhaps ?? this.#possiblyEarlier(facts);
    this.#isFirst = own.sure !== undefined ? NO : this.#earlier !== undefined ? UNKNOWN : value;
    const isNew = own.add(facts, value);
    for (const part of this.#groups.parts(facts)) part.add(facts, value);
    return isNew;
  }

  isFirst(facts: Facts): Value {
    return this.#facts === facts ? this.#isFirst : NO;
  }

  /** The earlier contact that makes it not the first, or perhaps not. */
  earlier(facts: Facts): Facts | undefined {
    return this.#facts === facts ? this.#earlier : undefined;
  }

  undecided(facts: Facts): string[] {
    return this.#groups.undecided(facts);
  }

  #possiblyEarlier(facts: Facts): Facts | undefined {
    let earliest: Facts | undefined;
    for (const firsts of this.#groups.possible(facts)) {
      earliest = earlierOf(earliest, earlierOf(firsts.sure, firsts.perhaps));
    }
    return earliest;
  }
}

function earlierOf(a: Facts | undefined, b: Facts | undefined): Facts | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return inTimeOrder(a, b) <= 0 ? a : b;
}
