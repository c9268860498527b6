/**
 * Reads a zip from a stranger: by its central directory, or, when that was cut off, by walking from entry to entry. Written against the
 * format's description (APPNOTE 6.3) rather than with the library that writes our bags, so that an error there is not repeated here.
 * Nothing is unpacked to disk, no size is believed before it is checked, and no entry can yield more than it declares.
 */
import { open, type FileHandle } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { type BagSource, MAX_FILES, NotABag, type Problem, type SourceFile, Unreadable } from "./bag-source.ts";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const DESCRIPTOR = Buffer.from([0x50, 0x4b, 0x07, 0x08]);
const STORED = 0;
const DEFLATED = 8;
const WINDOW = 1 << 18;
const MAX_DIRECTORY = 256 << 20;
/** Deflate cannot do better than 1032 to 1, and text as repetitive as ours reaches about 30 to 1. */
const MAX_RATIO = 200;
const RATIO_FREE_BYTES = 16 << 20;

interface Entry {
  path: string;
  method: number;
  encrypted: boolean;
  crc: number | null;
  packed: number;
  size: number;
  /** Where its local header begins. */
  offset: number;
  link: boolean;
  /** The archive ends before the entry does. */
  cut: boolean;
}

/** Throws {@link NotABag} for a file that is no zip. A zip that was cut short opens, with that as a problem. */
export async function openZip(path: string): Promise<BagSource> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const start = await at(file, 0, 4, size);
    if (start.length < 4 || start.readUInt32LE(0) !== LOCAL)
      throw new NotABag(size === 0 ? "the file is empty" : "the file is not a zip");
    const problems: Problem[] = [];
    const directory = await findDirectory(file, size);
    let entries = directory === null ? null : await readDirectory(file, directory);
    const say = (kind: Problem["kind"], why: string) => problems.push({ kind, part: "the zip", why });
    if (directory === null)
      say("cut short", `ends after ${size} bytes without its table of contents; what is left was checked`);
    else if (entries === null) say("malformed", "its table of contents is damaged; its parts were found without it");
    else if (directory.end < size) say("unexpected", `has ${size - directory.end} bytes after its end`);
    entries ??= await walkEntries(file, size);
    return { files: usable(file, size, entries, problems), problems, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Directory {
  offset: number;
  size: number;
  count: number;
  /** Where the end record ends. */
  end: number;
}

/** Null when there is no end record, which is how a cut zip looks. */
async function findDirectory(file: FileHandle, size: number): Promise<Directory | null> {
  const tailStart = Math.max(0, size - 22 - 0xffff);
  const tail = await at(file, tailStart, size - tailStart, size);
  for (let i = tail.length - 22; i >= 0; i--) {
    if (tail.readUInt32LE(i) !== END || i + 22 + tail.readUInt16LE(i + 20) > tail.length) continue;
    let found = {
      count: tail.readUInt16LE(i + 10),
      size: tail.readUInt32LE(i + 12),
      offset: tail.readUInt32LE(i + 16),
    };
    const locatorAt = tailStart + i - 20;
    const locator = locatorAt < 0 ? Buffer.alloc(0) : await at(file, locatorAt, 20, size);
    if (locator.length === 20 && locator.readUInt32LE(0) === END64_LOCATOR) {
      const end64 = await at(file, whole(locator.readBigUInt64LE(8)), 56, size);
      if (end64.length === 56 && end64.readUInt32LE(0) === END64)
        found = {
          count: whole(end64.readBigUInt64LE(32)),
          size: whole(end64.readBigUInt64LE(40)),
          offset: whole(end64.readBigUInt64LE(48)),
        };
    }
    return { ...found, end: tailStart + i + 22 + tail.readUInt16LE(i + 20) };
  }
  return null;
}

/** Null when it is damaged, points outside the file or is absurdly long. */
async function readDirectory(file: FileHandle, directory: Directory): Promise<Entry[] | null> {
  if (
    directory.offset + directory.size > directory.end ||
    directory.size > MAX_DIRECTORY ||
    directory.count > MAX_FILES
  )
    return null;
  const bytes = await at(file, directory.offset, directory.size, directory.offset + directory.size);
  const entries: Entry[] = [];
  let p = 0;
  while (entries.length < directory.count) {
    if (p + 46 > bytes.length || bytes.readUInt32LE(p) !== CENTRAL) return null;
    const [nameLength, extraLength] = [bytes.readUInt16LE(p + 28), bytes.readUInt16LE(p + 30)];
    const end = p + 46 + nameLength + extraLength + bytes.readUInt16LE(p + 32);
    if (end > bytes.length) return null;
    const sizes = wideSizes(bytes.subarray(p + 46 + nameLength, p + 46 + nameLength + extraLength), [
      bytes.readUInt32LE(p + 24),
      bytes.readUInt32LE(p + 20),
      bytes.readUInt32LE(p + 42),
    ]);
    entries.push({
      path: bytes.toString("utf8", p + 46, p + 46 + nameLength),
      method: bytes.readUInt16LE(p + 10),
      encrypted: (bytes.readUInt16LE(p + 8) & 1) === 1,
      crc: bytes.readUInt32LE(p + 16),
      size: sizes[0]!,
      packed: sizes[1]!,
      offset: sizes[2]!,
      link: ((bytes.readUInt32LE(p + 38) >>> 16) & 0o170000) === 0o120000,
      cut: false,
    });
    p = end;
  }
  return entries;
}

/** ZIP64: a field that reads ffffffff has its true value in extra field 1, in this order. */
function wideSizes(extra: Buffer, narrow: number[]): number[] {
  for (let p = 0; p + 4 <= extra.length;) {
    const length = extra.readUInt16LE(p + 2);
    if (extra.readUInt16LE(p) === 1) {
      let q = p + 4;
      return narrow.map((value) => {
        if (value !== 0xffffffff || q + 8 > Math.min(p + 4 + length, extra.length)) return value;
        q += 8;
        return whole(extra.readBigUInt64LE(q - 8));
      });
    }
    p += 4 + length;
  }
  return narrow;
}

/** The entries of a zip without a table of contents, one local header after the other, up to where the file ends. */
async function walkEntries(file: FileHandle, size: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let offset = 0; entries.length < MAX_FILES;) {
    const header = await at(file, offset, 30, size);
    if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) break;
    const [nameLength, extraLength] = [header.readUInt16LE(26), header.readUInt16LE(28)];
    const rest = await at(file, offset + 30, nameLength + extraLength, size);
    if (rest.length < nameLength + extraLength) break;
    const [plain = 0, packed = 0] = wideSizes(rest.subarray(nameLength), [
      header.readUInt32LE(22),
      header.readUInt32LE(18),
    ]);
    const dataAt = offset + 30 + nameLength + extraLength;
    const sizesFollow = (header.readUInt16LE(6) & 8) === 8 && packed === 0;
    const found = sizesFollow
      ? await findDescriptor(file, dataAt, size)
      : { packed, size: plain, next: dataAt + packed };
    const cut = found === null || dataAt + found.packed > size;
    entries.push({
      path: rest.toString("utf8", 0, nameLength),
      method: header.readUInt16LE(8),
      encrypted: (header.readUInt16LE(6) & 1) === 1,
      crc: null,
      packed: found?.packed ?? size - dataAt,
      size: found?.size ?? size - dataAt,
      offset,
      link: false,
      cut,
    });
    if (cut) break;
    offset = found.next;
  }
  return entries;
}

