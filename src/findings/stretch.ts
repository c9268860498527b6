/**
 * Stretches of a case: how far a change of incidents reaches by each rule, and the findings of such a part. It must not know what is stored.
 * Next: judge-case.ts.
 */
import type { Case } from "../cases/case.ts";
import { END_OF_TIME } from "../cases/store.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { type Judge, judgeInParts } from "../conduct/classify.ts";
import { DAY_MS } from "../conduct/zone.ts";
import type { Db } from "../platform/database.ts";
import type { NewFinding } from "./difference.ts";
import { type Around, firstIncidentsBefore, incidentsBetween, momentOf } from "./facts.ts";
import type { KeptOutcome } from "./finding.ts";
import type { Rest } from "./rest.ts";

/** A local day begins at most this long before any moment of it, in every zone and on the day the clock changes. */
const LONGEST_DAY = DAY_MS + 2 * 3_600_000;
/** Incidents judged before others get a turn, by codes of so many rules; of more rules fewer. */
const PART = 250;
const USUAL_RULES = 100;
/** Incidents of a stretch that are held in memory at once, beside those that its windows reach back to. */
const HELD = 20_000;

/** A part of a case to judge again, with all its rules or with some. Both ends are included. */
export interface Stretch {
  judge: Judge;
  span: { from: number; to: number };
  /** Undefined = all rules. */
  rules?: readonly string[];
  /** Of a piece of a longer stretch: how far contacts are read, because what follows on the same day counts too. */
  readTo?: number;
}

/**
 * What a change of incidents between two moments can reach: everything from the same local day (contacts of one day count together,
 * whichever came first) to the end of a rule's window; a rule that asks for a first contact has no end.
 */
export function stretchesOf(codes: CodeLibrary, matter: Case, changed: { from: number; to: number }): Stretch[] {
  const from = changed.from - LONGEST_DAY;
  const all = codes.judgeFor(matter.codes);
  if (changed.to + all.reach.days * DAY_MS >= END_OF_TIME) return [{ judge: all, span: { from, to: END_OF_TIME } }];
  return codes.judgesByReach(matter.codes).map(({ judge, rules }) => ({
    judge,
    rules,
    span: { from, to: judge.reach.wholePast ? END_OF_TIME : changed.to + judge.reach.days * DAY_MS + LONGEST_DAY },
  }));
}

/** The span of which {@link judgeStretch} reads every incident: the stretch, and what its rules' windows reach back to. */
export function spanRead({ judge, span, readTo }: Stretch): { from: number; to: number } {
  return { from: span.from - judge.reach.days * DAY_MS - LONGEST_DAY, to: readTo ?? span.to };
}

/** A stretch in pieces one after the other, so that what is held in memory does not grow with the case; nearly always one. */
export async function* piecesOf(db: Db, caseId: string, stretch: Stretch): AsyncGenerator<Stretch> {
  const { to } = stretch.span;
  for (let { from } = stretch.span; ;) {
    const end = await momentOf(db, caseId, { from, to }, HELD);
    if (end === null || end >= to) {
      yield { ...stretch, span: { from, to } };
      return;
    }
    yield { ...stretch, span: { from, to: end }, readTo: Math.min(to, end + 2 * LONGEST_DAY) };
    from = end + 1;
  }
}

/** How many times as much work an incident is as by the usual codes: people's own may have thousands of rules. */
export function weightOf({ codes }: Judge): number {
  const rules = codes.reduce((n, { compiled }) => n + compiled.rules.length, 0);
  return Math.max(1, rules / USUAL_RULES);
}

/** The findings of a stretch. */
export async function judgeStretch(
  db: Db,
  stretch: Stretch,
  caseId: string,
  around: Around,
  rest?: Rest,
): Promise<NewFinding[]> {
  const { judge, span } = stretch;
  const read = spanRead(stretch);
  const past = judge.reach.wholePast ? await firstIncidentsBefore(db, caseId, read.from, around) : [];
  const near = await incidentsBetween(db, caseId, read, around, rest);
  const moments = new Map(near.map(({ incident, happenedAt }) => [incident.id, happenedAt]));
  const incidents = [...past, ...near].map(({ incident }) => incident);
  const findings: NewFinding[] = [];
  for (const part of judgeInParts(judge, around.context, incidents, {
    from: span.from,
    size: Math.ceil(PART / weightOf(judge)),
  })) {
    for (const finding of part) {
      const happenedAt = moments.get(finding.incident) ?? 0;
      if (happenedAt > span.to) continue;
      findings.push({
        finding,
        incidentId: finding.incident,
        rule: finding.rule,
        outcome: finding.outcome as KeptOutcome,
        happenedAt,
        json: JSON.stringify(finding),
      });
    }
    await rest?.();
  }
  return findings;
}
