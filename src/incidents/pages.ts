/** What the templates under views/incidents print. */
import type { Case, Collector, Debt } from "../cases/case.ts";
import type { Conflict } from "../cases/pages.ts";
import {
  type Channel,
  channels,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  outcomes,
  places,
  precisions,
  purposes,
} from "../conduct/vocabulary.ts";
import { codesOf } from "../codes/case-codes.ts";
import type { Code } from "../conduct/code.ts";
import { zoneNamed } from "../conduct/zone.ts";
import type { FileView, UploadField } from "../evidence/pages.ts";
import type { KeptOutcome } from "../findings/finding.ts";
import type { FindingView } from "../findings/pages.ts";
import type { HistoryEvent } from "../history/history.ts";
import type { Member } from "../people/person.ts";
import type { Services } from "../services.ts";
import { dayStrip } from "../web/charts/day-strip.ts";
import type { Mark, Span } from "../web/charts/marks.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import { type IncidentFilter, queryOf } from "./filter.ts";
import { type Changes, type FactName, type Incident, type IncidentFacts, factNames } from "./incident.ts";
import { cameTwice } from "./moment.ts";
import type { BackingView, SourceView } from "./sources/view.ts";
import type { TellingQuestion } from "./telling-questions.ts";
import { type Telling, changedText, debtName, factText } from "./words.ts";

/** Who looks at the contacts of which case, and in which words. */
export interface Viewing extends Member {
  matter: Case;
  telling: Telling;
}

/** The codes of conduct chosen for a case, with what they include. */
export const chosenCodes = async (services: Pick<Services, "db" | "codes">, matter: Case): Promise<Code[]> =>
  (await codesOf(services, matter)).expand(matter.codes);

export interface Choice {
  value: string;
  text: string;
}

// --- the form ---------------------------------------------------------------------------------------------------------

export interface IncidentFormPage {
  title: string;
  caseId: string;
  /** Null while it is being logged. */
  number: number | null;
  action: string;
  back: { href: string; text: string };
  values: FormValues;
  errors: FormErrors;
  conflict: Conflict | null;
  /** Something went wrong that is nobody's field: said above the form. */
  notice: string | null;
  draft: string | null;
  version: number | null;
  channels: { value: Channel; text: string; icon: string }[];
  precisions: Choice[];
  contacted: Choice[];
  outcomes: Choice[];
  purposes: Choice[];
  places: Choice[];
  directions: Choice[];
  disclosures: Choice[];
  collectors: Choice[];
  collectorKinds: Choice[];
  debts: Choice[];
  acts: { label: string; items: Choice[] }[];
  numbers: { from: string[]; called: string[] };
  whenHint: string;
  /** The time given came twice that night. */
  askFold: boolean;
  /** The rarely asked part is shown open, because something in it is filled in or wrong. */
  moreOpen: boolean;
  upload: UploadField;
  /** Contacts of the same day logged before. */
  today: string[];
}

const channelIcons: Record<Channel, string> = {
  call: "phone",
  sms: "message-square",
  chat: "messages-square",
  voicemail: "voicemail",
  visit: "door-open",
  letter: "mail",
  email: "at-sign",
  post: "megaphone",
  other: "ellipsis",
};

/** What a form offers to choose from, in the reader's words. */
export function formChoices(
  values: FormValues,
  matter: Case,
  collectors: readonly Collector[],
  debts: readonly Debt[],
  telling: Telling,
) {
  const { t, locale, acts } = telling;
  const choices = (words: string, list: readonly string[]): Choice[] =>
    list.map((value) => ({ value, text: t(`incidents.${words}.${value}`) }));
  const date = typeof values.date === "string" ? values.date : "";
  const time = typeof values.time === "string" ? values.time : "";
  return {
    // In the order of what happens most, not of the contract.
    channels: (Object.keys(channelIcons) as Channel[]).map((value) => ({
      value,
      text: t(`incidents.channel.${value}`),
      icon: channelIcons[value],
    })),
    precisions: choices("precision", precisions),
    contacted: contactedPersons.map((value) => ({
      value,
      text: t(value === "self" ? "incidents.form.contacted.self" : `incidents.contacted.${value}`),
    })),
    outcomes: choices("form.outcome", outcomes),
    purposes: choices("purpose", purposes),
    places: choices("place", places),
    directions: choices("direction", directions),
    disclosures: choices("disclosed", disclosures),
    collectors: [
      { value: "", text: t("incidents.form.collector.none") },
      ...collectors.map(({ id, name, kind }) => ({
        value: id,
        text: t("incidents.value.collector", { name, kind: t(`cases.collectorKind.${kind}`) }),
      })),
    ],
    collectorKinds: collectorKinds.map((value) => ({ value, text: t(`cases.collectorKind.${value}`) })),
    debts: [
      { value: "", text: t("incidents.form.debt.none") },
      ...debts.map((debt) => ({ value: debt.id, text: debtName(debt) })),
    ],
    acts: acts.groups
      .map((group) => ({
        label: group.label[locale],
        items: acts.acts
          .filter((act) => act.group === group.id)
          .map((act) => ({ value: act.id as string, text: act.tick[locale] })),
      }))
      .filter((group) => group.items.length > 0),
    askFold: cameTwice({ date, time }, matter.zone),
  };
}

