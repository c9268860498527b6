/** Log and records of a case in numbers: how many contacts each tells of, how well they are backed, which days records cover. */
import type { Case } from "../cases/case.ts";
import { contactOf, factsOfFile, localDays } from "../incidents/sources/backings.ts";
import { type SourceGroup, confidenceOf } from "../incidents/sources/backing.ts";
import type { Db } from "../platform/database.ts";
import { compareLeft } from "./compare-left.ts";
import { type Span, countBare, countLeft, countLoose, linkedFiles, spansOf, toldBy } from "./store.ts";

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
  /** Logged calls with a time of day that no record shows: on days that a record covers, and on days that none does. */
  unshown: number;
  uncovered: number;
  /** Recordings that belong to no contact. */
  loose: number;
  /** From when to when records reach, those that touch as one. */
  spans: Span[];
}

export async function corroborationOf(db: Db, matter: Case, now: number): Promise<Corroboration> {
  await compareLeft(db, matter);
  const spans = await spansOf(db, matter.id);
  const told = await toldBy(db, matter.id);
  await addFiles(db, matter, now, new Map(told.map(({ id, groups }) => [id, groups])));
  const left = await countLeft(db, matter.id);
  const bare = await countBare(db, matter.id, spans);
  const groups = { phone: 0, carrier: 0, file: 0, messages: 0 };
  const backed: Corroboration["backed"] = [0, 0, 0, 0];
  for (const one of told) {
    backed[Math.min(3, one.groups.size) as 0 | 1 | 2 | 3] += 1;
    for (const group of one.groups) groups[group] += 1;
  }
  const byHand = told.filter(({ imported }) => !imported);
  const both = byHand.filter((one) => one.groups.size > 0).length;
  return {
    all: told.length,
    byHand: byHand.length,
    imported: told.length - byHand.length,
    both,
    onlyLog: byHand.length - both,
    unlogged: left.unlogged,
    maybe: left.maybe,
    unlinked: left.logged,
    backed,
    groups,
    unshown: bare.covered,
    uncovered: bare.uncovered,
    loose: await countLoose(db, matter.id),
    spans: joined(spans),
  };
}

/** Recordings and pictures that people added themselves are sources where their names speak for the contact. */
async function addFiles(
  db: Db,
  matter: Case,
  now: number,
  groupsOf: ReadonlyMap<string, Set<SourceGroup>>,
): Promise<void> {
  const dayOf = localDays(matter.zone);
  for (const file of await linkedFiles(db, matter.id)) {
    const facts = factsOfFile(file.name, { zone: matter.zone, now });
    if (facts === null) continue;
    // As on the page of the contact: a recording with another time is a source that disagrees, a picture with another time is none.
    if (file.letter !== "B" || confidenceOf(contactOf(file), facts, dayOf) !== null) groupsOf.get(file.id)?.add("file");
  }
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
];
