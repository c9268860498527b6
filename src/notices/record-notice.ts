/** What happens to a notice: recorded with its proof, corrected, removed, brought back. One transaction each, with its history event. */
import { type By, type Changed, differences } from "../cases/case.ts";
import { BEGINNING_OF_TIME, nextNumber, touch } from "../cases/store.ts";
import type { ReceivedFile } from "../evidence/evidence.ts";
import { linkEvidence } from "../evidence/link-evidence.ts";
import { takeHeld } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { type Notice, type NoticeFacts, earliest } from "./notice.ts";
import { getNotice, insertNotice, setNoticeRemoved, updateNotice } from "./store.ts";

/** Files that prove it: received with this form, and with earlier tries of it. */
export interface Proof {
  files: readonly ReceivedFile[];
  held: readonly string[];
}

/** @returns the notice with its new number. */
export async function recordNotice(tx: Tx, caseId: string, facts: NoticeFacts, proof: Proof, by: By): Promise<Notice> {
  await touchFrom(tx, caseId, facts);
  const notice: Notice = {
    ...facts,
    id: newId(by.at),
    number: await nextNumber(tx, caseId, "notice"),
    version: 1,
    createdBy: by.personId,
    createdAt: by.at,
    removedAt: null,
  };
  await insertNotice(tx, caseId, notice);
  await addProof(tx, caseId, notice, proof, by);
  await tell(tx, caseId, "notice.recorded", notice.number, { ...facts }, by);
  return notice;
}

/** Null when there is no such notice. More files may come with a correction; those there stay. */
export async function correctNotice(
  tx: Tx,
  caseId: string,
  number: number,
  version: number,
  { facts, proof }: { facts: NoticeFacts; proof: Proof },
  by: By,
): Promise<Changed<Notice> | null> {
  const stored = await getNotice(tx, caseId, number);
  if (stored === null) return null;
  const changed = differences<NoticeFacts>(stored, facts);
  if (Object.keys(changed).length > 0) {
    if (!(await updateNotice(tx, caseId, number, version, facts))) return { done: false, stored };
    await touchFrom(tx, caseId, stored);
    await touchFrom(tx, caseId, facts);
    await tell(tx, caseId, "notice.corrected", number, { kind: facts.kind, changed }, by);
  }
  await addProof(tx, caseId, stored, proof, by);
  return { done: true };
}

/** Takes a notice out of judging, or brings it back; its number stays its own. @returns false when there is no such notice. */
export async function removeNotice(tx: Tx, caseId: string, number: number, removed: boolean, by: By): Promise<boolean> {
  const stored = await getNotice(tx, caseId, number);
  if (stored === null) return false;
  if ((stored.removedAt !== null) === removed) return true;
  await setNoticeRemoved(tx, caseId, number, removed ? by.at : null);
  await touchFrom(tx, caseId, stored);
  await tell(tx, caseId, removed ? "notice.removed" : "notice.restored", number, { kind: stored.kind }, by);
  return true;
}

async function addProof(tx: Tx, caseId: string, { id, number }: Notice, { files, held }: Proof, by: By): Promise<void> {
  const all = [...(await takeHeld(tx, caseId, by.personId, held)), ...files];
  await linkEvidence(tx, caseId, all, { kind: "notice", id, number }, by);
}

const touchFrom = (tx: Tx, caseId: string, facts: NoticeFacts) =>
  touch(tx, caseId, earliest(facts) ?? BEGINNING_OF_TIME);

const tell = (tx: Tx, caseId: string, action: string, number: number, detail: Record<string, unknown>, by: By) =>
  record(tx, { caseId, actor: by.personId, at: by.at, action, subject: `notice:${number}`, detail });
