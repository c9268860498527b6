/** What the graph of numbers is made of, each in one question over the whole case. Every query names the case. */
import type { Db } from "../platform/database.ts";
import type { NumberUse } from "./graph.ts";
import type { ContactsAfter } from "./graph-notices.ts";

/** How often each number contacted whom for which collector and debt; from what was logged, nothing is guessed. */
export async function numberUses(db: Db, caseId: string): Promise<NumberUse[]> {
  const rows = await db
    .selectFrom("incidents")
    .select((eb) => [
      "from_number as number",
      "collector_id as collectorId",
      "contacted",
      "debt_id as debtId",
      eb.fn.countAll<number>().as("count"),
      eb.fn.min("happened_at").as("firstAt"),
      eb.fn.max("happened_at").as("lastAt"),
      eb.fn.min("number").as("example"),
    ])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .where("from_number", "is not", null)
    .groupBy(["from_number", "collector_id", "contacted", "debt_id"])
    .execute();
  return rows.map((row) => ({ ...row, number: row.number ?? "", count: Number(row.count) }));
}

/** Who contacted after each notice that stands, by number. */
export async function contactsAfterNotices(db: Db, caseId: string): Promise<ContactsAfter[]> {
  const rows = await db
    .selectFrom("notices as n")
    .innerJoin("incidents as i", (join) =>
      join
        .onRef("i.case_id", "=", "n.case_id")
        .on((eb) => eb("i.happened_at", ">", eb.fn.coalesce("n.received_at", "n.sent_at"))),
    )
    .select((eb) => [
      "n.number as notice",
      "i.collector_id as collectorId",
      "i.from_number as number",
      eb.fn.countAll<number>().as("count"),
    ])
    .where("n.case_id", "=", caseId)
    .where("n.removed_at", "is", null)
    .where("i.removed_at", "is", null)
    .where("i.direction", "=", "incoming")
    .groupBy(["n.number", "i.collector_id", "i.from_number"])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Words of incoming messages and calls with their numbers, the newest so many. */
export async function saidByNumbers(
  db: Db,
  caseId: string,
  limit: number,
): Promise<{ number: string; incident: number; said: string }[]> {
  const rows = await db
    .selectFrom("incidents")
    .select(["from_number", "number", "said"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .where("from_number", "is not", null)
    .where("said", "is not", null)
    .orderBy("happened_at", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ number: row.from_number ?? "", incident: row.number, said: row.said ?? "" }));
}

/** The names of recordings that belong to contacts with a number. */
export async function recordingNames(
  db: Db,
  caseId: string,
): Promise<{ number: string; incident: number; name: string }[]> {
  const rows = await db
    .selectFrom("evidence_links as l")
    .innerJoin("evidence as e", "e.id", "l.evidence_id")
    .innerJoin("incidents as i", "i.id", "l.subject_id")
    .select(["i.from_number", "i.number", "e.name"])
    .where("l.case_id", "=", caseId)
    .where("l.subject_kind", "=", "incident")
    .where("e.removed_at", "is", null)
    .where("e.letter", "in", ["A", "D"])
    .where("i.removed_at", "is", null)
    .where("i.direction", "=", "incoming")
    .where("i.from_number", "is not", null)
    .execute();
  return rows.map((row) => ({ number: row.from_number ?? "", incident: row.number, name: row.name }));
}

/** Numbers that records of imported files name, with how many records and of which kinds. */
export async function recordedNumbers(
  db: Db,
  caseId: string,
): Promise<{ number: string; kind: string; count: number }[]> {
  const rows = await db
    .selectFrom("incident_sources as s")
    .innerJoin("incidents as i", "i.id", "s.incident_id")
    .select((eb) => ["i.from_number as number", "s.kind", eb.fn.countAll<number>().as("count")])
    .where("s.case_id", "=", caseId)
    .where("i.removed_at", "is", null)
    .where("i.from_number", "is not", null)
    .groupBy(["i.from_number", "s.kind"])
    .execute();
  return rows.map((row) => ({ number: row.number ?? "", kind: row.kind, count: Number(row.count) }));
}
