/**
 * A case kept judged while it changes: adding, changing or removing one incident judges again only what lies in the windows it touches,
 * and always ends with the findings that judging everything would give. For a case held in memory (trying things out, imports);
 * a caller with a database judges spans instead, see judgeSpan in classify.ts.
 */
import type { CaseContext } from "./case.ts";
import { Bench, Courtroom, type Judge, type JudgeOptions, type Panel, type Reading } from "./classify.ts";
import { type Facts, inTimeOrder } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { Incident } from "./incident.ts";

/** What the codes of one panel make of the case. */
interface Desk {
  readonly panel: Panel;
  readonly index: number;
  /** The place of its clock in a reading. */
  readonly clock: number;
  /** For each tracker, the incidents that can make a difference to later ones, in time order. */
  readonly marks: Facts[][];
}

/** An incident as it was read, and its findings by panel. */
interface Entry {
  readonly facts: Reading;
  readonly findings: Finding[][];
}

export class LiveCase {
  readonly #judge: Judge;
  readonly #context: CaseContext;
  readonly #options: JudgeOptions;
  readonly #room: Courtroom;
  readonly #desks: readonly Desk[];
  readonly #entries: Entry[];
  readonly #byId = new Map<string, Entry>();

  constructor(judge: Judge, context: CaseContext, incidents: readonly Incident[], options: JudgeOptions = {}) {
    if (judge.codes.length === 0) throw new RangeError("a case is judged by at least one code");
    this.#judge = judge;
    this.#context = context;
    this.#options = options;
    this.#room = new Courtroom(judge, context);
    this.#entries = incidents.map((incident) => this.#entry(incident)).sort(byTime);
    for (const entry of this.#entries) this.#byId.set(entry.facts[0]!.id, entry);
    this.#desks = judge.panels.map((panel, index) => ({
      panel,
      index,
      clock: this.#room.clocks[index]!,
      marks: panel.trackers.map(() => []),
    }));
    for (const desk of this.#desks) this.#judgeFrom(desk, 0, Number.POSITIVE_INFINITY);
  }

  /** All findings, by time and then by the order of codes and rules, as judgeCase gives them. */
  get findings(): Finding[] {
    return this.#entries.flatMap((entry) => entry.findings.flat());
  }

  findingsOf(id: string): Finding[] {
    return this.#byId.get(id)?.findings.flat() ?? [];
  }

  /** Adds the incident, or puts it in the place of the one with its id. Says how many judgements that took. */
  put(incident: Incident): number {
    const old = this.#take(incident.id);
    const entry = this.#entry(incident);
    this.#entries.splice(this.#position(entry.facts[0]!), 0, entry);
    this.#byId.set(incident.id, entry);
    return this.#judgeAround(old === undefined ? [entry] : [old, entry]);
  }

  /** Removes the incident with this id, if there is one. Says how many judgements that took. */
  remove(id: string): number {
    const old = this.#take(id);
    return old === undefined ? 0 : this.#judgeAround([old]);
  }

  #entry(incident: Incident): Entry {
    return { facts: this.#room.read(incident), findings: this.#judge.panels.map(() => []) };
  }

  #take(id: string): Entry | undefined {
    const entry = this.#byId.get(id);
    if (entry === undefined) return undefined;
    this.#byId.delete(id);
    this.#entries.splice(this.#position(entry.facts[0]!), 1);
    return entry;
  }

  /** Where an incident stands, or would stand, in time order. */
  #position(facts: Facts): number {
    return firstFrom(this.#entries, facts, (entry) => entry.facts[0]!);
  }

  #judgeAround(changed: Entry[]): number {
    let judged = 0;
    // Earlier changes first: judging looks back only, so what it meets there is settled.
    changed.sort(byTime);
    for (const desk of this.#desks) {
      const bench = this.#room.benches[desk.index]!;
      const points = changed.map((entry) => entry.facts[desk.clock]!);
      const lastDays = points.map((facts) => facts.day + bench.reachOf(facts, desk.marks) - 1 + slack(bench));
      for (const facts of points) for (const marks of desk.marks) forget(marks, facts);
      points.forEach((facts, index) => {
        judged += this.#judgeFrom(desk, this.#position(facts), lastDays[index]!);
      });
    }
    return judged;
  }

  /** Judges the incidents from position `from` up to the local day `lastDay`; what went before is told by the marks it left. */
  #judgeFrom(desk: Desk, from: number, lastDay: number): number {
    const first = this.#entries[from]?.facts[desk.clock];
    if (first === undefined || first.day > lastDay) return 0;
    const bench = new Bench(desk.panel, this.#context);
    desk.panel.trackers.forEach((plan, tracker) => {
      const marks = desk.marks[tracker]!;
      const end = firstFrom(marks, first, itself);
      let start = end;
      while (start > 0 && first.day - marks[start - 1]!.day < plan.days + slack(bench)) start--;
      for (let i = start; i < end; i++)
        bench.around.trackers[tracker]!.feed(marks[i]!, plan.membership.judge(marks[i]!, bench.around));
    });
    const fresh: Facts[][] = desk.marks.map(() => []);
    let at = from;
    for (; at < this.#entries.length; at++) {
      const entry = this.#entries[at]!;
      const facts = entry.facts[desk.clock]!;
      if (facts.day > lastDay) break;
      const findings: Finding[] = [];
      bench.judge(facts, findings, this.#options.all, (tracker) => fresh[tracker]!.push(facts));
      entry.findings[desk.index] = findings;
    }
    const after = this.#entries[at]?.facts[desk.clock];
    desk.marks.forEach((marks, tracker) => {
      const start = firstFrom(marks, first, itself);
      const end = after === undefined ? marks.length : firstFrom(marks, after, itself);
      replace(marks, start, end, fresh[tracker]!);
    });
    return at - from;
  }
}

/**
 * Days without an hour keep the date as written. Where rules read the clock in another zone, time order and date order can differ by
 * one day, so one more is judged.
 */
function slack({ zones }: Bench): number {
  return zones.written === zones.judged ? 0 : 1;
}

const itself = (facts: Facts): Facts => facts;

function byTime(a: Entry, b: Entry): number {
  return inTimeOrder(a.facts[0]!, b.facts[0]!);
}

/** The index of the first item that is not before `facts` in time order. */
function firstFrom<T>(items: readonly T[], facts: Facts, factsOf: (item: T) => Facts): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (inTimeOrder(factsOf(items[middle]!), facts) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function forget(marks: Facts[], facts: Facts): void {
  const at = firstFrom(marks, facts, itself);
  if (marks[at] === facts) marks.splice(at, 1);
}

function replace(items: Facts[], start: number, end: number, fresh: readonly Facts[]): void {
  const tail = items.slice(end);
  items.length = start;
  for (const facts of fresh) items.push(facts);
  for (const facts of tail) items.push(facts);
}
