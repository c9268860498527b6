/**
 * Texts of unknown encoding as lines, with bounded memory: bytes of any origin (a file, an entry of a zip) become text as they come.
 * It must not know formats. Next: table.ts (lines as cells), local-time.ts (what a cell says of a moment).
 */
import { createReadStream } from "node:fs";

/** Longer lines are cut here and marked: no record of a person's life is a million characters on one line. */
const LONGEST_LINE = 1 << 20;

const BOMS: readonly [encoding: string, bytes: readonly number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** The bytes of a file in pieces of 256 KiB. */
export function bytesOf(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1 << 18 });
}

/**
 * The encodings that bytes may be written in, told by the bytes alone, the likeliest first; none while they are all ASCII and every encoding
 * agrees. Several = the bytes do not settle it, and only a person who looks at the words can.
 * A few broken bytes do not turn UTF-8 into something else: what is counted is how many characters beyond ASCII are well formed.
 */
export function encodingsOf(bytes: Uint8Array): readonly string[] {
  for (const [encoding, bom] of BOMS) if (bom.every((byte, index) => bytes[index] === byte)) return [encoding];
  const utf16 = utf16Without(bytes);
  if (utf16 !== null) return [utf16];
  const { good, bad, long } = utf8Characters(bytes);
  if (good + bad === 0) return [];
  // Two Chinese characters side by side may look like two letters of two bytes each; many, or one alone in a Latin word, do not.
  if (bad <= good / 4) {
    const isOpen = long === 0 && bad === 0 && good <= FEW && !hasSingle(bytes) && isWhole(bytes, "gb18030");
    return isOpen ? ["utf-8", "gb18030"] : ["utf-8"];
  }
  const { pairs, low, alone } = pairsOf(bytes);
  if (pairs < alone) return ["windows-1252"];
  const candidates = ["gb18030", "big5"].filter((encoding) => isWhole(bytes, encoding));
  if (candidates.length < 2) return [candidates[0] ?? "gb18030"];
  // The second byte of a common simplified character is never below 0x80; of every third one or more in Big5 it is.
  if (low === 0 && pairs > FEW) return ["gb18030"];
  return low * 5 > pairs ? ["big5", "gb18030"] : ["gb18030", "big5"];
}

/** So few characters can fit an encoding by chance. */
const FEW = 16;

/** Whether somewhere two bytes above ASCII stand between bytes of ASCII. */
function hasSingle(bytes: Uint8Array): boolean {
  let run = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) run += 1;
    else if (run === 2) return true;
    else run = 0;
  }
  return run === 2;
}

/** Characters of two bytes, how many of them have a second byte below 0x80, and bytes above it that stand alone. */
function pairsOf(bytes: Uint8Array): { pairs: number; low: number; alone: number } {
  let pairs = 0;
  let low = 0;
  let alone = 0;
  for (let at = 0; at + 1 < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue;
    const second = bytes[at + 1]!;
    if (second >= 0x80) pairs += 1;
    else if (second >= 0x40 && (at + 2 >= bytes.length || bytes[at + 2]! >= 0x80 || isBetweenPairs(bytes, at))) {
      pairs += 1;
      low += 1;
    } else {
      alone += 1;
      continue;
    }
    at += 1;
  }
  return { pairs, low, alone };
}

/** A letter behind a byte above ASCII is the second half of a character rather than a letter of its own when that byte follows another one. */
const isBetweenPairs = (bytes: Uint8Array, at: number): boolean => at > 0 && bytes[at - 1]! >= 0x80;

/** Whether every character is one of this encoding; the end may cut one. */
function isWhole(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** UTF-16 without a mark: half of the bytes of digits, spaces and line ends are zero, all on one side. */
function utf16Without(bytes: Uint8Array): string | null {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, 4096) & ~1;
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at & 1]! += 1;
  const [even, odd] = zeros as [number, number];
  if (odd > length / 20 && even * 10 <= odd) return "utf-16le";
  if (even > length / 20 && odd * 10 <= even) return "utf-16be";
  return null;
}

