/**
 * Spreadsheets (XLSX) as tables of text: every sheet, every cell as a person sees it, a row at a time whatever the size of the book. Its
 * parts are XML in an archive; only what the archive's directory names is read. It must not know what the cells mean.
 * Source of the layout: ECMA-376 part 1, chapter 18 (workbook, sheetData, sst, styleSheet). Next: shared-strings.ts, read-carrier.ts.
 */
import { decoded } from "./decode-text.ts";
import { type Table, TableBroken, type Tables } from "./read-table.ts";
import { SharedStrings } from "./shared-strings.ts";
import type { TableRecord } from "./table.ts";
import { type Tag, TagScanner } from "./xml-tags.ts";
import { type Archive, type ZipEntry, ZipProblem, openZip } from "./zip.ts";

/** A book has tens of parts. How large they are is the disk's affair; how much more than packed is a bomb's. */
const LIMITS = { entries: 10_000, size: 2 ** 43, ratio: 200 };
/** Characters of a cell; spreadsheets allow 32,767. */
const LONGEST_TEXT = 1 << 17;
/** The widest sheet has 16,384 columns. */
const MOST_CELLS = 20_000;
const LONGEST_ROW = 1 << 20;

export const sheetTables: Tables = async (path) => {
  let archive: Archive;
  try {
    archive = await openZip(path, LIMITS);
  } catch (error) {
    if (error instanceof ZipProblem) return { key: error.key };
    throw error;
  }
  const strings = new SharedStrings(path);
  const close = () => {
    archive.close();
    strings.close();
  };
  try {
    const book = await bookOf(archive, strings);
    if (book.sheets.length === 0) throw new TableBroken("sheetBroken");
    await checkOther(archive);
    return {
      tables: book.sheets.map(
        (sheet): Table =>
          () =>
            recordsOf(sheet, book),
      ),
      close,
    };
  } catch (error) {
    close();
    if (error instanceof ZipProblem || error instanceof TableBroken) return { key: error.key };
    throw error;
  }
};

interface Book {
  sheets: readonly ZipEntry[];
  strings: SharedStrings;
  /** Whether cells of a style are shown as moments, by its number. */
  moments: readonly boolean[];
  /** Books of old Macs count days from 1904. */
  from1904: boolean;
}

const isPart = ({ name }: ZipEntry) => /\.(?:xml|rels)$/i.test(name);

/** Pictures are read too, because an archive that lies about one is not trusted with the rest. */
async function checkOther({ entries }: Archive): Promise<void> {
  for (const entry of entries) if (!isPart(entry)) for await (const _ of entry.open());
}

async function bookOf({ entries }: Archive, strings: SharedStrings): Promise<Book> {
  const parts = new Map(entries.filter(isPart).map((entry) => [plainName(entry.name), entry]));
  const main = (await targetsOf(parts.get("_rels/.rels"), "")).find(({ type }) => type.endsWith("/officeDocument"));
  const workbook = main?.target ?? "xl/workbook.xml";
  const folder = workbook.slice(0, workbook.lastIndexOf("/") + 1);
  const relations = await targetsOf(parts.get(`${folder}_rels/${workbook.slice(folder.length)}.rels`), folder);
  const sheets: ZipEntry[] = [];
  let from1904 = false;
  for await (const tag of tagsOf(parts.get(workbook))) {
    const name = plainTag(tag);
    if (name === "workbookPr") from1904 = /^(?:1|true)$/.test(tag.attributes.get("date1904") ?? "");
    if (name !== "sheet") continue;
    const id = [...tag.attributes].find(([key]) => /(?:^|:)id$/.test(key))?.[1];
    const found = relations.find((one) => one.id === id && one.type.endsWith("/worksheet"));
    const part = found === undefined ? undefined : parts.get(found.target);
    if (part !== undefined) sheets.push(part);
  }
  const partOf = (type: string, usual: string) =>
    parts.get(relations.find((one) => one.type.endsWith(`/${type}`))?.target ?? folder + usual);
  await addStrings(partOf("sharedStrings", "sharedstrings.xml"), strings);
  return { sheets, strings, moments: await momentsOf(partOf("styles", "styles.xml")), from1904 };
}

/** Programs differ in case and strokes. */
const plainName = (name: string): string => name.replaceAll("\\", "/").toLowerCase();

