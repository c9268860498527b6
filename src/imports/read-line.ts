/**
 * A LINE chat saved as text: a heading, days as lines of their own, then time, sender and words parted by tabs; words of several lines
 * stand in double quotes; a line without a sender is the app's own.
 * Source of the layout: LINE for Android and iOS in Chinese, Japanese and English, as public parsers read it.
 */
import type { Outcome } from "../conduct/vocabulary.ts";
import { type Header, OrderFinder, momentOf } from "./chat-header.ts";
import { bytesOf, decoded, linesOf } from "./decode-text.ts";
import { readClock, readDate, readDuration } from "./local-time.ts";
import { Participants } from "./participants.ts";
import { LONGEST_WORDS, type Contact, type Problem, type Reader, type Row } from "./reader.ts";

const HEADING =
  /^\uFEFF?\[LINE\]\s*(?:(?<zh>.+?)(?:的聊天记录|的聊天記錄|の?とのトーク履歴)|与(?<with>.+?)的聊天|Chat history (?:with|in) (?<en>.+?))\s*$/u;

interface Entry {
  line: number;
  /** The day as its own line gave it; null where none came before. */
  date: string | null;
  clock: string;
  sender: string;
  said: string;
  cut: boolean;
}

/** An entry, or a line that is none and goes on with nothing. */
type Told = Entry | { line: number; stray: true };

export const line: Reader = {
  format: "line",
  keeps: "rows",
  detect: (head) => (HEADING.test(new TextDecoder().decode(head).split(/\r?\n/u, 1)[0] ?? "") ? 0.99 : 0),
  async questions(path, { today }) {
    const { people, orders, other, samples } = await overviewOf(path, today);
    return [
      ...(orders.length > 1 ? [{ name: "dateOrder" as const, choices: orders, samples }] : []),
      ...people.question(other),
    ];
  },
  async *read(path, { today, answers }): AsyncGenerator<Row> {
    const { people, orders, other } = await overviewOf(path, today);
    const order = orders.find((one) => one === answers.dateOrder) ?? orders[0] ?? "ymd";
    const me = answers.own ?? people.otherThan(other);
    let row = 0;
    for await (const told of entriesIn(path)) {
      row += 1;
      if ("stray" in told) {
        yield { row, line: told.line, unreadable: { key: "noHeader" } };
        continue;
      }
      const happenedAt = told.date === null ? null : momentOf(headerOf(told), order);
      if (told.sender === "") yield { row, line: told.line, noContact: { key: "serviceMessage" } };
      else if (happenedAt === null) yield { row, line: told.line, unreadable: { key: "noTime" } };
      else {
        const oddities: Problem[] = told.cut ? [{ key: "wordsCut" }] : [];
        const contact = contactOf(told, happenedAt, told.sender === me, other);
        yield { row, line: told.line, contact, ...(oddities.length > 0 ? { oddities } : {}) };
      }
    }
  },
};

const headerOf = ({ date, clock, said }: Entry): Header => ({ date: date ?? "", clock, rest: said });

function contactOf(told: Entry, happenedAt: string, outgoing: boolean, other: string | null): Contact {
  const far = outgoing ? other : told.sender;
  const call = callIn(told.said);
  return {
    channel: call === null ? "chat" : "call",
    direction: outgoing ? "outgoing" : "incoming",
    happenedAt,
    precision: "exact",
    timeFrom: "record",
    other: far,
    ...(far === null ? {} : { otherName: far }),
    ...(other === null ? {} : { conversation: other }),
    ...(call ?? { said: told.said }),
    attachments: [],
  };
}

