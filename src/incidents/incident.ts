/**
 * One contact or attempt as this installation keeps it: what a person says happened, and when they said so. Pure.
 * It must not know SQL, forms or findings. Next: moment.ts (a written time), form.ts (the form), store.ts (the rows), log-incident.ts.
 */
import type {
  Act,
  Channel,
  Outcome,
  Precision,
  contactedPersons,
  directions,
  disclosures,
  places,
  purposes,
} from "../conduct/vocabulary.ts";

export type Contacted = (typeof contactedPersons)[number];
export type Direction = (typeof directions)[number];
export type Disclosure = (typeof disclosures)[number];
export type Place = (typeof places)[number];
export type Purpose = (typeof purposes)[number];

/** What a person may say about a contact, and correct later. Null = not said. */
export interface IncidentFacts {
  channel: Channel;
  direction: Direction;
  /** Epoch milliseconds; for precision `day` and `month` the first moment of the local day or month. */
  happenedAt: number;
  precision: Precision;
  contacted: Contacted | null;
  outcome: Outcome | null;
  durationSeconds: number | null;
  purpose: Purpose | null;
  automated: boolean | null;
  place: Place | null;
  fromNumber: string | null;
  calledNumber: string | null;
  collectorId: string | null;
  debtId: string | null;
  /** What the person ticked. */
  acts: Act[];
  /** The collector's words, verbatim. */
  said: string | null;
  /** The borrower's own telling. */
  account: string | null;
  /** What was told; null = not known, [] = nothing of the list. */
  disclosed: Disclosure[] | null;
  /** People at a visit. */
  visitors: number | null;
}

export interface Incident extends IncidentFacts {
  id: string;
  /** The human number, as in "Incident 12". */
  number: number;
  version: number;
  loggedBy: string;
  loggedAt: number;
  /** Moved to the bin then; null = not. */
  removedAt: number | null;
}

/** Every fact, in the order in which the form asks and a page shows them. */
export const factNames = [
  "channel",
  "happenedAt",
  "precision",
  "contacted",
  "direction",
  "outcome",
  "durationSeconds",
  "purpose",
  "automated",
  "place",
  "fromNumber",
  "calledNumber",
  "collectorId",
  "debtId",
  "said",
  "acts",
  "disclosed",
  "visitors",
  "account",
] as const satisfies readonly (keyof IncidentFacts)[];
export type FactName = (typeof factNames)[number];

export interface Change {
  from: unknown;
  to: unknown;
}
export type Changes = Partial<Record<FactName, Change>>;

/** What differs between two tellings; lists are compared as they are (a form always sends them in the same order). */
export function changesBetween(before: IncidentFacts, after: IncidentFacts): Changes {
  const changed = factNames.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, { from: before[name], to: after[name] }]));
}

/** The facts before some changes. */
export function undo<T extends IncidentFacts>(facts: T, changes: Changes): T {
  const before = Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, change.from]));
  return { ...facts, ...before };
}

/** Two people changed the same telling: what this person changed stays theirs, everything else is as the other left it. */
export function merge(base: IncidentFacts, mine: IncidentFacts, stored: IncidentFacts): IncidentFacts {
  const changed = Object.fromEntries(
    Object.entries(changesBetween(base, mine)).map(([name, change]) => [name, change.to]),
  );
  return { ...stored, ...changed };
}
