/** The form of one rule as its template prints it: every part with its sentence and its fields, every example with what it gives now. Next: routes.ts. */
import { explainCondition } from "../codes/explain-condition.ts";
import type { CodeLibrary } from "../codes/library.ts";
import type { OwnCode } from "../codes/own-code.ts";
import type { Reader } from "../codes/pages.ts";
import type { RawRule } from "../codes/edit-text.ts";
import { MOST_EXAMPLE_CONTACTS, contactsIn } from "../codes/load.ts";
import { type ExampleResult, judgeExamples } from "../codes/worked-examples.ts";
import { Condition, Rule, type Code } from "../conduct/code.ts";
import { findingOutcomes } from "../conduct/finding.ts";
import { type acts, lenderKinds, obligations, severities } from "../conduct/vocabulary.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import {
  type Field,
  type Part,
  conditionOf,
  factKinds,
  groupKinds,
  isGroup,
  problemsOfParts,
  shapes,
  simpleFactKinds,
} from "./condition-form.ts";
import { type ContactField, type ContactForm, type ExampleForm, contactFields } from "./example-form.ts";
import { errorsFor } from "./bilingual-form.ts";
import { frame } from "./pages.ts";
import { readLists, ruleFrom } from "./rule-form.ts";

export interface RuleState {
  caseId: string;
  /** Null for a rule that is only in the form yet. */
  ruleId: string | null;
  /** The rule as the text has it; only an id for a new one. */
  before: RawRule;
  revision: number;
  values: FormValues;
  errors: FormErrors;
  mayEdit: boolean;
}

export function ruleFormPage(own: OwnCode, code: Code, state: RuleState, library: CodeLibrary, reader: Reader) {
  const { t, locale } = reader;
  const { values } = state;
  const errors = errorsFor(locale, state.errors);
  const page = frame(state.caseId, own, reader);
  const lists = readLists(values);
  const one = (name: string): string => [values[name] ?? []].flat()[0] ?? "";
  const options = (name: string, words: string, all: readonly string[]) =>
    all.map((value) => ({ value, text: t(`${words}.${value}`), selected: one(name) === value }));
  const stored = code.rules.find((rule) => rule.id === state.ruleId);
  const results = tried(state, code, library);
  const teller: Teller = { values, errors, library, reader };
  const action = `${page.draftHref}/rules/${encodeURIComponent(state.ruleId ?? "new")}`;
  return {
    ...page,
    title: stored?.title[locale] ?? t("own.rule.newTitle"),
    action,
    ruleId: state.ruleId,
    removeHref: stored === undefined ? null : `${action}/removal`,
    revision: state.revision,
    mayEdit: state.mayEdit,
    errors,
    values: Object.fromEntries(
      [
        "id",
        "title-en",
        "title-zh",
        "paraphrase-en",
        "paraphrase-zh",
        "caution-en",
        "caution-zh",
        "clause",
        "from",
        "to",
      ].map((name) => [name, one(name)]),
    ),
    sources: Object.entries(code.sources).map(([id, source]) => ({
      value: id,
      text: `${source.title[locale]} (${t(`common.strength.${source.strength}`)})`,
      selected: one("source") === id,
    })),
    obligations: options("obligation", "common.obligation", obligations),
    severities: options("severity", "codes.severity", severities),
    lenderKinds: lenderKinds
      .filter((kind) => kind !== "unknown")
      .map((kind) => ({
        value: kind,
        text: t(`codes.option.lenderKind.${kind}`),
        checked: [values.lenderKinds ?? []].flat().includes(kind),
      })),
    on: ["yes", "no"].map((value) => ({
      value,
      text: t(`own.rule.on.${value}`),
      checked: (one("on") || "yes") === value,
    })),
    when: listView(lists.when, "when", false, teller),
    unless: lists.unless.map(({ en, zh, parts }, n) => ({
      name: `unless-${n}`,
      legend: t("own.rule.exception", { n: n + 1 }),
      en,
      zh,
      list: listView(parts, `unless-${n}-when`, false, teller),
    })),
    examples: lists.examples.map((example, n) => exampleView(example, n, results?.[n], teller)),
    /** The examples are tried as the form stands; null while something in it is wrong. */
    isTried: results !== null,
  };
}

/** What every example of the form gives now; null while the form is not a rule, or tells of more contacts than can be tried at once. */
function tried(state: RuleState, code: Code, library: CodeLibrary): ExampleResult[] | null {
  const { rule, errors } = ruleFrom(state.values, state.before, Object.keys(code.sources));
  if (Object.keys(errors).length > 0) return null;
  const parsed = Rule.safeParse(rule);
  if (!parsed.success || contactsIn(parsed.data) > MOST_EXAMPLE_CONTACTS) return null;
  return judgeExamples(library, code, parsed.data);
}

function exampleView(example: ExampleForm, n: number, result: ExampleResult | undefined, teller: Teller) {
  const { reader, errors } = teller;
  const { t, locale } = reader;
  const at = `example-${n}`;
  const legend = t("own.rule.example", { n: n + 1 });
  return {
    name: at,
    legend,
    summary: (locale === "en" ? example.en || example.zh : example.zh || example.en) || legend,
    isNew: example.index === null,
    en: example.en,
    zh: example.zh,
    index: example.index,
    gives: result === undefined ? null : t("own.rule.gives", { outcome: t(`common.outcome.${result.outcome}`) }),
    isOtherwise: result !== undefined && result.outcome !== example.expect,
    because: result?.because?.[locale] ?? null,
    expect: findingOutcomes.map((value) => ({
      value,
      text: t(`common.outcome.${value}`),
      selected: example.expect === value,
    })),
    contacts: example.contacts.map((contact, m) => {
      const name = `${at}-contact-${m}`;
      return {
        name,
        index: contact.index,
        legend: t("own.rule.contact", { n: m + 1 }),
        told: toldContact(contact, reader),
        isOpen: contact.index === null || Object.keys(errors).some((field) => field.startsWith(`${name}-`)),
        values: contact.values,
        choices: Object.fromEntries(
          Object.entries(contactFields).flatMap(([field, known]) =>
            known === null
              ? []
              : [
                  [
                    field,
                    known.map((value) => ({
                      value,
                      text: choiceText(field as ContactField, value, teller),
                      selected: contact.values[field as ContactField] === value,
                    })),
                  ],
                ],
          ),
        ),
      };
    }),
  };
}

