/** Writing and reading the chain. `record` belongs into the transaction of the change it tells of. */
import type { Db, Tx } from "../platform/database.ts";
import { FIRST_PREV_HASH, type HistoryEvent, type NewEvent, type Fault, faultOf, hashEvent } from "./history.ts";

/** Opens the chain of a new case; call once, in the transaction that creates the case. */
export async function openHistory(tx: Tx, caseId: string): Promise<void> {
  await tx.insertInto("history_heads").values({ case_id: caseId, seq: 0, hash: FIRST_PREV_HASH }).execute();
}

/** Appends one event. The update of the head row makes concurrent writers of one case wait for each other. */
export async function record(tx: Tx, event: NewEvent): Promise<void> {
  const head = await tx
    .updateTable("history_heads")
    .set((eb) => ({ seq: eb("seq", "+", 1) }))
    .where("case_id", "=", event.caseId)
    .returning(["seq", "hash"])
    .executeTakeFirstOrThrow();
  const chained = {
    caseId: event.caseId,
    seq: head.seq,
    at: event.at,
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    detail: JSON.stringify(event.detail),
    prevHash: head.hash,
  };
  const hash = hashEvent(chained);
  await tx
    .insertInto("history")
    .values({
      case_id: chained.caseId,
      seq: chained.seq,
      at: chained.at,
      actor: chained.actor,
      action: chained.action,
      subject: chained.subject,
      detail_json: chained.detail,
      prev_hash: chained.prevHash,
      hash,
    })
    .execute();
  await tx.updateTable("history_heads").set({ hash }).where("case_id", "=", event.caseId).execute();
}

export interface HistoryFilter {
  /** Only events of this subject, e.g. `incident:12`. */
  subject?: string;
  /** Only events older than this one (keyset paging). */
  before?: number;
  limit: number;
}

/** Newest first. */
export async function listEvents(db: Db, caseId: string, filter: HistoryFilter): Promise<HistoryEvent[]> {
  let query = db.selectFrom("history").selectAll().where("case_id", "=", caseId);
  if (filter.subject !== undefined) query = query.where("subject", "=", filter.subject);
  if (filter.before !== undefined) query = query.where("seq", "<", filter.before);
  const rows = await query.orderBy("seq", "desc").limit(filter.limit).execute();
  return rows.map(fromRow);
}

/** Oldest first, a page of `limit` events after `seq`; for exports, which must not hold a long history in memory. */
export async function eventsAfter(db: Db, caseId: string, seq: number, limit: number): Promise<HistoryEvent[]> {
  const rows = await db
    .selectFrom("history")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("seq", ">", seq)
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

export async function headOf(db: Db, caseId: string): Promise<{ seq: number; hash: string }> {
  return db.selectFrom("history_heads").select(["seq", "hash"]).where("case_id", "=", caseId).executeTakeFirstOrThrow();
}

/** Walks the whole chain of a case. Null when it holds, else where it is broken first. */
export async function verifyHistory(db: Db, caseId: string): Promise<Fault | null> {
  const head = await headOf(db, caseId);
  const events: HistoryEvent[] = [];
  for (;;) {
    const page = await eventsAfter(db, caseId, events.length, 5000);
    events.push(...page);
    if (page.length < 5000) return faultOf(events, head);
  }
}

type Row = {
  case_id: string;
  seq: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  detail_json: string;
  prev_hash: string;
  hash: string;
};
const fromRow = (row: Row): HistoryEvent => ({
  caseId: row.case_id,
  seq: row.seq,
  at: row.at,
  actor: row.actor,
  action: row.action,
  subject: row.subject,
  detail: row.detail_json,
  prevHash: row.prev_hash,
  hash: row.hash,
});
