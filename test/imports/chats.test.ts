/** Chats as the apps and their exporters write them: every message once, its time, its direction and its words. */
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { detect } from "../../src/imports/detect.ts";
import { signal, whatsapp } from "../../src/imports/read-chat-text.ts";
import { line } from "../../src/imports/read-line.ts";
import { telegram } from "../../src/imports/read-telegram.ts";
import { wechat } from "../../src/imports/read-wechat.ts";
import { collect, told } from "./collect.ts";

describe("WhatsApp", () => {
  const chat = [
    "13/02/2026, 21:05 - Messages and calls are end-to-end encrypted. Only people in this chat can read them.",
    "13/02/2026, 21:05 - Agent Wang: Pay today: or else",
    "we come to your office",
    "14/02/2026, 08:01 - Lin: Please stop",
    "14/02/2026, 08:02 - Agent Wang: Missed voice call",
  ].join("\n");

  test("messages keep their lines, colons and order; what the app says is no contact", async () => {
    const { rows, confidence } = await collect(whatsapp, chat, { name: "WhatsApp Chat with Agent Wang.txt" });
    expect(confidence).toBeGreaterThan(0.9);
    expect(rows.map(told)).toEqual([
      "no contact: serviceMessage",
      '2026-02-13T21:05 chat from Agent Wang "Pay today: or else\\nwe come to your office"',
      '2026-02-14T08:01 chat to Agent Wang "Please stop"',
      "2026-02-14T08:02 call from Agent Wang unanswered",
    ]);
    expect(rows.map((row) => row.line)).toEqual([1, 2, 4, 5]);
  });

  test("who the borrower is follows from the file's name in a chat of two, and is asked otherwise", async () => {
    expect((await collect(whatsapp, chat, { name: "WhatsApp Chat with Agent Wang.txt" })).questions).toEqual([]);
    const { questions, rows } = await collect(whatsapp, chat, { name: "chat.txt", answers: { own: "Lin" } });
    expect(questions).toMatchObject([{ name: "own", choices: ["Agent Wang", "Lin"] }]);
    expect(told(rows[2]!)).toBe('2026-02-14T08:01 chat to Agent Wang "Please stop"');
  });

  test.each([
    ["Android, German", "07.09.21, 19:05 - A: b", "2021-09-07T19:05"],
    ["iOS, seconds", "[07.09.21, 19:05:09] A: b", "2021-09-07T19:05:09"],
    ["iOS, Chinese with 下午", "\u200e[2021/9/7 下午7:05:09] A: b", "2021-09-07T19:05:09"],
    ["midnight as 上午12", "[2021/9/7 上午12:05:09] A: b", "2021-09-07T00:05:09"],
    ["Chinese date", "2021年9月7日 19:05 - A: b", "2021-09-07T19:05"],
    ["Hong Kong", "13/7/2021, 12:57 - A: b", "2021-07-13T12:57"],
    ["narrow space before PM", "9/13/21, 7:05\u202fPM - A: b", "2021-09-13T19:05"],
    ["Spanish", "13/9/21, 7:05 p.\u00a0m. - A: b", "2021-09-13T19:05"],
    ["Finnish, dots in the time", "13.9.2021 klo 19.05 - A: b", null],
    ["Italian, dots in the time", "13/09/2021, 19.05 - A: b", "2021-09-13T19:05"],
    ["a day that does not exist", "31/02/2021, 19:05 - A: b", null],
  ])("header: %s", async (_, text, expected) => {
    const { rows } = await collect(whatsapp, text);
    expect(rows.map((row) => ("contact" in row ? row.contact.happenedAt : null))).toEqual([expected]);
  });

  test("the order of day and month is decided over the whole file, and asked with rows of it where it cannot be", async () => {
    const american = "04/01/2026, 09:00 - A: one\n04/30/2026, 09:00 - A: two";
    expect((await collect(whatsapp, american, { answers: { own: "x" } })).rows.map(told)[0]).toContain(
      "2026-04-01T09:00",
    );
    // Read as day and month the second goes back to June: the first reading is the likelier.
    const backwards = "05/06/2026, 09:00 - A: one\n06/05/2026, 09:00 - A: two\n07/05/2026, 09:00 - A: three";
    expect((await collect(whatsapp, backwards)).questions.map(({ name }) => name)).toEqual(["own"]);
    const open = "05/06/2026, 09:00 - A: one\n05/07/2026, 09:00 - A: two";
    const { questions } = await collect(whatsapp, open);
    expect(questions[0]).toMatchObject({ name: "dateOrder", choices: ["mdy", "dmy"] });
    expect(questions[0]?.samples[0]).toEqual(["05/06/2026 09:00", "A", "one"]);
    const answered = await collect(whatsapp, open, { answers: { dateOrder: "dmy" } });
    expect(answered.rows.map(told)[1]).toContain("2026-07-05T09:00");
    // No message is from the future.
    expect((await collect(whatsapp, "12/03/2026, 09:00 - A: one")).rows.map(told)[0]).toContain("2026-03-12T09:00");
  });

  test("a zip brings its pictures along, whatever their names try", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dunwatch-zip-"));
    writeFileSync(
      join(folder, "_chat.txt"),
      "[13/02/2026, 21:05:00] Wang: \u200e<attached: 01-PHOTO.jpg>\n[13/02/2026, 21:06:00] Wang: <attached: gone.jpg>",
    );
    writeFileSync(join(folder, "01-PHOTO.jpg"), "picture");
    execFileSync("zip", ["-q", "chat.zip", "_chat.txt", "01-PHOTO.jpg"], { cwd: folder });
    const { rows, kept, confidence } = await collect(whatsapp, readFileSync(join(folder, "chat.zip")), {
      name: "x.zip",
    });
    rmSync(folder, { recursive: true });
    expect(confidence).toBeGreaterThan(0.5);
    expect(kept.map(String)).toEqual(["picture"]);
    expect(rows[0]).toMatchObject({ contact: { attachments: [{ name: "01-PHOTO.jpg", size: 7 }] } });
    expect(rows[1]).toMatchObject({
      contact: { attachments: [] },
      oddities: [{ key: "attachmentElsewhere", params: { file: "gone.jpg" } }],
    });
  });

  test("a broken zip is one row that says so", async () => {
    const { rows } = await collect(whatsapp, Buffer.from("PK\u0003\u0004_chat.txt and then nothing"));
    expect(rows.map(told)).toEqual(["unreadable: zipBroken"]);
  });

  test("property: any messages come back once each, in order, with all their words", async () => {
    const words = fc
      .string({ minLength: 1, unit: "grapheme", maxLength: 40 })
      .filter((text) => !/[\n\r\u2028\u2029<☎]|encrypt|call/iu.test(text) && text.trim() !== "");
    const message = fc.record({ minute: fc.integer({ min: 0, max: 500_000 }), words, mine: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 20 }), async (messages) => {
        const sorted = messages.toSorted((a, b) => a.minute - b.minute);
        const at = (minute: number) => new Date(Date.UTC(2025, 0, 1) + minute * 60_000).toISOString();
        const text = sorted
          .map(({ minute, words: said, mine }) => {
            const [year, month, day] = at(minute).slice(0, 10).split("-");
            return `${year}/${month}/${day}, ${at(minute).slice(11, 16)} - ${mine ? "Lin" : "Wang"}: ${said}`;
          })
          .join("\r\n");
        const { rows } = await collect(whatsapp, text, { answers: { own: "Lin" } });
        expect(
          rows.map((row) =>
            "contact" in row ? [row.contact.happenedAt, row.contact.direction, row.contact.said] : row,
          ),
        ).toEqual(
          sorted.map(({ minute, words: said, mine }) => [
            at(minute).slice(0, 16),
            mine ? "outgoing" : "incoming",
            said,
          ]),
        );
      }),
      { numRuns: 60 },
    );
  });
});

