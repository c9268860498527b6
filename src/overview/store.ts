/**
 * The counts behind the front pages, made by the database: the number of queries does not depend on the number of contacts, and one pass
 * over the contacts yields a row for each local day. Every query names the case or the person. Next: picture.ts.
 */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/database.ts";
import { DAY_MS } from "../conduct/zone.ts";
import { countContactsOfPerson } from "../findings/contact-count-store.ts";
import type { Stretch } from "./local-time.ts";

/** When the first and the last contact happened (epoch milliseconds); two seeks in an index. */
export async function spanOf(db: Db, caseId: string): Promise<{ first: number | null; last: number | null }> {
  const end = (which: "min" | "max") =>
    db
      .selectFrom("incidents")
      .select((eb) => eb.fn[which]("happened_at").as("at"))
      .where("case_id", "=", caseId)
      .where("removed_at", "is", null);
  const row = await db.selectNoFrom([end("min").as("first"), end("max").as("last")]).executeTakeFirstOrThrow();
  return row;
}

/** How many different numbers the collector's contacts came from. */
export async function countNumbers(db: Db, caseId: string): Promise<number> {
  const { n } = await db
    .selectFrom("incidents")
    .select((eb) => eb.fn.count<number>("from_number").distinct().as("n"))
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .executeTakeFirstOrThrow();
  return n;
}

export interface DayCount {
  /** Local day, counted from 1970-01-01 = 0. */
  day: number;
  all: number;
  others: number;
  /** Time of day not known. */
  unknown: number;
  /** By the bands asked for, in their order. */
  bands: number[];
}
export interface Counted {
  /** From the collector's side, by local day, oldest first; days without any are absent. */
  days: DayCount[];
  /** From the collector's side, on whatever day. */
  incoming: number;
  /** Of these, with somebody else than the borrower. */
  others: number;
  /** Of these, only the month is known; they stand on no day. */
  monthOnly: number;
  /** Made by the borrower; they stand on no day either. */
  outgoing: number;
}

/** 1900-01-01 lies 25,567 days before 1970; counting from there keeps the divisions below free of negative numbers. */
const EARLY_DAYS = 25_567;

/**
 * Every contact of a case counted in one pass over its rows.
 * @param bands ends of the bands in minutes after midnight, ascending, the last one 1440.
 */
export async function countContacts(
  db: Db,
  caseId: string,
  stretches: readonly Stretch[],
  bands: readonly number[],
): Promise<Counted> {
  const local = sql`(happened_at + ${offsetOf(stretches)} + ${sql.lit(EARLY_DAYS * DAY_MS)})`;
  const columns = bands.map((end, index) => {
    const from = bands[index - 1] ?? 0;
    return sql`sum(case when kind = 'timed' and minute >= ${sql.lit(from)} and minute < ${sql.lit(end)} then 1 else 0 end) as ${sql.id(`band${index}`)}`;
  });
  const { rows } = await sql<Record<string, number>>`
    select day, count(*) as n,
      sum(case when kind = 'outgoing' then 1 else 0 end) as outgoing,
      sum(case when kind = 'month' then 1 else 0 end) as months,
      sum(case when kind = 'day' then 1 else 0 end) as unknown_time,
      sum(case when kind = 'month' then other else 0 end) as month_others,
      sum(case when kind in ('timed', 'day') then other else 0 end) as others,
      ${sql.join(columns)}
    from (
      select ${local} / ${sql.lit(DAY_MS)} - ${sql.lit(EARLY_DAYS)} as day,
        (${local} % ${sql.lit(DAY_MS)}) / 60000 as minute,
        case when direction <> 'incoming' then 'outgoing' when precision in ('day', 'month') then precision else 'timed' end as kind,
        case when contacted <> 'self' then 1 else 0 end as other
      from incidents
      where case_id = ${caseId} and removed_at is null
    ) as contacts
    group by day
    order by day`.execute(db);
  const counted: Counted = { days: [], incoming: 0, others: 0, monthOnly: 0, outgoing: 0 };
  for (const row of rows) {
    const { n = 0, outgoing = 0, months = 0, unknown_time: unknown = 0, others = 0, month_others: inMonths = 0 } = row;
    counted.outgoing += outgoing;
    counted.monthOnly += months;
    counted.incoming += n - outgoing;
    counted.others += others + inMonths;
    const all = n - outgoing - months;
    const ofBands = bands.map((_end, index) => row[`band${index}`] ?? 0);
    if (all > 0) counted.days.push({ day: row.day ?? 0, all, others, unknown, bands: ofBands });
  }
  return counted;
}