/** "China Standard Time", as the zone is called at that moment. */
export function zoneName(zone: string, locale: string, at: number): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "long" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

const rarelyAsked = ["direction", "purpose", "automated", "place", "calledNumber", "debtId", "visitors"] as const;

export function moreOpen(values: FormValues, errors: FormErrors): boolean {
  const said = (name: string) => (values[name] ?? "") !== "" && !(name === "direction" && values[name] === "incoming");
  return rarelyAsked.some((name) => said(name) || Object.hasOwn(errors, name));
}

/** What the other person left beside what this form holds now. */
export function conflictFields(changes: Changes, mine: IncidentFacts, telling: Telling): Conflict["fields"] {
  return (Object.keys(changes) as FactName[]).map((name) => ({
    label: telling.t(`incidents.fact.${name}`),
    stored: changedText(name, changes[name]?.to, mine.precision, telling),
    yours: factText(name, mine, telling) ?? telling.t("incidents.value.none"),
  }));
}

// --- the list ---------------------------------------------------------------------------------------------------------

export interface IncidentListPage {
  title: string;
  caseId: string;
  mayLog: boolean;
  bin: boolean;
  count: number;
  filtered: boolean;
  chips: { label: string; value: string; href: string }[];
  clearHref: string;
  values: Record<string, string>;
  channels: Choice[];
  outcomes: Choice[];
  contacted: Choice[];
  collectors: Choice[];
  rows: IncidentRow[];
  newerHref: string | null;
  olderHref: string | null;
}

export interface IncidentRow {
  href: string;
  number: number;
  icon: string;
  /** "Call, not answered" */
  what: string;
  when: string;
  iso: string;
  /** "Colleague · +86 …" */
  who: string;
  files: number;
  outcomes: { outcome: KeptOutcome; n: number }[];
  stripSvg: string;
}

export function incidentRow(
  caseId: string,
  incident: Incident,
  files: number,
  found: ReadonlyMap<KeptOutcome, number> | undefined,
  nights: (day: string) => readonly Span[],
  zone: string,
  { t, format }: Pick<Telling, "t" | "format">,
): IncidentRow {
  const outcome = incident.outcome === null ? null : t(`incidents.outcome.${incident.outcome}`);
  const contacted = incident.contacted === null ? null : t(`incidents.contacted.${incident.contacted}`);
  const shown = ["matches", "needs-review", "cannot-tell"] as const;
  return {
    href: `/cases/${caseId}/incidents/${incident.number}`,
    number: incident.number,
    icon: channelIcons[incident.channel],
    what: [t(`incidents.channel.${incident.channel}`), outcome].filter((part) => part !== null).join(" · "),
    when: format.instant(incident.happenedAt, incident.precision),
    iso: format.iso(incident.happenedAt),
    who: [contacted, incident.fromNumber].filter((part) => part !== null).join(" · "),
    files,
    outcomes: shown.flatMap((one) => {
      const n = found?.get(one) ?? 0;
      return n === 0 ? [] : [{ outcome: one, n }];
    }),
    stripSvg: dayStrip([markOf(incident, zone)], {
      forbidden: nights(localDay(incident.happenedAt, zone)),
      size: "row",
    }),
  };
}

