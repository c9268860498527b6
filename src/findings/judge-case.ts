/**
 * Keeps the stored findings equal to what the facts give. Findings are pulled: whoever changes a fact marks stale when the incidents
 * concerned happened (cases.touch), and whoever shows findings calls `currentFindings` first, which judges again what that reaches and
 * says what is different.
 * It must not know what a rule says or how findings are shown. Next: facts.ts (what it reads), stretch.ts (how far a change reaches),
 * difference.ts (what is different), judgement-store.ts (what it writes).
 */
import { createHash } from "node:crypto";
import type { Case } from "../cases/case.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, getCase } from "../cases/store.ts";
import { codesOf } from "../codes/case-codes.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { headOf } from "../history/store.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db, Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { keepChanges } from "./change-store.ts";
import { type Compared, type NewFinding, type StoredFinding, type Written, compare, growthOf } from "./difference.ts";
import { type Around, countBetween, fingerprintOf, reachBack, readAround } from "./facts.ts";
import type { Difference } from "./finding.ts";
import {
  type JudgingState,
  addToCounts,
  claim,
  deleteFindings,
  lockForJudging,
  markJudged,
  putFindings,
  storedFindings,
} from "./judgement-store.ts";
import { type Rest, rest } from "./rest.ts";
import { type Stretch, judgeStretch, piecesOf, spanRead, stretchesOf, weightOf } from "./stretch.ts";

/** What judging needs of the services. */
export interface Bench {
  db: Db;
  codes: CodeLibrary;
  clock: Clock;
}

const NOTHING: Difference = { appeared: [], changed: [], gone: [] };
/** So many incidents are judged in one go, in some tens of milliseconds; more of them in parts, while the server answers others. */
const AT_ONCE = 1000;
/** Findings written in one transaction when there are many. */
const WRITTEN_AT_ONCE = 500;
/** How often a long judgement begins again because the case was changed meanwhile, before it makes everybody wait. */
const TRIES = 3;

/** The long judgements going on in this process: a second reader waits for the first one's. */
const goingOn = new WeakMap<Db, Map<string, Promise<void>>>();

/**
 * Makes sure that the stored findings of a case are what its facts give now; after it, read them from store.ts.
 * @returns what appeared, changed and is gone; nothing of it when nothing was stale, or when there is no such case.
 */
export async function currentFindings(bench: Bench, caseId: string): Promise<Difference> {
  const { db } = bench;
  const ofDatabase = goingOn.getOrInsertComputed(db, () => new Map<string, Promise<void>>());
  for (let tries = 1; ; tries++) {
    const found = await outdated(bench, caseId);
    if (found === null) return NOTHING;
    const other = ofDatabase.get(caseId);
    if (other !== undefined) {
      await other;
      continue;
    }
    if (tries > TRIES || (await isShort(db, found)))
      return db.transaction().execute((tx) => judgeAtOnce(tx, bench, caseId));
    if (ofDatabase.has(caseId)) continue;
    const mine = judgeInTransactions(bench, found);
    // How it went is said to whoever began it.
    ofDatabase.set(
      caseId,
      mine.then(
        () => {},
        () => {},
      ),
    );
    try {
      const difference = await mine;
      if (difference !== null) return difference;
    } finally {
      ofDatabase.delete(caseId);
    }
  }
}

/** A case whose stored findings are behind, and what has to be judged. */
interface Outdated {
  matter: Case;
  around: Around;
  stretches: Stretch[];
  judgedWith: string;
  /** The newest event of the history; every change of a fact adds one. */
  head: number;
}

/** @returns null when the findings are what the facts give. */
async function outdated(
  { db, codes: installed }: Pick<Bench, "db" | "codes">,
  caseId: string,
): Promise<Outdated | null> {
  const matter = await getCase(db, caseId);
  if (matter === null) return null;
  const codes = await codesOf({ db, codes: installed }, matter);
  const judgedWith = fingerprint(codes, matter);
  const whole = matter.judgedWith !== judgedWith;
  if (!whole && matter.staleFrom === null) return null;
  const { seq: head } = await headOf(db, caseId);
  const changed = whole
    ? { from: BEGINNING_OF_TIME, to: END_OF_TIME }
    : { from: await reachBack(db, caseId, matter.staleFrom ?? BEGINNING_OF_TIME), to: matter.staleTo ?? END_OF_TIME };
  return {
    matter,
    around: await readAround(db, matter),
    stretches: stretchesOf(codes, matter, changed),
    judgedWith,
    head,
  };
}

