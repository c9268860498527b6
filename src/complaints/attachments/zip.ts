/** The chosen files as one zip, streamed: stored as they are, each checked against its hash on the way. */
import { createHash } from "node:crypto";
import { Transform, type Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";

export interface PackedFile {
  /** ASCII, without folders. */
  name: string;
  size: number;
  /** Lower-case hex. */
  sha256: string;
  open(): Readable;
}

/**
 * Writes `list.txt` and the files in their order to `out`, and ends it. Memory does not grow with the files.
 * Rejects, leaving the zip cut short, when a file is not what its size and hash say, or the reader leaves.
 */
export async function writeZip(files: readonly PackedFile[], list: string, out: Writable, at: number): Promise<void> {
  const zip = new ZipFile();
  const options = { mtime: new Date(at), mode: 0o100644, compress: false };
  const failed = new Promise<never>((_, reject) => zip.on("error", reject));
  zip.addBuffer(Buffer.from(list), "list.txt", options);
  for (const file of files) {
    zip.addReadStreamLazy(file.name, { ...options, size: file.size }, (give) => {
      const checked = checking(file);
      give(null, checked);
      // A fault of the source must reach the zip, which knows only the stream it was given.
      pipeline(file.open(), checked).catch((error: unknown) => zip.emit("error", error));
    });
  }
  zip.end();
  const cancel = new AbortController();
  try {
    await Promise.race([pipeline(zip.outputStream, out, { signal: cancel.signal }), failed]);
  } catch (error) {
    cancel.abort();
    throw error;
  }
}

/** Passes bytes through; fails at the end when they are not those that were added. */
function checking({ name, sha256 }: PackedFile): Transform {
  const hash = createHash("sha256");
  return new Transform({
    highWaterMark: 1 << 18,
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest("hex") === sha256 ? null : new Error(`${name} was changed in the store since it was added`));
    },
  });
}
