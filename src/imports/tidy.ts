/**
 * What only the way of an import needed goes when it is done, called off or forgotten: staged rows, numbers, bytes. They hold the lives of
 * people who have nothing to do with the case. Safe to repeat; a piece at a time.
 */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/database.ts";
import { UNFINISHED_FOR_MS } from "./import.ts";
import { keepLeft } from "./left/store.ts";
import { attachmentsOf, deleteSomeRows } from "./rows/store.ts";
import { deleteImport, filesOf, forgetDetails, isWaitedFor, untidyImports } from "./store.ts";
import type { Waiting } from "./waiting.ts";

interface Shop {
  db: Db;
  waiting: Waiting;
  clock: Clock;
}

/** After a commit or an undo: of the rows only the unreadable ones stay, with the reason, and what left/store.ts says. */
export async function tidyImport(shop: Shop, caseId: string, importId: string): Promise<void> {
  const hashes = await bytesOf(shop, caseId, importId);
  await shop.db.transaction().execute((tx) => keepLeft(tx, caseId, importId));
  await deleteRows(shop, caseId, importId, true);
  await shop.db.transaction().execute((tx) => forgetDetails(tx, caseId, importId));
  await deleteBytes(shop, hashes);
}

/** Called off, or never finished: nothing of it stays. */
export async function dropImport(shop: Shop, caseId: string, importId: string): Promise<void> {
  const hashes = await bytesOf(shop, caseId, importId);
  await deleteRows(shop, caseId, importId, false);
  await deleteImport(shop.db, caseId, importId);
  await deleteBytes(shop, hashes);
}

/** Everything that a stopped server left over. */
export async function tidyImports(shop: Shop): Promise<void> {
  for (const { id, caseId, unfinished } of await untidyImports(shop.db, shop.clock.now() - UNFINISHED_FOR_MS)) {
    await (unfinished ? dropImport : tidyImport)(shop, caseId, id);
  }
}

/** A piece at a time, and whoever waits for a page in between. */
async function deleteRows({ db }: Shop, caseId: string, importId: string, keepUnreadable: boolean): Promise<void> {
  while ((await deleteSomeRows(db, caseId, importId, { keepUnreadable })) > 0) await setImmediate();
}

async function bytesOf({ db }: Shop, caseId: string, importId: string): Promise<string[]> {
  const files = await filesOf(db, caseId, importId);
  return [...files.map(({ sha256 }) => sha256), ...(await attachmentsOf(db, [importId], { chosen: false }))];
}

/** Unless another import that is under way needs the same bytes. */
async function deleteBytes({ db, waiting }: Shop, hashes: readonly string[]): Promise<void> {
  for (const sha256 of new Set(hashes)) {
    if (!(await isWaitedFor(db, sha256))) await waiting.blobs.remove(sha256, Number.POSITIVE_INFINITY);
  }
}
