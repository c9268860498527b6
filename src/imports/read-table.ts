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

/** The tables of a file, or why it has none. */
export type Tables = (path: string, options: Omit<ReadOptions, "keep">) => Promise<readonly Table[] | Problem>;

export const textTable: Tables = async (path, { answers }) => {
  const head = await headOf(path);
  if (head.length === 0) return { key: "empty" };
  const delimiter = delimiterOf(textOf(head));
  if (delimiter === null) return { key: "notThisFormat" };
  return [() => recordsOf(decoded(bytesOf(path), answers.encoding), delimiter)];
};

/** Reads every table of a file; of several, those without calls or messages are told as such. */
export function tableReader(traits: Pick<Reader, "format" | "keeps" | "kind" | "detect">, tables: Tables): Reader {
  const surveyed = async (path: string, options: Omit<ReadOptions, "keep">) => {
    const found = await tables(path, options);
    if ("key" in found) return found;
    const all: { table: Table; survey: Survey }[] = [];
    for (const table of found) all.push({ table, survey: await surveyOf(table(), options) });
    return all;
  };
  return {
    ...traits,
    async questions(path, options): Promise<readonly Question[]> {
      const all = await surveyed(path, options);
      if ("key" in all) return [];
      const known = all.filter(({ survey }) => survey.columns !== null);
      const asked = (known.length > 0 ? known : all).flatMap(({ survey }) => questionsOf(survey));
      // One question of each name: sheets of one book are written alike.
      return asked.filter((question, index) => asked.findIndex(({ name }) => name === question.name) === index);
    },
    async *read(path, options): AsyncGenerator<Row> {
      const all = await surveyed(path, options);
      if ("key" in all) {
        yield { row: 1, unreadable: all };
        return;
      }
      const count = { row: 0 };
      const anyKnown = all.some(({ survey }) => survey.columns !== null);
      for (const { table, survey } of all) {
        for await (const row of contactsOf(table(), survey, count)) {
          const isOther = anyKnown && survey.columns === null && "unreadable" in row;
          yield isOther ? { row: row.row, line: row.line, noContact: { key: "otherSheet" } } : row;
        }
      }
    },
  };
}
