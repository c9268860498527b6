/** The forms of this room: an imaginary contact to try, and the codes of a case. Next: try.ts. */
import { z } from "zod";
import {
  acts,
  channels,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  lenderKinds,
  outcomes,
  places,
  purposes,
  respondentKinds,
} from "../conduct/vocabulary.ts";
import { many, optional } from "../web/forms.ts";

/** A choice in which an empty answer means "not known". */
const choice = <const T extends readonly [string, ...string[]]>(values: T) => optional(z.enum(values));

export const TryForm = z.object({
  /** Each once: a form that names one code two thousand times must not have it judged and printed as often. */
  code: many(z.string().max(100))
    .transform((ids) => [...new Set(ids)])
    .pipe(z.array(z.string()).min(1, { error: "codes.try.noCode" })),
  channel: z.enum(channels),
  direction: z.enum(directions).default("incoming"),
  date: z.iso.date({ error: "codes.try.badDate" }),
  time: optional(z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, { error: "codes.try.badTime" })),
  precision: z.enum(["exact", "about"]).default("exact"),
  times: z.coerce
    .number({ error: "codes.try.badTimes" })
    .int({ error: "codes.try.badTimes" })
    .min(1, { error: "codes.try.badTimes" })
    .max(50, { error: "codes.try.badTimes" })
    .default(1),
  contacted: choice(contactedPersons),
  outcome: choice(outcomes),
  purpose: choice(purposes),
  place: choice(places),
  collectorKind: choice(collectorKinds),
  acts: many(z.enum(acts)),
  /** Ticked when it is known what was told; without it an empty list would say "nothing was told". */
  told: optional(z.literal("known")),
  disclosed: many(z.enum(disclosures)),
  said: optional(z.string().max(10_000, { error: "codes.try.tooLong" })),
  lenderKind: choice(lenderKinds),
  respondentKind: choice(respondentKinds),
  reachable: choice(["yes", "no"]),
});
export type TryForm = z.infer<typeof TryForm>;

export const ChooseForm = z.object({
  codes: many(z.string().max(100)),
  /** The answer where a copy and its original are both ticked. */
  doubles: optional(z.enum(["replace", "keep"])),
});
