/**
 * The contacts of a dossier as a table for spreadsheets: RFC 4180, UTF-8. Names of columns and values are those of the public contract.
 *
 * It begins with a byte order mark, because the people who open it are officers with Excel, which reads a CSV without one in the
 * machine's own encoding and turns every Chinese character into noise; programs that mind are few and told so by the standard name
 * utf-8-sig. The mark is part of the file's SHA-256. Next: case-json.ts has the same without a spreadsheet's limits.
 */
import { offsetWords } from "./paper-moments.ts";
import type { Dossier, DossierFinding, DossierIncident } from "./dossier.ts";

const COLUMNS = [
  "number",
  "id",
  "channel",
  "direction",
  "happenedAt",
  "precision",
  "loggedAt",
  "loggedBy",
  "durationSeconds",
  "outcome",
  "purpose",
  "automated",
  "contacted",
  "place",
  "fromNumber",
  "calledNumber",
  "collector",
  "creditor",
  "debt",
  "collectorKind",
  "acts",
  "said",
  "account",
  "disclosed",
  "visitors",
  "exhibits",
  "findings",
] as const;

export function incidentsCsv(dossier: Pick<Dossier, "incidents" | "findings" | "case">): string {
  const findings = Map.groupBy(dossier.findings, ({ incident }) => incident);
  const lines = dossier.incidents.map((incident) => {
    const row = rowOf(incident, findings.get(incident.id) ?? [], dossier.case.zone);
    return COLUMNS.map((column) => cell(row[column])).join(",");
  });
  return `\uFEFF${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

type Value = string | number | boolean | readonly string[] | undefined;

function rowOf(
  incident: DossierIncident,
  findings: DossierFinding[],
  zone: string,
): Partial<Record<(typeof COLUMNS)[number], Value>> {
  return {
    ...incident,
    happenedAt: localIso(incident.at, zone),
    loggedAt: localIso(incident.loggedAt, zone),
    findings: findings.map(
      ({ rule, outcome, review }) => `${rule}:${outcome}${review === null ? "" : `:${review.verdict}`}`,
    ),
  };
}

/** With the case's offset, to the second: `2026-11-17T22:43:05+08:00`. */
export function localIso(at: number, zone: string): string {
  const offset = offsetWords(zone, at);
  const minutes = (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4))) * (offset.startsWith("-") ? -1 : 1);
  return `${new Date(at + minutes * 60_000).toISOString().slice(0, 19)}${offset}`;
}

/**
 * One field. A text that a spreadsheet would take for a formula (it begins with = + - @, also in full width, a tab or a line end, with or
 * without spaces before) gets an apostrophe, and so does one that begins like that behind apostrophes of its own, so that reading the table gives
 * back what was written; numbers of ours do not need it.
 */
function cell(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "object" ? value.join("; ") : value;
  const safe = /^'*(?:[\s\p{Cc}]*[=+\-@＝＋－＠]|[\t\r\n])/u.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
