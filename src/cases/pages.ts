/** What the templates under views/cases print. Words are keys; the templates translate them. */
import type { Format } from "../web/format.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import { countries } from "./form.ts";
import type { Case, CaseFacts, Collector, CollectorFacts, Debt, DebtFacts, Fact } from "./case.ts";

export interface Choice {
  value: string;
  text: string;
  hint?: { text: string };
}

/** Two people edited at once: what is stored now beside what this person sent, field by field. */
export interface Conflict {
  by: string;
  at: number;
  fields: { label: string; stored: string; yours: string }[];
}

export interface CaseFormPage {
  title: string;
  action: string;
  back: string;
  values: FormValues;
  errors: FormErrors;
  conflict: Conflict | null;
  /** Absent for a new case. */
  version: number | null;
  countries: Choice[];
  zones: Choice[];
}

export interface SettingsPage {
  title: string;
  caseId: string;
  number: number;
  demo: boolean;
  mayEdit: boolean;
  facts: { label: string; value: string; known: boolean }[];
  debts: { id: string; title: string; lines: string[] }[];
  collectors: { id: string; name: string; kind: string; handles: string[]; note: string | null }[];
  codes: { href: string; title: string }[];
  /** Something just removed, which can be brought back. */
  removed: { text: string; action: string } | null;
  saved: boolean;
}

export interface DebtFormPage {
  title: string;
  caseId: string;
  /** Null for a new one. */
  debtId: string | null;
  version: number | null;
  values: FormValues;
  errors: FormErrors;
  conflict: Conflict | null;
}

export interface CollectorFormPage {
  title: string;
  caseId: string;
  collectorId: string | null;
  version: number | null;
  values: FormValues;
  errors: FormErrors;
  conflict: Conflict | null;
}

export interface DeletionPage {
  title: string;
  caseId: string;
  number: number;
  demo: boolean;
  counts: { incidents: number; evidence: number; notices: number; dossiers: number };
  errors: FormErrors;
}

const word = (fact: Fact): string => (fact === null ? "unknown" : fact ? "yes" : "no");

/** A case as its form shows it. */
export function caseValues(facts: Omit<CaseFacts, "codes">): FormValues {
  return {
    borrower: facts.borrower,
    lender: facts.lender,
    lenderKind: facts.lenderKind,
    respondentKind: facts.respondentKind,
    platform: facts.platform ?? "",
    country: facts.country ?? "other",
    zone: facts.zone,
    pastDueOn: facts.pastDueOn ?? "",
    reachable: word(facts.reachable),
    debtLawful: word(facts.debtLawful),
    employerForbids: word(facts.employerForbids),
  };
}

export function debtValues(facts: DebtFacts): FormValues {
  return {
    creditor: facts.creditor,
    product: facts.product ?? "",
    reference: facts.reference ?? "",
    dueOn: facts.dueOn ?? "",
    amount: facts.amountMinor === null ? "" : (facts.amountMinor / 100).toFixed(2),
    currency: facts.currency ?? "CNY",
    note: facts.note ?? "",
  };
}

export function collectorValues(facts: CollectorFacts): FormValues {
  return {
    name: facts.name,
    kind: facts.kind,
    handles: facts.handles.map(({ value }) => value).join("\n"),
    note: facts.note ?? "",
  };
}

/** The words for a value of a form: a choice by its own words, an empty one as "not known", a date as a date. */
function shown(t: Translate, format: Format, field: string, value: string): string {
  if (value === "") return t("cases.notKnown");
  if (field === "lenderKind" || field === "respondentKind") return t(`cases.${field}.${value}.name`);
  if (field === "kind") return t(`cases.collectorKind.${value}`);
  if (field === "zone") return zoneText(t, value);
  if (field === "country") return t(`cases.countries.${value}`);
  if (field === "reachable" || field === "debtLawful" || field === "employerForbids") return t(`cases.fact.${value}`);
  if (field === "pastDueOn" || field === "dueOn") return format.date(value);
  return value;
}

