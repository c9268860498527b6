/** What the lender says is owed, as entries of the ledger: the form, and how one is told. Next: compare.ts. */
import { z } from "zod";
import { amount, currencies } from "../cases/form.ts";
import { money } from "../cases/pages.ts";
import type { Book } from "../ledger/entry.ts";
import { amountText, day, line, pastDay } from "../ledger/fields.ts";
import { type FormErrors, formValues, optional, parseForm } from "../web/forms.ts";
import { partsDifference } from "./compare.ts";
import { debtField, debtRow } from "./debt-field.ts";
import { FigureFacts, figureParts, figureSources } from "./payment.ts";

const FigureForm = z.object({
  amount,
  currency: z.enum(currencies).default("CNY"),
  asOf: day,
  source: z.enum(figureSources).default("app"),
  words: line,
  principal: amount,
  interest: amount,
  fees: amount,
  debt: optional(z.string().max(100)).transform((value) => value ?? null),
});

export const figureBook: Book<FigureFacts> = {
  kind: "figure",
  facts: FigureFacts,
  dayOf: ({ asOf }) => asOf,

  parse(body, context) {
    const parsed = parseForm(FigureForm, body);
    if (!parsed.ok) return parsed;
    const errors: FormErrors = {};
    const { amount: amountMinor, currency, source, words, principal, interest, fees, debt } = parsed.value;
    if (amountMinor === null) errors.amount = "repayment.figure.missing";
    const facts: FigureFacts = {
      asOf: pastDay(errors, "asOf", parsed.value.asOf, context.today),
      amountMinor: amountMinor ?? 0,
      currency,
      source,
      words,
      parts: { principal, interest, fees },
      debtId: debtField(errors, debt, context.debts),
    };
    return Object.keys(errors).length > 0
      ? { ok: false, errors, values: formValues(body) }
      : { ok: true, value: facts };
  },

  fresh: ({ today, currency }) => ({ asOf: today, currency, source: "app" }),

  values: ({ asOf, amountMinor, currency, source, words, parts, debtId }) => ({
    amount: amountText(amountMinor),
    currency,
    asOf,
    source,
    words: words ?? "",
    principal: amountText(parts.principal),
    interest: amountText(parts.interest),
    fees: amountText(parts.fees),
    debt: debtId ?? "",
  }),

  summary: ({ amountMinor, currency }, { format }) => money(format, amountMinor, currency),

  lines: (facts, { t, format, debts }) =>
    [
      [t(`repayment.source.${facts.source}`), facts.words, debtRow(t, facts.debtId, debts)[0]?.value ?? null]
        .filter((part) => part !== null)
        .join(" · "),
      figureParts
        .flatMap((part) => {
          const minor = facts.parts[part];
          return minor === null ? [] : [`${t(`repayment.part.${part}`)} ${money(format, minor, facts.currency)}`];
        })
        .join(" · "),
    ].filter((one) => one !== ""),

  rows(facts, { t, format, debts }) {
    const apart = partsDifference(facts);
    return [
      { label: t("repayment.told.figure"), value: money(format, facts.amountMinor, facts.currency) },
      { label: t("repayment.told.asOf"), value: format.day(facts.asOf) },
      { label: t("repayment.told.source"), value: t(`repayment.source.${facts.source}`) },
      ...(facts.words === null ? [] : [{ label: t("repayment.told.words"), value: facts.words, words: true }]),
      ...figureParts.flatMap((part) => {
        const minor = facts.parts[part];
        return minor === null
          ? []
          : [{ label: t(`repayment.part.${part}`), value: money(format, minor, facts.currency) }];
      }),
      ...(apart === null || apart === 0
        ? []
        : [
            {
              label: t("repayment.told.parts"),
              value: t("repayment.parts.differ", { amount: money(format, Math.abs(apart), facts.currency) }),
            },
          ]),
      ...debtRow(t, facts.debtId, debts),
    ];
  },
};
