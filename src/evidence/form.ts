/** The forms about evidence. Messages are keys of views/locales. */
import { z } from "zod";
import { many, optional } from "../web/forms.ts";

/** Files for the case as a whole; the files themselves come through upload.ts. */
export const AddForm = z.object({
  /** Files received with an earlier try. */
  held: many(z.string().max(100)).pipe(z.array(z.string()).max(1000)),
});

/** What a file shows, in the person's words. */
export const DescriptionForm = z.object({
  description: optional(z.string().trim().max(2000)).transform((value) => value ?? null),
});
