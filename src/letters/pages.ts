/** What the templates under views/letters print. It must not know requests or SQL. Next: routes.ts. */
import { money } from "../cases/pages.ts";
import type { Case } from "../cases/case.ts";
import { ruleHref } from "../codes/pages.ts";
import type { PrivateFind } from "../complaints/private-data.ts";
import { debtName } from "../notices/pages.ts";
import type { Format } from "../web/format.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { type Ground, citedClause, suggestedBasis } from "./basis.ts";
import { citation } from "./compose.ts";
import type { CaseForLetters } from "./gather.ts";
import { type Letter, type LetterFacts, localesOf, powers } from "./letter.ts";
import { type Block, blocksOf } from "./paper.ts";
import { type Asked, type LetterKind, type Template, letterKinds, suitOf } from "./template.ts";

export interface Reader {
  t: Translate;
  format: Format;
  locale: Locale;
}
type Templates = ReadonlyMap<LetterKind, Template>;

export interface LettersPage {
  title: string;
  caseId: string;
  mayEdit: boolean;
  removed: { text: string; action: string } | null;
  rows: { number: number; href: string; name: string; state: string; sent: boolean }[];
}

export function lettersPage(
  { t, format, locale }: Reader,
  caseId: string,
  letters: readonly Letter[],
  templates: Templates,
  parts: { mayEdit: boolean; removed: Letter | null },
): LettersPage {
  const { mayEdit, removed } = parts;
  return {
    title: t("letters.list.title"),
    caseId,
    mayEdit,
    removed:
      removed === null
        ? null
        : {
            text: t("letters.list.removed", { number: removed.number }),
            action: `/cases/${caseId}/letters/${removed.number}/restoration`,
          },
    rows: letters.map(({ number, kind, sent, facts, updatedAt }) => ({
      number,
      href: `/cases/${caseId}/letters/${number}`,
      name: templates.get(kind)!.name[locale],
      state:
        sent === null
          ? t("letters.list.draft", { date: format.date(facts.writtenOn), saved: format.shortInstant(updatedAt) })
          : t("letters.list.sent", { date: format.date(sent.on), how: t(`letters.way.${sent.how}`) }),
      sent: sent !== null,
    })),
  };
}

export interface KindPage {
  title: string;
  caseId: string;
  errors: FormErrors;
  kinds: { value: string; text: string; use: string; note: string; fits: "yes" | "partly" }[];
}

export function kindPage({ t, locale }: Reader, matter: Case, templates: Templates, errors: FormErrors): KindPage {
  return {
    title: t("letters.new.title"),
    caseId: matter.id,
    errors,
    kinds: letterKinds.map((kind) => {
      const template = templates.get(kind)!;
      const { fits, note } = suitOf(template, matter);
      return { value: kind, text: template.name[locale], use: template.use[locale], note: note[locale], fits };
    }),
  };
}

interface Choice {
  value: string;
  text: string;
  hint?: string;
}
export interface FactsPage {
  title: string;
  caption: string;
  caseId: string;
  /** Null for a new one. */
  number: number | null;
  kind: LetterKind;
  use: string;
  note: string;
  asks: readonly Asked[];
  debts: Choice[];
  findings: Choice[];
  earlier: Choice[];
  grounds: (Choice & { href: string; strength: string })[];
  powers: Choice[];
  names: string[];
  plan: string | null;
  edited: boolean;
  values: FormValues;
  errors: FormErrors;
}

export function factsPage(
  { t, format, locale }: Reader,
  known: CaseForLetters,
  template: Template,
  parts: { letter: Letter | null; writtenOn: string; values: FormValues; errors: FormErrors },
): FactsPage {
  const { matter, plan } = known;
  const name = template.name[locale];
  const { letter } = parts;
  return {
    title: name,
    caption: letter === null ? t("letters.new.title") : t("letters.name", { number: letter.number }),
    caseId: matter.id,
    number: letter?.number ?? null,
    kind: template.kind,
    use: template.use[locale],
    note: suitOf(template, matter).note[locale],
    asks: template.asks,
    debts: known.debts.map((debt) => ({ value: debt.id, text: debtName(debt) })),
    findings: known.findings.map(({ rule, title, source, clause, contacts }) => ({
      value: rule,
      text: title[locale],
      hint: `${citation(source[locale], clause, locale)} · ${t("letters.facts.contacts", { count: contacts.length })}`,
    })),
    earlier: known.notices.flatMap(({ number, kind, sentAt, receivedAt }) => {
      const at = sentAt ?? receivedAt;
      const what = t(`notices.kind.${kind}.name`);
      return at === null ? [] : [{ value: String(number), text: `${what} · ${format.date(at)}` }];
    }),
    grounds: known.grounds(template, parts).map((ground) => groundChoice(ground, { t, locale }, matter.id)),
    powers: powers.map((power) => ({ value: power, text: t(`letters.power.${power}`) })),
    names: [...new Set([matter.lender, ...known.collectors.map((one) => one.name)])].filter((one) => one !== ""),
    plan:
      plan === null || !template.asks.includes("plan")
        ? null
        : t("letters.facts.fromPlan", {
            number: plan.number,
            amount: money(format, plan.facts.offerMinor, plan.facts.currency),
          }),
    edited: letter?.edited ?? false,
    values: parts.values,
    errors: parts.errors,
  };
}

