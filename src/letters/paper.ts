/**
 * The words of a letter as a paper: both files are made from this. A body is typed as people type: an empty line begins a paragraph,
 * `# ` a heading, `- ` an item. Pure. Next: docx.ts, template/letter.typ.
 */
import { join } from "node:path";
import { type Locale, translator } from "../web/locale.ts";
import { type Letter, type LetterText, localesOf } from "./letter.ts";

export const TEMPLATE = join(import.meta.dirname, "template", "letter.typ");

export interface Block {
  k: "p" | "h" | "item";
  /** Lines are kept. */
  t: string;
}

export interface Sheet {
  lang: "en" | "zh";
  title: string;
  recipient: string;
  sender: string;
  date: string;
  blocks: Block[];
  /** "Signature" beside the line. */
  sign: string;
  /** With U+0001 for the page's number and U+0002 for how many there are. */
  page: string;
}

export interface LetterPaper {
  lang: "en" | "zh";
  title: string;
  author: string;
  /** Year, month, day: the letter's own date, so that the same words give the same bytes. */
  made: [number, number, number];
  sheets: Sheet[];
}

export function paperOf({ facts, texts }: Pick<Letter, "facts" | "texts">): LetterPaper {
  const sheets = localesOf(facts.language).flatMap((locale) => {
    const text = texts[locale];
    return text === undefined ? [] : [sheetOf(text, locale)];
  });
  const [first] = sheets;
  if (first === undefined) throw new Error("a letter without words");
  const [year = 0, month = 0, day = 0] = facts.writtenOn.split("-").map(Number);
  return {
    lang: first.lang,
    title: first.title,
    author: first.sender.split("\n")[0] ?? "",
    made: [year, month, day],
    sheets,
  };
}

function sheetOf({ body, ...text }: LetterText, locale: Locale): Sheet {
  const t = translator(locale);
  return {
    lang: locale === "en" ? "en" : "zh",
    ...text,
    blocks: blocksOf(body),
    sign: t("letters.paper.sign"),
    page: t("letters.paper.page", { n: "\u{1}", all: "\u{2}" }),
  };
}

export function blocksOf(body: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  for (const line of body.split("\n").map((one) => one.trim())) {
    const [, sign, rest = ""] = /^([#-])\s+(.*)$/.exec(line) ?? [];
    if (line === "") open = null;
    else if (sign !== undefined) {
      const block: Block = { k: sign === "#" ? "h" : "item", t: rest };
      blocks.push(block);
      // A line below an item goes on with it; a heading is one line.
      open = block.k === "item" ? block : null;
    } else if (open === null) blocks.push((open = { k: "p", t: line }));
    else open.t += `\n${line}`;
  }
  return blocks;
}

/** The whole of one language as plain text: what a notice keeps as its words. */
export const plainText = ({ title, body }: LetterText): string => `${title}\n\n${body}`;
