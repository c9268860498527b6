/**
 * Which incidents are counted together: those equal in the fields a rule groups by. Absent on both is equal; absent on one only means
 * that they may belong together. A group holds something of kind T (a window, a first contact). Finding the own group and those it may
 * belong to costs the same however many groups there are. Next: counting.ts, first-contact.ts.
 */
import type { Rule } from "./code.ts";
import type { Facts } from "./facts.ts";

export type Grouping = NonNullable<Rule["when"]["firstContact"]>["groupBy"][number];

/** The name an incident has in a field; empty when it is absent. */
const readers: Record<Grouping, (facts: Facts) => string> = {
  debt: ({ incident }) => incident.debt ?? "",
  creditor: ({ incident }) => incident.creditor ?? "",
  collector: ({ incident }) => incident.collector ?? "",
  calledNumber: ({ incident }) => incident.calledNumber ?? "",
  person: ({ incident }) => incident.contacted ?? "",
};
/** The contract's name of the fact that a grouping reads. */
const factOf: Record<Grouping, string> = {
  debt: "debt",
  creditor: "creditor",
  collector: "collector",
  calledNumber: "calledNumber",
  person: "contacted",
};

/** What a group holds. */
interface Holding<T> {
  /** Forget what lies before the windows that end on this local day. */
  moveTo(day: number): void;
  readonly isEmpty: boolean;
  /** Take in all that another holds; `settle` follows once all is taken in. */
  absorb(other: T): void;
  settle(): void;
}

interface Group<T> {
  readonly held: T;
  /** Bit i is set when field i is present on its members. */
  readonly mask: number;
  readonly values: readonly string[];
}

const SWEEP_FROM = 256;
const NOTHING: readonly never[] = [];

export class Groups<T extends Holding<T>> {
  readonly fields: readonly Grouping[];
  readonly #reads: readonly ((facts: Facts) => string)[];
  readonly #make: () => T;
  readonly #groups = new Map<string, Group<T>>();
  /** Bit m is set when some member had exactly the fields of mask m. While there is one bit, no member may belong to two groups. */
  #masks = 0;
  /** For a mask and a part of its fields: all members of that mask, by their values in that part. Kept once masks differ. */
  readonly #parts = new Map<string, T>();
  #sweepAt = SWEEP_FROM;
  /** The own group asked for last, and its key: contacts of one group often follow each other. */
  #lastKey: string | undefined;
  #last: Group<T> | undefined;

  constructor(fields: readonly Grouping[], make: () => T) {
    this.fields = fields;
    this.#reads = fields.map((field) => readers[field]);
    this.#make = make;
  }

  /** What the incident's own group holds, moved to its day. */
  own(facts: Facts): T {
    const key = this.#keyOf(facts);
    let group = key === this.#lastKey ? this.#last : this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= this.#sweepAt) this.#sweep(facts.day);
      group = { held: this.#make(), mask: this.#maskOf(facts), values: this.#reads.map((read) => read(facts)) };
      this.#groups.set(key, group);
      this.#meet(group.mask);
    }
    this.#lastKey = key;
    this.#last = group;
    group.held.moveTo(facts.day);
    return group.held;
  }

  /** What the incident's own group holds, if there is such a group yet; for an incident that is not added itself. */
  known(facts: Facts): T | undefined {
    this.#meet(this.#maskOf(facts));
    const held = this.#groups.get(this.#keyOf(facts))?.held;
    held?.moveTo(facts.day);
    return held;
  }