test("Signal: brackets and ISO dates", async () => {
  const { rows, confidence } = await collect(
    signal,
    "[2026-02-13, 21:05] Wang: Pay\nnow\n[2026-02-13, 21:06] Lin: no",
    { name: "signal-export.txt", answers: { own: "Lin" } },
  );
  expect(confidence).toBeGreaterThan(0.9);
  expect(rows.map(told)).toEqual(['2026-02-13T21:05 chat from Wang "Pay\\nnow"', '2026-02-13T21:06 chat to Wang "no"']);
});

test("LINE: days, quoted words of several lines, calls, what the app says", async () => {
  const text = [
    "\uFEFF[LINE] 王专员的聊天记录",
    "保存日期：2026/02/05 10:00",
    "",
    "2026/02/03(二)",
    "22:40\t王专员\t请立即还款",
    '22:41\t林\t"第一行',
    "",
    '第三行"',
    "下午11:05\t\t王专员收回了信息",
    "23:10\t王专员\t☎ 通话时长 1:23",
    "",
    "2026/02/04(三)",
    "08:01\t王专员\t☎ 未接来电",
    "",
  ].join("\r\n");
  const { rows, confidence, questions } = await collect(line, text);
  expect(confidence).toBe(0.99);
  expect(questions).toEqual([]);
  expect(rows.map(told)).toEqual([
    '2026-02-03T22:40 chat from 王专员 "请立即还款"',
    '2026-02-03T22:41 chat to 王专员 "第一行\\n\\n第三行"',
    "no contact: serviceMessage",
    "2026-02-03T23:10 call from 王专员 conversation 83 s",
    "2026-02-04T08:01 call from 王专员 unanswered",
  ]);
});

