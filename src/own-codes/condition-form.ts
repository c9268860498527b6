/**
 * A rule's condition as a nested list of parts that a plain form can hold: one part for each fact, and groups (all, any, not). Complete over
 * the vocabulary of conditions: a new key does not compile until it has its fields here. Pure; the way from the fields back to YAML goes
 * through the same table, so nothing can be lost between the two. Next: condition-view.ts shows it, rule-form.ts holds the rest of a rule.
 */
import type { Condition } from "../conduct/code.ts";
import {
  acts,
  channels,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  lenderKinds,
  noticeForms,
  noticeKinds,
  outcomes,
  places,
  purposes,
  respondentKinds,
} from "../conduct/vocabulary.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";

/** One line of the list. `values` by the names of the kind's fields; `parts` of a group, or of the contacts that are counted. */
export interface Part {
  kind: PartKind;
  values: Record<string, string | string[]>;
  parts: Part[];
}

export type FactKind = keyof Omit<Condition, "all" | "any" | "not">;
export const groupKinds = ["all", "any", "not"] as const;
export type GroupKind = (typeof groupKinds)[number];
export type PartKind = FactKind | GroupKind;

/** A field of a part. `words` says where its values have their names: `term.` in codes.json, `word.` in own.json, `acts` among the acts. */
export type Field =
  | { name: string; type: "many"; words: string; values: readonly string[]; optional?: true }
  | { name: string; type: "one"; words: string; values: readonly string[] }
  | { name: string; type: "number"; least: number; most: number; optional?: true }
  | { name: string; type: "time" };

interface Shape {
  fields: readonly Field[];
  /** What its nested parts are called in YAML, if it has any; `needed` when there must be one. */
  nested?: { key: "where" | "after"; needed: boolean };
  /** What YAML has, as field values; nested parts are seen to elsewhere. */
  read: (value: never) => Record<string, string | string[]>;
  /** Field values, which are known to be right, as YAML has them. */
  write: (values: Record<string, string | string[]>) => unknown;
}

const first = (values: Record<string, string | string[]>, name: string): string => [values[name] ?? []].flat()[0] ?? "";
const list = (values: Record<string, string | string[]>, name: string): string[] => [values[name] ?? []].flat();
const whole = (values: Record<string, string | string[]>, name: string): number | undefined =>
  first(values, name) === "" ? undefined : Number(first(values, name));
/** Without what is absent. */
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const words = (kind: string, all: readonly string[]): Shape => ({
  fields: [{ name: "list", type: "many", words: kind, values: all }],
  read: (value: readonly string[]) => ({ list: [...value] }),
  write: (values) => list(values, "list"),
});
const choice = (kind: string, all: readonly string[]): Shape => ({
  fields: [{ name: "value", type: "one", words: kind, values: all }],
  read: (value: string) => ({ value }),
  write: (values) => first(values, "value"),
});
const yesNo = (): Shape => ({
  fields: [{ name: "value", type: "one", words: "word.answer", values: ["yes", "no"] }],
  read: (value: boolean) => ({ value: value ? "yes" : "no" }),
  write: (values) => first(values, "value") === "yes",
});
const span = (): Shape => ({
  fields: [
    { name: "under", type: "number", least: 0, most: 100_000, optional: true },
    { name: "over", type: "number", least: 0, most: 100_000, optional: true },
  ],
  read: ({ under, over }: { under?: number; over?: number }) =>
    present({ under: under?.toString() ?? "", over: over?.toString() ?? "" }),
  write: (values) => present({ under: whole(values, "under"), over: whole(values, "over") }),
});
const groups: Field = {
  name: "groupBy",
  type: "many",
  words: "term.group",
  values: ["debt", "creditor", "collector", "calledNumber", "person"],
};
const edges = ["in", "out", "person"];

