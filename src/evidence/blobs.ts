/**
 * Where the bytes of evidence are kept: by the SHA-256 of their content, never changed, each content once.
 * It must not know what a file is called, what kind it is or to which case it belongs. Next: disk-blobs.ts, upload.ts.
 */
import type { Readable } from "node:stream";

interface ReceivedBlob {
  /** Lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
}

export interface BlobStore {
  /**
   * Keeps everything a stream yields, hashing on the way; when it resolves, the bytes survive a power cut.
   * Rejects with {@link TooLarge} beyond `limit` bytes, else with what the stream or the disk said; then nothing is kept.
   */
  receive(stream: AsyncIterable<Uint8Array>, limit?: number): Promise<ReceivedBlob>;
  /** The bytes, or those from `start` to `end` inclusive. A missing blob is an error of the stream. */
  open(sha256: string, range?: { start: number; end: number }): Readable;
  has(sha256: string): Promise<boolean>;
  /** Bytes, or null when there is no such blob. */
  size(sha256: string): Promise<number | null>;
  /** Every blob, in the order of their hashes. */
  list(): AsyncIterable<string>;
  /**
   * Removes a blob, unless it was received again after `before` (epoch milliseconds): whoever received it may be about to refer to it.
   * @returns whether it is gone.
   */
  remove(sha256: string, before: number): Promise<boolean>;
}

/** A file was longer than allowed. */
export class TooLarge extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`longer than ${limit} bytes`);
    this.limit = limit;
  }
}

/** Whether an error says that the disk (or the database on it) is full. */
export function isDiskFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "ENOSPC" || code === "EDQUOT" || code === "SQLITE_FULL" || code === "53100";
}
