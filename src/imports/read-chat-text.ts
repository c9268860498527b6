/**
 * Chats exported as text, one message after another with its date, time and sender at the beginning of a line: WhatsApp (.txt, or a .zip
 * with the pictures and voices beside it) and Signal. Messages may run over many lines.
 * Sources of the layouts: exports of WhatsApp for Android and iOS in several languages; signal-cli and Signal Desktop exporters.
 */
import type { Outcome } from "../conduct/vocabulary.ts";
import { besideNamed, byName } from "./beside.ts";
import { type Header, OrderFinder, momentOf, readHeader } from "./chat-header.ts";
import { bytesOf, decoded, linesOf } from "./decode-text.ts";
import { type DateOrder, readDuration } from "./local-time.ts";
import { Participants } from "./participants.ts";
import {
  LONGEST_WORDS,
  type Attachment,
  type Contact,
  type Problem,
  type Question,
  type ReadOptions,
  type Reader,
  type Row,
} from "./reader.ts";
import { type ZipEntry, ZipProblem, openZip } from "./zip.ts";

interface Message {
  line: number;
  header: Header;
  /** Null for what the app itself says. */
  sender: string | null;
  said: string;
  cut: boolean;
}

/** Lines in front of the first message, or a file without any. */
type Told = Message | { line: number; header: null };

export const whatsapp: Reader = {
  format: "whatsapp",
  keeps: "rows",
  namesFiles: true,
  detect(head, name) {
    if (isZip(head)) return /whatsapp|_chat/iu.test(`${name} ${new TextDecoder("latin1").decode(head)}`) ? 0.9 : 0;
    const headers = headersIn(head);
    if (headers === 0) return 0;
    return /whatsapp/iu.test(name) ? 0.95 : headers > 1 ? 0.8 : 0.5;
  },
  questions: (path, { name, today }) => questionsOf(path, otherFromName(name), today),
  read: (path, options) => readChat(path, otherFromName(options.name), options),
};

export const signal: Reader = {
  format: "signal",
  keeps: "rows",
  namesFiles: true,
  detect: (head, name) => (!isZip(head) && headersIn(head) > 0 && /signal/iu.test(name) ? 0.96 : 0),
  questions: (path, { today }) => questionsOf(path, null, today),
  read: (path, options) => readChat(path, null, options),
};

const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03;

function headersIn(head: Uint8Array): number {
  // UTF-8, as both apps write; a file of another encoding has no header among its first lines either way.
  const lines = new TextDecoder().decode(head).split(/\r?\n/u, 200);
  return lines.filter((line) => readHeader(line) !== null).length;
}

/** "WhatsApp Chat with Agent Wang.txt", "WhatsApp Chat - Agent Wang.zip", "与王专员的 WhatsApp 聊天.txt". */
function otherFromName(fileName: string): string | null {
  const stem = fileName.replace(/^.*[/\\]/u, "").replace(/\.(txt|zip)$/iu, "");
  const match =
    /^WhatsApp[ -](?:Chat|聊天)(?: with | - |-)(.+)$/iu.exec(stem) ??
    /^[与與和](.+?)的? ?WhatsApp ?(?:聊天|对话|對話)/u.exec(stem);
  return match?.[1]?.trim() ?? null;
}

/** A chat's text and what lies beside it. */
interface Chat {
  text(): AsyncIterable<Uint8Array>;
  /** By name; empty for a text that came alone. */
  beside: ReadonlyMap<string, readonly (ZipEntry & { sha256: null })[]>;
  close(): void;
}

async function openChat(path: string): Promise<Chat> {
  for await (const piece of bytesOf(path)) {
    if (!isZip(piece)) break;
    const { entries, close } = await openZip(path);
    const texts = entries.filter(({ name }) => /\.txt$/iu.test(name));
    const text = texts.find(({ name }) => /(^|\/)_chat\.txt$|WhatsApp/iu.test(name)) ?? texts[0];
    if (text !== undefined) {
      const beside = byName(entries.map((entry) => ({ ...entry, sha256: null })));
      return { text: () => text.open(), beside, close };
    }
    close();
    throw new ZipProblem("zipNoChat", "no text inside");
  }
  return { text: () => bytesOf(path), beside: new Map(), close: () => undefined };
}

/** What the whole file says before its first message can be understood. */
interface Overview {
  people: Participants;
  orders: DateOrder[];
  samples: string[][];
}

async function overviewOf(chat: Chat, today: string): Promise<Overview> {
  const people = new Participants();
  const orders = new OrderFinder(today);
  const samples: string[][] = [];
  for await (const told of messagesIn(chat)) {
    if (told.header === null) continue;
    orders.add(told.header);
    if (told.sender !== null && !ENCRYPTED.test(told.said)) people.add(told.sender, told.said);
    if (samples.length < 3) {
      samples.push([`${told.header.date} ${told.header.clock}`, told.sender ?? "", told.said.slice(0, 80)]);
    }
  }
  return { people, orders: orders.orders(), samples };
}

async function questionsOf(path: string, other: string | null, today: string): Promise<Question[]> {
  try {
    const chat = await openChat(path);
    try {
      const { people, orders, samples } = await overviewOf(chat, today);
      const order: Question[] = orders.length > 1 ? [{ name: "dateOrder", choices: orders, samples }] : [];
      return [...order, ...people.question(other)];
    } finally {
      chat.close();
    }
  } catch (error) {
    // Reading says what is wrong with the archive, as a row.
    if (error instanceof ZipProblem) return [];
    throw error;
  }
}

