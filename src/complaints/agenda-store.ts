/** Which cases have something due, private calendar addresses, and reminders in the database. Next: agenda.ts, calendar.ts, reminders.ts. */
import { createHash, randomBytes } from "node:crypto";
import type { Db, Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";

/** The cases of a person. */
export async function casesOf(db: Db, personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("case_members")
    .select("case_id")
    .where("person_id", "=", personId)
    .orderBy("case_id")
    .execute();
  return rows.map(({ case_id }) => case_id);
}

/** Cases of a person in which a complaint waits for somebody. */
export async function casesWithOpenComplaints(db: Db, personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("case_members")
    .innerJoin("complaints", "complaints.case_id", "case_members.case_id")
    .select("complaints.case_id")
    .distinct()
    .where("case_members.person_id", "=", personId)
    .where("complaints.removed_at", "is", null)
    .where("complaints.closed_on", "is", null)
    .where("complaints.escalated_on", "is", null)
    .orderBy("complaints.case_id")
    .execute();
  return rows.map(({ case_id }) => case_id);
}

// --- private addresses -------------------------------------------------------------------------------------------------

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");

/** Makes a person's private calendar address and gives its token, which is shown once and kept nowhere; an earlier one ends. */
export async function makeFeed(tx: Tx, personId: string, at: number): Promise<string> {
  await revokeFeed(tx, personId, at);
  const token = randomBytes(24).toString("base64url");
  await tx
    .insertInto("calendar_feeds")
    .values({ id: newId(at), person_id: personId, token_sha256: sha256(token), created_at: at })
    .execute();
  return token;
}

export async function revokeFeed(tx: Db, personId: string, at: number): Promise<void> {
  await tx
    .updateTable("calendar_feeds")
    .set({ revoked_at: at })
    .where("person_id", "=", personId)
    .where("revoked_at", "is", null)
    .execute();
}

/** When the address that still works was made; null when there is none. */
export async function feedMadeAt(db: Db, personId: string): Promise<number | null> {
  const row = await db
    .selectFrom("calendar_feeds")
    .select("created_at")
    .where("person_id", "=", personId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return row?.created_at ?? null;
}

/** Whose address it is, and their language. */
export async function personOfFeed(db: Db, token: string): Promise<{ personId: string; locale: string | null } | null> {
  const row = await db
    .selectFrom("calendar_feeds")
    .innerJoin("people", "people.id", "calendar_feeds.person_id")
    .select(["people.id", "people.locale"])
    .where("token_sha256", "=", sha256(token))
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return row === undefined ? null : { personId: row.id, locale: row.locale };
}