/** "☎ 通話時間 1:23", "☎ Missed call": how LINE writes a call. */
function callIn(said: string): { outcome: Outcome; durationSeconds?: number } | null {
  const told = /^☎\uFE0F?\s*(.*)$/u.exec(said)?.[1];
  if (told === undefined) return null;
  const seconds = readDuration(/[\d:]+$/u.exec(told)?.[0] ?? "");
  if (seconds !== null && seconds > 0) return { outcome: "conversation", durationSeconds: seconds };
  return {
    outcome: /missed|no answer|不在着信|未接|無應答|无应答|応答なし/iu.test(told) ? "unanswered" : "not-connected",
  };
}

async function overviewOf(path: string, today: string) {
  const people = new Participants();
  const orders = new OrderFinder(today);
  const samples: string[][] = [];
  let other: string | null = null;
  for await (const { text } of linesOf(decoded(bytesOf(path)))) {
    const groups = HEADING.exec(text)?.groups;
    other = groups?.["zh"] ?? groups?.["with"] ?? groups?.["en"] ?? null;
    break;
  }
  for await (const told of entriesIn(path)) {
    if ("stray" in told || told.date === null || told.sender === "") continue;
    orders.add(headerOf(told));
    people.add(told.sender, told.said);
    if (samples.length < 3) samples.push([`${told.date} ${told.clock}`, told.sender, told.said.slice(0, 80)]);
  }
  return { people, orders: orders.orders(), other, samples };
}

async function* entriesIn(path: string): AsyncGenerator<Told> {
  let date: string | null = null;
  let current: Entry | null = null;
  /** Inside the quotes of words that run over several lines. */
  let open = false;
  for await (const { number, text, tooLong } of linesOf(decoded(bytesOf(path)))) {
    if (current !== null && open) {
      open = !endsQuote(text);
      append(current, open ? text : text.slice(0, -1), tooLong);
      continue;
    }
    const cells = text.split("\t");
    if (cells.length >= 2 && readClock(cells[0] ?? "") !== null) {
      if (current !== null) yield current;
      const words: string = cells.slice(2).join("\t");
      // "TIME<TAB>words" of older exports has no sender either: the app speaks.
      const [sender, said] = cells.length === 2 ? ["", cells[1] ?? ""] : [cells[1] ?? "", words];
      open = said.startsWith('"') && !endsQuote(said.slice(1));
      current = { line: number, date, clock: cells[0] ?? "", sender, said: unquoted(said, open), cut: tooLong };
      continue;
    }
    const day = dayLine(text);
    if (day !== null) {
      if (current !== null) yield current;
      [current, date] = [null, day];
    } else if (text.trim() === "")
      continue; // Between days.
    else if (current !== null) append(current, text, tooLong);
    // The heading: the name of the chat and when it was saved.
    else if (date === null && number <= 3) continue;
    else yield { line: number, stray: true };
  }
  if (current !== null) yield current;
}

const endsQuote = (text: string): boolean => /(?:^|[^"])(?:"")*"$/u.test(text);

function unquoted(said: string, open: boolean): string {
  if (open) return said.slice(1);
  return said.length > 1 && said.startsWith('"') && said.endsWith('"') ? said.slice(1, -1) : said;
}

function append(entry: Entry, text: string, tooLong: boolean): void {
  const room = LONGEST_WORDS - entry.said.length;
  entry.cut ||= tooLong || text.length + 1 > room;
  if (room > 0) entry.said += `\n${text}`.slice(0, room);
}

/** A line that is a day and nothing else: `2021/09/07(火)`, `2021.09.07 Tuesday`, `Tue, 9/7/2021`. */
function dayLine(text: string): string | null {
  if (text.length > 40 || !/\d/u.test(text)) return null;
  const date = /\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日/u.exec(text)?.[0];
  if (date === undefined || ["dmy", "mdy", "ymd"].every((order) => readDate(date, order as "dmy") === null))
    return null;
  const beside = text.replace(date, "").replaceAll(/[\s,，.()（）\uFEFF]/gu, "");
  return beside === "" ||
    /^(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:星期|周|週)?[一二三四五六日天月火水木金土](?:曜日)?)$/iu.test(
      beside,
    )
    ? date
    : null;
}
