/**
 * Findings as the app keeps them: the public finding, the few facts of its incident that a list shows, and what a person said of it.
 * Pure. It must not know SQL or pages. Next: facts.ts (what judging reads), judge-case.ts (keeps the stored findings right), store.ts.
 */
import type { Finding, Quote } from "../conduct/finding.ts";
import type { Channel, Outcome, Precision } from "../conduct/vocabulary.ts";

export const verdicts = ["confirmed", "dismissed"] as const;
export type Verdict = (typeof verdicts)[number];

/** The outcomes that are kept; a rule that does not match leaves no finding. */
export const keptOutcomes = ["matches", "needs-review", "cannot-tell"] as const;
export type KeptOutcome = (typeof keptOutcomes)[number];

/** What a person said of a finding. It belongs to the incident and the rule, and outlives every new judgement. */
export interface Review {
  verdict: Verdict;
  reason: string | null;
  reviewedBy: string;
  /** Their name now. */
  reviewerName: string;
  /** Epoch milliseconds. */
  reviewedAt: number;
  /** The finding as it stood then, when it says something else now; null when it still says the same. */
  saidOf: Finding | null;
}

/** What a finding shows of an incident. */
export interface IncidentGlance {
  id: string;
  number: number;
  version: number;
  channel: Channel;
  direction: "incoming" | "outgoing";
  /** Epoch milliseconds. */
  happenedAt: number;
  precision: Precision;
  outcome: Outcome | null;
  contacted: string | null;
  /** Contract names of the facts that this incident does not say. */
  silentOn: ReadonlySet<string>;
}

export interface KeptFinding {
  finding: Finding & { outcome: KeptOutcome };
  incident: IncidentGlance;
  review: Review | null;
}

/** A finding that a new judgement brought, changed or took away; one that is gone with the outcome it had. */
export interface FindingChange {
  incidentId: string;
  rule: string;
  outcome: KeptOutcome;
}

/** What is different after judging again; each finding stands in one list. */
export interface Difference {
  appeared: FindingChange[];
  /** Same incident and rule, but another outcome, reason or counted set. */
  changed: (FindingChange & { was: KeptOutcome })[];
  gone: FindingChange[];
}

/** Would a person take two findings of one incident and rule for the same? A new version of a code that says the same is. */
export function saysTheSame(one: Finding, other: Finding): boolean {
  return (
    one.outcome === other.outcome &&
    one.basis === other.basis &&
    one.because.en === other.because.en &&
    sameList(one.counted, other.counted) &&
    sameList(one.missing, other.missing) &&
    sameList(one.quotes.map(quoted), other.quotes.map(quoted))
  );
}

const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);
const quoted = ({ incident, field, start, text }: Quote): string => JSON.stringify([incident, field, start, text]);
