/** What the templates under views/redaction print. */
import { type Evidence, contentDisposition, exhibitName } from "../evidence/evidence.ts";
import type { Format } from "../web/format.ts";
import type { FormErrors } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import { GRID_COLUMNS, cellName, gridRows } from "./boxes.ts";
import { type Copy, type PageMarks, type Refused, type Way, amountOf, copyName } from "./redaction.ts";
import { isSuggested } from "./suggest.ts";
import type { Look, Reading } from "./workshop.ts";

export interface Words {
  t: Translate;
  format: Format;
}

export interface CopyRow {
  href: string;
  name: string;
  state: Copy["state"];
  /** When, by whom, how much. */
  made: string;
  removed: boolean;
}

interface Fact {
  key: { text: string };
  value: { text: string; classes?: string };
}

export interface RedactionPage {
  title: string;
  caseId: string;
  exhibit: string;
  evidenceHref: string;
  way: Way | null;
  /** Sound or video, for the sentence that says what can be done instead. */
  letter: string;
  mayLog: boolean;
  /** Why there is nothing to mark, as a sentence. */
  refused: string | null;
  canvas: Canvas | null;
  text: TextPage | null;
  copies: CopyRow[];
  errors: FormErrors;
  saved: boolean;
}

/** A picture or a page with its marks. */
interface Canvas {
  /** A small picture of it in the page itself. */
  src: string;
  page: number;
  pages: { number: number; marked: boolean; current: boolean }[];
  rows: { name: string; label: string; on: boolean }[][];
  /** Typed boxes, with some empty ones. */
  boxes: { left: string; top: string; width: string; height: string }[];
  leaveOut: boolean;
}

interface TextPage {
  shown: string;
  /** The text is longer than what is shown. */
  longer: string | null;
  groups: { kind: string; items: { value: string; text: string; hint: string; checked: boolean }[] }[];
  words: string;
}

const EMPTY_BOXES = 2;

/** Boxes as typed are shown again as typed when there is a mistake in them. */
export type TypedBoxes = Canvas["boxes"];

export function canvasOf(
  { t }: Words,
  look: Look,
  picture: Buffer,
  {
    page,
    marks,
    marked,
    typed,
  }: { page: number; marks: PageMarks; marked: ReadonlySet<number>; typed: TypedBoxes | null },
): Canvas {
  const on = new Set(marks.cells);
  const number = (value: number) => String(Math.round(value * 100) / 100);
  const boxes =
    typed ??
    marks.boxes.map(({ left, top, width, height }) => ({
      left: number(left),
      top: number(top),
      width: number(width),
      height: number(height),
    }));
  return {
    src: `data:image/jpeg;base64,${picture.toString("base64")}`,
    page,
    pages: Array.from({ length: look.pages }, (_, at) => ({
      number: at + 1,
      marked: marked.has(at + 1),
      current: at + 1 === page,
    })),
    rows: Array.from({ length: gridRows(look.width, look.height) }, (_row, row) =>
      Array.from({ length: GRID_COLUMNS }, (_cell, column) => ({
        name: cellName(row, column),
        label: t("redaction.canvas.cell", { row: row + 1, column: column + 1 }),
        on: on.has(cellName(row, column)),
      })),
    ),
    boxes: [...boxes, ...Array.from({ length: EMPTY_BOXES }, () => ({ left: "", top: "", width: "", height: "" }))],
    leaveOut: marks.leaveOut,
  };
}

/** `words`: what is removed so far; null = nothing was chosen yet, so everything suggested is ticked. */
export function textPage({ t, format }: Words, reading: Reading, words: readonly string[] | null): TextPage {
  const chosen = new Set(words ?? []);
  const offered = new Set(reading.suggestions.map(({ text }) => text));
  const byKind = Map.groupBy(reading.suggestions, ({ kind }) => kind);
  return {
    shown: reading.shown,
    longer:
      reading.characters > reading.shown.length + 2000
        ? t("redaction.text.longer", { n: format.number(reading.characters) })
        : null,
    groups: [...byKind].map(([kind, items]) => ({
      kind: t(`redaction.kind.${kind}`),
      items: items.map(({ text, count }) => ({
        value: text,
        text,
        hint: t("redaction.text.times", { count }),
        checked: words === null ? isSuggested(kind) : chosen.has(text),
      })),
    })),
    words: (words ?? []).filter((word) => !offered.has(word)).join("\n"),
  };
}

