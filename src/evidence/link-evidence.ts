/**
 * Files become evidence: each content once in a case, numbered once, linked to what it belongs to, and told to the history.
 * Runs inside the transaction of whatever they came with; the bytes are safe on the disk before it begins.
 */
import type { By } from "../cases/case.ts";
import { nextNumber } from "../cases/store.ts";
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { type Evidence, type ReceivedFile, type Subject, type SubjectKind, exhibitName, letterOf } from "./evidence.ts";
import {
  belongsSomewhere,
  belongsToImpact,
  deleteLink,
  findByContent,
  getEvidence,
  insertEvidence,
  insertLink,
  setDescription,
  setRemoved,
  waitForOthers,
} from "./store.ts";

/** What became of one file: new, or known to the case before (then it is linked, not stored twice). */
export interface Linked {
  evidence: Evidence;
  known: boolean;
}

/** @param subject what the files belong to; null = to the case as a whole. */
export async function linkEvidence(
  tx: Tx,
  caseId: string,
  files: readonly ReceivedFile[],
  subject: Subject | null,
  by: By,
): Promise<Linked[]> {
  if (files.length === 0) return [];
  await waitForOthers(tx, caseId);
  const linked: Linked[] = [];
  for (const file of files) {
    const known = await findByContent(tx, caseId, file.sha256);
    const evidence = known ?? (await addEvidence(tx, caseId, file, subject, by));
    if (known?.removedAt != null) await restoreEvidence(tx, caseId, known, by);
    if (subject !== null && (await insertLink(tx, caseId, evidence.id, subject)) && known !== null) {
      await tell(tx, caseId, "evidence.linked", evidence, by, {
        to: subjectName(subject),
        ...nameTold(subject, "as", file),
      });
    }
    if (!linked.some((other) => other.evidence.id === evidence.id)) linked.push({ evidence, known: known !== null });
  }
  return linked;
}

async function addEvidence(
  tx: Tx,
  caseId: string,
  file: ReceivedFile,
  subject: Subject | null,
  by: By,
): Promise<Evidence> {
  const letter = letterOf(file.mediaType);
  const evidence: Evidence = {
    ...file,
    id: newId(by.at),
    letter,
    number: await nextNumber(tx, caseId, `exhibit-${letter}`),
    description: null,
    addedBy: by.personId,
    addedAt: by.at,
    removedAt: null,
  };
  await insertEvidence(tx, caseId, evidence);
  const { sha256, size, mediaType } = file;
  const to = subject === null ? "case" : subjectName(subject);
  const told = { sha256, size, mediaType, ...nameTold(subject, "name", file), to };
  await tell(tx, caseId, "evidence.added", evidence, by, told);
  return evidence;
}

/** What the borrower keeps beside contacts: its files go into a dossier only with their entry. */
const ownSide: readonly SubjectKind[] = ["request", "payment", "figure", "impact"];

/**
 * The file stays evidence of the case; it only no longer belongs to this. One taken off the last entry of the borrower's own goes to the bin:
 * as a file that belongs to nothing it would travel with every dossier, which nobody chose. @returns false when it did not belong there.
 */
export async function unlinkEvidence(
  tx: Tx,
  caseId: string,
  evidence: Evidence,
  subject: Subject,
  by: By,
): Promise<boolean> {
  await waitForOthers(tx, caseId);
  if (!(await deleteLink(tx, caseId, evidence.id, subject))) return false;
  await tell(tx, caseId, "evidence.unlinked", evidence, by, { from: subjectName(subject) });
  if (ownSide.includes(subject.kind) && !(await belongsSomewhere(tx, caseId, evidence.id)))
    await removeEvidence(tx, caseId, evidence, by);
  return true;
}

/** Into the bin: kept with its links and its bytes, shown nowhere else. @returns false when it is there already. */
export async function removeEvidence(tx: Tx, caseId: string, evidence: Evidence, by: By): Promise<boolean> {
  await waitForOthers(tx, caseId);
  if (!(await setRemoved(tx, caseId, evidence.id, by.at))) return false;
  await tell(tx, caseId, "evidence.removed", evidence, by, { sha256: evidence.sha256 });
  return true;
}

export async function restoreEvidence(tx: Tx, caseId: string, evidence: Evidence, by: By): Promise<boolean> {
  await waitForOthers(tx, caseId);
  if (!(await setRemoved(tx, caseId, evidence.id, null))) return false;
  await tell(tx, caseId, "evidence.restored", evidence, by, { sha256: evidence.sha256 });
  return true;
}

/** What the person says it shows; the words before stay in the history, but for a file that an impact entry keeps ({@link nameTold}). */
export async function describeEvidence(
  tx: Tx,
  caseId: string,
  evidence: Pick<Evidence, "id" | "letter" | "number">,
  description: string | null,
  by: By,
): Promise<void> {
  await waitForOthers(tx, caseId);
  // Read here, not by the caller: somebody else may have described it since, and the history must hold their words too.
  const stored = await getEvidence(tx, caseId, evidence);
  if (stored === null || description === stored.description) return;
  await setDescription(tx, caseId, evidence.id, description);
  const told = (await belongsToImpact(tx, caseId, stored.id)) ? {} : { from: stored.description, to: description };
  await tell(tx, caseId, "evidence.described", evidence, by, told);
}

/** The history travels with every dossier; what somebody keeps of their health is not told there by the name of its file, or by what it shows. */
const nameTold = (subject: Subject | null, as: "name" | "as", { name }: ReceivedFile): Record<string, string> =>
  subject?.kind === "impact" ? {} : { [as]: name };

const subjectName = ({ kind, number }: Subject): string => `${kind}:${number}`;

async function tell(
  tx: Tx,
  caseId: string,
  action: string,
  evidence: Pick<Evidence, "letter" | "number">,
  by: By,
  detail: Record<string, unknown>,
): Promise<void> {
  const subject = `evidence:${exhibitName(evidence)}`;
  await record(tx, { caseId, actor: by.personId, at: by.at, action, subject, detail });
}