export const shapes: Record<FactKind, Shape> = {
  channel: words("term.channel", channels),
  direction: choice("word.direction", directions),
  contacted: words("term.contacted", contactedPersons),
  place: words("term.place", places),
  outcome: words("term.outcome", outcomes),
  purpose: words("term.purpose", purposes),
  automated: yesNo(),
  collectorKind: words("term.collectorKind", collectorKinds),
  localTime: {
    fields: [
      { name: "from", type: "time" },
      { name: "to", type: "time" },
      { name: "fromEdge", type: "one", words: "word.edge", values: edges },
      { name: "toEdge", type: "one", words: "word.edge", values: edges },
    ],
    read: ({ from, to, fromEdge = "in", toEdge = "out" }: Record<string, string>) => ({
      from: from ?? "",
      to: to ?? "",
      fromEdge,
      toEdge,
    }),
    write: (values) => {
      const [fromEdge, toEdge] = [first(values, "fromEdge"), first(values, "toEdge")];
      return present({
        from: fullTime(first(values, "from")),
        to: fullTime(first(values, "to")),
        fromEdge: fromEdge === "in" ? undefined : fromEdge,
        toEdge: toEdge === "out" ? undefined : toEdge,
      });
    },
  },
  weekday: {
    fields: [{ name: "list", type: "many", words: "term.weekday", values: ["1", "2", "3", "4", "5", "6", "7"] }],
    read: (value: readonly number[]) => ({ list: value.map(String) }),
    write: (values) => list(values, "list").map(Number),
  },
  publicHoliday: yesNo(),
  acts: words("acts", acts),
  disclosed: words("term.disclosed", disclosures),
  visitors: span(),
  lenderKind: words("term.lenderKind", lenderKinds),
  respondentKind: words("term.respondentKind", respondentKinds),
  daysPastDue: span(),
  reachable: yesNo(),
  debtLawful: yesNo(),
  employerForbids: {
    fields: [{ name: "value", type: "one", words: "word.answer", values: ["yes", "no", "unknown"] }],
    read: (value: boolean | "unknown") => ({ value: value === "unknown" ? value : value ? "yes" : "no" }),
    write: (values) => (first(values, "value") === "unknown" ? "unknown" : first(values, "value") === "yes"),
  },
  person: { fields: [], read: () => ({}), write: () => true },
  count: {
    fields: [
      {
        name: "of",
        type: "one",
        words: "term.counted",
        values: ["placed", "connected", "conversations", "unanswered"],
      },
      { name: "over", type: "number", least: 0, most: 100_000 },
      { name: "days", type: "number", least: 1, most: 366 },
      groups,
    ],
    nested: { key: "where", needed: false },
    read: ({ of, over, per, groupBy }: NonNullable<Condition["count"]>) => ({
      of,
      over: String(over),
      days: String("rollingDays" in per ? per.rollingDays : 1),
      groupBy: [...groupBy],
    }),
    write: (values) => ({
      of: first(values, "of"),
      over: whole(values, "over"),
      per: whole(values, "days") === 1 ? { calendarDays: 1 } : { rollingDays: whole(values, "days") },
      groupBy: list(values, "groupBy"),
    }),
  },
  coolDown: {
    fields: [{ name: "days", type: "number", least: 1, most: 366 }, groups],
    nested: { key: "after", needed: true },
    read: ({ days, groupBy }: NonNullable<Condition["coolDown"]>) => ({ days: String(days), groupBy: [...groupBy] }),
    write: (values) => ({ days: whole(values, "days"), groupBy: list(values, "groupBy") }),
  },
  afterNotice: {
    fields: [
      { name: "kinds", type: "many", words: "term.notice", values: noticeKinds },
      { name: "from", type: "one", words: "word.noticeFrom", values: ["received", "sent"] },
      { name: "forms", type: "many", words: "term.form", values: noticeForms, optional: true },
      {
        name: "about",
        type: "many",
        words: "term.about",
        values: ["channel", "person", "place", "hours", "debt"],
        optional: true,
      },
      { name: "withinDays", type: "number", least: 1, most: 100_000, optional: true },
    ],
    read: ({ kinds, from = "received", forms = [], about = [], withinDays }: Partial<NoticeCondition>) => ({
      kinds: [...(kinds ?? [])],
      from,
      forms: [...forms],
      about: [...about],
      withinDays: withinDays?.toString() ?? "",
    }),
    write: (values) => {
      const some = (name: string) => (list(values, name).length === 0 ? undefined : list(values, name));
      return present({
        kinds: list(values, "kinds"),
        from: first(values, "from") === "received" ? undefined : first(values, "from"),
        forms: some("forms"),
        about: some("about"),
        withinDays: whole(values, "withinDays"),
      });
    },
  },
  firstContact: {
    fields: [groups],
    read: ({ groupBy }: NonNullable<Condition["firstContact"]>) => ({ groupBy: [...groupBy] }),
    write: (values) => ({ groupBy: list(values, "groupBy") }),
  },
  agreed: choice("word.agreed", ["consent-time", "consent-frequency"]),
};
type NoticeCondition = NonNullable<Condition["afterNotice"]>;

