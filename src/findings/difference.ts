/**
 * What a new judgement makes different from the stored one: which rows to write, and what a person would call appeared, changed or gone.
 * Pure. It must not know SQL. Next: judge-case.ts (who asks), change-store.ts (who keeps the answer).
 */
import type { Finding } from "../conduct/finding.ts";
import { type Difference, type FindingChange, type KeptOutcome, saysTheSame } from "./finding.ts";
import type { Rest } from "./rest.ts";

export interface StoredFinding {
  incidentId: string;
  rule: string;
  outcome: KeptOutcome;
  /** When its incident happened, epoch milliseconds. */
  happenedAt: number;
  /** The finding as JSON text; equal text = equal finding. */
  json: string;
}
export interface NewFinding extends StoredFinding {
  finding: Finding;
}

/** A finding to write, and what stands in its place until then. */
export interface Written {
  fresh: NewFinding;
  old: StoredFinding | null;
}

export interface Compared {
  /** New findings, and those of which anything at all is different. */
  written: Written[];
  deleted: StoredFinding[];
  difference: Difference;
}

/** By how much the number of stored findings of each rule and outcome grows or shrinks; those that stay are absent. */
export function growthOf(
  written: readonly Written[],
  deleted: readonly StoredFinding[],
): { rule: string; outcome: KeptOutcome; by: number }[] {
  const grown = new Map<string, { rule: string; outcome: KeptOutcome; by: number }>();
  const count = ({ rule, outcome }: StoredFinding, by: number) => {
    const key = `${rule} ${outcome}`;
    const known = grown.get(key);
    if (known === undefined) grown.set(key, { rule, outcome, by });
    else known.by += by;
  };
  for (const { fresh, old } of written) {
    count(fresh, 1);
    if (old !== null) count(old, -1);
  }
  for (const finding of deleted) count(finding, -1);
  return [...grown.values()].filter(({ by }) => by !== 0);
}

/** Findings compared before others get a turn. */
const PART = 1000;

/** Both of the same stretch of a case. Two chosen codes may share a rule; the first one judged has it. */
export async function compare(
  stored: readonly StoredFinding[],
  judged: readonly NewFinding[],
  rest?: Rest,
): Promise<Compared> {
  const before = new Map(stored.map((finding) => [keyOf(finding), finding]));
  const seen = new Set<string>();
  const compared: Compared = { written: [], deleted: [], difference: { appeared: [], changed: [], gone: [] } };
  const { written, deleted, difference } = compared;
  for (const fresh of judged) {
    const key = keyOf(fresh);
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size % PART === 0) await rest?.();
    const old = before.get(key) ?? null;
    if (old === null) {
      written.push({ fresh, old });
      difference.appeared.push(changeOf(fresh));
    } else if (old.json !== fresh.json || old.happenedAt !== fresh.happenedAt) {
      written.push({ fresh, old });
      if (old.json !== fresh.json && !saysTheSame(JSON.parse(old.json) as Finding, fresh.finding))
        difference.changed.push({ ...changeOf(fresh), was: old.outcome });
    }
  }
  for (const [key, finding] of before) {
    if (seen.has(key)) continue;
    deleted.push(finding);
    difference.gone.push(changeOf(finding));
  }
  return compared;
}

const keyOf = ({ incidentId, rule }: { incidentId: string; rule: string }): string => `${incidentId} ${rule}`;
const changeOf = ({ incidentId, rule, outcome }: StoredFinding): FindingChange => ({ incidentId, rule, outcome });
