/** Requests to the lender as entries of the ledger: their form, and how one is told. */
import { z } from "zod";
import { amount, currencies } from "../cases/form.ts";
import { money } from "../cases/pages.ts";
import type { Book, BookContext, BookWords, FactRow } from "../ledger/entry.ts";
import { amountText, day, humanNumber, line, notAfter, notBefore, pastDay, text } from "../ledger/fields.ts";
import { type FormErrors, type FormValues, formValues, many, optional, parseForm } from "../web/forms.ts";
import { RequestFacts, answers, asks, requestChannels } from "./request.ts";

const RequestForm = z.object({
  asks: many(z.enum(asks)).refine((chosen) => chosen.length > 0, { error: "negotiation.asks.missing" }),
  askedOn: day,
  askedTime: optional(
    z
      .string()
      .transform((value) => value.normalize("NFKC").trim())
      .pipe(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "negotiation.time.invalid" })),
  ).transform((value) => value ?? null),
  channel: optional(z.enum(requestChannels)).transform((value) => value ?? null),
  toWhom: line,
  words: text,
  amount,
  currency: z.enum(currencies).default("CNY"),
  untilOn: day,
  instalments: optional(
    z
      .string()
      .transform((value) => value.normalize("NFKC").trim())
      .pipe(z.string().regex(/^[1-9]\d{0,2}$/, { error: "negotiation.instalments.invalid" }))
      .transform(Number),
  ).transform((value) => value ?? null),
  answer: z.enum(answers).default("none"),
  answeredOn: day,
  answerWords: text,
  promise: text,
  promisedOn: day,
  kept: optional(z.enum(["yes", "no", "unknown"])).transform((value) =>
    value === undefined || value === "unknown" ? null : value,
  ),
  keptOn: day,
  notice: humanNumber,
  incident: humanNumber,
});

export const requestBook: Book<RequestFacts> = {
  kind: "request",
  facts: RequestFacts,
  dayOf: ({ askedOn }) => askedOn,

  parse(body, context) {
    const parsed = parseForm(RequestForm, body);
    if (!parsed.ok) return parsed;
    const errors: FormErrors = {};
    const { amount: amountMinor, currency, ...fields } = parsed.value;
    const facts: RequestFacts = {
      ...fields,
      askedOn: pastDay(errors, "askedOn", fields.askedOn, context.today),
      amountMinor,
      currency: amountMinor === null ? null : currency,
    };
    checkOrder(facts, context, errors);
    return Object.keys(errors).length > 0
      ? { ok: false, errors, values: formValues(body) }
      : { ok: true, value: facts };
  },

  fresh: ({ today, currency }, query) => ({
    askedOn: today,
    currency,
    answer: "none",
    kept: "unknown",
    asks: asks.filter((ask) => [query.asks ?? []].flat().includes(ask)),
    notice: given(query.notice),
    incident: given(query.incident),
  }),

  values: (facts) => ({
    asks: facts.asks,
    askedOn: facts.askedOn,
    askedTime: facts.askedTime ?? "",
    channel: facts.channel ?? "",
    toWhom: facts.toWhom ?? "",
    words: facts.words ?? "",
    amount: amountText(facts.amountMinor),
    currency: facts.currency ?? "CNY",
    untilOn: facts.untilOn ?? "",
    instalments: facts.instalments === null ? "" : String(facts.instalments),
    answer: facts.answer,
    answeredOn: facts.answeredOn ?? "",
    answerWords: facts.answerWords ?? "",
    promise: facts.promise ?? "",
    promisedOn: facts.promisedOn ?? "",
    kept: facts.kept ?? "unknown",
    keptOn: facts.keptOn ?? "",
    notice: facts.notice === null ? "" : String(facts.notice),
    incident: facts.incident === null ? "" : String(facts.incident),
  }),

  summary: ({ asks: chosen }, { t, format }) => format.list(chosen.map((ask) => t(`negotiation.asks.${ask}`))),

  lines(facts, words) {
    const { t, format } = words;
    const { channel, toWhom } = facts;
    return [
      [channel === null ? null : t(`negotiation.channel.${channel}`), toWhom, askedWords(facts, words)]
        .filter((part) => part !== null)
        .join(" · "),
      [t(`negotiation.answer.${facts.answer}`), facts.answeredOn === null ? null : format.date(facts.answeredOn)]
        .filter((part) => part !== null)
        .join(" · "),
      facts.promise === null
        ? ""
        : t("negotiation.line.promise", { promise: facts.promise, kept: keptWords(facts, words) }),
    ].filter((one) => one !== "");
  },

  rows(facts, words, caseId) {
    const { t, format } = words;
    const label = (field: string) => t(`negotiation.told.${field}`);
    const date = (field: string, on: string | null): FactRow[] =>
      on === null ? [] : [{ label: label(field), value: format.day(on) }];
    const own = (field: string, said: string | null): FactRow[] =>
      said === null ? [] : [{ label: label(field), value: said, words: true }];
    const link = (field: "notice" | "incident", n: number | null): FactRow[] =>
      n === null
        ? []
        : [
            {
              label: label(field),
              value: t(`evidence.subject.${field}`, { number: n }),
              href: `/cases/${caseId}/${field}s/${n}`,
            },
          ];
    const { channel, askedTime } = facts;
    const asked = askedWords(facts, words);
    return [
      { label: label("asks"), value: requestBook.summary(facts, words) },
      {
        label: label("askedOn"),
        value: [format.day(facts.askedOn), askedTime].filter((part) => part !== null).join(" "),
      },
      ...(channel === null ? [] : [{ label: label("channel"), value: t(`negotiation.channel.${channel}`) }]),
      ...own("toWhom", facts.toWhom),
      ...own("words", facts.words),
      ...(asked === null ? [] : [{ label: label("asked"), value: asked }]),
      { label: label("answer"), value: t(`negotiation.answer.${facts.answer}`) },
      ...date("answeredOn", facts.answeredOn),
      ...own("answerWords", facts.answerWords),
      ...own("promise", facts.promise),
      ...date("promisedOn", facts.promisedOn),
      ...(facts.promise === null && facts.kept === null
        ? []
        : [{ label: label("kept"), value: keptWords(facts, words) }]),
      ...link("notice", facts.notice),
      ...link("incident", facts.incident),
    ];
  },
};

