/**
 * A contact is corrected, answered in one point, moved to the bin or brought back. What was said before stays in the history, old and new
 * side by side; whoever comes second is told what changed meanwhile.
 */
import type { By } from "../cases/case.ts";
import { touch } from "../cases/store.ts";
import { type ReceivedFile, exhibitName } from "../evidence/evidence.ts";
import { type Linked, linkEvidence } from "../evidence/link-evidence.ts";
import { takeHeld, waitForOthers } from "../evidence/store.ts";
import { listEvents, record } from "../history/store.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { IncidentForm } from "./form.ts";
import {
  type Change,
  type Changes,
  type FactName,
  type Incident,
  type IncidentFacts,
  changesBetween,
} from "./incident.ts";
import { introduce } from "./log-incident.ts";
import { getIncident, setRemoved, updateIncident } from "./store.ts";

export type Corrected =
  | { done: true; linked: Linked[] }
  /** Somebody else was first; `stored` is what they left. */
  | { done: false; stored: Incident };

/** @param incident as it was read before; `form.version` is the version the person had before their eyes. */
export async function correctIncident(
  db: Db,
  caseId: string,
  incident: Incident,
  form: Pick<IncidentForm, "facts" | "newCollector" | "held" | "version" | "reason">,
  files: readonly ReceivedFile[],
  by: By,
): Promise<Corrected> {
  return db.transaction().execute(async (tx) => {
    await waitForOthers(tx, caseId);
    const stored = await getIncident(tx, caseId, incident.number);
    if (stored === null || stored.removedAt !== null || stored.version !== form.version)
      return { done: false, stored: stored ?? incident };
    const facts =
      form.newCollector === null
        ? form.facts
        : { ...form.facts, collectorId: await introduce(tx, caseId, form.newCollector, form.facts, by) };
    const changes = changesBetween(stored, facts);
    if (Object.keys(changes).length > 0 && !(await change(tx, caseId, stored, facts, changes, form.reason, by))) {
      return { done: false, stored };
    }
    const all = [...(await takeHeld(tx, caseId, by.personId, form.held)), ...files];
    return { done: true, linked: await addFiles(tx, caseId, stored, all, by) };
  });
}

/** One open question answered ("was it answered?"), whatever else was changed meanwhile. @returns false when it was so already. */
export async function answerFact(
  db: Db,
  caseId: string,
  number: number,
  fact: Partial<IncidentFacts>,
  by: By,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await waitForOthers(tx, caseId);
    const stored = await getIncident(tx, caseId, number);
    if (stored === null || stored.removedAt !== null) return false;
    const facts = { ...stored, ...fact };
    const changes = changesBetween(stored, facts);
    return Object.keys(changes).length > 0 && (await change(tx, caseId, stored, facts, changes, null, by));
  });
}

async function change(
  tx: Tx,
  caseId: string,
  stored: Incident,
  facts: IncidentFacts,
  changes: Changes,
  reason: string | null,
  by: By,
): Promise<boolean> {
  if (!(await updateIncident(tx, caseId, stored.id, stored.version, facts))) return false;
  const moments = [stored.happenedAt, facts.happenedAt];
  await touch(tx, caseId, Math.min(...moments), Math.max(...moments));
  await tell(tx, caseId, stored, "incident.corrected", by, {
    version: stored.version + 1,
    changes,
    ...(reason === null ? {} : { reason }),
  });
  return true;
}

/** Files for a contact that is logged already. */
export async function addFiles(
  tx: Tx,
  caseId: string,
  incident: Pick<Incident, "id" | "number">,
  files: readonly ReceivedFile[],
  by: By,
): Promise<Linked[]> {
  const linked = await linkEvidence(
    tx,
    caseId,
    files,
    { kind: "incident", id: incident.id, number: incident.number },
    by,
  );
  if (linked.length > 0) {
    const names = linked.map(({ evidence }) => exhibitName(evidence));
    await tell(tx, caseId, incident, "incident.files-added", by, { files: names });
  }
  return linked;
}

/** Into the bin: no longer listed, counted or judged; its evidence stays. @returns false when it is there already. */
export async function removeIncident(db: Db, caseId: string, incident: Incident, by: By): Promise<boolean> {
  return move(db, caseId, incident, by, true);
}

export async function restoreIncident(db: Db, caseId: string, incident: Incident, by: By): Promise<boolean> {
  return move(db, caseId, incident, by, false);
}

async function move(db: Db, caseId: string, incident: Incident, by: By, away: boolean): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await waitForOthers(tx, caseId);
    if (!(await setRemoved(tx, caseId, incident.id, away ? by.at : null))) return false;
    await touch(tx, caseId, incident.happenedAt, incident.happenedAt);
    await tell(tx, caseId, incident, away ? "incident.removed" : "incident.restored", by, {});
    return true;
  });
}

/** What others changed after a version: first old and last new value of each fact, who changed it last, and when. */
export async function changesSince(
  db: Db,
  caseId: string,
  number: number,
  version: number,
): Promise<{ changes: Changes; by: string | null; at: number }> {
  const events = await listEvents(db, caseId, { subject: `incident:${number}`, limit: 200 });
  const changes: Partial<Record<FactName, Change>> = {};
  let by: string | null = null;
  let at = 0;
  for (const event of events) {
    if (event.action !== "incident.corrected") continue;
    const detail = JSON.parse(event.detail) as { version: number; changes: Changes };
    if (detail.version <= version) break;
    by ??= event.actor;
    at ||= event.at;
    for (const [name, { from, to }] of Object.entries(detail.changes) as [FactName, Change][]) {
      changes[name] = { from, to: changes[name]?.to ?? to };
    }
  }
  return { changes, by, at };
}

async function tell(
  tx: Tx,
  caseId: string,
  { number }: Pick<Incident, "number">,
  action: string,
  by: By,
  detail: Record<string, unknown>,
): Promise<void> {
  await record(tx, { caseId, actor: by.personId, at: by.at, action, subject: `incident:${number}`, detail });
}
