/** What the readers of chats, mail and recordings make of a file, in one look. Next: reading.ts. */
import type { Question, ReadOptions, Reader, Row } from "../../src/imports/reader.ts";
import { questionsOf, readText } from "./reading.ts";

export interface Collected {
  rows: Row[];
  questions: readonly Question[];
  /** The attachments' bytes, in the order of their rows. */
  kept: Buffer[];
  /** How sure the reader was. */
  confidence: number;
}

export async function collect(
  reader: Reader,
  content: string | Uint8Array,
  options: Partial<ReadOptions> = {},
): Promise<Collected> {
  const { rows, kept } = await readText(reader, content, options);
  const questions = await questionsOf(reader, content, options);
  const confidence = reader.detect(Buffer.from(content).subarray(0, 64 * 1024), options.name ?? "file");
  return { rows, questions, kept: [...kept.values()], confidence };
}

/** A row in one line: when, which way, who, what; or why it is none. */
export function told(row: Row): string {
  if ("unreadable" in row) return `unreadable: ${row.unreadable.key}`;
  if ("noContact" in row) return `no contact: ${row.noContact.key}`;
  const { contact } = row;
  const arrow = contact.direction === "incoming" ? "from" : "to";
  return [
    contact.happenedAt,
    contact.channel,
    arrow,
    contact.otherName ?? contact.other ?? "?",
    ...(contact.outcome === undefined ? [] : [contact.outcome]),
    ...(contact.durationSeconds === undefined ? [] : [`${contact.durationSeconds} s`]),
    ...(contact.said === undefined ? [] : [JSON.stringify(contact.said)]),
  ].join(" ");
}
