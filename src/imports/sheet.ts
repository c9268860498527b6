/**
 * Spreadsheets (XLSX) as tables of text: every sheet, every cell as a person sees it. The library holds a whole book in memory, so what
 * it would unpack is measured first. It must not know what the cells mean. Next: read-carrier.ts.
 */
import readExcelFile from "read-excel-file/node";
import type { Table, Tables } from "./read-table.ts";
import type { TableRecord } from "./table.ts";
import { ZipProblem, openZip } from "./zip.ts";

/** A bill of 60,000 calls unpacks to about 20 MB and is read in 300 MB of memory. What is larger is wanted as CSV, which has no limit. */
const LIMITS = { entries: 2_000, size: 24 * 2 ** 20, ratio: 200 };

export const sheetTables: Tables = async (path) => {
  try {
    // What the archive says of its sizes may be a lie: everything is unpacked once without being kept.
    const archive = await openZip(path, LIMITS);
    try {
      for (const entry of archive.entries) for await (const _ of entry.open());
    } finally {
      archive.close();
    }
  } catch (error) {
    if (error instanceof ZipProblem) return { key: error.key };
    throw error;
  }
  let sheets: Awaited<ReturnType<typeof readExcelFile>>;
  try {
    sheets = await readExcelFile(path);
  } catch {
    return { key: "sheetBroken" };
  }
  const tables = sheets.map(
    ({ data }): Table =>
      async function* records(): AsyncGenerator<TableRecord> {
        for (const [index, row] of data.entries()) {
          const cells = row.map(cellText);
          if (cells.some((cell) => cell.trim() !== "")) yield { cells, line: index + 1, broken: null };
        }
      },
  );
  return tables.length === 0 ? { key: "empty" } : tables;
};

/** Moments as ISO text without a zone: a cell's date is what stands on the screen. */
function cellText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (!(value instanceof Date)) return "";
  if (Number.isNaN(value.getTime())) return "";
  // Half a second more, because a day's fraction falls short of the second it means.
  const text = new Date(value.getTime() + 500).toISOString();
  // Times of day and lengths stand on the first day that spreadsheets know.
  if (text < "1901") return text.slice(11, 19);
  return text
    .slice(0, 19)
    .replace("T", " ")
    .replace(/ 00:00:00$/, "");
}
