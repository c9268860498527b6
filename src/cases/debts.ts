/** What happens to a debt: added, corrected, removed, brought back. One transaction each, with its history event. */
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { type By, type Changed, type Debt, type DebtFacts, differences } from "./case.ts";
import { getDebt, insertDebt, setDebtRemoved, touchAll, updateDebt } from "./store.ts";

/** @returns the id of the new debt. A contact that names none is about the only one there is, so everything is judged again. */
export async function addDebt(tx: Tx, caseId: string, facts: DebtFacts, by: By): Promise<string> {
  const id = newId(by.at);
  await insertDebt(tx, caseId, id, facts, by.at);
  await touchAll(tx, caseId);
  await tell(tx, caseId, "debt.added", { id, ...facts }, by);
  return id;
}

/** Null when there is no such debt. */
export async function correctDebt(
  tx: Tx,
  caseId: string,
  debtId: string,
  version: number,
  facts: DebtFacts,
  by: By,
): Promise<Changed<Debt> | null> {
  const stored = await getDebt(tx, caseId, debtId);
  if (stored === null) return null;
  const changed = differences<DebtFacts>(stored, facts);
  if (Object.keys(changed).length === 0) return { done: true };
  if (!(await updateDebt(tx, caseId, debtId, version, facts))) return { done: false, stored };
  await touchAll(tx, caseId);
  await tell(tx, caseId, "debt.corrected", { id: debtId, creditor: facts.creditor, changed }, by);
  return { done: true };
}

/** Removes a debt from the lists, or brings it back; incidents that name it keep it. @returns false when there is no such debt. */
export async function removeDebt(tx: Tx, caseId: string, debtId: string, removed: boolean, by: By): Promise<boolean> {
  const stored = await getDebt(tx, caseId, debtId);
  if (stored === null) return false;
  if ((stored.removedAt !== null) === removed) return true;
  await setDebtRemoved(tx, caseId, debtId, removed ? by.at : null);
  await touchAll(tx, caseId);
  await tell(
    tx,
    caseId,
    removed ? "debt.removed" : "debt.restored",
    { id: debtId, creditor: stored.creditor, reference: stored.reference },
    by,
  );
  return true;
}

const tell = (
  tx: Tx,
  caseId: string,
  action: string,
  { id, ...detail }: { id: string } & Record<string, unknown>,
  by: By,
) => record(tx, { caseId, actor: by.personId, at: by.at, action, subject: `debt:${id}`, detail });
