/**
 * What the columns of a table of calls or messages hold: told by their headings in English and Chinese and by what stands below them, or
 * by a person's answer. Headings are those of carriers' call details (China Mobile, Unicom, Telecom) and of phones' call log exports.
 * It must not read files. Next: table-rows.ts (records of a table as contacts).
 */
import { z } from "zod";
import { couldBe, plainSigns, readClock, readDuration } from "./local-time.ts";
import { columnFields } from "./reader.ts";

export type ColumnField = (typeof columnFields)[number];

const Columns = z.array(z.enum(columnFields)).max(20_000);

/** A person's answer to the question `columns`; null when it is none, or leaves out what every contact needs. */
export function readColumns(answer: string | undefined): ColumnField[] | null {
  if (answer === undefined) return null;
  try {
    const columns = Columns.safeParse(JSON.parse(answer));
    return columns.success && suffices(columns.data) ? columns.data : null;
  } catch {
    return null;
  }
}

/** When, with whom, and which way: without these a row is no contact. */
export function suffices(columns: readonly ColumnField[]): boolean {
  const has = (...fields: ColumnField[]) => fields.some((field) => columns.includes(field));
  return has("when", "date") && has("other", "otherName") && has("kind", "direction");
}

type Guess = Exclude<ColumnField, "" | "when" | "date" | "time"> | "moment";

/** Headings without spaces, signs and case; a heading may be one of several names joined by a stroke. */
const HEADINGS: Readonly<Record<Guess, readonly string[]>> = {
  moment: [
    ..."起始时间 开始时间 通话时间 呼叫时间 通信时间 通话起始时间 通话开始时间 起始日期 开始日期 时间 日期 日期时间 通话日期 呼叫日期".split(
      " ",
    ),
    ..."通信日期 发送时间 接收时间 收发时间 短信时间 发送日期 计费时间 时刻 来电时间".split(" "),
    ..."date time datetime timestamp dateandtime datetimelocal calldate calltime starttime startdate startedat when".split(
      " ",
    ),
    ..."datesent senttime sentat receivedat readabledate messagedate calldatetime 開始時間 通話時間 日時".split(" "),
  ],
  other: [
    ..."对方号码 对方电话 对方电话号码 对方 对端号码 号码 电话号码 电话 手机号 通话号码 联系号码 收发号码 联系电话 对方手机号 来电号码".split(
      " ",
    ),
    ..."othernum othernumber anothernm number phonenumber phone address callerid contactnumber tel telephone phoneno".split(
      " ",
    ),
    ..."partynumber othernumberparty 對方號碼 電話號碼 號碼".split(" "),
  ],
  otherName:
    "姓名 联系人 联系人姓名 名称 名字 备注名 对方姓名 name contact contactname displayname fullname cachedname 聯絡人".split(
      " ",
    ),
  own: "本机号码 业务号码 用户号码 我的号码 计费号码 服务号码 mynumber ownnumber subscriber subscribernumber msisdn line".split(
    " ",
  ),
  kind: [
    ..."通信类型 通话类型 业务类型 信息类型 类型 类别 记录类型 短信类型 业务名称 calltype callcategory type kind commtype messagetype".split(
      " ",
    ),
    ..."landtype service category".split(" "),
  ],
  direction: [
    ..."呼叫类型 通信方式 主被叫 主叫被叫 呼叫方式 通话方式 收发 收发类型 发送接收 呼叫方向 方向 传送方式".split(" "),
    ..."direction calltypename commmode inout incomingoutgoing calldirection".split(" "),
  ],
  duration: [
    ..."通话时长 通信时长 时长 通话时间长度 持续时间 通话长度 计费时长 通话秒数 时长秒".split(" "),
    ..."duration calllonghour commtime callduration length talktime durations durationseconds durationsec seconds minutes".split(
      " ",
    ),
  ],
  outcome: "状态 结果 接听状态 通话状态 通话结果 result status outcome answered disposition".split(" "),
  place:
    "通信地点 通话地点 通话地 本机通话地 通话所在地 通话位置 所在地 漫游地 漫游地点 发生地 位置 地点 通信地 calllocation location place".split(
      " ",
    ),
  said: "内容 短信内容 信息内容 消息内容 正文 body message text content messagebody messagetext words sms".split(" "),
};

const guesses = new Map<string, Guess>(
  Object.entries(HEADINGS).flatMap(([guess, names]) => names.map((name) => [name, guess as Guess] as const)),
);

