/** What the findings pages are asked: filters in the address, and a person's word on a finding. Next: review.ts, routes.ts. */
import { z } from "zod";
import { severities } from "../conduct/vocabulary.ts";
import { type FormErrors, formValues, optional } from "../web/forms.ts";
import { keptOutcomes, verdicts } from "./finding.ts";
import type { FindingFilter } from "./filter-store.ts";
import type { Place } from "./store.ts";

const LONGEST_REASON = 2000;

export const ReviewForm = z
  .object({
    verdict: z.enum(verdicts, { error: "findings.review.missingVerdict" }),
    reason: optional(z.string().trim().max(LONGEST_REASON, { error: "findings.review.tooLong" })),
    back: optional(z.string().max(2000)),
  })
  .refine((form) => form.verdict === "confirmed" || form.reason !== undefined, {
    path: ["reason"],
    error: "findings.review.missingReason",
  });
export type ReviewForm = z.infer<typeof ReviewForm>;

export const reviewStates = ["open", ...verdicts] as const;

/** The filter in an address: what is not understood is left out, except days, which a person typed. */
export interface AskedFilter {
  filter: FindingFilter;
  byRule: boolean;
  olderThan: Place | undefined;
  newerThan: Place | undefined;
  errors: FormErrors;
  /** The days as typed. */
  days: { from: string; to: string };
}

export function askedFilter(query: unknown): AskedFilter {
  const values = formValues(query);
  const all = (name: string): string[] => [values[name] ?? []].flat();
  const one = (name: string): string => all(name)[0]?.trim() ?? "";
  const among = <T extends string>(name: string, known: readonly T[]): T[] =>
    known.filter((value) => all(name).includes(value));
  const errors: FormErrors = {};
  const day = (name: "from" | "to"): string | undefined => {
    const typed = one(name);
    if (typed === "") return undefined;
    if (z.iso.date().safeParse(typed).success) return typed;
    errors[name] = "findings.filter.badDate";
    return undefined;
  };
  const [from, to] = [day("from"), day("to")];
  return {
    filter: {
      outcomes: among("outcome", keptOutcomes),
      rules: [...new Set(all("rule"))].filter((rule) => /^[a-z0-9.-]{1,100}$/.test(rule)).slice(0, 100),
      severities: among("severity", severities),
      reviewed: among("reviewed", reviewStates),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
    byRule: one("group") === "rule",
    olderThan: placeFrom(one("older")),
    newerThan: placeFrom(one("newer")),
    errors,
    days: { from: one("from"), to: one("to") },
  };
}

/** A place in the list as it stands in an address. */
export const placeText = ({ happenedAt, incidentId, rule }: Place): string => `${happenedAt}_${incidentId}_${rule}`;

function placeFrom(text: string): Place | undefined {
  const found = /^(-?\d{1,16})_([\w-]{1,100})_([a-z0-9.-]{1,100})$/.exec(text);
  if (found === null) return undefined;
  const [, happenedAt = "", incidentId = "", rule = ""] = found;
  return { happenedAt: Number(happenedAt), incidentId, rule };
}
