/**
 * The codes a case can be judged by: the installed ones, and its own beside them. Everything that asks for a code or a rule of a case
 * asks the library that is made here. It must not know what a case chose them for. Next: change-own.ts.
 */
import type { Db } from "../platform/database.ts";
import { readAside } from "./aside.ts";
import type { CodeLibrary, CodeText } from "./library.ts";
import { isOwn } from "./own-code.ts";
import { newestTexts } from "./own-store.ts";

/** Texts read and kept, by hash; together so many characters at most. */
const KEPT_CHARACTERS = 8_000_000;
const kept = new Map<string, CodeText>();
let characters = 0;

/** The library with the own codes that these ids name, each in its newest version. Costs one query when there are any, else nothing. */
export async function codesOf(
  { db, codes }: { db: Db; codes: CodeLibrary },
  matter: { id: string; codes: readonly string[] },
): Promise<CodeLibrary> {
  const own = matter.codes.filter(isOwn);
  return own.length === 0
    ? codes
    : codes.with(await Promise.all((await newestTexts(db, matter.id, own)).map(readOnce)));
}

/** The library with every code of the case, retired ones too: for choosing, and for names in the history. */
export async function allCodesOf({ db, codes }: { db: Db; codes: CodeLibrary }, caseId: string): Promise<CodeLibrary> {
  return codes.with(await Promise.all((await newestTexts(db, caseId, "all")).map(readOnce)));
}

/** A saved text is read once; it was checked before it was saved. */
export async function readOnce({ id, sha256, yaml }: { id: string; sha256: string; yaml: string }): Promise<CodeText> {
  const key = `${id} ${sha256}`;
  const read = kept.get(key) ?? (await readAside(yaml, `${id}.yaml`));
  if (kept.delete(key)) characters -= yaml.length;
  kept.set(key, read);
  characters += yaml.length;
  for (const [oldest, { text }] of kept) {
    if (characters <= KEPT_CHARACTERS || oldest === key) break;
    kept.delete(oldest);
    characters -= text.length;
  }
  return read;
}
