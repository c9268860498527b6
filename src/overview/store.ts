/**
 * The counts behind the front pages, made by the database: the number of queries does not depend on the number of contacts, and one pass
 * over the contacts yields a row for each local day. Every query names the case or the person. Next: picture.ts.
 */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/database.ts";
import { DAY_MS } from "../conduct/zone.ts";
import type { Stretch } from "./local-time.ts";

export interface Totals {
  /** Contacts from the collector's side. */
  incoming: number;
  /** Made by the borrower. */
  outgoing: number;
  /** Incoming ones that reached or were meant for somebody else. */
  others: number;
  /** Different numbers they came from. */
  numbers: number;
  /** Of which only the month is known; they stand on no day. */
  monthOnly: number;
  firstAt: number | null;
  lastAt: number | null;
}

export async function totalsOf(db: Db, caseId: string): Promise<Totals> {
  const row = await db
    .selectFrom("incidents")
    .select([
      sql<number | null>`sum(case when direction = 'incoming' then 1 else 0 end)`.as("incoming"),
      sql<number | null>`sum(case when direction = 'incoming' then 0 else 1 end)`.as("outgoing"),
      sql<
        number | null
      >`sum(case when direction = 'incoming' and contacted is not null and contacted <> 'self' then 1 else 0 end)`.as(
        "others",
      ),
      sql<number | null>`sum(case when direction = 'incoming' and precision = 'month' then 1 else 0 end)`.as("months"),
      sql<number>`count(distinct case when direction = 'incoming' then from_number end)`.as("numbers"),
      sql<number | null>`min(case when direction = 'incoming' and precision <> 'month' then happened_at end)`.as(
        "first",
      ),
      sql<number | null>`max(case when direction = 'incoming' and precision <> 'month' then happened_at end)`.as(
        "last",
      ),
    ])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .executeTakeFirstOrThrow();
  return {
    incoming: row.incoming ?? 0,
    outgoing: row.outgoing ?? 0,
    others: row.others ?? 0,
    numbers: row.numbers,
    monthOnly: row.months ?? 0,
    firstAt: row.first,
    lastAt: row.last,
  };
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

/** 1900-01-01 is a Monday 25,567 days before 1970; counting from there keeps the divisions below free of negative numbers. */
const EARLY_DAYS = 25_567;

/**
 * Incoming contacts by local day and band of hours, oldest first.
 * @param bands ends of the bands in minutes after midnight, ascending, the last one 1440.
 */
export async function countDays(
  db: Db,
  caseId: string,
  stretches: readonly Stretch[],
  bands: readonly number[],
): Promise<DayCount[]> {
  const local = sql`(happened_at + ${offsetOf(stretches)} + ${sql.lit(EARLY_DAYS * DAY_MS)})`;
  const inBand = bands.map((end, index) => {
    const from = bands[index - 1] ?? 0;
    return sql`sum(case when precision <> 'day' and minute >= ${sql.lit(from)} and minute < ${sql.lit(end)} then 1 else 0 end)`;
  });
  const columns = inBand.map((sum, index) => sql`${sum} as ${sql.id(`band${index}`)}`);
  const { rows } = await sql<Record<string, number>>`
    select day, count(*) as n,
      sum(case when contacted is not null and contacted <> 'self' then 1 else 0 end) as others,
      sum(case when precision = 'day' then 1 else 0 end) as unknown_time,
      ${sql.join(columns)}
    from (
      select ${local} / ${sql.lit(DAY_MS)} - ${sql.lit(EARLY_DAYS)} as day,
        (${local} % ${sql.lit(DAY_MS)}) / 60000 as minute, precision, contacted
      from incidents
      where case_id = ${caseId} and removed_at is null and direction = 'incoming' and precision <> 'month'
    ) as contacts
    group by day
    order by day`.execute(db);
  return rows.map((row) => ({
    day: Number(row.day),
    all: Number(row.n),
    others: Number(row.others),
    unknown: Number(row.unknown_time),
    bands: bands.map((_, index) => Number(row[`band${index}`])),
  }));
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
  const rows = await db
    .selectFrom("incidents")
    .select(["happened_at", "precision", "outcome", "contacted"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", ">=", since)
    .where("direction", "=", "incoming")
    .where("precision", "!=", "month")
    .orderBy("happened_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ happened_at, precision, outcome, contacted }) => ({
    happenedAt: happened_at,
    precision,
    outcome,
    contacted,
  }));
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
 * A person's cases, the one contacted last on top, with their counts: three grouped queries for all cases together. Findings are counted
 * as they stand: whoever shows them judges the stale cases first.
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
  const findings = await db
    .selectFrom("findings")
    .leftJoin("reviews", (join) =>
      join
        .onRef("reviews.case_id", "=", "findings.case_id")
        .onRef("reviews.incident_id", "=", "findings.incident_id")
        .onRef("reviews.rule", "=", "findings.rule"),
    )
    .select((eb) => ["findings.case_id", "findings.outcome", eb.fn.countAll<number>().as("n")])
    .where("findings.case_id", "in", mine)
    .where((eb) => eb.or([eb("reviews.verdict", "is", null), eb("reviews.verdict", "!=", "dismissed")]))
    .groupBy(["findings.case_id", "findings.outcome"])
    .execute();
  const contactsOf = new Map(contacts.map((row) => [row.case_id, row]));
  const found = new Map(findings.map((row) => [`${row.case_id} ${row.outcome}`, row.n]));
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
      matches: found.get(`${row.id} matches`) ?? 0,
      needsReview: found.get(`${row.id} needs-review`) ?? 0,
      cannotTell: found.get(`${row.id} cannot-tell`) ?? 0,
      sortBy: contactsOf.get(row.id)?.last ?? row.created_at,
    }))
    .sort((a, b) => b.sortBy - a.sortBy || b.number - a.number)
    .map(({ sortBy: _sortBy, ...row }) => row);
}