  /** What else must hold the incident once it is added to its own group. */
  parts(facts: Facts): readonly T[] {
    if (!this.areMixed) return NOTHING;
    const mask = this.#maskOf(facts);
    const values = this.#reads.map((read) => read(facts));
    return properParts(mask).map((part) => this.#part(mask, part, values));
  }

  /** What the groups hold to which the incident may also belong, for a field known on one side only; moved to its day. */
  possible(facts: Facts): readonly T[] {
    return this.areMixed ? this.#possible(facts).map(({ held }) => held) : NOTHING;
  }

  /** The facts that would have to be known to tell the incident's group from those it may also belong to. */
  undecided(facts: Facts): string[] {
    if (!this.areMixed) return [];
    const mask = this.#maskOf(facts);
    let differing = 0;
    for (const { held, mask: other } of this.#possible(facts)) if (!held.isEmpty) differing |= mask ^ other;
    return this.fields.filter((_field, index) => (differing & (1 << index)) !== 0).map((field) => factOf[field]);
  }

  /** Are there members that may belong to more than one group? */
  get areMixed(): boolean {
    return (this.#masks & (this.#masks - 1)) !== 0;
  }

  #possible(facts: Facts): { held: T; mask: number }[] {
    const mask = this.#maskOf(facts);
    const values = this.#reads.map((read) => read(facts));
    const found: { held: T; mask: number }[] = [];
    for (let other = 0; other < 1 << this.fields.length; other++) {
      if (other === mask || (this.#masks & (1 << other)) === 0) continue;
      const shared = mask & other;
      const held =
        shared === other
          ? this.#groups.get(keyOf(values.map((value, index) => ((shared & (1 << index)) === 0 ? "" : value))))?.held
          : this.#parts.get(partKey(other, shared, values));
      if (held === undefined) continue;
      held.moveTo(facts.day);
      found.push({ held, mask: other });
    }
    return found;
  }

  /** Note a mask, and when it is the first to differ, build the parts that were not needed until now. */
  #meet(mask: number): void {
    const wasMixed = this.areMixed;
    this.#masks |= 1 << mask;
    if (!wasMixed && this.areMixed) {
      const parts = new Set<T>();
      for (const group of this.#groups.values()) {
        for (const part of properParts(group.mask)) {
          const held = this.#part(group.mask, part, group.values);
          held.absorb(group.held);
          parts.add(held);
        }
      }
      for (const held of parts) held.settle();
    }
  }

  #sweep(day: number): void {
    for (const [key, { held }] of this.#groups) {
      held.moveTo(day);
      if (held.isEmpty) this.#groups.delete(key);
    }
    for (const [key, held] of this.#parts) {
      held.moveTo(day);
      if (held.isEmpty) this.#parts.delete(key);
    }
    this.#sweepAt = Math.max(SWEEP_FROM, this.#groups.size * 2);
  }

  #part(mask: number, part: number, values: readonly string[]): T {
    const key = partKey(mask, part, values);
    let held = this.#parts.get(key);
    if (held === undefined) this.#parts.set(key, (held = this.#make()));
    return held;
  }

  #maskOf(facts: Facts): number {
    let mask = 0;
    for (let index = 0; index < this.#reads.length; index++) if (this.#reads[index]!(facts) !== "") mask |= 1 << index;
    return mask;
  }

  #keyOf(facts: Facts): string {
    const reads = this.#reads;
    return reads.length === 1 ? reads[0]!(facts) : keyOf(reads.map((read) => read(facts)));
  }
}

export function isSameGroup(a: Facts, b: Facts, fields: readonly Grouping[]): boolean {
  return fields.every((field) => readers[field](a) === readers[field](b));
}

/** Lengths keep values apart that hold the separator. */
function keyOf(values: readonly string[]): string {
  if (values.length === 1) return values[0]!;
  let key = "";
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}

function partKey(mask: number, part: number, values: readonly string[]): string {
  return `${mask}:${part}:${keyOf(values.filter((_value, index) => (part & (1 << index)) !== 0))}`;
}

/** Every set of fields that is smaller than the mask and within it. */
function properParts(mask: number): number[] {
  const parts: number[] = [];
  for (let part = mask; part !== 0;) {
    part = (part - 1) & mask;
    parts.push(part);
  }
  return parts;
}
