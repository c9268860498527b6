/** The process that make.ts starts: sets one letter as PDF and as a Word file into a folder, and ends. */
import { writeFile } from "node:fs/promises";
import { pdfOf } from "../typeset/pdf.ts";
import { docxOf } from "./docx.ts";
import type { Answer, Order } from "./make.ts";
import { TEMPLATE } from "./paper.ts";

process.once("message", (order: Order) => {
  void make(order).then((answer) => process.send?.(answer, undefined, {}, () => process.disconnect?.()));
});

async function make({ paper, pdf, docx }: Order): Promise<Answer> {
  try {
    await writeFile(pdf, pdfOf(paper, TEMPLATE), { flush: true, mode: 0o600 });
    await writeFile(docx, await docxOf(paper), { flush: true, mode: 0o600 });
    return { error: null };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