/** The fields in which what is stored differs from what was sent. */
export function conflictOf(
  t: Translate,
  format: Format,
  form: "case" | "debt" | "collector",
  values: { stored: FormValues; yours: FormValues },
  by: { name: string; at: number },
): Conflict {
  const fields = Object.keys(values.stored).flatMap((field) => {
    const stored = String(values.stored[field] ?? "");
    const yours = String(values.yours[field] ?? "");
    if (stored === yours) return [];
    return [
      {
        label: t(`cases.labels.${form}.${field}`),
        stored: shown(t, format, field, stored),
        yours: shown(t, format, field, yours),
      },
    ];
  });
  return { by: by.name, at: by.at, fields };
}

/** The currency of a loan in a country, as a first guess. */
export function currencyOf(country: string | null): string {
  const own = {
    US: "USD",
    GB: "GBP",
    IN: "INR",
    PH: "PHP",
    ID: "IDR",
    HK: "HKD",
    MY: "MYR",
    SG: "SGD",
    TW: "TWD",
    KE: "KES",
    NG: "NGN",
  } as const;
  return own[country as keyof typeof own] ?? "CNY";
}

/** The countries we keep codes for, and "another". */
export const countryChoices = (t: Translate): Choice[] =>
  [...countries, "other"].map((value) => ({ value, text: t(`cases.countries.${value}`) }));

/** The zones of the countries we keep codes for; a country with many has those where most people live. */
const zonesNamed = [
  "Asia/Shanghai",
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Los_Angeles",
  "Europe/London",
  "Asia/Calcutta",
  "Asia/Manila",
  "Asia/Jakarta",
  "Asia/Makassar",
  "Asia/Jayapura",
  "Asia/Hong_Kong",
  "Asia/Kuala_Lumpur",
  "Asia/Singapore",
  "Asia/Taipei",
  "Africa/Nairobi",
  "Africa/Lagos",
];

/** A zone as people call it: "Beijing time (Asia/Shanghai)". */
export function zoneText(t: Translate, zone: string): string {
  return zonesNamed.includes(zone) ? t(`cases.zones.${zone.split("/")[1]}`, { zone }) : zone.replaceAll("_", " ");
}

/** Every zone there is, those of the countries we keep codes for first. */
export function zoneChoices(t: Translate, chosen: string): Choice[] {
  const rest = Intl.supportedValuesOf("timeZone").filter((name) => !zonesNamed.includes(name));
  const names = [...zonesNamed, ...rest];
  // The browser may know a zone by a name that is not on the list; what is stored must stay choosable.
  if (chosen !== "" && !names.includes(chosen)) names.unshift(chosen);
  return names.map((name) => ({ value: name, text: zoneText(t, name) }));
}

export function settingsPage(
  { t, format }: { t: Translate; format: Format },
  shownCase: Case,
  parts: {
    debts: Debt[];
    collectors: Collector[];
    codes: SettingsPage["codes"];
    mayEdit: boolean;
    removed: SettingsPage["removed"];
    saved: boolean;
  },
): SettingsPage {
  const values = caseValues(shownCase);
  return {
    title: t("cases.settings.title"),
    caseId: shownCase.id,
    number: shownCase.number,
    demo: shownCase.demo,
    mayEdit: parts.mayEdit,
    facts: Object.entries(values).map(([field, value]) => ({
      label: t(`cases.labels.case.${field}`),
      value: shown(t, format, field, String(value)),
      known: value !== "" && value !== "unknown",
    })),
    debts: parts.debts.map((debt) => ({ id: debt.id, title: debt.creditor, lines: debtLines(t, format, debt) })),
    collectors: parts.collectors.map(({ id, name, kind, handles, note }) => ({
      id,
      name,
      kind: t(`cases.collectorKind.${kind}`),
      handles: handles.map(({ value }) => value),
      note,
    })),
    codes: parts.codes,
    removed: parts.removed,
    saved: parts.saved,
  };
}

function debtLines(t: Translate, format: Format, debt: Debt): string[] {
  const lines = [
    debt.product,
    debt.reference === null ? null : t("cases.debt.referenceLine", { reference: debt.reference }),
    debt.dueOn === null ? null : t("cases.debt.dueLine", { date: format.date(debt.dueOn) }),
    debt.amountMinor === null || debt.currency === null ? null : money(format, debt.amountMinor, debt.currency),
    debt.note,
  ];
  return lines.filter((line) => line !== null);
}

/** "¥12,345.67" in the reader's language. */
export function money(format: Format, amountMinor: number, currency: string): string {
  return new Intl.NumberFormat(format.locale, { style: "currency", currency }).format(amountMinor / 100);
}
