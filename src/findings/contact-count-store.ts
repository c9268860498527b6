/**
 * Contacts counted by the strongest thing that any rule says of them. Rules of different texts say the same of one contact, so a total of
 * findings would count it again and again. One pass over the findings of the case. Next: overview/pages.ts.
 */
import { sql } from "kysely";
import type { Db } from "../platform/database.ts";
import type { KeptOutcome } from "./finding.ts";

export type ContactCounts = Record<KeptOutcome, number>;

/** Each contact stands under one outcome: "matches" before "needs-review" before "cannot-tell". Dismissed findings are left out. */
export async function countContactsByOutcome(db: Db, caseId: string): Promise<ContactCounts> {
  const { rows } = await sql<{ best: number; n: number }>`
    select best, count(*) as n
    from (
      select incident_id, min(case outcome when 'matches' then 0 when 'needs-review' then 1 else 2 end) as best
      from findings
      where case_id = ${caseId} and not exists (
        select 1 from reviews
        where reviews.case_id = findings.case_id and reviews.incident_id = findings.incident_id
          and reviews.rule = findings.rule and reviews.verdict = 'dismissed')
      group by incident_id
    ) as contacts
    group by best`.execute(db);
  const of = (best: number): number => rows.find((row) => row.best === best)?.n ?? 0;
  return { matches: of(0), "needs-review": of(1), "cannot-tell": of(2) };
}
