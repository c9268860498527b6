import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BlobStore, TooLarge } from "../../src/evidence/blobs.ts";
import { createDiskBlobs } from "../../src/evidence/disk-blobs.ts";

let folder: string;
let blobs: BlobStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dunwatch-blobs-"));
  blobs = await createDiskBlobs(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const incoming = () => readdir(join(folder, "evidence", ".incoming"));
const all = () => Array.fromAsync(blobs.list());

/** The bytes in pieces of the size the network gives. */
function* pieces(bytes: Buffer, size = 65_536): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("keeping bytes", () => {
  test("are found again under their SHA-256, byte for byte", async () => {
    const bytes = randomBytes(3_333_333);
    const received = await blobs.receive(Readable.from(pieces(bytes)));
    expect(received).toEqual({ sha256: sha256(bytes), size: bytes.length });
    expect((await buffer(blobs.open(received.sha256))).equals(bytes)).toBe(true);
    const { sha256: hash } = received;
    expect((await readFile(join(folder, "evidence", hash.slice(0, 2), hash.slice(2, 4), hash))).equals(bytes)).toBe(
      true,
    );
  });

  test("a part of a file can be read, for players that jump", async () => {
    const { sha256: hash } = await blobs.receive(Readable.from([Buffer.from("0123456789")]));
    expect((await buffer(blobs.open(hash, { start: 3, end: 5 }))).toString()).toBe("345");
  });

  test("the same content twice is one file, and heals a damaged copy", async () => {
    const bytes = randomBytes(1000);
    const { sha256: hash } = await blobs.receive(Readable.from([bytes]));
    const path = join(folder, "evidence", hash.slice(0, 2), hash.slice(2, 4), hash);
    await rm(path);
    await writeFile(path, "rotten");
    await blobs.receive(Readable.from([bytes]));
    expect(await all()).toEqual([hash]);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  test("many at once, the same and others, leave no temporary file", async () => {
    const contents = Array.from({ length: 20 }, (_, i) => randomBytes(100_000 + i));
    await Promise.all([...contents, ...contents].map((bytes) => blobs.receive(Readable.from(pieces(bytes)))));
    expect(await all()).toEqual(contents.map(sha256).sort());
    expect(await incoming()).toEqual([]);
  });

  test("a name that is no hash is refused, whatever it would lead to", () => {
    expect(() => blobs.open("../../../etc/passwd")).toThrow();
    expect(() => blobs.open("A".repeat(64))).toThrow();
  });
});

describe("what goes wrong leaves nothing behind", () => {
  test("a sender that breaks off", async () => {
    async function* broken() {
      yield randomBytes(2_000_000);
      throw new Error("connection lost");
    }
    await expect(blobs.receive(broken())).rejects.toThrow("connection lost");
    expect([await incoming(), await all()]).toEqual([[], []]);
  });

  test("more bytes than allowed; exactly as many are taken", async () => {
    await expect(blobs.receive(Readable.from(pieces(Buffer.alloc(1001), 100)), 1000)).rejects.toThrow(TooLarge);
    expect([await incoming(), await all()]).toEqual([[], []]);
    await expect(blobs.receive(Readable.from(pieces(Buffer.alloc(1000), 100)), 1000)).resolves.toHaveProperty(
      "size",
      1000,
    );
  });

  test("a process that was killed: its half file is cleared at the next start, another running process's is not", async () => {
    const name = (pid: number) => `${hostname()}.${pid}.00000000-0000-4000-8000-000000000000`;
    const path = (file: string) => join(folder, "evidence", ".incoming", file);
    const dead = name(2 ** 22 + 1);
    const alive = name(process.ppid);
    const ours = name(process.pid);
    const elsewhereOld = "other-machine.7.00000000-0000-4000-8000-000000000000";
    const elsewhereNew = "other-machine.8.00000000-0000-4000-8000-000000000000";
    for (const file of [dead, alive, ours, elsewhereOld, elsewhereNew]) await writeFile(path(file), "half");
    await utimes(path(elsewhereOld), 1, 1);
    await createDiskBlobs(folder);
    expect((await incoming()).sort()).toEqual([alive, ours, elsewhereNew].sort());
  });
});

describe("removing", () => {
  test("an old blob goes, one received since stays, a missing one counts as gone", async () => {
    const { sha256: hash } = await blobs.receive(Readable.from([Buffer.from("old")]));
    const path = join(folder, "evidence", hash.slice(0, 2), hash.slice(2, 4), hash);
    const untouched = (await stat(path)).ctimeMs;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await blobs.remove(hash, Date.now() - 1000)).toBe(false);
    // Not even moved away for a moment: a crash or a reader could meet that moment.
    expect((await stat(path)).ctimeMs).toBe(untouched);
    expect(await blobs.has(hash)).toBe(true);
    expect(await blobs.remove(hash, Date.now() + 1000)).toBe(true);
    expect(await blobs.size(hash)).toBe(null);
    expect(await blobs.remove(hash, Date.now())).toBe(true);
    expect(await incoming()).toEqual([]);
  });
});