describe("Telegram", () => {
  const message = (id: number, from: string, fromId: string, text: unknown) => ({
    id,
    type: "message",
    date_unixtime: String(1_770_000_000 + id),
    from,
    from_id: fromId,
    text,
  });
  const call = {
    id: 3,
    type: "service",
    action: "phone_call",
    date_unixtime: "1770000003",
    actor: "Wang",
    actor_id: "user7",
    discard_reason: "missed",
  };

  test("one chat: the far end of a personal chat is known by its id", async () => {
    const text = JSON.stringify({
      name: "Wang",
      type: "personal_chat",
      id: 7,
      messages: [
        message(1, "Wang", "user7", ["Pay ", { type: "bold", text: "now" }]),
        message(2, "Lin", "user9", "no"),
        call,
        { id: 4, type: "service", action: "pin_message" },
      ],
    });
    const { rows, questions } = await collect(telegram, text, { name: "result.json" });
    expect(questions).toEqual([]);
    expect(rows.map(told)).toEqual([
      '1770000001000 chat from Wang "Pay now"',
      '1770000002000 chat to Wang "no"',
      "1770000003000 call from Wang unanswered",
      "no contact: serviceMessage",
    ]);
  });

  test("all chats: the owner is in the file; a file cut off is read up to the break", async () => {
    const text = JSON.stringify({
      personal_information: { user_id: 9 },
      chats: {
        list: [
          { name: "Wang", type: "personal_chat", id: 7, messages: [message(1, "Wang", "user7", "a")] },
          {
            type: "private_group",
            id: 8,
            messages: [message(2, "Lin", "user9", "b"), message(3, "Wang", "user7", "c")],
          },
        ],
      },
    });
    const whole = await collect(telegram, text);
    expect(
      whole.rows.map((row) => ("contact" in row ? [row.contact.direction, row.contact.conversation] : row)),
    ).toEqual([
      ["incoming", "Wang"],
      ["outgoing", undefined],
      ["incoming", undefined],
    ]);
    const cut = await collect(telegram, text.slice(0, -30));
    expect(cut.rows.map(told).slice(-2)).toEqual(['1770000002000 chat to ? "b"', "unreadable: jsonBroken"]);
  });
});

