/** What happens to a collector: added, corrected, removed, brought back, with its numbers. One transaction each, with its history event. */
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { type By, type Changed, type Collector, type CollectorFacts, differences } from "./case.ts";
import { getCollector, insertCollector, setCollectorRemoved, touchAll, updateCollector } from "./store.ts";

/** @returns the id of the new collector. */
export async function addCollector(tx: Tx, caseId: string, facts: CollectorFacts, by: By): Promise<string> {
  const id = newId(by.at);
  await insertCollector(tx, caseId, id, facts, by.at);
  await tell(tx, caseId, "collector.added", { id, ...facts }, by);
  // No contact refers to it yet, so there is nothing to judge again.
  return id;
}

/** Null when there is no such collector. */
export async function correctCollector(
  tx: Tx,
  caseId: string,
  collectorId: string,
  version: number,
  facts: CollectorFacts,
  by: By,
): Promise<Changed<Collector> | null> {
  const stored = await getCollector(tx, caseId, collectorId);
  if (stored === null) return null;
  const changed = differences<CollectorFacts>(stored, facts);
  if (Object.keys(changed).length === 0) return { done: true };
  if (!(await updateCollector(tx, caseId, collectorId, version, facts))) return { done: false, stored };
  await touchAll(tx, caseId);
  await tell(tx, caseId, "collector.corrected", { id: collectorId, name: facts.name, changed }, by);
  return { done: true };
}

/** Removes a collector from the lists, or brings it back; incidents that name it keep it. @returns false when there is none. */
export async function removeCollector(
  tx: Tx,
  caseId: string,
  collectorId: string,
  removed: boolean,
  by: By,
): Promise<boolean> {
  const stored = await getCollector(tx, caseId, collectorId);
  if (stored === null) return false;
  if ((stored.removedAt !== null) === removed) return true;
  await setCollectorRemoved(tx, caseId, collectorId, removed ? by.at : null);
  const action = removed ? "collector.removed" : "collector.restored";
  await touchAll(tx, caseId);
  await tell(tx, caseId, action, { id: collectorId, name: stored.name }, by);
  return true;
}

const tell = (
  tx: Tx,
  caseId: string,
  action: string,
  { id, ...detail }: { id: string } & Record<string, unknown>,
  by: By,
) => record(tx, { caseId, actor: by.personId, at: by.at, action, subject: `collector:${id}`, detail });
