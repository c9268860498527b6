/** What narrows a list or a count of findings, and the condition on the table of findings that it stands for. Next: store.ts, count-store.ts. */
import { type Expression, type SqlBool, expressionBuilder } from "kysely";
import type { Schema } from "../platform/schema.ts";
import type { KeptOutcome, Verdict } from "./finding.ts";

export interface FindingFilter {
  outcomes?: readonly KeptOutcome[];
  rules?: readonly string[];
  severities?: readonly string[];
  /** What people said: `open` = nothing yet. */
  reviewed?: readonly (Verdict | "open")[];
  /** Local days of the incident, both included, YYYY-MM-DD. */
  from?: string;
  to?: string;
  /** Rules whose "cannot tell" is left out, because its questions stand together elsewhere. */
  untold?: readonly string[];
}

/** Does a filter let everything through? */
export const isWhole = (filter: FindingFilter): boolean =>
  Object.values(filter).every((part) => part === undefined || part.length === 0);

/** The condition that a filter stands for, on the table of findings; an absent part leaves everything in. */
export function wanted(filter: FindingFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, "findings">();
  const parts: Expression<SqlBool>[] = [];
  if (filter.outcomes?.length) parts.push(eb("findings.outcome", "in", filter.outcomes));
  if (filter.rules?.length) parts.push(eb("findings.rule", "in", filter.rules));
  if (filter.severities?.length) parts.push(eb("findings.severity", "in", filter.severities));
  if (filter.reviewed?.length) {
    const reviewOf = eb
      .selectFrom("reviews")
      .select("reviews.verdict")
      .whereRef("reviews.case_id", "=", "findings.case_id")
      .whereRef("reviews.incident_id", "=", "findings.incident_id")
      .whereRef("reviews.rule", "=", "findings.rule");
    const verdicts = filter.reviewed.filter((said) => said !== "open");
    parts.push(
      eb.or([
        ...(filter.reviewed.includes("open") ? [eb.not(eb.exists(reviewOf))] : []),
        ...(verdicts.length > 0 ? [eb.exists(reviewOf.where("reviews.verdict", "in", verdicts))] : []),
      ]),
    );
  }
  if (filter.from !== undefined) parts.push(eb("findings.on_day", ">=", filter.from));
  if (filter.to !== undefined) parts.push(eb("findings.on_day", "<=", filter.to));
  if (filter.untold?.length)
    parts.push(eb.or([eb("findings.outcome", "!=", "cannot-tell"), eb("findings.rule", "not in", filter.untold)]));
  return eb.and(parts);
}