function choiceText(field: ContactField, value: string, { library, reader: { t, locale } }: Teller): string {
  if (value === "") return t(field === "act" ? "own.rule.noAct" : `own.rule.usual.${field}`);
  if (field === "act") return library.actLabel(value as (typeof acts)[number], locale);
  if (field === "unit") return t(`own.rule.unit.${value}`);
  if (field === "direction") return t(`own.word.direction.${value}`);
  return value === "unknown" ? t("codes.try.notKnown") : t(`codes.option.${field}.${value}`);
}

interface Teller {
  values: FormValues;
  errors: FormErrors;
  library: CodeLibrary;
  reader: Reader;
}

export interface ListView {
  name: string;
  legend: string;
  parts: PartView[];
  /** What can be added, by groups of a select. */
  add: { value: string; text: string }[];
}
interface PartView {
  name: string;
  kind: string;
  title: string;
  /** What it says now; null while a field is wrong. */
  sentence: string | null;
  fields: FieldView[];
  list: ListView | null;
}
interface FieldView {
  type: "many" | "one" | "number" | "time";
  name: string;
  label: string;
  value: string;
  items: { value: string; text: string; checked: boolean; selected: boolean }[];
  /** "3 chosen": a long list stays folded. */
  folded: string | null;
}

function listView(parts: readonly Part[], name: string, simple: boolean, teller: Teller): ListView {
  const { t } = teller.reader;
  const kinds = [...(simple ? simpleFactKinds : factKinds), ...groupKinds];
  return {
    name,
    legend: t("own.rule.addTo"),
    parts: parts.map((part, index) => partView(part, `${name}-${index}`, simple, teller)),
    add: [
      { value: "", text: t("own.rule.chooseKind") },
      ...kinds.map((kind) => ({ value: kind, text: t(`own.kind.${kind}`) })),
    ],
  };
}

function partView(part: Part, name: string, simple: boolean, teller: Teller): PartView {
  const { t } = teller.reader;
  const shape = isGroup(part.kind) ? null : shapes[part.kind];
  const nested = shape === null || shape.nested !== undefined;
  return {
    name,
    kind: part.kind,
    title: t(`own.kind.${part.kind}`),
    sentence: isGroup(part.kind) ? null : sentenceOf(part, name, teller),
    fields: (shape?.fields ?? []).map((field) => fieldView(field, part, `${name}-${field.name}`, teller)),
    list: nested
      ? {
          ...listView(part.parts, name, simple || shape !== null, teller),
          legend: t(shape === null ? "own.rule.addTo" : `own.rule.nested.${part.kind}`),
        }
      : null,
  };
}

function sentenceOf(part: Part, name: string, { library, reader }: Teller): string | null {
  const alone = { ...part, parts: [] };
  const problems = problemsOfParts([alone], name);
  // Only the part itself is told here: what is nested in it stands below with fields of its own.
  if (Object.keys(problems).some((field) => field.startsWith(`${name}-0-`))) return null;
  const parsed = Condition.safeParse(conditionOf([part.parts.length === 0 ? alone : part]));
  if (!parsed.success) return null;
  return explainCondition(parsed.data, reader.locale, library.actLabel)
    .map(({ text, items }) =>
      part.parts.length > 0 || items.length === 0
        ? text
        : `${text} ${items.map((item) => item.text).join(reader.locale === "en" ? " " : "")}`,
    )
    .join(" ");
}

const LONG = 12;

function fieldView(field: Field, part: Part, name: string, { library, reader }: Teller): FieldView {
  const { t, locale } = reader;
  const chosen = [part.values[field.name] ?? []].flat();
  const text = (words: string, value: string): string => {
    const [room, kind = ""] = words.split(".");
    if (room === "acts") return library.actLabel(value as (typeof acts)[number], locale);
    return room === "term" ? t(`codes.term.${kind}.${value}`) : t(`own.word.${kind}.${value}`);
  };
  return {
    type: field.type,
    name,
    label: t(`own.field.${field.name}`),
    value: chosen[0] ?? "",
    items:
      field.type === "many" || field.type === "one"
        ? field.values.map((value) => ({
            value,
            text: text(field.words, value),
            checked: chosen.includes(value),
            selected: chosen.includes(value),
          }))
        : [],
    folded: field.type === "many" && field.values.length > LONG ? t("own.rule.chosen", { count: chosen.length }) : null,
  };
}

/** A contact of an example in a line. */
function toldContact({ values }: ContactForm, { t }: Reader): string {
  const option = (field: "channel" | "contacted" | "outcome") =>
    values[field] === "" || values[field] === "unknown" ? "" : t(`codes.option.${field}.${values[field]}`);
  return [
    option("channel"),
    [values.date, values.time].join(" ").trim(),
    values.contacted === "self" ? "" : option("contacted"),
    option("outcome"),
    Number(values.times) > 1 ? t("own.rule.times", { n: values.times }) : "",
  ]
    .filter((word) => word !== "")
    .join(" · ");
}
