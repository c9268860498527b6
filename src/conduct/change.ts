/**
 * One thing imagined to be different, as data, and how it is applied to a case: the same incidents and facts but for that. Pure.
 * Next: what-if.ts proposes changes and judges again, change-words.ts says them.
 */
import type { CaseContext, Notice } from "./case.ts";
import type { Code, Rule } from "./code.ts";
import type { Incident } from "./incident.ts";
import { instantOf, zoneNamed } from "./zone.ts";

/** The facts of an incident that a change replaces by one other value. */
export type ChangedField =
  | "channel"
  | "direction"
  | "contacted"
  | "place"
  | "outcome"
  | "purpose"
  | "automated"
  | "collectorKind"
  | "visitors"
  | "disclosed"
  | "acts";
/** The facts of a case that a change replaces. */
export type ChangedCaseFact =
  "lenderKind" | "respondentKind" | "daysPastDue" | "reachable" | "debtLawful" | "employerForbids";

export type Change =
  | { readonly kind: "field"; readonly field: ChangedField; readonly to: Incident[ChangedField] }
  /** At exactly this instant (ISO with offset); `names` is what a person would say is different. */
  | { readonly kind: "moment"; readonly names: "time" | "date"; readonly to: string }
  /** Nothing of it was ticked, and its words are not read. */
  | { readonly kind: "no-acts" }
  /** These other incidents had not happened. */
  | { readonly kind: "without"; readonly ids: readonly string[] }
  /** What came of these other incidents. */
  | { readonly kind: "outcomes"; readonly ids: readonly string[]; readonly to: NonNullable<Incident["outcome"]> }
  /** So many more contacts like it had gone before on the same day. */
  | { readonly kind: "more"; readonly times: number }
  /** A conversation with the same collector about the same debt the day before. */
  | { readonly kind: "earlier" }
  | { readonly kind: "without-notices"; readonly ids: readonly string[] }
  | { readonly kind: "notice"; readonly notice: Notice }
  | { readonly kind: "case"; readonly fact: ChangedCaseFact; readonly to: CaseContext[ChangedCaseFact] };

export interface Imagined {
  context: CaseContext;
  incidents: readonly Incident[];
}

/** A case, and the incident and rule in question. */
export interface Question {
  readonly code: Code;
  readonly rule: Rule;
  readonly context: CaseContext;
  /** Those that the rule's window reaches from the incident, and {@link MOVED_DAYS} days to either side; more do no harm. */
  readonly incidents: readonly Incident[];
  readonly id: string;
}

/** A date is imagined otherwise by at most so many days. */
export const MOVED_DAYS = 7;
const DAY_SECONDS = 86_400;
/** Sorts before every id that people and programs give, so that what went before is judged before. */
const imaginedId = (n: number): string => `\u0001${n}`;

/** The case as it would be; `id` is the incident that the change is about. Nothing given is altered. */
export function imagine(change: Change, { context, incidents }: Imagined, id: string): Imagined {
  const changed = (make: (incident: Incident) => Incident, ids: readonly string[] = [id]): Imagined => {
    const which = new Set(ids);
    return { context, incidents: incidents.map((one) => (which.has(one.id) ? make(one) : one)) };
  };
  switch (change.kind) {
    case "field":
      return changed((one) => ({ ...one, [change.field]: change.to }));
    case "moment":
      return changed((one) => ({ ...one, happenedAt: change.to, precision: "exact" }));
    case "no-acts":
      return changed(({ said: _said, account: _account, ...one }) => ({ ...one, acts: [] }));
    case "outcomes":
      return changed((one) => ({ ...one, outcome: change.to }), change.ids);
    case "without": {
      const gone = new Set(change.ids);
      return { context, incidents: incidents.filter((one) => !gone.has(one.id)) };
    }
    case "more":
      return { context, incidents: [...copies(change.times, incidents, id), ...incidents] };
    case "earlier": {
      const before = copies(1, incidents, id).map((one) => dayEarlier(one, context));
      return { context, incidents: [...before, ...incidents] };
    }
    case "without-notices": {
      const gone = new Set(change.ids);
      return { context: { ...context, notices: context.notices?.filter((one) => !gone.has(one.id)) ?? [] }, incidents };
    }
    case "notice":
      return { context: { ...context, notices: [...(context.notices ?? []), change.notice] }, incidents };
    default:
      return { context: { ...context, [change.fact]: change.to }, incidents };
  }
}

function copies(times: number, incidents: readonly Incident[], id: string): Incident[] {
  const incident = incidents.find((one) => one.id === id);
  if (incident === undefined) return [];
  return Array.from({ length: times }, (_, n) => ({ ...incident, id: imaginedId(n) }));
}

function dayEarlier(incident: Incident, { zone }: CaseContext): Incident {
  const at = instantOf(incident.happenedAt, zoneNamed(zone)) - DAY_SECONDS * 1000;
  return { ...incident, happenedAt: new Date(at).toISOString(), precision: "exact", outcome: "conversation" };
}