export const factKinds = Object.keys(shapes) as FactKind[];
/** Those that look at one contact alone, which is all that counting and the event of a pause may ask. */
const contextual: readonly FactKind[] = ["count", "coolDown", "afterNotice", "firstContact", "agreed"];
export const simpleFactKinds = factKinds.filter((kind) => !contextual.includes(kind));

export const isGroup = (kind: PartKind): kind is GroupKind => (groupKinds as readonly string[]).includes(kind);

// --- YAML and back ------------------------------------------------------------------------------------------------------

/** A condition as YAML has it (defaults not filled in), as parts that must all hold. */
export function partsOf(condition: object): Part[] {
  return Object.entries(condition).flatMap(([key, value]): Part[] => {
    if (key === "all") return (value as object[]).flatMap(partsOf);
    if (key === "any") return [{ kind: "any", values: {}, parts: (value as object[]).map(asOne) }];
    if (key === "not") return [{ kind: "not", values: {}, parts: partsOf(value as object) }];
    const { read, nested } = shapes[key as FactKind];
    const inner = nested && (value as Record<string, object>)[nested.key];
    return [{ kind: key as FactKind, values: read(value as never), parts: inner ? partsOf(inner) : [] }];
  });
}

/** One of several that any may hold: several facts together become a group. */
function asOne(condition: object): Part {
  const parts = partsOf(condition);
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "all", values: {}, parts };
}

/** The condition of parts that must all hold, as YAML has it. */
export function conditionOf(parts: readonly Part[]): Record<string, unknown> {
  const condition: Record<string, unknown> = {};
  const again: Record<string, unknown>[] = [];
  for (const part of parts.flatMap(spread)) {
    const value = valueOf(part);
    if (Object.hasOwn(condition, part.kind)) again.push({ [part.kind]: value });
    else condition[part.kind] = value;
  }
  // A key stands once in YAML; the second of a kind goes into a list.
  return again.length === 0 ? condition : { ...condition, all: again };
}

/** A group "all" among parts that must all hold is those parts. */
const spread = (part: Part): Part[] => (part.kind === "all" ? part.parts.flatMap(spread) : [part]);

function valueOf(part: Part): unknown {
  if (part.kind === "any") return part.parts.map((one) => conditionOf([one]));
  if (part.kind === "not") return conditionOf(part.parts);
  const { write, nested } = shapes[part.kind as FactKind];
  const value = write(part.values);
  if (nested === undefined || part.parts.length === 0) return value;
  return { ...(value as object), [nested.key]: conditionOf(part.parts) };
}

// --- the form and back --------------------------------------------------------------------------------------------------

/** More parts in one list, or deeper, than any text of law has. */
const MOST_PARTS = 60;
const DEEPEST = 6;

/** The parts that a form sent under a name; how deep and how many is bounded. */
export function readParts(values: FormValues, name: string, depth = 0): Part[] {
  const parts: Part[] = [];
  const most = depth < DEEPEST ? MOST_PARTS : 0;
  for (let index = 0; index < most; index++) {
    const at = `${name}-${index}`;
    const kind = first(values, `${at}-kind`) as PartKind;
    if (!isGroup(kind) && !Object.hasOwn(shapes, kind)) break;
    const fields = isGroup(kind) ? [] : shapes[kind].fields;
    parts.push({
      kind,
      values: Object.fromEntries(
        fields.map((field) => [
          field.name,
          field.type === "many" ? list(values, `${at}-${field.name}`) : first(values, `${at}-${field.name}`),
        ]),
      ),
      parts: readParts(values, at, depth + 1),
    });
  }
  return parts;
}

