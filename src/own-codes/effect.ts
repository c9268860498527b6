/**
 * What a changed code would do to the findings of a case: the whole case judged by it, nothing stored. It takes time in proportion to the
 * case and goes in steps, so that nobody else waits. Must not know pages. Next: effect-page.ts.
 */
import { setImmediate } from "node:timers/promises";
import type { Case } from "../cases/case.ts";
import { BEGINNING_OF_TIME } from "../cases/store.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { startStream } from "../conduct/stream.ts";
import { incidentsBetween, readAround } from "../findings/facts.ts";
import { type Bench, currentFindings } from "../findings/judge-case.ts";
import { type StandingFinding, momentsOf, standingFindings } from "./store.ts";

/** Contacts read at a time. */
const STEP = 200;
/** Milliseconds after which others get a turn: a code of many rules takes longer for each contact. */
const TURN_MS = 20;
/** Kept to be shown; counted are all. */
const MOST_SHOWN = 1000;

interface EffectLine {
  incidentId: string;
  rule: string;
  happenedAt: number;
  /** The outcome that stands; null where the finding would be new. */
  before: string | null;
  /** The outcome it would have; null where the finding would go. */
  after: string | null;
  /** The severities where they alone are different. */
  severity: { before: string; after: string } | null;
}

export interface Effect {
  contacts: number;
  appear: number;
  change: number;
  go: number;
  /** Newest contact first, at most a thousand. */
  lines: EffectLine[];
}

/**
 * @param candidate the library with the changed code in it.
 * @param codes the choice of codes to judge by.
 */
export async function effectOf(
  bench: Bench,
  matter: Case,
  candidate: CodeLibrary,
  codes: readonly string[],
): Promise<Effect> {
  await currentFindings(bench, matter.id);
  const around = await readAround(bench.db, matter);
  const judge = candidate.judgeFor(codes);
  const stream = judge.codes.length === 0 ? null : startStream(judge, { ...around.context, codes: [...codes] });
  const standing = new Map<string, StandingFinding>();
  const moments = new Map<string, number>();
  const effect: Effect = { contacts: 0, appear: 0, change: 0, go: 0, lines: [] };
  const seen = new Set<string>();

  const note = (line: EffectLine) => {
    effect[line.before === null ? "appear" : line.after === null ? "go" : "change"] += 1;
    effect.lines.push(line);
    // Pushed oldest first, except for those that go; cut now and then, for the newest are shown.
    if (effect.lines.length > 4 * MOST_SHOWN) effect.lines = newest(effect.lines);
  };
  const take = (findings: ReturnType<NonNullable<typeof stream>["push"]>) => {
    for (const { incident, rule, outcome, severity } of findings) {
      const key = `${incident} ${rule}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const stood = standing.get(key);
      standing.delete(key);
      const line = { incidentId: incident, rule, happenedAt: moments.get(incident) ?? 0, after: outcome };
      if (stood === undefined) note({ ...line, before: null, severity: null });
      else if (stood.outcome !== outcome) note({ ...line, before: stood.outcome, severity: null });
      else if (stood.severity !== severity)
        note({ ...line, before: stood.outcome, severity: { before: stood.severity, after: severity } });
    }
  };

  let from = BEGINNING_OF_TIME;
  let rested = performance.now();
  for (const to of await momentsOf(bench.db, matter.id, STEP)) {
    if (to < from) continue;
    for (const one of await standingFindings(bench.db, matter.id, { from, to })) standing.set(keyOf(one), one);
    const incidents = await incidentsBetween(bench.db, matter.id, { from, to }, around);
    effect.contacts += incidents.length;
    for (const { incident, happenedAt } of incidents) {
      moments.set(incident.id, happenedAt);
      if (stream !== null) take(stream.push(incident));
      if (performance.now() - rested < TURN_MS) continue;
      await setImmediate();
      rested = performance.now();
    }
    from = to + 1;
  }
  if (stream !== null) take(stream.end());
  for (const { incidentId, rule, outcome, happenedAt } of standing.values())
    note({ incidentId, rule, happenedAt, before: outcome, after: null, severity: null });
  effect.lines = newest(effect.lines);
  return effect;
}

const keyOf = ({ incidentId, rule }: { incidentId: string; rule: string }) => `${incidentId} ${rule}`;

const newest = (lines: readonly EffectLine[]): EffectLine[] =>
  lines.toSorted((a, b) => b.happenedAt - a.happenedAt || (a.rule < b.rule ? -1 : 1)).slice(0, MOST_SHOWN);
