/** Reads texts and files with a reader, as the flow of an import does; attachments are kept in memory. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contact, Question, Reader, ReadOptions, Row } from "../../src/imports/reader.ts";

export interface Reading {
  rows: Row[];
  /** Bytes of attachments by their SHA-256. */
  kept: Map<string, Buffer>;
}

const NOTHING: Omit<ReadOptions, "keep"> = {
  name: "file",
  zone: "Asia/Shanghai",
  answers: {},
  modifiedAt: null,
  today: "2026-11-23",
};

/** Runs `use` with a file of these contents. */
async function withFile<T>(content: string | Uint8Array, name: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "dunwatch-reader-"));
  try {
    const path = join(folder, name);
    await writeFile(path, content);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function readPath(reader: Reader, path: string, options: Partial<ReadOptions> = {}): Promise<Reading> {
  const kept = new Map<string, Buffer>();
  const keep: ReadOptions["keep"] = async (name, bytes) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);
    const whole = Buffer.concat(pieces);
    const sha256 = createHash("sha256").update(whole).digest("hex");
    kept.set(sha256, whole);
    return { name, sha256, size: whole.length };
  };
  const rows: Row[] = [];
  for await (const row of reader.read(path, { ...NOTHING, keep, ...options })) rows.push(row);
  return { rows, kept };
}

export const readText = (
  reader: Reader,
  content: string | Uint8Array,
  options: Partial<ReadOptions> = {},
): Promise<Reading> => withFile(content, "file", (path) => readPath(reader, path, options));

export const questionsOf = (
  reader: Reader,
  content: string | Uint8Array,
  options: Partial<ReadOptions> = {},
): Promise<readonly Question[]> =>
  withFile(content, "file", (path) => reader.questions(path, { ...NOTHING, ...options }));

export const contactsOf = ({ rows }: Reading): Contact[] =>
  rows.flatMap((row) => ("contact" in row ? [row.contact] : []));

/** What a row came to, in one word each: `contact`, or the key of why not. */
export const wordsOf = ({ rows }: Reading): string[] =>
  rows.map((row) => ("contact" in row ? "contact" : "unreadable" in row ? row.unreadable.key : row.noContact.key));