/** Finds the data descriptor that says exactly as many bytes as lie before it, and is followed by the next header or the end. */
async function findDescriptor(
  file: FileHandle,
  dataAt: number,
  size: number,
): Promise<{ packed: number; size: number; next: number } | null> {
  for (let base = dataAt; base < size; base += WINDOW) {
    // The overlap lets a descriptor lie across two windows; 28 bytes are the longest one and the signature after it.
    const bytes = await at(file, base, WINDOW + 28, size);
    for (let i = bytes.indexOf(DESCRIPTOR); i !== -1 && i < WINDOW; i = bytes.indexOf(DESCRIPTOR, i + 1)) {
      const before = base + i - dataAt;
      const headerNext = (p: number) =>
        p + 4 > bytes.length || [LOCAL, CENTRAL].includes(bytes.readUInt32LE(p)) || base + p >= size;
      if (i + 16 <= bytes.length && bytes.readUInt32LE(i + 8) === before && headerNext(i + 16))
        return { packed: before, size: bytes.readUInt32LE(i + 12), next: base + i + 16 };
      if (i + 24 <= bytes.length && whole(bytes.readBigUInt64LE(i + 8)) === before && headerNext(i + 24))
        return { packed: before, size: whole(bytes.readBigUInt64LE(i + 16)), next: base + i + 24 };
    }
  }
  return null;
}

