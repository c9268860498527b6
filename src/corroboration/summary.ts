/** Log and records of a case in numbers: how many contacts each tells of, how well they are backed, which days records cover. */
import type { Case } from "../cases/case.ts";
import type { SourceGroup } from "../incidents/sources/backing.ts";
import type { Db } from "../platform/database.ts";
import { type Difference, sumBackings } from "./backing-store.ts";
import { type Span, countBare, spansOf } from "./calls-store.ts";
import { countLeft } from "./left-store.ts";
import { countLoose } from "./recordings-store.ts";
import { bringUpToDate } from "./up-to-date.ts";

export interface Corroboration {
  /** Contacts of the log. */
  all: number;
  /** Logged by a person, and made from a record. */
  byHand: number;
  imported: number;
  /** Logged by a person and told of by a source, or by none. */
  both: number;
  onlyLog: number;
  /** In a kept record of a collector's number and in no log; and those that may be logged already, and those that surely are. */
  unlogged: number;
  maybe: number;
  unlinked: number;
  /** How many contacts are backed by 0, 1, 2 and 3 or more independent sources. */
  backed: [number, number, number, number];
  /** How many contacts each kind of source tells of. */
  groups: Record<SourceGroup, number>;
  /** How many contacts a source tells otherwise, in anything and in what. */
  differs: Record<"any" | Difference, number>;
  /** Logged calls with a time of day that no record shows: on days that a record covers, and on days that none does. */
  unshown: number;
  uncovered: number;
  /** Recordings that belong to no contact. */
  loose: number;
  /** From when to when records reach, those that touch as one. */
  spans: Span[];
}

export async function corroborationOf(db: Db, matter: Case, now: number): Promise<Corroboration> {
  await bringUpToDate(db, matter, now);
  const spans = await spansOf(db, matter.id);
  const sums = await sumBackings(db, matter.id);
  const left = await countLeft(db, matter.id);
  const bare = await countBare(db, matter.id, spans);
  const count = (which: (sum: (typeof sums)[number]) => boolean) =>
    sums.filter(which).reduce((all, sum) => all + sum.count, 0);
  const backedBy = (sources: number) => count((sum) => Math.min(3, sum.sources.length) === sources);
  const told = (group: SourceGroup) => count(({ sources }) => sources.includes(group));
  const differs = (about: Difference) => count((sum) => sum.differs.includes(about));
  return {
    all: count(() => true),
    byHand: count(({ made }) => !made),
    imported: count(({ made }) => made),
    both: count(({ made, sources }) => !made && sources.length > 0),
    onlyLog: count(({ made, sources }) => !made && sources.length === 0),
    unlogged: left.unlogged,
    maybe: left.maybe,
    unlinked: left.logged,
    backed: [backedBy(0), backedBy(1), backedBy(2), backedBy(3)],
    groups: { phone: told("phone"), carrier: told("carrier"), file: told("file"), messages: told("messages") },
    differs: {
      any: count((sum) => sum.differs.length > 0),
      time: differs("time"),
      duration: differs("duration"),
      number: differs("number"),
    },
    unshown: bare.covered,
    uncovered: bare.uncovered,
    loose: await countLoose(db, matter.id),
    spans: joined(spans),
  };
}

/** Spans of one kind, channel and phone that overlap are one. */
export function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.findLast(
      (one) => one.kind === span.kind && one.channel === span.channel && one.contacted === span.contacted,
    );
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else found.push({ ...span });
  }
  return found;
}

/** The sums of log and records in the order of the page and of the dossier. */
export const countRows = (counts: Corroboration): [key: string, value: number][] => [
  ["all", counts.all],
  ["byHand", counts.byHand],
  ["both", counts.both],
  ["onlyLog", counts.onlyLog],
  ["imported", counts.imported],
  ["unlogged", counts.unlogged],
  ["maybe", counts.maybe],
  ["unshown", counts.unshown],
  ["uncovered", counts.uncovered],
  ["loose", counts.loose],
  ["differs", counts.differs.any],
];
