/**
 * What the episode did to the borrower: sleep, work, family, health, costs, entries in a credit record. Private: nothing of it leaves the
 * case unless its tick says so. Pure. It must not know SQL or forms. Next: impact-book.ts.
 */
import { z } from "zod";

export const areas = ["sleep", "work", "family", "health", "costs", "credit-record", "other"] as const;

export const ImpactFacts = z.object({
  area: z.enum(areas),
  /** Local days, YYYY-MM-DD. Without an end it was one day, or goes on. */
  fromOn: z.string(),
  toOn: z.string().nullable(),
  goesOn: z.boolean(),
  /** In the borrower's words. */
  words: z.string().nullable(),
  /** What it cost, in the smallest unit. */
  amountMinor: z.number().nullable(),
  currency: z.string().nullable(),
  /** Of an entry in a credit record: who keeps it, what it says, when it was disputed, what came of it. */
  bureau: z.string().nullable(),
  entry: z.string().nullable(),
  disputedOn: z.string().nullable(),
  result: z.string().nullable(),
  /** Goes into dossiers made from now on. */
  inDossier: z.boolean(),
});
export type ImpactFacts = z.infer<typeof ImpactFacts>;