/** The same parts as a form sends them. */
export function writeParts(parts: readonly Part[], name: string): FormValues {
  const values: FormValues = {};
  parts.forEach((part, index) => {
    const at = `${name}-${index}`;
    values[`${at}-kind`] = part.kind;
    for (const [field, value] of Object.entries(part.values)) values[`${at}-${field}`] = value;
    Object.assign(values, writeParts(part.parts, at));
  });
  return values;
}

/** A part as it is when it is added: nothing chosen but what has a usual answer. */
export function newPart(kind: PartKind): Part {
  const fields = isGroup(kind) ? [] : shapes[kind].fields;
  const usual: Record<string, string> = { toEdge: "out", days: "1" };
  return {
    kind,
    values: Object.fromEntries(
      fields.map((field) => [
        field.name,
        field.type === "many" ? [] : (usual[field.name] ?? (field.type === "one" ? (field.values[0] ?? "") : "")),
      ]),
    ),
    parts: [],
  };
}

/** What is wrong in the fields, by their names. */
export function problemsOfParts(parts: readonly Part[], name: string): FormErrors {
  const errors: FormErrors = {};
  parts.forEach((part, index) => {
    const at = `${name}-${index}`;
    const nested = isGroup(part.kind) ? { needed: true } : shapes[part.kind].nested;
    if (nested?.needed && part.parts.length === 0) errors[`add-${at}`] = "own.rule.emptyGroup";
    if (!isGroup(part.kind))
      for (const field of shapes[part.kind].fields) {
        const problem = problemOf(field, part.values);
        if (problem !== null) errors[`${at}-${field.name}`] = problem;
      }
    if (
      (part.kind === "visitors" || part.kind === "daysPastDue") &&
      first(part.values, "under") + first(part.values, "over") === ""
    )
      errors[`${at}-under`] ??= "own.rule.noNumber";
    Object.assign(errors, problemsOfParts(part.parts, at));
  });
  return errors;
}

const TIME = /^(([01]?\d|2[0-3]):[0-5]\d|24:00)$/;
const fullTime = (time: string): string => time.trim().padStart(5, "0");

function problemOf(field: Field, values: Part["values"]): FormErrors[string] | null {
  if (field.type === "many") {
    const chosen = list(values, field.name);
    if (chosen.some((value) => !field.values.includes(value))) return "common.form.choice";
    return chosen.length === 0 && field.optional === undefined ? "own.rule.noChoice" : null;
  }
  const value = first(values, field.name).trim();
  if (field.type === "one") return field.values.includes(value) ? null : "common.form.choice";
  if (field.type === "time") return TIME.test(value) ? null : "own.rule.badTime";
  if (value === "" && field.optional !== undefined) return null;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  return number >= field.least && number <= field.most
    ? null
    : { key: "own.rule.badNumber", params: { min: field.least, max: field.most } };
}

/** Takes away the part of a name (`when-0-2`), or adds one to the list of a name. What is not there changes nothing. */
export function withoutPart(parts: readonly Part[], path: readonly number[]): Part[] {
  const [index, ...rest] = path;
  if (rest.length === 0) return parts.filter((_, at) => at !== index);
  return parts.map((part, at) => (at === index ? { ...part, parts: withoutPart(part.parts, rest) } : part));
}

export function withPart(parts: readonly Part[], path: readonly number[], added: Part): Part[] {
  const [index, ...rest] = path;
  if (index === undefined) return parts.length >= MOST_PARTS ? [...parts] : [...parts, added];
  return parts.map((part, at) => (at === index ? { ...part, parts: withPart(part.parts, rest, added) } : part));
}
