/**
 * One contact or attempt, as the outside world writes it: a JSON object, a line of an incidents file. Public contract.
 * A `happenedAt` without an offset is local time in the case's zone (zone.ts reads it). Next: case.ts.
 */
import { z } from "zod";
import {
  acts,
  channels,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  outcomes,
  places,
  precisions,
  purposes,
} from "./vocabulary.ts";
import { isMoment } from "./zone.ts";

const text = z.string().max(100_000);
const name = z.string().min(1).max(200);

/** `YYYY-MM-DDTHH:mm[:ss[.fff]]` with `Z` or `±HH:MM`, or without an offset. */
export const HappenedAt = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/,
    "must look like 2026-02-03T19:30 or 2026-02-03T19:30:00-06:00",
  )
  .refine(isMoment, { error: "is a date or time that does not exist", abort: true });

export const Incident = z.object({
  id: z.string().min(1).max(200),
  channel: z.enum(channels),
  direction: z.enum(directions).default("incoming"),
  happenedAt: HappenedAt,
  precision: z.enum(precisions).default("exact"),
  durationSeconds: z.int().min(0).optional(),
  outcome: z.enum(outcomes).optional(),
  purpose: z.enum(purposes).optional(),
  automated: z.boolean().optional(),
  contacted: z.enum(contactedPersons).optional(),
  place: z.enum(places).optional(),
  fromNumber: name.optional(),
  calledNumber: name.optional(),
  collector: name.optional(),
  creditor: name.optional(),
  debt: name.optional(),
  collectorKind: z.enum(collectorKinds).optional(),
  /** Ticked by the person: what they say happened. Absent means "nothing ticked". */
  acts: z.array(z.enum(acts)).optional(),
  /** The collector's words, verbatim. */
  said: text.optional(),
  /** The borrower's own telling. */
  account: text.optional(),
  /** What was told. Absent means "not known"; an empty list means "nothing of this was told". */
  disclosed: z.array(z.enum(disclosures)).optional(),
  visitors: z.int().min(0).max(1000).optional(),
});
export type Incident = z.infer<typeof Incident>;
