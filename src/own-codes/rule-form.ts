/**
 * One rule as a form: its values from the YAML, the way back, and what the buttons for adding and removing do. What the form has no field
 * for (the contacts of an example, how far the text was checked …) stays in the rule untouched. Pure. Next: rule-page.ts.
 */
import { obligations, severities, lenderKinds } from "../conduct/vocabulary.ts";
import { findingOutcomes } from "../conduct/finding.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import {
  type Part,
  type PartKind,
  conditionOf,
  factKinds,
  groupKinds,
  newPart,
  partsOf,
  problemsOfParts,
  readParts,
  withPart,
  withoutPart,
  writeParts,
} from "./condition-form.ts";
import type { RawRule } from "./edit-text.ts";

const MOST_LISTED = 60;
const LONGEST = 4000;

interface Named {
  en: string;
  zh: string;
}
interface ExceptionForm extends Named {
  parts: Part[];
}
interface ExampleForm extends Named {
  expect: string;
  /** Which example of the stored rule it is; null for one that is only in the form. */
  index: number | null;
  facts: Record<"date" | "time" | "channel" | "outcome" | "contacted" | "act" | "times", string>;
}
export interface RuleLists {
  when: Part[];
  unless: ExceptionForm[];
  examples: ExampleForm[];
}

const first = (values: FormValues, name: string): string => [values[name] ?? []].flat()[0] ?? "";
const pair = (value: unknown): Named => {
  const { en = "", "zh-CN": zh = "" } = (value ?? {}) as Record<string, string>;
  return { en, zh };
};
const factNames = ["date", "time", "channel", "outcome", "contacted", "act", "times"] as const;

/** The form of a rule as it stands in the text. */
export function valuesOfRule(rule: RawRule): FormValues {
  const text = (name: string) => (typeof rule[name] === "string" ? rule[name] : "");
  const values: FormValues = {
    source: text("source"),
    clause: text("clause"),
    obligation: text("obligation"),
    severity: text("severity"),
    from: text("from"),
    to: text("to"),
    lenderKinds: (rule.lenderKinds as string[] | undefined) ?? [],
    on: rule.on === false ? "no" : "yes",
  };
  for (const name of ["title", "paraphrase", "caution"]) {
    values[`${name}-en`] = pair(rule[name]).en;
    values[`${name}-zh`] = pair(rule[name]).zh;
  }
  return {
    ...values,
    ...writeLists({
      when: partsOf((rule.when as object | undefined) ?? {}),
      unless: ((rule.unless as { title: unknown; when: object }[] | undefined) ?? []).map(({ title, when }) => ({
        ...pair(title),
        parts: partsOf(when),
      })),
      examples: ((rule.examples as { name: unknown; expect: string }[] | undefined) ?? []).map(
        ({ name, expect }, index) => ({ ...pair(name), expect, index, facts: noFacts }),
      ),
    }),
  };
}

const noFacts = { date: "", time: "", channel: "call", outcome: "", contacted: "self", act: "", times: "1" };

/** The lists of a form as it was sent. */
export function readLists(values: FormValues): RuleLists {
  const listed = <T>(name: string, read: (at: string) => T): T[] => {
    const items: T[] = [];
    for (let n = 0; n < MOST_LISTED && values[`${name}-${n}-en`] !== undefined; n++) items.push(read(`${name}-${n}`));
    return items;
  };
  const named = (at: string): Named => ({ en: first(values, `${at}-en`), zh: first(values, `${at}-zh`) });
  return {
    when: readParts(values, "when"),
    unless: listed("unless", (at) => ({ ...named(at), parts: readParts(values, `${at}-when`) })),
    examples: listed("example", (at) => ({
      ...named(at),
      expect: first(values, `${at}-expect`),
      index: /^\d{1,4}$/.test(first(values, `${at}-index`)) ? Number(first(values, `${at}-index`)) : null,
      facts: Object.fromEntries(
        factNames.map((name) => [name, first(values, `${at}-${name}`)]),
      ) as ExampleForm["facts"],
    })),
  };
}

