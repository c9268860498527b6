/** The forms of a complaint, every mistake at its field. Messages are keys of views/locales. */
import { z } from "zod";
import { many, optional } from "../web/forms.ts";
import { letterKinds, outcomes } from "./complaint.ts";

const LONGEST_TEXT = 20_000;
const MOST_NUMBERS = 500;

const text = optional(z.string().trim().max(LONGEST_TEXT)).transform((value) => value ?? null);

/** "3, 7 and 12", "3、7，12": the numbers of contacts. */
const numbers = z
  .string()
  .default("")
  .transform((value) => value.normalize("NFKC"))
  .refine((value) => /^[\d\s,;、和#.&]*$|^(?:[\d\s,;、#.&]|and)*$/u.test(value), {
    error: "complaints.contacts.invalid",
  })
  .transform((value) => [...new Set([...value.matchAll(/\d{1,9}/g)].map(([digits]) => Number(digits)))])
  .pipe(z.array(z.int().min(1)).max(MOST_NUMBERS));

export const DraftForm = z.object({
  version: z.coerce.number().int().min(1),
  /** What the press asked for: only saving, or making the words again from the record. */
  press: z.enum(["save", "write"]).default("save"),
  /** Rules whose confirmed findings are told. */
  told: many(z.string().max(200)),
  contacts: numbers,
  /** Contacts offered and ticked. */
  offered: many(z.coerce.number().int().min(1)),
  language: z.enum(["en", "zh-CN"]).default("en"),
  request: text,
  narrative: text,
  dossier: optional(z.string().max(100)).transform((value) => value ?? null),
});

/** A local date that exists and has come, as a date field sends it or as people type it. */
const day = (today: string) =>
  z
    .string({ error: "complaints.day.invalid" })
    .transform((value) => readDay(value))
    .pipe(
      z
        .string({ error: "complaints.day.invalid" })
        .refine((value) => value <= today, { error: "complaints.day.future" })
        .refine((value) => value >= "1990", { error: "complaints.day.invalid" }),
    );

function readDay(value: string): string | null {
  const [, year, month, date] =
    /^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*$/.exec(value.normalize("NFKC")) ?? [];
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(date) },
      { overflow: "reject" },
    ).toString();
  } catch {
    return null;
  }
}

/** @param today the local date of the case */
export const happeningForm = (today: string) =>
  z.object({
    kind: z.enum(letterKinds, { error: "complaints.kind.missing" }),
    onDay: day(today),
    words: text,
    receipt: optional(z.string().trim().max(200)).transform((value) => value ?? null),
    outcome: optional(z.enum(outcomes)).transform((value) => value ?? null),
    dossier: optional(z.string().max(100)).transform((value) => value ?? null),
    /** Files received with an earlier try of this form. */
    held: many(z.string().max(100)).pipe(z.array(z.string()).max(1000)),
  });
