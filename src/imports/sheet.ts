/**
 * Spreadsheets (XLSX) as tables of text: every sheet, every cell as a person sees it. The library holds a whole book in memory, so what
 * it would unpack is measured first. It must not know what the cells mean. Next: read-carrier.ts.
 */
import { buffer } from "node:stream/consumers";
import readExcelFile from "read-excel-file/node";
import yazl from "yazl";
import type { Table, Tables } from "./read-table.ts";
import type { TableRecord } from "./table.ts";
import { ZipProblem, openZip } from "./zip.ts";

/** A bill of 35,000 calls unpacks to about 12 MB and is read in less than 300 MB of memory. What is larger is wanted as CSV, which has no limit. */
const LIMITS = { entries: 2_000, size: 12 * 2 ** 20, ratio: 200 };

export const sheetTables: Tables = async (path) => {
  let book: Buffer;
  try {
    book = await unpacked(path);
  } catch (error) {
    if (error instanceof ZipProblem) return { key: error.key };
    throw error;
  }
  let sheets: Awaited<ReturnType<typeof readExcelFile>>;
  try {
    sheets = await readExcelFile(book);
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

/**
 * The book again as an archive that holds only what was measured. The library goes by the headers inside the archive and we by its
 * directory; a file in which the two differ would hide a bomb from us.
 */
async function unpacked(path: string): Promise<Buffer> {
  const archive = await openZip(path, LIMITS);
  const zip = new yazl.ZipFile();
  try {
    for (const entry of archive.entries) {
      // Pictures are read too, because an archive that lies about one is not trusted with the rest.
      const bytes = await buffer(entry.open());
      if (/^[\w[\]-][\w/[\].-]*\.(?:xml|rels)$|^_rels\/\.rels$/i.test(entry.name) && !entry.name.includes("..")) {
        zip.addBuffer(bytes, entry.name, { compressionLevel: 1 });
      }
    }
  } finally {
    archive.close();
  }
  zip.end();
  return buffer(zip.outputStream as AsyncIterable<Uint8Array>);
}

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
