/**
 * Lists of calls or messages that applications of phones export as plain text with delimiters; every application has its own columns.
 */
import { headingsIn, suffices, suggestedColumns } from "./columns.ts";
import { textOf } from "./decode-text.ts";
import { tableReader, textTable } from "./read-table.ts";
import { delimiterOf, evenShare } from "./table.ts";

export const phoneCsv = tableReader(
  {
    format: "phone-csv",
    keeps: "rows",
    kind: "phone",
    asksEncoding: true,
    detect(head) {
      const text = textOf(head);
      const delimiter = delimiterOf(text);
      if (delimiter === null || /^\s*[<{[]/.test(text)) return 0;
      const lines = text
        .split(/\r\n|\n|\r/, 30)
        .map((line) => line.split(delimiter).map((cell) => cell.replace(/^"|"$/g, "")));
      const known = lines.toSorted((a, b) => headingsIn(b) - headingsIn(a))[0]!;
      if (headingsIn(known) >= 2 && suffices(suggestedColumns(known))) return 0.7;
      // Some even table: a person may know what its columns hold.
      return evenShare(text, delimiter) >= 0.8 ? 0.1 : 0;
    },
  },
  textTable,
);
