/** What the background work of imports needs: the same in the server's child process, on the command line and in tests. */
import type { CodeLibrary } from "../codes/library.ts";
import type { BlobStore } from "../evidence/blobs.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/database.ts";
import type { Reader } from "./reader.ts";
import type { Waiting } from "./waiting.ts";

export interface Workshop {
  db: Db;
  codes: CodeLibrary;
  /** Evidence. */
  blobs: BlobStore;
  /** Files that are being imported. */
  waiting: Waiting;
  formats: Formats;
  /** The longest attachment, bytes. */
  maxFileBytes: number;
  clock: Clock;
}

/** The formats that are understood: detect.ts, or a test's own. */
export interface Formats {
  detect(head: Uint8Array, name: string): readonly { reader: Reader; confidence: number }[];
  readerNamed(format: string): Reader | undefined;
}
