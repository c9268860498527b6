/**
 * Contacts counted by the strongest thing that any rule says of them. Rules of different texts say the same of one contact, so a total of
 * findings would count it again and again. Every page that gives a total asks here, so that all say the same. Next: overview/pages.ts.
 */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/database.ts";
import { type KeptOutcome, keptOutcomes } from "./finding.ts";

export type ContactCounts = Record<KeptOutcome, number>;

/** Each contact stands under one outcome: "matches" before "needs-review" before "cannot-tell". Dismissed findings are left out. */
export async function countContactsByOutcome(db: Db, caseId: string): Promise<ContactCounts> {
  return (await countContactsOfCases(db, sql`(${caseId})`)).get(caseId) ?? nothing();
}

/** The same for all cases of a person, in one query; cases without findings are absent. */
export async function countContactsOfPerson(db: Db, personId: string): Promise<Map<string, ContactCounts>> {
  return countContactsOfCases(db, sql`(select case_id from case_members where person_id = ${personId})`);
}

const nothing = (): ContactCounts => ({ matches: 0, "needs-review": 0, "cannot-tell": 0 });

async function countContactsOfCases(db: Db, caseIds: RawBuilder<unknown>): Promise<Map<string, ContactCounts>> {
  const { rows } = await sql<{ case_id: string; best: number; n: number }>`
    select case_id, best, count(*) as n
    from (
      select case_id, incident_id, min(case outcome when 'matches' then 0 when 'needs-review' then 1 else 2 end) as best
      from findings
      where case_id in ${caseIds} and not exists (
        select 1 from reviews
        where reviews.case_id = findings.case_id and reviews.incident_id = findings.incident_id
          and reviews.rule = findings.rule and reviews.verdict = 'dismissed')
      group by case_id, incident_id
    ) as contacts
    group by case_id, best`.execute(db);
  const counts = new Map<string, ContactCounts>();
  for (const { case_id, best, n } of rows)
    counts.getOrInsertComputed(case_id, nothing)[keptOutcomes[best] ?? "cannot-tell"] = n;
  return counts;
}
