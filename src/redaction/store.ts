/** Redacted copies and what somebody marked so far, in the database; every query names the case. Next: make-copy.ts. */
import type { Selectable } from "kysely";
import { waitForOthers } from "../evidence/store.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import { type Copy, Recipe, Refused } from "./redaction.ts";

export async function getDraft(db: Db, caseId: string, evidenceId: string): Promise<Recipe | null> {
  const row = await db
    .selectFrom("redaction_drafts")
    .select("recipe_json")
    .where("case_id", "=", caseId)
    .where("evidence_id", "=", evidenceId)
    .executeTakeFirst();
  return row === undefined ? null : Recipe.parse(JSON.parse(row.recipe_json));
}

export async function saveDraft(
  db: Db | Tx,
  caseId: string,
  evidenceId: string,
  recipe: Recipe,
  by: { personId: string; at: number },
): Promise<void> {
  const kept = { recipe_json: JSON.stringify(recipe), saved_by: by.personId, saved_at: by.at };
  await db
    .insertInto("redaction_drafts")
    .values({ case_id: caseId, evidence_id: evidenceId, ...kept })
    .onConflict((conflict) => conflict.columns(["case_id", "evidence_id"]).doUpdateSet(kept))
    .execute();
}

/** Makes an entry for a copy that is about to be made. @returns its version: the next of this exhibit. */
export async function orderCopy(
  tx: Tx,
  caseId: string,
  copy: Pick<Copy, "id" | "evidenceId" | "recipe" | "originalSha256" | "madeBy" | "orderedAt">,
): Promise<number> {
  await waitForOthers(tx, caseId);
  const { newest } = await tx
    .selectFrom("redacted_copies")
    .select((eb) => eb.fn.max("version").as("newest"))
    .where("case_id", "=", caseId)
    .where("evidence_id", "=", copy.evidenceId)
    .executeTakeFirstOrThrow();
  const version = Number(newest ?? 0) + 1;
  await tx
    .insertInto("redacted_copies")
    .values({
      id: copy.id,
      case_id: caseId,
      evidence_id: copy.evidenceId,
      version,
      state: "making",
      recipe_json: JSON.stringify(copy.recipe),
      original_sha256: copy.originalSha256,
      made_by: copy.madeBy,
      ordered_at: copy.orderedAt,
    })
    .execute();
  return version;
}

/** @returns false when it is no longer waited for. */
export async function finishCopy(
  tx: Tx,
  caseId: string,
  id: string,
  made: { sha256: string; size: number; mediaType: string; at: number },
): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const row = await tx
    .updateTable("redacted_copies")
    .set({ state: "ready", sha256: made.sha256, size: made.size, media_type: made.mediaType, made_at: made.at })
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("state", "=", "making")
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

export async function failCopy(db: Db, caseId: string, id: string, error: Refused): Promise<void> {
  await db
    .updateTable("redacted_copies")
    .set({ state: "failed", error: JSON.stringify(error) })
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("state", "=", "making")
    .execute();
}

/** Moves a copy to the bin or out of it. @returns false when it is there already. */
export async function setCopyRemoved(tx: Tx, caseId: string, id: string, at: number | null): Promise<boolean> {
  await waitForOthers(tx, caseId);
  const row = await tx
    .updateTable("redacted_copies")
    .set({ removed_at: at })
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("removed_at", at === null ? "is not" : "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Of one exhibit, newest first, those in the bin too. */
export async function listCopies(db: Db, caseId: string, evidenceId: string): Promise<Copy[]> {
  const rows = await copies(db, caseId).where("evidence_id", "=", evidenceId).orderBy("version", "desc").execute();
  return rows.map(copyFrom);
}

export interface NewestCopy {
  evidenceId: string;
  version: number;
  file: { sha256: string; size: number; mediaType: string };
}

/** Of each exhibit the newest copy that is ready and not in the bin. */
export async function newestCopies(db: Db, caseId: string): Promise<Map<string, NewestCopy>> {
  const rows = await db
    .selectFrom("redacted_copies")
    .select(["evidence_id", "version", "sha256", "size", "media_type"])
    .where("case_id", "=", caseId)
    .where("state", "=", "ready")
    .where("removed_at", "is", null)
    .orderBy("version")
    .execute();
  return new Map(
    rows.map((row) => [
      row.evidence_id,
      {
        evidenceId: row.evidence_id,
        version: row.version,
        file: { sha256: row.sha256!, size: row.size!, mediaType: row.media_type! },
      },
    ]),
  );
}

export async function getCopy(db: Db, caseId: string, evidenceId: string, version: number): Promise<Copy | null> {
  const row = await copies(db, caseId)
    .where("evidence_id", "=", evidenceId)
    .where("version", "=", version)
    .executeTakeFirst();
  return row === undefined ? null : copyFrom(row);
}

const copies = (db: Db, caseId: string) =>
  db
    .selectFrom("redacted_copies")
    .leftJoin("people", "people.id", "redacted_copies.made_by")
    .selectAll("redacted_copies")
    .select("people.name as person")
    .where("case_id", "=", caseId);

function copyFrom(row: Selectable<Schema["redacted_copies"]> & { person: string | null }): Copy {
  const { sha256, size, media_type: mediaType } = row;
  return {
    id: row.id,
    evidenceId: row.evidence_id,
    version: row.version,
    state: row.state as Copy["state"],
    recipe: Recipe.parse(JSON.parse(row.recipe_json)),
    error: row.error === null ? null : Refused.parse(JSON.parse(row.error)),
    originalSha256: row.original_sha256,
    file: sha256 === null || size === null || mediaType === null ? null : { sha256, size, mediaType },
    madeBy: row.made_by,
    madeByName: row.person ?? "",
    orderedAt: row.ordered_at,
    madeAt: row.made_at,
    removedAt: row.removed_at,
  };
}
