/** What files a case has for a complaint, and which of them somebody chose; every query names the case. Next: gather-files.ts. */
import { exhibitName } from "../../evidence/evidence.ts";
import type { Letter as ExhibitLetter } from "../../evidence/evidence.ts";
import { waitForOthers } from "../../evidence/store.ts";
import { record } from "../../history/store.ts";
import type { Db, Tx } from "../../platform/database.ts";
import type { By } from "../../cases/case.ts";
import { Choice } from "./attachments.ts";

/** A file and one thing it belongs to. */
export interface LinkedFile {
  id: string;
  exhibit: string;
  name: string;
  size: number;
  sha256: string;
  mediaType: string;
  subjectKind: string;
  subjectId: string;
}

/** The files that belong to contacts, notices, complaints, or to what somebody keeps for themselves; what is in the bin is left out. */
export async function linkedFiles(db: Db, caseId: string): Promise<LinkedFile[]> {
  const rows = await db
    .selectFrom("evidence_links as l")
    .innerJoin("evidence as e", (on) => on.onRef("e.id", "=", "l.evidence_id").onRef("e.case_id", "=", "l.case_id"))
    .select(["e.id", "e.letter", "e.number", "e.name", "e.size", "e.sha256", "e.media_type as mediaType"])
    .select(["l.subject_kind as subjectKind", "l.subject_id as subjectId"])
    .where("l.case_id", "=", caseId)
    .where("l.subject_kind", "in", ["incident", "notice", "complaint", "impact"])
    .where("e.removed_at", "is", null)
    .execute();
  return rows.map(({ letter, number, ...row }) => ({
    ...row,
    exhibit: exhibitName({ letter: letter as ExhibitLetter, number }),
  }));
}

export interface ReadyCopy {
  version: number;
  sha256: string;
  size: number;
  mediaType: string;
}

/** The newest redacted copy of each exhibit that is ready and not in the bin. */
export async function newestCopies(db: Db, caseId: string): Promise<Map<string, ReadyCopy>> {
  const rows = await db
    .selectFrom("redacted_copies")
    .select(["evidence_id", "version", "sha256", "size", "media_type"])
    .where("case_id", "=", caseId)
    .where("state", "=", "ready")
    .where("removed_at", "is", null)
    .orderBy("version")
    .execute();
  return new Map(
    rows.map(({ evidence_id, version, sha256, size, media_type }) => [
      evidence_id,
      { version, sha256: sha256!, size: size!, mediaType: media_type! },
    ]),
  );
}

/** The kinds of records behind each contact that has a file, by its id. */
export async function sourcesOfContacts(db: Db, caseId: string): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom("incident_sources as s")
    .innerJoin("evidence_links as l", (on) =>
      on
        .onRef("l.subject_id", "=", "s.incident_id")
        .onRef("l.case_id", "=", "s.case_id")
        .on("l.subject_kind", "=", "incident"),
    )
    .select(["s.incident_id as id", "s.kind"])
    .distinct()
    .where("s.case_id", "=", caseId)
    .execute();
  return new Map([...Map.groupBy(rows, ({ id }) => id)].map(([id, some]) => [id, some.map(({ kind }) => kind)]));
}

/** A notice or what was written down of a complaint, and when it was (epoch milliseconds, or the local day). */
export interface Sent {
  id: string;
  number: number;
  at: number;
}

export async function noticesSent(db: Db, caseId: string): Promise<Sent[]> {
  const rows = await db
    .selectFrom("notices")
    .select(["id", "number", "sent_at", "received_at", "created_at"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    at: row.sent_at ?? row.received_at ?? row.created_at,
  }));
}

/** The correspondence of some complaints. */
export async function lettersSent(db: Db, caseId: string, complaintIds: readonly string[]): Promise<Sent[]> {
  if (complaintIds.length === 0) return [];
  const rows = await db
    .selectFrom("complaint_letters as l")
    .innerJoin("complaints as c", (on) => on.onRef("c.id", "=", "l.complaint_id").onRef("c.case_id", "=", "l.case_id"))
    .select(["l.id", "c.number", "l.on_day"])
    .where("l.case_id", "=", caseId)
    .where("l.complaint_id", "in", complaintIds)
    .where("c.removed_at", "is", null)
    .execute();
  return rows.map(({ id, number, on_day }) => ({ id, number, at: Date.parse(`${on_day}T00:00:00Z`) }));
}

export interface DossierFile {
  version: number;
  size: number;
  sha256: string;
}

/** The PDF of a frozen version; null when there is none, or it is not ready. */
export async function dossierFile(db: Db, caseId: string, dossierId: string | null): Promise<DossierFile | null> {
  if (dossierId === null) return null;
  const row = await db
    .selectFrom("dossiers")
    .select(["version", "pdf_size", "pdf_sha256"])
    .where("case_id", "=", caseId)
    .where("id", "=", dossierId)
    .where("state", "=", "ready")
    .executeTakeFirst();
  if (row === undefined || row.pdf_size === null || row.pdf_sha256 === null) return null;
  return { version: row.version, size: row.pdf_size, sha256: row.pdf_sha256 };
}

export async function getChoice(db: Db | Tx, caseId: string, complaintId: string): Promise<Choice | null> {
  const row = await db
    .selectFrom("complaint_attachments")
    .select("choice_json")
    .where("case_id", "=", caseId)
    .where("complaint_id", "=", complaintId)
    .executeTakeFirst();
  return row === undefined ? null : Choice.parse(JSON.parse(row.choice_json));
}

/**
 * Keeps what somebody chose, with its event.
 * @param version of the choice that it changes; 0 = nothing was chosen before
 * @param going what goes along by it, for the history
 * @returns false when somebody else has chosen since
 */
export async function saveChoice(
  tx: Tx,
  caseId: string,
  complaint: { id: string; number: number },
  { version, going, ...chosen }: Choice & { going: object[] },
  by: By,
): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const stored = await getChoice(tx, caseId, complaint.id);
  if ((stored?.version ?? 0) !== version) return false;
  const kept = {
    choice_json: JSON.stringify({ ...chosen, version: version + 1 } satisfies Choice),
    saved_by: by.personId,
    saved_at: by.at,
  };
  await tx
    .insertInto("complaint_attachments")
    .values({ case_id: caseId, complaint_id: complaint.id, ...kept })
    .onConflict((conflict) => conflict.column("complaint_id").doUpdateSet(kept))
    .execute();
  await record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: "complaint.attached",
    subject: `complaint:${complaint.number}`,
    detail: { going, limits: chosen.limits },
  });
  return true;
}
