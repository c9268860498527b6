/**
 * The form of a repayment plan: what a browser sends, made into a plan, every mistake at its field. Messages are keys of views/locales.
 * A plan that cannot be afforded is still a plan: then nothing is offered, and the page says so.
 */
import { z } from "zod";
import { amount, currencies } from "../cases/form.ts";
import { amountText, day, line, text } from "../ledger/fields.ts";
import { type FormErrors, type FormValues, type Parsed, formValues, many, parseForm } from "../web/forms.ts";
import { PlanFacts } from "./plan.ts";
import { MOST_INSTALMENTS, countOf, rhythms } from "./schedule.ts";

const MOST_COSTS = 60;
/** Rows that a new form has, and that "more rows" adds. */
const FRESH_ROWS = 5;

const PlanForm = z.object({
  currency: z.enum(currencies).default("CNY"),
  income: amount,
  incomeWords: line,
  costWords: many(z.string().trim().max(200)),
  costAmount: many(z.string().max(100)),
  offer: amount,
  every: z.enum(rhythms).default("month"),
  firstOn: day,
  total: amount,
  owedOn: day,
  note: text,
});

export function parsePlanForm(body: unknown, today: string): Parsed<PlanFacts> {
  const parsed = parseForm(PlanForm, withRows(body));
  if (!parsed.ok) return { ...parsed, values: withRows(body) };
  const errors: FormErrors = {};
  const fields = parsed.value;
  const costs = costsOf(fields, errors);
  const { income, total } = fields;
  if (income === null) errors.income = "repayment.plan.income.missing";
  if (total === null) errors.total = "repayment.plan.total.missing";
  const owedOn = fields.owedOn ?? today;
  if (owedOn > today) errors.owedOn = "ledger.day.future";
  const leftOver = (income ?? 0) - costs.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const facts: PlanFacts = {
    currency: fields.currency,
    totalMinor: total ?? 0,
    owedOn,
    incomeMinor: income ?? 0,
    incomeWords: fields.incomeWords,
    costs,
    // Nothing written: what is left over, as far as there is anything to pay back.
    offerMinor: fields.offer ?? Math.max(0, leftOver),
    every: fields.every,
    firstOn: fields.firstOn ?? nextMonth(today),
    note: fields.note,
  };
  if (facts.firstOn < owedOn) errors.firstOn ??= "repayment.plan.firstOn.early";
  if (facts.offerMinor > 0 && facts.totalMinor > 0) {
    const count = countOf({ totalMinor: facts.totalMinor, instalmentMinor: facts.offerMinor });
    if (count > MOST_INSTALMENTS)
      errors.offer ??= { key: "repayment.plan.offer.endless", params: { count, most: MOST_INSTALMENTS } };
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors, values: withRows(body) } : { ok: true, value: facts };
}

/** The rows that say anything; a row of words without an amount, or the other way round, is a mistake at that row. */
function costsOf(
  { costWords, costAmount }: { costWords: string[]; costAmount: string[] },
  errors: FormErrors,
): PlanFacts["costs"] {
  if (costWords.length > MOST_COSTS || costAmount.length > MOST_COSTS)
    errors["costWords-0"] = { key: "repayment.plan.costs.many", params: { max: MOST_COSTS } };
  const rows = Math.min(MOST_COSTS, Math.max(costWords.length, costAmount.length));
  return Array.from({ length: rows }, (_, row) => row).flatMap((row) => {
    const words = costWords[row] ?? "";
    const read = amount.safeParse(costAmount[row] ?? "");
    if (!read.success) {
      errors[`costAmount-${row}`] = "cases.debt.amount.invalid";
      return [];
    }
    // A suggested name without an amount is not a cost.
    if (read.data === null) return [];
    if (words === "") {
      errors[`costWords-${row}`] = "repayment.plan.costs.nameless";
      return [];
    }
    return [{ words, amountMinor: read.data }];
  });
}

/** What was sent, with the costs as lists of equal length under plain names: a browser sends one row as a string. */
export function withRows(body: unknown): FormValues & { costWords: string[]; costAmount: string[] } {
  const values = formValues(body);
  const [words, amounts] = [[values["costWords[]"] ?? []].flat(), [values["costAmount[]"] ?? []].flat()];
  const rows = Math.max(words.length, amounts.length);
  const filled = (list: string[]) => Array.from({ length: rows }, (_, row) => list[row] ?? "");
  return { ...values, costWords: filled(words), costAmount: filled(amounts) };
}

/** The same form with more empty rows. */
export function moreRows(values: ReturnType<typeof withRows>): FormValues {
  const empty = Array.from({ length: FRESH_ROWS }, () => "");
  return { ...values, costWords: [...values.costWords, ...empty], costAmount: [...values.costAmount, ...empty] };
}

/** A new form: from the plan before, or with the costs most people have as names. */
export function planValues(
  before: PlanFacts | null,
  fresh: { currency: string; totalMinor: number | null; today: string; names: readonly string[] },
): FormValues {
  if (before === null) {
    return {
      currency: fresh.currency,
      total: amountText(fresh.totalMinor),
      owedOn: fresh.today,
      firstOn: nextMonth(fresh.today),
      every: "month",
      costWords: [...fresh.names, ""],
      costAmount: [...fresh.names.map(() => ""), ""],
    };
  }
  return {
    currency: before.currency,
    income: amountText(before.incomeMinor),
    incomeWords: before.incomeWords ?? "",
    costWords: [...before.costs.map(({ words }) => words), "", ""],
    costAmount: [...before.costs.map(({ amountMinor }) => amountText(amountMinor)), "", ""],
    offer: amountText(before.offerMinor),
    every: before.every,
    firstOn: before.firstOn < fresh.today ? nextMonth(fresh.today) : before.firstOn,
    total: amountText(fresh.totalMinor ?? before.totalMinor),
    owedOn: fresh.today,
    note: before.note ?? "",
  };
}

const nextMonth = (today: string): string => Temporal.PlainDate.from(today).add({ months: 1 }).toString();
