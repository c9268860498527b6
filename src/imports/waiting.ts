/**
 * Bytes of files whose import is under way: apart from the evidence, because most of them hold other people's lives and are deleted
 * when the import is done. Knows no import; tidy-imports.ts says what may go.
 */
import { join } from "node:path";
import type { BlobStore } from "../evidence/blobs.ts";
import { createDiskBlobs } from "../evidence/disk-blobs.ts";

export interface Waiting {
  blobs: BlobStore;
  /** Where a reader finds the bytes. */
  pathOf(sha256: string): string;
}

/** Opens the folder `imports` inside `dataDir`, making it when absent. */
export async function openWaiting(dataDir: string): Promise<Waiting> {
  const folder = join(dataDir, "imports");
  return {
    blobs: await createDiskBlobs(folder),
    // Laid out as disk-blobs.ts lays them out.
    pathOf: (sha256) => join(folder, "evidence", sha256.slice(0, 2), sha256.slice(2, 4), sha256),
  };
}
