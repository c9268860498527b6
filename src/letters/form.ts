/** The forms of a letter, every mistake at its field. Messages are keys of views/locales. */
import { z } from "zod";
import { amount, currencies } from "../cases/form.ts";
import { channels, places } from "../conduct/vocabulary.ts";
import { MOST_INSTALMENTS, rhythms } from "../repayment/schedule.ts";
import { type FormErrors, type FormValues, type Parsed, formValues, many, optional, parseForm } from "../web/forms.ts";
import { type LetterFacts, type LetterTexts, languages, localesOf, powers } from "./letter.ts";
import type { Asked, Template } from "./template.ts";

const LONGEST_BODY = 20_000;
const LONGEST_LINES = 1000;

/** Signs that no paper can show are dropped at the door; line ends stay. */
// eslint-disable-next-line no-control-regex
const bare = (text: string) => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ").trim();
const words = (longest: number) =>
  optional(z.string().transform(bare).pipe(z.string().max(longest))).transform((value) =>
    value === undefined || value === "" ? null : value,
  );
const lines = (longest = LONGEST_LINES) => words(longest).transform((value) => value ?? "");

/** A local day as a date field sends it or as people type it. */
const day = z
  .string()
  .transform((value) => readDay(value))
  .pipe(z.string({ error: "letters.day.invalid" }));
const maybeDay = optional(day).transform((value) => value ?? null);

function readDay(value: string): string | null {
  const [, year, month, date] =
    /^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*$/.exec(value.normalize("NFKC")) ?? [];
  try {
    const found = Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(date) },
      { overflow: "reject" },
    );
    return found.year < 1990 || found.year > 2100 ? null : found.toString();
  } catch {
    return null;
  }
}

const time = optional(
  z
    .string()
    .trim()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: "notices.hours.invalid" }),
).transform((value) => value ?? "");
const whole = (min: number, max: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,4}$/, { error: "letters.number.invalid" })
    .transform(Number)
    .pipe(z.int().min(min).max(max));

const Fields = z.object({
  version: optional(z.coerce.number().int().min(1)),
  /** Only showing what is in force on another date, or making the words. */
  press: z.enum(["write", "refresh"]).default("write"),
  /** The words were changed by hand, and may be made anew. */
  anew: optional(z.literal("yes")),
  language: z.enum(languages, { error: "letters.language.missing" }),
  writtenOn: day,
  recipient: lines(),
  sender: lines(),
  debt: words(100),
  days: whole(1, 365),
  startDays: optional(whole(0, 365)),
  replyTo: words(LONGEST_LINES),
  findings: many(z.string().max(200)),
  earlier: many(z.coerce.number().int().min(1)),
  basis: many(z.string().max(200)),
  story: words(LONGEST_BODY / 4),
  wish: words(2000),
  hoursFrom: time,
  hoursTo: time,
  hoursFrom2: time,
  hoursTo2: time,
  places: many(z.enum(places)),
  channels: many(z.enum(channels)),
  instead: words(LONGEST_LINES),
  advocate: words(200),
  advocateContact: words(LONGEST_LINES),
  powers: many(z.enum(powers)),
  validFrom: maybeDay,
  validUntil: maybeDay,
  disputed: words(4000),
  reason: words(4000),
  deferUntil: maybeDay,
  amount,
  currency: z.enum(currencies).default("CNY"),
  every: z.enum(rhythms).default("month"),
  payFrom: maybeDay,
  instalments: optional(whole(1, MOST_INSTALMENTS)).transform((value) => value ?? null),
  periodFrom: maybeDay,
  periodTo: maybeDay,
});

export interface FactsInput {
  facts: LetterFacts;
  press: "write" | "refresh";
  version: number | null;
  anew: boolean;
}

