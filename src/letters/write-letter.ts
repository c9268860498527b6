/**
 * What happens to a letter: begun, changed, sent, removed, brought back. One transaction each, with its history event; the caller opens it.
 * The history keeps a letter's words as their SHA-256 only: it travels with every dossier, and a letter may tell of illness and income.
 */
import { createHash } from "node:crypto";
import { type By } from "../cases/case.ts";
import { nextNumber } from "../cases/store.ts";
import { type ReceivedFile, exhibitName } from "../evidence/evidence.ts";
import { linkEvidence } from "../evidence/link-evidence.ts";
import { evidenceOf, takeHeld, waitForOthers } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import type { NoticeFacts } from "../notices/notice.ts";
import { recordNotice } from "../notices/record-notice.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Letter, LetterFacts, LetterTexts, Way } from "./letter.ts";
import { insertLetter, markSent, setLetterRemoved, updateLetter } from "./store.ts";
import type { LetterKind } from "./template.ts";

export async function beginLetter(
  tx: Tx,
  caseId: string,
  kind: LetterKind,
  { facts, texts }: { facts: LetterFacts; texts: LetterTexts },
  by: By,
): Promise<Letter> {
  await waitForOthers(tx, caseId);
  const letter: Letter = {
    id: newId(by.at),
    number: await nextNumber(tx, caseId, "letter"),
    kind,
    facts,
    texts,
    edited: false,
    version: 1,
    createdBy: by.personId,
    createdAt: by.at,
    updatedAt: by.at,
    sent: null,
    removedAt: null,
  };
  await insertLetter(tx, caseId, letter);
  await tell(tx, caseId, "letter.written", letter.number, { kind, words: digest(texts) }, by);
  return letter;
}

/** @returns false when somebody else changed, sent or removed it since `version`. */
export async function changeLetter(
  tx: Tx,
  caseId: string,
  stored: Letter,
  version: number,
  change: { facts: LetterFacts; texts: LetterTexts; edited: boolean },
  by: By,
): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (same(stored.facts, change.facts) && same(stored.texts, change.texts)) return true;
  if (!(await updateLetter(tx, caseId, stored.number, version, { ...change, at: by.at }))) return false;
  const detail = { kind: stored.kind, version: version + 1, words: digest(change.texts) };
  await tell(tx, caseId, "letter.changed", stored.number, detail, by);
  return true;
}

export interface Sent {
  /** The version that was sent. */
  version: number;
  on: string;
  how: Way;
  pdf: ReceivedFile;
  docx: ReceivedFile;
  /** What it is recorded as; empty for a kind that is no notice. */
  notices: readonly NoticeFacts[];
  proof: readonly ReceivedFile[];
  /** Files received with an earlier try of the form. */
  held: readonly string[];
}

/** Freezes it, keeps its very files and the proof as evidence, and records the notices. @returns false as {@link changeLetter} does. */
export async function sendLetter(tx: Tx, caseId: string, letter: Letter, sent: Sent, by: By): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const { on, how, pdf, docx } = sent;
  const files = [pdf, docx, ...(await takeHeld(tx, caseId, by.personId, sent.held)), ...sent.proof];
  const numbers: number[] = [];
  const exhibits = new Set<string>();
  for (const facts of sent.notices) {
    const notice = await recordNotice(tx, caseId, facts, { files, held: [] }, by);
    numbers.push(notice.number);
    for (const file of (await evidenceOf(tx, caseId, "notice", [notice.id])).get(notice.id) ?? [])
      exhibits.add(exhibitName(file));
  }
  if (sent.notices.length === 0)
    for (const { evidence } of await linkEvidence(tx, caseId, files, null, by)) exhibits.add(exhibitName(evidence));
  const kept = { on, how, notices: numbers, exhibits: [...exhibits], pdf: pdf.sha256, docx: docx.sha256 };
  if (!(await markSent(tx, caseId, letter.number, sent.version, kept))) return false;
  await tell(tx, caseId, "letter.sent", letter.number, { kind: letter.kind, version: sent.version, ...kept }, by);
  return true;
}

/** Only a draft. @returns false when it was sent, or is so already. */
export async function removeLetter(tx: Tx, caseId: string, letter: Letter, removed: boolean, by: By): Promise<boolean> {
  await waitForOthers(tx, caseId);
  if (!(await setLetterRemoved(tx, caseId, letter.number, removed ? by.at : null))) return false;
  const action = removed ? "letter.removed" : "letter.restored";
  await tell(tx, caseId, action, letter.number, { kind: letter.kind }, by);
  return true;
}

const digest = (texts: LetterTexts) => createHash("sha256").update(JSON.stringify(texts)).digest("hex");

const tell = (tx: Tx, caseId: string, action: string, number: number, detail: Record<string, unknown>, by: By) =>
  record(tx, { caseId, actor: by.personId, at: by.at, action, subject: `letter:${number}`, detail });
