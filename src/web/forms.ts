/**
 * A posted form parsed by its zod schema: values to use, or one problem for each field and the words to show again.
 * Must not know any feature; a feature's form.ts holds the schema and names its own messages by key.
 * Next: views/components/_problems.ejs (the summary), markup.ts.
 */
import type { core } from "zod";
import { z } from "zod";
import { isKey } from "./locale.ts";
import type { Translate } from "./locale.ts";

/** What a form sent, as sent: to fill the same form again. */
export type FormValues = Record<string, string | string[]>;
/** A message key with its values, a bare key, or words. */
export type FieldProblem = string | { key: string; params: Record<string, unknown> };
export type FormErrors = Record<string, FieldProblem>;
export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: FormErrors; values: FormValues };

/**
 * Parses a body by a schema. A schema's own message is best written as a key of words (`z.string({ error: "cases.lender.missing" })`);
 * otherwise a general sentence says what is wrong. Each field (the first part of zod's path) has its first problem only.
 */
export function parseForm<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  const values = formValues(body);
  const result = schema.safeParse(values, { error: generalKey });
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, errors: errorsByField(result.error.issues), values };
}

/** The strings of a body under safe keys: line ends as \n, no NUL (PostgreSQL cannot keep it), no broken surrogates. */
export function formValues(body: unknown): FormValues {
  const values = Object.create(null) as FormValues;
  if (typeof body !== "object" || body === null) return values;
  for (const [name, value] of Object.entries(body)) {
    if (name === "__proto__" || name === "constructor" || name === "prototype") continue;
    if (typeof value === "string") values[name] = clean(value);
    else if (Array.isArray(value)) values[name] = value.filter((item) => typeof item === "string").map(clean);
  }
  return values;
}

/** A group of ticks: a browser sends nothing, one string or several. */
export function many<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (value === undefined || value === "" ? [] : [value].flat()), z.array(item));
}

/** An optional field: what a browser sends for an empty one (an empty string) is the same as nothing. */
export function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (value) => (typeof value === "string" && value.trim() === "" ? undefined : value),
    schema.optional(),
  );
}

/** A line or a text that must be there; `missing` is the key of the sentence that says so. */
export function required(missing: string, longest = 200) {
  // A schema's own error would also speak for its checks, and call what is too long missing.
  return z
    .string({ error: (issue) => (issue.code === "invalid_type" ? missing : undefined) })
    .trim()
    .min(1, { error: missing })
    .max(longest);
}

/** Problems of zod by field, for a form checked in other ways too. */
function errorsByField(issues: readonly core.$ZodIssue[]): FormErrors {
  const errors: FormErrors = {};
  for (const issue of issues) {
    const field = String(issue.path.find((part) => typeof part !== "number") ?? "form");
    if (Object.hasOwn(errors, field)) continue;
    const params = {
      ...("params" in issue && typeof issue.params === "object" ? issue.params : {}),
      ...("maximum" in issue ? { max: issue.maximum } : {}),
      ...("minimum" in issue ? { min: issue.minimum } : {}),
    };
    errors[field] = Object.keys(params).length > 0 ? { key: issue.message, params } : issue.message;
  }
  return errors;
}

/** The words of a problem in the reader's language. */
export function problemText(t: Translate, problem: FieldProblem): string {
  const { key, params } = typeof problem === "string" ? { key: problem, params: {} } : problem;
  return isKey(key) ? t(key, params) : key;
}

/** The general sentence for a problem whose schema says nothing itself. */
function generalKey(issue: core.$ZodRawIssue): string {
  const empty = issue.input === undefined || issue.input === "";
  if (empty) return "common.form.missing";
  if (issue.code === "too_big") return `common.form.tooBig.${sizeOf(issue.origin)}`;
  if (issue.code === "too_small") return `common.form.tooSmall.${sizeOf(issue.origin)}`;
  if (issue.code === "invalid_value") return "common.form.choice";
  if (issue.code === "invalid_format") return "common.form.format";
  return "common.form.invalid";
}

function sizeOf(origin: string): "text" | "number" | "list" {
  if (origin === "string") return "text";
  return origin === "array" || origin === "set" || origin === "file" ? "list" : "number";
}

function clean(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\0", "").toWellFormed();
}