function groundChoice(
  { code, source, rule, strength, maybe }: Ground,
  { t, locale }: Pick<Reader, "t" | "locale">,
  caseId: string,
) {
  const remarks = [
    citation(source.title[locale], rule.clause, locale),
    citedClause(rule.clause) === null ? t("letters.facts.clauseUnverified") : null,
    maybe ? t("letters.facts.maybe") : null,
  ];
  return {
    value: rule.id,
    text: rule.title[locale],
    hint: remarks.filter((part) => part !== null).join(" · "),
    href: ruleHref(code.id, rule.id, caseId),
    strength,
  };
}

/** Countries whose letters are Chinese unless told otherwise. */
const chinese = new Set(["CN", "HK", "TW"]);
const currencyOf: Record<string, string> = { CN: "CNY", US: "USD", GB: "GBP", IN: "INR", PH: "PHP", ID: "IDR", HK: "HKD", MY: "MYR", SG: "SGD", TW: "TWD", KE: "KES", NG: "NGN" }; // prettier-ignore

/** What a new letter says before anybody touched it. */
export function firstFacts(
  known: CaseForLetters,
  template: Template,
  parts: { today: string; dayOf: (at: number) => string },
): LetterFacts {
  const { matter, plan, contacts, debts } = known;
  const agency = known.collectors.find(({ kind }) => kind !== "lender")?.name;
  const country = matter.country ?? "";
  const asks = (what: Asked) => template.asks.includes(what);
  const offered = asks("plan") && plan !== null && plan.facts.offerMinor > 0 ? plan : null;
  return {
    language: chinese.has(country) ? "zh-CN" : "en",
    writtenOn: parts.today,
    recipient: template.to === "nobody" ? "" : ((template.to === "collector" ? agency : undefined) ?? matter.lender),
    sender: matter.borrower,
    debt: debts.length === 1 ? debts[0]!.id : null,
    days: template.days,
    startDays: template.startDays,
    replyTo: null,
    findings: asks("findings") ? known.findings.map(({ rule }) => rule) : [],
    earlier: [],
    basis: suggestedBasis(known.grounds(template, { writtenOn: parts.today }), template),
    story: null,
    wish: null,
    hours: [],
    places: [],
    channels: [],
    instead: null,
    advocate: null,
    advocateContact: null,
    powers: asks("powers") ? [...powers] : [],
    validFrom: asks("validity") ? parts.today : null,
    validUntil: null,
    disputed: null,
    reason: null,
    deferUntil: null,
    amountMinor: offered?.facts.offerMinor ?? null,
    currency: offered?.facts.currency ?? debts[0]?.currency ?? currencyOf[country] ?? "USD",
    every: offered?.facts.every ?? "month",
    payFrom: offered?.facts.firstOn ?? null,
    // The last instalment of a plan is often smaller: then the number alone would promise too much.
    instalments: offered !== null && offered.schedule.every(({ amountMinor }) => amountMinor === offered.facts.offerMinor) ? offered.schedule.length || null : null, // prettier-ignore
    periodFrom: asks("period") && contacts !== null ? parts.dayOf(contacts.first) : null,
    periodTo: asks("period") && contacts !== null ? parts.dayOf(contacts.last) : null,
  };
}

export interface TextPage {
  title: string;
  caption: string;
  caseId: string;
  number: number;
  locales: Locale[];
  warnings: { kind: string; text: string }[];
  values: FormValues;
  errors: FormErrors;
}

export interface ShowPage {
  title: string;
  caption: string;
  caseId: string;
  number: number;
  removed: boolean;
  mayEdit: boolean;
  sheets: { lang: Locale; title: string; recipient: string; sender: string; date: string; blocks: Block[] }[];
  bare: boolean;
  isNotice: boolean;
  warnings: { kind: string; text: string }[];
  sent: { rows: { label: string; value: string }[]; notices: { number: number; href: string }[]; exhibits: { name: string; href: string }[] } | null; // prettier-ignore
  saved: boolean;
}

export const warningsOf = (t: Translate, found: readonly PrivateFind[]): { kind: string; text: string }[] =>
  found.map(({ kind, text }) => ({ kind: t(`complaints.private.${kind}`), text }));

export function showPage(
  { t, format, locale }: Reader,
  caseId: string,
  letter: Letter,
  template: Template,
  parts: { mayEdit: boolean; saved: boolean; cited: number; warnings: readonly PrivateFind[] },
): ShowPage {
  const { sent } = letter;
  return {
    title: template.name[locale],
    caption: t("letters.name", { number: letter.number }),
    caseId,
    number: letter.number,
    removed: letter.removedAt !== null,
    mayEdit: parts.mayEdit,
    sheets: localesOf(letter.facts.language).flatMap((lang) => {
      const text = letter.texts[lang];
      return text === undefined ? [] : [{ lang, ...text, blocks: blocksOf(text.body) }];
    }),
    bare:
      sent === null && parts.cited === 0 && template.kind !== "lender-complaint" && template.kind !== "authorisation",
    isNotice: template.notices.length > 0,
    warnings: sent === null ? warningsOf(t, parts.warnings) : [],
    sent:
      sent === null
        ? null
        : {
            rows: [
              { label: t("letters.sent.on"), value: format.longDay(sent.on) },
              { label: t("letters.sent.how"), value: t(`letters.way.${sent.how}`) },
              { label: t("letters.sent.pdf"), value: sent.pdf },
              { label: t("letters.sent.docx"), value: sent.docx },
            ],
            notices: sent.notices.map((number) => ({ number, href: `/cases/${caseId}/notices/${number}` })),
            exhibits: sent.exhibits.map((name) => ({ name, href: `/cases/${caseId}/evidence/${name}` })),
          },
    saved: parts.saved,
  };
}
