/**
 * Redacted copies of evidence: what can be covered in which kind of file, what is kept of it, and the bounds of the work. Pure. It must
 * not know SQL, forms or decoders. Next: boxes.ts (pictures and pages), mask.ts (texts), make-copy.ts (from an order to a kept copy).
 */
import { z } from "zod";

/** How a file can be redacted; null = not here (sound, video, office files). */
export type Way = "picture" | "pdf" | "text";

const pictures = new Set([
  "image/jpeg",
  "image/png",
  "image/apng",
  "image/webp",
  "image/gif",
  "image/avif",
  "image/tiff",
  "image/heic",
  "image/heif",
]);
const texts = new Set(["message/rfc822", "application/json", "application/xml", "application/xhtml+xml"]);

export function wayOf(mediaType: string): Way | null {
  if (pictures.has(mediaType)) return "picture";
  if (mediaType === "application/pdf") return "pdf";
  return mediaType.startsWith("text/") || texts.has(mediaType) ? "text" : null;
}

/** Bounds of one piece of work; beyond them a sentence says so and nothing is made. */
export const LIMITS = {
  /** Bytes of a file by its way. */
  bytes: { picture: 60_000_000, pdf: 100_000_000, text: 4_000_000 } satisfies Record<Way, number>,
  /** Pixels of a picture after decoding: a phone's largest camera has 50 million in common use. */
  pixels: 64_000_000,
  /** Pages of a PDF. */
  pages: 100,
  /** Pixels of one drawn page: A4 at 150 dots per inch has 2.2 million. */
  pagePixels: 4_000_000,
  /** What may be typed or drawn on one page. */
  boxes: 60,
  /** Words to be removed from a text. */
  words: 500,
} as const;

/** A covered part in percent of the picture: 0 to 100, from its left upper corner. */
export const Box = z.object({
  left: z.number().min(0).max(100),
  top: z.number().min(0).max(100),
  width: z.number().min(0).max(100),
  height: z.number().min(0).max(100),
});
export type Box = z.infer<typeof Box>;

/** One page: fields of the grid ("row.column" from 0), boxes of one's own, or the page left out altogether. */
export const PageMarks = z.object({ cells: z.array(z.string()), boxes: z.array(Box), leaveOut: z.boolean() });
export type PageMarks = z.infer<typeof PageMarks>;
export const NO_MARKS: PageMarks = { cells: [], boxes: [], leaveOut: false };

/** What is covered. Pictures have page 1 only; texts have words. */
export const Recipe = z.object({ pages: z.record(z.string(), PageMarks), words: z.array(z.string()) });
export type Recipe = z.infer<typeof Recipe>;
export const EMPTY_RECIPE: Recipe = { pages: {}, words: [] };

/** Why no copy was made: keys of `redaction.refused` and their values. */
export const Refused = z.object({
  key: z.enum([
    "encrypted",
    "unreadable",
    "pages",
    "pixels",
    "bytes",
    "time",
    "memory",
    "nothing-left",
    "interrupted",
    "full",
    "gone",
    "internal",
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Refused = z.infer<typeof Refused>;

/** Thrown where the work is done, told as a sentence where it was asked for. */
export class Refusal extends Error {
  readonly refused: Refused;
  constructor(key: Refused["key"], params?: Refused["params"]) {
    super(key);
    this.refused = params === undefined ? { key } : { key, params };
  }
}

export interface Copy {
  id: string;
  evidenceId: string;
  version: number;
  state: "making" | "ready" | "failed";
  recipe: Recipe;
  error: Refused | null;
  originalSha256: string;
  /** Set when ready. */
  file: { sha256: string; size: number; mediaType: string } | null;
  madeBy: string;
  madeByName: string;
  orderedAt: number;
  madeAt: number | null;
  removedAt: number | null;
}

const endings: Record<string, string> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "application/pdf": "pdf",
  "text/plain": "txt",
};

/** What a copy is called wherever it goes: nothing of the original's name, which may hold a number or a person. */
export const copyName = (exhibit: string, version: number, mediaType: string): string =>
  `${exhibit}-redacted-${version}.${endings[mediaType] ?? "bin"}`;

/** How much was covered, without saying what: goes into the history, and from there into dossiers. */
export function amountOf(recipe: Recipe): { boxes: number; pagesLeftOut: number; words: number } {
  const pages = Object.values(recipe.pages);
  return {
    boxes: pages.reduce((sum, { cells, boxes }) => sum + cells.length + boxes.length, 0),
    pagesLeftOut: pages.filter(({ leaveOut }) => leaveOut).length,
    words: recipe.words.length,
  };
}