function checkOrder(facts: RequestFacts, context: BookContext, errors: FormErrors): void {
  notAfter(errors, "answeredOn", facts.answeredOn, context.today);
  notBefore(errors, "answeredOn", facts.answeredOn, facts.askedOn);
  notBefore(errors, "promisedOn", facts.promisedOn, facts.askedOn);
  notAfter(errors, "keptOn", facts.keptOn, context.today);
  notBefore(errors, "keptOn", facts.keptOn, facts.askedOn);
  if (facts.answer === "none" && facts.answeredOn !== null) errors.answer = "negotiation.answer.dated";
  if (facts.keptOn !== null && facts.kept === null) errors.kept = "negotiation.kept.dated";
  if (facts.notice !== null && !context.notices.has(facts.notice)) errors.notice = "negotiation.notice.unknown";
  if (facts.incident !== null && !context.hasIncident(facts.incident)) errors.incident = "negotiation.incident.unknown";
}

/** "500.00 a time, in 12 instalments, until 5 Mar 2027"; null when nothing in numbers was asked. */
function askedWords(facts: RequestFacts, { t, format }: BookWords): string | null {
  const parts = [
    facts.amountMinor === null || facts.currency === null ? null : money(format, facts.amountMinor, facts.currency),
    facts.instalments === null ? null : t("negotiation.line.instalments", { count: facts.instalments }),
    facts.untilOn === null ? null : t("negotiation.line.until", { day: format.date(facts.untilOn) }),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(t("negotiation.line.join"));
}

function keptWords({ kept, keptOn }: RequestFacts, { t, format }: BookWords): string {
  const word = t(`negotiation.kept.${kept ?? "unknown"}`);
  return keptOn === null ? word : t("negotiation.line.keptOn", { kept: word, day: format.date(keptOn) });
}

const given = (value: FormValues[string] | undefined): string =>
  typeof value === "string" && /^\d{1,9}$/.test(value) ? value : "";
