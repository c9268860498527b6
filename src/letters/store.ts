/** Letters in the database; every query names the case. Next: write-letter.ts. */
import type { Selectable } from "kysely";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import type { Letter, LetterFacts, LetterTexts, Sending } from "./letter.ts";
import type { LetterKind } from "./template.ts";

/** Those that were not removed, the newest first. */
export async function listLetters(db: Db, caseId: string): Promise<Letter[]> {
  const rows = await db
    .selectFrom("letters")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("number", "desc")
    .execute();
  return rows.map(letterFrom);
}

/** One by its number, removed or not. */
export async function getLetter(db: Db, caseId: string, number: number): Promise<Letter | null> {
  const row = await db
    .selectFrom("letters")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? null : letterFrom(row);
}

export async function insertLetter(tx: Tx, caseId: string, letter: Letter): Promise<void> {
  const { id, number, kind, version, createdBy, createdAt, updatedAt } = letter;
  await tx
    .insertInto("letters")
    .values({
      ...words(letter),
      id,
      case_id: caseId,
      number,
      kind,
      version,
      created_by: createdBy,
      created_at: createdAt,
      updated_at: updatedAt,
    })
    .execute();
}

/** Writes a draft if nobody else has since `version`, and nobody has sent or removed it. @returns whether it was written. */
export async function updateLetter(
  tx: Tx,
  caseId: string,
  number: number,
  version: number,
  change: Pick<Letter, "facts" | "texts" | "edited"> & { at: number },
): Promise<boolean> {
  const updated = await draft(tx, caseId, number, version)
    .set({ ...words(change), version: version + 1, updated_at: change.at })
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Freezes a draft as sent, on the same terms. */
export async function markSent(
  tx: Tx,
  caseId: string,
  number: number,
  version: number,
  sent: Sending,
): Promise<boolean> {
  const updated = await draft(tx, caseId, number, version)
    .set({ sent_json: JSON.stringify(sent) })
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** @returns false when it was sent, or is so already. */
export async function setLetterRemoved(tx: Tx, caseId: string, number: number, at: number | null): Promise<boolean> {
  const updated = await tx
    .updateTable("letters")
    .set({ removed_at: at })
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .where("sent_json", "is", null)
    .where("removed_at", at === null ? "is not" : "is", null)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

const draft = (tx: Tx, caseId: string, number: number, version: number) =>
  tx
    .updateTable("letters")
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .where("version", "=", version)
    .where("sent_json", "is", null)
    .where("removed_at", "is", null);

const words = ({ facts, texts, edited }: Pick<Letter, "facts" | "texts" | "edited">) => ({
  facts_json: JSON.stringify(facts),
  texts_json: JSON.stringify(texts),
  edited: edited ? 1 : 0,
});

const letterFrom = (row: Selectable<Schema["letters"]>): Letter => ({
  id: row.id,
  number: row.number,
  kind: row.kind as LetterKind,
  facts: JSON.parse(row.facts_json) as LetterFacts,
  texts: JSON.parse(row.texts_json) as LetterTexts,
  edited: row.edited === 1,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  sent: row.sent_json === null ? null : (JSON.parse(row.sent_json) as Sending),
  removedAt: row.removed_at,
});
