/**
 * What a kind of letter says, as data (data/letters): its title, what one fills in, its paragraphs in both languages, whom it suits and
 * which rules may stand behind it. Pure: zod only. Next: load-templates.ts (the files), compose.ts (paragraphs with facts).
 */
import { z } from "zod";
import { Bilingual, lenderKinds, noticeKinds, respondentKinds, topics } from "../conduct/vocabulary.ts";

export const letterKinds = [
  "lender-complaint",
  "stop-contact",
  "contact-wishes",
  "represented",
  "dispute",
  "hardship",
  "records-request",
  "authorisation",
] as const;
export type LetterKind = (typeof letterKinds)[number];

/** Groups of fields that a kind asks for, in the order in which they are asked. */
const asked = [
  "findings",
  "earlier",
  "hours",
  "places",
  "channels",
  "instead",
  "advocate",
  "powers",
  "validity",
  "disputed",
  "reason",
  "deferral",
  "plan",
  "period",
  "wish",
  "story",
  "start",
] as const;
export type Asked = (typeof asked)[number];

/** Lists whose every element becomes a paragraph. */
const lists = ["findings", "earlier", "powers", "basis"] as const;
export type ListName = (typeof lists)[number];

/** A paragraph in one language or both; `{{name}}` is a fact, and a paragraph whose fact is not known is left out. */
const Paragraph = z.strictObject({
  as: z.enum(["text", "heading", "item"]).default("text"),
  en: z.string().min(1).optional(),
  "zh-CN": z.string().min(1).optional(),
  each: z.enum(lists).optional(),
  /** Only where this fact is known or this list is not empty; `unless`: only where it is not. */
  when: z.string().optional(),
  unless: z.string().optional(),
});
export type Paragraph = z.infer<typeof Paragraph>;

const Place = z.union([z.strictObject({ part: z.string() }), Paragraph]);

const Suit = z.strictObject({
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).optional(),
  lenderKinds: z.array(z.enum(lenderKinds)).optional(),
  respondentKinds: z.array(z.enum(respondentKinds)).optional(),
  fits: z.enum(["yes", "partly"]),
  note: Bilingual,
});

export const TemplateFile = z.strictObject({
  kind: z.enum(letterKinds),
  name: Bilingual,
  /** When one writes it. */
  use: Bilingual,
  /** The first that is about a case's country and lender says how well it suits; the last is for all others. */
  suits: z.array(Suit).min(1),
  to: z.enum(["lender", "collector", "nobody"]),
  title: Bilingual,
  /** Calendar days from the letter's date: for an answer, and until what is asked for holds. */
  days: z.int().min(1).max(365),
  startDays: z.int().min(0).max(365),
  /** Rules of these topics may stand behind it. */
  topics: z.array(z.enum(topics)),
  /** What it is recorded as once sent; rules about such a notice stand behind it. */
  notices: z.array(z.enum(noticeKinds)),
  asks: z.array(z.enum(asked)),
  paragraphs: z.array(Place).min(1),
});
export const Frame = z.strictObject({ parts: z.record(z.string(), z.array(Paragraph).min(1)) });

/** As used: with the shared parts put in. */
export type Template = Omit<z.infer<typeof TemplateFile>, "paragraphs"> & { paragraphs: Paragraph[] };

interface Matter {
  country: string | null;
  lenderKind: (typeof lenderKinds)[number];
  respondentKind: (typeof respondentKinds)[number];
}

/** How well a kind suits a case, and why. */
export function suitOf(template: Template, matter: Matter): z.infer<typeof Suit> {
  const found = template.suits.find(
    (one) =>
      (one.countries === undefined || (matter.country !== null && one.countries.includes(matter.country))) &&
      (one.lenderKinds === undefined || one.lenderKinds.includes(matter.lenderKind)) &&
      (one.respondentKinds === undefined || one.respondentKinds.includes(matter.respondentKind)),
  );
  return found ?? template.suits.at(-1)!;
}
