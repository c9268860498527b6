/** The form that orders a version: what goes in. Messages are keys of views/locales. */
import { z } from "zod";
import { installedChannels } from "../complaints/load-channels.ts";
import { many, optional } from "../web/forms.ts";
import { borrowerParts } from "./borrower.ts";
import { DossierOptions, dossierLanguages, reviewChoices, shownOutcomes } from "./dossier.ts";

const day = optional(
  z
    .string()
    .trim()
    .pipe(z.iso.date({ error: "dossiers.form.error.date" })),
).transform((value) => value ?? null);

export const OrderForm = z
  .object({
    languages: z.enum(dossierLanguages),
    from: day,
    to: day,
    outcomes: many(z.enum(shownOutcomes)).refine((chosen) => chosen.length > 0, {
      error: "dossiers.form.error.outcomes",
    }),
    reviews: z.enum(reviewChoices),
    channel: optional(
      z.string().refine((id) => installedChannels().has(id), { error: "dossiers.form.error.channel" }),
    ).transform((value) => value ?? null),
    include: many(z.enum(["exhibits", "words", ...borrowerParts])),
  })
  .refine(({ from, to }) => from === null || to === null || from <= to, {
    path: ["to"],
    error: "dossiers.form.error.order",
  })
  .transform(({ include, ...chosen }): DossierOptions => ({
    ...chosen,
    exhibits: include.includes("exhibits"),
    words: include.includes("words"),
    borrower: borrowerParts.filter((part) => include.includes(part)),
  }));