/** The filters in force, each with the address that drops it. */
export function chipsOf(
  caseId: string,
  filter: IncidentFilter,
  collectors: readonly Collector[],
  { t, format }: Pick<Telling, "t" | "format">,
) {
  const all = queryOf(filter);
  const base = `/cases/${caseId}/incidents`;
  const words: Record<string, (value: string) => string> = {
    channel: (value) => t(`incidents.channel.${value}`),
    outcome: (value) => t(`incidents.outcome.${value}`),
    contacted: (value) => t(`incidents.contacted.${value}`),
    collector: (value) => collectors.find(({ id }) => id === value)?.name ?? t("incidents.value.gone"),
    from: (value) => format.date(value),
    to: (value) => format.date(value),
    evidence: (value) => t(`incidents.list.evidence.${value}`),
    bin: () => t("incidents.list.inBin"),
  };
  return all.map(([name, value]) => ({
    label: t(`incidents.list.filter.${name}`),
    value: words[name]?.(value) ?? value,
    href: withQuery(
      base,
      all.filter(([other]) => other !== name),
    ),
  }));
}

export function withQuery(base: string, entries: readonly (readonly [string, string])[]): string {
  const query = new URLSearchParams(entries.map(([name, value]) => [name, value])).toString();
  return query === "" ? base : `${base}?${query}`;
}

// --- one contact ------------------------------------------------------------------------------------------------------

export interface IncidentPage {
  title: string;
  caseId: string;
  number: number;
  mayLog: boolean;
  removed: boolean;
  /** What was just done. */
  messages: string[];
  /** What that made different among the findings; null when nothing is. */
  judged: string | null;
  stripSvg: string;
  lede: string;
  facts: { key: { text: string }; value: { text: string; classes?: string } }[];
  /** How often their number was used, with the list of those contacts. */
  uses: { text: string; href: string } | null;
  missing: { text: string; href: string }[];
  said: { summary: string; lines: string } | null;
  account: { title: string; lines: string } | null;
  /** The records of imported files that tell of it. */
  /** What the telling leaves to ask. */
  questions: TellingQuestion[];
  sources: SourceView[];
  /** Who backs it. */
  backing: BackingView | null;
  files: FileView[];
  upload: UploadField;
  errors: FormErrors;
  findings: FindingView[];
  history: HistoryRow[];
}

export interface HistoryRow {
  when: string;
  iso: string;
  text: string;
  changes: { label: string; from: string; to: string; hidden: boolean }[];
  reason: string | null;
}

/** The facts that are recorded, each with its words; time, place and person are told together. */
export function factRows(incident: Incident, loggedBy: string, telling: Telling): IncidentPage["facts"] {
  const { t, format } = telling;
  const happened = t("incidents.show.happened", {
    when: format.instant(incident.happenedAt, incident.precision),
    precision: t("incidents.show.exactly"),
  });
  const time = incident.precision === "exact" ? happened : format.instant(incident.happenedAt, incident.precision);
  const rows: [string, string | null][] = [
    [
      "happenedAt",
      incident.durationSeconds === null
        ? time
        : t("incidents.show.lasted", { happened: time, duration: format.duration(incident.durationSeconds) }),
    ],
  ];
  for (const name of factNames) {
    if (toldElsewhere.has(name)) continue;
    const text = factText(name, incident, telling);
    if (name === "contacted" && text !== null && incident.place !== null) {
      rows.push([name, t("incidents.value.atPlace", { who: text, place: t(`incidents.atPlace.${incident.place}`) })]);
    } else if (
      !(name === "place" && incident.contacted !== null) &&
      !(name === "direction" && incident.direction === "incoming")
    ) {
      rows.push([name, text]);
    }
  }
  const logged = t("incidents.show.logged", {
    when: format.shortInstant(incident.loggedAt),
    later: format.later(incident.happenedAt, incident.loggedAt),
    name: loggedBy,
  });
  return [
    ...rows
      .filter((row): row is [string, string] => row[1] !== null)
      .map(([name, text]) => ({ key: { text: t(`incidents.fact.${name}`) }, value: { text } })),
    { key: { text: t("incidents.show.loggedLabel") }, value: { text: logged } },
  ];
}

const toldElsewhere = new Set<FactName>(["channel", "happenedAt", "precision", "durationSeconds", "said", "account"]);

