/**
 * Which files go along with a complaint: in what order they help most, and which of them fit into what the office takes. Pure. It must
 * not know SQL, pages or bytes. Next: store.ts (what there is, and what was chosen), pages.ts.
 */
import { z } from "zod";
import type { Finding } from "../../conduct/finding.ts";

export const fileKinds = ["pdf", "picture", "document", "sound", "video", "other"] as const;
export type FileKind = (typeof fileKinds)[number];

/** What an office takes; null = nothing is known. Sizes in bytes. */
export const Limits = z.object({
  files: z.int().min(1).nullable(),
  each: z.int().min(1).nullable(),
  total: z.int().min(1).nullable(),
  kinds: z.array(z.enum(fileKinds)).min(1).nullable(),
});
export type Limits = z.infer<typeof Limits>;
export const NO_LIMITS: Limits = { files: null, each: null, total: null, kinds: null };

/** What a person chose: ids of files. */
export const Choice = z.object({
  version: z.int().min(1),
  order: z.array(z.string()),
  taken: z.array(z.string()),
  /** What the person read at the office. */
  limits: Limits,
});
export type Choice = z.infer<typeof Choice>;

/** What a file is for. */
export interface Proof {
  kind: "finding" | "incident" | "notice" | "complaint";
  number: number;
  /** Of a finding. */
  rule?: { code: string; id: string };
}

/** A file that can go along; the redacted copy stands in for the original as soon as there is one. */
export interface Attachable {
  /** Of the evidence, or `dossier`. */
  id: string;
  /** "C-3"; null = the dossier. */
  exhibit: string | null;
  /** As the person's device named the original. */
  name: string;
  size: number;
  sha256: string;
  mediaType: string;
  /** Version of the redacted copy that goes; null = the original goes. */
  copy: number | null;
  /** It also backs what somebody keeps of what it did to them: it goes only when ticked. */
  private: boolean;
  group: "dossier" | "finding" | "notice" | "letter";
  /** Of the best of the findings it proves; null = it proves none. */
  basis: Finding["basis"] | null;
  /** The best kind of record that its contact was made from or is backed up by. */
  sources: readonly string[];
  /** Epoch milliseconds of the first contact, notice or letter it belongs to. */
  at: number;
  proves: Proof[];
}

export const DOSSIER = "dossier";

const groups: readonly Attachable["group"][] = ["dossier", "finding", "notice", "letter"];
const bases: readonly (Finding["basis"] | null)[] = ["record", "reported", "wording", null];
/** The stronger first: what somebody else keeps, what a device kept, what was photographed, what the person wrote down. */
const sourceOrder = ["carrier", "recording", "phone", "chat", "mail", "screenshot", "own"];

/** The place of the best of some sources; a contact without any comes last. */
function sourceRank(sources: readonly string[]): number {
  const found = sources.map((source) => sourceOrder.indexOf(source)).filter((place) => place >= 0);
  return found.length === 0 ? sourceOrder.length : Math.min(...found);
}

/** What helps most first; for `sort`. */
export const byWorth = (a: Attachable, b: Attachable): number =>
  groups.indexOf(a.group) - groups.indexOf(b.group) ||
  bases.indexOf(a.basis) - bases.indexOf(b.basis) ||
  sourceRank(a.sources) - sourceRank(b.sources) ||
  a.at - b.at ||
  (a.id < b.id ? -1 : 1);

/** Of two findings that one file proves, the one that rests on more. */
export const betterBasis = (a: Attachable["basis"], b: Attachable["basis"]): Attachable["basis"] =>
  bases.indexOf(a) <= bases.indexOf(b) ? a : b;

export function kindOf(mediaType: string): FileKind {
  const [family = ""] = mediaType.split("/");
  if (mediaType === "application/pdf") return "pdf";
  if (family === "image") return "picture";
  if (family === "audio" || mediaType === "application/ogg") return "sound";
  if (family === "video") return "video";
  if (family === "text" || /msword|officedocument|opendocument|rtf/.test(mediaType)) return "document";
  return "other";
}

