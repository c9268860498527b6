/**
 * Files that came along with a chat: its pictures, voices and papers, which the chat calls by name. A name that two different files bear is
 * settled by the size that the chat tells, or not at all: a wrong picture proves worse than none. It must not know formats.
 */
import type { Attachment, FindBeside, Problem } from "./reader.ts";

/** One file that a name may mean. */
export interface Beside {
  name: string;
  /** Bytes. */
  size: number;
  /** Null as long as nobody has read it: then two of one name and one size count as different. */
  sha256: string | null;
}

const baseName = (path: string): string => path.replace(/^.*[/\\]/u, "");

/**
 * @param name as the chat calls it, perhaps with folders
 * @param size in bytes, where the chat tells it
 * @returns the file; or why none can be told to be it, as an oddity of the message
 */
export function besideNamed<T extends Beside>(
  files: ReadonlyMap<string, readonly T[]>,
  name: string,
  size?: number,
): T | Problem {
  const file = baseName(name);
  const named = files.get(file) ?? [];
  const fitting = size === undefined ? named : named.filter((one) => one.size === size);
  const [first] = fitting;
  if (first === undefined) {
    return named.length === 0
      ? { key: "attachmentElsewhere", params: { file } }
      : { key: "attachmentOtherSize", params: { file, size: size ?? 0 } };
  }
  const isSame = fitting.every(({ sha256 }) => sha256 !== null && sha256 === first.sha256);
  return fitting.length === 1 || isSame ? first : { key: "attachmentSeveral", params: { file, n: fitting.length } };
}

export const byName = <T extends { name: string }>(files: readonly T[]): Map<string, T[]> =>
  Map.groupBy(files, ({ name }) => baseName(name));

const FILE_NAME = /[^\s/\\"'<>[\]()（）]{1,200}\.[A-Za-z0-9]{2,5}(?=$|["'\s\])）])/gu;

/** For exporters that name files in many ways ("./image/a.jpg", "[文件] a.pdf"): what counts is whether such a file was brought along. */
export function allNamedIn(row: number, said: string, beside: FindBeside): Attachment[] {
  return [...said.slice(0, 2000).matchAll(FILE_NAME)].flatMap(([name]) => {
    const found = beside(row, name);
    return "key" in found ? [] : [found];
  });
}

/** Files of an import that wait for a message to name them, and which of them were named. */
export class AddedFiles {
  readonly #files: ReadonlyMap<string, readonly (Beside & { sha256: string; file: number })[]>;
  readonly #named = new Map<number, { file: string; row: number }>();

  constructor(files: readonly (Beside & { sha256: string; file: number })[]) {
    this.#files = byName(files);
  }

  /** For a reader that is reading `chat`. */
  find(chat: string, row: number, name: string, size?: number): Attachment | Problem {
    const found = besideNamed(this.#files, name, size);
    if ("key" in found) return found;
    for (const { file, sha256 } of this.#files.get(baseName(name)) ?? [])
      if (sha256 === found.sha256 && !this.#named.has(file)) this.#named.set(file, { file: chat, row });
    return { name: found.name, sha256: found.sha256, size: found.size };
  }

  /** The message that named a file first; null = none did. */
  namedBy(file: number): { file: string; row: number } | null {
    return this.#named.get(file) ?? null;
  }
}
