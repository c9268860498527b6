/** Identifiers: unguessable, and sorting by age, so that indexes grow at their end. */
import { randomFillSync } from "node:crypto";

const LENGTH = 16;
/** Asking the system for random bytes costs a thousand times what using them does; an import asks for hundreds of thousands. */
const pool = Buffer.alloc(256 * LENGTH);
let used = pool.length;

/** A UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits. */
export function newId(now: number = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, (used += LENGTH));
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
