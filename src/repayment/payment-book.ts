/** Payments as entries of the ledger: their form, and how one is told. Next: figure-book.ts is the lender's side. */
import { z } from "zod";
import { amount, currencies } from "../cases/form.ts";
import { money } from "../cases/pages.ts";
import type { Book } from "../ledger/entry.ts";
import { amountText, day, line, pastDay } from "../ledger/fields.ts";
import { type FormErrors, formValues, optional, parseForm } from "../web/forms.ts";
import { debtField, debtRow } from "./debt-field.ts";
import { PaymentFacts, paidBy } from "./payment.ts";

const PaymentForm = z.object({
  amount,
  currency: z.enum(currencies).default("CNY"),
  paidOn: day,
  how: z.enum(paidBy).default("transfer"),
  words: line,
  debt: optional(z.string().max(100)).transform((value) => value ?? null),
});

export const paymentBook: Book<PaymentFacts> = {
  kind: "payment",
  facts: PaymentFacts,
  dayOf: ({ paidOn }) => paidOn,

  parse(body, context) {
    const parsed = parseForm(PaymentForm, body);
    if (!parsed.ok) return parsed;
    const errors: FormErrors = {};
    const { amount: amountMinor, currency, how, words, debt } = parsed.value;
    if (amountMinor === null || amountMinor === 0) errors.amount = "repayment.amount.missing";
    const facts: PaymentFacts = {
      paidOn: pastDay(errors, "paidOn", parsed.value.paidOn, context.today),
      amountMinor: amountMinor ?? 0,
      currency,
      how,
      words,
      debtId: debtField(errors, debt, context.debts),
    };
    return Object.keys(errors).length > 0
      ? { ok: false, errors, values: formValues(body) }
      : { ok: true, value: facts };
  },

  fresh: ({ today, currency }) => ({ paidOn: today, currency, how: "transfer" }),

  values: ({ paidOn, amountMinor, currency, how, words, debtId }) => ({
    amount: amountText(amountMinor),
    currency,
    paidOn,
    how,
    words: words ?? "",
    debt: debtId ?? "",
  }),

  summary: ({ amountMinor, currency }, { format }) => money(format, amountMinor, currency),

  lines: ({ how, words, debtId }, { t, debts }) => [
    [t(`repayment.how.${how}`), words, debtRow(t, debtId, debts)[0]?.value ?? null]
      .filter((part) => part !== null)
      .join(" · "),
  ],

  rows: ({ paidOn, amountMinor, currency, how, words, debtId }, { t, format, debts }) => [
    { label: t("repayment.told.amount"), value: money(format, amountMinor, currency) },
    { label: t("repayment.told.paidOn"), value: format.day(paidOn) },
    { label: t("repayment.told.how"), value: t(`repayment.how.${how}`) },
    ...(words === null ? [] : [{ label: t("repayment.told.words"), value: words, words: true }]),
    ...debtRow(t, debtId, debts),
  ],
};
