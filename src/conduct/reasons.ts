/**
 * Why a rule does not match, in one word each: the first thing that stands against it. Public: `why` of a no-match line.
 * Next: why-not.ts finds the word, finding.ts carries it.
 */
import type { ConditionKey } from "./condition-answers.ts";

export const reasons = [
  "off",
  "not-in-force",
  "lender",
  "collector",
  "direction",
  "channel",
  "person",
  "outcome",
  "purpose",
  "time",
  "count",
  "earlier-contact",
  "notice",
  "acts",
  "told",
  "case",
  "other",
  "exception",
] as const;
export type Reason = (typeof reasons)[number];

/** Complete over the vocabulary: a new condition does not compile until it has a reason. */
export const reasonOf: Record<ConditionKey, Reason> = {
  direction: "direction",
  channel: "channel",
  contacted: "person",
  place: "person",
  outcome: "outcome",
  purpose: "purpose",
  automated: "other",
  collectorKind: "collector",
  localTime: "time",
  weekday: "time",
  publicHoliday: "time",
  acts: "acts",
  disclosed: "told",
  visitors: "other",
  lenderKind: "lender",
  respondentKind: "collector",
  daysPastDue: "case",
  reachable: "case",
  debtLawful: "case",
  employerForbids: "case",
  person: "other",
  count: "count",
  coolDown: "earlier-contact",
  firstContact: "earlier-contact",
  afterNotice: "notice",
  agreed: "notice",
};
