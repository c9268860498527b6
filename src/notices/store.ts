/** Notices in the database; every query names the case. Next: record-notice.ts. */
import type { Selectable } from "kysely";
import type { Notice as PublicNotice } from "../conduct/case.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import {
  type Notice,
  type NoticeDetail,
  type NoticeFacts,
  type NoticeForm,
  type NoticeKind,
  publicNotice,
} from "./notice.ts";

/** The notices in force or withdrawn (not the removed ones) in their public shape, by number. */
export async function listNotices(db: Db, caseId: string): Promise<(PublicNotice & { number: number })[]> {
  return (await recordedNotices(db, caseId)).map(publicNotice);
}

/** The same as kept here, with their words, by number. */
export async function recordedNotices(db: Db, caseId: string): Promise<Notice[]> {
  const rows = await db
    .selectFrom("notices")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("number")
    .execute();
  return rows.map(noticeFrom);
}

/** One notice by its number, removed or not. */
export async function getNotice(db: Db, caseId: string, number: number): Promise<Notice | null> {
  const row = await db
    .selectFrom("notices")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? null : noticeFrom(row);
}

/** How many contacts from the collector's side happened after a moment. */
export async function contactsAfter(db: Db, caseId: string, after: number): Promise<number> {
  const { n } = await db
    .selectFrom("incidents")
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .where("happened_at", ">", after)
    .executeTakeFirstOrThrow();
  return n;
}

export async function insertNotice(tx: Tx, caseId: string, notice: Notice): Promise<void> {
  await tx
    .insertInto("notices")
    .values({
      ...columns(notice),
      id: notice.id,
      case_id: caseId,
      number: notice.number,
      version: notice.version,
      created_by: notice.createdBy,
      created_at: notice.createdAt,
    })
    .execute();
}

/** Writes a notice if nobody else has since `version`. @returns whether it was written. */
export async function updateNotice(
  tx: Tx,
  caseId: string,
  number: number,
  version: number,
  facts: NoticeFacts,
): Promise<boolean> {
  const updated = await tx
    .updateTable("notices")
    .set({ ...columns(facts), version: version + 1 })
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .where("version", "=", version)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

export async function setNoticeRemoved(tx: Tx, caseId: string, number: number, at: number | null): Promise<void> {
  await tx
    .updateTable("notices")
    .set((eb) => ({ removed_at: at, version: eb("version", "+", 1) }))
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .execute();
}

const columns = (facts: NoticeFacts) => ({
  kind: facts.kind,
  sent_at: facts.sentAt,
  received_at: facts.receivedAt,
  form: facts.form,
  detail_json: JSON.stringify(facts.detail),
  words: facts.words,
});

const noticeFrom = (row: Selectable<Schema["notices"]>): Notice => ({
  id: row.id,
  number: row.number,
  kind: row.kind as NoticeKind,
  sentAt: row.sent_at,
  receivedAt: row.received_at,
  form: row.form as NoticeForm | null,
  detail: JSON.parse(row.detail_json) as NoticeDetail,
  words: row.words,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  removedAt: row.removed_at,
});
