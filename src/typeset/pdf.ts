/**
 * What a template draws, as a tagged, archival PDF (PDF/A-3a), set by Typst with fonts of ours. The same data gives the same bytes.
 * A machine without meaning: it knows neither dossiers nor letters. Typst compiles synchronously and keeps what it read: call this in a
 * process of its own, never on the server's thread (dossiers/parts-worker.ts does).
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import { coverageOf, printableDeep } from "./printable.ts";

const fonts = dirname(fileURLToPath(import.meta.resolve("@expo-google-fonts/noto-sans-sc/package.json")));
const FAMILY = "NotoSansSC";

/** Archival and tagged; attachments are not used, the bag carries the files. */
const STANDARD = "a-3a";

/**
 * @param template the .typ file; it finds the data as `json("/paper.json")` and sees nothing outside its own folder
 * @throws with Typst's own words when the data cannot be set in the standard, or when a font is not ours.
 */
export function pdfOf(data: object, template: string): Uint8Array<ArrayBuffer> {
  const coverage = coverageOf(join(fonts, "400Regular", "NotoSansSC_400Regular.ttf"));
  const compiler = NodeCompiler.create({
    workspace: dirname(template),
    fontArgs: [{ fontPaths: [join(fonts, "400Regular"), join(fonts, "600SemiBold")] }],
  });
  try {
    compiler.mapShadow(
      join(dirname(template), "paper.json"),
      Buffer.from(JSON.stringify(printableDeep(data, coverage))),
    );
    const compiled = compiler.compile({ mainFilePath: template });
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