/** `long`: those of three bytes and more, as Chinese is written. */
function utf8Characters(bytes: Uint8Array): { good: number; bad: number; long: number } {
  let long = 0;
  let good = 0;
  let bad = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) continue;
    const more = byte >= 0xf5 || byte < 0xc2 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    if (at + more >= bytes.length) break; // the end of the piece, not a mistake
    let next = 1;
    while (next <= more && bytes[at + next]! >> 6 === 2) next++;
    if (more > 0 && next > more) {
      good += 1;
      if (more > 1) long += 1;
    } else bad += 1;
    at += Math.max(0, next - 1);
  }
  return { good, bad, long };
}

/**
 * Bytes as text, in pieces. The encoding is decided at the first piece that is not plain ASCII, unless `wished` (a label that TextDecoder
 * knows: somebody's answer). Bytes that mean nothing in it become U+FFFD; a byte order mark is no part of the text.
 */
export async function* decoded(bytes: AsyncIterable<Uint8Array>, wished?: string): AsyncGenerator<string> {
  let decoder = wished === undefined ? null : decoderOf(wished);
  for await (const piece of piecesOf(bytes)) {
    if (decoder === null) {
      const [encoding] = encodingsOf(piece);
      if (encoding === undefined) {
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
        continue;
      }
      decoder = new TextDecoder(encoding);
    }
    const text = decoder.decode(piece, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder?.decode() ?? "";
  if (rest !== "") yield rest;
}

/** Texts that are short enough for the young generation die there; longer ones are cleared away with everything that stays, at a price. */
const DECODED_AT_ONCE = 1 << 15;

async function* piecesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    for (let from = 0; from < piece.length; from += DECODED_AT_ONCE) yield piece.subarray(from, from + DECODED_AT_ONCE);
  }
}

/** The beginning of a file as text; a character that its end cuts through is left out. */
export function textOf(head: Uint8Array): string {
  return new TextDecoder(encodingsOf(head)[0] ?? "utf-8").decode(head, { stream: true });
}

function decoderOf(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label);
  } catch {
    return null; // not an encoding: the bytes decide
  }
}

export interface Line {
  /** From 1. */
  number: number;
  /** Without its end. */
  text: string;
  /** How it ended: a record that spans lines is put together again exactly. Empty for a last line that did not end. */
  end: "\n" | "\r\n" | "\r" | "";
  /** The line was longer than the limit; `text` is its beginning. */
  tooLong: boolean;
}

/** Lines of a text that comes in pieces; a line beyond `longest` characters is cut, not kept. */
export async function* linesOf(text: AsyncIterable<string>, longest = LONGEST_LINE): AsyncGenerator<Line> {
  let rest = "";
  let tooLong = false;
  let number = 0;
  const lineEnd = /\r\n|\n|\r/g;
  for await (const piece of text) {
    // What is left has no end in it, but perhaps a \r whose \n comes now.
    const known = Math.max(0, rest.length - 1);
    rest += piece;
    let start = 0;
    lineEnd.lastIndex = known;
    for (let match = lineEnd.exec(rest); match !== null; match = lineEnd.exec(rest)) {
      if (match[0] === "\r" && lineEnd.lastIndex === rest.length) break;
      const line = rest.slice(start, Math.min(match.index, start + longest));
      tooLong ||= match.index - start > longest;
      yield { number: ++number, text: line, end: match[0] as Line["end"], tooLong };
      tooLong = false;
      start = lineEnd.lastIndex;
    }
    rest = rest.slice(start);
    if (rest.length > longest) {
      const ending = rest.endsWith("\r") ? "\r" : "";
      rest = rest.slice(0, longest) + ending;
      tooLong = true;
    }
  }
  const end = rest.endsWith("\r") ? "\r" : "";
  if (rest !== "") yield { number: ++number, text: rest.slice(0, rest.length - end.length), end, tooLong };
}
