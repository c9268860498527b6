/** Call details of carriers and exports of phones: their headings, encodings, dates and accidents. */
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodingsOf } from "../../src/imports/decode-text.ts";
import { encodingQuestion } from "../../src/imports/encoding-question.ts";
import { detect } from "../../src/imports/detect.ts";
import { carrierCsv, carrierXlsx } from "../../src/imports/read-carrier.ts";
import { phoneCsv } from "../../src/imports/read-csv.ts";
import { contactsOf, questionsOf, readText, wordsOf } from "./reading.ts";
import { workbook, zipped } from "./workbook.ts";

const MOBILE = `中国移动通信客户详单
客户姓名：张三
手机号码：13900001111

起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)
2026-03-01 09:10:11,上海,被叫,02155550001,1分20秒,本地主叫,,0.00
2026-03-01 21:30:00,上海,主叫,10086,35秒,本地,,0.00

合计,,,,,,,0.00
`;
const SHANGHAI = `序号,起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元),是否“新通话”
1,12-31 23:50:00,上海,被叫,02155550001,00:01:20,本地,,0.00,否
2,01-01 00:10:00,上海,被叫,02155550001,20,本地,,0.00,否
`;
const UNICOM = `通话日期\t通话时间\t呼叫类型\t对方号码\t通话时长\t本机通话地\t通话类型
20260301\t091011\t呼叫转移\t="02155550001"\t1小时2分3秒\t上海\t国内通话
20260302\t09:10:11\t被叫\t02155550001\t1分钟\t上海\t国内通话
`;
const TELECOM = `对方号码;呼叫类型;通话开始时间;通话时长（秒）;通话类型;费用
02155550001;被叫;2026/3/1 9:10:11;80;本地;0
02155550001;没听说过;2026/3/1 9:12:11;80;本地;0
`;

describe("the layouts of carriers", () => {
  it("China Mobile: heading below a preamble, own number above, totals below", async () => {
    const reading = await readText(carrierCsv, MOBILE);
    expect(wordsOf(reading)).toEqual(["contact", "contact", "total"]);
    expect(reading.rows[0]).toEqual({
      row: 1,
      line: 6,
      contact: {
        channel: "call",
        direction: "incoming",
        happenedAt: "2026-03-01T09:10:11",
        precision: "exact",
        timeFrom: "record",
        durationSeconds: 80,
        outcome: "conversation",
        place: "上海",
        other: "02155550001",
        own: "13900001111",
        attachments: [],
      },
    });
    expect(contactsOf(reading)[1]).toMatchObject({ direction: "outgoing", durationSeconds: 35 });
  });

  it("Shanghai without years: told from order and today, and said", async () => {
    const reading = await readText(carrierCsv, SHANGHAI, { today: "2026-03-01" });
    expect(contactsOf(reading).map(({ happenedAt }) => happenedAt)).toEqual([
      "2025-12-31T23:50:00",
      "2026-01-01T00:10:00",
    ]);
    expect(reading.rows[1]).toMatchObject({ oddities: [{ key: "yearFilledIn", params: { year: 2026 } }] });
  });

  it("Unicom: date and time apart, lengths in words, calls passed on", async () => {
    const reading = await readText(carrierCsv, UNICOM);
    expect(contactsOf(reading)).toMatchObject([
      { happenedAt: "2026-03-01T09:10:11", durationSeconds: 3723, direction: "incoming", other: "02155550001" },
      { happenedAt: "2026-03-02T09:10:11", durationSeconds: 60, direction: "incoming" },
    ]);
    expect(reading.rows[0]).toMatchObject({ oddities: [{ key: "forwarded" }] });
  });

  it("Telecom: any order of columns; a way that nobody knows is not guessed", async () => {
    const reading = await readText(carrierCsv, TELECOM);
    expect(contactsOf(reading)).toMatchObject([{ happenedAt: "2026-03-01T09:10:11", durationSeconds: 80 }]);
    expect(reading.rows[1]).toMatchObject({
      unreadable: { key: "unknownDirection", params: { value: "没听说过 本地" } },
    });
  });

  it("short messages, and traffic that is nobody's contact", async () => {
    const reading = await readText(
      carrierCsv,
      `起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)\n2026-03-01 09:10:11,上海,1069055,接收,短信,,,0\n2026-03-01 09:10:12,上海,,,GPRS上网,,,0\n`,
    );
    expect(wordsOf(reading)).toEqual(["contact", "traffic"]);
    expect(contactsOf(reading)[0]).toMatchObject({ channel: "sms", outcome: "delivered", direction: "incoming" });
  });

  it("are told by their words, in every encoding", async () => {
    const gb18030 = Buffer.from(
      "c6f0cabccab1bce42ccda8d0c5b7bdcabd2cb6d4b7bdbac5c2eb2ccda8d0c5cab1b3a40a323032362d30332d30312030393a31303a31312cb1bbbdd02c30323135353535303030312c31b7d63230c3eb0a",
      "hex",
    );
    const same = `起始时间,通信方式,对方号码,通信时长\n2026-03-01 09:10:11,被叫,02155550001,1分20秒\n`;
    const utf16be = Buffer.from(`\uFEFF${same}`, "utf16le").swap16();
    for (const bytes of [
      gb18030,
      Buffer.from(same),
      Buffer.from(`\uFEFF${same}`),
      Buffer.from(`\uFEFF${same}`, "utf16le"),
      utf16be,
      Buffer.from(same, "utf16le"),
    ]) {
      expect(detect(bytes, "详单.csv")[0]!.reader.format).toBe("carrier-csv");
      expect(contactsOf(await readText(carrierCsv, bytes))).toMatchObject([
        { happenedAt: "2026-03-01T09:10:11", durationSeconds: 80, direction: "incoming", other: "02155550001" },
      ]);
    }
  });
});

