/**
 * Codes of conduct that belong to a case: copies of others, changed, or files brought in. Types and pure questions.
 * It must not know SQL or pages. Why they are as they are: ../decisions/0012-own-codes-belong-to-a-case.md. Next: own-store.ts.
 */
import type { Bilingual } from "../conduct/vocabulary.ts";

/** What every id of an own code begins with, and no id of an installed one. */
const OWN = "own-";

export const isOwn = (codeId: string): boolean => codeId.startsWith(OWN);

export interface OwnCode {
  id: string;
  /** The id of the code it was copied from; null when it came as a file. */
  origin: string | null;
  madeAt: number;
  /** Epoch milliseconds; null while it can be chosen. */
  retiredAt: number | null;
  newest: VersionLine;
  /** Changed since the newest version. */
  hasDraft: boolean;
}

/** A saved version without its text. */
export interface VersionLine {
  number: number;
  version: string;
  title: Bilingual;
  sha256: string;
  note: string;
  savedBy: string;
  savedAt: number;
}

export interface Version extends VersionLine {
  yaml: string;
}

export interface Draft {
  yaml: string;
  /** Goes up with every change; 0 = nothing is changed yet. */
  revision: number;
}

/** An id that is free, made from the id of what was copied: own-cn-statutes, own-cn-statutes-2 … */
export function freeId(from: string, taken: (id: string) => boolean): string {
  const base = (isOwn(from) ? from.replace(/-\d{1,3}$/, "") : OWN + from).slice(0, 55);
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken(id)) return id;
  }
}

/** The version a code gets when it is saved on a day: the day, with .2, .3 … when that is taken. */
export function freeVersion(day: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const version = n === 1 ? day : `${day}.${n}`;
    if (!taken.includes(version)) return version;
  }
}
