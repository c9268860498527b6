/**
 * Which codes of conduct fit a case, and why: by where the borrower lives (or the time zone), the kind of lender and who collects. A code
 * that another fitting one includes is not suggested beside it. Pure. Next: choose-page.ts shows the reasons.
 */
import type { LenderKind, RespondentKind } from "../cases/case.ts";
import type { Code, Rule } from "../conduct/code.ts";
import { expandCodes } from "./includes.ts";

/** What a suggestion looks at; whatever is absent or null is not known. */
export interface Suited {
  country: string | null;
  zone?: string | undefined;
  lenderKind: LenderKind;
  respondentKind?: RespondentKind | undefined;
}

/** A sentence: a key of words under `codes.choose.reason`, and its values. `lender` also wants the kind's name, `includedIn` the code's. */
export interface Reason {
  key:
    | "country"
    | "zone"
    | "lender"
    | "lenderUnknown"
    | "lenderNot"
    | "noneJudged"
    | "everybody"
    | "respondent"
    | "respondentUnknown"
    | "respondentNot"
    | "includedIn"
    | "elsewhere";
  params: Record<string, string>;
}

export interface Suggestion {
  code: Code;
  suggested: boolean;
  reasons: Reason[];
}

/** Every code, the fitting ones first. */
export function suggestCodes(codes: readonly Code[], suited: Suited): Suggestion[] {
  const find = (id: string) => codes.find((code) => code.id === id);
  const fits = codes.map((code) => fit(code, suited));
  /** By each included code, the fitting code that includes it. */
  const includedIn = new Map<string, string>();
  for (const { code, suggested } of fits)
    if (suggested)
      for (const { id } of expandCodes(code.includes ?? [], find)) if (!includedIn.has(id)) includedIn.set(id, code.id);
  return fits
    .map(({ code, suggested, reasons }) => {
      const includer = includedIn.get(code.id);
      if (!suggested || includer === undefined) return { code, suggested, reasons };
      return { code, suggested: false, reasons: [{ key: "includedIn" as const, params: { code: widest(includer) } }] };
    })
    .sort((a, b) => Number(b.suggested) - Number(a.suggested) || (a.code.id < b.code.id ? -1 : 1));

  /** The code that nothing else includes, at the end of the chain. */
  function widest(id: string): string {
    const next = includedIn.get(id);
    return next === undefined ? id : widest(next);
  }
}

/** Does something that the code itself says, apart from what it includes, reach this case? */
function fit(code: Code, { country, zone, lenderKind, respondentKind = "unknown" }: Suited): Suggestion {
  const place = placeReason(code, country, zone);
  const because = (suggested: boolean, ...reasons: (Reason | null)[]): Suggestion => ({
    code,
    suggested,
    reasons: reasons.filter((reason) => reason !== null),
  });
  if (place === null) return because(false, { key: "elsewhere", params: {} });

  if (!code.rules.some((rule) => rule.on)) return because(false, place, { key: "noneJudged", params: {} });
  const lenders = (rule: Rule) => rule.lenderKinds ?? code.sources[rule.source]?.lenderKinds;
  const respondents = (rule: Rule) => code.sources[rule.source]?.respondentKinds;
  const forLender = code.rules.filter((rule) => rule.on && isAmong(lenderKind, lenders(rule)));
  if (forLender.length === 0) return because(false, place, { key: "lenderNot", params: { kind: lenderKind } });
  const speaking = forLender.filter((rule) => isAmong(respondentKind, respondents(rule)));
  if (speaking.length === 0) return because(false, place, { key: "respondentNot", params: {} });

  const namesLenders = speaking.some((rule) => lenders(rule) !== undefined);
  const namesRespondents = speaking.some((rule) => respondents(rule) !== undefined);
  const lender: Reason | null = namesLenders
    ? { key: lenderKind === "unknown" ? "lenderUnknown" : "lender", params: { kind: lenderKind } }
    : null;
  const respondent: Reason | null = namesRespondents
    ? { key: respondentKind === "unknown" ? "respondentUnknown" : "respondent", params: {} }
    : null;
  return because(true, place, lender, respondent, (lender ?? respondent) ? null : { key: "everybody", params: {} });
}

/** Whoever is not known may be bound. */
const isAmong = (kind: string, kinds: readonly string[] | undefined): boolean =>
  kinds === undefined || kind === "unknown" || kinds.includes(kind);

/** The country said decides; without one the time zone does. */
function placeReason(code: Code, country: string | null, zone: string | undefined): Reason | null {
  const made = code.jurisdiction.slice(0, 2);
  if (country !== null) return country === made ? { key: "country", params: { country } } : null;
  if (zone === undefined) return null;
  return zonesOf(made).some((one) => canonical(one) === canonical(zone)) ? { key: "zone", params: { zone } } : null;
}

/** The time zones of a country (ISO 3166 alpha-2) by the Unicode data of the runtime. */
function zonesOf(country: string): string[] {
  const locale = new Intl.Locale("und", { region: country }) as Intl.Locale & { getTimeZones?: () => string[] };
  return locale.getTimeZones?.() ?? [];
}

/** The runtime knows some zones by two names, such as Asia/Calcutta and Asia/Kolkata. */
const canonical = (zone: string): string =>
  new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
