/**
 * Which format a file is in, told by its beginning: every reader says how sure it is. A new format is one line in the list.
 * A file that no reader knows is told what it seems to be, so that the person knows what to bring instead.
 */
import { fileTypeFromBuffer } from "file-type";
import { textOf } from "./decode-text.ts";
import { added } from "./read-added.ts";
import { carrierCsv, carrierXlsx } from "./read-carrier.ts";
import { signal, whatsapp } from "./read-chat-text.ts";
import { phoneCsv } from "./read-csv.ts";
import { line } from "./read-line.ts";
import { mail } from "./read-mail.ts";
import { media } from "./read-media.ts";
import { ownCaseJson, ownCsv, ownJsonLines } from "./read-own.ts";
import { smsBackup } from "./read-sms-backup.ts";
import { telegram } from "./read-telegram.ts";
import { wechat } from "./read-wechat.ts";
import type { Problem, Reader } from "./reader.ts";

/** Every format we read. Where two are equally sure, the earlier one stands first. */
export const readers: readonly Reader[] = [
  ownCaseJson,
  ownCsv,
  ownJsonLines,
  smsBackup,
  carrierCsv,
  carrierXlsx,
  phoneCsv,
  wechat,
  telegram,
  line,
  signal,
  whatsapp,
  mail,
  media,
  added,
];

export interface Candidate {
  reader: Reader;
  /** Above 0, at most 1. */
  confidence: number;
}

/** The readers that take the file for theirs, the surest first; empty when it fits none ({@link seemsToBe} then says what it is). */
export function detect(head: Uint8Array, name: string): Candidate[] {
  return readers
    .map((reader) => ({ reader, confidence: reader.detect(head, name) }))
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.confidence - a.confidence);
}

export function readerNamed(format: string): Reader | undefined {
  return readers.find((reader) => reader.format === format);
}

/** What a file that fits no reader seems to be: a sentence below `imports.problem.`. */
export async function seemsToBe(head: Uint8Array): Promise<Problem> {
  if (head.length === 0) return { key: "empty" };
  const binary = await fileTypeFromBuffer(head).catch(() => undefined);
  if (binary !== undefined && !/xml|html/.test(binary.mime)) {
    return { key: "seemsFile", params: { ending: binary.ext, type: binary.mime } };
  }
  // An archive that is longer than its head is not looked into.
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3) {
    return { key: "seemsFile", params: { ending: "zip", type: "application/zip" } };
  }
  const text = textOf(head).trimStart();
  // Control characters that no text has.
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text.slice(0, 4096))) return { key: "seemsBinary" };
  const element = /^(?:<\?[^>]*>|<![^>]*>|\s)*<([\w:.-]{1,60})/.exec(text)?.[1];
  if (element !== undefined) {
    return /^html$/i.test(element) ? { key: "seemsHtml" } : { key: "seemsXml", params: { element } };
  }
  if (/^[{[]/.test(text)) return { key: "seemsJson" };
  return { key: "seemsText", params: { beginning: text.slice(0, 60).split(/[\r\n]/, 1)[0]! } };
}
