/** Evidence in the database: what files a case has, what they belong to, and files waiting for their form. Every query names the case. */
import type { Selectable } from "kysely";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import type { Evidence, HeldFile, Letter, ReceivedFile, Subject, SubjectKind } from "./evidence.ts";

/** A file of the case with everything it belongs to. */
export interface ListedEvidence extends Evidence {
  addedByName: string;
  subjects: Subject[];
}

export interface EvidenceFilter {
  letter?: Letter | undefined;
  /** Only what is in the bin. */
  removed: boolean;
  /** Only what was added before this one (keyset paging). */
  before?: { addedAt: number; id: string } | undefined;
  limit: number;
}

/** Newest first. */
export async function listEvidence(db: Db, caseId: string, filter: EvidenceFilter): Promise<ListedEvidence[]> {
  let query = db
    .selectFrom("evidence")
    .leftJoin("people", "people.id", "evidence.added_by")
    .selectAll("evidence")
    .select("people.name as person")
    .where("case_id", "=", caseId)
    .where("removed_at", filter.removed ? "is not" : "is", null);
  if (filter.letter !== undefined) query = query.where("letter", "=", filter.letter);
  if (filter.before !== undefined) {
    const { addedAt, id } = filter.before;
    query = query.where((eb) => eb(eb.refTuple("added_at", "evidence.id"), "<", eb.tuple(addedAt, id)));
  }
  const rows = await query.orderBy("added_at", "desc").orderBy("evidence.id", "desc").limit(filter.limit).execute();
  const subjects = await subjectsOf(
    db,
    caseId,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...evidenceFrom(row),
    addedByName: row.person ?? "",
    subjects: subjects.get(row.id) ?? [],
  }));
}

/** How many files there are of each letter, and in the bin. */
export async function countEvidence(
  db: Db,
  caseId: string,
): Promise<{ letters: Map<Letter, number>; all: number; removed: number }> {
  const rows = await db
    .selectFrom("evidence")
    .select([
      "letter",
      (eb) => eb.fn.countAll<number>().as("n"),
      (eb) => eb.fn.count<number>("removed_at").as("removed"),
    ])
    .where("case_id", "=", caseId)
    .groupBy("letter")
    .execute();
  const counted = rows.map(({ letter, n, removed }) => [letter as Letter, n - removed, removed] as const);
  return {
    letters: new Map(counted.map(([letter, n]) => [letter, n])),
    all: counted.reduce((sum, [, n]) => sum + n, 0),
    removed: counted.reduce((sum, [, , removed]) => sum + removed, 0),
  };
}

/** One exhibit of the case, removed or not. */
export async function getEvidence(
  db: Db,
  caseId: string,
  { letter, number }: Pick<Evidence, "letter" | "number">,
): Promise<ListedEvidence | null> {
  const row = await db
    .selectFrom("evidence")
    .leftJoin("people", "people.id", "evidence.added_by")
    .selectAll("evidence")
    .select("people.name as person")
    .where("case_id", "=", caseId)
    .where("letter", "=", letter)
    .where("number", "=", number)
    .executeTakeFirst();
  if (row === undefined) return null;
  const subjects = await subjectsOf(db, caseId, [row.id]);
  return { ...evidenceFrom(row), addedByName: row.person ?? "", subjects: subjects.get(row.id) ?? [] };
}

/** The files of several incidents (or notices) at once, by the id of the subject, in the order they were added; what is in the bin is left out. */
export async function evidenceOf(
  db: Db,
  caseId: string,
  kind: SubjectKind,
  ids: readonly string[],
): Promise<Map<string, Evidence[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("evidence_links")
    .innerJoin("evidence", "evidence.id", "evidence_links.evidence_id")
    .selectAll("evidence")
    .select("evidence_links.subject_id")
    .where("evidence_links.case_id", "=", caseId)
    .where("subject_kind", "=", kind)
    .where("subject_id", "in", ids)
    .where("evidence.removed_at", "is", null)
    .orderBy("evidence.added_at")
    .orderBy("evidence.letter")
    .orderBy("evidence.number")
    .execute();
  const bySubject = Map.groupBy(rows, (row) => row.subject_id);
  return new Map([...bySubject].map(([id, found]) => [id, found.map(evidenceFrom)]));
}

