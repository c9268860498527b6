/** The form of one rule as its template prints it: every part with its sentence and its fields, every example with what it gives now. Next: routes.ts. */
import { explainCondition } from "../codes/explain-condition.ts";
import type { CodeLibrary } from "../codes/library.ts";
import type { OwnCode } from "../codes/own-code.ts";
import type { Reader } from "../codes/pages.ts";
import { judgeExamples } from "../codes/worked-examples.ts";
import { Condition, type Code, type Example } from "../conduct/code.ts";
import { findingOutcomes } from "../conduct/finding.ts";
import {
  acts,
  channels,
  contactedPersons,
  lenderKinds,
  obligations,
  outcomes,
  severities,
} from "../conduct/vocabulary.ts";
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
import { frame } from "./pages.ts";
import { readLists } from "./rule-form.ts";

export interface RuleState {
  caseId: string;
  /** Null for a rule that is only in the form yet. */
  ruleId: string | null;
  revision: number;
  values: FormValues;
  errors: FormErrors;
  mayEdit: boolean;
}

export function ruleFormPage(own: OwnCode, code: Code, state: RuleState, library: CodeLibrary, reader: Reader) {
  const { t, locale } = reader;
  const { values, errors } = state;
  const page = frame(state.caseId, own, reader);
  const lists = readLists(values);
  const one = (name: string): string => [values[name] ?? []].flat()[0] ?? "";
  const options = (name: string, words: string, all: readonly string[]) =>
    all.map((value) => ({ value, text: t(`${words}.${value}`), selected: one(name) === value }));
  const stored = code.rules.find((rule) => rule.id === state.ruleId);
  const results = stored === undefined ? [] : judgeExamples(library, code, stored);
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
    examples: lists.examples.map((example, n) => {
      const at = `example-${n}`;
      const kept = example.index === null ? undefined : stored?.examples[example.index];
      const result = example.index === null ? undefined : results[example.index];
      return {
        name: at,
        legend: t("own.rule.example", { n: n + 1 }),
        summary:
          (locale === "en" ? example.en || example.zh : example.zh || example.en) ||
          t("own.rule.example", { n: n + 1 }),
        en: example.en,
        zh: example.zh,
        index: example.index,
        told: kept === undefined ? null : toldExample(kept, reader),
        gives:
          result === undefined || result.outcome === result.expected
            ? null
            : t("own.rule.gives", { outcome: t(`common.outcome.${result.outcome}`) }),
        because: result?.because?.[locale] ?? null,
        expect: options(`${at}-expect`, "common.outcome", findingOutcomes),
        facts:
          example.index !== null
            ? null
            : {
                date: example.facts.date,
                time: example.facts.time,
                times: example.facts.times,
                channel: options(`${at}-channel`, "codes.option.channel", channels),
                outcome: [
                  { value: "", text: t("codes.try.notKnown"), selected: example.facts.outcome === "" },
                  ...options(
                    `${at}-outcome`,
                    "codes.option.outcome",
                    outcomes.filter((value) => value !== "unknown"),
                  ),
                ],
                contacted: options(`${at}-contacted`, "codes.option.contacted", contactedPersons),
                act: [
                  { value: "", text: t("own.rule.noAct"), selected: example.facts.act === "" },
                  ...acts.map((value) => ({
                    value,
                    text: library.actLabel(value, locale),
                    selected: example.facts.act === value,
                  })),
                ],
              },
      };
    }),
  };
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

/** The contacts of an example in a line. */
function toldExample({ incidents }: Example, { t, format }: Reader): string {
  const lines = incidents
    .slice(0, 4)
    .map((incident) =>
      [
        t(`codes.option.channel.${incident.channel ?? "call"}`),
        incident.happenedAt?.replace("T", " ") ?? "",
        incident.contacted && incident.contacted !== "self" ? t(`codes.option.contacted.${incident.contacted}`) : "",
        incident.outcome && incident.outcome !== "unknown" ? t(`codes.option.outcome.${incident.outcome}`) : "",
        incident.repeat ? t("own.rule.times", { n: incident.repeat.times }) : "",
      ]
        .filter((word) => word !== "")
        .join(" · "),
    );
  return incidents.length > lines.length
    ? t("own.rule.moreContacts", { list: format.list(lines), n: incidents.length - lines.length })
    : format.list(lines);
}
