/**
 * The words of a letter in one language, from its template and its facts: only what the case or the person says. Pure: words and formats
 * are handed in. Next: paper.ts reads the body again.
 */
import { money } from "../cases/pages.ts";
import type { Case, Debt } from "../cases/case.ts";
import { clauseIn } from "../codes/clause.ts";
import type { Precision } from "../conduct/vocabulary.ts";
import { formatter } from "../web/format.ts";
import { type Locale, translator } from "../web/locale.ts";
import { type Ground, citedClause } from "./basis.ts";
import { type LetterFacts, type LetterText, daysAfter, lastPayment } from "./letter.ts";
import type { ListName, Paragraph, Template } from "./template.ts";

export interface ToldRule {
  rule: string;
  title: Record<Locale, string>;
  source: Record<Locale, string>;
  clause: string;
  strength: string;
  contacts: { happenedAt: number; precision: Precision }[];
}

/** What the case gives beside the facts of the letter itself. */
export interface Material {
  matter: Case;
  debt: Debt | null;
  contacts: { count: number; first: number; last: number } | null;
  /** The chosen ones only. */
  findings: ToldRule[];
  earlier: { kind: string; at: number }[];
  grounds: Ground[];
}

/** Moments listed one by one for a rule; more are counted. */
const MOST_MOMENTS = 20;

type Facts = Record<string, string | null>;

export function composeLetter(template: Template, facts: LetterFacts, material: Material, locale: Locale): LetterText {
  const single = singleFacts(facts, material, locale);
  const repeated = listFacts(facts, material, locale);
  const written = template.paragraphs.flatMap((paragraph) => {
    const known = (name: string) => (single[name] ?? null) !== null || (repeated[name as ListName] ?? []).length > 0;
    if (paragraph.when !== undefined && !known(paragraph.when)) return [];
    if (paragraph.unless !== undefined && known(paragraph.unless)) return [];
    const rows = paragraph.each === undefined ? [{}] : repeated[paragraph.each];
    return rows.flatMap((row) => fill(paragraph, { ...single, ...row }, locale));
  });
  // A heading with nothing below it says nothing.
  const kept = written.filter(({ as }, at) => as !== "heading" || (written[at + 1]?.as ?? "heading") !== "heading");
  return {
    title: template.title[locale],
    recipient: facts.recipient,
    sender: facts.sender,
    date: longDate(locale, facts.writtenOn),
    body: bodyOf(kept),
  };
}

interface Written {
  as: Paragraph["as"];
  text: string;
}

function fill(paragraph: Paragraph, facts: Facts, locale: Locale): Written[] {
  const words = paragraph[locale];
  if (words === undefined) return [];
  let whole = true;
  const text = words.replace(/{{\s*(\w+)\s*}}/g, (_all, name: string) => {
    const value = facts[name] ?? null;
    if (value === null) whole = false;
    return value ?? "";
  });
  return whole ? [{ as: paragraph.as, text }] : [];
}

/** As people type it: `# ` begins a heading, `- ` an item, an empty line a new paragraph. */
function bodyOf(written: readonly Written[]): string {
  return written
    .map(({ as, text }, at) => {
      const before = at === 0 ? "" : as === "item" && written[at - 1]!.as === "item" ? "\n" : "\n\n";
      return `${before}${as === "heading" ? "# " : as === "item" ? "- " : ""}${text}`;
    })
    .join("");
}