/** What several files belong to, by the id of the file. */
async function subjectsOf(db: Db, caseId: string, evidenceIds: readonly string[]): Promise<Map<string, Subject[]>> {
  if (evidenceIds.length === 0) return new Map();
  const links = db
    .selectFrom("evidence_links")
    .select(["evidence_id", "subject_kind as kind", "subject_id as id"])
    .where("evidence_links.case_id", "=", caseId)
    .where("evidence_id", "in", evidenceIds);
  const incidents = links.innerJoin("incidents", (on) =>
    on.onRef("incidents.id", "=", "subject_id").on("subject_kind", "=", "incident"),
  );
  const notices = links.innerJoin("notices", (on) =>
    on.onRef("notices.id", "=", "subject_id").on("subject_kind", "=", "notice"),
  );
  // Files of a complaint belong to one of its letters, and are shown with the complaint.
  const complaints = links
    .innerJoin("complaint_letters", (on) =>
      on.onRef("complaint_letters.id", "=", "subject_id").on("subject_kind", "=", "complaint"),
    )
    .innerJoin("complaints", "complaints.id", "complaint_letters.complaint_id");
  const entries = links.innerJoin("ledger_entries", (on) =>
    on.onRef("ledger_entries.id", "=", "subject_id").onRef("subject_kind", "=", "ledger_entries.kind"),
  );
  const found = [
    ...(await incidents.select("incidents.number").orderBy("incidents.number").execute()),
    ...(await notices.select("notices.number").orderBy("notices.number").execute()),
    ...(await complaints.select("complaints.number").orderBy("complaints.number").execute()),
    ...(await entries.select("ledger_entries.number").orderBy("ledger_entries.number").execute()),
  ];
  const byFile = Map.groupBy(found, (row) => row.evidence_id);
  return new Map(
    [...byFile].map(([file, rows]) => [
      file,
      rows.map(({ kind, id, number }) => ({ kind: kind as SubjectKind, id, number })),
    ]),
  );
}

/** The file of the case that has this content, in the bin or not. */
export async function findByContent(tx: Tx, caseId: string, sha256: string): Promise<Evidence | null> {
  const row = await tx
    .selectFrom("evidence")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("sha256", "=", sha256)
    .orderBy("added_at")
    .orderBy("id")
    .executeTakeFirst();
  return row === undefined ? null : evidenceFrom(row);
}

/**
 * Two people adding the same file at once must see each other: whoever comes second waits here until the first is done. Everything that
 * changes a case locks its row first and the head of its history last, so that nobody waits for somebody who waits for them.
 */
export async function waitForOthers(tx: Tx, caseId: string): Promise<void> {
  await tx
    .updateTable("cases")
    .set((eb) => ({ version: eb.ref("version") }))
    .where("id", "=", caseId)
    .execute();
}

export async function insertEvidence(tx: Tx, caseId: string, evidence: Evidence): Promise<void> {
  await tx
    .insertInto("evidence")
    .values({
      id: evidence.id,
      case_id: caseId,
      letter: evidence.letter,
      number: evidence.number,
      sha256: evidence.sha256,
      size: evidence.size,
      media_type: evidence.mediaType,
      name: evidence.name,
      description: evidence.description,
      added_by: evidence.addedBy,
      added_at: evidence.addedAt,
      removed_at: evidence.removedAt,
    })
    .execute();
}

