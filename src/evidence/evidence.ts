/**
 * A file somebody added to a case, kept byte for byte: what it is called, what may be shown of it. Pure.
 * It must not know SQL, folders or forms. Next: blobs.ts (the bytes), store.ts (the rows), link-evidence.ts (how files come in).
 */

/** A audio, B picture, C document, D video, E other: with a number of its own it is the exhibit's name, e.g. A-7. */
export const letters = ["A", "B", "C", "D", "E"] as const;
export type Letter = (typeof letters)[number];

/** A file that was received and is safe on the disk, before anything refers to it. */
export interface ReceivedFile {
  sha256: string;
  /** Bytes. */
  size: number;
  mediaType: string;
  /** As the person's device named it. */
  name: string;
}

/** Received with a form that had to be shown again; waits {@link HELD_FOR_MS} so that nobody uploads twice. */
export interface HeldFile extends ReceivedFile {
  id: string;
  receivedAt: number;
}
export const HELD_FOR_MS = 7 * 24 * 3600 * 1000;

export interface Evidence extends ReceivedFile {
  id: string;
  letter: Letter;
  number: number;
  /** What the person says it shows. */
  description: string | null;
  addedBy: string;
  addedAt: number;
  removedAt: number | null;
}

/** What evidence can belong to. */
export type SubjectKind = "incident" | "notice" | "complaint" | "request" | "payment" | "figure" | "impact";
export interface Subject {
  kind: SubjectKind;
  id: string;
  /** The human number, as in "Incident 12". */
  number: number;
}

/** "A-7" */
export const exhibitName = ({ letter, number }: Pick<Evidence, "letter" | "number">): string => `${letter}-${number}`;

/** "A-7" read back, or null when it is no exhibit's name. */
export function parseExhibitName(name: string): Pick<Evidence, "letter" | "number"> | null {
  const [, letter, number] = /^([A-E])-([1-9]\d{0,8})$/.exec(name) ?? [];
  return letter === undefined ? null : { letter: letter as Letter, number: Number(number) };
}

export function letterOf(mediaType: string): Letter {
  const [family = ""] = mediaType.split("/");
  if (family === "audio" || mediaType === "application/ogg") return "A";
  if (family === "image") return "B";
  if (family === "video") return "D";
  if (family === "text" || family === "message") return "C";
  return /pdf|msword|ms-(word|excel|powerpoint)|officedocument|opendocument|x-cfb|rtf|epub|xml|json/.test(mediaType)
    ? "C"
    : "E";
}

/** Formats that every browser shows as a picture and in none of which a script can hide (SVG can). */
const pictures = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/avif",
  "image/apng",
  "image/bmp",
]);
const sounds = new Set([
  "audio/mpeg",
  "audio/mp4",
  "audio/x-m4a",
  "audio/aac",
  "audio/ogg",
  "audio/wav",
  "audio/flac",
  "audio/x-flac",
  "audio/webm",
  "audio/3gpp",
]);

/** How a file may be shown in the page itself; null = only to download. */
export function shownAs(mediaType: string): "picture" | "sound" | null {
  return pictures.has(mediaType) ? "picture" : sounds.has(mediaType) ? "sound" : null;
}

/** A name as it is kept: as given, except what no database or page can carry. Neither NFC nor NFD is changed into the other. */
export function keptName(given: string): string {
  const name = [...given.toWellFormed().replaceAll("\0", "\u{fffd}")].slice(0, 500).join("");
  return name === "" ? "?" : name;
}

/**
 * A name as it is shown: line ends, control characters and marks that turn the reading direction round (with which "exe.gpj" is made
 * to look like "jpg.exe") become visible signs.
 */
export function shownName(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (sign) => {
      const code = sign.charCodeAt(0);
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\u{fffd}";
    },
  );
}

/** A name a browser may save under: shown form, without the signs that mean folders or drives. */
export function savedName(name: string): string {
  const plain = shownName(name)
    .replace(/[/\\:*?"<>|]/g, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  return plain === "" ? "file" : plain;
}

/** The value of Content-Disposition (RFC 6266): a plain ASCII name for old programs, the real one after it (RFC 8187). */
export function contentDisposition(how: "attachment" | "inline", name: string): string {
  const saved = savedName(name);
  const ascii = saved.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const full = encodeURIComponent(saved).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${ascii}"; filename*=UTF-8''${full}`;
}
