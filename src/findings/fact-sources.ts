/**
 * The facts that a judgement rests on, each with its value and where it came from: typed by whom and when, imported from which row,
 * worked out, agreed in a notice, read out of words. Next: finding-page.ts.
 */
import type { Case } from "../cases/case.ts";
import type { CodeLibrary } from "../codes/library.ts";
import type { Reader } from "../codes/pages.ts";
import { type ConditionKey, keyOf } from "../conduct/condition-answers.ts";
import type { Finding } from "../conduct/finding.ts";
import type { Incident } from "../conduct/incident.ts";
import { type RuleAnswer, factsOf } from "../conduct/why-not.ts";
import { zoneNamed } from "../conduct/zone.ts";
import type { HistoryEvent } from "../history/history.ts";
import { listEvents } from "../history/store.ts";
import { recordedNotices } from "../notices/store.ts";
import type { Db } from "../platform/database.ts";
import type { Explained } from "./explained.ts";
import type { IncidentGlance } from "./finding.ts";
import { type Origin, originOf, peopleNamed } from "./source-store.ts";

export interface FactRow {
  label: string;
  value: string;
  from: string;
  /** Where the source can be seen, if anywhere. */
  href: string | null;
}

/** Facts of the incident itself, by the condition that looks at them. */
const ofIncident: Partial<Record<ConditionKey, keyof Incident>> = {
  channel: "channel",
  direction: "direction",
  contacted: "contacted",
  place: "place",
  outcome: "outcome",
  purpose: "purpose",
  automated: "automated",
  localTime: "happenedAt",
  weekday: "happenedAt",
  publicHoliday: "happenedAt",
  collectorKind: "collectorKind",
  acts: "acts",
  disclosed: "disclosed",
  visitors: "visitors",
};
/** Facts of the case, as conditions and as the case name them. */
const ofCase: Partial<Record<ConditionKey, keyof Case>> = {
  lenderKind: "lenderKind",
  respondentKind: "respondentKind",
  daysPastDue: "pastDueOn",
  reachable: "reachable",
  debtLawful: "debtLawful",
  employerForbids: "employerForbids",
};
const others: readonly ConditionKey[] = ["count", "coolDown", "firstContact"];
/** What decides whether a contact is counted with others, besides what a rule names. */
const countedBy: readonly (keyof Incident)[] = ["happenedAt", "channel", "outcome"];
const notices: readonly ConditionKey[] = ["afterNotice", "agreed"];

interface Sources {
  origin: Origin | null;
  incidentEvents: HistoryEvent[];
  caseEvents: HistoryEvent[];
  names: ReadonlyMap<string, string>;
}

