/**
 * Cases, members, debts and collectors in the database; every query names the case. Also the two things every feature above needs:
 * human numbers (`nextNumber`) and marking findings stale (`touch`). It must not know forms or pages. Next: change-case.ts.
 */
import { type Selectable, sql } from "kysely";
import { openHistory, record } from "../history/store.ts";
import type { Db, Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Schema } from "../platform/schema.ts";
import {
  type By,
  type Case,
  type CaseFacts,
  type Collector,
  type CollectorFacts,
  type CollectorKind,
  type Debt,
  type DebtFacts,
  type Fact,
  type Handle,
  type HandleKind,
  type LenderKind,
  type RespondentKind,
  inOrder,
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
 * Before `record`, never after: on PostgreSQL two transactions that lock the case and the head of its history in opposite orders
 * wait for each other until one is thrown out.
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

/** Writes the facts of a case if nobody else has since `version`. @returns whether they were written. */
export async function updateCase(tx: Tx, caseId: string, version: number, facts: CaseFacts): Promise<boolean> {
  const updated = await tx
    .updateTable("cases")
    .set({ ...caseColumns(facts), version: version + 1 })
    .where("id", "=", caseId)
    .where("version", "=", version)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/**
 * Deletes the case and, by the foreign keys, all that belongs to it.
 * @returns the SHA-256 of the files that nothing refers to any more.
 */
export async function removeCase(tx: Tx, caseId: string): Promise<string[]> {
  const kept = await tx
    .selectFrom("evidence")
    .select("sha256")
    .where("case_id", "=", caseId)
    .union(tx.selectFrom("uploads").select("sha256").where("case_id", "=", caseId))
    .union(
      tx
        .selectFrom("redacted_copies")
        .select((eb) => eb.ref("sha256").$notNull().as("sha256"))
        .where("case_id", "=", caseId)
        .where("sha256", "is not", null),
    )
    .execute();
  await tx.deleteFrom("cases").where("id", "=", caseId).execute();
  await tx.deleteFrom("counters").where("case_id", "=", caseId).execute();
  const orphans: string[] = [];
  for (const { sha256 } of kept) {
    const evidence = tx.selectFrom("evidence").select("sha256").where("sha256", "=", sha256);
    const uploads = tx.selectFrom("uploads").select("sha256").where("sha256", "=", sha256);
    const copies = tx.selectFrom("redacted_copies").select("id as sha256").where("sha256", "=", sha256);
    const held = await evidence.unionAll(uploads).unionAll(copies).limit(1).executeTakeFirst();
    if (held === undefined) orphans.push(sha256);
  }
  return orphans;
}

/** Zone, country and role of the case a person joined last: the best guess for their next one. */
export async function lastCaseOf(
  db: Db,
  personId: string,
): Promise<{ zone: string; country: string | null; role: string } | null> {
  const row = await db
    .selectFrom("case_members")
    .innerJoin("cases", "cases.id", "case_members.case_id")
    .select(["cases.zone", "cases.country", "case_members.role"])
    .where("case_members.person_id", "=", personId)
    .where("cases.demo", "=", 0)
    .orderBy("case_members.added_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The name of whoever did something, or null when the account is gone. */
export async function nameOf(db: Db, personId: string): Promise<string | null> {
  const row = await db.selectFrom("people").select("name").where("id", "=", personId).executeTakeFirst();
  return row?.name ?? null;
}

// --- debts and collectors ------------------------------------------------------------------------------------------

export async function insertDebt(tx: Tx, caseId: string, id: string, facts: DebtFacts, at: number): Promise<void> {
  await tx
    .insertInto("debts")
    .values({ ...debtColumns(facts), id, case_id: caseId, version: 1, created_at: at })
    .execute();
}

/** Writes a debt if nobody else has since `version`. @returns whether it was written. */
export async function updateDebt(
  tx: Tx,
  caseId: string,
  id: string,
  version: number,
  facts: DebtFacts,
): Promise<boolean> {
  const updated = await tx
    .updateTable("debts")
    .set({ ...debtColumns(facts), version: version + 1 })
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

export async function setDebtRemoved(tx: Tx, caseId: string, id: string, at: number | null): Promise<void> {
  await tx
    .updateTable("debts")
    .set((eb) => ({ removed_at: at, version: eb("version", "+", 1) }))
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .execute();
}

export async function insertCollector(
  tx: Tx,
  caseId: string,
  id: string,
  { name, kind, note, handles }: CollectorFacts,
  at: number,
): Promise<void> {
  await tx
    .insertInto("collectors")
    .values({ id, case_id: caseId, name, kind, note, version: 1, created_at: at })
    .execute();
  await insertHandles(tx, caseId, id, handles);
}

/** Writes a collector and its handles if nobody else has since `version`. @returns whether it was written. */
export async function updateCollector(
  tx: Tx,
  caseId: string,
  id: string,
  version: number,
  { name, kind, note, handles }: CollectorFacts,
): Promise<boolean> {
  const updated = await tx
    .updateTable("collectors")
    .set({ name, kind, note, version: version + 1 })
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return false;
  await tx.deleteFrom("collector_handles").where("case_id", "=", caseId).where("collector_id", "=", id).execute();
  await insertHandles(tx, caseId, id, handles);
  return true;
}

export async function setCollectorRemoved(tx: Tx, caseId: string, id: string, at: number | null): Promise<void> {
  await tx
    .updateTable("collectors")
    .set((eb) => ({ removed_at: at, version: eb("version", "+", 1) }))
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .execute();
}

async function insertHandles(tx: Tx, caseId: string, id: string, handles: readonly Handle[]): Promise<void> {
  if (handles.length === 0) return;
  await tx
    .insertInto("collector_handles")
    .values(handles.map(({ kind, value }) => ({ case_id: caseId, collector_id: id, kind, value })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * How many of each thing a case holds, for the rail. Contacts were counted when the case was judged, which stays right while nothing is
 * stale; findings are counted as they are written. Counting 10,000 of them for every page would cost more than the page.
 */
export async function countsOf(
  db: Db,
  caseId: string,
): Promise<{ incidents: number; findings: number; evidence: number; notices: number; dossiers: number }> {
  const { rows } = await sql<{
    incidents: number;
    findings: number;
    evidence: number;
    notices: number;
    dossiers: number;
  }>`
    select
      case when stale_from is null and judged_incidents is not null then judged_incidents
        else (select count(*) from incidents where case_id = ${caseId} and removed_at is null) end as incidents,
      (select cast(coalesce(sum(n), 0) as bigint) from finding_counts where case_id = ${caseId}) as findings,
      (select count(*) from evidence where case_id = ${caseId} and removed_at is null) as evidence,
      (select count(*) from notices where case_id = ${caseId} and removed_at is null) as notices,
      (select count(*) from dossiers where case_id = ${caseId}) as dossiers
    from cases where id = ${caseId}`.execute(db);
  return rows[0] ?? { incidents: 0, findings: 0, evidence: 0, notices: 0, dossiers: 0 };
}

// --- rows ----------------------------------------------------------------------------------------------------------

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

const debtColumns = (facts: DebtFacts) => ({
  creditor: facts.creditor,
  product: facts.product,
  reference: facts.reference,
  due_on: facts.dueOn,
  amount_minor: facts.amountMinor,
  currency: facts.currency,
  note: facts.note,
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
    .execute();
  const byCollector = Map.groupBy(handles, (handle) => handle.collector_id);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind as CollectorKind,
    note: row.note,
    handles: inOrder((byCollector.get(row.id) ?? []).map(({ kind, value }) => ({ kind: kind as HandleKind, value }))),
    version: row.version,
    createdAt: row.created_at,
    removedAt: row.removed_at,
  }));
}
