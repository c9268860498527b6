/**
 * What verify.ts reads from: the files of a bag, wherever they lie. A folder here, a zip in zip-source.ts.
 * Names come from strangers: they are only ever compared and shown, never used to write.
 */
import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** What is wrong, with which part; one line each for a reader. */
export interface Problem {
  kind:
    | "missing"
    | "unexpected"
    | "changed"
    | "cut short"
    | "wrong signature"
    | "wrong count"
    | "broken history"
    | "malformed";
  /** Path inside the bag, or what else is meant ("the zip"). */
  part: string;
  why: string;
}

export interface SourceFile {
  /** With forward slashes. */
  path: string;
  /** Bytes as declared; reading never yields more. */
  size: number;
  /** The bytes in order. Throws {@link Unreadable} when they cannot be had in full. */
  read(): AsyncIterable<Buffer>;
}

export interface BagSource {
  files: SourceFile[];
  /** What was wrong before any file was opened. */
  problems: Problem[];
  close(): Promise<void>;
}

/** Reading one file failed; the message says how, in words for the report. */
export class Unreadable extends Error {
  kind: Problem["kind"];
  constructor(kind: Problem["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Not a bag at all: a path that does not exist, a file that is no zip. The command line answers 2. */
export class NotABag extends Error {}

export const MAX_FILES = 200_000;
const MAX_DEPTH = 32;

/** The files under a folder. Links and devices are not followed: a bag holds files. */
export async function openFolder(root: string): Promise<BagSource> {
  const files: SourceFile[] = [];
  const problems: Problem[] = [];
  async function walk(folder: string, prefix: string, depth: number): Promise<void> {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = prefix + entry.name;
      const full = join(folder, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) await walk(full, `${path}/`, depth + 1);
      else if (entry.isFile()) {
        if (files.length >= MAX_FILES) throw new NotABag(`more than ${MAX_FILES} files: this is not a dossier`);
        const { size } = await lstat(full);
        files.push({ path, size, read: () => createReadStream(full, { highWaterMark: 1 << 18 }) });
      } else
        problems.push({
          kind: "unexpected",
          part: path,
          why: "is a link, a device or too deep, not a file; it was not opened",
        });
    }
  }
  await walk(root, "", 0);
  return { files, problems, close: async () => {} };
}