async function* readChat(path: string, other: string | null, options: ReadOptions): AsyncGenerator<Row> {
  let row = 0;
  try {
    const chat = await openChat(path);
    try {
      const { people, orders } = await overviewOf(chat, options.today);
      const order = orders.find((one) => one === options.answers.dateOrder) ?? orders[0] ?? "ymd";
      const me = options.answers.own ?? people.otherThan(other);
      const facts = { order, me, other: other ?? people.otherThan(me) };
      for await (const told of messagesIn(chat)) {
        row += 1;
        yield { row, line: told.line, ...(await rowOf(row, told, facts, chat, options)) };
      }
    } finally {
      chat.close();
    }
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    yield { row: row + 1, unreadable: { key: error.key } };
  }
}

/** The text as messages: a line without a header goes on with the message before it. */
async function* messagesIn(chat: Chat): AsyncGenerator<Told> {
  let current: Told | null = null;
  for await (const { number, text, tooLong } of linesOf(decoded(chat.text()))) {
    const header = readHeader(text);
    if (header !== null) {
      if (current !== null) yield current;
      current = { line: number, header, ...senderOf(header.rest), cut: tooLong };
    } else if (current === null) {
      if (text.trim() !== "") current = { line: number, header: null };
    } else if (current.header !== null) {
      const room = LONGEST_WORDS - current.said.length;
      current.cut ||= tooLong || text.length + 1 > room;
      if (room > 0) current.said += `\n${text}`.slice(0, room);
    }
  }
  if (current !== null) yield current;
}

/** "Name: words", or the app's own words. A name has no colon, and is no sentence. */
function senderOf(rest: string): { sender: string | null; said: string } {
  const colon = rest.indexOf(":");
  const sender = rest.slice(0, Math.max(0, colon)).trim();
  if (sender === "" || sender.length > 100 || /["“「]/u.test(sender)) return { sender: null, said: rest };
  return { sender, said: rest.slice(colon + 1).replace(/^ /u, "") };
}

interface Facts {
  order: DateOrder;
  /** The borrower's name in this chat; null where nobody said. */
  me: string | null;
  other: string | null;
}

type Read = { contact: Contact; oddities?: Problem[] } | { unreadable: Problem } | { noContact: Problem };

async function rowOf(row: number, told: Told, facts: Facts, chat: Chat, options: ReadOptions): Promise<Read> {
  if (told.header === null) return { unreadable: { key: "noHeader" } };
  const { sender, header } = told;
  if (sender === null || ENCRYPTED.test(told.said)) return { noContact: { key: "serviceMessage" } };
  const happenedAt = momentOf(header, facts.order);
  if (happenedAt === null)
    return { unreadable: { key: "badTime", params: { text: `${header.date} ${header.clock}` } } };
  const outgoing = sender === facts.me;
  const far = outgoing ? facts.other : sender;
  const oddities: Problem[] = told.cut ? [{ key: "wordsCut" }] : [];
  const attachments: Attachment[] = [];
  for (const name of attachmentsIn(told.said)) {
    const inside = besideNamed(chat.beside, name);
    // What the archive lacks may have been brought along with it.
    const found =
      !("key" in inside) || inside.key !== "attachmentElsewhere" || options.beside === undefined
        ? inside
        : options.beside(row, name);
    if ("key" in found) oddities.push(found);
    else attachments.push("open" in found ? await options.keep(name, found.open()) : found);
  }
  const call = callIn(told.said);
  return {
    contact: {
      channel: call === null ? "chat" : "call",
      direction: outgoing ? "outgoing" : "incoming",
      happenedAt,
      precision: "exact",
      timeFrom: "record",
      other: far,
      ...(far === null ? {} : { otherName: far }),
      ...(facts.other === null ? {} : { conversation: facts.other }),
      ...(call ?? { said: told.said }),
      attachments,
    },
    ...(oddities.length > 0 ? { oddities } : {}),
  };
}

/** The app's first line in every chat; some exports put the chat's name before it, as if somebody had written it. */
const ENCRYPTED = /end-to-end encrypt|端[到對]端加密|端對端加密/iu;

/** "IMG-1.jpg (file attached)", "<attached: 01-PHOTO.jpg>", "<附件：…>", "IMG-1.jpg (文件附件)". */
const ATTACHED =
  /^\u200e?(?<android>[^\n<>]{1,200}?\.[A-Za-z0-9]{1,5}) [(（](?:file attached|文件附件|文件已附加|檔案已附加|附加檔案|已附加文件)[)）]|<(?:attached|附件|已附加)[:：] ?(?<ios>[^\n<>]{1,200})>/gmu;

function attachmentsIn(said: string): string[] {
  return [...said.matchAll(ATTACHED)].map(({ groups }) => (groups?.["android"] ?? groups?.["ios"] ?? "").trim());
}

const CALL =
  /^\u200e?(?<missed>missed |未接)?(?:voice|video|语音|語音|视频|視訊)(?: call|通话|通話|来电)(?<missedAfter>未接|，未接听| 未接听)?(?:[,，] ?\u200e?(?<duration>.+))?$/iu;

/** A call through the app stands in the chat as a line: "Missed voice call", "Voice call, 2 min". */
function callIn(said: string): { outcome: Outcome; durationSeconds?: number } | null {
  const groups = CALL.exec(said)?.groups;
  if (groups === undefined) return null;
  const seconds = readDuration(groups["duration"] ?? "");
  if (seconds !== null && seconds > 0) return { outcome: "conversation", durationSeconds: seconds };
  return { outcome: (groups["missed"] ?? groups["missedAfter"]) === undefined ? "unknown" : "unanswered" };
}
