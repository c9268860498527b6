/**
 * How far the comparison of log and records has come, and what lies beside a moment. Every query names the case. Next: stale.ts (what an
 * event changes), up-to-date.ts.
 */
import { sql } from "kysely";
import type { Evidence } from "../evidence/evidence.ts";
import type { Db } from "../platform/database.ts";

/** The newest event of the history when records were last compared; null = never. */
export async function comparedAt(db: Db, caseId: string): Promise<number | null> {
  const row = await db.selectFrom("cases").select("compared_history").where("id", "=", caseId).executeTakeFirst();
  return row?.compared_history ?? null;
}

export async function setCompared(db: Db, caseId: string, seq: number): Promise<void> {
  await db.updateTable("cases").set({ compared_history: seq }).where("id", "=", caseId).execute();
}

/** Contacts by their human numbers, in the bin or not. */
export async function contactsNumbered(
  db: Db,
  caseId: string,
  numbers: readonly number[],
): Promise<{ id: string; happenedAt: number }[]> {
  if (numbers.length === 0) return [];
  return db
    .selectFrom("incidents")
    .select(["id", "happened_at as happenedAt"])
    .where("case_id", "=", caseId)
    .where("number", "in", numbers)
    .execute();
}

/** The contacts that a file belongs to, and whether it is an imported file that was kept. */
export async function reachOfFile(
  db: Db,
  caseId: string,
  { letter, number }: Pick<Evidence, "letter" | "number">,
): Promise<{ imported: boolean; contacts: number[] }> {
  const file = db
    .selectFrom("evidence")
    .select("id")
    .where("case_id", "=", caseId)
    .where("letter", "=", letter)
    .where("number", "=", number);
  const imported = await db
    .selectFrom("import_files")
    .select("file")
    .where("case_id", "=", caseId)
    .where("evidence_id", "in", file)
    .limit(1)
    .executeTakeFirst();
  const contacts = await db
    .selectFrom("evidence_links as l")
    .innerJoin("incidents as i", "i.id", "l.subject_id")
    .select("i.number")
    .where("l.case_id", "=", caseId)
    .where("l.subject_kind", "=", "incident")
    .where("l.evidence_id", "in", file)
    .execute();
  return { imported: imported !== undefined, contacts: contacts.map(({ number: contact }) => contact) };
}

/** Whose the numbers in the records were taken for; `other` = nobody's in the case. */
export async function ownersInRecords(
  db: Db,
  caseId: string,
): Promise<{ number: string; other: boolean; collectorId: string | null }[]> {
  const rows = await db
    .selectFrom("left_records")
    .select(["number", "collector_id", sql<number>`case when standing = 'other' then 1 else 0 end`.as("other")])
    .distinct()
    .where("case_id", "=", caseId)
    .where("number", "is not", null)
    .execute();
  return rows.map((row) => ({ number: row.number ?? "", other: row.other === 1, collectorId: row.collector_id }));
}

/** When the records of some numbers happened, at most so many. */
export async function momentsOfNumbers(
  db: Db,
  caseId: string,
  numbers: readonly string[],
  limit: number,
): Promise<number[]> {
  if (numbers.length === 0) return [];
  const rows = await db
    .selectFrom("left_records")
    .select("happened_at as at")
    .where("case_id", "=", caseId)
    .where("number", "in", numbers)
    .limit(limit)
    .execute();
  return rows.map(({ at }) => at);
}

/** Moments of contacts and of collectors' records from one on, going away from it: back in time or forward, the nearest so many. */
export async function momentsBeside(
  db: Db,
  caseId: string,
  at: number,
  way: "back" | "forward",
  limit: number,
): Promise<number[]> {
  const [how, order] = way === "back" ? (["<=", "desc"] as const) : ([">=", "asc"] as const);
  const contacts = await db
    .selectFrom("incidents")
    .select("happened_at as at")
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", how, at)
    .orderBy("happened_at", order)
    .limit(limit)
    .execute();
  const records = await db
    .selectFrom("left_records")
    .select("happened_at as at")
    .where("case_id", "=", caseId)
    .where("standing", "!=", "other")
    .where("happened_at", how, at)
    .orderBy("happened_at", order)
    .limit(limit)
    .execute();
  const all = [...contacts, ...records].map((row) => row.at);
  return all.sort((a, b) => (way === "back" ? b - a : a - b)).slice(0, limit);
}
