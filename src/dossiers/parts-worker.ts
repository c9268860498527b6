/** The process that parts.ts starts: takes one dossier, writes its parts into a folder, says what they are, and ends. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";
import { pdfOf } from "../typeset/pdf.ts";
import { TEMPLATE } from "./blocks.ts";
import { caseJson } from "./case-json.ts";
import type { Dossier } from "./dossier.ts";
import { incidentsCsv } from "./incidents-csv.ts";
import { paperOf } from "./paper.ts";
import type { Answer, MadePart, Order } from "./parts.ts";
import { type Masking, redact } from "./redact.ts";

/** Whoever waits for a page goes first. */
const LATER = 5;

async function make(dossier: Dossier, folder: string): Promise<MadePart[]> {
  const contents: [string, Uint8Array][] = [
    ["data/dossier.pdf", pdfOf(paperOf(dossier), TEMPLATE)],
    ["data/incidents.csv", Buffer.from(incidentsCsv(dossier))],
    ["data/case.json", Buffer.from(caseJson(dossier))],
  ];
  const parts: MadePart[] = [];
  for (const [path, bytes] of contents) {
    const file = join(folder, path.slice("data/".length));
    await writeFile(file, bytes, { flush: true });
    parts.push({ path, file, size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
  }
  return parts;
}

setPriority(LATER);
let dossier: Dossier | undefined;
let masking: Masking | undefined;
process.on("message", (order: Order) => {
  if ("dossier" in order) dossier = order.dossier;
  else if (dossier === undefined) throw new Error("the dossier itself comes first");
  else if ("incidents" in order) dossier.incidents.push(...order.incidents);
  else if ("findings" in order) dossier.findings.push(...order.findings);
  else if ("exhibits" in order) dossier.exhibits.push(...order.exhibits);
  else if ("masking" in order) masking = order.masking;
  else void answer(dossier, order.folder);
});

async function answer(whole: Dossier, folder: string): Promise<void> {
  let says: Answer;
  try {
    says = { parts: await make(masking === undefined ? whole : redact(whole, masking), folder) };
  } catch (error) {
    says = { error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(says, undefined, {}, () => process.disconnect?.());
}
