/**
 * A text-like file as the text a person reads. What a file only carries (scripts, comments, pictures written as letters, other spellings
 * of the same characters) is not taken along: a removed number could hide there. Next: mask.ts.
 */
import PostalMime from "postal-mime";
import { decoded } from "../imports/decode-text.ts";

/** Longer runs without a space are data written as letters (base64), not words. */
const EMBEDDED = /(?:data:[\w.+-]+\/[\w.+-]+;base64,)?[A-Za-z0-9+/=_-]{400,}/g;
const LEFT_OUT = "[…]";

/** UTF-8 text in NFC with line ends as \n. */
export async function readable(bytes: Uint8Array, mediaType: string): Promise<string> {
  const text = await spoken(bytes, mediaType);
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(EMBEDDED, LEFT_OUT)
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
    .normalize("NFC");
}

async function spoken(bytes: Uint8Array, mediaType: string): Promise<string> {
  if (mediaType === "message/rfc822") return mailText(bytes);
  const pieces: string[] = [];
  for await (const piece of decoded(one(bytes))) pieces.push(piece);
  const text = pieces.join("");
  if (/html|xml/.test(mediaType)) return withoutTags(text);
  if (mediaType === "application/json" || /^\s*[[{]/.test(text)) return plainJson(text);
  return text;
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** JSON may spell any character as \u0031; written anew it does not. Lines of JSON are read one by one. */
function plainJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, asWritten), null, 1);
  } catch {
    return text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/** An identity or card number written as a number has more digits than a JavaScript number holds; its digits stay as they are. */
function asWritten(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  const isLong = typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined;
  return isLong && /^-?\d+$/.test(source) ? source : value;
}

async function mailText(bytes: Uint8Array): Promise<string> {
  const mail = await PostalMime.parse(bytes);
  const named = (list: { name?: string; address?: string }[] | undefined) =>
    (list ?? [])
      .map(({ name, address }) => [name, address === undefined ? "" : `<${address}>`].filter(Boolean).join(" "))
      .join(", ");
  const head = [
    ["From", mail.from === undefined ? "" : named([mail.from])],
    ["To", named(mail.to)],
    ["Cc", named(mail.cc)],
    ["Date", mail.date ?? ""],
    ["Subject", mail.subject ?? ""],
    // The files themselves are not in the copy.
    ["Attachments", mail.attachments.map(({ filename, mimeType }) => filename ?? mimeType).join(", ")],
  ].filter(([, value]) => value !== "");
  const body = mail.text ?? (mail.html === undefined ? "" : withoutTags(mail.html));
  return `${head.map(([name, value]) => `${name}: ${value}`).join("\n")}\n\n${body}`;
}

const BLOCK =
  /^(?:address|article|blockquote|br|dd|div|dl|dt|figure|footer|h[1-6]|header|hr|li|main|ol|p|pre|section|table|tr|ul)$/;
const SILENT = /^(?:script|style|template|head|noscript|svg|object|iframe)$/;
const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** What a page shows: tags, comments and silent elements are gone, blocks stand on lines of their own. One walk through the text. */
function withoutTags(html: string): string {
  const kept: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    kept.push(entities(html.slice(at, open === -1 ? html.length : open)));
    if (open === -1) break;
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open + 4);
      at = end === -1 ? html.length : end + 3;
      continue;
    }
    const [, slash, name = ""] = /^<(\/?)([A-Za-z][A-Za-z0-9]*)/.exec(html.slice(open, open + 40)) ?? [];
    if (name === "" && !/^<[!?/]/.test(html.slice(open, open + 2))) {
      kept.push("<");
      at = open + 1;
      continue;
    }
    const end = html.indexOf(">", open);
    if (end === -1) break;
    at = end + 1;
    const tag = name.toLowerCase();
    if (BLOCK.test(tag)) kept.push("\n");
    else if (tag === "td" || tag === "th") kept.push("\t");
    if (SILENT.test(tag) && slash === "") {
      const close = indexOfEnd(html, tag, at);
      at = close === -1 ? html.length : close;
    }
  }
  return kept
    .join("")
    .replaceAll(/[ \t]*\n[ \t\n]*\n/g, "\n\n")
    .trim();
}

function indexOfEnd(html: string, tag: string, from: number): number {
  const wanted = new RegExp(`</${tag}\\b`, "gi");
  wanted.lastIndex = from;
  return wanted.exec(html)?.index ?? -1;
}

function entities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,5}));?/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : "";
    },
  );
}
