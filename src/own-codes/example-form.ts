/**
 * The worked examples of a rule as a form: each with its contacts, added and removed by buttons. Of a contact that is in the text only what
 * was changed in the form is written, so nothing it has besides is lost. Pure. Next: rule-form.ts.
 */
import { findingOutcomes } from "../conduct/finding.ts";
import { acts, channels, contactedPersons, directions, outcomes, purposes } from "../conduct/vocabulary.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import { type Named, bilingual, first, isDay, pair, withoutAbsent } from "./bilingual-form.ts";

const MOST_EXAMPLES = 60;
const MOST_CONTACTS = 40;

/** The fields of a contact. `every` counts in `unit`. */
export const contactFields = {
  date: null,
  time: null,
  channel: channels,
  direction: directions,
  outcome: ["", ...outcomes],
  contacted: ["", ...contactedPersons, "unknown"],
  purpose: ["", ...purposes],
  act: ["", ...acts],
  said: null,
  times: null,
  every: null,
  unit: ["minutes", "days"],
} satisfies Record<string, readonly string[] | null>;
export type ContactField = keyof typeof contactFields;
const names = Object.keys(contactFields) as ContactField[];

export interface ContactForm {
  /** Which contact of the stored example it is; null for one that is only in the form. */
  index: number | null;
  values: Record<ContactField, string>;
}
export interface ExampleForm extends Named {
  expect: string;
  /** Which example of the stored rule it is; null for one that is only in the form. */
  index: number | null;
  contacts: ContactForm[];
}

type RawContact = Record<string, unknown>;
interface RawExample {
  name?: unknown;
  expect?: string;
  incidents?: RawContact[];
}

/** A contact as the form shows it. */
function valuesOf(raw: RawContact): ContactForm["values"] {
  const text = (name: string, usual = ""): string => {
    const value = raw[name];
    return value === null ? "unknown" : typeof value === "string" ? value : usual;
  };
  const [date = "", time = ""] = text("happenedAt").split("T");
  const repeat = (raw.repeat ?? {}) as { times?: number; everyMinutes?: number; everyDays?: number };
  return {
    date,
    time: raw.precision === "day" || raw.precision === "month" ? "" : time,
    channel: text("channel", "call"),
    direction: text("direction", "incoming"),
    outcome: text("outcome"),
    contacted: text("contacted"),
    purpose: text("purpose"),
    act: ((raw.acts as string[] | undefined) ?? [])[0] ?? "",
    said: text("said"),
    times: String(repeat.times ?? 1),
    every: String(repeat.everyMinutes ?? repeat.everyDays ?? 10),
    unit: repeat.everyDays === undefined ? "minutes" : "days",
  };
}

/** The examples as they stand in the text. */
export const examplesOf = (raw: readonly RawExample[]): ExampleForm[] =>
  raw.map(({ name, expect = "", incidents = [] }, index) => ({
    ...pair(name),
    expect,
    index,
    contacts: incidents.map((contact, at) => ({ index: at, values: valuesOf(contact) })),
  }));

const indexIn = (values: FormValues, name: string): number | null =>
  /^\d{1,4}$/.test(first(values, name)) ? Number(first(values, name)) : null;

/** The examples of a form as it was sent. */
export function readExamples(values: FormValues): ExampleForm[] {
  const examples: ExampleForm[] = [];
  for (let n = 0; n < MOST_EXAMPLES && values[`example-${n}-en`] !== undefined; n++) {
    const at = `example-${n}`;
    const contacts: ContactForm[] = [];
    for (let m = 0; m < MOST_CONTACTS && values[`${at}-contact-${m}-date`] !== undefined; m++) {
      const place = `${at}-contact-${m}`;
      const of = Object.fromEntries(names.map((name) => [name, first(values, `${place}-${name}`)]));
      contacts.push({ index: indexIn(values, `${place}-index`), values: of as ContactForm["values"] });
    }
    examples.push({
      en: first(values, `${at}-en`),
      zh: first(values, `${at}-zh`),
      expect: first(values, `${at}-expect`),
      index: indexIn(values, `${at}-index`),
      contacts,
    });
  }
  return examples;
}

/** The same as a form sends them. */
export function writeExamples(examples: readonly ExampleForm[]): FormValues {
  const values: FormValues = {};
  examples.forEach(({ en, zh, expect, index, contacts }, n) => {
    const at = `example-${n}`;
    Object.assign(values, { [`${at}-en`]: en, [`${at}-zh`]: zh, [`${at}-expect`]: expect });
    if (index !== null) values[`${at}-index`] = String(index);
    contacts.forEach((contact, m) => {
      for (const name of names) values[`${at}-contact-${m}-${name}`] = contact.values[name];
      if (contact.index !== null) values[`${at}-contact-${m}-index`] = String(contact.index);
    });
  });
  return values;
}