describe("texts that do not say how their letters are written", () => {
  it("several encodings are offered where the bytes fit several, the likeliest first; an answer is followed", async () => {
    const big5 = Buffer.from(
      "aec9b6a12cb8b9bd582cc3feabac2ca4baae650a323032362d30332d30312030393a31302c303931312ca6ac2cbdd0a4b5a4e9c1d9b4daa141a75fab68b371aabea741a4bda5710a",
      "hex",
    );
    expect(encodingsOf(big5)).toEqual(["big5", "gb18030"]);
    expect(encodingQuestion(big5)?.samples).toEqual([
      ["時間,號碼,類型,內容", "2026-03-01 09:10,0911,收,請今日還款，否則通知你公司"],
      [expect.stringContaining(","), expect.stringContaining("2026-03-01 09:10,0911,")],
    ]);
    const few = Buffer.from("c8d5c6da2cb6d4b7bdbac5c2eb2cc0e0d0cd0a323032362d30332d30312c3032312cb1bbbdd00a", "hex");
    expect(encodingsOf(few)).toEqual(["gb18030", "big5"]);
    expect(contactsOf(await readText(carrierCsv, few, { answers: { encoding: "gb18030" } }))).toMatchObject([
      { other: "021", direction: "incoming" },
    ]);
    expect(contactsOf(await readText(carrierCsv, few, { answers: { encoding: "big5" } }))).toEqual([]);
    expect(encodingsOf(Buffer.from(MOBILE))).toEqual(["utf-8"]);
    expect(encodingsOf(Buffer.from("fecha,número,tipo\n1,2,sí\n"))).toEqual(["utf-8"]);
    expect(encodingsOf(Buffer.from("fecha,número,tipo\n1,2,sí\n", "latin1"))).toEqual(["windows-1252"]);
    expect(encodingsOf(Buffer.from("date,number\n"))).toEqual([]);
  });
});

