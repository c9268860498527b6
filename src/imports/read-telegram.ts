/**
 * Telegram's "Export chat history" and "Export Telegram data" as JSON (result.json): one chat, or all of them with the owner's id.
 * `text` is a string or an array of strings and objects; `date_unixtime` is a string; calls are service messages.
 * Source of the layout: exports of Telegram Desktop as public parsers read them.
 */
import { createReadStream } from "node:fs";
import { JSONParser } from "@streamparser/json";
import { z } from "zod";
import type { Outcome } from "../conduct/vocabulary.ts";
import { Participants } from "./participants.ts";
import type { Attachment, Contact, Problem, ReadOptions, Reader } from "./reader.ts";

const Id = z.union([z.string(), z.number()]).transform(String);
const Part = z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)]);
const Message = z.object({
  type: z.string(),
  date: z.string().optional(),
  date_unixtime: z
    .string()
    .regex(/^\d{1,12}$/)
    .optional(),
  from: z.string().nullish(),
  from_id: Id.nullish(),
  actor: z.string().nullish(),
  actor_id: Id.nullish(),
  action: z.string().optional(),
  discard_reason: z.string().optional(),
  duration_seconds: z.number().optional(),
  text: z.union([z.string(), z.array(Part).transform((parts) => parts.join(""))]).default(""),
  file: z.string().optional(),
  photo: z.string().optional(),
  file_size: z.number().optional(),
  photo_file_size: z.number().optional(),
});
type Message = z.infer<typeof Message>;

/** What stands around the messages. */
interface Chat {
  name: string | null;
  type: string | null;
  id: string | null;
}

export const telegram: Reader = {
  format: "telegram",
  keeps: "rows",
  namesFiles: true,
  detect(head, name) {
    const text = new TextDecoder().decode(head);
    if (!/^\s*\{/.test(text.replace(/^\uFEFF/, ""))) return 0;
    if (/"date_unixtime"\s*:\s*"\d+"/.test(text)) return 0.95;
    return /(^|\/)result\.json$/.test(name) && text.includes('"messages"') ? 0.6 : 0;
  },
  async questions(path) {
    const people = new Participants();
    let settled = true;
    for await (const { message, owner, chat } of messagesOf(path)) {
      if (message === null || message.type !== "message") continue;
      people.add(nameOf(message), message.text);
      if (owner === null && !isPersonal(chat)) settled = false;
    }
    return settled ? [] : people.question(null);
  },
  async *read(path, options) {
    let row = 0;
    for await (const told of messagesOf(path)) {
      row += 1;
      yield told.message === null
        ? { row, unreadable: told.broken }
        : { row, ...rowOf(told.message, told.owner, told.chat, row, options) };
    }
  },
};

type Told = { owner: string | null; chat: Chat } & ({ message: Message } | { message: null; broken: Problem });

/** Every element of every `messages`, with the chat it stands in; where the JSON ends in the middle, one broken one last. */
async function* messagesOf(path: string): AsyncGenerator<Told> {
  const parser = new JSONParser({
    paths: [
      ...["name", "type", "id", "messages.*"].flatMap((key) => [`$.${key}`, `$.chats.list.*.${key}`]),
      "$.personal_information.user_id",
    ],
    keepStack: false,
  });
  let owner: string | null = null;
  let chat: Chat = { name: null, type: null, id: null };
  let chatIndex: unknown;
  let waiting: Told[] = [];
  let failure: Error | null = null;
  parser.onValue = ({ value, key, stack }) => {
    const keys = stack.map((level) => level.key);
    const plain = typeof value === "string" || typeof value === "number" ? String(value) : null;
    if (keys[1] === "personal_information") {
      owner = plain === null ? null : `user${plain}`;
      return;
    }
    const index = keys[1] === "chats" ? keys[3] : -1;
    if (index !== chatIndex) [chatIndex, chat] = [index, { name: null, type: null, id: null }];
    if (typeof key === "string") {
      chat = { ...chat, [key]: plain };
      return;
    }
    const read = Message.safeParse(value);
    waiting.push(
      read.success
        ? { owner, chat, message: read.data }
        : {
            owner,
            chat,
            message: null,
            broken: { key: "unknownShape", params: { field: read.error.issues[0]?.path.join(".") ?? "" } },
          },
    );
  };
  parser.onError = (error) => void (failure ??= error);
  const decoder = new TextDecoder();
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 18 })) {
    write(parser, decoder.decode(chunk as Uint8Array, { stream: true }));
    yield* waiting;
    waiting = [];
    if (failure !== null) break;
  }
  if (failure === null && !parser.isEnded) failure = new Error("ends in the middle");
  if (failure !== null) yield { owner, chat, message: null, broken: { key: "jsonBroken" } };
}

