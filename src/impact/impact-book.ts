/** What it did to the borrower, as entries of the ledger: the form, and how one is told. */
import { z } from "zod";
import { amount, currencies } from "../cases/form.ts";
import { money } from "../cases/pages.ts";
import type { Book, BookWords, FactRow } from "../ledger/entry.ts";
import { amountText, day, line, notAfter, notBefore, pastDay, text } from "../ledger/fields.ts";
import { type FormErrors, formValues, many, parseForm } from "../web/forms.ts";
import { ImpactFacts, areas } from "./impact.ts";

const ImpactForm = z.object({
  area: z.enum(areas, { error: "impact.area.missing" }),
  fromOn: day,
  toOn: day,
  goesOn: many(z.literal("yes")),
  words: text,
  amount,
  currency: z.enum(currencies).default("CNY"),
  bureau: line,
  entry: line,
  disputedOn: day,
  result: text,
  inDossier: many(z.literal("yes")),
});

export const impactBook: Book<ImpactFacts> = {
  kind: "impact",
  facts: ImpactFacts,
  dayOf: ({ fromOn }) => fromOn,

  parse(body, { today }) {
    const parsed = parseForm(ImpactForm, body);
    if (!parsed.ok) return parsed;
    const errors: FormErrors = {};
    const { amount: amountMinor, currency, goesOn, inDossier, ...fields } = parsed.value;
    const facts: ImpactFacts = {
      ...fields,
      fromOn: pastDay(errors, "fromOn", fields.fromOn, today),
      goesOn: goesOn.length > 0,
      amountMinor,
      currency: amountMinor === null ? null : currency,
      inDossier: inDossier.length > 0,
    };
    notAfter(errors, "toOn", facts.toOn, today);
    notBefore(errors, "toOn", facts.toOn, facts.fromOn);
    if (facts.goesOn && facts.toOn !== null) errors.toOn ??= "impact.toOn.goesOn";
    notAfter(errors, "disputedOn", facts.disputedOn, today);
    notBefore(errors, "disputedOn", facts.disputedOn, facts.fromOn);
    if (facts.words === null && facts.entry === null) errors.words = "impact.words.missing";
    return Object.keys(errors).length > 0
      ? { ok: false, errors, values: formValues(body) }
      : { ok: true, value: facts };
  },

  fresh: ({ today, currency }, query) => ({
    area: areas.find((area) => area === query.area) ?? "",
    fromOn: today,
    currency,
  }),

  values: (facts) => ({
    area: facts.area,
    fromOn: facts.fromOn,
    toOn: facts.toOn ?? "",
    goesOn: facts.goesOn ? ["yes"] : [],
    words: facts.words ?? "",
    amount: amountText(facts.amountMinor),
    currency: facts.currency ?? "CNY",
    bureau: facts.bureau ?? "",
    entry: facts.entry ?? "",
    disputedOn: facts.disputedOn ?? "",
    result: facts.result ?? "",
    inDossier: facts.inDossier ? ["yes"] : [],
  }),

  isChosen: ({ inDossier }) => inDossier,

  summary: ({ area }, { t }) => t(`impact.area.${area}`),

  lines: (facts, words) =>
    [
      facts.goesOn || facts.toOn !== null ? stretch(facts, words) : null,
      facts.words,
      [facts.bureau, facts.entry].filter((part) => part !== null).join(" · "),
      facts.disputedOn === null ? null : words.t("impact.line.disputed", { day: words.format.date(facts.disputedOn) }),
      cost(facts, words),
      words.t(facts.inDossier ? "impact.line.inDossier" : "impact.line.private"),
    ]
      .filter((one) => one !== null)
      .filter((one) => one !== ""),

  rows(facts, words) {
    const { t, format } = words;
    const own = (field: string, said: string | null): FactRow[] =>
      said === null ? [] : [{ label: t(`impact.told.${field}`), value: said, words: true }];
    const paid = cost(facts, words);
    return [
      { label: t("impact.told.area"), value: t(`impact.area.${facts.area}`) },
      { label: t("impact.told.when"), value: stretch(facts, words) },
      ...own("words", facts.words),
      ...(paid === null ? [] : [{ label: t("impact.told.amount"), value: paid }]),
      ...own("bureau", facts.bureau),
      ...own("entry", facts.entry),
      ...(facts.disputedOn === null
        ? []
        : [{ label: t("impact.told.disputedOn"), value: format.day(facts.disputedOn) }]),
      ...own("result", facts.result),
      {
        label: t("impact.told.inDossier"),
        value: t(facts.inDossier ? "impact.dossier.yes" : "impact.dossier.no"),
        screenOnly: true,
      },
    ];
  },
};

/** "5 Mar 2027", "5 Mar 2027 to 9 Mar 2027", "since 5 Mar 2027". */
function stretch({ fromOn, toOn, goesOn }: ImpactFacts, { t, format }: BookWords): string {
  if (goesOn) return t("impact.line.since", { from: format.date(fromOn) });
  if (toOn === null || toOn === fromOn) return format.date(fromOn);
  return t("impact.line.between", { from: format.date(fromOn), to: format.date(toOn) });
}

const cost = ({ amountMinor, currency }: ImpactFacts, { format }: BookWords): string | null =>
  amountMinor === null || currency === null ? null : money(format, amountMinor, currency);
