/** The process that workshop.ts starts: takes one order, answers it, and ends. A second thread watches how much memory it takes. */
import { readFile, writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { burn, pixelsOf, preview } from "./burn.ts";
import { masked } from "./mask.ts";
import { redactedPdf, withPdf } from "./pdf-pages.ts";
import { readable } from "./readable.ts";
import { NO_MARKS, Refusal } from "./redaction.ts";
import { suggestedWords, suggestionsIn } from "./suggest.ts";
import type { Answer, Look, Order } from "./workshop.ts";

/** Whoever waits for a page goes first. */
const LATER = 5;
/** Wide enough to read a telephone number on a phone's screenshot. */
const PREVIEW = 1000;
/** Of a long text a page shows the beginning; suggestions and the copy are about all of it. */
const SHOWN = 40_000;

async function work({ task, source, input, output }: Order): Promise<Answer> {
  const bytes = new Uint8Array(await readFile(input));
  if (task.do === "look") return { look: await look(bytes, source, task.page, output) };
  if (source.way === "text") {
    const text = await readable(bytes, source.mediaType);
    if (task.do === "copy") {
      await writeFile(output, masked(text, task.recipe.words));
      return { mediaType: "text/plain" };
    }
    const suggestions = suggestionsIn(text, task.known, task.country);
    const shown = masked(text.slice(0, SHOWN).toWellFormed(), task.words ?? suggestedWords(suggestions));
    return { reading: { shown, characters: text.length, suggestions } };
  }
  if (task.do !== "copy") throw new Error(`a ${source.way} is not read`);
  if (source.way === "pdf") {
    await writeFile(output, await redactedPdf(bytes, task.recipe.pages));
    return { mediaType: "application/pdf" };
  }
  const copy = await burn(bytes, source.mediaType, task.recipe.pages["1"] ?? NO_MARKS);
  await writeFile(output, copy.bytes);
  return { mediaType: copy.mediaType };
}

async function look(
  bytes: Uint8Array,
  { way, mediaType }: Order["source"],
  page: number,
  output: string,
): Promise<Look> {
  if (way === "pdf") {
    return withPdf(bytes, async (pdf) => {
      const drawn = await pdf.draw(Math.min(page, pdf.pages));
      await writeFile(output, await preview(drawn, PREVIEW));
      return { pages: pdf.pages, width: drawn.width, height: drawn.height };
    });
  }
  const pixels = await pixelsOf(bytes, mediaType);
  await writeFile(output, await preview(pixels, PREVIEW));
  return { pages: 1, width: pixels.width, height: pixels.height };
}

setPriority(LATER);
new Worker(new URL("memory-watch.ts", import.meta.url)).unref();
process.once("message", (order: Order) => {
  void work(order)
    .catch((error: unknown): Answer => ({ refused: error instanceof Refusal ? error.refused : { key: "unreadable" } }))
    .then((answer) => process.send?.(answer, undefined, {}, () => process.exit(0)));
});
