/**
 * What this program itself writes: contacts as JSON Lines (one incident a line, the public contract), and incidents.csv and case.json of
 * a dossier's bag. All fields of a contact come back; findings and reviews are made anew where it is imported.
 */
import { Incident } from "../conduct/incident.ts";
import { instantOf, zoneNamed } from "../conduct/zone.ts";
import { bytesOf, decoded, linesOf, textOf } from "./decode-text.ts";
import { headOf } from "./head.ts";
import { jsonElements } from "./json-elements.ts";
import type { Contact, Problem, Reader, Row } from "./reader.ts";
import { recordsOf } from "./table.ts";

type Said = { contact: Contact } | { unreadable: Problem };

/** Two texts of 100,000 characters, every one of them escaped. */
const LONGEST_LINE = 1 << 21;

export const ownJsonLines: Reader = {
  format: "dunwatch-jsonl",
  keeps: "rows",
  kind: "own",
  detect(head) {
    const first = textOf(head)
      .trimStart()
      .split(/[\r\n]/, 1)[0]!;
    return /^\{.*"channel"\s*:/.test(first) && /"happenedAt"\s*:/.test(first) ? 0.97 : 0;
  },
  questions: () => Promise.resolve([]),
  async *read(path, { zone }) {
    let row = 0;
    for await (const line of linesOf(decoded(bytesOf(path)), LONGEST_LINE)) {
      if (line.text.trim() === "") continue;
      const said = line.tooLong ? { unreadable: { key: "recordTooLong" } } : fromJson(line.text, zone);
      yield { row: ++row, line: line.number, ...said };
    }
    if (row === 0) yield empty;
  },
};

export const ownCaseJson: Reader = {
  format: "dunwatch-case",
  keeps: "rows",
  kind: "own",
  detect: (head) => (/^\s*\{\s*"format"\s*:\s*"dunwatch-case\/\d/.test(textOf(head)) ? 0.99 : 0),
  questions: () => Promise.resolve([]),
  async *read(path, { zone }) {
    let row = 0;
    for await (const element of jsonElements(decoded(bytesOf(path)), "incidents")) {
      row += 1;
      if ("text" in element) yield { row, ...fromJson(element.text, zone) };
      else if (element.broken === "cut") yield { row, unreadable: { key: "cutShort", params: { read: row - 1 } } };
      else yield { row, unreadable: { key: element.broken === "tooLong" ? "recordTooLong" : "notJson" } };
    }
    if (row === 0 && this.detect(await headOf(path), "") === 0) yield { row: 1, unreadable: { key: "notThisFormat" } };
  },
};

const CSV_BEGINNING = "number,id,channel,direction,happenedAt,";

export const ownCsv: Reader = {
  format: "dunwatch-csv",
  keeps: "rows",
  kind: "own",
  detect: (head) => (textOf(head).startsWith(CSV_BEGINNING) ? 0.99 : 0),
  questions: () => Promise.resolve([]),
  async *read(path, { zone }) {
    let row = 0;
    let columns: readonly string[] | null = null;
    for await (const { cells, line, broken } of recordsOf(decoded(bytesOf(path)), ",")) {
      if (columns === null) {
        columns = cells;
        if (broken !== null || !columns.includes("channel") || !columns.includes("happenedAt")) {
          yield { row: 1, unreadable: { key: "notThisFormat" } };
          return;
        }
      } else if (broken !== null) {
        yield { row: ++row, line, unreadable: { key: broken === "quote" ? "openQuote" : "recordTooLong" } };
      } else yield { row: ++row, line, ...contactFrom(fromCells(columns, cells), zone) };
    }
    if (columns === null) yield empty;
  },
};

const empty: Row = { row: 1, unreadable: { key: "empty" } };

function fromJson(text: string, zone: string): Said {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { unreadable: { key: "notJson" } };
  }
  return contactFrom(value, zone);
}

const LISTS = new Set(["acts", "disclosed"]);
const NUMBERS = new Set(["durationSeconds", "visitors"]);

/** A row of incidents.csv as an incident: the reverse of what the dossier writes, where an empty cell is a field that is absent. */
function fromCells(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? "";
    if (cell === "") continue;
    if (LISTS.has(column)) fields[column] = cell.split("; ");
    else if (NUMBERS.has(column)) fields[column] = Number(cell);
    else if (column === "automated") fields[column] = cell === "true" ? true : cell === "false" ? false : cell;
    // The apostrophe keeps spreadsheets from taking a text for a formula.
    else fields[column] = cell.replace(/^'(?='*(?:[\s\p{Cc}]*[=+\-@＝＋－＠]|[\t\r\n]))/u, "");
  }
  return fields;
}

function contactFrom(value: unknown, zone: string): Said {
  const parsed = Incident.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return { unreadable: { key: "incidentField", params: { field: issue.path.join("."), why: issue.message } } };
  }
  const {
    channel,
    direction,
    happenedAt,
    precision,
    durationSeconds,
    outcome,
    fromNumber,
    calledNumber,
    said,
    id: _,
    ...told
  } = parsed.data;
  const hasOffset = /(?:Z|[+-]\d{2}:\d{2})$/.test(happenedAt);
  return {
    contact: {
      channel,
      direction,
      happenedAt: hasOffset ? instantOf(happenedAt, zoneNamed(zone)) : happenedAt.replace(/\.\d+$/, ""),
      precision,
      timeFrom: "record",
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
      ...(outcome === undefined ? {} : { outcome }),
      other: fromNumber ?? null,
      ...(calledNumber === undefined ? {} : { own: calledNumber }),
      ...(said === undefined ? {} : { said }),
      ...(Object.keys(told).length === 0 ? {} : { told }),
      attachments: [],
    },
  };
}
