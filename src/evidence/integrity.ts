/** Is every file that a case refers to still there, unchanged? And the tidying away of bytes that nothing refers to. */
import { createHash } from "node:crypto";
import type { Db } from "../platform/database.ts";
import type { BlobStore } from "./blobs.ts";
import { HELD_FOR_MS } from "./evidence.ts";
import { type StoredContent, dropHeld, isReferredTo, storedContents } from "./store.ts";

export interface CheckedContent extends StoredContent {
  state: "unchanged" | "changed" | "missing";
}

/** Reads and hashes every stored file of one case (of all: null) again, one after the other, as it goes. */
export async function* checkEvidence(db: Db, blobs: BlobStore, caseId: string | null): AsyncGenerator<CheckedContent> {
  let after = "";
  for (;;) {
    const page = await storedContents(db, caseId, after, 200);
    for (const content of page) yield { ...content, state: await stateOf(blobs, content) };
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.sha256;
  }
}

async function stateOf(blobs: BlobStore, { sha256, size }: StoredContent): Promise<CheckedContent["state"]> {
  const found = await blobs.size(sha256);
  if (found === null) return "missing";
  if (found !== size) return "changed";
  const hash = createHash("sha256");
  for await (const chunk of blobs.open(sha256)) hash.update(chunk as Buffer);
  return hash.digest("hex") === sha256 ? "unchanged" : "changed";
}

/** Between the receipt of bytes and the row that refers to them lies one request, and no request lasts so long. */
const UNREFERRED_FOR_MS = 24 * 3600 * 1000;

/**
 * Forgets files whose form nobody finished, then removes the bytes that no row of any case refers to.
 * Safe while people upload: what was received within a day stays. @returns how many were removed.
 */
export async function tidyEvidence(db: Db, blobs: BlobStore, now: number): Promise<number> {
  await dropHeld(db, now - HELD_FOR_MS);
  let removed = 0;
  for await (const sha256 of blobs.list()) {
    if (await isReferredTo(db, sha256)) continue;
    if (await blobs.remove(sha256, now - UNREFERRED_FOR_MS)) removed += 1;
  }
  return removed;
}
