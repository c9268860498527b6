/**
 * PDFs as pictures and back: each page is drawn by PDFium, covered, and put as one picture onto a page of a new file that holds nothing
 * else: no text, no links, no forms, no attached files, no title, no author. Runs in a process of its own (worker.ts).
 */
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { type Pixels, burntPage } from "./burn.ts";
import { LIMITS, NO_MARKS, type PageMarks, Refusal } from "./redaction.ts";

/** Dots per inch and points per inch. */
const DPI = 150;
const POINT = 72;

interface Opened {
  pages: number;
  /** `page` from 1. */
  draw(page: number): Promise<Pixels & { points: [width: number, height: number] }>;
}

/** @throws {@link Refusal} where the file cannot be opened, is locked, or has more pages than are drawn. */
export async function withPdf<T>(bytes: Uint8Array, use: (pdf: Opened) => Promise<T>): Promise<T> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes).catch((error: unknown) => {
    throw new Refusal(/password|security/i.test(String(error)) ? "encrypted" : "unreadable");
  });
  const pages = document.getPageCount();
  if (pages === 0) throw new Refusal("unreadable");
  if (pages > LIMITS.pages) throw new Refusal("pages", { pages, most: LIMITS.pages });
  // What is filled in is drawn, too.
  document.initializeFormFields();
  return use({
    pages,
    async draw(number) {
      const page = document.getPage(number - 1);
      const { originalWidth, originalHeight } = page.getOriginalSize();
      if (!(originalWidth >= 1 && originalHeight >= 1)) throw new Refusal("unreadable");
      const scale = Math.min(DPI / POINT, Math.sqrt(LIMITS.pagePixels / (originalWidth * originalHeight)));
      const { data, width, height } = await page.render({ scale, render: "bitmap", renderFormFields: true });
      return { data: withoutAlpha(data), width, height, points: [originalWidth, originalHeight] };
    },
  });
}

/** PDFium draws on white; the fourth byte of a pixel says nothing. */
function withoutAlpha(rgba: Uint8Array): Buffer {
  const rgb = Buffer.allocUnsafe((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}

/** The whole copy; `marks` by the number of the page. */
export async function redactedPdf(bytes: Uint8Array, marks: Record<string, PageMarks>): Promise<Buffer> {
  return withPdf(bytes, async (pdf) => {
    const pictures: Picture[] = [];
    for (let page = 1; page <= pdf.pages; page += 1) {
      const here = marks[String(page)] ?? NO_MARKS;
      if (here.leaveOut) continue;
      const drawn = await pdf.draw(page);
      pictures.push({
        jpeg: await burntPage(drawn, here),
        width: drawn.width,
        height: drawn.height,
        points: drawn.points,
      });
    }
    if (pictures.length === 0) throw new Refusal("nothing-left");
    return pdfOf(pictures);
  });
}

interface Picture {
  jpeg: Buffer;
  width: number;
  height: number;
  points: [width: number, height: number];
}

/** A PDF 1.4 of pictures, one a page (ISO 32000-1, 7.5 and 8.9): catalogue, pages, and for each page its picture and how it is laid. */
function pdfOf(pictures: readonly Picture[]): Buffer {
  const parts: Buffer[] = [Buffer.from("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n", "latin1")];
  const places: number[] = [];
  let size = parts[0]!.length;
  const add = (...pieces: (string | Buffer)[]) => {
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? Buffer.from(piece, "latin1") : piece;
      parts.push(bytes);
      size += bytes.length;
    }
  };
  const object = (number: number, ...content: (string | Buffer)[]) => {
    places[number] = size;
    add(`${number} 0 obj\n`, ...content, "\nendobj\n");
  };
  const at = (index: number) => 3 + index * 3;
  object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  object(
    2,
    `<< /Type /Pages /Count ${pictures.length} /Kids [${pictures.map((_, index) => `${at(index)} 0 R`).join(" ")}] >>`,
  );
  for (const [index, { jpeg, width, height, points }] of pictures.entries()) {
    const [across, down] = points.map((value) => value.toFixed(2));
    const laid = `q ${across} 0 0 ${down} 0 0 cm /P Do Q`;
    object(
      at(index),
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${across} ${down}] /Contents ${at(index) + 1} 0 R`,
      ` /Resources << /XObject << /P ${at(index) + 2} 0 R >> >> >>`,
    );
    object(at(index) + 1, `<< /Length ${laid.length} >>\nstream\n${laid}\nendstream`);
    object(
      at(index) + 2,
      `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8`,
      ` /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n`,
      jpeg,
      "\nendstream",
    );
  }
  const table = size;
  const count = at(pictures.length);
  add(`xref\n0 ${count}\n0000000000 65535 f \n`);
  for (let number = 1; number < count; number += 1) add(`${String(places[number]).padStart(10, "0")} 00000 n \n`);
  add(`trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return Buffer.concat(parts);
}