/** What the parser throws it has told to onError already. */
function write(parser: JSONParser, text: string): void {
  try {
    parser.write(text);
  } catch {
    // Reported through onError.
  }
}

const isPersonal = ({ type, id }: Chat): boolean => type === "personal_chat" && id !== null;
const nameOf = ({ from, from_id }: Message): string => from ?? from_id ?? "";

function rowOf(
  message: Message,
  owner: string | null,
  chat: Chat,
  row: number,
  { answers, beside }: ReadOptions,
): { contact: Contact; oddities?: Problem[] } | { unreadable: Problem } | { noContact: Problem } {
  const isCall = message.type === "service" && message.action === "phone_call";
  if (message.type !== "message" && !isCall) return { noContact: { key: "serviceMessage" } };
  const happenedAt = message.date_unixtime === undefined ? message.date : Number(message.date_unixtime) * 1000;
  if (happenedAt === undefined || (typeof happenedAt === "string" && !LOCAL.test(happenedAt))) {
    return { unreadable: { key: "noTime" } };
  }
  const author = { id: message.from_id ?? message.actor_id ?? null, name: message.from ?? message.actor ?? null };
  const outgoing = isMine(author, owner, chat, answers.own);
  const other = outgoing ? { id: isPersonal(chat) ? `user${chat.id}` : null, name: chat.name } : author;
  const attached = attachmentOf(row, message, beside);
  return {
    contact: {
      channel: isCall ? "call" : "chat",
      direction: outgoing ? "outgoing" : "incoming",
      happenedAt,
      precision: "exact",
      timeFrom: "record",
      other: other.id ?? other.name,
      attachments: attached !== null && !("key" in attached) ? [attached] : [],
      ...(other.name === null ? {} : { otherName: other.name }),
      ...(chat.name === null ? {} : { conversation: chat.name }),
      ...(message.text === "" ? {} : { said: message.text }),
      ...(isCall ? callOf(message) : {}),
    },
    // The export keeps pictures and voices in files beside this one.
    ...(attached !== null && "key" in attached ? { oddities: [attached] } : {}),
  };
}

/** What a message carries, if it was brought along; null = it carries nothing. */
function attachmentOf(row: number, message: Message, beside: ReadOptions["beside"]): Attachment | Problem | null {
  const file = message.file ?? message.photo;
  if (file === undefined) return null;
  const size = message.file === undefined ? message.photo_file_size : message.file_size;
  return beside?.(row, file, size) ?? { key: "attachmentElsewhere", params: { file } };
}

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

function isMine(
  author: { id: string | null; name: string | null },
  owner: string | null,
  chat: Chat,
  own?: string,
): boolean {
  if (owner !== null) return author.id === owner;
  if (isPersonal(chat) && author.id !== null) return author.id !== `user${chat.id}`;
  return own !== undefined && (author.name === own || author.id === own);
}

function callOf({ discard_reason: reason, duration_seconds: seconds = 0 }: Message): Partial<Contact> {
  const outcome: Outcome =
    seconds > 0 ? "conversation" : reason === "missed" ? "unanswered" : reason === "busy" ? "not-connected" : "unknown";
  return { outcome, ...(seconds > 0 ? { durationSeconds: Math.round(seconds) } : {}) };
}
