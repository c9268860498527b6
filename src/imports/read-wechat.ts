/**
 * WeChat chats, which the app itself does not export: the tables, texts and pages that MemoTrace (WeChatMsg) and chatlog write.
 * Sources of the layouts: their exporters as public parsers read them. An older MemoTrace table has a heading one column shorter than its
 * rows: columns are counted from the left, so the surplus one is nobody's.
 */
import { parse } from "csv-parse";
import { JSONParser } from "@streamparser/json";
import { Readable } from "node:stream";
import { z } from "zod";
import type { Outcome } from "../conduct/vocabulary.ts";
import { allNamedIn } from "./beside.ts";
import { bytesOf, decoded, linesOf } from "./decode-text.ts";
import { localText, readDuration, readMoment } from "./local-time.ts";
import { Participants } from "./participants.ts";
import { LONGEST_WORDS, type Attachment, type Contact, type Problem, type Reader, type Row } from "./reader.ts";

/** A message as any of the layouts tells it. */
interface Message {
  line?: number;
  /** Whether the borrower wrote it; null where the layout does not say. */
  mine: boolean | null;
  sender: string | null;
  /** Their WeChat id, where told. */
  senderId: string | null;
  /** The chat: the other's name or the group's. */
  chat: string | null;
  /** As written: a local time, or epoch seconds. */
  time: string;
  kind: Kind;
  said: string;
}

type Kind = "text" | "call" | "system" | "media";
type Told = Message | { line?: number; broken: Problem };
type Layout = "memotrace" | "memotrace-chat" | "chatlog" | "chatlog-json" | "text" | "page";

/** One record of a table; more is a broken quote that swallows the file. */
const LONGEST_RECORD = 4 * 2 ** 20;

export const wechat: Reader = {
  format: "wechat",
  keeps: "rows",
  namesFiles: true,
  detect(head) {
    const layout = layoutOf(new TextDecoder().decode(head));
    return layout === null ? 0 : layout === "text" ? 0.7 : 0.97;
  },
  async questions(path) {
    const people = new Participants();
    for await (const told of messagesIn(path)) {
      if ("broken" in told || told.kind === "system") continue;
      if (told.mine !== null) return [];
      // MemoTrace writes 我 for the borrower.
      if (told.sender === ME) return [];
      if (told.sender !== null) people.add(told.sender, told.said);
    }
    return people.question(null);
  },
  async *read(path, { answers, beside }): AsyncGenerator<Row> {
    const me = answers.own ?? ME;
    const other = await onlyOther(path, me);
    let row = 0;
    for await (const told of messagesIn(path)) {
      row += 1;
      const place = { row, ...(told.line === undefined ? {} : { line: told.line }) };
      if ("broken" in told) yield { ...place, unreadable: told.broken };
      else if (told.kind === "system") yield { ...place, noContact: { key: "serviceMessage" } };
      else {
        const happenedAt = timeOf(told.time);
        if (happenedAt === null)
          yield { ...place, unreadable: { key: "badTime", params: { text: told.time.slice(0, 60) } } };
        else
          yield {
            ...place,
            ...contactOf(
              { ...told, chat: told.chat ?? other },
              happenedAt,
              told.mine ?? told.sender === me,
              beside === undefined ? [] : allNamedIn(row, told.said, beside),
            ),
          };
      }
    }
  },
};

const ME = "我";

/** In a chat of two that does not name itself, whoever is not the borrower. */
async function onlyOther(path: string, me: string): Promise<string | null> {
  const names = new Set<string>();
  for await (const told of messagesIn(path)) {
    if ("broken" in told || told.kind === "system") continue;
    if (told.chat !== null) return null;
    if (told.sender !== null && told.mine !== true && told.sender !== me) names.add(told.sender);
    if (names.size > 1) return null;
  }
  return [...names][0] ?? null;
}

