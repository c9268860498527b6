/** How many contacts of a case lie between dates on which the law changed; one pass over its contacts. Next: law-over-time-page.ts. */
import { type RawBuilder, sql } from "kysely";
import { DAY_MS, dayFromIso, fromLocal, zoneNamed } from "../conduct/zone.ts";
import type { Db } from "../platform/database.ts";

export interface ContactsBetween {
  /** Before the first date, from each date on up to the next, and from the last one on: one more than there are dates. */
  counts: number[];
  /** Known by their month only: they are in no count. */
  monthOnly: number;
}

/**
 * @param dates local dates, ascending and each once, read in `judged` (the zone of the code).
 * @param written the case's zone: a contact known by its day keeps that day and is not moved into the code's zone.
 */
export async function contactsBetween(
  db: Db,
  caseId: string,
  dates: readonly string[],
  { judged, written }: { judged: string; written: string },
): Promise<ContactsBetween> {
  const { rows } = await sql<{ stretch: number; month_only: number; n: number }>`
    select stretch, month_only, count(*) as n
    from (
      select case when precision in ('day', 'month') then ${stretchOf(dates, written)} else ${stretchOf(dates, judged)} end as stretch,
        case when precision = 'month' then 1 else 0 end as month_only
      from incidents
      where case_id = ${caseId} and removed_at is null
    ) as contacts
    group by stretch, month_only`.execute(db);
  const counts = Array.from({ length: dates.length + 1 }, () => 0);
  let monthOnly = 0;
  for (const { stretch, month_only, n } of rows) {
    if (month_only === 1) monthOnly += n;
    else counts[stretch] = n;
  }
  return { counts, monthOnly };
}

/** The first and last moment of a contact (epoch milliseconds), null without any. */
export async function contactSpan(db: Db, caseId: string): Promise<{ first: number; last: number } | null> {
  const { first, last } = await db
    .selectFrom("incidents")
    .select((eb) => [eb.fn.min("happened_at").as("first"), eb.fn.max("happened_at").as("last")])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .executeTakeFirstOrThrow();
  return first === null || last === null ? null : { first, last };
}

/** How many of the dates had begun when a contact happened. Numbers of our own making only, so they may stand in the text of the query. */
function stretchOf(dates: readonly string[], zoneName: string): RawBuilder<number> {
  const zone = zoneNamed(zoneName);
  const whens = dates.map(
    (date, index) =>
      sql`when happened_at < ${sql.lit(fromLocal(dayFromIso(date) * DAY_MS, zone))} then ${sql.lit(index)}`,
  );
  if (whens.length === 0) return sql<number>`0`;
  return sql<number>`case ${sql.join(whens, sql` `)} else ${sql.lit(dates.length)} end`;
}