/** Numbers of our own making only, so they may stand in the text of the query; PostgreSQL could not tell their type otherwise. */
function offsetOf(stretches: readonly Stretch[]): RawBuilder<number> {
  const last = stretches.at(-1)?.offset ?? 0;
  if (stretches.length < 2) return sql<number>`${sql.lit(last)}`;
  const whens = stretches
    .slice(0, -1)
    .map(({ until, offset }) => sql`when happened_at < ${sql.lit(until)} then ${sql.lit(offset)}`);
  return sql<number>`case ${sql.join(whens, sql` `)} else ${sql.lit(last)} end`;
}

export interface MarkRow {
  happenedAt: number;
  precision: string;
  outcome: string | null;
  contacted: string | null;
}

/** The newest incoming contacts since a moment, newest first; those of which only the month is known are left out. */
export async function newestMarks(db: Db, caseId: string, since: number, limit: number): Promise<MarkRow[]> {
  return db
    .selectFrom("incidents")
    .select(["happened_at as happenedAt", "precision", "outcome", "contacted"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", ">=", since)
    .where("direction", "=", "incoming")
    .where("precision", "!=", "month")
    .orderBy("happened_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** When the last dossier of a case was finished. */
export async function lastDossierAt(db: Db, caseId: string): Promise<number | null> {
  const row = await db
    .selectFrom("dossiers")
    .select((eb) => eb.fn.max("finished_at").as("at"))
    .where("case_id", "=", caseId)
    .where("state", "=", "ready")
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Names of the collectors of a case, the first few. */
export async function collectorNames(db: Db, caseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("collectors")
    .select("name")
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .orderBy("created_at")
    .limit(4)
    .execute();
  return rows.map(({ name }) => name);
}

export interface CaseCount {
  id: string;
  number: number;
  borrower: string;
  lender: string;
  zone: string;
  demo: boolean;
  role: string;
  contacts: number;
  lastAt: number | null;
  /** Contacts, each once, by the strongest thing a rule says of it. */
  matches: number;
  needsReview: number;
  cannotTell: number;
}

/** The cases of a person whose findings are behind the facts, or were never made. */
export async function staleCasesOf(db: Db, personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("case_members")
    .innerJoin("cases", "cases.id", "case_members.case_id")
    .select("cases.id")
    .where("person_id", "=", personId)
    .where((eb) => eb.or([eb("stale_from", "is not", null), eb("judged_with", "is", null)]))
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * A person's cases, the one contacted last on top, with their counts: three queries for all cases together. Contacts are counted
 * by the findings that stand: whoever shows them judges the stale cases first.
 */
export async function casesOfPerson(db: Db, personId: string): Promise<CaseCount[]> {
  const mine = db.selectFrom("case_members").select("case_id").where("person_id", "=", personId);
  const cases = await db
    .selectFrom("case_members")
    .innerJoin("cases", "cases.id", "case_members.case_id")
    .select(["cases.id", "number", "borrower", "lender", "zone", "demo", "role", "cases.created_at"])
    .where("person_id", "=", personId)
    .execute();
  const contacts = await db
    .selectFrom("incidents")
    .select((eb) => ["case_id", eb.fn.countAll<number>().as("n"), eb.fn.max("happened_at").as("last")])
    .where("case_id", "in", mine)
    .where("removed_at", "is", null)
    .groupBy("case_id")
    .execute();
  const found = await countContactsOfPerson(db, personId);
  const contactsOf = new Map(contacts.map((row) => [row.case_id, row]));
  return cases
    .map((row) => ({
      id: row.id,
      number: row.number,
      borrower: row.borrower,
      lender: row.lender,
      zone: row.zone,
      demo: row.demo === 1,
      role: row.role,
      contacts: contactsOf.get(row.id)?.n ?? 0,
      lastAt: contactsOf.get(row.id)?.last ?? null,
      matches: found.get(row.id)?.matches ?? 0,
      needsReview: found.get(row.id)?.["needs-review"] ?? 0,
      cannotTell: found.get(row.id)?.["cannot-tell"] ?? 0,
      sortBy: contactsOf.get(row.id)?.last ?? row.created_at,
    }))
    .sort((a, b) => b.sortBy - a.sortBy || b.number - a.number)
    .map(({ sortBy: _sortBy, ...row }) => row);
}
