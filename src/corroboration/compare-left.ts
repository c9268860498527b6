/**
 * Records that an import left out, compared with the log as it is now: whose number it was may be known only since, and a call may have
 * been logged by hand since. One walk over records and log side by side in the order of time, a page at a time: over everything, or over
 * the stretches round what changed. A stretch ends where for a while neither a contact nor a collector's record lies, so that nothing in
 * it can be told by anything outside. Next: left-store.ts, ../imports/duplicates.ts.
 */
import { setImmediate } from "node:timers/promises";
import type { Case } from "../cases/case.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, listCollectors } from "../cases/store.ts";
import { asKnown, contactsOf } from "../imports/compare.ts";
import { KnownContacts, REACH_MS } from "../imports/duplicates.ts";
import { type NumberKey, numberKeys } from "../imports/numbers.ts";
import { loggedNumbers } from "../incidents/sources/store.ts";
import type { Db } from "../platform/database.ts";
import { type LeftRecord, type Place, type Standing, type Verdict, leftBetween, markLeft } from "./left-store.ts";
import { momentsBeside, momentsOfNumbers, ownersInRecords } from "./stale-store.ts";

const ROWS = 1000;
/** More places than this that changed: everything is gone through once instead. */
const MOST_STRETCHES = 40;
const BESIDE = 200;

/** From the first to the last moment, both included; epoch milliseconds. */
interface Stretch {
  from: number;
  to: number;
}

/** @param moments where something changed; "all" = everywhere. Records of numbers that have another owner now are found here. */
export async function compareLeft(db: Db, matter: Case, moments: readonly number[] | "all"): Promise<void> {
  const keys = numberKeys(matter.country);
  const owners = await ownersOf(db, matter.id, keys);
  const stretches = moments === "all" ? null : await stretchesRound(db, matter.id, owners, moments);
  for (const stretch of stretches ?? [{ from: BEGINNING_OF_TIME, to: END_OF_TIME }])
    await walk(db, matter.id, stretch, { owners, keys });
}

/** Null when there are too many. */
async function stretchesRound(
  db: Db,
  caseId: string,
  owners: Owners,
  moments: readonly number[],
): Promise<Stretch[] | null> {
  const others = (await ownersInRecords(db, caseId)).filter(({ number, other, collectorId }) => {
    const owner = owners.get(number);
    return other ? owner !== undefined : owner !== collectorId;
  });
  const numbers = [...new Set(others.map(({ number }) => number))];
  if (numbers.length > MOST_STRETCHES) return null;
  const all = [...moments, ...(await momentsOfNumbers(db, caseId, numbers, MOST_STRETCHES + 1))];
  if (all.length > MOST_STRETCHES) return null;
  const stretches: Stretch[] = [];
  for (const at of all.toSorted((a, b) => a - b)) {
    const last = stretches.at(-1);
    const [from, to] = [await quietFrom(db, caseId, at, "back"), await quietFrom(db, caseId, at, "forward")];
    if (last !== undefined && from <= last.to + REACH_MS) last.to = Math.max(last.to, to);
    else stretches.push({ from, to });
  }
  return stretches;
}

/** The last moment of those that hang together with this one, each within reach of the next. */
async function quietFrom(db: Db, caseId: string, at: number, way: "back" | "forward"): Promise<number> {
  let reached = at;
  for (let start = at; ;) {
    const beside = await momentsBeside(db, caseId, start, way, BESIDE);
    for (const moment of beside) {
      if (Math.abs(moment - reached) > REACH_MS) return reached;
      reached = moment;
    }
    if (beside.length < BESIDE) return reached;
    // So many in one moment: go on beside it.
    start = reached !== start ? reached : reached + (way === "back" ? -1 : 1);
  }
}

async function walk(
  db: Db,
  caseId: string,
  stretch: Stretch,
  { owners, keys }: { owners: Owners; keys: NumberKey },
): Promise<void> {
  const known = new KnownContacts();
  // Files are told apart across imports by a number of their own.
  const files = new Map<string, number>();
  let log: ReturnType<typeof contactsOf> | null = null;
  let next: Awaited<ReturnType<ReturnType<typeof contactsOf>["next"]>> | null = null;
  for (let after: Place | null = null; ;) {
    const records: LeftRecord[] = await leftBetween(db, caseId, stretch, after, ROWS);
    const changed: Verdict[] = [];
    for (const record of records) {
      const owner = record.number === null ? undefined : owners.get(record.number);
      if (owner === undefined) {
        push(changed, record, { standing: "other", knownId: null, apart: null, collectorId: null });
        continue;
      }
      if (log === null) {
        log = contactsOf(db, caseId, {
          from: record.happenedAt - REACH_MS,
          to: Math.min(stretch.to + REACH_MS, END_OF_TIME),
        });
        next = await log.next();
      }
      while (next !== null && next.done !== true && next.value.happenedAt <= record.happenedAt + REACH_MS) {
        known.admit(asKnown(next.value, keys));
        next = await log.next();
      }
      const file = files.getOrInsertComputed(`${record.importId} ${record.file}`, () => files.size + 1);
      push(changed, record, { ...verdictOf(record, file, owner, known), collectorId: owner });
    }
    await markLeft(db, caseId, changed);
    after = records.at(-1) ?? null;
    if (after === null || records.length < ROWS) return;
    // Others wait for pages meanwhile.
    await setImmediate();
  }
}

function verdictOf(
  record: LeftRecord,
  file: number,
  owner: string | null,
  known: KnownContacts,
): Omit<Verdict, keyof Place | "collectorId"> {
  const candidate = {
    at: record.happenedAt,
    precision: record.precision,
    channel: record.channel,
    direction: record.direction,
    durationSeconds: record.durationSeconds,
    words: record.said,
    collectorId: owner,
    number: record.number,
    kind: record.kind,
    file,
  };
  const match = known.match(candidate);
  if (match === null) {
    known.admit({
      ...candidate,
      id: "",
      number: null,
      numbers: record.number === null ? [] : [record.number],
      tellings: [{ kind: record.kind, at: record.happenedAt, durationSeconds: record.durationSeconds }],
      row: record.row,
    });
    return { standing: "unlogged", knownId: null, apart: null };
  }
  if (match.known.file !== null) return { standing: "again", knownId: null, apart: null };
  const standing: Standing = match.certain ? "logged" : "maybe";
  return { standing, knownId: match.known.id, apart: Math.round(Math.abs(match.known.at - record.happenedAt) / 1000) };
}

/** Only what is different is written. */
function push(changed: Verdict[], record: LeftRecord, verdict: Omit<Verdict, "importId" | "file" | "row">): void {
  const same =
    record.standing === verdict.standing &&
    record.knownId === verdict.knownId &&
    record.apart === verdict.apart &&
    record.collectorId === verdict.collectorId;
  if (!same) changed.push({ importId: record.importId, file: record.file, row: record.row, ...verdict });
}

/** Whose numbers are known in the case: those of collectors, and those that logged contacts came from (null = nobody knows whose). */
type Owners = ReadonlyMap<string, string | null>;

async function ownersOf(db: Db, caseId: string, keys: NumberKey): Promise<Owners> {
  const owners = new Map<string, string | null>();
  for (const { number, collectorId } of await loggedNumbers(db, caseId)) {
    const key = keys(number);
    owners.set(key, owners.get(key) ?? collectorId);
  }
  for (const { id, handles } of await listCollectors(db, caseId))
    for (const { value } of handles) owners.set(keys(value), id);
  return owners;
}