/** Drops what must not be opened, saying so. */
function usable(file: FileHandle, fileSize: number, entries: Entry[], problems: Problem[]): SourceFile[] {
  const files: SourceFile[] = [];
  const seen = new Set<string>();
  let reached = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    const refuse = (kind: Problem["kind"], why: string) => problems.push({ kind, part: entry.path, why });
    const begins = entry.offset;
    const ends = begins + 30 + Buffer.byteLength(entry.path) + entry.packed;
    if (isUnsafe(entry.path)) refuse("malformed", "is a path that leads out of the folder; it was not opened");
    else if (entry.path.endsWith("/") && entry.size === 0) continue;
    else if (seen.has(entry.path)) refuse("unexpected", "is in the zip a second time");
    else if (entry.link) refuse("unexpected", "is a link, not a file; it was not opened");
    else if (entry.encrypted) refuse("malformed", "is encrypted");
    else if (entry.method !== STORED && entry.method !== DEFLATED)
      refuse("malformed", `is packed by an unknown method (${entry.method})`);
    else if (begins < reached) refuse("malformed", "lies over another part of the zip; it was not opened");
    else if (entry.size > RATIO_FREE_BYTES && entry.size > entry.packed * MAX_RATIO)
      refuse("malformed", `would unpack from ${entry.packed} to ${entry.size} bytes; it was not opened`);
    else if (!entry.cut && ends > fileSize) refuse("cut short", "its bytes lie beyond the end of the zip");
    else files.push({ path: entry.path, size: entry.size, read: () => contents(file, fileSize, entry) });
    seen.add(entry.path);
    reached = Math.max(reached, ends);
  }
  return files;
}

/** True for names that could write elsewhere when unpacked: absolute, with `..`, a drive letter, a backslash or control characters. */
export function isUnsafe(path: string): boolean {
  if (path === "" || path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.includes("\\")) return true;
  return /\p{Cc}/u.test(path) || path.split("/").some((step) => step === ".." || step === ".");
}

async function* contents(file: FileHandle, fileSize: number, entry: Entry): AsyncGenerator<Buffer> {
  const header = await at(file, entry.offset, 30, fileSize);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL)
    throw new Unreadable("malformed", "its header in the zip is damaged");
  const nameLength = header.readUInt16LE(26);
  const name = await at(file, entry.offset + 30, nameLength, fileSize);
  if (name.toString("utf8") !== entry.path)
    throw new Unreadable("malformed", "has another name in the zip's table of contents than at its place");
  const dataAt = entry.offset + 30 + nameLength + header.readUInt16LE(28);
  if (entry.method === STORED && entry.packed !== entry.size)
    throw new Unreadable("malformed", `declares two sizes, ${entry.packed} and ${entry.size} bytes`);
  const packed = packedBytes(file, fileSize, dataAt, entry.packed);
  let size = 0;
  let crc = 0;
  try {
    for await (const chunk of entry.method === STORED ? packed : inflated(packed)) {
      size += chunk.length;
      if (size > entry.size)
        throw new Unreadable("malformed", `unpacks to more than the ${entry.size} bytes it declares`);
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    if (entry.cut) throw cutShort(entry, size);
    throw new Unreadable("changed", "cannot be unpacked: its bytes were changed");
  }
  if (entry.cut || size < entry.size) throw cutShort(entry, size);
  if (entry.crc !== null && entry.crc !== crc) throw new Unreadable("changed", "does not fit the zip's own checksum");
}

const cutShort = (entry: Entry, size: number) =>
  new Unreadable(
    "cut short",
    entry.cut ? `the zip ends after its first ${size} bytes` : `has ${size} of ${entry.size} bytes`,
  );

async function* packedBytes(file: FileHandle, fileSize: number, from: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length;) {
    const chunk = await at(file, from + done, Math.min(WINDOW, length - done), fileSize);
    if (chunk.length === 0) return;
    done += chunk.length;
    yield chunk;
  }
}

async function* inflated(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw();
  const feed = (async () => {
    for await (const chunk of packed) {
      if (inflate.destroyed) return;
      if (!inflate.write(chunk))
        await new Promise<void>((resume) => inflate.once("drain", resume).once("close", resume));
    }
    inflate.end();
  })();
  feed.catch((error: Error) => inflate.destroy(error));
  yield* inflate as AsyncIterable<Buffer>;
}

/** Up to `length` bytes; fewer at the end of the file. */
async function at(file: FileHandle, position: number, length: number, fileSize: number): Promise<Buffer> {
  const wanted = Math.max(0, Math.min(length, fileSize - position));
  const buffer = Buffer.allocUnsafe(wanted);
  const { bytesRead } = wanted === 0 ? { bytesRead: 0 } : await file.read(buffer, 0, wanted, position);
  return buffer.subarray(0, bytesRead);
}

/** Sizes past 2^53 are nobody's dossier; as infinity they fail every check that follows. */
const whole = (value: bigint) => (value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value));