export async function factRows(
  { db, codes }: { db: Db; codes: CodeLibrary },
  matter: Case,
  { answer, incident, context }: Explained,
  shown: { glance: IncidentGlance; finding: Finding | null },
  reader: Reader,
): Promise<FactRow[]> {
  const { t, format } = reader;
  // What is not known is asked for, not listed; exceptions that nothing on record speaks of are left out.
  const keys = new Set(
    factsOf(answer)
      .filter(({ missing }) => missing.length === 0)
      .map(keyOf),
  );
  const [origin, incidentEvents, caseEvents, recorded] = [
    await originOf(db, matter.id, incident.id),
    await listEvents(db, matter.id, { subject: `incident:${shown.glance.number}`, limit: 200 }),
    await listEvents(db, matter.id, { subject: "case", limit: 200 }),
    [...keys].some((key) => notices.includes(key)) ? await recordedNotices(db, matter.id) : [],
  ];
  const people = [...incidentEvents, ...caseEvents].map(({ actor }) => actor);
  const names = await peopleNamed(db, [
    ...people,
    ...recorded.map(({ createdBy }) => createdBy),
    origin?.loggedBy ?? "",
  ]);
  const sources: Sources = { origin, incidentEvents, caseEvents, names };
  const rows = new Map<string, FactRow>();
  const add = (name: string, row: Omit<FactRow, "label">) => {
    if (!rows.has(name)) rows.set(name, { label: t(`explain.fact.${name}`), ...row });
  };
  const who = (id: string) => names.get(id) ?? t("explain.from.somebody");

  const addFact = (field: keyof Incident) => {
    const about = { codes, zone: answer.code.zone ?? context.zone, glance: shown.glance };
    const value = isSaid(incident[field]) ? incidentValue(field, incident, about, reader) : null;
    if (value !== null)
      add(field, { value, ...incidentSource(field, matter.id, shown.glance.number, sources, reader) });
  };
  for (const key of keys) {
    const [field, fact] = [ofIncident[key], ofCase[key]];
    if (field !== undefined) addFact(field);
    else if (fact !== undefined && isSaid(matter[fact])) {
      add(fact, { value: caseValue(fact, matter, reader), ...caseSource(fact, matter.id, sources, reader) });
    } else if (others.includes(key)) {
      for (const counted of countedBy) addFact(counted);
      const n = shown.finding?.counted.length ?? 0;
      if (n > 0)
        add("counted", {
          value: t("explain.value.counted", { count: n }),
          from: t("explain.from.counted"),
          href: "#counted",
        });
    } else if (notices.includes(key)) {
      const kinds = kindsAsked(answer, key);
      for (const one of recorded.filter(({ kind, removedAt }) => kinds.has(kind) && removedAt === null)) {
        rows.set(`notice ${one.number}`, {
          label: t(`explain.fact.${one.kind.startsWith("consent") ? "agreement" : "notice"}`),
          value: t(`codes.term.notice.${one.kind}`),
          from: t("explain.from.notice", {
            number: one.number,
            name: who(one.createdBy),
            date: format.date(one.createdAt),
          }),
          href: `/cases/${matter.id}/notices/${one.number}`,
        });
      }
    }
  }
  const quoted = new Set(shown.finding?.quotes.map(({ field }) => field));
  for (const field of quoted) {
    add(`words-${field}`, {
      value: t("explain.value.words", {
        count: shown.finding?.quotes.filter((quote) => quote.field === field).length ?? 0,
      }),
      from: t(`explain.from.words-${field}`),
      href: `/cases/${matter.id}/incidents/${shown.glance.number}`,
    });
  }
  return [...rows.values()];
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== "unknown";

function kindsAsked(answer: RuleAnswer, key: ConditionKey): Set<string> {
  return new Set(
    factsOf(answer)
      .filter((fact) => keyOf(fact) === key)
      .flatMap(({ asks }) => {
        const { afterNotice, agreed } = asks.not ?? asks;
        return afterNotice?.kinds ?? (agreed === undefined ? [] : [agreed]);
      }),
  );
}

function incidentValue(
  field: keyof Incident,
  incident: Incident,
  { codes, zone, glance }: { codes: CodeLibrary; zone: string; glance: IncidentGlance },
  { t, format, locale }: Reader,
): string | null {
  const value = incident[field];
  switch (field) {
    case "happenedAt": {
      const written = format.instant(glance.happenedAt, glance.precision);
      if (zone === format.zone || glance.precision === "day" || glance.precision === "month") return written;
      const local = glance.happenedAt + zoneNamed(zone).offsetAt(glance.happenedAt);
      return t("explain.value.moment", { written, local: new Date(local).toISOString().slice(11, 16), zone });
    }
    case "acts":
      return incident.acts?.length ? format.list(incident.acts.map((act) => codes.actLabel(act, locale))) : null;
    case "disclosed":
      return incident.disclosed?.length
        ? format.list(incident.disclosed.map((one) => t(`codes.option.disclosed.${one}`)))
        : t("findings.missing.told.nothing");
    case "automated":
      return t(`findings.answer.automated.${value === true ? "yes" : "no"}`);
    case "visitors":
      return format.number(Number(value));
    case "direction":
      return t(`codes.try.directions.${String(value)}`);
    case "channel":
      return t(`findings.channel.${String(value)}`);
    case "collectorKind":
      return t(`codes.option.collectorKind.${String(value)}`);
    default:
      return t(`findings.answer.${field}.${String(value)}`);
  }
}

/** Who said so last. Only a correction of this very fact counts; else it is as it was logged or imported. */
function incidentSource(
  field: keyof Incident,
  caseId: string,
  number: number,
  { origin, incidentEvents, names }: Sources,
  { t, format }: Reader,
): Pick<FactRow, "from" | "href"> {
  const who = (id: string) => names.get(id) ?? t("explain.from.somebody");
  if (field === "collectorKind")
    return { from: t("explain.from.collector"), href: `/cases/${caseId}/settings#collectors` };
  const changed = incidentEvents.find(
    ({ action, detail }) => action === "incident.corrected" && field in (changesIn(detail).changes ?? {}),
  );
  const href = `/cases/${caseId}/incidents/${number}#history`;
  if (changed !== undefined)
    return { from: t("explain.from.corrected", { name: who(changed.actor), date: format.date(changed.at) }), href };
  if (origin?.imported)
    return {
      from: t("explain.from.imported", origin.imported),
      href: `/cases/${caseId}/imports/${origin.imported.number}`,
    };
  return {
    from: t("explain.from.typed", { name: who(origin?.loggedBy ?? ""), date: format.date(origin?.loggedAt ?? 0) }),
    href,
  };
}

function caseSource(
  fact: keyof Case,
  caseId: string,
  { caseEvents, names }: Sources,
  { t, format }: Reader,
): Pick<FactRow, "from" | "href"> {
  const said =
    caseEvents.find(({ detail }) => fact in (changesIn(detail).changed ?? {})) ??
    caseEvents.find(({ action }) => action === "case.opened");
  const from =
    said === undefined
      ? t("explain.from.case")
      : t("explain.from.typed", {
          name: names.get(said.actor) ?? t("explain.from.somebody"),
          date: format.date(said.at),
        });
  return { from, href: `/cases/${caseId}/facts` };
}

function caseValue(fact: keyof Case, matter: Case, { t, format }: Reader): string {
  const value = matter[fact];
  if (fact === "pastDueOn") return format.date(String(value));
  if (typeof value === "boolean") return t(`findings.answer.automated.${value ? "yes" : "no"}`);
  return t(`codes.option.${fact}.${String(value)}`);
}

const changesIn = (detail: string) =>
  JSON.parse(detail) as { changes?: Record<string, unknown>; changed?: Record<string, unknown> };