/** In the order that was chosen; what came since follows by its worth, a dossier leads. `files` are sorted by worth. */
export function inChosenOrder<File extends { id: string }>(files: readonly File[], order: readonly string[]): File[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const placeOf = ({ id }: File) => place.get(id) ?? (id === DOSSIER ? -1 : order.length);
  return files.toSorted((a, b) => placeOf(a) - placeOf(b));
}

export type LeftWhy = "not-chosen" | "kind" | "too-large" | "count" | "room";

/**
 * Fills the budget in the order given: whatever still fits goes, the first come first; every other file is left with its reason.
 * A file that no budget of the office could take is too large; one that could have gone if others had not has no room.
 */
export function fill<File extends { id: string; size: number; mediaType: string }>(
  files: readonly File[],
  chosen: ReadonlySet<string>,
  limits: Limits,
): { taken: File[]; bytes: number; left: Map<string, LeftWhy> } {
  const taken: File[] = [];
  const left = new Map<string, LeftWhy>();
  const largest = Math.min(limits.each ?? Infinity, limits.total ?? Infinity);
  let bytes = 0;
  const whyNot = (file: File): LeftWhy | null => {
    if (!chosen.has(file.id)) return "not-chosen";
    if (limits.kinds !== null && !limits.kinds.includes(kindOf(file.mediaType))) return "kind";
    if (file.size > largest) return "too-large";
    if (limits.files !== null && taken.length >= limits.files) return "count";
    return limits.total !== null && bytes + file.size > limits.total ? "room" : null;
  };
  for (const file of files) {
    const why = whyNot(file);
    if (why !== null) {
      left.set(file.id, why);
      continue;
    }
    taken.push(file);
    bytes += file.size;
  }
  return { taken, bytes, left };
}

/** What holds when the office's data and the person who looked at its form both say something: the narrower of each. */
export function narrower(one: Limits, other: Limits): Limits {
  const least = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b));
  return {
    files: least(one.files, other.files),
    each: least(one.each, other.each),
    total: least(one.total, other.total),
    kinds: other.kinds ?? one.kinds,
  };
}

/**
 * The order after somebody typed new places (counted from 1). A file moved to a place that another has stands before it when it came
 * from below, after it when it came from above: it ends up on the place that was typed.
 */
export function reordered(ids: readonly string[], places: readonly number[]): string[] {
  const keys = ids.map((id, index) => {
    const wanted = places[index] ?? index + 1;
    return { id, key: wanted + Math.sign(wanted - (index + 1)) / 2 };
  });
  return keys.toSorted((a, b) => a.key - b.key).map(({ id }) => id);
}

/** One place up (-1) or down (1). */
export function moved(ids: readonly string[], id: string, by: -1 | 1): string[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from === -1 || to < 0 || to >= ids.length) return [...ids];
  return ids.with(from, ids[to]!).with(to, id);
}

/** Endings of what copies are made as. */
const endings: Record<string, string> = { "image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf" };

/**
 * A plain ASCII name that keeps the order: "02-C-3-statement.png". Numbers as long as those of telephones are left out of it; of a
 * redacted copy nothing of the original name is left.
 * @param place counted from 1
 */
export function packedName(place: number, file: Pick<Attachable, "exhibit" | "name" | "copy" | "mediaType">): string {
  const nth = String(place).padStart(2, "0");
  if (file.exhibit === null) return `${nth}-dossier.pdf`;
  if (file.copy !== null) return `${nth}-${file.exhibit}-redacted.${endings[file.mediaType] ?? "txt"}`;
  const plain = file.name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const [, stem = plain, ending = "bin"] = /^(.+)\.([A-Za-z0-9]{1,8})$/.exec(plain) ?? [];
  const slug = stem
    .replace(/\d{7,}/g, "-")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return `${nth}-${file.exhibit}${slug === "" ? "" : `-${slug}`}.${ending.toLowerCase()}`;
}
