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
const WRITE_AT_ONCE = 1024 * 1024;
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
      // Moved away first and looked at then: between a look and a removal the same content could be received again.
      const aside = join(incoming, `${ownMark}.${randomUUID()}`);
      try {
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
    let size = 0;
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    let writing: Promise<unknown> = Promise.resolve();
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > limit) throw new TooLarge(limit);
      waiting.push(chunk);
      waitingBytes += chunk.byteLength;
      if (waitingBytes < WRITE_AT_ONCE) continue;
      await writing;
      const pieces = waiting;
      writing = writeAll(file, pieces, waitingBytes);
      // A failure is thrown by the await above or below, not as unhandled in between.
      writing.catch(() => {});
      for (const piece of pieces) hash.update(piece);
      waiting = [];
      waitingBytes = 0;
    }
    await writing;
    await writeAll(file, waiting, waitingBytes);
    for (const piece of waiting) hash.update(piece);
    await file.sync();
    return { sha256: hash.digest("hex"), size };
  } finally {
    await file.close();
  }
}

/** A nearly full disk may take part of a write and refuse only the next one. */
async function writeAll(file: Awaited<ReturnType<typeof open>>, pieces: Uint8Array[], bytes: number): Promise<void> {
  if (bytes === 0) return;
  const { bytesWritten } = await file.writev(pieces);
  if (bytesWritten === bytes) return;
  let rest = Buffer.concat(pieces).subarray(bytesWritten);
  while (rest.byteLength > 0) rest = rest.subarray((await file.write(rest)).bytesWritten);
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