describe("dates without a year", () => {
  const rows = (dates: string[]) =>
    `起始时间,通信方式,对方号码\n${dates.map((date) => `${date} 10:00:00,被叫,1\n`).join("")}`;
  const years = async (dates: string[], options = {}) =>
    contactsOf(await readText(carrierCsv, rows(dates), options)).map(({ happenedAt }) =>
      String(happenedAt).slice(0, 10),
    );

  it("newest first, over New Year, and never in the future", async () => {
    expect(await years(["02-01", "01-01", "12-31", "11-24"], { today: "2026-03-01" })).toEqual([
      "2026-02-01",
      "2026-01-01",
      "2025-12-31",
      "2025-11-24",
    ]);
    expect(await years(["11-24"], { today: "2026-02-23" })).toEqual(["2025-11-24"]);
  });

  it("by the month in the file's name or above the table", async () => {
    expect(await years(["12-30", "01-02"], { name: "详单202401.csv" })).toEqual(["2023-12-30", "2024-01-02"]);
    const text = `查询月份：2023年05月,,\n${rows(["05-02"])}`;
    expect(contactsOf(await readText(carrierCsv, text))[0]!.happenedAt).toBe("2023-05-02T10:00:00");
    expect(await years(["02-28", "02-29"])).toEqual(["2024-02-28", "2024-02-29"]);
  });

  it("asks when a bill may be of any year, and reads nothing unasked", async () => {
    const text = rows(["03-01", "03-02"]);
    expect(await questionsOf(carrierCsv, text)).toMatchObject([
      { name: "year", choices: ["2026", "2025", "2024"], samples: [["03-02 10:00:00"]] },
    ]);
    expect(wordsOf(await readText(carrierCsv, text))).toEqual(["yearUnknown", "yearUnknown"]);
    expect(await years(["03-01", "03-02"], { answers: { year: "2025" } })).toEqual(["2025-03-01", "2025-03-02"]);
  });

  it("walks back and forth through many years", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 170 }), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (gaps, down) => {
          let day = Date.UTC(2026, 10, 20);
          const dates = gaps.map((gap) => new Date((day -= gap * 86_400_000)).toISOString().slice(0, 10));
          if (!down) dates.reverse();
          const short = dates.map((date) => date.slice(5));
          const newest = dates[down ? 0 : dates.length - 1]!.slice(0, 4);
          expect(await years(short, { answers: { year: newest } })).toEqual(dates);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("exports of phones", () => {
  const dmy = (first: string) =>
    `Date,Name,Number,Type,Duration\n${first} 9:05\u202FPM,Bob,+15550001,Incoming,65\n"12/04/2026, 9:05 PM",,+15550001,Missed,0\n`;

  it("the order of day and month comes from the whole file", async () => {
    expect(contactsOf(await readText(phoneCsv, dmy("23/04/2026"))).map(({ happenedAt }) => happenedAt)).toEqual([
      "2026-04-23T21:05",
      "2026-04-12T21:05",
    ]);
    expect(contactsOf(await readText(phoneCsv, dmy("04/23/2026")))[1]).toMatchObject({
      happenedAt: "2026-12-04T21:05",
      outcome: "unanswered",
    });
  });

  it("or is asked", async () => {
    const text = dmy("03/04/2026");
    expect(await questionsOf(phoneCsv, text)).toEqual([
      { name: "dateOrder", choices: ["mdy", "dmy"], samples: [["03/04/2026 9:05 PM"], ["12/04/2026, 9:05 PM"]] },
    ]);
    expect(wordsOf(await readText(phoneCsv, text))).toEqual(["dateOrderUnknown", "dateOrderUnknown"]);
    expect(contactsOf(await readText(phoneCsv, text, { answers: { dateOrder: "dmy" } }))[0]!.happenedAt).toBe(
      "2026-04-03T21:05",
    );
  });

  it("messages with lines, quotes and delimiters in them", async () => {
    const text = `时间,号码,联系人,类型,内容\r\n2026-03-01 09:10,1069055,某公司,收,"他说：""还钱"",\r\n不然…"\r\n2026-03-01 09:12,1069055,,发,知道了\r\n`;
    expect(contactsOf(await readText(phoneCsv, text))).toMatchObject([
      { channel: "sms", direction: "incoming", said: `他说："还钱",\r\n不然…`, otherName: "某公司" },
      { channel: "sms", direction: "outgoing", said: "知道了" },
    ]);
  });

  it("columns that nobody knows are asked for, once", async () => {
    const text = `a,b,c,d\n2026-01-01 10:00,+1222,rein,1\n2026-01-02 11:00,+1222,sent,1\n`;
    const [question] = await questionsOf(phoneCsv, text);
    expect(question).toEqual({
      name: "columns",
      samples: [
        ["a", "b", "c", "d"],
        ["2026-01-01 10:00", "+1222", "rein", "1"],
        ["2026-01-02 11:00", "+1222", "sent", "1"],
      ],
    });
    expect(wordsOf(await readText(phoneCsv, text))).toEqual(["columnsUnknown", "columnsUnknown"]);
    const answers = { columns: '["when","other","direction",""]' };
    expect(await questionsOf(phoneCsv, text, { answers })).toEqual([]);
    expect(wordsOf(await readText(phoneCsv, text, { answers }))).toEqual(["unknownDirection", "contact"]);
    for (const columns of ["no json", '["when"]', '["when","other","direction","bogus"]', '["when","","",""]']) {
      expect(await questionsOf(phoneCsv, text, { answers: { columns } })).toMatchObject([{ name: "columns" }]);
    }
  });

  it("reads what was written", async () => {
    const cell = fc
      .string({ unit: "grapheme", maxLength: 30 })
      .filter(
        (text) =>
          text.trim() === text &&
          text.isWellFormed() &&
          !/^(?:null|n\/a|--?|\\N|=".*"|'[+\d].*)?$/i.test(text) &&
          !/[\0-\x1f]/.test(text),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), cell), { maxLength: 8 }),
        fc.constantFrom(",", ";", "\t"),
        async (all, delimiter) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const lines = all.map(([isIn, text]) =>
            ["2026-03-01 09:10", "10690", isIn ? "received" : "sent", quoted(text)].join(delimiter),
          );
          const csv = `${["date", "number", "type", "body"].join(delimiter)}\n${lines.map((line) => `${line}\n`).join("")}`;
          expect(
            contactsOf(await readText(phoneCsv, csv)).map(({ direction, said }) => [direction === "incoming", said]),
          ).toEqual(all);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("accidents", () => {
  const rows = `date,number,type\n2026-03-01 09:10,1,in\n`;

  it("a quote that is never closed costs its line", async () => {
    const text = `${rows}2026-03-01 09:11,"1,in\n2026-03-01 09:12,1,out\n2026-03-01 09:13,1,in\n`;
    expect(wordsOf(await readText(phoneCsv, text))).toEqual(["contact", "openQuote", "contact", "contact"]);
  });

  it("ten thousand columns, and a line of twenty megabytes", async () => {
    const wide = `date,number,type${",x".repeat(9_997)}\n2026-03-01 09:10,1,in${",y".repeat(9_997)}\n`;
    expect(wordsOf(await readText(phoneCsv, wide))).toEqual(["contact"]);
    const long = `${rows}${"z".repeat(20_000_000)}\n2026-03-01 09:12,1,out\n`;
    expect(wordsOf(await readText(phoneCsv, long))).toEqual(["contact", "recordTooLong", "contact"]);
  });

  it("rows that are short, long, repeated headings and remarks", async () => {
    const text = `${rows}date,number,type\n说明：以上为本月详单\n2026-03-01 09:12,1,out,extra,extra\nsoon,1,in\n`;
    expect(wordsOf(await readText(phoneCsv, text))).toEqual([
      "contact",
      "headingAgain",
      "remark",
      "contact",
      "badTime",
    ]);
  });

  it("numbers that a spreadsheet has spoilt are told", async () => {
    const reading = await readText(phoneCsv, `date,number,type\n2026-03-01 09:10,1.39E+10,in\n46082.5,'013800,in\n`);
    expect(reading.rows[0]).toMatchObject({ contact: { other: "1.39E+10" }, oddities: [{ key: "numberRounded" }] });
    expect(reading.rows[1]).toMatchObject({ contact: { other: "013800", happenedAt: "2026-03-01T12:00:00" } });
  });

  it("nothing at all", async () => {
    expect(wordsOf(await readText(phoneCsv, ""))).toEqual(["empty"]);
    expect(wordsOf(await readText(phoneCsv, "just words"))).toEqual(["notThisFormat"]);
  });
});

describe("spreadsheets", () => {
  const heading = ["起始时间", "通信方式", "对方号码", "通信时长"];

  it("several sheets; moments as dates, as texts and as numbers", async () => {
    const book = await workbook([
      { name: "说明", rows: [["本表由系统生成"], ["项目", "说明"], ["客服", "10086"]] },
      {
        name: "语音",
        rows: [
          ["手机号码：13900001111"],
          heading,
          [{ date: 46082.38207 }, "被叫", 2155550001, { time: 80 / 86_400 }],
          ["2026-03-01 21:30:00", "主叫", "10086", "35秒"],
          [46082.5, "被叫", "021-55550001", 80],
          [{ day: 46082 }, "被叫", "021-55550001", ""],
        ],
      },
    ]);
    expect(detect(book, "bill.xlsx")[0]!.reader.format).toBe("carrier-xlsx");
    const reading = await readText(carrierXlsx, book);
    expect(wordsOf(reading)).toEqual(["otherSheet", "contact", "contact", "contact", "contact"]);
    expect(reading.rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
    expect(contactsOf(reading)).toMatchObject([
      { happenedAt: "2026-03-01T09:10:11", durationSeconds: 80, other: "2155550001", own: "13900001111" },
      { happenedAt: "2026-03-01T21:30:00", durationSeconds: 35, direction: "outgoing" },
      { happenedAt: "2026-03-01T12:00:00", durationSeconds: 80 },
      { happenedAt: "2026-03-01T00:00", precision: "day" },
    ]);
  });

  it("texts that cells share, in any order, with marks for reading aloud; a prefix before every name; days from 1904", async () => {
    const texts = [
      ...heading,
      "被叫",
      ...Array.from({ length: 9000 }, (_, n) => `021${55_550_000 + n} ${"—".repeat(150)}`),
    ];
    const shared = texts.map(
      (text, n) =>
        `<x:si><x:r><x:t>${text.slice(0, 3)}</x:t></x:r><x:r><x:t xml:space="preserve">${text.slice(3)}</x:t></x:r>${n === 0 ? "<x:rPh><x:t>qǐ</x:t></x:rPh>" : ""}</x:si>`,
    );
    const cell = (value: number, more = ' t="s"') => `<x:c${more}><x:v>${value}</x:v></x:c>`;
    const line = (n: number) =>
      `<x:row>${cell(44_620.5, ' s="1"')}${cell(4)}${cell(5 + ((n * 7919) % 9000))}${cell(n, "")}</x:row>`;
    const rows = [
      `<x:row>${[0, 1, 2, 3].map((n) => cell(n)).join("")}</x:row>`,
      ...Array.from({ length: 400 }, (_, n) => line(n)),
    ];
    const book = await zipped({
      "xl/workbook.xml": `<x:workbook xmlns:r="r"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="a" r:id="one"/></x:sheets></x:workbook>`,
      "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="one" Type="r/worksheet" Target="/xl/worksheets/A.xml"/></Relationships>`,
      "xl/worksheets/a.xml": `<x:worksheet><x:sheetData>${rows.join("")}</x:sheetData></x:worksheet>`,
      "xl/sharedStrings.xml": `<x:sst>${shared.join("")}</x:sst>`,
      "xl/styles.xml": `<x:styleSheet><x:numFmts><x:numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd &quot;h&quot;"/></x:numFmts><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="170"/></x:cellXfs></x:styleSheet>`,
    });
    const reading = await readText(carrierXlsx, book);
    expect(contactsOf(reading)).toHaveLength(400);
    expect(contactsOf(reading)[399]).toMatchObject({
      happenedAt: "2026-03-01T12:00:00",
      other: `021${55_550_000 + ((399 * 7919) % 9000)} ${"—".repeat(150)}`,
      durationSeconds: 399,
    });
  });

  it("bombs and broken books are one sentence", async () => {
    const rows = [heading, ["2026-03-01 21:30:00", "主叫", "10086", "35秒"]];
    const bomb = await workbook([{ name: "a", rows }], { "xl/media/image1.png": Buffer.alloc(10_000_000) });
    expect(wordsOf(await readText(carrierXlsx, bomb))).toEqual(["zipBomb"]);
    const large = await workbook([{ name: "a", rows }], { "xl/media/image1.png": randomBytes(13_000_000) });
    expect(wordsOf(await readText(carrierXlsx, large))).toEqual(["contact"]);
    const book = await workbook([{ name: "a", rows }]);
    expect(wordsOf(await readText(carrierXlsx, book))).toEqual(["contact"]);
    expect(wordsOf(await readText(carrierXlsx, book.subarray(0, book.length - 100)))).toEqual(["zipBroken"]);
    // The size that the archive tells is a lie: the directory of the archive says one byte less.
    const lie = Buffer.from(book);
    const entry = lie.lastIndexOf("xl/worksheets/sheet1.xml") - 46;
    lie.writeUInt32LE(lie.readUInt32LE(entry + 24) - 1, entry + 24);
    expect(wordsOf(await readText(carrierXlsx, lie))).toEqual(["zipBroken"]);
    // A second sheet that stands in the archive but not in its directory is not read.
    const end = book.lastIndexOf(Buffer.from("PK\x05\x06"));
    const directory = book.readUInt32LE(end + 16);
    const other = await workbook([{ name: "a", rows: [...rows, ...rows.slice(1), ...rows.slice(1)] }]);
    const hidden = other.subarray(0, other.readUInt32LE(other.lastIndexOf(Buffer.from("PK\x05\x06")) + 16));
    const two = Buffer.concat([book.subarray(0, directory), hidden, book.subarray(directory)]);
    two.writeUInt32LE(directory + hidden.length, end + hidden.length + 16);
    expect(wordsOf(await readText(carrierXlsx, two))).toEqual(["contact"]);
    expect(wordsOf(await readText(carrierXlsx, "no zip"))).toEqual(["zipBroken"]);
  });
});