/** What is not recorded but often decides: each leads to its field of the form. */
export function missingFacts(caseId: string, incident: Incident, telling: Telling): IncidentPage["missing"] {
  const spoken = incident.channel === "call" || incident.channel === "voicemail" || incident.channel === "visit";
  const wanted: [FactName, string, boolean][] = [
    ["contacted", "contacted", true],
    ["outcome", "outcome", incident.channel === "call"],
    ["fromNumber", "fromNumber", incident.channel === "call" || incident.channel === "sms"],
    ["collectorId", "collectorId", true],
    ["place", "place", spoken],
    ["purpose", "purpose", incident.channel === "call"],
    ["disclosed", "told", true],
    ["visitors", "visitors", incident.channel === "visit"],
    ["said", "said", true],
  ];
  return wanted
    .filter(
      ([name, , asked]) => asked && (incident[name] === null || (incident[name] === "unknown" && name !== "outcome")),
    )
    .map(([name, field]) => ({
      text: telling.t(`incidents.fact.${name}`),
      href: `/cases/${caseId}/incidents/${incident.number}/edit#${field}`,
    }));
}

const threats = new Set(["threat-of-violence", "violence", "threat-of-arrest", "threat-of-lawsuit", "threat-of-seizure", "threat-to-credit", "threat-to-tell-others", "threat-of-deportation", "intimidation"]); // prettier-ignore
const insults = new Set(["insult", "obscenity"]);

/** What the fold over their words says is inside, as far as the person ticked it. */
export function saidSummary(incident: Incident, { t }: Pick<Telling, "t">): string {
  if (incident.acts.some((act) => threats.has(act))) return t("incidents.show.showWordsThreat");
  return t(
    incident.acts.some((act) => insults.has(act)) ? "incidents.show.showWordsInsult" : "incidents.show.showWords",
  );
}

/** The events of one contact, newest first, in words; what was corrected stands struck beside what replaced it. */
export function historyRows(
  events: readonly HistoryEvent[],
  incident: Incident,
  names: ReadonlyMap<string, string>,
  telling: Telling,
): HistoryRow[] {
  const { t, format } = telling;
  return events.map((event) => {
    const detail = JSON.parse(event.detail) as { changes?: Changes; reason?: string; files?: string[] };
    const changes = Object.entries(detail.changes ?? {}) as [FactName, NonNullable<Changes[FactName]>][];
    const params = {
      name: names.get(event.actor) ?? t("incidents.history.somebody"),
      facts: format.list(changes.map(([name]) => t(`incidents.fact.${name}`))),
      files: format.list(detail.files ?? []),
      action: event.action,
    };
    const known: Record<string, string> = {
      "incident.logged": detail.files === undefined ? "logged" : "loggedWith",
      "incident.corrected": "corrected",
      "incident.removed": "removed",
      "incident.restored": "restored",
      "incident.files-added": "files",
      "incident.backed": "backed",
    };
    return {
      when: format.shortInstant(event.at),
      iso: format.iso(event.at),
      text: t(`incidents.history.${known[event.action] ?? "other"}`, params),
      changes: changes.map(([name, { from, to }]) => ({
        label: t(`incidents.fact.${name}`),
        from: changedText(name, from, incident.precision, telling),
        to: changedText(name, to, incident.precision, telling),
        hidden: name === "said",
      })),
      reason: detail.reason === undefined ? null : t("incidents.show.because", { reason: detail.reason }),
    };
  });
}

/** The contact as a mark on the strip of its local day. */
export function markOf(
  incident: Pick<Incident, "happenedAt" | "precision" | "outcome" | "contacted">,
  zone: string,
): Mark {
  const known = incident.precision === "exact" || incident.precision === "about";
  return {
    minute: known ? minuteOfDay(incident.happenedAt, zone) : null,
    about: incident.precision === "about",
    open: incident.outcome !== "conversation" && incident.outcome !== "connected" && incident.outcome !== "delivered",
    other: incident.contacted !== null && incident.contacted !== "self",
  };
}

const local = (at: number, zone: string): number => at + zoneNamed(zone).offsetAt(at);
const minuteOfDay = (at: number, zone: string): number =>
  Math.floor((((local(at, zone) % 86_400_000) + 86_400_000) % 86_400_000) / 60_000);
/** The local day, YYYY-MM-DD. */
export const localDay = (at: number, zone: string): string => new Date(local(at, zone)).toISOString().slice(0, 10);

/** The choices of the filter form. */
export const filterChoices = ({ t }: Pick<Telling, "t">) => {
  const any = { value: "", text: t("incidents.list.any") };
  return {
    channels: [any, ...channels.map((value) => ({ value, text: t(`incidents.channel.${value}`) }))],
    outcomes: [any, ...outcomes.map((value) => ({ value, text: t(`incidents.outcome.${value}`) }))],
    contacted: [any, ...contactedPersons.map((value) => ({ value, text: t(`incidents.contacted.${value}`) }))],
  };
};
