/** The form that orders a version: what goes in. Messages are keys of views/locales. */
import { z } from "zod";
import { installedChannels } from "../complaints/load-channels.ts";
import { many, optional } from "../web/forms.ts";
import { borrowerParts } from "./borrower.ts";
import { DossierOptions, dossierLanguages, reviewChoices, shownOutcomes, uncoveredChoices } from "./dossier.ts";

const day = optional(
  z
    .string()
    .trim()
    .pipe(z.iso.date({ error: "dossiers.form.error.date" })),
).transform((value) => value ?? null);

const MOST_WORDS = 200;
const LONGEST_WORD = 300;

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
    redacted: many(z.literal("yes")),
    uncovered: z.enum(uncoveredChoices).default("as-is"),
    /** One a line. */
    hide: z
      .string()
      .max(50_000)
      .default("")
      .transform((typed) => [
        ...new Set(
          typed
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => line !== ""),
        ),
      ])
      .refine((words) => words.length <= MOST_WORDS && words.every((word) => word.length <= LONGEST_WORD), {
        error: "dossiers.form.error.hide",
      }),
  })
  .refine(({ from, to }) => from === null || to === null || from <= to, {
    path: ["to"],
    error: "dossiers.form.error.order",
  })
  .transform(({ include, redacted, uncovered, hide, ...chosen }): { options: DossierOptions; hide: string[] } => ({
    options: {
      ...chosen,
      exhibits: include.includes("exhibits"),
      words: include.includes("words"),
      borrower: borrowerParts.filter((part) => include.includes(part)),
      ...(redacted.length === 0 ? {} : { redacted: { uncovered, words: hide.length } }),
    },
    hide: redacted.length === 0 ? [] : hide,
  }));
