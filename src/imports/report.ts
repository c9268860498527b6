/** What an import made of a file, as `dunwatch import --json` prints it. Public contract: grows by optional fields only. */
import { z } from "zod";

export const ImportReport = z.object({
  /** Stable id of the format, as `--format` takes it. */
  format: z.string(),
  /** Every record of the file: the sum of the next four. */
  rows: z.int().min(0),
  new: z.int().min(0),
  /** Told of a contact that is known, and back it up. */
  duplicate: z.int().min(0),
  leftOut: z.int().min(0),
  unreadable: z.int().min(0),
  /** One for each unreadable row. */
  problems: z.array(z.object({ row: z.int().min(1), why: z.string() })),
});
export type ImportReport = z.infer<typeof ImportReport>;
