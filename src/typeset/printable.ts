/**
 * Makes texts printable with the fonts we embed. An archival PDF may not hold a character its font lacks, so one emoji in a message
 * would spoil the whole paper; such a character is printed as its number, `[U+1F600]`, and nothing is dropped unseen.
 * It reads a font's table of characters and knows nothing of what is said. Next: pdf.ts.
 */
import { readFileSync } from "node:fs";

/** One flag for every code point: does the font have it? */
export type Coverage = Uint8Array;

/** The characters of a TrueType font, from its `cmap` table in format 4 or 12 (OpenType 1.9). */
export function coverageOf(fontFile: string): Coverage {
  const font = readFileSync(fontFile);
  const covered = new Uint8Array(0x110000);
  const cmap = tableAt(font, "cmap");
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const subtable = cmap + font.readUInt32BE(cmap + 8 + 8 * i);
    const format = font.readUInt16BE(subtable);
    if (format === 12) {
      for (let g = 0; g < font.readUInt32BE(subtable + 12); g++) {
        const group = subtable + 16 + 12 * g;
        covered.fill(1, font.readUInt32BE(group), font.readUInt32BE(group + 4) + 1);
      }
    } else if (format === 4) {
      const segments = font.readUInt16BE(subtable + 6) / 2;
      for (let s = 0; s < segments; s++) {
        const end = font.readUInt16BE(subtable + 14 + 2 * s);
        const start = font.readUInt16BE(subtable + 16 + 2 * (segments + s));
        const delta = font.readUInt16BE(subtable + 16 + 2 * (2 * segments + s));
        const offsetAt = subtable + 16 + 2 * (3 * segments + s);
        const offset = font.readUInt16BE(offsetAt);
        for (let c = start; c <= end && c < 0xffff; c++) {
          const glyph = offset === 0 ? c + delta : font.readUInt16BE(offsetAt + offset + 2 * (c - start));
          if ((glyph & 0xffff) !== 0) covered[c] = 1;
        }
      }
    }
  }
  return covered;
}

function tableAt(font: Buffer, tag: string): number {
  for (let i = 0; i < font.readUInt16BE(4); i++)
    if (font.toString("latin1", 12 + 16 * i, 16 + 16 * i) === tag) return font.readUInt32BE(20 + 16 * i);
  throw new Error(`the font has no ${tag} table`);
}

/** Signs without a shape of their own that only choose how a neighbour looks. */
const SILENT = /\p{Variation_Selector}|[\u200B\u2060\uFEFF\u00AD]|\u200D/gu;
/** The placeholders of a page's number and of how many there are, which templates fill in; and the line's end. */
const OURS = new Set([0x01, 0x02, 0x0a]);

/** The same text with what the font lacks written out. */
function printable(text: string, coverage: Coverage): string {
  let out = "";
  for (const character of text.normalize("NFC").replace(/\r\n?/g, "\n").replace(/\t/g, "  ").replace(SILENT, "")) {
    const code = character.codePointAt(0)!;
    const known =
      OURS.has(code) || (coverage[code] === 1 && code >= 0x20 && !/\p{Bidi_Control}|\p{Cc}/u.test(character));
    out += known ? character : `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  }
  return out;
}

/** {@link printable} for every string in a value, however deep. */
export function printableDeep<T>(value: T, coverage: Coverage): T;
export function printableDeep(value: unknown, coverage: Coverage): unknown {
  if (typeof value === "string") return PLAIN.test(value) ? value : printable(value, coverage);
  if (Array.isArray(value)) return value.map((item: unknown) => printableDeep(item, coverage));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printableDeep(item, coverage)]));
  return value;
}

const PLAIN = /^[\u0020-\u007e]*$/;
