/**
 * A paper as a tagged, archival PDF (PDF/A-3a), set by Typst in a worker thread of its own. It must not know what a dossier is.
 * The same paper gives the same bytes. Next: pdf-worker.ts does the work, template/dossier.typ draws.
 */
import { Worker } from "node:worker_threads";
import type { Paper } from "./blocks.ts";

/** @throws what the worker says is wrong; then there is no PDF. */
export function makePdf(paper: Paper): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("pdf-worker.ts", import.meta.url), { workerData: paper });
    worker.once("message", (pdf: Uint8Array) => resolve(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)));
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`typesetting ended early (${code})`)));
  });
}
