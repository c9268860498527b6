/** Who wants reminders, and which were sent, in the database. Next: remind.ts. */
import type { Db } from "../../platform/database.ts";

export interface Wish {
  personId: string;
  email: string;
  /** IANA zone of the person, in which hours are humane or not. */
  zone: string;
  locale: string;
  /** How many days before a date. */
  daysBefore: number;
}

export async function listWishes(db: Db): Promise<Wish[]> {
  const rows = await db
    .selectFrom("reminder_wishes")
    .innerJoin("people", "people.id", "reminder_wishes.person_id")
    .select(["person_id", "email", "zone", "reminder_wishes.locale", "days_before"])
    .orderBy("person_id")
    .execute();
  return rows.map((row) => ({
    personId: row.person_id,
    email: row.email,
    zone: row.zone,
    locale: row.locale,
    daysBefore: row.days_before,
  }));
}

export async function wishOf(db: Db, personId: string): Promise<Pick<Wish, "zone" | "daysBefore"> | null> {
  const row = await db
    .selectFrom("reminder_wishes")
    .select(["zone", "days_before"])
    .where("person_id", "=", personId)
    .executeTakeFirst();
  return row === undefined ? null : { zone: row.zone, daysBefore: row.days_before };
}

export async function keepWish(
  db: Db,
  personId: string,
  wish: Pick<Wish, "zone" | "locale" | "daysBefore">,
  at: number,
): Promise<void> {
  const columns = { zone: wish.zone, locale: wish.locale, days_before: wish.daysBefore };
  await db
    .insertInto("reminder_wishes")
    .values({ person_id: personId, ...columns, created_at: at })
    .onConflict((conflict) => conflict.column("person_id").doUpdateSet(columns))
    .execute();
}

export async function dropWish(db: Db, personId: string): Promise<void> {
  await db.deleteFrom("reminder_wishes").where("person_id", "=", personId).execute();
}

export interface Reminder {
  personId: string;
  complaintId: string;
  /** A clock's id; with `:over` after it when its time is over. */
  step: string;
  dueOn: string;
}

/** Takes a reminder for sending. @returns false when it was sent before, or another process has it. */
export async function claimReminder(db: Db, reminder: Reminder, at: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("reminders_sent")
    .values({
      person_id: reminder.personId,
      complaint_id: reminder.complaintId,
      step: reminder.step,
      due_on: reminder.dueOn,
      at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Gives back what could not be sent, for another try. */
export async function releaseReminder(db: Db, { personId, complaintId, step, dueOn }: Reminder): Promise<void> {
  await db
    .deleteFrom("reminders_sent")
    .where("person_id", "=", personId)
    .where("complaint_id", "=", complaintId)
    .where("step", "=", step)
    .where("due_on", "=", dueOn)
    .execute();
}
