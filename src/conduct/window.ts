/**
 * Incidents of the last N local days, in time order, held apart by how surely they belong. Adding and forgetting cost constant time
 * on average, however many fall in one day. Knows nothing of what is counted. Next: groups.ts.
 */
import { type Facts, inTimeOrder } from "./facts.ts";
import { PERSON, UNKNOWN, type Value, YES } from "./value.ts";

/** A queue that forgets from the front: the front moves on, and the storage is cut when half of it is forgotten. */
class Queue {
  #items: Facts[] = [];
  #front = 0;

  get size(): number {
    return this.#items.length - this.#front;
  }

  at(index: number): Facts | undefined {
    return this.#items[this.#front + index];
  }

  push(facts: Facts): void {
    this.#items.push(facts);
  }

  forgetBefore(day: number): void {
    const items = this.#items;
    while (this.#front < items.length && items[this.#front]!.day < day) this.#front++;
    if (this.#front > 16 && this.#front * 2 > items.length) {
      this.#items = items.slice(this.#front);
      this.#front = 0;
    }
  }

  absorb(other: Queue): void {
    for (let i = other.#front; i < other.#items.length; i++) this.#items.push(other.#items[i]!);
  }

  settle(): void {
    this.#items.sort(inTimeOrder);
  }

  /** The last ones, in time order. */
  last(count: number): Facts[] {
    return this.#items.slice(Math.max(this.#front, this.#items.length - count));
  }

  /** How many lie on this day, which must be the last day held. */
  sizeOn(day: number): number {
    let low = this.#front;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#items[middle]!.day < day) low = middle + 1;
      else high = middle;
    }
    return this.#items.length - low;
  }
}

/** What a window holds by the answer of belonging: sure members, members for a person to weigh, members for which a fact is missing. */
export interface Tally {
  yes: number;
  person: number;
  unknown: number;
}

export class Window {
  readonly #days: number;
  readonly #sure = new Queue();
  #person: Queue | undefined;
  #unknown: Queue | undefined;
  #day = Number.NEGATIVE_INFINITY;

  /** `days` local days, the day of the newest incident being the last. */
  constructor(days: number) {
    this.#days = days;
  }

  add(facts: Facts, belongs: Value): void {
    if (belongs === YES) this.#sure.push(facts);
    else if (belongs === PERSON) (this.#person ??= new Queue()).push(facts);
    else if (belongs === UNKNOWN) (this.#unknown ??= new Queue()).push(facts);
  }

  absorb(other: Window): void {
    this.#sure.absorb(other.#sure);
    if (other.#person) (this.#person ??= new Queue()).absorb(other.#person);
    if (other.#unknown) (this.#unknown ??= new Queue()).absorb(other.#unknown);
  }

  settle(): void {
    this.#sure.settle();
    this.#person?.settle();
    this.#unknown?.settle();
  }

  /** Forget what lies outside the days that end with `day`. */
  moveTo(day: number): void {
    if (day === this.#day) return;
    this.#day = day;
    const first = day - this.#days + 1;
    this.#sure.forgetBefore(first);
    this.#person?.forgetBefore(first);
    this.#unknown?.forgetBefore(first);
  }

  get isEmpty(): boolean {
    return this.#sure.size + (this.#person?.size ?? 0) + (this.#unknown?.size ?? 0) === 0;
  }

  addTo(tally: Tally): void {
    tally.yes += this.#sure.size;
    tally.person += this.#person?.size ?? 0;
    tally.unknown += this.#unknown?.size ?? 0;
  }

  addDayTo(day: number, tally: Tally): void {
    tally.yes += this.#sure.sizeOn(day);
    tally.person += this.#person?.sizeOn(day) ?? 0;
    tally.unknown += this.#unknown?.sizeOn(day) ?? 0;
  }

  /** Of the members that belong in exactly this way, earliest first, the one with this index; undefined past the last. */
  member(belongs: Value, index: number): Facts | undefined {
    return (belongs === YES ? this.#sure : belongs === PERSON ? this.#person : this.#unknown)?.at(index);
  }

  /** The last members, at most `count`, not in order across the ways of belonging. */
  last(count: number, atLeast: Value): Facts[] {
    const members = this.#sure.last(count);
    if (atLeast <= PERSON && this.#person) members.push(...this.#person.last(count));
    if (atLeast <= UNKNOWN && this.#unknown) members.push(...this.#unknown.last(count));
    return members;
  }
}
