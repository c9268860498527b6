/**
 * What happens to the codes of a case: one is copied or brought in, its draft changed, a version saved; it is chosen, retired, brought
 * back. Each is one transaction with its history event. It must not know forms. Next: routes.ts.
 */
import { createHash } from "node:crypto";
import type { By, Case } from "../cases/case.ts";
import { chooseCodes } from "../cases/change-case.ts";
import { getCase, touchAll } from "../cases/store.ts";
import { aside, readAside } from "../codes/aside.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { type OwnCode, freeId, freeVersion, isOwn } from "../codes/own-code.ts";
import {
  deleteDraft,
  getDraft,
  getOwnCode,
  listOwnCodes,
  listVersions,
  putCode,
  putDraft,
  putVersion,
  setRetired,
} from "../codes/own-store.ts";
import type { Code } from "../conduct/code.ts";
import type { Bilingual } from "../conduct/vocabulary.ts";
import { record } from "../history/store.ts";
import type { Db, Tx } from "../platform/database.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const subjectOf = (codeId: string): string => `own-code:${codeId}`;

/**
 * Takes a code into a case as its own. @returns its id. What is done with texts is done before the transaction, where large ones may take
 * their time; who came first is looked at in it.
 */
export async function copyCode(
  db: Db,
  caseId: string,
  from: { id: string; text: string },
  name: { title: Bilingual; note: string; day: string },
  by: By,
): Promise<string> {
  for (;;) {
    const taken = (await listOwnCodes(db, caseId)).map((code) => code.id);
    const id = freeId(from.id, (one) => taken.includes(one));
    const yaml = await aside("copied", from.text, { id, version: name.day, title: name.title });
    const version = versionOf(yaml, { version: name.day, title: name.title }, 1, name.note, by);
    const made = await db.transaction().execute(async (tx) => {
      if ((await getOwnCode(tx, caseId, id)) !== null) return false;
      await putCode(tx, caseId, { id, origin: from.id }, by);
      await putVersion(tx, caseId, id, version);
      await record(tx, {
        caseId,
        actor: by.personId,
        at: by.at,
        action: "own-code.copied",
        subject: subjectOf(id),
        detail: { name: name.title.en, origin: from.id, sha256: sha256(yaml), reason: name.note },
      });
      return true;
    });
    if (made) return id;
  }
}

/**
 * Takes a checked file into a case. One with the id of a code that is there becomes its draft, to be looked at before it counts; any
 * other becomes a code with the file as its first version, byte for byte unless its id has to be made an own one.
 */
export async function importCode(
  db: Db,
  caseId: string,
  file: { name: string; text: string },
  by: By,
): Promise<{ id: string; draft: boolean }> {
  const { code } = await readAside(file.text, file.name);
  for (;;) {
    const taken = (await listOwnCodes(db, caseId)).map((own) => own.id);
    const id = isOwn(code.id) ? code.id : freeId(code.id, (one) => taken.includes(one));
    const yaml = id === code.id ? file.text : await aside("withHead", file.text, { id });
    const draft = taken.includes(id);
    const version = versionOf(yaml, code, 1, file.name, by);
    const made = await db.transaction().execute(async (tx) => {
      if (((await getOwnCode(tx, caseId, id)) !== null) !== draft) return false;
      if (draft)
        await putDraft(tx, caseId, id, { yaml, revision: (await getDraft(tx, caseId, id))?.revision ?? 0 }, by);
      else {
        await putCode(tx, caseId, { id, origin: null }, by);
        await putVersion(tx, caseId, id, version);
      }
      await record(tx, {
        caseId,
        actor: by.personId,
        at: by.at,
        action: "own-code.imported",
        subject: subjectOf(id),
        detail: { name: code.title.en, files: [file.name], sha256: sha256(yaml) },
      });
      return true;
    });
    if (made) return { id, draft };
  }
}