function singleFacts(facts: LetterFacts, { matter, debt, contacts }: Material, locale: Locale): Facts {
  const t = translator(locale);
  const format = formatter(locale, matter.zone);
  const say = (key: string, params: Record<string, unknown> = {}) => t(`letters.write.${key}`, params);
  const date = (day: string | null) => (day === null ? null : longDate(locale, day));
  const list = (items: readonly string[]) => (items.length === 0 ? null : items.join(say("join")));
  const start = daysAfter(facts.writtenOn, facts.startDays);
  const { amountMinor, currency, instalments } = facts;
  const amount = (minor: number) => money(format, minor, currency ?? "CNY");
  const creditor = debt?.creditor ?? matter.lender;
  const named = { creditor, product: debt?.product ?? matter.platform, reference: debt?.reference };
  return {
    borrower: matter.borrower === "" ? null : matter.borrower,
    debt:
      creditor === ""
        ? say("debtUnknown")
        : say("debt", named) +
          (named.product ? say("debtProduct", named) : "") +
          (named.reference ? say("debtReference", named) : ""),
    contactsFrom: contacts === null ? null : longDate(locale, contacts.first, matter.zone),
    contactsTo: contacts === null ? null : longDate(locale, contacts.last, matter.zone),
    contactsCounted:
      contacts === null ? null : say("contacts", { count: contacts.count, n: format.number(contacts.count) }),
    deadline: date(daysAfter(facts.writtenOn, facts.days)),
    days: String(facts.days),
    daysCounted: say("days", { count: facts.days }),
    start: date(start),
    startDays: String(facts.startDays),
    startCounted: say("days", { count: facts.startDays }),
    replyTo: facts.replyTo,
    story: facts.story,
    wish: facts.wish,
    hours: list(facts.hours.map((hours) => say("hours", hours))),
    zone: zoneName(matter.zone, locale),
    places: list(facts.places.map((place) => say(`place.${place}`))),
    channels: list(facts.channels.map((channel) => say(`channel.${channel}`))),
    instead: facts.instead,
    advocate: facts.advocate,
    advocateContact: facts.advocateContact,
    validFrom: date(facts.validFrom),
    validUntil: date(facts.validUntil),
    disputed: facts.disputed,
    reason: facts.reason,
    deferUntil: date(facts.deferUntil),
    affordable: amountMinor === null ? null : amount(amountMinor),
    every: say(`every.${facts.every}`),
    payFrom: date(facts.payFrom),
    instalments: instalments === null ? null : String(instalments),
    payUntil: date(lastPayment(facts)),
    planTotal: amountMinor === null || instalments === null ? null : amount(amountMinor * instalments),
    periodFrom: date(facts.periodFrom),
    periodTo: date(facts.periodTo),
  };
}

function listFacts(facts: LetterFacts, material: Material, locale: Locale): Record<ListName, Facts[]> {
  const t = translator(locale);
  const format = formatter(locale, material.matter.zone);
  const strength = (of: string) =>
    locale === "en" ? t(`common.strength.${of}`).toLowerCase() : t(`common.strength.${of}`);
  return {
    findings: material.findings.map((told) => {
      const n = told.contacts.length;
      const moments = told.contacts.slice(0, MOST_MOMENTS).map((one) => format.instant(one.happenedAt, one.precision));
      if (n > MOST_MOMENTS) moments.push(t("letters.write.more", { count: n - MOST_MOMENTS }));
      return {
        counted: t("letters.write.appear", { count: n, n: format.number(n) }),
        title: told.title[locale],
        cite: citation(told.source[locale], told.clause, locale),
        strength: strength(told.strength),
        moments: moments.join(t("letters.write.join")),
      };
    }),
    earlier: material.earlier.map(({ kind, at }) => ({
      date: longDate(locale, at, material.matter.zone),
      what: t(`notices.kind.${kind}.name`),
    })),
    powers: facts.powers.map((power) => ({ power: t(`letters.power.${power}`) })),
    basis: material.grounds.map(({ source, rule, strength: of, maybe }) => ({
      cite: citation(source.title[locale], rule.clause, locale),
      strength: strength(of),
      maybe: maybe ? t("letters.write.maybe") : "",
      says: rule.paraphrase[locale].replace(/[.。]$/, locale === "en" ? "." : "。"),
    })),
  };
}

/** Source and clause as one cites them in this language; a clause that nobody verified is not cited. */
export function citation(title: string, clause: string, locale: Locale): string {
  const cited = citedClause(clauseIn(clause, locale));
  if (cited === null) return title;
  return locale === "en" ? `${title}, ${cited}` : `${title}${/^[第《]/.test(cited) ? "" : " "}${cited}`;
}

function zoneName(zone: string, locale: Locale): string {
  const parts = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    timeZone: zone,
    timeZoneName: "longGeneric",
  }).formatToParts(0);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

/** "24 November 2026": a day, or a moment in a zone. */
function longDate(locale: Locale, when: string | number, zone = "UTC"): string {
  const moment = typeof when === "string" ? Date.parse(`${when}T00:00:00Z`) : when;
  const shape = { day: "numeric", month: "long", year: "numeric", timeZone: zone } as const;
  return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, shape).format(moment);
}
