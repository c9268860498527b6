/**
 * One rule as a form: its values from the YAML, the way back, and what the buttons for adding and removing do. What the form has no field
 * for (its topic, how far the text was checked …) stays in the rule untouched. Pure. Beside it: condition-form.ts, example-form.ts.
 * Next: rule-page.ts.
 */
import type { RawRule } from "../codes/edit-text.ts";
import { obligations, severities, lenderKinds } from "../conduct/vocabulary.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import { type Named, bilingual, choiceIn, dayIn, first, pair, withoutAbsent } from "./bilingual-form.ts";
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
import {
  type ExampleForm,
  examplesFrom,
  examplesOf,
  readExamples,
  withContact,
  withExample,
  withoutContact,
  writeExamples,
} from "./example-form.ts";

const MOST_LISTED = 60;

interface ExceptionForm extends Named {
  parts: Part[];
}
export interface RuleLists {
  when: Part[];
  unless: ExceptionForm[];
  examples: ExampleForm[];
}

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
      examples: examplesOf((rule.examples as Parameters<typeof examplesOf>[0] | undefined) ?? []),
    }),
  };
}

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
    examples: readExamples(values),
  };
}

function writeLists({ when, unless, examples }: RuleLists): FormValues {
  const values = writeParts(when, "when");
  unless.forEach(({ en, zh, parts }, n) => {
    Object.assign(values, { [`unless-${n}-en`]: en, [`unless-${n}-zh`]: zh }, writeParts(parts, `unless-${n}-when`));
  });
  return Object.assign(values, writeExamples(examples));
}

/**
 * What a button of the form asks: `add:when-0` (what, says the field `add-when-0`), `remove:when-0-1`, `add:unless`, `remove:unless-1`,
 * `add:example`, `remove:example-2`, `add:example-2-contact`, `remove:example-2-contact-0`. @returns the values with it done, or null when the button asks nothing of the kind.
 */
export function withButton(values: FormValues, button: string): FormValues | null {
  const lists = readLists(values);
  const done = (): FormValues => {
    const kept = Object.entries(values).filter(([name]) => !/^(when|unless|example|add)-/.test(name));
    return { ...Object.fromEntries(kept), ...writeLists(lists) };
  };
  const [, change, example, contact] = /^(add|remove):example-(\d{1,2})-contact(?:-(\d{1,2}))?$/.exec(button) ?? [];
  if (change !== undefined) {
    if (change === "add") lists.examples = withContact(lists.examples, Number(example));
    else lists.examples = withoutContact(lists.examples, Number(example), Number(contact));
    return done();
  }
  const [, verb, list, number, when, path] = asCondition(button) ?? asListed(button) ?? [];
  if (verb === undefined) return null;
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
  else lists.examples = withExample(lists.examples);
  return done();
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
  const named = (at: string, stored: unknown, missing?: string) =>
    bilingual(values, at, missing === undefined ? { stored } : { missing, stored }, errors);
  const choice = (name: string, known: readonly string[]) => choiceIn(values, name, known, errors);
  const day = (name: string) => dayIn(values, name, errors);
  rule.title = named("title", before.title, "own.rule.noTitle");
  rule.paraphrase = named("paraphrase", before.paraphrase, "own.rule.noParaphrase");
  rule.caution = named("caution", before.caution);
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

  const { when, unless } = readLists(values);
  Object.assign(errors, problemsOfParts(when, "when"));
  if (when.length === 0) errors["add-when"] = "own.rule.emptyCondition";
  if (Object.keys(errors).every((name) => !name.startsWith("when"))) rule.when = keptOr(before.when, conditionOf(when));
  const exceptions = unless.map(({ parts }, n) => {
    const at = `unless-${n}`;
    Object.assign(errors, problemsOfParts(parts, `${at}-when`));
    if (parts.length === 0) errors[`add-${at}-when`] = "own.rule.emptyGroup";
    const stored = (before.unless as { title?: unknown; when?: unknown }[] | undefined)?.[n];
    const title = named(at, stored?.title, "own.rule.noException");
    return { ...stored, title, when: keptOr(stored?.when, conditionOf(parts)) };
  });
  rule.unless = exceptions.length === 0 && before.unless === undefined ? undefined : exceptions;
  const told = examplesFrom(values, (before.examples as Parameters<typeof examplesOf>[0] | undefined) ?? [], errors);
  rule.examples = told.length === 0 && before.examples === undefined ? undefined : told;
  return { rule: withoutAbsent(rule), errors };
}

/** What is stored, where the form says the same: YAML can say one thing in more than one way. */
function keptOr(stored: unknown, made: Record<string, unknown>): unknown {
  if (typeof stored !== "object" || stored === null) return made;
  return JSON.stringify(conditionOf(partsOf(stored))) === JSON.stringify(made) ? stored : made;
}
