/** The type of a file from its content: small files of our own, and the real ones of the shared data where they are. */
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BlobStore } from "../../src/evidence/blobs.ts";
import { createDiskBlobs } from "../../src/evidence/disk-blobs.ts";
import { mediaTypeOf } from "../../src/evidence/media-type.ts";

const folder = mkdtempSync(join(tmpdir(), "dunwatch-types-"));
let blobs: BlobStore;
beforeAll(async () => {
  blobs = await createDiskBlobs(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function typeOf(content: Readable): Promise<string> {
  const { sha256, size } = await blobs.receive(content);
  return mediaTypeOf(blobs, sha256, size);
}
/** A box of an MP4 file: its length, its name, what is in it. */
const box = (name: string, ...inside: (Buffer | string)[]) => {
  const body = Buffer.concat(inside.map((part) => Buffer.from(part as string)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(name, 4, "latin1");
  return Buffer.concat([head, body]);
};
const track = (kind: string) => box("hdlr", Buffer.alloc(8), kind, Buffer.alloc(12));
const video = (...kinds: string[]) => Buffer.concat([box("ftyp", "3gp4", Buffer.alloc(4), "isom3gp4"), box("mdat", Buffer.alloc(500_000)), box("moov", ...kinds.map(track))]); // prettier-ignore
const gb = Buffer.from([0xb4, 0xdf, 0xca, 0xd5, 0xbc, 0xc7, 0xc2, 0xbc]); // 催收记录

test.each<[string, string | Buffer, string]>([
  ["Chinese text in UTF-8", "催收记录", "text/plain"],
  ["Chinese text as older Windows writes it", gb, "text/plain"],
  ["UTF-16 with its mark", Buffer.from("\ufeff催收", "utf16le"), "text/plain"],
  ["a long text cut inside a character", "催".repeat(100_000), "text/plain"],
  ["a table whose cells hold line ends", 'a,b\n"two\nlines, here",1\nx,2\n', "text/csv"],
  ["a picture that could carry a script", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "image/svg+xml"],
  [
    "the same behind a declaration and comments",
    '<?xml version="1.0"?>\n<!-- a --><!-- b -->\n<!DOCTYPE svg>\n<svg/>',
    "image/svg+xml",
  ],
  ["comments without end, made to keep a pattern trying", "<!---->".repeat(280), "text/plain"],
  ["a web page", "  <!DOCTYPE html><title>x</title>", "text/html"],
  ["a mail", "Received: from x\r\nFrom: a@b\r\n\r\nhello", "message/rfc822"],
  ["a line with a colon", "note: call back\nmore", "text/plain"],
  ["bytes nobody knows", Buffer.from([0, 1, 2, 3, 250]), "application/octet-stream"],
  ["a phone's recording written as a video without a picture", video("soun"), "audio/3gpp"],
  ["a video", video("soun", "vide"), "video/3gpp"],
])("%s", async (_name, content, type) => {
  expect(await typeOf(Readable.from([Buffer.from(content as string)]))).toBe(type);
});

const shared = process.env.SHARED_DATA ?? join(import.meta.dirname, "../../../shared/data");
const real = join(shared, "media/file-type");
describe.skipIf(!existsSync(real))("real files nobody here made", () => {
  test("are lettered as their makers named them", async () => {
    const wrong: string[] = [];
    const families: [RegExp, RegExp][] = [
      [/\.(mp3|aac|amr|m4a|ogg|opus|wav)$/, /^audio\//],
      [/\.(png|apng|jpg|gif|webp|heic)$/, /^image\//],
      [/\.(mp4|3g2|3gp)$/, /^video\//],
      [/\.(pdf|docx|xlsx|rtf|vcf|ics|xml)$/, /pdf|officedocument|rtf|vcard|calendar|xml/],
    ];
    for (const name of readdirSync(real)) {
      const family = families.find(([ending]) => ending.test(name))?.[1];
      if (family === undefined || /corrupt|json\.webp/.test(name)) continue;
      const type = await typeOf(createReadStream(join(real, name)));
      if (!family.test(type)) wrong.push(`${name}: ${type}`);
    }
    expect(wrong).toEqual([]);
  });
});
