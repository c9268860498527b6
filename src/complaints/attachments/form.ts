/** The form of a complaint's files, every mistake at its field. Messages are keys of views/locales. */
import { z } from "zod";
import { many, optional } from "../../web/forms.ts";
import { type Limits, fileKinds } from "./attachments.ts";

const MEGABYTE = 1_000_000;

/** "10", "2.5" or "2,5" megabytes, in bytes. */
const megabytes = optional(
  z
    .string()
    .transform((value) =>
      value
        .normalize("NFKC")
        .replace(",", ".")
        .replace(/\s*MB?$/iu, "")
        .trim(),
    )
    .pipe(z.string().regex(/^\d{1,6}(\.\d{1,3})?$/, { error: "complaints.attachments.megabytes" }))
    .transform((value) => Math.round(Number(value) * MEGABYTE))
    .refine((bytes) => bytes > 0, { error: "complaints.attachments.megabytes" }),
).transform((value) => value ?? null);

const wholeNumber = (error: string, most: number) =>
  z
    .string()
    .transform((value) => value.normalize("NFKC").trim())
    .pipe(z.string().regex(/^[1-9]\d{0,3}$/, { error }))
    .transform(Number)
    .refine((value) => value <= most, { error });

export const AttachmentsForm = z.object({
  version: z.coerce.number().int().min(0),
  press: z.string().max(200).default("save"),
  /** The files of the list as it was shown, each with its place. */
  "id[]": many(z.string().max(100)).pipe(z.array(z.string()).max(400)),
  "place[]": many(wholeNumber("complaints.attachments.place", 9999)).pipe(z.array(z.number()).max(400)),
  take: many(z.string().max(100)).pipe(z.array(z.string()).max(400)),
  files: optional(wholeNumber("complaints.attachments.count", 1000)).transform((value) => value ?? null),
  each: megabytes,
  total: megabytes,
  kinds: many(z.enum(fileKinds)),
});

export const limitsOf = ({ files, each, total, kinds }: z.infer<typeof AttachmentsForm>): Limits => ({
  files,
  each,
  total,
  kinds: kinds.length === 0 ? null : kinds,
});

/** Bytes as the field shows them. */
export const inMegabytes = (bytes: number | null): string => (bytes === null ? "" : String(bytes / MEGABYTE));
