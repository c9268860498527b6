/**
 * Cases, members, debts and collectors in the database; every query names the case. Also the two things every feature above needs:
 * human numbers (`nextNumber`) and marking findings stale (`touch`). It must not know forms or pages. Next: change-case.ts.
 */
import { type Selectable, sql } from "kysely";
import { openHistory, record } from "../history/store.ts";
import type { Db, Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Schema } from "../platform/schema.ts";
import type {
  By,
  Case,
  CaseFacts,
  Collector,
  CollectorKind,
  Debt,
  Fact,
  HandleKind,
  LenderKind,
  RespondentKind,
} from "./case.ts";

/** The first and last moment that fits a date; also what "everything" is marked stale with. */
export const BEGINNING_OF_TIME = -8_640_000_000_000_000;
export const END_OF_TIME = 8_640_000_000_000_000;

/** Null when there is none; whether the reader may see it is the caller's question (see people/). */
export async function getCase(db: Db, caseId: string): Promise<Case | null> {
  const row = await db.selectFrom("cases").selectAll().where("id", "=", caseId).executeTakeFirst();
  return row === undefined ? null : caseFrom(row);
}

/** The next human number of a kind (`incident`, `notice`, `exhibit-A`, …) in a case, beginning with 1. Never given twice. */
export async function nextNumber(tx: Tx, caseId: string, kind: string): Promise<number> {
  const { last } = await tx
    .insertInto("counters")
    .values({ case_id: caseId, kind, last: 1 })
    .onConflict((conflict) =>
      conflict.columns(["case_id", "kind"]).doUpdateSet((eb) => ({ last: eb("counters.last", "+", 1) })),
    )
    .returning("last")
    .executeTakeFirstOrThrow();
  return last;
}

/**
 * Marks what is judged on incidents happening between two moments (epoch ms) as stale, widening the span that is stale already.
 * Whoever changes what judging depends on calls this in the same transaction; a count or a notice reaches forward, so `to` is open.
 */
export async function touch(tx: Tx, caseId: string, from: number, to: number = END_OF_TIME): Promise<void> {
  await tx
    .updateTable("cases")
    .set({
      stale_from: sql<number>`case when stale_from is null or stale_from > ${from} then ${from} else stale_from end`,
      stale_to: sql<number>`case when stale_to is null or stale_to < ${to} then ${to} else stale_to end`,
    })
    .where("id", "=", caseId)
    .execute();
}

/** Everything in the case must be judged again: a fact of the case or its codes changed. */
export async function touchAll(tx: Tx, caseId: string): Promise<void> {
  await touch(tx, caseId, BEGINNING_OF_TIME, END_OF_TIME);
}

/** The debts that were not removed, in the order they were added. */
export async function listDebts(db: Db, caseId: string): Promise<Debt[]> {
  const rows = await db
    .selectFrom("debts")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map(debtFrom);
}

/** One debt, removed or not. */
export async function getDebt(db: Db, caseId: string, debtId: string): Promise<Debt | null> {
  const row = await db
    .selectFrom("debts")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("id", "=", debtId)
    .executeTakeFirst();
  return row === undefined ? null : debtFrom(row);
}

/** The collectors that were not removed, with their numbers and handles, in the order they were added. */
export async function listCollectors(db: Db, caseId: string): Promise<Collector[]> {
  const rows = await db
    .selectFrom("collectors")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return withHandles(db, caseId, rows);
}

/** One collector with its numbers and handles, removed or not. */
export async function getCollector(db: Db, caseId: string, collectorId: string): Promise<Collector | null> {
  const rows = await db
    .selectFrom("collectors")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("id", "=", collectorId)
    .execute();
  return (await withHandles(db, caseId, rows))[0] ?? null;
}

export interface NewCase extends CaseFacts {
  demo: boolean;
  /** What the person who opens the case is in it. */
  role: "borrower" | "advocate";
}

