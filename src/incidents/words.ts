/** Facts of a contact in the reader's words: for the page of one, for lists, for what a correction changed. */
import type { Collector, Debt } from "../cases/case.ts";
import type { Acts } from "../conduct/acts.ts";
import type { Precision } from "../conduct/vocabulary.ts";
import type { Format } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import type { FactName, IncidentFacts } from "./incident.ts";

/** What facts refer to, and the language to tell them in. */
export interface Telling {
  t: Translate;
  format: Format;
  locale: Locale;
  collectors: readonly Collector[];
  debts: readonly Debt[];
  acts: Acts;
}

/** A fact as a phrase; null when it is not recorded. `said` and `account` come as they are. */
export function factText(name: FactName, facts: IncidentFacts, telling: Telling): string | null {
  const { t, format } = telling;
  switch (name) {
    case "happenedAt":
      return format.instant(facts.happenedAt, facts.precision);
    case "durationSeconds":
      return facts.durationSeconds === null ? null : format.duration(facts.durationSeconds);
    case "automated":
      return facts.automated === null ? null : t(`incidents.yesNo.${facts.automated ? "yes" : "no"}`);
    case "collectorId":
      return collectorText(facts.collectorId, telling);
    case "debtId":
      return debtText(facts.debtId, telling);
    case "acts":
      return facts.acts.length === 0 ? null : format.list(facts.acts.map((act) => actText(act, telling)));
    case "disclosed":
      if (facts.disclosed === null) return null;
      if (facts.disclosed.length === 0) return t("incidents.value.nothing");
      return format.list(facts.disclosed.map((item) => t(`incidents.disclosed.${item}`)));
    case "visitors":
      return facts.visitors === null ? null : format.number(facts.visitors);
    case "fromNumber":
    case "calledNumber":
    case "said":
    case "account":
      return facts[name];
    default: {
      const value = facts[name];
      return value === null ? null : t(`incidents.${name}.${value}`);
    }
  }
}

/** One value out of the history, where only the changed facts are known. */
export function changedText(name: FactName, value: unknown, precision: Precision, telling: Telling): string {
  // The rest of the telling is not asked for; a changed time is told as exactly as the contact's time is known.
  const facts = { precision, [name]: value } as unknown as IncidentFacts;
  if (value === null || value === undefined) return telling.t("incidents.value.none");
  return factText(name, facts, telling) ?? telling.t("incidents.value.nobody");
}

function collectorText(id: string | null, { collectors, t }: Telling): string | null {
  if (id === null) return null;
  const found = collectors.find((one) => one.id === id);
  return found === undefined
    ? t("incidents.value.gone")
    : t("incidents.value.collector", { name: found.name, kind: t(`cases.collectorKind.${found.kind}`) });
}

function debtText(id: string | null, { debts, t }: Telling): string | null {
  if (id === null) return null;
  const found = debts.find((one) => one.id === id);
  return found === undefined ? t("incidents.value.gone") : debtName(found);
}

export const debtName = ({ creditor, product, reference }: Debt): string =>
  [creditor, product, reference].filter((part) => part !== null && part !== "").join(" · ");

function actText(id: string, { acts, locale }: Telling): string {
  return acts.acts.find((act) => act.id === id)?.label[locale] ?? id;
}
