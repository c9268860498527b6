/**
 * Readers of tables that differ only in where their records come from and in what is kept of the file: text with delimiters here,
 * spreadsheets in sheet.ts. Next: read-carrier.ts, read-csv.ts.
 */
import { bytesOf, decoded, textOf } from "./decode-text.ts";
import { headOf } from "./head.ts";
import type { Problem, Question, ReadOptions, Reader, Row } from "./reader.ts";
import { type TableRecord, delimiterOf, recordsOf } from "./table.ts";
import { type Survey, contactsOf, questionsOf, surveyOf } from "./table-rows.ts";

/** A table that can be gone through more than once. */
export type Table = () => AsyncIterable<TableRecord>;

interface Opened {
  tables: readonly Table[];
  /** To be called when no table is read any more. */
  close(): void;
}

/** The tables of a file, or why it has none. */
export type Tables = (path: string, options: Omit<ReadOptions, "keep">) => Promise<Opened | Problem>;

/** A table that breaks off while it is read: nothing of its file is trusted. `key` names a sentence below `imports.problem.`. */
export class TableBroken extends Error {
  readonly key: string;
  constructor(key: string) {
    super(key);
    this.key = key;
  }
}

export const textTable: Tables = async (path, { answers }) => {
  const head = await headOf(path);
  if (head.length === 0) return { key: "empty" };
  const delimiter = delimiterOf(textOf(head));
  if (delimiter === null) return { key: "notThisFormat" };
  return { tables: [() => recordsOf(decoded(bytesOf(path), answers.encoding), delimiter)], close: () => undefined };
};

/** Reads every table of a file; of several, those without calls or messages are told as such. */
export function tableReader(
  traits: Pick<Reader, "format" | "keeps" | "kind" | "detect" | "asksEncoding">,
  tables: Tables,
): Reader {
  const surveyed = async (path: string, options: Omit<ReadOptions, "keep">) => {
    const found = await tables(path, options);
    if ("key" in found) return found;
    const all: { table: Table; survey: Survey }[] = [];
    try {
      for (const table of found.tables) all.push({ table, survey: await surveyOf(table(), options) });
    } catch (error) {
      found.close();
      if (error instanceof TableBroken) return { key: error.key };
      throw error;
    }
    return { all, close: found.close };
  };
  return {
    ...traits,
    async questions(path, options): Promise<readonly Question[]> {
      const found = await surveyed(path, options);
      if ("key" in found) return [];
      found.close();
      const { all } = found;
      const known = all.filter(({ survey }) => survey.columns !== null);
      const asked = (known.length > 0 ? known : all).flatMap(({ survey }) => questionsOf(survey));
      // One question of each name: sheets of one book are written alike.
      return asked.filter((question, index) => asked.findIndex(({ name }) => name === question.name) === index);
    },
    async *read(path, options): AsyncGenerator<Row> {
      const found = await surveyed(path, options);
      if ("key" in found) {
        yield { row: 1, unreadable: found };
        return;
      }
      const { all, close } = found;
      try {
        const count = { row: 0 };
        const anyKnown = all.some(({ survey }) => survey.columns !== null);
        for (const { table, survey } of all) {
          for await (const row of contactsOf(table(), survey, count)) {
            const isOther = anyKnown && survey.columns === null && "unreadable" in row;
            yield isOther ? { row: row.row, line: row.line, noContact: { key: "otherSheet" } } : row;
          }
        }
      } finally {
        close();
      }
    },
  };
}
