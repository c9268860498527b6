/**
 * Which codes of conduct fit a case, and why: by the country (or the time zone), the kind of lender and who collects. Pure.
 * Next: pages.ts shows the reasons where a case's codes are chosen.
 */
import type { LenderKind, RespondentKind } from "../cases/case.ts";
import type { Code } from "../conduct/code.ts";

/** What a suggestion looks at; whatever is absent or null is not known. */
export interface Suited {
  country: string | null;
  zone?: string | undefined;
  lenderKind: LenderKind;
  respondentKind?: RespondentKind | undefined;
}

/** A sentence: a key of words under `codes.choose.reason`, and its values. `lender` also wants the kind's name. */
export interface Reason {
  key: "country" | "zone" | "lender" | "lenderUnknown" | "respondent" | "respondentNot" | "elsewhere";
  params: Record<string, string>;
}

export interface Suggestion {
  code: Code;
  suggested: boolean;
  reasons: Reason[];
}

/** Every code, the fitting ones first. */
export function suggestCodes(codes: readonly Code[], suited: Suited): Suggestion[] {
  return codes
    .map((code) => suggestion(code, suited))
    .sort((a, b) => Number(b.suggested) - Number(a.suggested) || (a.code.id < b.code.id ? -1 : 1));
}

function suggestion(code: Code, suited: Suited): Suggestion {
  const place = placeReason(code, suited);
  if (place === null) return { code, suggested: false, reasons: [{ key: "elsewhere", params: {} }] };
  const reasons: Reason[] = [place];
  if (suited.lenderKind === "unknown") reasons.push({ key: "lenderUnknown", params: {} });
  else if (bindsLender(code, suited.lenderKind)) reasons.push({ key: "lender", params: { kind: suited.lenderKind } });
  const respondents = Object.values(code.sources).flatMap((source) => source.respondentKinds ?? []);
  if (respondents.length > 0 && suited.respondentKind !== undefined && suited.respondentKind !== "unknown") {
    reasons.push({ key: respondents.includes(suited.respondentKind) ? "respondent" : "respondentNot", params: {} });
  }
  return { code, suggested: true, reasons };
}

/** The country said decides; without one the time zone does. */
function placeReason(code: Code, { country, zone }: Suited): Reason | null {
  if (country !== null) {
    return country === code.jurisdiction.slice(0, 2) ? { key: "country", params: { country } } : null;
  }
  if (zone === undefined) return null;
  return zonesOf(code.jurisdiction.slice(0, 2)).includes(zone) ? { key: "zone", params: { zone } } : null;
}

function bindsLender(code: Code, kind: LenderKind): boolean {
  return code.rules.some((rule) => {
    const kinds = rule.lenderKinds ?? code.sources[rule.source]?.lenderKinds;
    return rule.on && kinds?.includes(kind) === true;
  });
}

/** The time zones of a country (ISO 3166 alpha-2) by the Unicode data of the runtime. */
function zonesOf(country: string): string[] {
  const locale = new Intl.Locale("und", { region: country }) as Intl.Locale & { getTimeZones?: () => string[] };
  return locale.getTimeZones?.() ?? [];
}