function writeLists({ when, unless, examples }: RuleLists): FormValues {
  const values = writeParts(when, "when");
  unless.forEach(({ en, zh, parts }, n) => {
    Object.assign(values, { [`unless-${n}-en`]: en, [`unless-${n}-zh`]: zh }, writeParts(parts, `unless-${n}-when`));
  });
  examples.forEach(({ en, zh, expect, index, facts }, n) => {
    const at = `example-${n}`;
    Object.assign(values, { [`${at}-en`]: en, [`${at}-zh`]: zh, [`${at}-expect`]: expect });
    if (index !== null) values[`${at}-index`] = String(index);
    else for (const name of factNames) values[`${at}-${name}`] = facts[name];
  });
  return values;
}

/**
 * What a button of the form asks: `add:when-0` (what, says the field `add-when-0`), `remove:when-0-1`, `add:unless`, `remove:unless-1`,
 * `add:example`, `remove:example-2`. @returns the values with it done, or null when the button asks nothing of the kind.
 */
export function withButton(values: FormValues, button: string): FormValues | null {
  const [, verb, list, number, when, path] = asCondition(button) ?? asListed(button) ?? [];
  if (verb === undefined) return null;
  const lists = readLists(values);
  const steps = (path ?? "")
    .split("-")
    .filter((step) => step !== "")
    .map(Number);
  const at = Number(number);
  const inParts = (parts: readonly Part[]): Part[] => {
    if (verb === "remove") return withoutPart(parts, steps);
    const kind = first(values, `add-${button.slice("add:".length)}`) as PartKind;
    const known = (factKinds as readonly string[]).includes(kind) || (groupKinds as readonly string[]).includes(kind);
    return known ? withPart(parts, steps, newPart(kind)) : [...parts];
  };
  if (list === "when") lists.when = inParts(lists.when);
  else if (when !== undefined)
    lists.unless = lists.unless.map((one, n) => (n === at ? { ...one, parts: inParts(one.parts) } : one));
  else if (verb === "remove" && list === "unless") lists.unless = lists.unless.filter((_, n) => n !== at);
  else if (verb === "remove") lists.examples = lists.examples.filter((_, n) => n !== at);
  else if (list === "unless") lists.unless.push({ en: "", zh: "", parts: [] });
  else lists.examples.push({ en: "", zh: "", expect: "matches", index: null, facts: noFacts });
  const kept = Object.entries(values).filter(([name]) => !/^(when|unless|example|add)-/.test(name));
  return { ...Object.fromEntries(kept), ...writeLists(lists) };
}

type Asked = readonly (string | undefined)[];

/** `add:when`, `remove:when-0-1`: the condition of the rule itself. */
function asCondition(button: string): Asked | null {
  const found = /^(add|remove):when((?:-\d{1,2})*)$/.exec(button);
  return found && [button, found[1], "when", undefined, undefined, found[2]];
}

/** `add:unless`, `remove:example-2`, and `add:unless-1-when-0`: the condition of an exception. */
const asListed = (button: string): Asked | null =>
  /^(add|remove):(unless|example)(?:-(\d{1,2})(?:-(when)((?:-\d{1,2})*))?)?$/.exec(button);