/** @param there what of the case can be named: debts, rules, notices */
export function parseFacts(
  body: unknown,
  template: Template,
  there: { debts: ReadonlySet<string>; rules: ReadonlySet<string>; notices: ReadonlySet<number> },
): Parsed<FactsInput> {
  const parsed = parseForm(Fields, body);
  if (!parsed.ok) return parsed;
  const { press, version, anew, amount: amountMinor, hoursFrom, hoursTo, hoursFrom2, hoursTo2, ...rest } = parsed.value;
  const errors: FormErrors = {};
  const asks = (what: Asked) => template.asks.includes(what);
  const hours: LetterFacts["hours"] = [];
  for (const [tail, from, to] of [
    ["", hoursFrom, hoursTo],
    ["2", hoursFrom2, hoursTo2],
  ] as const) {
    if (from === "" && to === "") continue;
    if (from === "") errors[`hoursFrom${tail}`] = "notices.hours.missing";
    else if (to === "") errors[`hoursTo${tail}`] = "notices.hours.missing";
    else if (from === to) errors[`hoursTo${tail}`] = "notices.hours.same";
    else hours.push({ from, to });
  }
  const facts: LetterFacts = {
    ...rest,
    startDays: rest.startDays ?? template.startDays,
    debt: rest.debt !== null && there.debts.has(rest.debt) ? rest.debt : null,
    findings: asks("findings") ? rest.findings.filter((rule) => there.rules.has(rule)) : [],
    earlier: asks("earlier") ? rest.earlier.filter((number) => there.notices.has(number)) : [],
    basis: [...new Set(rest.basis)],
    hours: asks("hours") ? hours : [],
    places: asks("places") ? rest.places : [],
    channels: asks("channels") ? rest.channels : [],
    powers: asks("powers") ? rest.powers : [],
    amountMinor,
  };
  if (press === "write") missing(facts, template, errors);
  if (facts.validFrom !== null && facts.validUntil !== null && facts.validUntil < facts.validFrom)
    errors.validUntil = "letters.day.order";
  if (facts.periodFrom !== null && facts.periodTo !== null && facts.periodTo < facts.periodFrom)
    errors.periodTo = "letters.day.order";
  if (Object.keys(errors).length > 0) return { ok: false, errors, values: formValues(body) };
  return { ok: true, value: { facts, press, version: version ?? null, anew: anew !== undefined } };
}

/** Without these the letter would say nothing. */
function missing(facts: LetterFacts, template: Template, errors: FormErrors): void {
  const asks = (what: Asked) => template.asks.includes(what);
  if (facts.recipient === "" && template.to !== "nobody") errors.recipient = "letters.recipient.missing";
  if (facts.sender === "") errors.sender = "letters.sender.missing";
  if (asks("advocate") && facts.advocate === null) errors.advocate = "letters.advocate.missing";
  if (asks("hours") && facts.hours.length + facts.places.length + facts.channels.length === 0)
    errors.hoursFrom ??= "letters.wishes.missing";
  if (asks("plan") && facts.amountMinor === null && facts.deferUntil === null)
    errors.amount ??= "letters.amount.missing";
  if (facts.amountMinor !== null && facts.payFrom === null && asks("plan")) errors.payFrom = "letters.payFrom.missing";
}

/** The facts as their form shows them. */
export function factsValues(facts: LetterFacts): FormValues {
  const [first, second] = facts.hours;
  const values: FormValues = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || name === "hours" || name === "amountMinor") continue;
    values[name] = Array.isArray(value) ? value.map(String) : String(value);
  }
  return {
    ...values,
    hoursFrom: first?.from ?? "",
    hoursTo: first?.to ?? "",
    hoursFrom2: second?.from ?? "",
    hoursTo2: second?.to ?? "",
    amount: facts.amountMinor === null ? "" : (facts.amountMinor / 100).toFixed(2),
    currency: facts.currency ?? "CNY",
  };
}

/** The words as typed, for the languages the letter has; fields are named `body-en`, `body-zh-CN`. */
export function parseTexts(body: unknown, facts: LetterFacts): Parsed<{ texts: LetterTexts; version: number }> {
  const locales = localesOf(facts.language);
  const shape = Object.fromEntries(
    locales.flatMap((locale) => [
      [`title-${locale}`, lines(300).refine((value) => value !== "", { error: "letters.title.missing" })],
      [`recipient-${locale}`, lines()],
      [`sender-${locale}`, lines()],
      [`date-${locale}`, lines(100)],
      [`body-${locale}`, lines(LONGEST_BODY).refine((value) => value !== "", { error: "letters.body.missing" })],
    ]),
  );
  const parsed = parseForm(z.object({ ...shape, version: z.coerce.number().int().min(1) }), body);
  if (!parsed.ok) return parsed;
  const typed = parsed.value as Record<string, string> & { version: number };
  const texts = Object.fromEntries(
    locales.map((locale) => [
      locale,
      Object.fromEntries(
        (["title", "recipient", "sender", "date", "body"] as const).map((name) => [
          name,
          typed[`${name}-${locale}`] ?? "",
        ]),
      ),
    ]),
  ) as LetterTexts;
  return { ok: true, value: { texts, version: parsed.value.version } };
}

export function textsValues(texts: LetterTexts): FormValues {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([locale, text]) =>
      Object.entries(text).map(([name, value]) => [`${name}-${locale}`, value]),
    ),
  );
}
