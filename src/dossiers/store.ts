/**
 * Versions of dossiers in the database: pending -> building -> ready | failed. A ready one is never changed again.
 * Every query names the case. Next: build-dossier.ts moves a version from state to state.
 */
import type { Selectable } from "kysely";
import { z } from "zod";
import { nextNumber } from "../cases/store.ts";
import { type Evidence, exhibitName } from "../evidence/evidence.ts";
import { record } from "../history/store.ts";
import type { Db, Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Schema } from "../platform/schema.ts";
import { DossierOptions } from "./dossier.ts";
import type { WrittenBag } from "./bag.ts";

const states = ["pending", "building", "ready", "failed"] as const;
type State = (typeof states)[number];

/** What the maker is doing; `at` is when it last said so. */
const Progress = z.object({
  step: z.enum(["pending", "collecting", "typesetting", "bagging"]),
  /** Contacts while typesetting; bytes while bagging. */
  done: z.number().optional(),
  total: z.number().optional(),
  at: z.number(),
});
export type Progress = z.infer<typeof Progress>;

/** Words for what went wrong: a key under `dossiers.error` and its values. */
const Failure = z.object({
  key: z.enum(["interrupted", "internal", "evidence", "full", "busy"]),
  params: z.record(z.string(), z.string()).optional(),
});
export type Failure = z.infer<typeof Failure>;

export interface Version {
  id: string;
  caseId: string;
  version: number;
  state: State;
  options: DossierOptions;
  progress: Progress;
  error: Failure | null;
  /** Both set when ready. */
  pdf: WrittenBag | null;
  zip: WrittenBag | null;
  /** The newest event of the history it holds. */
  history: { seq: number; hash: string } | null;
  createdBy: string;
  createdByName: string | null;
  createdAt: number;
  finishedAt: number | null;
}

/** Makes a pending version, with its event. */
export async function orderVersion(
  tx: Tx,
  caseId: string,
  options: DossierOptions,
  by: { personId: string; at: number },
): Promise<number> {
  const version = await nextNumber(tx, caseId, "dossier");
  await tx
    .insertInto("dossiers")
    .values({
      id: newId(by.at),
      case_id: caseId,
      version,
      state: "pending",
      options_json: JSON.stringify(options),
      progress_json: JSON.stringify({ step: "pending", at: by.at } satisfies Progress),
      created_by: by.personId,
      created_at: by.at,
    })
    .execute();
  await record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: "dossier.requested",
    subject: `dossier:${version}`,
    detail: { ...options },
  });
  return version;
}

/** Newest first. */
export async function listVersions(db: Db, caseId: string): Promise<Version[]> {
  const rows = await versions(db, caseId).orderBy("version", "desc").execute();
  return rows.map(versionFrom);
}

export async function getVersion(db: Db, caseId: string, version: number): Promise<Version | null> {
  const row = await versions(db, caseId).where("version", "=", version).executeTakeFirst();
  return row === undefined ? null : versionFrom(row);
}

/** Exhibits of which there is no redacted copy, in the order of their numbers. */
export async function uncoveredExhibits(db: Db, caseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("evidence")
    .select(["letter", "number"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("redacted_copies")
            .select("redacted_copies.id")
            .whereRef("redacted_copies.evidence_id", "=", "evidence.id")
            .where("redacted_copies.case_id", "=", caseId)
            .where("redacted_copies.state", "=", "ready")
            .where("redacted_copies.removed_at", "is", null),
        ),
      ),
    )
    .orderBy("letter")
    .orderBy("number")
    .execute();
  return rows.map((row) => exhibitName(row as Pick<Evidence, "letter" | "number">));
}

