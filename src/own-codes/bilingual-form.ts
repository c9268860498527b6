/** Fields of a form that are written in both languages: who writes one only means it for both. Pure. Next: rule-form.ts, source-form.ts. */
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Locale } from "../web/locale.ts";

const LONGEST = 4000;

export interface Named {
  en: string;
  zh: string;
}

/** The first value of a field; empty where it was not sent. */
export const first = (values: FormValues, name: string): string => [values[name] ?? []].flat()[0] ?? "";

/** Both languages of what stands in the text. */
export function pair(value: unknown): Named {
  const { en = "", "zh-CN": zh = "" } = (value ?? {}) as Record<string, string>;
  return { en, zh };
}

/**
 * The text of the fields `${at}-en` and `${at}-zh`; undefined when both are empty, which `missing` says where it must not be. What is wrong
 * is noted in `errors` at the English field; see {@link errorsFor}.
 */
export function bilingual(
  values: FormValues,
  at: string,
  { missing, stored }: { missing?: string; stored: unknown },
  errors: FormErrors,
): { en: string; "zh-CN": string } | undefined {
  const [en, zh] = [first(values, `${at}-en`).trim(), first(values, `${at}-zh`).trim()];
  if (en.length > LONGEST || zh.length > LONGEST) errors[`${at}-en`] = "own.rule.tooLong";
  if (en === "" && zh === "") {
    if (missing !== undefined) errors[`${at}-en`] = missing;
    return undefined;
  }
  const { en: was, zh: wasChinese } = pair(stored);
  // A form cannot show a space at the end, and must not take it away.
  return {
    en: en === was.trim() && en !== "" ? was : en || zh,
    "zh-CN": zh === wasChinese.trim() && zh !== "" ? wasChinese : zh || en,
  };
}

/** What is wrong in a text of two languages is said at the field in the reader's, which stands first. */
export const errorsFor = (locale: Locale, errors: FormErrors): FormErrors =>
  locale === "en"
    ? errors
    : Object.fromEntries(Object.entries(errors).map(([field, error]) => [field.replace(/-en$/, "-zh"), error]));

/** The day in a field, YYYY-MM-DD; undefined when it is empty. What is wrong is noted in `errors`. */
export function dayIn(values: FormValues, name: string, errors: FormErrors): string | undefined {
  const value = first(values, name).trim();
  if (value !== "" && !isDay(value)) errors[name] = "own.rule.badDate";
  return value === "" ? undefined : value;
}

/** The value of a field that has to be one of those known; else noted in `errors`. */
export function choiceIn(values: FormValues, name: string, known: readonly string[], errors: FormErrors): string {
  const value = first(values, name);
  if (!known.includes(value)) errors[name] = "common.form.choice";
  return value;
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export const withoutAbsent = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
