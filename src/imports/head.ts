/** The beginning of a file: what a format is told by. */
import { open } from "node:fs/promises";

const HEAD_BYTES = 64 * 1024;

/** The first 64 KiB of a file. */
export async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
