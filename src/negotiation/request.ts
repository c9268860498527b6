/**
 * What the borrower asked of the lender (more time, other instalments, less interest, an explanation), what was answered and promised,
 * and whether it was kept. Pure. It must not know SQL or forms. Next: request-book.ts.
 */
import { z } from "zod";

export const asks = ["deferral", "restructuring", "reduction", "explanation", "other"] as const;
export const requestChannels = ["call", "chat", "sms", "email", "letter", "visit", "other"] as const;
/** `none`: nobody has answered yet. */
export const answers = ["none", "agreed", "partly", "refused", "other"] as const;

export const RequestFacts = z.object({
  asks: z.array(z.enum(asks)),
  /** Local days, YYYY-MM-DD; the time HH:MM where it is known. */
  askedOn: z.string(),
  askedTime: z.string().nullable(),
  channel: z.enum(requestChannels).nullable(),
  toWhom: z.string().nullable(),
  /** In the borrower's words. */
  words: z.string().nullable(),
  /** What was asked for in numbers: an amount (of an instalment, or to settle), until when, in how many instalments. */
  amountMinor: z.number().nullable(),
  currency: z.string().nullable(),
  untilOn: z.string().nullable(),
  instalments: z.number().nullable(),
  answer: z.enum(answers),
  answeredOn: z.string().nullable(),
  answerWords: z.string().nullable(),
  promise: z.string().nullable(),
  /** By when it was promised. */
  promisedOn: z.string().nullable(),
  kept: z.enum(["yes", "no"]).nullable(),
  /** When it was kept, or was seen not to be. */
  keptOn: z.string().nullable(),
  /** Human numbers of the notice and of the contact it belongs to. */
  notice: z.number().nullable(),
  incident: z.number().nullable(),
});
export type RequestFacts = z.infer<typeof RequestFacts>;