async function isShort(db: Db, { matter, stretches }: Outdated): Promise<boolean> {
  let incidents = 0;
  for (const stretch of stretches)
    incidents += (await countBetween(db, matter.id, spanRead(stretch))) * weightOf(stretch.judge);
  return incidents <= AT_ONCE;
}

/** What the facts give, beside what is stored. */
async function judged(db: Db, { matter, around, stretches }: Outdated, pause?: Rest): Promise<Compared> {
  let stored: StoredFinding[] = [];
  let found: NewFinding[] = [];
  for (const stretch of stretches) {
    for await (const piece of piecesOf(db, matter.id, stretch)) {
      stored = stored.concat(await storedFindings(db, matter.id, piece.span, piece.rules, pause));
      found = found.concat(await judgeStretch(db, piece, matter.id, around, pause));
    }
  }
  return compare(stored, found, pause);
}

/**
 * All in one transaction. Everything is read again behind the lock on the case: another process may have judged meanwhile. When it fails
 * half-way nothing is stored and the case stays stale.
 */
async function judgeAtOnce(tx: Tx, { codes, clock }: Bench, caseId: string): Promise<Difference> {
  const state = await lockForJudging(tx, caseId);
  const found = state === null ? null : await outdated({ db: tx, codes }, caseId);
  if (state === null || found === null) return NOTHING;
  const compared = await judged(tx, found);
  await write(tx, caseId, compared.written, compared.deleted);
  await finish(tx, found, state, compared, clock);
  return compared.difference;
}

/**
 * The same in parts: reading and judging without a lock, then writing in several transactions, each of which first makes sure that nobody
 * has changed the case or begun to judge it since. Whoever judges claims the case before; until the end everybody else takes all its
 * findings for outdated, so a judgement that was left half written (by a power cut, say) is never taken for a whole one.
 * @returns null when the case was changed or claimed meanwhile; what was written by then does no harm.
 */
async function judgeInTransactions({ db, clock }: Bench, found: Outdated): Promise<Difference | null> {
  const caseId = found.matter.id;
  const token = `judging ${newId(clock.now())}`;
  const claimed = await db.transaction().execute(async (tx) => {
    if ((await asBefore(tx, found, found.matter.judgedWith)) === null) return false;
    await claim(tx, caseId, token);
    return true;
  });
  if (!claimed) return null;
  const compared = await judged(db, found, rest);
  const { written, deleted } = compared;
  for (let from = 0; from < Math.max(deleted.length, written.length); from += WRITTEN_AT_ONCE) {
    const part = <T>(all: readonly T[]): T[] => all.slice(from, from + WRITTEN_AT_ONCE);
    const done = await db.transaction().execute(async (tx) => {
      if ((await asBefore(tx, found, token)) === null) return false;
      await write(tx, caseId, part(written), part(deleted));
      return true;
    });
    if (!done) return null;
    await rest();
  }
  return db.transaction().execute(async (tx) => {
    const state = await asBefore(tx, found, token);
    if (state === null) return null;
    await finish(tx, found, state, compared, clock);
    return compared.difference;
  });
}

/** Takes the case for writing if it is as it was when judging began, and claimed by `token`; null when it is not. */
async function asBefore(tx: Tx, { matter, head }: Outdated, token: string | null): Promise<JudgingState | null> {
  const state = await lockForJudging(tx, matter.id);
  if (state === null || state.judgedWith !== token) return null;
  const { seq } = await headOf(tx, matter.id);
  return state.staleFrom === matter.staleFrom && state.staleTo === matter.staleTo && seq === head ? state : null;
}

/** Writes findings, and their numbers with them. */
async function write(
  tx: Tx,
  caseId: string,
  written: readonly Written[],
  deleted: readonly StoredFinding[],
): Promise<void> {
  await deleteFindings(tx, caseId, deleted);
  await putFindings(
    tx,
    caseId,
    written.map(({ fresh }) => fresh),
  );
  await addToCounts(tx, caseId, growthOf(written, deleted));
}

async function finish(tx: Tx, found: Outdated, state: JudgingState, compared: Compared, clock: Clock): Promise<void> {
  const { matter, judgedWith, head } = found;
  await keepChanges(tx, matter.id, { at: clock.now(), afterHistory: state.judgedHistory, uptoHistory: head }, compared);
  await markJudged(tx, matter.id, { judgedWith, judgedHistory: head });
}

/** What all findings of the case were judged with; another one means that all are behind. */
function fingerprint(codes: CodeLibrary, matter: Case): string {
  return createHash("sha256")
    .update(`${codes.fingerprint(matter.codes)} ${fingerprintOf(matter)}`)
    .digest("hex");
}
