/**
 * A BagIt 1.0 bag (RFC 8493) as one zip, streamed: what a stranger can check with `unzip`, `sha256sum` and `openssl`.
 * It knows files, sizes and hashes; it must not know what is in them. Next: verify.ts reads one back without using this file.
 *
 * Every hash is known before the first byte is written, so the tag files come first: of a zip that was cut short one can still tell
 * what is missing. Everything is stored, not deflated: recordings and pictures do not shrink, and the bytes then depend on no version
 * of a compressor. Times, modes and order are fixed, so the same input gives the same bytes.
 */
import { createHash } from "node:crypto";
import { Transform, type Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { SigningKey } from "./sign.ts";

/** One payload file: where it goes, and what it is known to be. */
export interface BagPart {
  /** Under the bag's folder, e.g. `data/exhibits/A-1-voicemail.m4a`; ASCII. */
  path: string;
  size: number;
  /** Lower-case hex. */
  sha256: string;
  open(): Readable | Promise<Readable>;
}

export interface Bag {
  /** The one folder inside the zip (RFC 8493, 4: a bag is not serialised from within its base directory). */
  name: string;
  /** Epoch milliseconds; its UTC day becomes Bagging-Date and the date of every entry. */
  madeAt: number;
  /** Further lines of bag-info.txt, in order: label, value. */
  info: [string, string][];
  parts: BagPart[];
}

/** A part is not, or no longer, what its hash and size say. The message names it. */
export class PartChanged extends Error {}

export interface WrittenBag {
  size: number;
  sha256: string;
}

const TAGMANIFEST = "tagmanifest-sha256.txt";
/** Beside the tag manifest and not listed in it: a signature cannot be inside what it signs. */
const SIGNATURE = "tagmanifest-sha256.txt.sig";
const SIGNING_KEY = "signing-key.pem";
/** A size for every part, so that "cut short" can be told from "changed". */
const PART_SIZE = "Part-Size";

/** ASCII without what file systems, shells or manifests trip over. */
const SAFE_PATH = /^data(\/[A-Za-z0-9][A-Za-z0-9._@-]*)+$/;

/**
 * Writes the bag as a zip to `out` and ends it; answers the zip's own size and SHA-256. Memory does not grow with the parts.
 * Throws when a path is not plain ASCII or used twice; {@link PartChanged} when a part is not what its hash and size say.
 */
export async function writeBag(bag: Bag, key: SigningKey, out: Writable): Promise<WrittenBag> {
  const parts = inOrder(bag.parts);
  const tags = tagFiles(bag, parts, key);
  const zip = new ZipFile();
  const options = { mtime: dosTime(bag.madeAt), mode: 0o100644, forceDosTimestamp: true, compress: false };
  const failed = new Promise<never>((_, reject) => zip.on("error", reject));
  for (const [name, bytes] of tags) zip.addBuffer(bytes, `${bag.name}/${name}`, options);
  for (const part of parts) {
    zip.addReadStreamLazy(`${bag.name}/${part.path}`, { ...options, size: part.size }, (give) => {
      const feed = async () => {
        const checked = checking(part);
        give(null, checked);
        await pipeline(await part.open(), checked);
      };
      // A fault of the source must reach the zip, which knows only the stream it was given.
      feed().catch((error: unknown) => zip.emit("error", error));
    });
  }
  zip.end();

  const hash = createHash("sha256");
  let size = 0;
  const measured = new Transform({
    highWaterMark: 1 << 18,
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const cancel = new AbortController();
  try {
    await Promise.race([pipeline(zip.outputStream, measured, out, { signal: cancel.signal }), failed]);
  } catch (error) {
    cancel.abort();
    throw error;
  }
  return { size, sha256: hash.digest("hex") };
}

/**
 * A payload path for an exhibit: its number, what is left of its name in ASCII, its ending.
 * `exhibitPath("A-7", "昨晚 22:43 call.M4A")` is `data/exhibits/A-7-22-43-call.m4a`.
 */
export function exhibitPath(number: string, originalName: string): string {
  const plain = originalName.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const dot = plain.lastIndexOf(".");
  const ending =
    dot > 0 && /^[A-Za-z0-9]{1,8}$/.test(plain.slice(dot + 1)) ? plain.slice(dot + 1).toLowerCase() : "bin";
  const stem = (dot > 0 && ending !== "bin" ? plain.slice(0, dot) : plain)
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
  return `data/exhibits/${number}-${stem === "" ? "file" : stem}.${ending}`;
}

function inOrder(parts: BagPart[]): BagPart[] {
  const sorted = [...parts].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const [i, part] of sorted.entries()) {
    if (!SAFE_PATH.test(part.path)) throw new Error(`${part.path} cannot be a path in a bag: only plain ASCII names`);
    if (sorted[i - 1]?.path === part.path) throw new Error(`${part.path} is in the bag twice`);
  }
  return sorted;
}

function tagFiles(bag: Bag, parts: BagPart[], key: SigningKey): [string, Buffer][] {
  const octets = parts.reduce((sum, part) => sum + part.size, 0);
  const info = [
    ["Bag-Software-Agent", "Dunwatch"],
    ["Bagging-Date", new Date(bag.madeAt).toISOString().slice(0, 10)],
    ["Payload-Oxum", `${octets}.${parts.length}`],
    ["Signing-Key-SHA256", key.fingerprint],
    ...bag.info,
    ...parts.map((part) => [PART_SIZE, `${part.size} ${part.path}`]),
  ];
  const listed: [string, Buffer][] = [
    ["bagit.txt", Buffer.from("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")],
    ["bag-info.txt", Buffer.from(info.map(([label, value]) => `${label}: ${oneLine(value!)}\n`).join(""))],
    ["manifest-sha256.txt", Buffer.from(parts.map((part) => `${part.sha256}  ${part.path}\n`).join(""))],
    [SIGNING_KEY, Buffer.from(key.publicPem)],
  ];
  const tagmanifest = Buffer.from(
    listed.map(([name, bytes]) => `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`).join(""),
  );
  return [...listed, [TAGMANIFEST, tagmanifest], [SIGNATURE, key.sign(tagmanifest)]];
}

const oneLine = (value: string) => value.replace(/\s+/g, " ").trim();

/** Passes a part through, and fails when it is not what the manifest already says of it. */
function checking(part: BagPart): Transform {
  const hash = createHash("sha256");
  let size = 0;
  return new Transform({
    highWaterMark: 1 << 18,
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      if (size !== part.size)
        done(new PartChanged(`${part.path} has ${size} bytes in the store, ${part.size} when it was added`));
      else if (hash.digest("hex") !== part.sha256)
        done(new PartChanged(`${part.path} was changed in the store since it was added`));
      else done();
    },
  });
}

/**
 * Zip holds local time without a zone, and yazl reads it off a Date with the local getters. Noon of the UTC day exists in every zone
 * and reads the same in all of them; an hour that a change of clocks skips would not.
 */
function dosTime(epochMs: number): Date {
  const utc = new Date(Math.max(epochMs, Date.UTC(1980, 0, 1)));
  return new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate(), 12);
}
