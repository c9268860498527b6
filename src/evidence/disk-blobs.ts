/**
 * Blobs as files: `evidence/ab/cd/abcd…`, written beside, made durable, then renamed into place, so that a name never stands for half a file.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { type BlobStore, TooLarge } from "./blobs.ts";

const SHA256 = /^[0-9a-f]{64}$/;
/** Network streams come in pieces of up to 64 KiB; writing them one by one doubles the time. */
const WRITE_AT_ONCE = 256 * 1024;
const ONE_DAY = 24 * 3600 * 1000;

/** Opens the folder `evidence` inside `dataDir`, making it when absent, and clears what a killed process left half received. */
export async function createDiskBlobs(dataDir: string): Promise<BlobStore> {
  const root = join(dataDir, "evidence");
  const incoming = join(root, ".incoming");
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  if (isMainThread) await clearLeftovers(incoming);

  function pathOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new Error("not a SHA-256 in lower-case hex");
    return join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  return {
    async receive(stream, limit = Number.POSITIVE_INFINITY) {
      const temporary = join(incoming, `${ownMark}.${randomUUID()}`);
      try {
        const received = await write(temporary, stream, limit);
        const path = pathOf(received.sha256);
        await makeFolder(dirname(path));
        // Over one that is there already: the bytes are the same, and a copy damaged on the disk is healed.
        await rename(temporary, path);
        await syncFolder(dirname(path));
        return received;
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },

    open: (sha256, range) => createReadStream(pathOf(sha256), { ...range, highWaterMark: 256 * 1024 }),

    has: async (sha256) => (await sizeOf(pathOf(sha256))) !== null,

    size: (sha256) => sizeOf(pathOf(sha256)),

    async *list() {
      for (const first of await names(root, /^[0-9a-f]{2}$/)) {
        for (const second of await names(join(root, first), /^[0-9a-f]{2}$/)) {
          yield* await names(join(root, first, second), SHA256);
        }
      }
    },

    async remove(sha256, before) {
      const path = pathOf(sha256);
      const aside = join(incoming, `${ownMark}.${randomUUID()}`);
      try {
        // What was received lately is never touched, not even for a moment: somebody may be reading it or referring to it now.
        if ((await stat(path)).mtimeMs >= before) return false;
        // Moved away and looked at again: between a look and a removal the same content could be received again.
        await rename(path, aside);
      } catch (error) {
        if (isMissing(error)) return true;
        throw error;
      }
      if ((await stat(aside)).mtimeMs >= before) {
        await rename(aside, path);
        return false;
      }
      await rm(aside);
      return true;
    },
  };
}

/** Writes and hashes at the same time; resolves when file and length are on the disk. */
async function write(path: string, stream: AsyncIterable<Uint8Array>, limit: number) {
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o400);
  try {
    // Two buffers, filled and written in turn: pieces kept until they are written would pile up in memory until they are collected.
    const buffers = [Buffer.allocUnsafeSlow(WRITE_AT_ONCE), Buffer.allocUnsafeSlow(WRITE_AT_ONCE)] as const;
    let [filling, written] = buffers;
    let filled = 0;
    let size = 0;
    let writing: Promise<unknown> = Promise.resolve();
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > limit) throw new TooLarge(limit);
      for (let at = 0; at < chunk.byteLength;) {
        const taken = Math.min(chunk.byteLength - at, WRITE_AT_ONCE - filled);
        filling.set(chunk.subarray(at, at + taken), filled);
        at += taken;
        filled += taken;
        if (filled < WRITE_AT_ONCE) continue;
        await writing;
        writing = writeAll(file, filling);
        // A failure is thrown by the await above or below, not as unhandled in between.
        writing.catch(() => {});
        hash.update(filling);
        [filling, written] = [written, filling];
        filled = 0;
      }
    }
    await writing;
    await writeAll(file, filling.subarray(0, filled));
    hash.update(filling.subarray(0, filled));
    await file.sync();
    return { sha256: hash.digest("hex"), size };
  } finally {
    await file.close();
  }
}

/** A nearly full disk may take part of a write and refuse only the next one. */
async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.byteLength > 0;) rest = rest.subarray((await file.write(rest)).bytesWritten);
}

/** Makes a folder so that it, too, survives a power cut. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) await syncFolder(dirname(folder));
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its file system orders renames itself.
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Files being received carry who receives them, so that a second process on the same folder leaves them alone. */
const ownMark = `${hostname()}.${process.pid}`;

async function clearLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    if (await isLeftover(name, path)) await rm(path, { force: true });
  }
}

async function isLeftover(name: string, path: string): Promise<boolean> {
  const [, host, pid] = /^(.+)\.(\d+)\.[0-9a-f-]{36}$/.exec(name) ?? [];
  if (host === hostname() && Number(pid) !== process.pid) return !isRunning(Number(pid));
  // Our own number may have been another's before; another machine's files are too old only when long untouched.
  const before = host === hostname() ? Date.now() - process.uptime() * 1000 : Date.now() - ONE_DAY;
  const found = await stat(path).catch(() => null);
  return found !== null && found.mtimeMs < before;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function names(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