/** A heading as it is compared: without the unit or remark in brackets. */
function bare(heading: string): string {
  const plain = plainSigns(heading).toLowerCase();
  return plain.replace(/[([【].*$/u, "").replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many headings of a row are known; a row with none is no heading. */
export function headingsIn(cells: readonly string[]): number {
  return new Set(cells.slice(0, 200).flatMap((cell) => guesses.get(bare(cell)) ?? [])).size;
}

/**
 * The likeliest fields of the columns; each field but "" once.
 * @param below rows under the heading: a column called 时间 may hold a date, a time of day, both, or a duration
 */
export function suggestedColumns(
  heading: readonly string[],
  below: readonly (readonly string[])[] = [],
): ColumnField[] {
  const taken = new Set<ColumnField>();
  const columns = heading.map((cell, index): ColumnField => {
    const guess = guesses.get(bare(cell));
    if (guess === undefined) return "";
    const field =
      guess === "moment"
        ? momentField(
            cell,
            below.map((row) => row[index] ?? ""),
          )
        : guess;
    if (field === "" || taken.has(field)) return "";
    taken.add(field);
    return field;
  });
  // A time of day needs its date; alone it is nothing.
  return taken.has("date") || taken.has("when")
    ? columns.map((field) => (field === "time" && taken.has("when") ? "" : field))
    : columns;
}

function momentField(heading: string, cells: readonly string[]): ColumnField {
  const filled = cells.map(plainSigns).filter((cell) => cell !== "");
  const most = (test: (cell: string) => boolean) => filled.length > 0 && filled.filter(test).length * 2 > filled.length;
  const hasClock = (cell: string) => /\d ?[:时時点點] ?\d|\d{9,}|^\d{5}\.\d+$/.test(cell);
  if (most((cell) => couldBe(cell).length > 0 || /^[2-7]\d{4}(?:\.\d+)?$/.test(cell)))
    return most(hasClock) ? "when" : "date";
  if (most((cell) => readClock(cell) !== null || /^0\.\d+$/.test(cell))) return "time";
  if (most((cell) => readDuration(cell) !== null)) return "duration";
  return /日期|date/i.test(heading) && !/时间|time/i.test(heading) ? "date" : "when";
}

/** What the words of a kind, a direction or a result say. */
export interface Told {
  direction: "incoming" | "outgoing" | null;
  channel: "call" | "sms" | "voicemail" | null;
  /** How it ended, where the words say so. */
  ended: "unanswered" | "blocked" | "answered" | null;
  forwarded: boolean;
  /** Data, fees and the like: no contact with anybody. */
  traffic: boolean;
}

/** The numbers that Android's call log uses for its kinds, in exports that keep them. */
const ANDROID: Readonly<Record<string, string>> = {
  "1": "incoming",
  "2": "outgoing",
  "3": "missed",
  "4": "voicemail",
  "5": "rejected",
  "6": "blocked",
  "7": "incoming answered",
};

export function toldBy(words: readonly string[]): Told {
  const text = words
    .map((word) => plainSigns(word).toLowerCase())
    .map((word) => ANDROID[word] ?? word)
    .join(" | ");
  const missed = /未接|missed|un-?answered|no(?:t)? answer|拒接|拒绝|reject|declin|denied/.test(text);
  const blocked = /拦截|黑名单|block/.test(text);
  const voicemail = /voice ?mail|语音信箱|留言/.test(text);
  const forwarded = /呼叫转移|呼转|前转|转移|forward/.test(text);
  const incoming =
    /被叫|呼入|拨入|来电|接收|接听|收到|下行|incoming|inbound|received|inbox|terminat|来信|(?:^|\| )(?:收|in|mt|接)(?:$| \|)/.test(
      text,
    );
  const outgoing =
    /主叫|呼出|拨出|去电|发送|发出|上行|已发|outgoing|outbound|\bsent\b|dial|originat|拨打|(?:^|\| )(?:发|out|mo|打)(?:$| \|)/.test(
      text,
    );
  const implied = missed || blocked || voicemail || forwarded;
  return {
    direction: incoming && outgoing ? null : outgoing ? "outgoing" : incoming || implied ? "incoming" : null,
    channel: voicemail
      ? "voicemail"
      : /短信|彩信|短消息|短消|sms|mms|message|点对点/.test(text)
        ? "sms"
        : /语音|通话|call|voice|电话/.test(text)
          ? "call"
          : null,
    ended: blocked ? "blocked" : missed ? "unanswered" : /接听|answered|connected|接通/.test(text) ? "answered" : null,
    forwarded,
    traffic: /流量|上网|gprs|\bdata\b|internet|\bwap\b|cmnet|月租|套餐费|(?:增值|代收)费/.test(text),
  };
}