function layoutOf(head: string): Layout | null {
  const start = head.replace(/^\uFEFF/u, "").trimStart();
  const heading = start.split(/\r?\n/u, 1)[0] ?? "";
  if (/^"?localId"?,"?TalkerId"?,"?Type"?,/u.test(heading)) return "memotrace";
  if (/^"?消息ID"?,"?类型"?,"?发送人"?,"?时间"?,"?内容"?/u.test(heading)) return "memotrace-chat";
  if (/^"?Time"?,"?SenderName"?,"?Sender"?,"?TalkerName"?,"?Talker"?,"?Content"?/u.test(heading)) return "chatlog";
  if (start.startsWith("[") && /"talker"\s*:/u.test(head) && /"isSelf"\s*:/u.test(head)) return "chatlog-json";
  if (/^<(!doctype|html)/iu.test(start) && /chatMessages\s*=\s*\[/u.test(head)) return "page";
  return TEXT_HEADER.test(heading) ? "text" : null;
}

async function* messagesIn(path: string): AsyncGenerator<Told> {
  let head = "";
  for await (const piece of decoded(bytesOf(path))) {
    head += piece;
    if (head.length >= 65_536) break;
  }
  const layout = layoutOf(head);
  if (layout === "chatlog-json") yield* jsonMessages(path);
  else if (layout === "page") yield* pageMessages(path);
  else if (layout === "text") yield* textMessages(path);
  else if (layout !== null) yield* tableMessages(path, layout);
  else yield { broken: { key: "unknownShape", params: { field: "" } } };
}

// --- tables ---

async function* tableMessages(path: string, layout: Layout): AsyncGenerator<Told> {
  const records = Readable.from(decoded(bytesOf(path))).pipe(
    parse({
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_RECORD,
    }),
  );
  try {
    let isHeading = true;
    for await (const { record, info } of records as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (isHeading) isHeading = false;
      else yield { line: info.lines, ...fromCells(record, layout) };
    }
  } catch (error) {
    yield { broken: { key: "tableBroken", params: { reason: (error as { code?: string }).code ?? "" } } };
  }
}

function fromCells(cells: readonly string[], layout: Layout): Omit<Message, "line"> {
  const cell = (index: number): string => cells[index] ?? "";
  const given = (index: number): string | null => cells[index] || null;
  if (layout === "memotrace") {
    // localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime[,Remark,NickName,Sender]
    const mine = cell(4) === "1";
    const chat = (cells.length >= 12 ? (given(9) ?? given(10)) : null) ?? given(1);
    return {
      mine,
      sender: mine ? null : chat,
      senderId: mine || cells.length < 12 ? null : given(11),
      chat,
      time: cell(5) || cell(8),
      kind: kinds[cell(2)] ?? "media",
      said: cell(7),
    };
  }
  if (layout === "memotrace-chat") {
    // 消息ID,类型,发送人,时间,内容[,备注,昵称,更多信息]
    return {
      mine: null,
      sender: given(2),
      senderId: null,
      chat: null,
      time: cell(3),
      kind: kindNamed(cell(1)),
      said: cell(4),
    };
  }
  // chatlog: Time,SenderName,Sender,TalkerName,Talker,Content
  return {
    mine: null,
    sender: given(1) ?? given(2),
    senderId: given(2),
    chat: given(3) ?? given(4),
    time: cell(0),
    kind: "text",
    said: cell(5),
  };
}

/** WeChat's numbers for kinds of messages. */
const kinds: Record<string, Kind> = { "1": "text", "49": "text", "50": "call", "10000": "system", "10002": "system" };

function kindNamed(name: string): Kind {
  if (/系统|拍一拍|撤回/u.test(name)) return "system";
  if (/通话/u.test(name)) return "call";
  return /文本|引用|链接|文件|转账/u.test(name) ? "text" : "media";
}

// --- chatlog's JSON ---

const JsonMessage = z.object({
  time: z.union([z.string(), z.number()]).transform(String),
  talker: z.string().nullish(),
  talkerName: z.string().nullish(),
  sender: z.string().nullish(),
  senderName: z.string().nullish(),
  isSelf: z.boolean(),
  type: z.number(),
  content: z.string().nullish(),
});

async function* jsonMessages(path: string): AsyncGenerator<Told> {
  const parser = new JSONParser({ paths: ["$.*"], keepStack: false });
  let waiting: Told[] = [];
  let broken = false;
  parser.onValue = ({ value }) => {
    const read = JsonMessage.safeParse(value);
    if (!read.success) {
      waiting.push({ broken: { key: "unknownShape", params: { field: read.error.issues[0]?.path.join(".") ?? "" } } });
      return;
    }
    const { time, talker, talkerName, sender, senderName, isSelf, type, content } = read.data;
    const kind = kinds[String(type)] ?? "media";
    const chat = talkerName || talker || null;
    waiting.push({
      mine: isSelf,
      sender: senderName || sender || null,
      senderId: sender || null,
      chat,
      time,
      kind,
      said: content ?? "",
    });
  };
  parser.onError = () => void (broken = true);
  for await (const text of decoded(bytesOf(path))) {
    try {
      parser.write(text);
    } catch {
      // Told to onError already.
    }
    yield* waiting;
    waiting = [];
    if (broken) break;
  }
  if (broken || !parser.isEnded) yield { broken: { key: "jsonBroken" } };
}

// --- texts ---

/** MemoTrace: "2024-03-15 22:40:00 王专员"; chatlog: "王专员(wxid_1) 2024-03-15 22:40:00"; the words stand in the lines that follow. */
const TEXT_HEADER =
  /^\uFEFF?(?:(?<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) (?<name>\S.{0,100})|(?<name2>\S.{0,100}?)(?:\((?<id>[\w@.-]{3,60})\))? (?<time2>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}))$/u;

async function* textMessages(path: string): AsyncGenerator<Told> {
  let current: Message | null = null;
  for await (const { number, text } of linesOf(decoded(bytesOf(path)))) {
    const groups = text.length > 250 ? undefined : TEXT_HEADER.exec(text)?.groups;
    if (groups !== undefined) {
      if (current !== null) yield trimmed(current);
      current = {
        line: number,
        mine: null,
        sender: groups["name"] ?? groups["name2"] ?? null,
        senderId: groups["id"] ?? null,
        chat: null,
        time: groups["time"] ?? groups["time2"] ?? "",
        kind: "text",
        said: "",
      };
    } else if (current !== null) {
      // One more than is kept shows that it was cut.
      if (current.said.length <= LONGEST_WORDS) current.said += current.said === "" ? text : `\n${text}`;
    } else if (text.trim() !== "") yield { line: number, broken: { key: "noHeader" } };
  }
  if (current !== null) yield trimmed(current);
}

