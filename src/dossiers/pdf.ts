/**
 * A paper as a tagged, archival PDF (PDF/A-3a), set by Typst with fonts of ours. The same paper gives the same bytes.
 * Typst compiles synchronously and keeps what it read: never call this on the server's own thread. Next: parts-worker.ts calls it in a process of its own.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import type { Paper } from "./blocks.ts";
import { coverageOf, printableDeep } from "./printable.ts";

const fonts = dirname(fileURLToPath(import.meta.resolve("@expo-google-fonts/noto-sans-sc/package.json")));
const template = join(import.meta.dirname, "template");
const FAMILY = "NotoSansSC";

/** Archival and tagged; attachments are not used, the bag carries the files. */
const STANDARD = "a-3a";

/** @throws with Typst's own words when the paper cannot be set in the standard, or when a font is not ours. */
export function pdfOf(paper: Paper): Uint8Array<ArrayBuffer> {
  const coverage = coverageOf(join(fonts, "400Regular", "NotoSansSC_400Regular.ttf"));
  const compiler = NodeCompiler.create({
    workspace: template,
    fontArgs: [{ fontPaths: [join(fonts, "400Regular"), join(fonts, "600SemiBold")] }],
  });
  try {
    compiler.mapShadow(join(template, "paper.json"), Buffer.from(JSON.stringify(printableDeep(paper, coverage))));
    const compiled = compiler.compile({ mainFilePath: join(template, "dossier.typ") });
    const warnings = compiled.takeWarnings();
    // An unknown font family is only a warning to Typst; to us any warning means that the paper is not what it should be.
    if (warnings !== null) throw new Error(`typesetting: ${words(warnings.shortDiagnostics)}`);
    const document = compiled.result;
    if (document === null) throw new Error(`typesetting: ${words(compiled.takeError()?.shortDiagnostics ?? [])}`);
    const pdf = new Uint8Array(compiler.pdf(document, { pdfStandard: STANDARD, pdfTags: true }));
    onlyOurFonts(pdf);
    return pdf;
  } finally {
    compiler.evictCache(0);
  }
}

/** Typst reaches for system fonts without a word; the names in the file tell. */
function onlyOurFonts(pdf: Uint8Array): void {
  const names = new Set(
    Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
      .toString("latin1")
      .match(/\/FontName\s*\/[A-Z]{6}\+[A-Za-z0-9-]+/g)
      ?.map((name) => name.slice(name.indexOf("+") + 1)),
  );
  for (const name of names)
    if (!name.startsWith(FAMILY)) throw new Error(`typesetting: the font ${name} is not one of ours`);
}

const words = (diagnostics: unknown[]) =>
  diagnostics
    .map((one) => (typeof one === "object" && one !== null && "message" in one ? String(one.message) : String(one)))
    .join("; ");
