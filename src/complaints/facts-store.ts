/** What the case holds that offices, clocks and words for the box need: read only, every query names the case. Next: gather.ts. */
import type { Db } from "../platform/database.ts";
import type { ToldContact } from "./narrative.ts";
import type { Precision } from "../conduct/vocabulary.ts";

const contactColumns = ["number", "happened_at", "precision", "channel", "contacted", "said"] as const;
interface ContactRow {
  number: number;
  happened_at: number;
  precision: string;
  channel: string;
  contacted: string | null;
  said: string | null;
}
const contactFrom = ({ happened_at, precision, ...row }: ContactRow): ToldContact => ({
  ...row,
  happenedAt: happened_at,
  precision: precision as Precision,
});

/** Of a span of time, the first contact that appears to match and was not dismissed, for each rule, and how many there are. */
export async function firstMatches(
  db: Db,
  caseId: string,
  span: { from: number; before: number },
): Promise<{ rule: string; number: number; happenedAt: number; contacts: number }[]> {
  const rows = await db
    .selectFrom("findings as f")
    .innerJoin("incidents as i", (on) =>
      on.onRef("i.id", "=", "f.incident_id").onRef("i.case_id", "=", "f.case_id").on("i.removed_at", "is", null),
    )
    .leftJoin("reviews as r", (on) =>
      on
        .onRef("r.case_id", "=", "f.case_id")
        .onRef("r.incident_id", "=", "f.incident_id")
        .onRef("r.rule", "=", "f.rule"),
    )
    .select(["f.rule", "i.number", "i.happened_at as happenedAt"])
    .where("f.case_id", "=", caseId)
    .where("f.outcome", "=", "matches")
    .where("f.happened_at", ">=", span.from)
    .where("f.happened_at", "<", span.before)
    .where((eb) => eb.or([eb("r.verdict", "is", null), eb("r.verdict", "!=", "dismissed")]))
    .orderBy("f.happened_at")
    .limit(5000)
    .execute();
  return [...Map.groupBy(rows, ({ rule }) => rule).values()].map((some) => ({ ...some[0]!, contacts: some.length }));
}

/** The newest contact that appears to match one of these rules and was not dismissed, for each rule. */
export async function newestMatches(
  db: Db,
  caseId: string,
): Promise<{ rule: string; number: number; happenedAt: number; contacts: number }[]> {
  const dismissed = db
    .selectFrom("reviews")
    .select(["incident_id", "rule"])
    .where("case_id", "=", caseId)
    .where("verdict", "=", "dismissed")
    .as("dismissed");
  const rows = await db
    .selectFrom("findings")
    .innerJoin("incidents", (on) =>
      on
        .onRef("incidents.id", "=", "findings.incident_id")
        .onRef("incidents.case_id", "=", "findings.case_id")
        .on("incidents.removed_at", "is", null),
    )
    .leftJoin(dismissed, (on) =>
      on.onRef("dismissed.incident_id", "=", "findings.incident_id").onRef("dismissed.rule", "=", "findings.rule"),
    )
    .select((eb) => ["findings.rule", eb.fn.max("findings.happened_at").as("at"), eb.fn.countAll<number>().as("n")])
    .where("findings.case_id", "=", caseId)
    .where("findings.outcome", "=", "matches")
    .where("dismissed.rule", "is", null)
    .groupBy("findings.rule")
    .execute();
  if (rows.length === 0) return [];
  const moments = [...new Set(rows.map(({ at }) => at))];
  const contacts = await db
    .selectFrom("incidents")
    .select(["number", "happened_at"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", "in", moments)
    .orderBy("number")
    .execute();
  const numbers = new Map(contacts.map(({ number, happened_at }) => [happened_at, number]));
  return rows.map(({ rule, at, n }) => ({ rule, number: numbers.get(at) ?? 0, happenedAt: at, contacts: Number(n) }));
}

/** The first contact that told what the debt is and how to dispute it. */
export async function firstDebtNotice(db: Db, caseId: string): Promise<{ number: number; happenedAt: number } | null> {
  const row = await db
    .selectFrom("incidents")
    .select(["number", "happened_at"])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .where("disclosed_json", "like", '%"validation"%')
    .orderBy("happened_at")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { number: row.number, happenedAt: row.happened_at };
}

/** How many contacts came from the collector's side, and the first and last of them. */
export async function contactSpan(
  db: Db,
  caseId: string,
): Promise<{ count: number; first: number; last: number } | null> {
  const row = await db
    .selectFrom("incidents")
    .select((eb) => [
      eb.fn.countAll<number>().as("n"),
      eb.fn.min("happened_at").as("first"),
      eb.fn.max("happened_at").as("last"),
    ])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .executeTakeFirstOrThrow();
  return row.n === 0 ? null : { count: Number(row.n), first: row.first, last: row.last };
}

/** Contacts by their numbers, in order of time. */
export async function contactsNumbered(
  db: Db,
  caseId: string,
  numbers: readonly number[],
): Promise<(ToldContact & { id: string })[]> {
  if (numbers.length === 0) return [];
  const rows = await db
    .selectFrom("incidents")
    .select(["id", ...contactColumns])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("number", "in", numbers)
    .orderBy("happened_at")
    .orderBy("id")
    .execute();
  return rows.map(({ id, ...row }) => ({ id, ...contactFrom(row) }));
}

/** Whether any contact says a number it came from, and the collector's words. */
export async function whatContactsSay(db: Db, caseId: string): Promise<{ numbers: number; words: number }> {
  const row = await db
    .selectFrom("incidents")
    .select((eb) => [eb.fn.count<number>("from_number").as("numbers"), eb.fn.count<number>("said").as("words")])
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("direction", "=", "incoming")
    .executeTakeFirstOrThrow();
  return { numbers: Number(row.numbers), words: Number(row.words) };
}

/** How many records of imports back up each contact. */
export async function recordsOf(db: Db, caseId: string, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("incident_sources")
    .select((eb) => ["incident_id", eb.fn.count<number>("kind").distinct().as("n")])
    .where("case_id", "=", caseId)
    .where("incident_id", "in", ids)
    .groupBy("incident_id")
    .execute();
  return new Map(rows.map(({ incident_id, n }) => [incident_id, Number(n)]));
}

/** Numbers of collectors, numbers of other people who were contacted, and names of people who are no collectors. */
export async function peopleAround(
  db: Db,
  caseId: string,
): Promise<{ collectorNumbers: string[]; otherNumbers: string[]; otherNames: string[] }> {
  const from = await db
    .selectFrom("incidents")
    .select("from_number as number")
    .distinct()
    .where("case_id", "=", caseId)
    .where("direction", "=", "incoming")
    .where("from_number", "is not", null)
    .execute();
  const handles = await db
    .selectFrom("collector_handles")
    .select("value")
    .where("case_id", "=", caseId)
    .where("kind", "=", "phone")
    .execute();
  const called = await db
    .selectFrom("incidents")
    .select("called_number as number")
    .distinct()
    .where("case_id", "=", caseId)
    .where("contacted", "!=", "self")
    .where("called_number", "is not", null)
    .execute();
  const names = await db
    .selectFrom("import_parties")
    .select("name")
    .distinct()
    .where("case_id", "=", caseId)
    .where("choice", "=", "leave")
    .where("name", "is not", null)
    .limit(1000)
    .execute();
  return {
    collectorNumbers: [...from.map(({ number }) => number!), ...handles.map(({ value }) => value)],
    otherNumbers: called.map(({ number }) => number!),
    otherNames: names.map(({ name }) => name!),
  };
}