/** Makes the draft the newest version. @returns its number, or null when the draft is another by now, or there is none. */
export async function saveVersion(
  db: Db,
  caseId: string,
  codeId: string,
  asked: { revision: number; note: string; day: string },
  by: By,
): Promise<number | null> {
  const draft = await getDraft(db, caseId, codeId);
  if (draft === null || draft.revision !== asked.revision) return null;
  const versions = await listVersions(db, caseId, codeId);
  const { version: written, title } = (await readAside(draft.yaml, codeId)).code;
  const taken = versions.map(({ version }) => version);
  // Who gave it a version of its own in the file keeps it.
  const version = taken.includes(written) ? freeVersion(asked.day, taken) : written;
  const yaml = version === written ? draft.yaml : await aside("withHead", draft.yaml, { version });
  const number = (versions[0]?.number ?? 0) + 1;
  const made = versionOf(yaml, { version, title }, number, asked.note, by);
  return db.transaction().execute(async (tx) => {
    if ((await getDraft(tx, caseId, codeId))?.revision !== asked.revision) return null;
    if ((await getOwnCode(tx, caseId, codeId))?.newest.number !== versions[0]?.number) return null;
    await putVersion(tx, caseId, codeId, made);
    await deleteDraft(tx, caseId, codeId);
    // The fingerprint of what it judges with tells that everything is behind; this tells the pages that only look for that.
    if ((await getCase(tx, caseId))?.codes.includes(codeId)) await touchAll(tx, caseId);
    await record(tx, {
      caseId,
      actor: by.personId,
      at: by.at,
      action: "own-code.saved",
      subject: subjectOf(codeId),
      detail: { name: made.title.en, version, sha256: made.sha256, reason: asked.note },
    });
    return number;
  });
}

/** @param head what the text says of itself. */
function versionOf(
  yaml: string,
  { version, title }: Pick<Code, "version" | "title">,
  number: number,
  note: string,
  by: By,
) {
  return { number, version, title, yaml, sha256: sha256(yaml), note, savedBy: by.personId, savedAt: by.at };
}

/** Throws away what is not saved. */
export async function dropDraft(tx: Tx, caseId: string, code: OwnCode, by: By): Promise<void> {
  if ((await getDraft(tx, caseId, code.id)) === null) return;
  await deleteDraft(tx, caseId, code.id);
  await record(tx, event(caseId, code, "own-code.draft-dropped", by));
}

/** Judges the case by this code, in the place of the one it was copied from where that is chosen. */
export async function chooseOwn(tx: Tx, matter: Case, code: OwnCode, by: By): Promise<void> {
  if (code.retiredAt === null) await chooseCodes(tx, matter.id, codesWith(matter.codes, code), by);
}

/** The choice of a case with a code of its own first, and without those that it stands for. */
export function codesWith(chosen: readonly string[], { id, origin }: Pick<OwnCode, "id" | "origin">): string[] {
  return [id, ...chosen.filter((other) => other !== id && other !== origin)];
}

/** Takes a code out of what can be chosen, and out of the case's choice; the one it was copied from comes back there. */
export async function retireCode(tx: Tx, matter: Case, code: OwnCode, library: CodeLibrary, by: By): Promise<void> {
  if (!(await setRetired(tx, matter.id, code.id, by.at))) return;
  if (matter.codes.includes(code.id)) {
    const instead = code.origin !== null && library.get(code.origin) !== undefined ? [code.origin] : [];
    const codes = matter.codes.flatMap((id) => (id === code.id ? instead : [id]));
    await chooseCodes(tx, matter.id, [...new Set(codes)], by);
  }
  await record(tx, event(matter.id, code, "own-code.retired", by));
}

export async function bringBack(tx: Tx, caseId: string, code: OwnCode, by: By): Promise<void> {
  if (await setRetired(tx, caseId, code.id, null)) await record(tx, event(caseId, code, "own-code.brought-back", by));
}

const event = (caseId: string, code: OwnCode, action: string, by: By) => ({
  caseId,
  actor: by.personId,
  at: by.at,
  action,
  subject: subjectOf(code.id),
  detail: { name: code.newest.title.en },
});