/** Opens a case: its row, its history, its first member, and the event that says so. */
export async function createCase(tx: Tx, { demo, role, ...facts }: NewCase, by: By): Promise<Case> {
  const id = newId(by.at);
  const number = await nextNumber(tx, "", "case");
  const row = await tx
    .insertInto("cases")
    .values({
      ...caseColumns(facts),
      id,
      number,
      demo: demo ? 1 : 0,
      version: 1,
      created_by: by.personId,
      created_at: by.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await openHistory(tx, id);
  await tx
    .insertInto("case_members")
    .values({ case_id: id, person_id: by.personId, role, added_by: by.personId, added_at: by.at })
    .execute();
  await record(tx, {
    caseId: id,
    actor: by.personId,
    at: by.at,
    action: "case.opened",
    subject: "case",
    detail: { number, role, demo, ...facts },
  });
  return caseFrom(row);
}

/**
 * Writes the facts of a case if nobody else has since `version`.
 * @returns the new version, or null when the stored one is another.
 */
export async function updateCase(tx: Tx, caseId: string, version: number, facts: CaseFacts): Promise<number | null> {
  const row = await tx
    .updateTable("cases")
    .set({ ...caseColumns(facts), version: version + 1 })
    .where("id", "=", caseId)
    .where("version", "=", version)
    .returning("version")
    .executeTakeFirst();
  return row?.version ?? null;
}

const toFlag = (fact: Fact): number | null => (fact === null ? null : fact ? 1 : 0);
const fromFlag = (flag: number | null): Fact => (flag === null ? null : flag === 1);

const caseColumns = (facts: CaseFacts) => ({
  borrower: facts.borrower,
  lender: facts.lender,
  lender_kind: facts.lenderKind,
  respondent_kind: facts.respondentKind,
  platform: facts.platform,
  zone: facts.zone,
  country: facts.country,
  past_due_on: facts.pastDueOn,
  reachable: toFlag(facts.reachable),
  debt_lawful: toFlag(facts.debtLawful),
  employer_forbids: toFlag(facts.employerForbids),
  codes_json: JSON.stringify(facts.codes),
});

const caseFrom = (row: Selectable<Schema["cases"]>): Case => ({
  id: row.id,
  number: row.number,
  borrower: row.borrower,
  lender: row.lender,
  lenderKind: row.lender_kind as LenderKind,
  respondentKind: row.respondent_kind as RespondentKind,
  platform: row.platform,
  zone: row.zone,
  country: row.country,
  pastDueOn: row.past_due_on,
  reachable: fromFlag(row.reachable),
  debtLawful: fromFlag(row.debt_lawful),
  employerForbids: fromFlag(row.employer_forbids),
  codes: JSON.parse(row.codes_json) as string[],
  demo: row.demo === 1,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  staleFrom: row.stale_from,
  staleTo: row.stale_to,
  judgedWith: row.judged_with,
});

const debtFrom = (row: Selectable<Schema["debts"]>): Debt => ({
  id: row.id,
  creditor: row.creditor,
  product: row.product,
  reference: row.reference,
  dueOn: row.due_on,
  amountMinor: row.amount_minor,
  currency: row.currency,
  note: row.note,
  version: row.version,
  createdAt: row.created_at,
  removedAt: row.removed_at,
});

async function withHandles(db: Db, caseId: string, rows: Selectable<Schema["collectors"]>[]): Promise<Collector[]> {
  if (rows.length === 0) return [];
  const handles = await db
    .selectFrom("collector_handles")
    .select(["collector_id", "kind", "value"])
    .where("case_id", "=", caseId)
    .orderBy("kind")
    .orderBy("value")
    .execute();
  const byCollector = Map.groupBy(handles, (handle) => handle.collector_id);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind as CollectorKind,
    note: row.note,
    handles: (byCollector.get(row.id) ?? []).map(({ kind, value }) => ({ kind: kind as HandleKind, value })),
    version: row.version,
    createdAt: row.created_at,
    removedAt: row.removed_at,
  }));
}
