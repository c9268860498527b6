/** A new plan takes the place of the one before, which stays. One transaction with its history event. */
import type { By } from "../cases/case.ts";
import { nextNumber } from "../cases/store.ts";
import { waitForOthers } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import { seal } from "../ledger/sealed.ts";
import { insertEntry, insertVersion } from "../ledger/store.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { PlanFacts } from "./plan.ts";

/** @returns the number of the plan. */
export async function makePlan(tx: Tx, caseId: string, facts: PlanFacts, by: By): Promise<number> {
  await waitForOthers(tx, caseId);
  const number = await nextNumber(tx, caseId, "plan");
  const id = newId(by.at);
  const sealed = seal(PlanFacts.parse(facts));
  await insertEntry(tx, caseId, "plan", {
    id,
    number,
    onDay: facts.owedOn,
    facts,
    version: 1,
    createdBy: by.personId,
    createdAt: by.at,
    removedAt: null,
  });
  await insertVersion(tx, caseId, { entryId: id, version: 1, sealed }, by);
  await record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: "plan.made",
    subject: `plan:${number}`,
    detail: { digest: sealed.digest },
  });
  return number;
}
