/** Complaints and their letters in the database; every query names the case. Next: work-on-complaint.ts. */
import type { Selectable } from "kysely";
import { z } from "zod";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import type { Chosen, Complaint, Draft, Letter, LetterKind, Outcome, Progress } from "./complaint.ts";

/** Those that were not removed, by number. */
export async function listComplaints(db: Db, caseId: string): Promise<Complaint[]> {
  const rows = await db
    .selectFrom("complaints")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("number")
    .execute();
  return rows.map(complaintFrom);
}

/** One by its number, removed or not. */
export async function getComplaint(db: Db, caseId: string, number: number): Promise<Complaint | null> {
  const row = await db
    .selectFrom("complaints")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? null : complaintFrom(row);
}

export async function insertComplaint(tx: Tx, caseId: string, complaint: Complaint): Promise<void> {
  await tx
    .insertInto("complaints")
    .values({
      ...draftColumns(complaint),
      ...progressColumns(complaint),
      id: complaint.id,
      case_id: caseId,
      number: complaint.number,
      channel: complaint.channel,
      follows: complaint.follows,
      version: complaint.version,
      created_by: complaint.createdBy,
      created_at: complaint.createdAt,
    })
    .execute();
}

/** Writes the draft if nobody else has since `version`, and nobody has filed it. @returns whether it was written. */
export async function updateDraft(
  tx: Tx,
  caseId: string,
  number: number,
  version: number,
  draft: Draft,
): Promise<boolean> {
  const updated = await tx
    .updateTable("complaints")
    .set({ ...draftColumns(draft), version: version + 1 })
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .where("version", "=", version)
    .where("filed_on", "is", null)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Also sets which dossier was handed in. */
export async function updateProgress(
  tx: Tx,
  caseId: string,
  number: number,
  progress: Partial<Progress> & { dossierId?: string | null },
): Promise<void> {
  const { dossierId, ...rest } = progress;
  await tx
    .updateTable("complaints")
    .set((eb) => ({
      ...progressColumns(rest),
      ...(dossierId === undefined ? {} : { dossier_id: dossierId }),
      version: eb("version", "+", 1),
    }))
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .execute();
}

export async function setComplaintRemoved(tx: Tx, caseId: string, number: number, at: number | null): Promise<void> {
  await tx
    .updateTable("complaints")
    .set((eb) => ({ removed_at: at, version: eb("version", "+", 1) }))
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .execute();
}

// --- letters -----------------------------------------------------------------------------------------------------------

export async function insertLetter(tx: Tx, caseId: string, letter: Letter): Promise<void> {
  const { id, complaintId, kind, onDay, words, createdBy, createdAt } = letter;
  await tx
    .insertInto("complaint_letters")
    .values({
      id,
      case_id: caseId,
      complaint_id: complaintId,
      kind,
      on_day: onDay,
      words,
      created_by: createdBy,
      created_at: createdAt,
    })
    .execute();
}

/** What was written down of some complaints, oldest first. */
export async function lettersOf(db: Db, caseId: string, complaintIds: readonly string[]): Promise<Letter[]> {
  if (complaintIds.length === 0) return [];
  const rows = await db
    .selectFrom("complaint_letters")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("complaint_id", "in", complaintIds)
    .orderBy("on_day")
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    complaintId: row.complaint_id,
    kind: row.kind as LetterKind,
    onDay: row.on_day,
    words: row.words,
    createdBy: row.created_by,
    createdAt: row.created_at,
  }));
}

/** A frozen version that can be handed in, with the hashes of its two files. */
export interface ReadyDossier {
  id: string;
  version: number;
  at: number;
  pdfSha256: string | null;
  zipSha256: string | null;
  /** The office it was made for; null = anybody. */
  channel: string | null;
}

/** The dossiers of a case that are ready, newest first. */
export async function readyDossiers(db: Db, caseId: string): Promise<ReadyDossier[]> {
  const rows = await db
    .selectFrom("dossiers")
    .select(["id", "version", "finished_at", "pdf_sha256", "zip_sha256", "options_json"])
    .where("case_id", "=", caseId)
    .where("state", "=", "ready")
    .orderBy("version", "desc")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    at: row.finished_at ?? 0,
    pdfSha256: row.pdf_sha256,
    zipSha256: row.zip_sha256,
    channel: Made.safeParse(JSON.parse(row.options_json)).data?.channel ?? null,
  }));
}

/** What this folder reads of the options of a version. */
const Made = z.object({ channel: z.string().nullable() });

// --- rows --------------------------------------------------------------------------------------------------------------

const draftColumns = (draft: Draft) => ({
  request: draft.request,
  narrative: draft.narrative,
  chosen_json: JSON.stringify(draft.chosen),
  dossier_id: draft.dossierId,
});

const progressColumns = (progress: Partial<Progress>) => ({
  ...(progress.filedOn === undefined ? {} : { filed_on: progress.filedOn }),
  ...(progress.receipt === undefined ? {} : { receipt: progress.receipt }),
  ...(progress.acknowledgedOn === undefined ? {} : { acknowledged_on: progress.acknowledgedOn }),
  ...(progress.answeredOn === undefined ? {} : { answered_on: progress.answeredOn }),
  ...(progress.outcome === undefined ? {} : { outcome: progress.outcome }),
  ...(progress.escalatedOn === undefined ? {} : { escalated_on: progress.escalatedOn }),
  ...(progress.closedOn === undefined ? {} : { closed_on: progress.closedOn }),
});

const complaintFrom = (row: Selectable<Schema["complaints"]>): Complaint => ({
  id: row.id,
  number: row.number,
  channel: row.channel,
  follows: row.follows,
  request: row.request,
  narrative: row.narrative,
  chosen: JSON.parse(row.chosen_json) as Chosen,
  dossierId: row.dossier_id,
  filedOn: row.filed_on,
  receipt: row.receipt,
  acknowledgedOn: row.acknowledged_on,
  answeredOn: row.answered_on,
  outcome: row.outcome as Outcome | null,
  escalatedOn: row.escalated_on,
  closedOn: row.closed_on,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  removedAt: row.removed_at,
});
