/**
 * Tables written as text: lines into cells, whatever the delimiter, with quotes as spreadsheets and programs write them. A quote that is
 * never closed costs its own line, not the rest of the file. It must not know what the cells mean. Next: columns.ts.
 */
import { type Line, linesOf } from "./decode-text.ts";

export interface TableRecord {
  cells: readonly string[];
  /** The line it begins on, from 1. */
  line: number;
  /** Longer than any record is, or with a quote that is never closed; the cells are what could be made of its first line. */
  broken: "tooLong" | "quote" | null;
}

/** A quoted cell may go over so many lines; a message does not. */
const MOST_LINES = 10_000;
const LONGEST_RECORD = 1 << 20;
/** Nothing that people keep has more columns; what is beyond is not read. */
const MOST_CELLS = 20_000;

export type Delimiter = "," | ";" | "\t" | "|";
const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|"];

/** Lines at the beginning of a text, whole ones. */
function linesIn(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  // The head of a file may cut its last line.
  return lines.slice(0, lines.length > 1 ? -1 : 1).slice(0, 60);
}

/** How many lines have how many cells, where they have several. */
function widthsOf(lines: readonly string[], delimiter: Delimiter): Map<number, number> {
  const widths = new Map<number, number>();
  for (const line of lines) {
    const cells = split(line, delimiter)?.length ?? 0;
    if (cells > 1) widths.set(cells, (widths.get(cells) ?? 0) + 1);
  }
  return widths;
}

/** The delimiter that splits the beginning of a text most evenly; null when it is no table of at least two columns. */
export function delimiterOf(text: string): Delimiter | null {
  const lines = linesIn(text);
  let best: Delimiter | null = null;
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    // Most lines have the same number of cells; of two delimiters that do, the one that makes more.
    for (const [cells, count] of widthsOf(lines, delimiter)) {
      const score = count * count * Math.log(cells);
      if (score > bestScore) [best, bestScore] = [delimiter, score];
    }
  }
  return best;
}

/** The share of lines with one and the same number of cells, three at least: near 1 for tables, small for prose. */
export function evenShare(text: string, delimiter: Delimiter): number {
  const lines = linesIn(text);
  const most = Math.max(0, ...[...widthsOf(lines, delimiter)].flatMap(([cells, count]) => (cells >= 3 ? [count] : [])));
  return lines.length < 2 ? 0 : most / lines.length;
}

/** The cells of a line, or null when a quote is open at its end. */
function split(line: string, delimiter: Delimiter): string[] | null {
  const cells: string[] = [];
  let at = 0;
  while (cells.length < MOST_CELLS) {
    if (line[at] === '"') {
      let cell = "";
      for (let from = at + 1; ;) {
        const quote = line.indexOf('"', from);
        if (quote < 0) return null;
        cell += line.slice(from, quote);
        if (line[quote + 1] !== '"') {
          at = quote + 1;
          break;
        }
        cell += '"';
        from = quote + 2;
      }
      const next = line.indexOf(delimiter, at);
      // What stands between the closing quote and the delimiter belongs to the cell, as spreadsheets take it.
      cells.push(cell + (next < 0 ? line.slice(at) : line.slice(at, next)));
      if (next < 0) return cells;
      at = next + 1;
    } else {
      const next = line.indexOf(delimiter, at);
      cells.push(next < 0 ? line.slice(at) : line.slice(at, next));
      if (next < 0) return cells;
      at = next + 1;
    }
  }
  return cells;
}

/** The records of a table; lines without any content are none. */
export async function* recordsOf(pieces: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<TableRecord> {
  const lines = linesOf(pieces, LONGEST_RECORD)[Symbol.asyncIterator]();
  /** Lines that were looked at for a closing quote that never came. */
  let ahead: Line[] = [];
  const nextLine = async (): Promise<Line | null> => {
    const waiting = ahead.shift();
    if (waiting !== undefined) return waiting;
    const next = await lines.next();
    return next.done === true ? null : next.value;
  };
  try {
    for (let line = await nextLine(); line !== null; line = await nextLine()) {
      if (line.text.trim() === "") continue;
      if (line.tooLong) {
        yield { cells: [], line: line.number, broken: "tooLong" };
        continue;
      }
      const cells = split(line.text, delimiter);
      if (cells !== null) {
        yield { cells, line: line.number, broken: null };
        continue;
      }
      const joined: Line[] = [line];
      let length = line.text.length;
      let found: string[] | null = null;
      while (found === null && joined.length < MOST_LINES) {
        const more = await nextLine();
        if (more === null) break;
        joined.push(more);
        length += more.text.length;
        if (more.tooLong || length > LONGEST_RECORD) break;
        // Only an odd number of quotes can close one: the whole is put together no oftener than that.
        if (more.text.split('"').length % 2 === 0) {
          found = split(
            joined.map(({ text, end }, index) => (index < joined.length - 1 ? text + end : text)).join(""),
            delimiter,
          );
        }
      }
      if (found !== null) yield { cells: found, line: line.number, broken: null };
      else {
        yield { cells: line.text.split(delimiter, MOST_CELLS), line: line.number, broken: "quote" };
        ahead = [...joined.slice(1), ...ahead];
      }
    }
  } finally {
    await lines.return?.(undefined);
  }
}