export const refusedText = ({ t }: Words, { key, params }: Refused): string => t(`redaction.refused.${key}`, params);

export function copyRow({ t, format }: Words, caseId: string, evidence: Evidence, copy: Copy): CopyRow {
  const exhibit = exhibitName(evidence);
  return {
    href: `/cases/${caseId}/evidence/${exhibit}/copies/${copy.version}`,
    name: t("redaction.copies.name", { version: copy.version }),
    state: copy.state,
    made: [
      t("redaction.copies.made", { when: format.shortInstant(copy.madeAt ?? copy.orderedAt), by: copy.madeByName }),
      amountText({ t, format }, copy),
    ].join(" · "),
    removed: copy.removedAt !== null,
  };
}

function amountText({ t, format }: Words, { recipe }: Copy): string {
  const { boxes, words, pagesLeftOut } = amountOf(recipe);
  const parts = [
    ...(boxes > 0 ? [t("redaction.amount.boxes", { count: boxes })] : []),
    ...(pagesLeftOut > 0 ? [t("redaction.amount.pages", { count: pagesLeftOut })] : []),
    ...(words > 0 ? [t("redaction.amount.words", { count: words })] : []),
  ];
  return parts.length === 0 ? t("redaction.amount.nothing") : format.list(parts);
}

export interface CopyPage {
  title: string;
  caseId: string;
  exhibit: string;
  redactionHref: string;
  href: string;
  state: Copy["state"];
  refresh?: number;
  /** Why there is none. */
  refused: string | null;
  /** Shown in place. */
  pictureHref: string | null;
  fileHref: string;
  rows: Fact[];
  removed: boolean;
  mayLog: boolean;
}

export function copyPage(
  words: Words,
  caseId: string,
  evidence: Evidence,
  copy: Copy,
  { mayLog }: { mayLog: boolean },
): CopyPage {
  const { t, format } = words;
  const exhibit = exhibitName(evidence);
  const base = `/cases/${caseId}/evidence/${exhibit}`;
  const href = `${base}/copies/${copy.version}`;
  const fact = (key: string, text: string, classes?: string): Fact => ({
    key: { text: t(`redaction.copy.${key}`) },
    value: { text, ...(classes === undefined ? {} : { classes }) },
  });
  const { file } = copy;
  return {
    title: t("redaction.copy.title", { exhibit, version: copy.version }),
    caseId,
    exhibit,
    redactionHref: `${base}/redaction`,
    href,
    state: copy.state,
    ...(copy.state === "making" ? { refresh: 2 } : {}),
    refused: copy.error === null ? null : refusedText(words, copy.error),
    pictureHref: file?.mediaType.startsWith("image/") === true ? `${href}/view` : null,
    fileHref: `${href}/view?save=1`,
    rows:
      file === null
        ? []
        : [
            fact("name", copyName(exhibit, copy.version, file.mediaType)),
            fact("size", t("evidence.facts", { size: format.bytes(file.size), type: file.mediaType })),
            fact("done", amountText(words, copy)),
            fact(
              "made",
              t("redaction.copies.made", { when: format.instant(copy.madeAt ?? copy.orderedAt), by: copy.madeByName }),
            ),
            fact("sha256", file.sha256, "dw-hash"),
            fact("original", copy.originalSha256, "dw-hash"),
          ],
    removed: copy.removedAt !== null,
    mayLog,
  };
}

/** Headers under which a copy is handed out; it can do nothing in a browser. */
export function copyHeaders(
  exhibit: string,
  copy: Copy & { file: NonNullable<Copy["file"]> },
  how: "inline" | "attachment",
) {
  const { mediaType, sha256, size } = copy.file;
  return {
    "Content-Type": mediaType === "text/plain" ? "text/plain; charset=utf-8" : mediaType,
    "Content-Length": String(size),
    "Content-Disposition": contentDisposition(how, copyName(exhibit, copy.version, mediaType)),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    ETag: `"${sha256}"`,
  };
}
