/**
 * What a file is, found from its content. Its name is never asked: recorders and phones name files wrongly, and so do people who mean harm.
 */
import { buffer } from "node:stream/consumers";
import { fileTypeFromBuffer } from "file-type";
import type { BlobStore } from "./blobs.ts";

/** Where every format we know says what it is; the end is looked at for recordings that were written in one go. */
const HEAD = 128 * 1024;
const TAIL = 256 * 1024;

/** A type such as `audio/mpeg` in lower case, without parameters; `application/octet-stream` when nothing is recognised. */
export async function mediaTypeOf(blobs: BlobStore, sha256: string, size: number): Promise<string> {
  if (size === 0) return "application/octet-stream";
  const head = await buffer(blobs.open(sha256, { start: 0, end: Math.min(size, HEAD) - 1 }));
  const found = (await fileTypeFromBuffer(head))?.mime.split(";")[0];
  if (found === "video/mp4" || found === "video/3gpp" || found === "video/3gpp2") {
    const tail =
      size > HEAD ? await buffer(blobs.open(sha256, { start: Math.max(HEAD, size - TAIL), end: size - 1 })) : head;
    return soundOnly(head, tail) ? found.replace("video/", "audio/") : found;
  }
  if (found !== undefined && found !== "application/xml") return found;
  return ownChecks(head, size) ?? found ?? "application/octet-stream";
}

/** MP4 and 3GP hold "soun" and "vide" tracks; many phones write their call recordings as video files without a picture. */
function soundOnly(...parts: Buffer[]): boolean {
  const kinds = new Set<string>();
  for (const part of parts) {
    for (let at = part.indexOf("hdlr"); at !== -1; at = part.indexOf("hdlr", at + 4)) {
      kinds.add(part.toString("latin1", at + 12, at + 16));
    }
  }
  return kinds.has("soun") && !kinds.has("vide");
}

/** Formats without a signature: sound with a long picture in front, mail, tables, web pages, plain text. */
function ownChecks(head: Buffer, size: number): string | undefined {
  if (head.toString("latin1", 0, 3) === "ID3") return "audio/mpeg";
  const text = textOf(head, head.length < size);
  if (text === undefined) return undefined;
  const start = text.trimStart().slice(0, 2000).toLowerCase();
  if (/^(<!doctype html|<html|<head|<body)/.test(start)) return "text/html";
  if (/^<svg[\s/>]/.test(withoutPrologue(start))) return "image/svg+xml";
  if (start.startsWith("<?xml")) return "application/xml";
  if (isMail(text)) return "message/rfc822";
  if (isTable(text)) return "text/csv";
  return "text/plain";
}

/** What follows an XML declaration, comments and a doctype. A loop and no pattern: nested repeats take for ever on `<!---->` said often. */
function withoutPrologue(text: string): string {
  for (let rest = text; ;) {
    const end = rest.startsWith("<!--") ? "-->" : /^<(\?xml|!doctype svg)/.test(rest) ? ">" : null;
    const at = end === null ? -1 : rest.indexOf(end, end.length);
    if (end === null || at === -1) return rest;
    rest = rest.slice(at + end.length).trimStart();
  }
}

/** The bytes as text, or undefined when they are not: UTF-16 by its mark, else UTF-8, else GB 18030 (Chinese Windows). */
function textOf(head: Buffer, cut: boolean): string | undefined {
  const marks: [string, number, number][] = [
    ["utf-16le", 0xff, 0xfe],
    ["utf-16be", 0xfe, 0xff],
  ];
  const mark = marks.find(([, first, second]) => head[0] === first && head[1] === second);
  if (mark === undefined && head.includes(0)) return undefined;
  for (const encoding of mark === undefined ? ["utf-8", "gb18030"] : [mark[0]]) {
    try {
      // `stream`: a character may be cut in two where we stopped reading.
      const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: cut });
      // eslint-disable-next-line no-control-regex
      if (!/[\u0001-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return text;
    } catch {
      // not this encoding
    }
  }
  return undefined;
}

/** At least two header lines before the first empty line, one of them a mail's own. */
function isMail(text: string): boolean {
  const lines = text.split(/\r?\n/, 40);
  if (lines[0]?.startsWith("From ") === true) lines.shift();
  const headers: string[] = [];
  for (const line of lines) {
    if (line === "") break;
    if (/^[ \t]/.test(line) && headers.length > 0) continue;
    const name = /^([A-Za-z][A-Za-z0-9-]*):/.exec(line)?.[1];
    if (name === undefined) return false;
    headers.push(name.toLowerCase());
  }
  const own = ["received", "return-path", "delivered-to", "message-id", "mime-version", "from", "dkim-signature"];
  return headers.length > 1 && headers.some((name) => own.includes(name));
}

/** The first rows hold the same number of commas, semicolons or tabs; what stands in quotes may run over several lines. */
function isTable(text: string): boolean {
  const lines = text
    .slice(0, 64 * 1024)
    .replace(/"[^"]*"/g, "")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  lines.splice(lines.length > 6 ? 5 : lines.length);
  return (
    lines.length > 1 &&
    [",", ";", "\t"].some((separator) => {
      const counts = lines.map((line) => line.split(separator).length);
      return counts[0]! > 1 && counts.every((count) => count === counts[0]);
    })
  );
}
