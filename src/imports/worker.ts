/**
 * The process that queue.ts starts for the work on imports: reading hundreds of megabytes or writing hundreds of thousands of
 * rows would keep every other reader of the server waiting. Ends with its parent.
 */
import { setPriority } from "node:os";
import { type CodeLibrary, createCodeLibrary } from "../codes/library.ts";
import { createDiskBlobs } from "../evidence/disk-blobs.ts";
import { openDatabase } from "../platform/database.ts";
import { detect, readerNamed } from "./detect.ts";
import { type Task, runTask } from "./task.ts";
import { openWaiting } from "./waiting.ts";

export interface Order {
  databaseUrl: string;
  dataDir: string;
  maxFileBytes: number;
  /** Epoch milliseconds of the server's clock. */
  now: number;
  task: Task;
}
export type Answer = { done: true } | { error: string };

/** Rows go by once: more pages of the database in memory would only be more memory. */
const DATABASE_CACHE_KIB = 8192;

/** Whoever waits for a page goes first. */
const LATER = 5;
setPriority(LATER);
process.on("message", (order: Order) => void answer(order));
// A transaction that is cut off here is rolled back by the database.
process.once("disconnect", () => process.exit(0));

/** Read once, however many orders follow each other. */
let codes: Promise<CodeLibrary> | undefined;

async function answer({ databaseUrl, dataDir, maxFileBytes, now, task }: Order): Promise<void> {
  const begun = performance.now();
  const database = openDatabase(databaseUrl, { cacheKiB: DATABASE_CACHE_KIB });
  let says: Answer = { done: true };
  try {
    const shop = {
      db: database.db,
      codes: await (codes ??= createCodeLibrary()),
      blobs: await createDiskBlobs(dataDir),
      waiting: await openWaiting(dataDir),
      formats: { detect, readerNamed },
      maxFileBytes,
      // The server's clock, which goes on.
      clock: { now: () => now + Math.round(performance.now() - begun) },
    };
    await runTask(shop, task);
  } catch (error) {
    says = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    await database.close();
  }
  process.send?.(says);
}
