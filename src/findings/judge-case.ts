/**
 * Keeps the stored findings equal to what the facts give. Findings are pulled: whoever changes a fact marks stale when the incidents
 * concerned happened (cases.touch), and whoever shows findings calls `currentFindings` first, which judges again what that reaches and
 * says what is different.
 * It must not know what a rule says or how findings are shown. Next: facts.ts (what it reads), difference.ts (what is different),
 * judgement-store.ts (what it writes).
 */
import { createHash } from "node:crypto";
import type { Case } from "../cases/case.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, getCase } from "../cases/store.ts";
import { codesOf } from "../codes/case-codes.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { type Judge, judgeSpan } from "../conduct/classify.ts";
import { DAY_MS } from "../conduct/zone.ts";
import { headOf } from "../history/store.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db, Tx } from "../platform/database.ts";
import { type Around, fingerprintOf, firstIncidentsBefore, incidentsBetween, reachBack, readAround } from "./facts.ts";
import { keepChanges } from "./change-store.ts";
import { type NewFinding, type StoredFinding, compare } from "./difference.ts";
import type { Difference, KeptOutcome } from "./finding.ts";
import {
  addToCounts,
  deleteFindings,
  lockForJudging,
  markJudged,
  putFindings,
  storedFindings,
} from "./judgement-store.ts";

/** What judging needs of the services. */
export interface Bench {
  db: Db;
  codes: CodeLibrary;
  clock: Clock;
}

/** A local day begins at most this long before any moment of it, in every zone and on the day the clock changes. */
const LONGEST_DAY = DAY_MS + 2 * 3_600_000;
const NOTHING: Difference = { appeared: [], changed: [], gone: [] };

/**
 * Makes sure that the stored findings of a case are what its facts give now; after it, read them from store.ts.
 * @returns what appeared, changed and is gone; nothing of it when nothing was stale, or when there is no such case.
 */
export async function currentFindings(bench: Bench, caseId: string): Promise<Difference> {
  const matter = await getCase(bench.db, caseId);
  if (matter === null) return NOTHING;
  const codes = await codesOf(bench, matter);
  if (matter.staleFrom === null && matter.judgedWith === fingerprint(codes, matter)) return NOTHING;
  return bench.db.transaction().execute((tx) => judgeAgain(tx, bench, caseId));
}

/**
 * Everything is read again inside the transaction, behind the lock on the case: another process may have judged meanwhile. When it
 * fails half-way nothing is stored and the case stays stale.
 */
async function judgeAgain(tx: Tx, bench: Bench, caseId: string): Promise<Difference> {
  const state = await lockForJudging(tx, caseId);
  const matter = state === null ? null : await getCase(tx, caseId);
  if (state === null || matter === null) return NOTHING;
  const codes = await codesOf({ db: tx, codes: bench.codes }, matter);
  const judgedWith = fingerprint(codes, matter);
  const whole = state.judgedWith !== judgedWith;
  if (!whole && state.staleFrom === null) return NOTHING;
  const around = await readAround(tx, matter);

  const changed = whole
    ? { from: BEGINNING_OF_TIME, to: END_OF_TIME }
    : {
        from: await reachBack(tx, caseId, state.staleFrom ?? BEGINNING_OF_TIME),
        to: state.staleTo ?? END_OF_TIME,
      };
  const stored: StoredFinding[] = [];
  const judged: NewFinding[] = [];
  for (const stretch of stretchesOf(codes, matter, changed)) {
    stored.push(...(await storedFindings(tx, caseId, stretch.span, stretch.rules)));
    judged.push(...(await judgeStretch(tx, stretch, matter, around)));
  }
  const compared = compare(stored, judged);
  await deleteFindings(tx, caseId, compared.deleted);
  await putFindings(tx, caseId, compared.written);
  await addToCounts(tx, caseId, compared.counts);
  const { seq } = await headOf(tx, caseId);
  await keepChanges(
    tx,
    caseId,
    { at: bench.clock.now(), afterHistory: state.judgedHistory, uptoHistory: seq },
    compared,
  );
  await markJudged(tx, caseId, { judgedWith, judgedHistory: seq });
  return compared.difference;
}

/** A part of a case to judge again, with all its rules or with some. Both ends are included. */
interface Stretch {
  judge: Judge;
  span: { from: number; to: number };
  /** Undefined = all rules. */
  rules?: readonly string[];
}

/**
 * What a change of incidents between two moments can reach: everything from the same local day (contacts of one day count together,
 * whichever came first) to the end of a rule's window; a rule that asks for a first contact has no end.
 */
function stretchesOf(codes: CodeLibrary, matter: Case, changed: { from: number; to: number }): Stretch[] {
  const from = changed.from - LONGEST_DAY;
  const all = codes.judgeFor(matter.codes);
  if (changed.to + all.reach.days * DAY_MS >= END_OF_TIME) return [{ judge: all, span: { from, to: END_OF_TIME } }];
  return codes.judgesByReach(matter.codes).map(({ judge, rules }) => ({
    judge,
    rules,
    span: { from, to: judge.reach.wholePast ? END_OF_TIME : changed.to + judge.reach.days * DAY_MS + LONGEST_DAY },
  }));
}

/** The findings of a stretch. Loads what the rules' windows reach back to, and no more. */
async function judgeStretch(tx: Tx, { judge, span }: Stretch, matter: Case, around: Around): Promise<NewFinding[]> {
  const windowFrom = span.from - judge.reach.days * DAY_MS - LONGEST_DAY;
  const past = judge.reach.wholePast ? await firstIncidentsBefore(tx, matter.id, windowFrom, around) : [];
  const near = await incidentsBetween(tx, matter.id, { from: windowFrom, to: span.to }, around);
  const moments = new Map(near.map(({ incident, happenedAt }) => [incident.id, happenedAt]));
  const findings = judgeSpan(
    judge,
    around.context,
    [...past, ...near].map(({ incident }) => incident),
    { from: span.from },
  );
  return findings.map((finding) => ({
    finding,
    incidentId: finding.incident,
    rule: finding.rule,
    outcome: finding.outcome as KeptOutcome,
    happenedAt: moments.get(finding.incident) ?? 0,
    json: JSON.stringify(finding),
  }));
}

/** What all findings of the case were judged with; another one means that all are behind. */
function fingerprint(codes: CodeLibrary, matter: Case): string {
  return createHash("sha256")
    .update(`${codes.fingerprint(matter.codes)} ${fingerprintOf(matter)}`)
    .digest("hex");
}