/** Messages are parted by empty lines. */
const trimmed = (message: Message): Message => ({ ...message, said: message.said.replace(/\n+$/u, "") });

// --- pages ---

/** MemoTrace's pages carry the messages as a list of script objects, one a line; keys are quoted or bare, texts in any quotes. */
const FIELD =
  /["']?(?<key>type|text|is_send|timestamp|displayname)["']?\s*:\s*(?:"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|`(?<tick>(?:[^`\\]|\\.)*)`|(?<number>-?\d+))/gsu;

async function* pageMessages(path: string): AsyncGenerator<Told> {
  let inside = false;
  for await (const { number, text } of linesOf(decoded(bytesOf(path)))) {
    let line = text;
    if (!inside) {
      const begin = /chatMessages\s*=\s*\[/u.exec(line);
      if (begin === null) continue;
      inside = true;
      line = line.slice(begin.index + begin[0].length);
    }
    if (/^\s*\]/u.test(line)) return;
    // A page may hold all of its objects on one line.
    for (const object of line.split(/(?<=\})\s*,\s*(?=\{)/u)) {
      if (object.includes("{")) yield { line: number, ...fromScript(object) };
    }
  }
}

function fromScript(object: string): Omit<Message, "line"> | { broken: Problem } {
  const fields = new Map<string, string>();
  for (const { groups = {} } of object.matchAll(FIELD)) {
    const text = groups["double"] ?? groups["single"] ?? groups["tick"];
    fields.set(groups["key"] ?? "", text === undefined ? (groups["number"] ?? "") : unescaped(text));
  }
  const time = fields.get("timestamp");
  if (time === undefined) return { broken: { key: "noTime" } };
  const mine = fields.get("is_send") === "1";
  const type = fields.get("type") ?? "";
  // The page has numbers of its own for what it draws: 0 is the app's own line, 8 a call.
  const kind: Kind = type === "0" ? "system" : type === "8" ? "call" : (kinds[type] ?? "media");
  return {
    mine,
    sender: fields.get("displayname") ?? null,
    senderId: null,
    chat: null,
    time,
    kind,
    said: markupGone(fields.get("text") ?? ""),
  };
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gsu, (_, code?: string, sign?: string) =>
    code === undefined
      ? ({ n: "\n", t: "\t", r: "" }[sign ?? ""] ?? sign ?? "")
      : String.fromCharCode(Number.parseInt(code, 16)),
  );

const markupGone = (text: string): string =>
  text
    .replaceAll(/<br\s*\/?>/giu, "\n")
    .replaceAll(/<[^>]{0,1000}>/gu, "")
    .replaceAll(
      /&(lt|gt|quot|nbsp|#39|amp);/gu,
      (_, name: string) => ({ lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'", amp: "&" })[name] ?? "",
    );

// --- what a message is ---

/** Epoch milliseconds, or a local time. */
function timeOf(text: string): number | string | null {
  const moment = readMoment(text, "ymd");
  if (moment === null) return null;
  if ("instant" in moment) return moment.instant;
  const { date, clock } = moment;
  return date.year === null || clock === null ? null : localText({ ...date, year: date.year }, clock);
}

function contactOf(
  { sender, senderId, chat, kind, said }: Message,
  happenedAt: number | string,
  outgoing: boolean,
  attachments: Attachment[],
): { contact: Contact; oddities?: Problem[] } {
  const name = outgoing ? chat : sender;
  const far = (outgoing ? null : senderId) ?? name;
  const cut = said.length > LONGEST_WORDS;
  return {
    contact: {
      channel: kind === "call" ? "call" : "chat",
      direction: outgoing ? "outgoing" : "incoming",
      happenedAt,
      precision: "exact",
      timeFrom: "record",
      other: far,
      ...(name === null ? {} : { otherName: name }),
      ...(chat === null ? {} : { conversation: chat }),
      ...(kind === "call" ? callOf(said) : said === "" ? {} : { said: said.slice(0, LONGEST_WORDS) }),
      attachments,
    },
    ...(cut ? { oddities: [{ key: "wordsCut" }] } : {}),
  };
}

/** "通话时长 01:23", "未接听", "已取消", "对方已拒绝". */
function callOf(said: string): { outcome: Outcome; durationSeconds?: number } {
  const seconds = readDuration(/\d{1,3}(?::\d{2}){1,2}/u.exec(said)?.[0] ?? "");
  if (seconds !== null && seconds > 0) return { outcome: "conversation", durationSeconds: seconds };
  if (/未接|无应答|未应答/u.test(said)) return { outcome: "unanswered" };
  return { outcome: /取消|拒绝|忙线/u.test(said) ? "not-connected" : "unknown" };
}
