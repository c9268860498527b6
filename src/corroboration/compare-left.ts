/**
 * Records that an import left out, compared with the log as it is now: whose number it was may be known only since, and a call may have
 * been logged by hand since. Pulled like findings: whoever shows records asks first, and nothing is done while the history stands still.
 * One walk over records and log side by side in the order of time, a page at a time. Next: store.ts, ../imports/duplicates.ts.
 */
import { setImmediate } from "node:timers/promises";
import type { Case } from "../cases/case.ts";
import { listCollectors } from "../cases/store.ts";
import { headOf } from "../history/store.ts";
import { asKnown, contactsOf } from "../imports/compare.ts";
import { KnownContacts, REACH_MS } from "../imports/duplicates.ts";
import { numberKeys } from "../imports/numbers.ts";
import { loggedNumbers } from "../incidents/sources/store.ts";
import type { Db } from "../platform/database.ts";
import {
  type LeftRecord,
  type Place,
  type Standing,
  type Verdict,
  comparedAt,
  leftAfter,
  markLeft,
  setCompared,
} from "./store.ts";

const ROWS = 1000;

export async function compareLeft(db: Db, matter: Case): Promise<void> {
  const { seq } = await headOf(db, matter.id);
  if ((await comparedAt(db, matter.id)) === seq) return;
  const keys = numberKeys(matter.country);
  const owners = await ownersOf(db, matter.id, keys);
  const known = new KnownContacts();
  // Files are told apart across imports by a number of their own.
  const files = new Map<string, number>();
  let log: ReturnType<typeof contactsOf> | null = null;
  let next: Awaited<ReturnType<ReturnType<typeof contactsOf>["next"]>> | null = null;
  for (let after: Place | null = null; ;) {
    const records: LeftRecord[] = await leftAfter(db, matter.id, after, ROWS);
    const changed: Verdict[] = [];
    for (const record of records) {
      const owner = record.number === null ? undefined : owners.get(record.number);
      if (owner === undefined) {
        push(changed, record, { standing: "other", knownId: null, apart: null, collectorId: null });
        continue;
      }
      if (log === null) {
        log = contactsOf(db, matter.id, { from: record.happenedAt - REACH_MS, to: Number.MAX_SAFE_INTEGER });
        next = await log.next();
      }
      while (next !== null && next.done !== true && next.value.happenedAt <= record.happenedAt + REACH_MS) {
        known.admit(asKnown(next.value, keys));
        next = await log.next();
      }
      const file = files.getOrInsertComputed(`${record.importId} ${record.file}`, () => files.size + 1);
      push(changed, record, { ...verdictOf(record, file, owner, known), collectorId: owner });
    }
    await markLeft(db, matter.id, changed);
    // Others wait for pages meanwhile.
    await setImmediate();
    after = records.at(-1) ?? null;
    if (after === null || records.length < ROWS) break;
  }
  await setCompared(db, matter.id, seq);
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
async function ownersOf(
  db: Db,
  caseId: string,
  keys: (written: string) => string,
): Promise<Map<string, string | null>> {
  const owners = new Map<string, string | null>();
  for (const { number, collectorId } of await loggedNumbers(db, caseId)) {
    const key = keys(number);
    owners.set(key, owners.get(key) ?? collectorId);
  }
  for (const { id, handles } of await listCollectors(db, caseId))
    for (const { value } of handles) owners.set(keys(value), id);
  return owners;
}