/** Takes a pending version for building. @returns false when somebody else has it. */
export async function claimVersion(db: Db, caseId: string, version: number, at: number): Promise<boolean> {
  const row = await db
    .updateTable("dossiers")
    .set({ state: "building", progress_json: JSON.stringify({ step: "collecting", at } satisfies Progress) })
    .where("case_id", "=", caseId)
    .where("version", "=", version)
    .where("state", "=", "pending")
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

export async function saveProgress(db: Db, caseId: string, version: number, progress: Progress): Promise<void> {
  await db
    .updateTable("dossiers")
    .set({ progress_json: JSON.stringify(progress) })
    .where("case_id", "=", caseId)
    .where("version", "=", version)
    .where("state", "in", ["pending", "building"])
    .execute();
}

/** A version is made: what was made, and the event that carries both hashes into the history. */
export async function finishVersion(
  tx: Tx,
  made: {
    caseId: string;
    version: number;
    pdf: WrittenBag;
    zip: WrittenBag;
    history: { seq: number; hash: string };
    by: string;
    at: number;
  },
): Promise<void> {
  const { caseId, version, pdf, zip, history, by, at } = made;
  await tx
    .updateTable("dossiers")
    .set({
      state: "ready",
      pdf_sha256: pdf.sha256,
      pdf_size: pdf.size,
      zip_sha256: zip.sha256,
      zip_size: zip.size,
      history_seq: history.seq,
      history_hash: history.hash,
      finished_at: at,
    })
    .where("case_id", "=", caseId)
    .where("version", "=", version)
    .where("state", "=", "building")
    .returning("id")
    .executeTakeFirstOrThrow();
  await record(tx, {
    caseId,
    actor: by,
    at,
    action: "dossier.made",
    subject: `dossier:${version}`,
    detail: { pdfSha256: pdf.sha256, zipSha256: zip.sha256, pdfBytes: pdf.size, zipBytes: zip.size },
  });
}

/** A version that will not come. @returns false when it was finished or failed already. */
export async function failVersion(
  tx: Tx,
  failed: { caseId: string; version: number; error: Failure; by: string; at: number },
): Promise<boolean> {
  const row = await tx
    .updateTable("dossiers")
    .set({ state: "failed", error: JSON.stringify(failed.error), finished_at: failed.at })
    .where("case_id", "=", failed.caseId)
    .where("version", "=", failed.version)
    .where("state", "in", ["pending", "building"])
    .returning("id")
    .executeTakeFirst();
  if (row === undefined) return false;
  await record(tx, {
    caseId: failed.caseId,
    actor: failed.by,
    at: failed.at,
    action: "dossier.failed",
    subject: `dossier:${failed.version}`,
    detail: { why: failed.error.key },
  });
  return true;
}

/** Who took which file of a version away. */
export async function recordDownload(
  db: Db,
  { caseId, version }: Pick<Version, "caseId" | "version">,
  kind: "pdf" | "zip",
  by: { personId: string; at: number },
): Promise<void> {
  await db.transaction().execute((tx) =>
    record(tx, {
      caseId,
      actor: by.personId,
      at: by.at,
      action: "dossier.downloaded",
      subject: `dossier:${version}`,
      detail: { kind },
    }),
  );
}

const versions = (db: Db, caseId: string) =>
  db
    .selectFrom("dossiers")
    .leftJoin("people", "people.id", "dossiers.created_by")
    .selectAll("dossiers")
    .select("people.name as person")
    .where("case_id", "=", caseId);

function versionFrom(row: Selectable<Schema["dossiers"]> & { person: string | null }): Version {
  const file = (sha256: string | null, size: number | null) =>
    sha256 === null || size === null ? null : { sha256, size };
  return {
    id: row.id,
    caseId: row.case_id,
    version: row.version,
    state: z.enum(states).parse(row.state),
    options: DossierOptions.parse(JSON.parse(row.options_json)),
    progress: Progress.parse(JSON.parse(row.progress_json)),
    error: row.error === null ? null : Failure.parse(JSON.parse(row.error)),
    pdf: file(row.pdf_sha256, row.pdf_size),
    zip: file(row.zip_sha256, row.zip_size),
    history:
      row.history_seq === null || row.history_hash === null ? null : { seq: row.history_seq, hash: row.history_hash },
    createdBy: row.created_by,
    createdByName: row.person,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}
