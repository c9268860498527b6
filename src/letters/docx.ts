/**
 * A letter as a Word file: real headings and styles, A4, page numbers, the language said for Latin and Chinese letters apart, and a font
 * named for each. It must not know cases. Next: make-worker.ts.
 */
import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  type ISectionOptions,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  SectionType,
  TextRun,
} from "docx";
import type { Block, LetterPaper, Sheet } from "./paper.ts";

/** In twentieths of a point: A4 and its margins. */
const A4 = { width: 11_906, height: 16_838 };
const MARGIN = { top: 1440, bottom: 1440, left: 1440, right: 1300 };
const fontOf = (eastAsia: string) => ({ ascii: "Calibri", hAnsi: "Calibri", cs: "Calibri", eastAsia });
const TEXT = fontOf("宋体");
const HEADING = fontOf("黑体");
const languageOf = (lang: Sheet["lang"]) => ({ value: lang === "zh" ? "zh-CN" : "en-GB", eastAsia: "zh-CN" });

export async function docxOf(paper: LetterPaper): Promise<Uint8Array> {
  const zh = paper.lang === "zh";
  const heading = (size: number, after: number) => ({
    run: { font: HEADING, size, bold: true, color: "000000" },
    paragraph: { keepNext: true, spacing: { before: 280, after } },
  });
  const document = new Document({
    title: plain(paper.title),
    creator: plain(paper.author),
    lastModifiedBy: plain(paper.author),
    description: "",
    styles: {
      default: {
        document: {
          run: { font: TEXT, size: 22, language: languageOf(paper.lang) },
          paragraph: { spacing: { after: 160, line: zh ? 360 : 300 } },
        },
        heading1: heading(30, 240),
        heading2: heading(24, 120),
      },
    },
    numbering: {
      config: [
        {
          reference: "items",
          levels: [
            {
              level: 0,
              format: LevelFormat.BULLET,
              text: "•",
              style: { paragraph: { indent: { left: 480, hanging: 320 }, spacing: { after: 80 } } },
            },
          ],
        },
      ],
    },
    sections: paper.sheets.map(sectionOf),
  });
  return new Uint8Array(await Packer.toBuffer(document));
}

function sectionOf(sheet: Sheet, at: number): ISectionOptions {
  const zh = sheet.lang === "zh";
  const title = new Paragraph({
    heading: HeadingLevel.HEADING_1,
    alignment: zh ? AlignmentType.CENTER : AlignmentType.LEFT,
    children: runs(sheet, sheet.title),
  });
  const recipient = sheet.recipient === "" ? [] : [linesAs(sheet, zh ? `${sheet.recipient}：` : sheet.recipient)];
  const signature = (alignment: (typeof AlignmentType)[keyof typeof AlignmentType]) =>
    new Paragraph({
      alignment,
      keepLines: true,
      spacing: { before: 480 },
      children: runs(sheet, `${sheet.sign} ____________________`),
    });
  const body = sheet.blocks.map((block) => paragraphOf(sheet, block));
  const children = zh
    ? [
        title,
        ...recipient,
        ...body,
        linesAs(sheet, sheet.sender, AlignmentType.RIGHT),
        signature(AlignmentType.RIGHT),
        linesAs(sheet, sheet.date, AlignmentType.RIGHT),
      ]
    : [
        linesAs(sheet, sheet.sender),
        linesAs(sheet, sheet.date),
        ...recipient,
        title,
        ...body,
        signature(AlignmentType.LEFT),
        linesAs(sheet, sheet.sender.split("\n")[0] ?? ""),
      ];
  return {
    properties: { type: at === 0 ? SectionType.CONTINUOUS : SectionType.NEXT_PAGE, page: { size: A4, margin: MARGIN } },
    footers: {
      default: new Footer({
        children: [new Paragraph({ alignment: AlignmentType.CENTER, children: pageNumber(sheet) })],
      }),
    },
    children,
  };
}

function paragraphOf(sheet: Sheet, { k, t }: Block): Paragraph {
  const children = runs(sheet, t);
  if (k === "h") return new Paragraph({ heading: HeadingLevel.HEADING_2, children });
  if (k === "item") return new Paragraph({ numbering: { reference: "items", level: 0 }, children });
  return new Paragraph({ children, ...(sheet.lang === "zh" ? { indent: { firstLine: 440 } } : {}) });
}

const linesAs = (sheet: Sheet, text: string, alignment?: (typeof AlignmentType)[keyof typeof AlignmentType]) =>
  new Paragraph({ children: runs(sheet, text), ...(alignment === undefined ? {} : { alignment }) });

/** Each line a run of its own, marked with the language of the sheet. */
function runs(sheet: Sheet, text: string): TextRun[] {
  return text
    .split("\n")
    .map(
      (line, at) =>
        new TextRun({ text: plain(line), language: languageOf(sheet.lang), ...(at === 0 ? {} : { break: 1 }) }),
    );
}

/** "Page 1 of 2" with Word's own fields in the places of the numbers. */
function pageNumber(sheet: Sheet): TextRun[] {
  // eslint-disable-next-line no-control-regex
  const children = sheet.page
    .split(/([\u0001\u0002])/)
    .map((part) => (part === "\u{1}" ? PageNumber.CURRENT : part === "\u{2}" ? PageNumber.TOTAL_PAGES : part));
  return [new TextRun({ size: 16, color: "444444", language: languageOf(sheet.lang), children })];
}

/** What XML cannot hold, and signs that turn the reading direction round, are written as their numbers: as in the PDF. */
function plain(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll("\t", "  ")
      // eslint-disable-next-line no-control-regex
      .replace(
        /[\u0000-\u001f\u007f-\u009f\ufffe\uffff]|\p{Bidi_Control}/gu,
        (sign) => `[U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`,
      )
  );
}
