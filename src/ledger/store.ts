/** Entries in the database; every query names the case. Next: keep-entry.ts. */
import type { Selectable } from "kysely";
import type { z } from "zod";
import type { By } from "../cases/case.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import type { Entry, EntryKind } from "./entry.ts";
import type { Sealed } from "./sealed.ts";

/** Which entries: their kind, and the shape their facts were stored in. */
export interface Shelf<Facts> {
  kind: EntryKind;
  facts: z.ZodType<Facts>;
}
/** A place in a list. */
export type Place = Pick<Entry<unknown>, "onDay" | "number">;

/** A page of entries, newest day first. */
export async function listEntries<Facts>(
  db: Db,
  caseId: string,
  shelf: Shelf<Facts>,
  { before, limit }: { before?: Place | undefined; limit: number },
): Promise<Entry<Facts>[]> {
  let query = db
    .selectFrom("ledger_entries")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("kind", "=", shelf.kind)
    .where("removed_at", "is", null);
  if (before !== undefined) {
    const { onDay, number } = before;
    query = query.where((eb) => eb(eb.refTuple("on_day", "number"), "<", eb.tuple(onDay, number)));
  }
  const rows = await query.orderBy("on_day", "desc").orderBy("number", "desc").limit(limit).execute();
  return rows.map((row) => entryFrom(shelf, row));
}

/** All of a kind, in the order of their days; for arithmetic and exports. */
export async function allEntries<Facts>(db: Db, caseId: string, shelf: Shelf<Facts>): Promise<Entry<Facts>[]> {
  const rows = await db
    .selectFrom("ledger_entries")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("kind", "=", shelf.kind)
    .where("removed_at", "is", null)
    .orderBy("on_day")
    .orderBy("number")
    .execute();
  return rows.map((row) => entryFrom(shelf, row));
}

/** One entry by its number, removed or not. */
export async function getEntry<Facts>(
  db: Db,
  caseId: string,
  shelf: Shelf<Facts>,
  number: number,
): Promise<Entry<Facts> | null> {
  const row = await db
    .selectFrom("ledger_entries")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("kind", "=", shelf.kind)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? null : entryFrom(shelf, row);
}

/** The entry of a kind that was made last. */
export async function newestEntry<Facts>(db: Db, caseId: string, shelf: Shelf<Facts>): Promise<Entry<Facts> | null> {
  const row = await db
    .selectFrom("ledger_entries")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("kind", "=", shelf.kind)
    .where("removed_at", "is", null)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : entryFrom(shelf, row);
}

/** What an entry said at one time. */
export interface Said<Facts> {
  version: number;
  facts: Facts;
  salt: string;
  by: string;
  at: number;
}

/** Everything an entry ever said, the newest version first. */
export async function versionsOf<Facts>(
  db: Db,
  caseId: string,
  shelf: Shelf<Facts>,
  entryId: string,
): Promise<Said<Facts>[]> {
  const rows = await db
    .selectFrom("ledger_versions")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("entry_id", "=", entryId)
    .orderBy("version", "desc")
    .execute();
  return rows.map((row) => ({
    version: row.version,
    facts: shelf.facts.parse(JSON.parse(row.facts_json)),
    salt: row.salt,
    by: row.said_by,
    at: row.said_at,
  }));
}

/** Keeps what an entry says from now on, for good. */
export async function insertVersion(
  tx: Tx,
  caseId: string,
  { entryId, version, sealed }: { entryId: string; version: number; sealed: Sealed },
  by: By,
): Promise<void> {
  await tx
    .insertInto("ledger_versions")
    .values({
      case_id: caseId,
      entry_id: entryId,
      version,
      facts_json: sealed.factsJson,
      salt: sealed.salt,
      said_by: by.personId,
      said_at: by.at,
    })
    .execute();
}

export async function insertEntry(tx: Tx, caseId: string, kind: EntryKind, entry: Entry<object>): Promise<void> {
  await tx
    .insertInto("ledger_entries")
    .values({
      id: entry.id,
      case_id: caseId,
      kind,
      number: entry.number,
      on_day: entry.onDay,
      facts_json: JSON.stringify(entry.facts),
      version: entry.version,
      created_by: entry.createdBy,
      created_at: entry.createdAt,
    })
    .execute();
}

/** Writes an entry if nobody else has since `version`. @returns whether it was written. */
export async function updateEntry(
  tx: Tx,
  caseId: string,
  { id, version }: { id: string; version: number },
  { onDay, facts }: { onDay: string; facts: object },
): Promise<boolean> {
  const updated = await tx
    .updateTable("ledger_entries")
    .set({ on_day: onDay, facts_json: JSON.stringify(facts), version: version + 1 })
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

export async function setEntryRemoved(tx: Tx, caseId: string, id: string, at: number | null): Promise<void> {
  await tx
    .updateTable("ledger_entries")
    .set((eb) => ({ removed_at: at, version: eb("version", "+", 1) }))
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .execute();
}

const entryFrom = <Facts>(shelf: Shelf<Facts>, row: Selectable<Schema["ledger_entries"]>): Entry<Facts> => ({
  id: row.id,
  number: row.number,
  onDay: row.on_day,
  facts: shelf.facts.parse(JSON.parse(row.facts_json)),
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  removedAt: row.removed_at,
});
