/** The forms on the way of an import. Each number or chat of a page has its own fields `key-0`, `choice-0` and `name-0`, and so on. */
import { z } from "zod";
import { contactedPersons } from "../conduct/vocabulary.ts";
import type { Choice, ImportFile } from "./import.ts";
import { type Answers, type Question, columnFields } from "./reader.ts";

/** The file is left out. */
export const NO_FORMAT = "none";

/** Columns that a form can ask about; a table of more is no list of calls. */
export const MOST_COLUMNS = 60;

const Texts = z.preprocess(
  (value) => (value === undefined ? [] : [value].flat()),
  z.array(z.string().max(1000)).max(500),
);

export const ChoicesForm = z.object({
  keeps: z.enum(["file", "rows"], { error: "imports.choices.keeps.missing" }),
  contacted: z.enum(contactedPersons, { error: "common.form.choice" }),
  /** `off`: kept, and on to the question whether to call the import off. */
  go: z.enum(["compare", "more", "off"]).default("compare"),
});

export interface ChosenParty {
  key: string;
  choice: Choice;
  name: string;
}

/** The choices of a page of parties, in its order. */
export function chosenParties(body: Record<string, unknown>, most: number): ChosenParty[] {
  const text = (name: string) => {
    const value = body[name];
    return typeof value === "string" ? value.slice(0, 1000) : "";
  };
  const chosen: ChosenParty[] = [];
  for (let index = 0; index < most && text(`key-${index}`) !== ""; index += 1) {
    const name = text(`name-${index}`).trim().slice(0, 200);
    chosen.push({ key: text(`key-${index}`), choice: text(`choice-${index}`), name });
  }
  return chosen;
}

export const RowsForm = z.object({
  /** Every row that stood on the page, `file.row`, with spaces between. */
  shown: z.string().max(10_000).default(""),
  /** Those ticked. */
  take: Texts,
  go: z.enum(["save", "commit", "off"]).default("save"),
});

/** "2.17" read back; null when it is no place of a row. */
export function parsePlace(text: string): { file: number; row: number } | null {
  const [, file, row] = /^(\d{1,5})\.(\d{1,12})$/.exec(text) ?? [];
  return file === undefined ? null : { file: Number(file), row: Number(row) };
}

/**
 * What the form of formats and questions says of one file; null format = leave the file out. `rereads`: its letters are to be read in another
 * way, so that what else was asked, with the letters as they were read before, is asked anew.
 */
export function fileAnswers(
  body: Record<string, unknown>,
  file: ImportFile,
): { format: string | null; answers: Answers; rereads: boolean } {
  const text = (name: string) => {
    const value = body[name];
    return typeof value === "string" ? value.slice(0, 1000) : "";
  };
  const named = text(`format-${file.file}`);
  const format = named === "" || named === NO_FORMAT ? null : named;
  const answers: Answers = {};
  for (const question of file.questions) {
    const answer =
      question.name === "columns" ? columnsAnswer(file.file, question) : text(answerField(file.file, question));
    if (answer !== "" && (question.choices === undefined || question.choices.includes(answer)))
      answers[question.name] = answer;
  }
  const { encoding } = answers;
  const rereads = encoding !== undefined && file.answers.encoding !== undefined && encoding !== file.answers.encoding;
  return { format, answers: rereads ? { encoding } : answers, rereads };

  function columnsAnswer(number: number, question: Question): string {
    const width = Math.min(question.samples[0]?.length ?? 0, MOST_COLUMNS);
    const fields = Array.from({ length: width }, (_, index) => text(`column-${number}-${index}`));
    if (fields.every((field) => field === "")) return "";
    return JSON.stringify(fields.map((field) => ((columnFields as readonly string[]).includes(field) ? field : "")));
  }
}

export const answerField = (file: number, { name }: Pick<Question, "name">): string => `answer-${file}-${name}`;
