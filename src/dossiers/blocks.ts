/**
 * The shapes that the Typst template draws (template/dossier.typ reads exactly these): no words and no meaning of their own.
 * Next: paper.ts fills them; typeset/ makes their texts printable and hands them to the template as JSON.
 */
import { join } from "node:path";
import type { Text } from "./voice.ts";

export const TEMPLATE = join(import.meta.dirname, "template", "dossier.typ");

/** Shapes that say an outcome at a glance; the words always stand beside them. */
type Mark = "matches" | "needs-review" | "cannot-tell";

/** A contact on the scale of a day: `m` minutes after midnight, `in` the shaded hours, `open` not answered, `other` to somebody else. */
export interface Dot {
  m: number | null;
  in?: boolean;
  open?: boolean;
  other?: boolean;
  about?: boolean;
}
/** Shaded hours of a day, in minutes after midnight, `[from, to)`; never across midnight. */
export type Shade = [from: number, to: number];

export type Line =
  | { t: Text; s?: "bold" | "small" | "quote" | "mono" }
  /** Marked lines: outcome and words. */
  | { mark: Mark; t: Text };

export type Cell = Text | { strip: Dot; shade: Shade[] } | { lines: Line[] } | { mono: string } | { shaded: string };

export type Fact = [label: Text, value: Text];

export interface Table {
  k: "table";
  caption?: Text;
  /** Of the caption, which is a heading: 2 below a section's title, 3 below a rule's. */
  level?: 3;
  /** Typst column widths: `auto`, `1fr`, `12mm`. */
  widths: string[];
  head: Text[];
  /** A row of one cell spans the whole width and belongs to the row before. */
  rows: Cell[][];
  /** Small figures in narrow columns, centred but for the first. */
  dense?: boolean;
  /** Rows with so much text that they may be split between two pages, by place; the others stay whole. */
  long?: number[];
}

export interface Panel {
  /** One row a day, newest on top. */
  days: { label: Text | null; dots: Dot[] }[];
  /** Row and number of what the borrower told the collector. */
  flags: { row: number; n: number }[];
}

export type Block =
  /** Stays on one page, and on that of what follows. */
  | { k: "group"; blocks: Block[] }
  | { k: "p"; t: Text; small?: boolean }
  | { k: "h"; t: Text; level: 2 | 3; numbered?: boolean }
  | { k: "facts"; rows: Fact[] }
  | { k: "quote"; t: Text }
  | { k: "cite"; obligation: string; duty: Text; strength: number; strengthText: Text; t: Text }
  | { k: "counts"; items: { mark: Mark; n: number; t: Text }[] }
  | Table
  | { k: "legend"; items: { dot: Dot | "shade" | "unknown" | number; t: Text }[] }
  | { k: "picture"; alt: Text; shade: Shade[]; hours: number[]; panels: Panel[] }
  | { k: "code"; lines: string[] }
  | { k: "sign"; rows: Text[] };

export interface Section {
  title: Text;
  /** Short ones begin on the page of the one before. */
  follows?: boolean;
  blocks: Block[];
}

export interface Paper {
  /** The first language: that of the document. */
  lang: "zh" | "en";
  bilingual: boolean;
  title: Text;
  /** Year, month, day, hour, minute, second in UTC; fixed, so that the same input gives the same bytes. */
  made: [number, number, number, number, number, number];
  head: Text;
  /** With U+0001 for the page's number and U+0002 for how many there are. */
  page: Text;
  foot: [left: Text, right: Text];
  cover: {
    title: Text;
    sub: Text;
    demo: Text | null;
    facts: Fact[];
    numbers: [n: string, label: Text][];
    contents: Text;
    key: { title: Text; items: [Mark, Text, Text][]; notes: Text[] };
  };
  sections: Section[];
}
