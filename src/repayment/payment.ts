/**
 * What the borrower paid, and what the lender says is owed: the two sides of the account as the case records them. Pure.
 * It must not know SQL or forms, and never says which side is right. Next: compare.ts (one held against the other).
 */
import { z } from "zod";

export const paidBy = ["transfer", "app", "deducted", "cash", "other"] as const;

export const PaymentFacts = z.object({
  /** Local day, YYYY-MM-DD. */
  paidOn: z.string(),
  amountMinor: z.number(),
  currency: z.string(),
  how: z.enum(paidBy),
  /** To whom, from which account, under which number. */
  words: z.string().nullable(),
  debtId: z.string().nullable(),
});
export type PaymentFacts = z.infer<typeof PaymentFacts>;

export const figureSources = ["app", "message", "call", "statement", "letter", "other"] as const;
/** What a figure may be made up of. */
export const figureParts = ["principal", "interest", "fees"] as const;

export const FigureFacts = z.object({
  /** The local day for which the lender says so. */
  asOf: z.string(),
  amountMinor: z.number(),
  currency: z.string(),
  source: z.enum(figureSources),
  words: z.string().nullable(),
  /** Each in the smallest unit, or null when the lender did not say. */
  parts: z.object({ principal: z.number().nullable(), interest: z.number().nullable(), fees: z.number().nullable() }),
  debtId: z.string().nullable(),
});
export type FigureFacts = z.infer<typeof FigureFacts>;
