/**
 * What happens to a complaint: begun, written, filed, acknowledged, answered, taken further, closed, removed, brought back. One
 * transaction each, with its history event; the caller opens it.
 */
import { type By, differences } from "../cases/case.ts";
import { nextNumber } from "../cases/store.ts";
import type { ReceivedFile } from "../evidence/evidence.ts";
import { linkEvidence } from "../evidence/link-evidence.ts";
import { waitForOthers } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Complaint, Draft, Letter, LetterKind, Outcome, Progress } from "./complaint.ts";
import {
  type ReadyDossier,
  getComplaint,
  insertComplaint,
  insertLetter,
  setComplaintRemoved,
  updateDraft,
  updateProgress,
} from "./store.ts";

/** @param follows the complaint that was not enough; it is marked as taken further. */
export async function beginComplaint(
  tx: Tx,
  caseId: string,
  channel: string,
  { follows, today }: { follows: Complaint | null; today: string },
  by: By,
): Promise<Complaint> {
  await waitForOthers(tx, caseId);
  const complaint: Complaint = {
    id: newId(by.at),
    number: await nextNumber(tx, caseId, "complaint"),
    channel,
    follows: follows?.id ?? null,
    request: follows?.request ?? null,
    narrative: null,
    chosen: follows?.chosen ?? { without: [], incidents: [] },
    dossierId: null,
    filedOn: null,
    receipt: null,
    acknowledgedOn: null,
    answeredOn: null,
    outcome: null,
    escalatedOn: null,
    closedOn: null,
    version: 1,
    createdBy: by.personId,
    createdAt: by.at,
    removedAt: null,
  };
  await insertComplaint(tx, caseId, complaint);
  if (follows !== null) await updateProgress(tx, caseId, follows.number, { escalatedOn: today });
  await tell(tx, caseId, "complaint.begun", complaint.number, { channel }, by);
  if (follows !== null) {
    await tell(tx, caseId, "complaint.escalated", follows.number, { to: `complaint:${complaint.number}`, channel }, by);
  }
  return complaint;
}

/** @returns false when somebody else changed or filed it since `version`. */
export async function writeDraft(
  tx: Tx,
  caseId: string,
  stored: Complaint,
  version: number,
  draft: Draft,
  by: By,
): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const changed = differences<Draft>(stored, draft);
  if (Object.keys(changed).length === 0) return true;
  if (!(await updateDraft(tx, caseId, stored.number, version, draft))) return false;
  await tell(tx, caseId, "complaint.written", stored.number, { changed }, by);
  return true;
}

/** Something that happened to a complaint, with its day, words and files. */
export interface Happening {
  kind: LetterKind;
  onDay: string;
  words: string | null;
  receipt: string | null;
  /** Only of an answer. */
  outcome: Outcome | null;
  /** Only of the filing: the very version handed in. */
  dossier: Pick<ReadyDossier, "id" | "version" | "pdfSha256" | "zipSha256"> | null;
  files: readonly ReceivedFile[];
}

/** Writes down what happened; the same again corrects its day. What was filed is then kept word for word in the history, too. */
export async function noteHappening(
  tx: Tx,
  caseId: string,
  complaint: Complaint,
  happening: Happening,
  by: By,
): Promise<void> {
  await waitForOthers(tx, caseId);
  const { kind, onDay, words, receipt, outcome, dossier, files } = happening;
  const letter: Letter = {
    id: newId(by.at),
    complaintId: complaint.id,
    kind,
    onDay,
    words,
    createdBy: by.personId,
    createdAt: by.at,
  };
  const progress = progressOf(happening);
  if (Object.keys(progress).length > 0) await updateProgress(tx, caseId, complaint.number, progress);
  await insertLetter(tx, caseId, letter);
  await linkEvidence(tx, caseId, files, { kind: "complaint", id: letter.id, number: complaint.number }, by);
  const { pdfSha256 = null, zipSha256 = null } = dossier ?? {};
  const frozen =
    kind === "filed" ? { request: complaint.request, narrative: complaint.narrative, pdfSha256, zipSha256 } : {};
  const detail = { on: onDay, words, receipt, outcome, version: dossier?.version ?? null, ...frozen };
  await tell(tx, caseId, `complaint.${kind}`, complaint.number, detail, by);
}

function progressOf({
  kind,
  onDay,
  receipt,
  outcome,
  dossier,
}: Happening): Partial<Progress> & { dossierId?: string | null } {
  const named = receipt === null ? {} : { receipt };
  if (kind === "filed") return { filedOn: onDay, ...named, dossierId: dossier?.id ?? null };
  if (kind === "acknowledged") return { acknowledgedOn: onDay, ...named };
  if (kind === "answered") return { answeredOn: onDay, outcome };
  return kind === "closed" ? { closedOn: onDay } : {};
}

/** A complaint closed too early goes on. */
export async function reopenComplaint(tx: Tx, caseId: string, complaint: Complaint, by: By): Promise<void> {
  await waitForOthers(tx, caseId);
  if (complaint.closedOn === null) return;
  await updateProgress(tx, caseId, complaint.number, { closedOn: null });
  await tell(tx, caseId, "complaint.reopened", complaint.number, {}, by);
}

/** Takes a complaint out of the lists, or brings it back; its number stays its own. */
export async function removeComplaint(
  tx: Tx,
  caseId: string,
  number: number,
  removed: boolean,
  by: By,
): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const stored = await getComplaint(tx, caseId, number);
  if (stored === null) return false;
  if ((stored.removedAt !== null) === removed) return true;
  await setComplaintRemoved(tx, caseId, number, removed ? by.at : null);
  await tell(tx, caseId, removed ? "complaint.removed" : "complaint.restored", number, {}, by);
  return true;
}

const tell = (tx: Tx, caseId: string, action: string, number: number, detail: Record<string, unknown>, by: By) =>
  record(tx, { caseId, actor: by.personId, at: by.at, action, subject: `complaint:${number}`, detail });