describe("WeChat", () => {
  test.each([
    [
      "MemoTrace, one chat",
      '\uFEFF消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n1,文本,王专员,2026-02-03 22:40:00,"还钱\n今天",,,\n2,文本,我,2026-02-03 22:41:00,不,,,\n3,音视频通话,王专员,2026-02-03 23:10:00,通话时长 01:23,,,\n4,系统消息,,2026-02-03 23:11:00,撤回,,,\n',
      [
        '2026-02-03T22:40:00 chat from 王专员 "还钱\\n今天"',
        '2026-02-03T22:41:00 chat to 王专员 "不"',
        "2026-02-03T23:10:00 call from 王专员 conversation 83 s",
        "no contact: serviceMessage",
      ],
    ],
    [
      "MemoTrace, everything",
      "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n1,3,1,0,0,1770129600,,还钱,2026-02-03 22:40:00,王专员,王,wxid_1\n2,3,1,0,1,1770129660,,不,2026-02-03 22:41:00,王专员,王,wxid_me\n",
      ['1770129600000 chat from 王专员 "还钱"', '1770129660000 chat to 王专员 "不"'],
    ],
    [
      "MemoTrace, a heading shorter than its rows",
      "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime\n1,3,1,0,0,1770129600,,还钱,2026-02-03 22:40:00,1234567890987654\n",
      ['1770129600000 chat from 3 "还钱"'],
    ],
    [
      "chatlog, table",
      "Time,SenderName,Sender,TalkerName,Talker,Content\n2026-02-03 22:40:00,王专员,wxid_1,王专员,wxid_1,还钱\n2026-02-03 22:41:00,我,wxid_me,王专员,wxid_1,不\n",
      ['2026-02-03T22:40:00 chat from 王专员 "还钱"', '2026-02-03T22:41:00 chat to 王专员 "不"'],
    ],
    [
      "chatlog, JSON",
      '[{"seq":1,"time":"2026-02-03T22:40:00+08:00","talker":"wxid_1","talkerName":"王专员","sender":"wxid_1","senderName":"王专员","isSelf":false,"type":1,"content":"还钱"},{"seq":2,"time":"2026-02-03T22:41:00+08:00","talker":"wxid_1","talkerName":"王专员","sender":"me","isSelf":true,"type":1,"content":"不"}]',
      ['1770129600000 chat from 王专员 "还钱"', '1770129660000 chat to 王专员 "不"'],
    ],
    [
      "MemoTrace, text",
      "2026-02-03 22:40:00 王专员\n还钱\n\n今天\n\n2026-02-03 22:41:00 我\n不\n",
      ['2026-02-03T22:40:00 chat from 王专员 "还钱\\n\\n今天"', '2026-02-03T22:41:00 chat to 王专员 "不"'],
    ],
    [
      "MemoTrace, page",
      '<html><script>\nconst chatMessages = [\n{type:1, text: \'还钱\\\'啊<br>今天\',is_send:0,timestamp:1770129600,displayname:"王专员"},\n{"type":1,"text":"不","is_send":1,"timestamp":1770129660,"displayname":"我"},\n];\n</script></html>',
      ['1770129600000 chat from 王专员 "还钱\'啊\\n今天"', '1770129660000 chat to 王专员 "不"'],
    ],
  ])("%s", async (_, text, expected) => {
    const { rows, questions, confidence } = await collect(wechat, text);
    expect(confidence).toBeGreaterThan(0.5);
    expect(questions).toEqual([]);
    expect(rows.map(told)).toEqual(expected);
  });
});

test("broken and cut files end in rows and problems, and the rows number every record", async () => {
  const files = [
    '[LINE] Chat history with Wang\nSaved on: 2/5/2026\n\nTue, 2/3/2026\n10:40PM\tWang\t"Pay\nnow"\n',
    "13/02/2026, 21:05 - Wang: Pay\n14/02/2026, 21:05 - Wang: Pay again",
    '{"name":"Wang","messages":[{"type":"message","date_unixtime":"1770000001","from":"Wang","text":"a"}]}',
    '消息ID,类型,发送人,时间,内容\n1,文本,王,2026-02-03 22:40:00,"还钱"\n',
  ];
  for (const text of files) {
    const bytes = Buffer.from(text);
    for (let length = 0; length <= bytes.length; length += 3) {
      const part = bytes.subarray(0, length);
      for (const { reader } of detect(part, "file")) {
        const { rows } = await collect(reader, part);
        expect(rows.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
      }
    }
  }
});