/** @returns false when it was linked already. */
export async function insertLink(tx: Tx, caseId: string, evidenceId: string, { kind, id }: Subject): Promise<boolean> {
  const row = await tx
    .insertInto("evidence_links")
    .values({ case_id: caseId, evidence_id: evidenceId, subject_kind: kind, subject_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .returning("evidence_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the file backs what somebody keeps for themselves of what it did to them, removed or not. */
export async function belongsToImpact(tx: Tx, caseId: string, evidenceId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("evidence_links")
    .select("evidence_id")
    .where("case_id", "=", caseId)
    .where("evidence_id", "=", evidenceId)
    .where("subject_kind", "=", "impact")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns false when there was no such link. */
export async function deleteLink(tx: Tx, caseId: string, evidenceId: string, { kind, id }: Subject): Promise<boolean> {
  const row = await tx
    .deleteFrom("evidence_links")
    .where("case_id", "=", caseId)
    .where("evidence_id", "=", evidenceId)
    .where("subject_kind", "=", kind)
    .where("subject_id", "=", id)
    .returning("evidence_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether anything in the case still has the file. */
export async function belongsSomewhere(tx: Tx, caseId: string, evidenceId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("evidence_links")
    .select("evidence_id")
    .where("case_id", "=", caseId)
    .where("evidence_id", "=", evidenceId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Moves to the bin (a moment) or out of it (null). @returns false when it is there already. */
export async function setRemoved(tx: Tx, caseId: string, evidenceId: string, at: number | null): Promise<boolean> {
  const row = await tx
    .updateTable("evidence")
    .set({ removed_at: at })
    .where("case_id", "=", caseId)
    .where("id", "=", evidenceId)
    .where("removed_at", at === null ? "is not" : "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

export async function setDescription(
  tx: Tx,
  caseId: string,
  evidenceId: string,
  description: string | null,
): Promise<void> {
  await tx
    .updateTable("evidence")
    .set({ description })
    .where("case_id", "=", caseId)
    .where("id", "=", evidenceId)
    .execute();
}

// --- files waiting for their form ---------------------------------------------------------------------------------

export async function holdFiles(db: Db, caseId: string, personId: string, files: readonly HeldFile[]): Promise<void> {
  if (files.length === 0) return;
  await db
    .insertInto("uploads")
    .values(
      files.map((file) => ({
        id: file.id,
        case_id: caseId,
        person_id: personId,
        sha256: file.sha256,
        size: file.size,
        media_type: file.mediaType,
        name: file.name,
        received_at: file.receivedAt,
      })),
    )
    .execute();
}

/** What waits for this person in this case, in the order it was received. */
export async function heldFiles(db: Db, caseId: string, personId: string, since: number): Promise<HeldFile[]> {
  const rows = await db
    .selectFrom("uploads")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("person_id", "=", personId)
    .where("received_at", ">=", since)
    .orderBy("received_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    sha256: row.sha256,
    size: row.size,
    mediaType: row.media_type,
    name: row.name,
    receivedAt: row.received_at,
  }));
}

/** Hands over the waiting files with these ids that are this person's, and forgets them. */
export async function takeHeld(
  tx: Tx,
  caseId: string,
  personId: string,
  ids: readonly string[],
): Promise<ReceivedFile[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .deleteFrom("uploads")
    .where("case_id", "=", caseId)
    .where("person_id", "=", personId)
    .where("id", "in", ids)
    .returningAll()
    .execute();
  return rows
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => ({ sha256: row.sha256, size: row.size, mediaType: row.media_type, name: row.name }));
}

/** Forgets what nobody came back for. */
export async function dropHeld(db: Db, receivedBefore: number): Promise<void> {
  await db.deleteFrom("uploads").where("received_at", "<", receivedBefore).execute();
}

// --- all cases: for checking and tidying the store of bytes ---------------------------------------------------------

/** Whether any row of any case refers to this content. */
export async function isReferredTo(db: Db, sha256: string): Promise<boolean> {
  // One statement: between two, a waiting file could become evidence and be seen by neither.
  const row = await db
    .selectFrom("evidence")
    .select("id")
    .where("sha256", "=", sha256)
    .unionAll(db.selectFrom("uploads").select("id").where("sha256", "=", sha256))
    .unionAll(db.selectFrom("redacted_copies").select("id").where("sha256", "=", sha256))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface StoredContent {
  sha256: string;
  size: number;
  /** The exhibits with this content, of one case or of all. */
  exhibits: { caseId: string; caseNumber: number; letter: Letter; number: number; name: string }[];
}

/** Every content that rows refer to, of one case (or of all: null), in the order of the hashes, a page after `after`. */
export async function storedContents(
  db: Db,
  caseId: string | null,
  after: string,
  limit: number,
): Promise<StoredContent[]> {
  let query = db.selectFrom("evidence").select("sha256").distinct().where("sha256", ">", after);
  if (caseId !== null) query = query.where("case_id", "=", caseId);
  const hashes = (await query.orderBy("sha256").limit(limit).execute()).map(({ sha256 }) => sha256);
  if (hashes.length === 0) return [];
  let rows = db
    .selectFrom("evidence")
    .innerJoin("cases", "cases.id", "evidence.case_id")
    .select(["sha256", "size", "case_id", "cases.number as caseNumber", "letter", "evidence.number as number", "name"])
    .where("sha256", "in", hashes);
  if (caseId !== null) rows = rows.where("case_id", "=", caseId);
  const byHash = Map.groupBy(
    await rows.orderBy("cases.number").orderBy("letter").orderBy("evidence.number").execute(),
    (row) => row.sha256,
  );
  return hashes.map((sha256) => {
    const found = byHash.get(sha256) ?? [];
    return {
      sha256,
      size: found[0]?.size ?? 0,
      exhibits: found.map((row) => ({
        caseId: row.case_id,
        caseNumber: row.caseNumber,
        letter: row.letter as Letter,
        number: row.number,
        name: row.name,
      })),
    };
  });
}

function evidenceFrom(row: Selectable<Schema["evidence"]>): Evidence {
  return {
    id: row.id,
    letter: row.letter as Letter,
    number: row.number,
    sha256: row.sha256,
    size: row.size,
    mediaType: row.media_type,
    name: row.name,
    description: row.description,
    addedBy: row.added_by,
    addedAt: row.added_at,
    removedAt: row.removed_at,
  };
}
