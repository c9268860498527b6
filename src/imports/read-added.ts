/** A file of no format of its own that came along with a chat: it belongs to the message that names it, or to nothing, and that is said. */
import type { Reader } from "./reader.ts";

export const added: Reader = {
  format: "added",
  keeps: "rows",
  detect: () => 0,
  questions: () => Promise.resolve([]),
  // Whoever reads the files of an import passes by those that a message has named.
  async *read() {
    yield await Promise.resolve({ row: 1, unreadable: { key: "fitsNothing" } });
  },
};
