/**
 * Mail: one message (.eml) or a mailbox of them (.mbox), with its attachments. Words in every character set the runtime knows.
 * Sources: RFC 5322 (message), RFC 4155 (mbox; a line "From …" after an empty line begins a message, ">From" inside is such a line hidden).
 */
import { createReadStream } from "node:fs";
import PostalMime, { type Address, type Email } from "postal-mime";
import { Participants } from "./participants.ts";
import type { Answers, Attachment, ReadOptions, Reader, Row } from "./reader.ts";

/** The parser holds a message in memory several times. */
const LONGEST_MESSAGE = 48 * 2 ** 20;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export const mail: Reader = {
  format: "mail",
  keeps: "file",
  detect(head, name) {
    const start = new TextDecoder("latin1").decode(head.subarray(0, 16_384));
    const isMailbox = /^From \S+.*\d{4}\r?\n/u.test(start);
    const headers = /^((?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)+)\r?\n/u.exec(
      isMailbox ? start.replace(/^.*\n/u, "") : start,
    )?.[1];
    const own =
      headers === undefined
        ? 0
        : [
            ...headers.matchAll(
              /^(from|to|date|subject|received|message-id|mime-version|return-path|delivered-to):/gimu,
            ),
          ].length;
    if (own >= 2) return isMailbox ? 0.98 : 0.95;
    return own > 0 && /\.(eml|mbox)$/iu.test(name) ? 0.6 : 0;
  },
  async questions(path) {
    const people = new Participants();
    for await (const bytes of messagesOf(path)) {
      const message = bytes === null ? null : await parse(bytes);
      if (message === null) continue;
      // One message that says where it was delivered settles whose mailbox this is.
      if (deliveredTo(message) !== null) return [];
      for (const { address } of [...mailboxes(message.from), ...mailboxes(message.to)]) {
        if (address !== "") people.add(address.toLowerCase(), message.subject ?? "");
      }
    }
    return people.question(null);
  },
  async *read(path, options) {
    let row = 0;
    let owner: string | null = null;
    for await (const bytes of messagesOf(path)) {
      row += 1;
      const message = bytes === null ? null : await parse(bytes);
      if (bytes === null) yield { row, unreadable: { key: "tooLong" } };
      else if (message === null) yield { row, unreadable: { key: "mailBroken" } };
      else {
        owner ??= deliveredTo(message);
        yield await rowOf(row, message, ownerOf(options.answers, owner), options);
      }
    }
  },
};

async function parse(bytes: Uint8Array): Promise<Email | null> {
  try {
    const message = await PostalMime.parse(bytes, { maxNestingDepth: 64, maxHeadersSize: 2 ** 20 });
    return message.headers.length === 0 ? null : message;
  } catch {
    return null;
  }
}

const mailboxes = (addresses: Address | Address[] | undefined): { name: string; address: string }[] =>
  [addresses ?? []].flat().flatMap((one) => (one.group === undefined ? [one] : one.group));

const headerOf = (message: Email, key: string): string | undefined =>
  message.headers.find((header) => header.key === key)?.value;

const deliveredTo = (message: Email): string | null =>
  /[^\s<>]+@[^\s<>]+/u
    .exec(headerOf(message, "delivered-to") ?? headerOf(message, "x-original-to") ?? "")?.[0]
    .toLowerCase() ?? null;

const ownerOf = (answers: Answers, delivered: string | null): string | null => answers.own?.toLowerCase() ?? delivered;

async function rowOf(row: number, message: Email, owner: string | null, { keep }: ReadOptions): Promise<Row> {
  const happenedAt = timeOf(message);
  if (happenedAt === null) return { row, unreadable: { key: "noTime" } };
  const from = mailboxes(message.from)[0];
  const outgoing = from !== undefined && from.address.toLowerCase() === owner;
  const other = outgoing ? mailboxes(message.to)[0] : from;
  const attachments: Attachment[] = [];
  for (const { filename, content } of message.attachments) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
    attachments.push(await keep(filename ?? "attachment", oneChunk(bytes)));
  }
  const said = [message.subject, message.text?.trim()].filter((part) => part !== undefined && part !== "").join("\n\n");
  return {
    row,
    contact: {
      channel: "email",
      direction: outgoing ? "outgoing" : "incoming",
      happenedAt,
      precision: "exact",
      timeFrom: "mail-header",
      outcome: "delivered",
      other: other?.address || null,
      ...(other?.name ? { otherName: other.name } : {}),
      ...(owner === null ? {} : { own: owner }),
      ...(said === "" ? {} : { said }),
      attachments,
    },
  };
}

/** What the sender wrote, else when our own server took it in (the newest Received line). Epoch milliseconds. */
function timeOf(message: Email): number | null {
  for (const told of [headerOf(message, "date"), headerOf(message, "received")?.split(";").at(-1)]) {
    const instant = Date.parse(told?.replace(/\([^)]*\)/gu, "").trim() ?? "");
    if (!Number.isNaN(instant)) return instant;
  }
  return null;
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The messages of a file, one after another; null for one that is too long to be read. */
async function* messagesOf(path: string): AsyncGenerator<Uint8Array | null> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let isMailbox: boolean | null = null;
  /** The line before was empty (or there was none). */
  let afterEmpty = true;
  const take = (): Uint8Array | null => {
    const message = size > LONGEST_MESSAGE ? null : Buffer.concat(parts);
    [parts, size] = [[], 0];
    return message;
  };
  for await (const line of linesOf(createReadStream(path, { highWaterMark: 2 ** 18 }))) {
    const begins = afterEmpty && startsWith(line, "From ");
    isMailbox ??= begins;
    if (isMailbox && begins) {
      if (size > 0) yield take();
    } else {
      size += line.length;
      if (size <= LONGEST_MESSAGE) parts.push(isMailbox ? unhidden(line) : line);
      else parts = [];
    }
    afterEmpty = line.length <= 2 && (line[0] === NEWLINE || (line[0] === RETURN && line[1] === NEWLINE));
  }
  if (size > 0) yield take();
}

function startsWith(line: Uint8Array, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (line[at] !== text.charCodeAt(at)) return false;
  return true;
}

const unhidden = (line: Uint8Array): Uint8Array => (startsWith(line, ">From ") ? line.subarray(1) : line);

/** Bytes with their line end; a line longer than a chunk comes in pieces, which is all the same to whoever joins them again. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes: Uint8Array = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
      yield bytes.subarray(from, at + 1);
      from = at + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > 2 ** 20) {
      yield rest;
      rest = new Uint8Array();
    }
  }
  if (rest.length > 0) yield rest;
}
