/** What happens to an entry: recorded with its files, corrected, removed, brought back. One transaction each, with its history event. */
import { type By, type Changed, differences } from "../cases/case.ts";
import { nextNumber } from "../cases/store.ts";
import type { ReceivedFile } from "../evidence/evidence.ts";
import { linkEvidence } from "../evidence/link-evidence.ts";
import { takeHeld, waitForOthers } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Book, BookKind, Entry } from "./entry.ts";
import { seal } from "./sealed.ts";
import { getEntry, insertEntry, insertVersion, setEntryRemoved, updateEntry } from "./store.ts";

/** Files that came with this form, and with earlier tries of it. */
export interface Proof {
  files: readonly ReceivedFile[];
  held: readonly string[];
}

/** @returns the entry with its new number. */
export async function recordEntry<Facts extends object>(
  tx: Tx,
  caseId: string,
  book: Book<Facts>,
  facts: Facts,
  proof: Proof,
  by: By,
): Promise<Entry<Facts>> {
  await waitForOthers(tx, caseId);
  const entry: Entry<Facts> = {
    id: newId(by.at),
    number: await nextNumber(tx, caseId, book.kind),
    onDay: book.dayOf(facts),
    facts,
    version: 1,
    createdBy: by.personId,
    createdAt: by.at,
    removedAt: null,
  };
  await insertEntry(tx, caseId, book.kind, entry);
  await addProof(tx, caseId, book.kind, entry, proof, by);
  const digest = await keepVersion(tx, caseId, entry, book.facts.parse(facts), by);
  await tell(tx, caseId, book.kind, entry.number, { action: "recorded", detail: { digest } }, by);
  return entry;
}

/** Null when there is no such entry. More files may come with a correction; those there stay. */
export async function correctEntry<Facts extends object>(
  tx: Tx,
  caseId: string,
  book: Book<Facts>,
  { number, version }: { number: number; version: number },
  { facts, proof }: { facts: Facts; proof: Proof },
  by: By,
): Promise<Changed<Entry<Facts>> | null> {
  await waitForOthers(tx, caseId);
  const stored = await getEntry(tx, caseId, book, number);
  if (stored === null) return null;
  const changed = differences<Facts>(stored.facts, facts);
  if (Object.keys(changed).length > 0) {
    const written = await updateEntry(tx, caseId, { id: stored.id, version }, { onDay: book.dayOf(facts), facts });
    if (!written) return { done: false, stored };
    const digest = await keepVersion(tx, caseId, { id: stored.id, version: version + 1 }, book.facts.parse(facts), by);
    await tell(
      tx,
      caseId,
      book.kind,
      number,
      { action: "corrected", detail: { fields: Object.keys(changed), digest } },
      by,
    );
  }
  await addProof(tx, caseId, book.kind, stored, proof, by);
  return { done: true };
}

/** Takes an entry out of the lists and sums, or brings it back; its number stays its own. @returns false when there is none. */
export async function removeEntry<Facts extends object>(
  tx: Tx,
  caseId: string,
  book: Book<Facts>,
  number: number,
  removed: boolean,
  by: By,
): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const stored = await getEntry(tx, caseId, book, number);
  if (stored === null) return false;
  if ((stored.removedAt !== null) === removed) return true;
  await setEntryRemoved(tx, caseId, stored.id, removed ? by.at : null);
  await tell(tx, caseId, book.kind, number, { action: removed ? "removed" : "restored", detail: {} }, by);
  return true;
}

/** @param facts as their shape orders them, so that they give the same digest when read again. @returns the digest that the history holds. */
async function keepVersion(
  tx: Tx,
  caseId: string,
  { id, version }: Pick<Entry<object>, "id" | "version">,
  facts: object,
  by: By,
): Promise<string> {
  const sealed = seal(facts);
  await insertVersion(tx, caseId, { entryId: id, version, sealed }, by);
  return sealed.digest;
}

async function addProof(
  tx: Tx,
  caseId: string,
  kind: BookKind,
  { id, number }: Pick<Entry<object>, "id" | "number">,
  { files, held }: Proof,
  by: By,
): Promise<void> {
  const all = [...(await takeHeld(tx, caseId, by.personId, held)), ...files];
  await linkEvidence(tx, caseId, all, { kind, id, number }, by);
}

const tell = (
  tx: Tx,
  caseId: string,
  kind: BookKind,
  number: number,
  { action, detail }: { action: string; detail: Record<string, unknown> },
  by: By,
) =>
  record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: `${kind}.${action}`,
    subject: `${kind}:${number}`,
    detail,
  });