async function targetsOf(
  part: ZipEntry | undefined,
  folder: string,
): Promise<{ id: string; type: string; target: string }[]> {
  const found = [];
  for await (const tag of tagsOf(part)) {
    if (plainTag(tag) !== "Relationship") continue;
    const { attributes } = tag;
    const target = plainName(attributes.get("Target") ?? "");
    found.push({
      id: attributes.get("Id") ?? "",
      type: attributes.get("Type") ?? "",
      target: target.startsWith("/") ? target.slice(1) : folder + target.replace(/^\.\//, ""),
    });
  }
  return found;
}

async function addStrings(part: ZipEntry | undefined, strings: SharedStrings): Promise<void> {
  let text = "";
  /** How a character is to be read aloud stands beside it, and is no text of the cell. */
  let aloud = false;
  for await (const step of stepsOf(part, ["t"])) {
    if (typeof step === "string") {
      if (!aloud && text.length < LONGEST_TEXT) text += step;
      continue;
    }
    const name = plainTag(step);
    if (name === "rPh") aloud = step.kind === "open";
    if (name !== "si") continue;
    if (step.kind !== "open") strings.add(text);
    text = "";
  }
}

/** Numbers of the formats that the standard gives for dates and times. */
const isMomentFormat = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

async function momentsOf(part: ZipEntry | undefined): Promise<boolean[]> {
  const own = new Map<number, boolean>();
  const moments: boolean[] = [];
  let inside = false;
  for await (const tag of tagsOf(part)) {
    const name = plainTag(tag);
    const id = Number(tag.attributes.get("numFmtId") ?? 0);
    if (name === "numFmt") {
      // Texts in quotes, single signs and colours say nothing of dates; [h] counts hours.
      const code = (tag.attributes.get("formatCode") ?? "").replace(
        /"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi,
        "",
      );
      own.set(id, /[ymdhs]/i.test(code) && !/general/i.test(code));
    }
    if (name === "cellXfs") inside = tag.kind === "open";
    else if (name === "xf" && inside && tag.kind !== "close") moments.push(own.get(id) ?? isMomentFormat(id));
  }
  return moments;
}

/** The rows of a sheet that have any content. */
async function* recordsOf(sheet: ZipEntry, book: Book): AsyncGenerator<TableRecord> {
  let cells: string[] = [];
  let line = 0;
  let length = 0;
  let column = -1;
  let cell: Tag | null = null;
  let text = "";
  let finished = false;
  for await (const step of stepsOf(sheet, ["v", "t"])) {
    if (typeof step === "string") {
      if (text.length < LONGEST_TEXT) text += step;
      continue;
    }
    const name = plainTag(step);
    if (name === "row") {
      if (step.kind !== "close") {
        const number = Number(step.attributes.get("r"));
        line = Number.isSafeInteger(number) && number > line ? number : line + 1;
        [cells, length, column] = [[], 0, -1];
      }
      if (step.kind === "close" && cells.some((one) => one.trim() !== "")) {
        yield length > LONGEST_ROW ? { cells: [], line, broken: "tooLong" } : { cells, line, broken: null };
      }
    } else if (name === "c") {
      if (step.kind !== "close") {
        cell = step;
        text = "";
        column = columnOf(step.attributes.get("r")) ?? column + 1;
      }
      if (step.kind === "open" || cell === null || column >= MOST_CELLS) continue;
      const shown = shownAs(cell, text, book);
      cell = null;
      length += shown.length;
      if (shown === "" || length > LONGEST_ROW) continue;
      while (cells.length < column) cells.push("");
      cells[column] = shown;
    } else if (name === "sheetData" && step.kind !== "open") finished = true;
  }
  if (!finished) throw new TableBroken("sheetBroken");
}

/** `BC12` is column 54, counted from 0. */
function columnOf(place: string | undefined): number | null {
  const letters = /^([A-Z]{1,3})\d*$/i.exec(place ?? "")?.[1]?.toUpperCase();
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** A cell as a person sees it. */
function shownAs({ attributes }: Tag, text: string, { strings, moments, from1904 }: Book): string {
  switch (attributes.get("t")) {
    case "s":
      return strings.get(Number(text)) ?? "";
    case "inlineStr":
    case "str":
      return text;
    case "b":
      return text === "1" ? "true" : "false";
    case "e":
      return "";
    case "d":
      return text.replace("T", " ").replace(/(?:\.\d+)?Z?$/, "");
    default: {
      const value = Number(text);
      if (text.trim() === "" || !Number.isFinite(value)) return text;
      return moments[Number(attributes.get("s") ?? 0)] === true ? momentText(value, from1904) : String(value);
    }
  }
}

/** A moment as ISO text without a zone: a cell's date is what stands on the screen. Spreadsheets count days from 1899-12-30. */
function momentText(days: number, from1904: boolean): string {
  // Half a second more, because a day's fraction falls short of the second it means.
  const at = new Date((days + (from1904 ? 1462 : 0) - 25_569) * 86_400_000 + 500);
  if (Number.isNaN(at.getTime())) return String(days);
  const text = at.toISOString();
  // Times of day and lengths stand on the first day that spreadsheets know.
  if (text < "1901") return text.slice(11, 19);
  return text
    .slice(0, 19)
    .replace("T", " ")
    .replace(/ 00:00:00$/, "");
}

/** Some programs write all names with a prefix. */
const plainTag = ({ name }: Tag): string => name.slice(name.indexOf(":") + 1);

async function* tagsOf(part: ZipEntry | undefined): AsyncGenerator<Tag> {
  for await (const step of stepsOf(part, [])) if (typeof step !== "string") yield step;
}

/** The tags of a part, and the texts behind some of them. */
async function* stepsOf(part: ZipEntry | undefined, texts: readonly string[]): AsyncGenerator<Tag | string> {
  if (part === undefined) return;
  const scanner = new TagScanner(decoded(part.open()), {
    records: ["row", "c", "si"],
    streams: () => false,
    longest: LONGEST_TEXT,
    texts: texts.flatMap((name) => [name, `x:${name}`]),
  });
  for (;;) {
    const step = scanner.next();
    if (step === "more") {
      if (scanner.ended) break;
      await filled(scanner);
    } else if (step === "doctype" || (typeof step === "object" && step.broken)) throw new TableBroken("sheetBroken");
    else if (step === "text") yield scanner.text;
    else if (step !== "stream") yield step;
  }
  if (scanner.unfinished) throw new TableBroken("sheetBroken");
}

async function filled(scanner: TagScanner): Promise<void> {
  try {
    await scanner.fill();
  } catch (error) {
    throw error instanceof ZipProblem ? new TableBroken(error.key) : error;
  }
}
