/** Mail with its character sets and attachments; recordings and screenshots by what their names, EXIF and containers tell. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { factsFromName } from "../../src/evidence/file-name.ts";
import { mail } from "../../src/imports/read-mail.ts";
import { media } from "../../src/imports/read-media.ts";
import { collect, told } from "./collect.ts";

const message = (headers: string, body: string): string =>
  `${headers.trim().replaceAll(/\n */g, "\r\n")}\r\n\r\n${body}`;

describe("mail", () => {
  test("a message: sender, time, subject and words in GB 18030, an attachment", async () => {
    const bytes = Buffer.concat([
      Buffer.from(
        message(
          `Delivered-To: lin@example.com
           From: =?utf-8?B?5YKs5pS26YOo?= <cs@agency.example>
           To: lin@example.com
           Subject: =?gb18030?B?u7m/7szh0NE=?=
           Date: Tue, 3 Feb 2026 22:40:00 +0800
           MIME-Version: 1.0
           Content-Type: multipart/mixed; boundary=x`,
          "--x\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
        ),
      ),
      Buffer.from([0xbb, 0xb9, 0xc7, 0xae]), // 还钱
      Buffer.from(
        '\r\n--x\r\nContent-Type: application/pdf; name="../a.pdf"\r\nContent-Disposition: attachment; filename="../a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n',
      ),
    ]);
    const { rows, kept, questions, confidence } = await collect(mail, bytes, { name: "a.eml" });
    expect(confidence).toBeGreaterThan(0.9);
    expect(questions).toEqual([]);
    expect(rows.map(told)).toEqual(['1770129600000 email from 催收部 delivered "还款提醒\\n\\n还钱"']);
    expect(rows[0]).toMatchObject({
      contact: { other: "cs@agency.example", own: "lin@example.com", timeFrom: "mail-header" },
    });
    expect(kept.map(String)).toEqual(["%PDF"]);
  });

  test("a mailbox: every message once, hidden From lines shown again, a message without a date is named", async () => {
    const mailbox = [
      "From cs@agency.example Tue Feb  3 22:40:00 2026",
      "From: cs@agency.example\nTo: lin@example.com\nDate: Tue, 3 Feb 2026 22:40:00 +0800\n\nPay.\n>From today on we visit.\n",
      "From lin@example.com Tue Feb  3 23:40:00 2026",
      "From: lin@example.com\nTo: cs@agency.example\nDate: Tue, 3 Feb 2026 23:40:00 +0800\n\nPlease stop.\n",
      "From x Tue Feb  3 23:41:00 2026",
      "From: cs@agency.example\nTo: lin@example.com\nDate: yesterday\n\nHm.\n",
    ].join("\n");
    const { rows, questions } = await collect(mail, mailbox, { answers: { own: "Lin@example.com" } });
    expect(questions).toMatchObject([{ name: "own", choices: ["cs@agency.example", "lin@example.com"] }]);
    expect(rows.map(told)).toEqual([
      '1770129600000 email from cs@agency.example delivered "Pay.\\nFrom today on we visit."',
      '1770133200000 email to cs@agency.example delivered "Please stop."',
      "unreadable: noTime",
    ]);
  });

  test("what is no mail is not taken for it", () => {
    const head = (text: string) => mail.detect(Buffer.from(text), "a.eml");
    expect(head("Hello: there\nnobody: here\n\n")).toBe(0);
    expect(head("<?xml version='1.0'?>")).toBe(0);
  });
});

describe("the name of a recording or a picture", () => {
  test.each([
    ["通话录音@10086(10086)_20260204110052.mp3", { when: "2026-02-04T11:00:52", number: "10086" }],
    [
      "通话录音@王专员(02155550009)_20260203224002.mp3",
      { when: "2026-02-03T22:40:02", number: "02155550009", who: "王专员" },
    ],
    ["176 0000 4515_20260203224002.m4a", { when: "2026-02-03T22:40:02", number: "17600004515" }],
    ["通话录音 13800138000_260203_224002.m4a", { when: "2026-02-03T22:40:02", number: "13800138000" }],
    ["13800138000-2602032240.mp3", { when: "2026-02-03T22:40", number: "13800138000" }],
    ["0d20260203224002p+8613800138000.3gp", { when: "2026-02-03T22:40:02", number: "+8613800138000" }],
    [
      "cube-call-recorder_2026-02-03_22-40-02_+8613800138000.amr",
      { when: "2026-02-03T22:40:02", number: "+8613800138000" },
    ],
    [
      "20260203_224002_OUTGOING_+13125550101_Agent Wang.m4a",
      { when: "2026-02-03T22:40:02", number: "+13125550101", who: "Agent Wang", direction: "outgoing" },
    ],
    ["Call_20260203_224002.m4a", { when: "2026-02-03T22:40:02" }],
    ["callrecord_20260203.mp3", { when: "2026-02-03" }],
    ["王专员2月3日 下午10点40分.mp3", { when: "2026-02-03T22:40", yearGuessed: true, who: "王专员" }],
    ["王专员12月30日 上午9点05分.mp3", { when: "2025-12-30T09:05", yearGuessed: true, who: "王专员" }],
    ["Screen Shot 2026-02-03 at 10.40.02 PM.png", { when: "2026-02-03T22:40:02" }],
    ["截屏2026-02-03 下午10.40.02.png", { when: "2026-02-03T22:40:02" }],
    ["Screenshot_2026-02-03-22-40-02-123_com.tencent.mm.jpg", { when: "2026-02-03T22:40:02" }],
    ["mmexport1770129602000.jpg", { when: 1_770_129_602_000 }],
    ["call_22-40-02_OUT_3125550101.amr", { number: "3125550101", direction: "outgoing" }],
    ["recording.mp3", {}],
  ])("%s", (name, expected) => {
    expect(factsFromName(name, "2026-11-23")).toEqual(expected);
  });
});

describe("recordings and pictures", () => {
  const demo = (name: string) => readFileSync(join(import.meta.dirname, "../../data/demo/files", name));

  test("a recording is a call at the time its name tells, and its own evidence", async () => {
    const bytes = demo("call-2026-10-09.opus");
    const { rows, kept, confidence } = await collect(media, bytes, {
      name: "通话录音@王专员(02155550009)_20261009224002.opus",
    });
    expect(confidence).toBeGreaterThan(0.5);
    expect(rows).toHaveLength(1);
    expect(told(rows[0]!)).toMatch(/^2026-10-09T22:40:02 call from 王专员 conversation \d+ s$/);
    expect(rows[0]).toMatchObject({ contact: { other: "02155550009", timeFrom: "file-name", precision: "exact" } });
    expect(kept).toEqual([bytes]);
  });

  test("without a time in the name the file's date is used and said so; without that it is unreadable", async () => {
    const bytes = demo("call-2026-10-09.opus");
    const dated = await collect(media, bytes, { name: "a.opus", modifiedAt: 1_770_129_600_000 });
    expect(dated.rows[0]).toMatchObject({
      contact: { happenedAt: 1_770_129_600_000, precision: "about", timeFrom: "file-date" },
    });
    expect((await collect(media, bytes, { name: "a.opus" })).rows.map(told)).toEqual(["unreadable: noTime"]);
  });

  test("a picture is no call; a text that calls itself a picture is none", async () => {
    const picture = await collect(media, demo("call-list.png"), { name: "Screenshot_20261009-224002.png" });
    expect(picture.rows.map(told)).toEqual(["2026-10-09T22:40:02 other from ?"]);
    expect((await collect(media, "hello", { name: "a.png" })).rows.map(told)).toEqual(["unreadable: notMedia"]);
  });
});
