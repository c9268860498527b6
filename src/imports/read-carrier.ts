/**
 * Call details of carriers, as text with delimiters or as a spreadsheet: what a phone company says of calls and messages. The layouts of
 * China Mobile (with and without years), Unicom (date and time apart, lengths in words) and Telecom (each province its own order) are
 * known by their headings; any other is read by the columns that a person names.
 */
import { headingsIn } from "./columns.ts";
import { textOf } from "./decode-text.ts";
import { tableReader, textTable } from "./read-table.ts";
import { sheetTables } from "./sheet.ts";
import { delimiterOf, evenShare } from "./table.ts";

/** Words of carriers' headings that no phone's own list uses. */
const CARRIER_WORDS =
  /通信地点|通信方式|通信类型|通信时长|起始时间|呼叫类型|对方号码|通话地|实收|套餐|通话费|长途费|漫游|主叫|被叫|费用/g;

export const carrierCsv = tableReader(
  {
    format: "carrier-csv",
    keeps: "file",
    kind: "carrier",
    asksEncoding: true,
    detect(head) {
      const text = textOf(head);
      const delimiter = delimiterOf(text);
      if (delimiter === null || /^\s*[<{[]/.test(text)) return 0;
      const lines = text.split(/\r\n|\n|\r/, 60).filter((line) => headingsIn(line.split(delimiter)) >= 3);
      const words = Math.max(0, ...lines.map((line) => new Set(line.match(CARRIER_WORDS)).size));
      if (words >= 2) return words >= 3 ? 0.9 : 0.75;
      return evenShare(text, delimiter) >= 0.8 ? 0.05 : 0;
    },
  },
  textTable,
);

export const carrierXlsx = tableReader(
  {
    format: "carrier-xlsx",
    keeps: "file",
    kind: "carrier",
    detect(head, name) {
      const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
      if (!isZip) return 0;
      // Names inside stand as they are; a book's begin with xl/.
      const names = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
      if (/xl\/(?:workbook|worksheets|sharedStrings|_rels)/.test(names)) return 0.9;
      return /\.xls[xm]$/i.test(name) && !/(?:word|ppt)\//.test(names) ? 0.6 : 0;
    },
  },
  sheetTables,
);
