/**
 * Zip archives that people bring: a chat with its pictures, a spreadsheet. Entries are read as streams and their names are never used as
 * paths, so `../` in a name is only a strange name; what is packed much smaller than it is (a bomb) is refused before and while reading.
 * It must not know which format is inside.
 */
import yauzl, { type Entry, type ZipFile } from "yauzl";

/** An entry that holds bytes (folders are left out). */
export interface ZipEntry {
  /** As it stands in the archive: may be hostile. */
  name: string;
  /** Bytes when unpacked, as the archive says; reading more than that fails. */
  size: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface ZipLimits {
  entries: number;
  /** Bytes of all entries together, unpacked. */
  size: number;
  /** An entry of more than a megabyte may be at most so many times its packed size. */
  ratio: number;
}

const usual: ZipLimits = { entries: 100_000, size: 20 * 2 ** 30, ratio: 200 };

/** The archive cannot be used; `key` names a sentence below `imports.problem.`. */
export class ZipProblem extends Error {
  readonly key: "zipBroken" | "zipTooManyEntries" | "zipTooLarge" | "zipBomb" | "zipEncrypted" | "zipNoChat";
  constructor(key: ZipProblem["key"], detail: string) {
    super(`${key}: ${detail}`);
    this.key = key;
  }
}

export interface Archive {
  entries: readonly ZipEntry[];
  /** To be called when no entry is read any more. */
  close(): void;
}

/** @throws {ZipProblem} when the archive is broken, encrypted or beyond the limits */
export async function openZip(path: string, limits: ZipLimits = usual): Promise<Archive> {
  const zip = await entriesIn(path);
  try {
    return { entries: await entriesOf(zip, limits), close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

const entriesIn = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    // Names are decoded here, not by yauzl: it refuses archives whose names climb, and we never follow a name.
    yauzl.open(path, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, zip) => {
      if (error !== null) reject(new ZipProblem("zipBroken", error.message));
      else resolve(zip);
    });
  });

async function entriesOf(zip: ZipFile, limits: ZipLimits): Promise<ZipEntry[]> {
  if (zip.entryCount > limits.entries) throw new ZipProblem("zipTooManyEntries", String(zip.entryCount));
  const entries: ZipEntry[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    zip.on("error", (error: Error) => reject(new ZipProblem("zipBroken", error.message)));
    zip.on("end", resolve);
    zip.on("entry", (entry: Entry) => {
      const name = nameOf(entry);
      size += entry.uncompressedSize;
      if (size > limits.size) return reject(new ZipProblem("zipTooLarge", name));
      if (entry.uncompressedSize > 2 ** 20 && entry.uncompressedSize > entry.compressedSize * limits.ratio) {
        return reject(new ZipProblem("zipBomb", name));
      }
      if ((entry.generalPurposeBitFlag & 1) !== 0) return reject(new ZipProblem("zipEncrypted", name));
      if (!name.endsWith("/")) {
        entries.push({ name, size: entry.uncompressedSize, open: () => contentOf(zip, entry) });
      }
      zip.readEntry();
    });
    zip.readEntry();
  });
  return entries;
}

/** UTF-8 whether the archive says so or not: phones write it without saying; a name only shows and matches, it opens nothing. */
function nameOf(entry: Entry): string {
  return new TextDecoder().decode(entry.fileName as unknown as Uint8Array);
}

async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    // yauzl counts what comes out and fails when it is not exactly the size the archive gave.
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      zip.openReadStream(entry, (error, content) => (error === null ? resolve(content) : reject(error)));
    });
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw error instanceof ZipProblem ? error : new ZipProblem("zipBroken", (error as Error).message);
  }
}
