/**
 * Codes of a case in the database; every query names the case. A saved version is a row that never changes. It must not know what a
 * code says. Next: change-own.ts (what happens to them), case-codes.ts (the library of a case).
 */
import type { Db, Tx } from "../platform/database.ts";
import type { Draft, OwnCode, Version, VersionLine } from "./own-code.ts";

const lineColumns = ["number", "version", "title_json", "sha256", "note", "saved_by", "saved_at"] as const;

const newestVersions = (db: Db, caseId: string) =>
  db
    .selectFrom("own_code_versions as v")
    .where("v.case_id", "=", caseId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("own_code_versions as later")
            .select("later.number")
            .whereRef("later.case_id", "=", "v.case_id")
            .whereRef("later.code_id", "=", "v.code_id")
            .whereRef("later.number", ">", "v.number"),
        ),
      ),
    );

/** All codes of a case, by id; retired ones too. */
export async function listOwnCodes(db: Db, caseId: string): Promise<OwnCode[]> {
  const rows = await newestVersions(db, caseId)
    .innerJoin("own_codes as c", (join) =>
      join.onRef("c.case_id", "=", "v.case_id").onRef("c.code_id", "=", "v.code_id"),
    )
    .leftJoin("own_code_drafts as d", (join) =>
      join.onRef("d.case_id", "=", "v.case_id").onRef("d.code_id", "=", "v.code_id"),
    )
    .select(["c.code_id", "c.origin", "c.made_at", "c.retired_at", "d.revision"])
    .select(lineColumns.map((column) => `v.${column}` as const))
    .orderBy("c.code_id")
    .execute();
  return rows.map((row) => ({
    id: row.code_id,
    origin: row.origin,
    madeAt: row.made_at,
    retiredAt: row.retired_at,
    newest: lineFrom(row),
    hasDraft: row.revision !== null,
  }));
}

export async function getOwnCode(db: Db, caseId: string, codeId: string): Promise<OwnCode | null> {
  return (await listOwnCodes(db, caseId)).find(({ id }) => id === codeId) ?? null;
}

/** The newest versions of some codes of a case, with their texts. */
export async function newestTexts(
  db: Db,
  caseId: string,
  codeIds: readonly string[] | "all",
): Promise<{ id: string; sha256: string; yaml: string }[]> {
  if (codeIds.length === 0) return [];
  let query = newestVersions(db, caseId).select(["v.code_id as id", "v.sha256", "v.yaml"]);
  if (codeIds !== "all") query = query.where("v.code_id", "in", codeIds);
  return query.orderBy("v.code_id").execute();
}

/** Newest first. */
export async function listVersions(db: Db, caseId: string, codeId: string): Promise<VersionLine[]> {
  const rows = await db
    .selectFrom("own_code_versions")
    .select(lineColumns)
    .where("case_id", "=", caseId)
    .where("code_id", "=", codeId)
    .orderBy("number", "desc")
    .execute();
  return rows.map(lineFrom);
}

export async function getVersion(db: Db, caseId: string, codeId: string, number: number): Promise<Version | null> {
  const row = await db
    .selectFrom("own_code_versions")
    .select([...lineColumns, "yaml"])
    .where("case_id", "=", caseId)
    .where("code_id", "=", codeId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? null : { ...lineFrom(row), yaml: row.yaml };
}

export async function getDraft(db: Db, caseId: string, codeId: string): Promise<Draft | null> {
  const row = await db
    .selectFrom("own_code_drafts")
    .select(["yaml", "revision"])
    .where("case_id", "=", caseId)
    .where("code_id", "=", codeId)
    .executeTakeFirst();
  return row ?? null;
}

/** Keeps a changed text. @returns false when somebody else changed the draft since `revision` (0 = there was none). */
export async function putDraft(
  db: Db,
  caseId: string,
  codeId: string,
  { yaml, revision }: Draft,
  by: { personId: string; at: number },
): Promise<boolean> {
  const changed = { yaml, revision: revision + 1, changed_by: by.personId, changed_at: by.at };
  if (revision === 0) {
    const made = await db
      .insertInto("own_code_drafts")
      .values({ case_id: caseId, code_id: codeId, ...changed })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return made.numInsertedOrUpdatedRows === 1n;
  }
  const kept = await db
    .updateTable("own_code_drafts")
    .set(changed)
    .where("case_id", "=", caseId)
    .where("code_id", "=", codeId)
    .where("revision", "=", revision)
    .executeTakeFirst();
  return kept.numUpdatedRows === 1n;
}

export async function deleteDraft(db: Db, caseId: string, codeId: string): Promise<void> {
  await db.deleteFrom("own_code_drafts").where("case_id", "=", caseId).where("code_id", "=", codeId).execute();
}

export async function putCode(
  tx: Tx,
  caseId: string,
  code: { id: string; origin: string | null },
  by: { personId: string; at: number },
): Promise<void> {
  await tx
    .insertInto("own_codes")
    .values({ case_id: caseId, code_id: code.id, origin: code.origin, made_by: by.personId, made_at: by.at })
    .execute();
}

export async function putVersion(tx: Tx, caseId: string, codeId: string, version: Version): Promise<void> {
  await tx
    .insertInto("own_code_versions")
    .values({
      case_id: caseId,
      code_id: codeId,
      number: version.number,
      version: version.version,
      title_json: JSON.stringify(version.title),
      yaml: version.yaml,
      sha256: version.sha256,
      note: version.note,
      saved_by: version.savedBy,
      saved_at: version.savedAt,
    })
    .execute();
}

/** @param at epoch milliseconds; null brings it back. @returns false when it was so already. */
export async function setRetired(tx: Tx, caseId: string, codeId: string, at: number | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("own_codes")
    .set({ retired_at: at })
    .where("case_id", "=", caseId)
    .where("code_id", "=", codeId)
    .where("retired_at", at === null ? "is not" : "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The case ids, with their numbers, in which a person may copy codes. */
export async function casesToCopyFrom(db: Db, personId: string): Promise<{ id: string; number: number }[]> {
  return db
    .selectFrom("case_members")
    .innerJoin("cases", "cases.id", "case_members.case_id")
    .select(["cases.id", "cases.number"])
    .where("person_id", "=", personId)
    .where("role", "in", ["borrower", "advocate"])
    .orderBy("cases.number")
    .execute();
}

interface LineRow {
  number: number;
  version: string;
  title_json: string;
  sha256: string;
  note: string;
  saved_by: string;
  saved_at: number;
}

const lineFrom = (row: LineRow): VersionLine => ({
  number: row.number,
  version: row.version,
  title: JSON.parse(row.title_json) as VersionLine["title"],
  sha256: row.sha256,
  note: row.note,
  savedBy: row.saved_by,
  savedAt: row.saved_at,
});
