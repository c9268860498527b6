/**
 * A contact is logged: its row, its files, what must be judged again and the event that says so, in one transaction. The bytes of the
 * files are safe before it begins.
 */
import { type By, handleFrom } from "../cases/case.ts";
import { addCollector } from "../cases/collectors.ts";
import { nextNumber, touch } from "../cases/store.ts";
import { type ReceivedFile, exhibitName } from "../evidence/evidence.ts";
import { type Linked, linkEvidence } from "../evidence/link-evidence.ts";
import { takeHeld } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import { type Db, type Tx, isUniqueViolation } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { IncidentForm } from "./form.ts";
import { type Incident, type IncidentFacts, factNames } from "./incident.ts";
import { getIncidentById, insertIncident } from "./store.ts";

export interface Logged {
  incident: Incident;
  /** What became of its files. */
  linked: Linked[];
  /** The same form was sent before: nothing was logged now. */
  again: boolean;
}

export async function logIncident(
  db: Db,
  caseId: string,
  form: Pick<IncidentForm, "facts" | "newCollector" | "held" | "draft">,
  files: readonly ReceivedFile[],
  by: By,
): Promise<Logged> {
  if (form.draft !== null) {
    const first = await getIncidentById(db, caseId, form.draft);
    if (first !== null) return { incident: first, linked: [], again: true };
  }
  try {
    return await db.transaction().execute((tx) => logWithin(tx, caseId, form, files, by));
  } catch (error) {
    // Pressed twice, and the first was a moment faster; or the id is another case's, and then it is no draft of ours.
    if (form.draft === null || !isUniqueViolation(error)) throw error;
    return logIncident(
      db,
      caseId,
      (await getIncidentById(db, caseId, form.draft)) === null ? { ...form, draft: null } : form,
      files,
      by,
    );
  }
}

/** The same inside a transaction of whoever logs more with it. */
export async function logWithin(
  tx: Tx,
  caseId: string,
  { facts: said, newCollector, held, draft }: Pick<IncidentForm, "facts" | "newCollector" | "held" | "draft">,
  files: readonly ReceivedFile[],
  by: By,
): Promise<Logged> {
  await touch(tx, caseId, said.happenedAt, said.happenedAt);
  const facts =
    newCollector === null ? said : { ...said, collectorId: await introduce(tx, caseId, newCollector, said, by) };
  const incident: Incident = {
    ...facts,
    id: draft ?? newId(by.at),
    number: await nextNumber(tx, caseId, "incident"),
    version: 1,
    loggedBy: by.personId,
    loggedAt: by.at,
    removedAt: null,
  };
  await insertIncident(tx, caseId, incident);
  const all = [...(await takeHeld(tx, caseId, by.personId, held)), ...files];
  const linked = await linkEvidence(
    tx,
    caseId,
    all,
    { kind: "incident", id: incident.id, number: incident.number },
    by,
  );
  await record(tx, {
    caseId,
    actor: by.personId,
    at: by.at,
    action: "incident.logged",
    subject: `incident:${incident.number}`,
    detail: {
      id: incident.id,
      ...Object.fromEntries(factNames.map((name) => [name, facts[name]])),
      ...(linked.length > 0 ? { files: linked.map(({ evidence }) => exhibitName(evidence)) } : {}),
    },
  });
  return { incident, linked, again: false };
}

/** Somebody who was not in the list of collectors yet, with the number they called from. */
export async function introduce(
  tx: Tx,
  caseId: string,
  { name, kind }: NonNullable<IncidentForm["newCollector"]>,
  { fromNumber }: Pick<IncidentFacts, "fromNumber">,
  by: By,
): Promise<string> {
  const handles = fromNumber === null ? [] : [handleFrom(fromNumber)];
  return addCollector(tx, caseId, { name, kind, note: null, handles }, by);
}
