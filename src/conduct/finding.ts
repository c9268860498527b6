/** One rule judged on one incident (or on a counted set). Public contract; a line of `dunwatch classify`. Made by classify.ts. */
import { z } from "zod";
import { Bilingual, obligations, severities, strengths } from "./vocabulary.ts";

export const findingOutcomes = ["matches", "needs-review", "cannot-tell", "no-match"] as const;
const findingBases = ["record", "reported", "wording"] as const;

/** Why a rule does not match: the first thing that stands against it, in one word. */
export const reasons = [
  "off",
  "not-in-force",
  "lender",
  "collector",
  "direction",
  "channel",
  "person",
  "outcome",
  "purpose",
  "time",
  "count",
  "earlier-contact",
  "notice",
  "acts",
  "told",
  "case",
  "other",
  "exception",
] as const;
export type Reason = (typeof reasons)[number];

/** Words quoted from an incident; `start` and `end` are UTF-16 offsets into the original field, `end` exclusive. */
export const Quote = z.object({
  incident: z.string(),
  field: z.enum(["said", "account"]),
  start: z.int(),
  end: z.int(),
  text: z.string(),
});
export type Quote = z.infer<typeof Quote>;

export const Finding = z.object({
  rule: z.string(),
  code: z.object({ id: z.string(), version: z.string() }),
  outcome: z.enum(findingOutcomes),
  basis: z.enum(findingBases),
  incident: z.string(),
  /**
   * The whole counted set, in time order, for a rule that counts; else empty. Of a set of more than 100 the last 100; `because` always
   * says the whole number.
   */
  counted: z.array(z.string()),
  /** Local date on which the incident was judged, YYYY-MM-DD; YYYY-MM when only the month is known. */
  at: z.string(),
  /**
   * Contract names of the facts that are missing: those of an incident (`outcome`, `contacted` …), `case.` and `notice.` before those of
   * a case and a notice (`case.reachable`, `notice.receivedAt`, `notice.detail.perDay`), `time-of-day` (only the day is known), `date`
   * (only the month is), `code.publicHolidays` (the code has no list for the year).
   */
  missing: z.array(z.string()),
  quotes: z.array(Quote),
  because: Bilingual,
  source: z.string(),
  clause: z.string(),
  strength: z.enum(strengths),
  obligation: z.enum(obligations),
  severity: z.enum(severities),
  /** Only of a rule that does not match: the first thing that stands against it, and the condition that says so as a code names it. */
  why: z.object({ reason: z.enum(reasons), condition: z.string().optional() }).optional(),
});
export type Finding = z.infer<typeof Finding>;
