/**
 * What happens to a case after it was opened: its facts are corrected, codes are chosen. Each is one transaction with its
 * history event. It must not know forms. Next: debts.ts and collectors.ts do the same for theirs.
 */
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import { type By, type Case, type CaseFacts, type Changed, differences } from "./case.ts";
import { getCase, touchAll, updateCase } from "./store.ts";

/** Names and labels alone: no finding depends on them. */
const withoutEffect = new Set(["borrower", "platform"]);

/**
 * Corrects facts of a case. Nothing is written when they are as stored, or when somebody else changed the case since `version`.
 * @throws when there is no such case.
 */
export async function correctCase(
  tx: Tx,
  caseId: string,
  version: number,
  facts: Partial<CaseFacts>,
  by: By,
): Promise<Changed<Case>> {
  const stored = await getCase(tx, caseId);
  if (stored === null) throw new Error(`no case ${caseId}`);
  const changed = differences(stored, facts);
  if (Object.keys(changed).length === 0) return { done: true };
  if (!(await updateCase(tx, caseId, version, { ...stored, ...facts }))) return { done: false, stored };
  await record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: "case.corrected",
    subject: "case",
    detail: { changed },
  });
  if (Object.keys(changed).some((field) => !withoutEffect.has(field))) await touchAll(tx, caseId);
  return { done: true };
}

/** Which codes of conduct the case is judged by; whoever chose last wins, for the choice is one short list shown whole. */
export async function chooseCodes(tx: Tx, caseId: string, codes: string[], by: By): Promise<void> {
  const stored = await getCase(tx, caseId);
  if (stored === null) throw new Error(`no case ${caseId}`);
  const changed = differences(stored, { codes });
  if (Object.keys(changed).length === 0) return;
  await updateCase(tx, caseId, stored.version, { ...stored, codes });
  await record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: "case.codes-chosen",
    subject: "case",
    detail: { changed },
  });
  await touchAll(tx, caseId);
}