/** The rule that a form describes, made from the rule as stored; errors by field. */
export function ruleFrom(
  values: FormValues,
  before: RawRule,
  sources: readonly string[],
): { rule: RawRule; errors: FormErrors } {
  const errors: FormErrors = {};
  const rule: RawRule = { ...before };
  /** Who writes one language only means it for both. */
  const bilingual = (at: string, needed: boolean, stored: unknown): { en: string; "zh-CN": string } | undefined => {
    const [en, zh] = [first(values, `${at}-en`).trim(), first(values, `${at}-zh`).trim()];
    if (en.length > LONGEST || zh.length > LONGEST) errors[`${at}-en`] = "own.rule.tooLong";
    if (en === "" && zh === "") {
      if (needed) errors[`${at}-en`] = "own.rule.noText";
      return undefined;
    }
    const { en: was, zh: wasChinese } = pair(stored);
    // A form cannot show a space at the end, and must not take it away.
    return {
      en: en === was.trim() && en !== "" ? was : en || zh,
      "zh-CN": zh === wasChinese.trim() && zh !== "" ? wasChinese : zh || en,
    };
  };
  const choice = (name: string, known: readonly string[]) => {
    const value = first(values, name);
    if (!known.includes(value)) errors[name] = "common.form.choice";
    return value;
  };
  const day = (name: string): string | undefined => {
    const value = first(values, name).trim();
    if (value !== "" && !isDay(value)) errors[name] = "own.rule.badDate";
    return value === "" ? undefined : value;
  };
  rule.title = bilingual("title", true, before.title);
  rule.paraphrase = bilingual("paraphrase", true, before.paraphrase);
  rule.caution = bilingual("caution", false, before.caution);
  rule.source = choice("source", sources);
  rule.clause = first(values, "clause").trim();
  if (rule.clause === "") errors.clause = "own.rule.noClause";
  rule.obligation = choice("obligation", obligations);
  rule.severity = choice("severity", severities);
  rule.from = day("from");
  // "Still in force" can be written as null or left to the source.
  rule.to = day("to") ?? (before.to === null ? null : undefined);
  const kinds = [values.lenderKinds ?? []].flat().filter((kind) => (lenderKinds as readonly string[]).includes(kind));
  rule.lenderKinds = kinds.length === 0 ? undefined : kinds;
  rule.on = first(values, "on") === "no" ? false : before.on === true ? true : undefined;

  const { when, unless, examples } = readLists(values);
  Object.assign(errors, problemsOfParts(when, "when"));
  if (when.length === 0) errors["add-when"] = "own.rule.emptyCondition";
  if (Object.keys(errors).every((name) => !name.startsWith("when"))) rule.when = keptOr(before.when, conditionOf(when));
  const exceptions = unless.map(({ parts }, n) => {
    const at = `unless-${n}`;
    Object.assign(errors, problemsOfParts(parts, `${at}-when`));
    if (parts.length === 0) errors[`add-${at}-when`] = "own.rule.emptyGroup";
    const stored = (before.unless as { title?: unknown; when?: unknown }[] | undefined)?.[n];
    const title = bilingual(at, true, stored?.title);
    return { ...stored, title, when: keptOr(stored?.when, conditionOf(parts)) };
  });
  rule.unless = exceptions.length === 0 && before.unless === undefined ? undefined : exceptions;
  const told = examples.map((example, n) => {
    const at = `example-${n}`;
    if (!(findingOutcomes as readonly string[]).includes(example.expect)) errors[`${at}-expect`] = "common.form.choice";
    const stored =
      example.index === null ? undefined : (before.examples as { name?: unknown }[] | undefined)?.[example.index];
    if (stored === undefined && !isDay(example.facts.date)) errors[`${at}-date`] = "own.rule.badDate";
    if (
      stored === undefined &&
      example.facts.time !== "" &&
      !/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(example.facts.time)
    )
      errors[`${at}-time`] = "own.rule.badTime";
    return {
      ...(stored ?? { incidents: [incidentOf(example.facts)] }),
      name: bilingual(at, true, stored?.name),
      expect: example.expect,
    };
  });
  rule.examples = told.length === 0 && before.examples === undefined ? undefined : told;
  return { rule: withoutAbsent(rule), errors };
}

/** What is stored, where the form says the same: YAML can say one thing in more than one way. */
function keptOr(stored: unknown, made: Record<string, unknown>): unknown {
  if (typeof stored !== "object" || stored === null) return made;
  return JSON.stringify(conditionOf(partsOf(stored))) === JSON.stringify(made) ? stored : made;
}

function incidentOf({ date, time, channel, outcome, contacted, act, times }: ExampleForm["facts"]): object {
  return {
    happenedAt: time === "" ? `${date}T12:00` : `${date}T${time}`,
    ...(time === "" ? { precision: "day" } : {}),
    channel,
    ...(outcome === "" ? {} : { outcome }),
    ...(contacted === "" ? {} : { contacted }),
    ...(act === "" ? {} : { acts: [act] }),
    ...(Number(times) >= 2 && Number(times) <= 200 ? { repeat: { times: Number(times), everyMinutes: 10 } } : {}),
  };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const withoutAbsent = (rule: RawRule): RawRule =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
