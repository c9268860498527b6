/**
 * What a new judgement makes different from the stored one: which rows to write, and what a person would call appeared, changed or gone.
 * Pure. It must not know SQL. Next: judge-case.ts (who asks), change-store.ts (who keeps the answer).
 */
import type { Finding } from "../conduct/finding.ts";
import { type Difference, type FindingChange, type KeptOutcome, saysTheSame } from "./finding.ts";

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

export interface Compared {
  /** New findings, and those of which anything at all is different. */
  written: NewFinding[];
  /** What stood in the place of a written one. */
  replaced: StoredFinding[];
  deleted: StoredFinding[];
  difference: Difference;
  /** By how much the number of stored findings of a rule and outcome grows or shrinks; those that stay are absent. */
  counts: { rule: string; outcome: KeptOutcome; by: number }[];
}

/** Both of the same stretch of a case. Two chosen codes may share a rule; the first one judged has it. */
export function compare(stored: readonly StoredFinding[], judged: readonly NewFinding[]): Compared {
  const before = new Map(stored.map((finding) => [keyOf(finding), finding]));
  const seen = new Set<string>();
  const compared: Compared = {
    written: [],
    replaced: [],
    deleted: [],
    difference: { appeared: [], changed: [], gone: [] },
    counts: [],
  };
  const { written, replaced, deleted, difference } = compared;
  const grown = new Map<string, { rule: string; outcome: KeptOutcome; by: number }>();
  const count = ({ rule, outcome }: StoredFinding, by: number) => {
    const key = `${rule} ${outcome}`;
    const known = grown.get(key);
    if (known === undefined) grown.set(key, { rule, outcome, by });
    else known.by += by;
  };
  for (const finding of judged) {
    const key = keyOf(finding);
    if (seen.has(key)) continue;
    seen.add(key);
    const old = before.get(key);
    if (old === undefined) {
      written.push(finding);
      difference.appeared.push(changeOf(finding));
      count(finding, 1);
      continue;
    }
    if (old.json === finding.json && old.happenedAt === finding.happenedAt) continue;
    written.push(finding);
    replaced.push(old);
    if (old.outcome !== finding.outcome) {
      count(old, -1);
      count(finding, 1);
    }
    if (old.json !== finding.json && !saysTheSame(JSON.parse(old.json) as Finding, finding.finding))
      difference.changed.push({ ...changeOf(finding), was: old.outcome });
  }
  for (const [key, finding] of before) {
    if (seen.has(key)) continue;
    deleted.push(finding);
    difference.gone.push(changeOf(finding));
    count(finding, -1);
  }
  compared.counts = [...grown.values()].filter(({ by }) => by !== 0);
  return compared;
}

const keyOf = ({ incidentId, rule }: { incidentId: string; rule: string }): string => `${incidentId} ${rule}`;
const changeOf = ({ incidentId, rule, outcome }: StoredFinding): FindingChange => ({ incidentId, rule, outcome });
