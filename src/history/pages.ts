/**
 * The history as sentences: which words an event has, what stands in them, and where its subject is shown. An action that nobody wrote
 * words for is shown by its name, so that nothing is ever left out. Next: views/history/list.ejs prints this.
 */
import type { Format } from "../web/format.ts";
import { type Translate, isKey } from "../web/locale.ts";
import type { HistoryEvent } from "./history.ts";

export interface HistoryRow {
  seq: number;
  at: number;
  who: string;
  /** What was done, as the rest of the sentence. */
  did: string;
  /** Where the subject can be seen, if anywhere. */
  href: string | null;
  /** Why, in that person's words. */
  reason: string | null;
  /** Old and new values by field, where the event has them. */
  changes: { label: string; from: string; to: string }[];
  /** The list of this subject alone; null when it is that already. */
  onlyHref: string | null;
  /** The event as stored, over which its hash was made. */
  stored: string;
  hash: string;
}

export interface HistoryPage {
  title: string;
  caseId: string;
  rows: HistoryRow[];
  chips: { label: string; value: string; href: string }[];
  newerHref: string | null;
  olderHref: string | null;
  head: { seq: number; hash: string };
  /** Null until asked for. */
  check: { holds: boolean; fault: string | null } | null;
}

type Detail = Record<string, unknown>;

/** What people call the things that events name by id. */
export interface Namer {
  /** People by id. */
  people: ReadonlyMap<string, string>;
  rule(id: string): string;
  /** The value of a changed field: an act, a code, a collector, a debt; undefined for all else. */
  value(field: string, value: string): string | undefined;
}

/** Every event as a row. */
export function historyRows(
  words: { t: Translate; format: Format },
  events: readonly HistoryEvent[],
  parts: { caseId: string; namer: Namer; filtered: boolean },
): HistoryRow[] {
  const { t } = words;
  const base = `/cases/${parts.caseId}`;
  return events.map((event) => {
    const detail = JSON.parse(event.detail) as Detail;
    return {
      seq: event.seq,
      at: event.at,
      who: event.actor === "system" ? t("history.system") : (parts.namer.people.get(event.actor) ?? t("history.gone")),
      did: sentence(words, event, detail, parts.namer),
      href: hrefOf(base, event.subject),
      reason: typeof detail.reason === "string" && detail.reason !== "" ? detail.reason : null,
      changes: changesOf(words, event.action, detail, parts.namer),
      onlyHref: parts.filtered ? null : `${base}/history?subject=${encodeURIComponent(event.subject)}`,
      stored: `${event.action} ${event.subject} ${event.detail}`,
      hash: event.hash,
    };
  });
}

/** "Incident 12", "Exhibit A-7": a subject as people call it. */
export function subjectName(t: Translate, subject: string): string {
  const [kind = "", ...rest] = subject.split(":");
  const key = `history.subjects.${kind}`;
  return isKey(key) ? t(key, { n: rest.join(":") }) : subject;
}

function sentence(
  { t, format }: { t: Translate; format: Format },
  event: HistoryEvent,
  detail: Detail,
  namer: Namer,
): string {
  const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
  const [kind = "", ...rest] = event.subject.split(":");
  const n = rest.join(":");
  const changed = Object.keys(asRecord(detail.changed ?? detail.changes));
  const key = `history.actions.${event.action}`;
  const role = `people.role.${text(detail.role)}`;
  const params = {
    n,
    subject: subjectName(t, event.subject),
    name:
      text(detail.name) ||
      text(detail.creditor) ||
      (kind === "person" ? (namer.people.get(n) ?? t("history.gone")) : ""),
    role: isKey(role) ? t(role) : text(detail.role),
    rule: namer.rule(text(detail.rule) || n),
    version: text(detail.version) || n,
    files: format.list([detail.files ?? []].flat().map(text)),
    to: subjectName(t, text(detail.to)),
    from: subjectName(t, text(detail.from)),
    count: changed.length,
  };
  return isKey(key) ? t(key, params) : t("history.other", { ...params, action: event.action });
}

/** The facts of a case that are yes, no or not known. */
const threeWays = new Set(["reachable", "debtLawful", "employerForbids"]);

function changesOf(
  { t, format }: { t: Translate; format: Format },
  action: string,
  detail: Detail,
  namer: Namer,
): HistoryRow["changes"] {
  const noun = action.split(".")[0] ?? "";
  return Object.entries(asRecord(detail.changed ?? detail.changes)).flatMap(([field, change]) => {
    const { from, to } = asRecord(change);
    if (from === undefined && to === undefined) return [];
    const keys = [`cases.labels.${noun}.${field}`, `history.fields.${field}`];
    const key = keys.find(isKey);
    return [{ label: key === undefined ? field : t(key), from: valueText(from), to: valueText(to) }];

    function valueText(value: unknown): string {
      if (value === null || value === undefined || value === "") return t("history.nothing");
      if (typeof value === "number" && field.endsWith("At")) return format.instant(value);
      if (typeof value === "boolean") return t(value ? "history.yes" : "history.no");
      if (typeof value === "string") return wordsOf(value);
      if (typeof value === "number") return String(value);
      if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
        return value.length === 0 ? t("history.nothing") : format.list(value.map(wordsOf));
      }
      return JSON.stringify(value);
    }

    /** A value from a fixed list as its own page says it; what somebody typed stays as typed. */
    function wordsOf(value: string): string {
      const named = namer.value(field, value);
      if (named !== undefined) return named;
      const places = {
        incident: [`incidents.${field}.${value}`],
        notice: [`notices.${field}.${value}.name`],
        collector: field === "kind" ? [`cases.collectorKind.${value}`] : [],
        case: [`cases.${field}.${value}.name`, ...(threeWays.has(field) ? [`cases.fact.${value}`] : [])],
      };
      const known = (places[noun as keyof typeof places] ?? []).find(isKey);
      return known === undefined ? value : t(known);
    }
  });
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function hrefOf(base: string, subject: string): string | null {
  const [kind = "", ...rest] = subject.split(":");
  const n = encodeURIComponent(rest.join(":"));
  if (["incident", "notice", "letter", "complaint", "import", "request", "payment", "figure", "impact"].includes(kind))
    return `${base}/${kind}s/${n}`;
  if (kind === "evidence") return `${base}/evidence/${n}`;
  if (kind === "case" || kind === "debt" || kind === "collector") return `${base}/settings`;
  if (kind === "dossier") return `${base}/dossiers`;
  if (kind === "plan") return `${base}/repayment/plans/${n}`;
  if (kind === "own-code") return `${base}/codes/${n}`;
  if (kind === "person" || kind === "invitation") return `${base}/members`;
  return null;
}