const blank = valuesOf({});
/** A contact is most often told as one more like the one before. */
const likeLast = (contacts: readonly ContactForm[]): ContactForm => ({
  index: null,
  values: { ...blank, ...contacts.at(-1)?.values, times: "1" },
});

/** One example more, with contacts like those of the last one: what is just outside differs in one thing from what is just inside. */
export function withExample(examples: readonly ExampleForm[]): ExampleForm[] {
  if (examples.length >= MOST_EXAMPLES) return [...examples];
  const contacts = examples.at(-1)?.contacts.map(({ values }) => ({ index: null, values })) ?? [likeLast([])];
  return [...examples, { en: "", zh: "", expect: "matches", index: null, contacts }];
}

export const withContact = (examples: readonly ExampleForm[], at: number): ExampleForm[] =>
  examples.map((example, n) =>
    n === at && example.contacts.length < MOST_CONTACTS
      ? { ...example, contacts: [...example.contacts, likeLast(example.contacts)] }
      : example,
  );

export const withoutContact = (examples: readonly ExampleForm[], at: number, contact: number): ExampleForm[] =>
  examples.map((example, n) =>
    n === at ? { ...example, contacts: example.contacts.filter((_, m) => m !== contact) } : example,
  );

/** The examples as YAML has them, made from those in the text; what is wrong is noted in `errors`. */
export function examplesFrom(values: FormValues, before: readonly RawExample[], errors: FormErrors): RawExample[] {
  return readExamples(values).map((example, n) => {
    const at = `example-${n}`;
    if (!(findingOutcomes as readonly string[]).includes(example.expect)) errors[`${at}-expect`] = "common.form.choice";
    const stored = example.index === null ? undefined : before[example.index];
    if (example.contacts.length === 0) errors[`${at}-en`] = "own.rule.noContacts";
    return {
      ...stored,
      name: bilingual(values, at, { missing: "own.rule.noSentence", stored: stored?.name }, errors),
      expect: example.expect,
      incidents: example.contacts.map((contact, m) =>
        contactFrom(
          contact.values,
          contact.index === null ? undefined : stored?.incidents?.[contact.index],
          `${at}-contact-${m}`,
          errors,
        ),
      ),
    };
  });
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?$/;

function contactFrom(
  values: ContactForm["values"],
  stored: RawContact | undefined,
  at: string,
  errors: FormErrors,
): RawContact {
  // A new one is written as far as it says anything that is not filled in by itself.
  const was = stored === undefined ? blank : valuesOf(stored);
  const contact: RawContact = { ...stored };
  const isChanged = (...of: ContactField[]) => of.some((name) => values[name].trim() !== was[name]);
  for (const name of names) {
    const known: readonly string[] | null = contactFields[name];
    if (known !== null && isChanged(name) && !known.includes(values[name]))
      errors[`${at}-${name}`] = "common.form.choice";
  }
  if (isChanged("date", "time") || stored === undefined) {
    const [date, time] = [values.date.trim(), values.time.trim()];
    if (!isDay(date)) errors[`${at}-date`] = "own.rule.badDate";
    if (time !== "" && !TIME.test(time)) errors[`${at}-time`] = "own.rule.badTime";
    contact.happenedAt = time === "" ? `${date}T12:00` : `${date}T${time}`;
    contact.precision = time === "" ? "day" : contact.precision === "day" ? undefined : contact.precision;
  }
  for (const name of ["channel", "direction", "outcome", "contacted", "purpose", "said"] as const)
    if (isChanged(name)) contact[name] = values[name] === "" ? undefined : values[name];
  // Who was contacted is filled in by itself unless it is said that nobody knows.
  if (contact.contacted === "unknown") contact.contacted = null;
  if (isChanged("act")) contact.acts = values.act === "" ? undefined : [values.act];
  if (isChanged("times", "every", "unit")) {
    const [times, every] = [whole(values.times, 1, 200), whole(values.every, 1, 100_000)];
    if (times === null) errors[`${at}-times`] = { key: "own.rule.badNumber", params: { min: 1, max: 200 } };
    if (every === null) errors[`${at}-every`] = { key: "own.rule.badNumber", params: { min: 1, max: 100_000 } };
    contact.repeat =
      times === 1 ? undefined : { times, [values.unit === "days" ? "everyDays" : "everyMinutes"]: every };
  }
  return withoutAbsent(contact);
}

/** A whole number as typed; null when it is none between these. */
function whole(text: string, least: number, most: number): number | null {
  const number = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : null;
}
