/**
 * Records that a person takes over: a call that nobody logged becomes a contact, one that was logged by hand is backed by its record, a
 * recording is put with its call. What is ticked happens in one transaction, each with its own event in the history.
 */
import type { By, Case } from "../cases/case.ts";
import { parseExhibitName } from "../evidence/evidence.ts";
import { linkEvidence } from "../evidence/link-evidence.ts";
import { getEvidence, waitForOthers } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import type { Contacted, IncidentFacts } from "../incidents/incident.ts";
import { logWithin } from "../incidents/log-incident.ts";
import { getIncident } from "../incidents/store.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { LeftRecord } from "./left-store.ts";
import { addSource, contactedOf, numberOfIncident, takeLeft } from "./take-over-store.ts";

/** A record by its place in its import. */
export interface RecordPlace {
  importId: string;
  file: number;
  row: number;
}

/** What came of it; what somebody else did a moment before is not counted. */
export interface TakenOver {
  logged: number;
  backed: number;
}

/** @param take become contacts. @param back tell of the contact they were found to match. */
export async function takeOver(
  db: Db,
  matter: Case,
  { take, back }: { take: readonly RecordPlace[]; back: readonly RecordPlace[] },
  by: By,
): Promise<TakenOver> {
  return db.transaction().execute(async (tx) => {
    await waitForOthers(tx, matter.id);
    const done: TakenOver = { logged: 0, backed: 0 };
    for (const place of take) {
      const found = await takeLeft(tx, matter.id, place);
      if (found === null) continue;
      await logRecord(tx, matter.id, found, by);
      done.logged += 1;
    }
    for (const place of back) {
      const found = await takeLeft(tx, matter.id, place);
      const number = found?.knownId == null ? null : await numberOfIncident(tx, matter.id, found.knownId);
      if (found === null || found.knownId === null || number === null) continue;
      await addSource(tx, matter.id, found.knownId, found, false);
      await tellOfSource(tx, matter.id, number, found, by);
      done.backed += 1;
    }
    return done;
  });
}

async function logRecord(tx: Tx, caseId: string, found: LeftRecord, by: By): Promise<void> {
  const contacted = await contactedOf(tx, caseId, found.importId);
  const form = { facts: factsOf(found, contacted), newCollector: null, held: [], draft: null };
  const { incident } = await logWithin(tx, caseId, form, [], by);
  await addSource(tx, caseId, incident.id, found, true);
  await tellOfSource(tx, caseId, incident.number, found, by);
}

/** The same facts that the import's commit gives an incident. */
function factsOf(found: LeftRecord, contacted: Contacted): IncidentFacts {
  const incoming = found.direction === "incoming";
  return {
    channel: found.channel,
    direction: found.direction,
    happenedAt: found.happenedAt,
    precision: found.precision,
    contacted: incoming ? contacted : null,
    outcome: found.outcome,
    durationSeconds: found.durationSeconds,
    purpose: null,
    automated: null,
    place: null,
    fromNumber: incoming ? found.number : found.own,
    calledNumber: incoming ? found.own : found.number,
    collectorId: found.collectorId,
    debtId: null,
    acts: [],
    said: incoming ? found.said : null,
    account: incoming ? null : found.said,
    disclosed: null,
    visitors: null,
  };
}

const tellOfSource = (tx: Tx, caseId: string, number: number, found: LeftRecord, by: By) =>
  record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: "incident.backed",
    subject: `incident:${number}`,
    detail: { files: [found.fileName], row: found.row, kind: found.kind },
  });

/** Puts exhibits with contacts, "A-7" with Incident 12. @returns how many. */
export async function attachRecordings(
  db: Db,
  caseId: string,
  pairs: readonly { exhibit: string; incident: number }[],
  by: By,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    let done = 0;
    for (const { exhibit, incident: number } of pairs) {
      const name = parseExhibitName(exhibit);
      const evidence = name === null ? null : await getEvidence(tx, caseId, name);
      const incident = await getIncident(tx, caseId, number);
      if (evidence === null || evidence.removedAt !== null || incident === null || incident.removedAt !== null)
        continue;
      await linkEvidence(tx, caseId, [evidence], { kind: "incident", id: incident.id, number }, by);
      done += 1;
    }
    return done;
  });
}
