/** One source as a form: its values from the YAML, and the way back. What the form has no field for stays untouched. Pure. Next: source-page.ts. */
import { checks, lenderKinds, respondentKinds, strengths } from "../conduct/vocabulary.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import { bilingual, choiceIn, dayIn, first, pair, withoutAbsent } from "./bilingual-form.ts";

type RawSource = Record<string, unknown>;

/** The fields besides those in two languages. */
export const sourceFields = ["strength", "from", "to", "replacedBy", "lenderKinds", "respondentKinds", "checked"];
/** The texts in two languages, with what is said when one is missing. */
const texts = {
  title: "own.source.noTitle",
  issuer: "own.source.noIssuer",
  binds: "own.source.noBinds",
  checkedNote: undefined,
};

export function valuesOfSource(source: RawSource): FormValues {
  const values: FormValues = {};
  for (const name of Object.keys(texts)) {
    values[`${name}-en`] = pair(source[name]).en;
    values[`${name}-zh`] = pair(source[name]).zh;
  }
  for (const name of sourceFields) {
    const value = source[name];
    values[name] = Array.isArray(value) ? value.map(String) : typeof value === "string" ? value : "";
  }
  return values;
}

/** The source that a form describes, made from the one in the text ({} for a new one); errors by field. */
export function sourceFrom(
  values: FormValues,
  before: RawSource,
  sourceIds: readonly string[],
): { source: RawSource; errors: FormErrors } {
  const errors: FormErrors = {};
  const source: RawSource = { ...before };
  for (const [name, missing] of Object.entries(texts))
    source[name] = bilingual(
      values,
      name,
      missing === undefined ? { stored: before[name] } : { missing, stored: before[name] },
      errors,
    );
  source.strength = choiceIn(values, "strength", strengths, errors);
  source.from = dayIn(values, "from", errors);
  if (source.from === undefined) errors.from ??= "own.rule.badDate";
  // Still in force is said, not left out.
  source.to = dayIn(values, "to", errors) ?? null;
  const next = first(values, "replacedBy");
  source.replacedBy = next === "" ? undefined : choiceIn(values, "replacedBy", sourceIds, errors);
  for (const [name, known] of [
    ["lenderKinds", lenderKinds],
    ["respondentKinds", respondentKinds],
  ] as const) {
    const kinds = [values[name] ?? []].flat().filter((kind) => (known as readonly string[]).includes(kind));
    source[name] = kinds.length === 0 ? undefined : kinds;
  }
  source.checked = choiceIn(values, "checked", checks, errors);
  return { source: withoutAbsent(source), errors };
}

/** A name for a new source that no other has. People never see it but in the text. */
export function freeSourceId(taken: readonly string[]): string {
  for (let n = 1; ; n++) if (!taken.includes(`own-${n}`)) return `own-${n}`;
}
