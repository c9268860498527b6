/**
 * Whatever a file holds, a reader ends in rows that add up: numbered from 1 without a gap, each a contact, a note or a reason, and never
 * an exception. Cut files, flipped bytes, files of other formats; real ones where they are.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detect, seemsToBe } from "../../src/imports/detect.ts";
import { carrierCsv, carrierXlsx } from "../../src/imports/read-carrier.ts";
import { phoneCsv } from "../../src/imports/read-csv.ts";
import { ownCaseJson, ownCsv, ownJsonLines } from "../../src/imports/read-own.ts";
import { smsBackup } from "../../src/imports/read-sms-backup.ts";
import type { Reader, Row } from "../../src/imports/reader.ts";
import { questionsOf, readPath, readText } from "./reading.ts";
import { workbook } from "./workbook.ts";

const AT = 1_793_000_000_000;
const records = Array.from({ length: 12 }, (_, index) => index + 1);
const bill = ["起始时间,通信方式,对方号码,通信时长,通信类型"].concat(
  records.map(
    (index) => `2026-03-${10 + index} 09:10:11,${index % 2 ? "主叫" : "被叫"},0215555${index},1分${index}秒,本地`,
  ),
);
const incident = (index: number) =>
  `{"id":"i${index}","channel":"call","happenedAt":"2026-02-03T19:30:0${index % 10}+08:00","said":"he said \\"pay\\" 还钱"}`;

const samples: readonly [reader: Reader, bytes: Buffer][] = [
  [
    smsBackup,
    Buffer.from(
      `<?xml version='1.0' encoding='UTF-8'?>\n<smses count="24">\n${records
        .map(
          (index) =>
            `<sms address="1${index}" date="${AT + index}" type="1" body="您好 &#55357;&#56832; ${index}" />\n<mms address="2" date="${AT}" msg_box="1" m_type="132"><parts><part ct="image/png" name="a" data="${"QUJD".repeat(20)}"/></parts></mms>\n`,
        )
        .join("")}</smses>\n`,
    ),
  ],
  [carrierCsv, Buffer.from(`${bill.join("\n")}\n`)],
  [carrierXlsx, await workbook([{ name: "a", rows: bill.map((line) => line.split(",")) }])],
  [
    phoneCsv,
    Buffer.from(
      `date,number,type,body\r\n${records.map((n) => `2026-03-01 09:${10 + n},${n},in,"a ""${n}"",\r\nb"\r\n`).join("")}`,
    ),
  ],
  [ownJsonLines, Buffer.from(records.map((index) => `${incident(index)}\n`).join(""))],
  [
    ownCaseJson,
    Buffer.from(
      `{\n "format": "dunwatch-case/1",\n "incidents": [${records.map(incident).join(",\n ")}],\n "history": {"seq": 3}\n}\n`,
    ),
  ],
  [
    ownCsv,
    Buffer.from(
      `number,id,channel,direction,happenedAt,said\r\n${records.map((n) => `${n},i${n},call,incoming,2026-02-03T19:30:00+08:00,"x, ""${n}"""\r\n`).join("")}`,
    ),
  ],
];
const readers = samples.map(([reader]) => reader);

/** @returns a sentence when the rows do not add up */
function faultOf(rows: readonly Row[]): string | null {
  for (const [index, row] of rows.entries()) {
    if (row.row !== index + 1) return `row ${row.row} stands where ${index + 1} should`;
    const kinds = ["contact", "unreadable", "noContact"].filter((kind) => kind in row);
    if (kinds.length !== 1) return `row ${row.row} is ${kinds.join(" and ")}`;
    if (!("contact" in row)) continue;
    const { happenedAt, said } = row.contact;
    const isMoment =
      typeof happenedAt === "number" ? Number.isFinite(happenedAt) : /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(happenedAt);
    if (!isMoment || (said ?? "").length > 100_000) return `row ${row.row} is no contact: ${happenedAt}`;
  }
  return null;
}

/** Reads with a reader, questions included. */
async function tried(reader: Reader, bytes: Uint8Array): Promise<Row[]> {
  await questionsOf(reader, bytes);
  return (await readText(reader, bytes)).rows;
}

describe.each(samples.map(([reader, bytes]) => [reader.format, reader, bytes] as const))(
  "%s",
  (format, reader, bytes) => {
    it("is known by its beginning, and reads whole", async () => {
      expect(detect(bytes, "file")[0]?.reader.format).toBe(format);
      const rows = await tried(reader, bytes);
      expect(rows).toHaveLength(format === "sms-backup" ? 24 : 12);
      expect(rows.every((row) => "contact" in row)).toBe(true);
    });

    it("cut at every hundredth: what stands before the cut is read as ever", async () => {
      const all = await tried(reader, bytes);
      for (let percent = 0; percent < 100; percent++) {
        const rows = await tried(reader, bytes.subarray(0, Math.floor((bytes.length * percent) / 100)));
        expect(faultOf(rows)).toBeNull();
        // The record that the cut goes through is the last; with a quote open in it, its lines are told one by one.
        const broken = rows.findIndex((row) => !("contact" in row));
        const whole = rows.slice(0, broken < 0 ? -1 : broken);
        expect(whole).toEqual(all.slice(0, whole.length));
        expect(rows.length).toBeLessThanOrEqual(all.length + 1);
      }
    });

    it("with bytes flipped at random", async () => {
      let seed = 99;
      const random = (below: number) => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below;
      for (let round = 0; round < Number(process.env["FUZZ"] ?? 40); round++) {
        const flipped = Buffer.from(bytes);
        for (let flips = 1 + random(6); flips > 0; flips--) flipped[random(flipped.length)] = random(256);
        expect(faultOf(await tried(reader, flipped))).toBeNull();
      }
    });

    it("in the place of every other format", async () => {
      for (const other of readers) expect(faultOf(await tried(other, bytes))).toBeNull();
    });
  },
);

describe("a file that fits nothing says what it seems to be", () => {
  it.each([
    ["empty", Buffer.alloc(0)],
    ["seemsFile", Buffer.from("%PDF-1.7\n%âãÏÓ\n", "latin1")],
    ["seemsHtml", Buffer.from("<!DOCTYPE html>\n<html><body></body></html>")],
    ["seemsXml", Buffer.from('<?xml version="1.0"?><gpx></gpx>')],
    ["seemsJson", Buffer.from('{"a": 1}')],
    ["seemsBinary", Buffer.from([1, 2, 3, 0, 7, 9, 200, 0])],
    ["seemsText", Buffer.from("Dear diary")],
  ])("%s", async (key, bytes) => {
    expect((await seemsToBe(bytes)).key).toBe(key);
  });
});

const folder = new URL("../../../shared/data", import.meta.url).pathname;

describe.skipIf(!existsSync(folder))(`real files in ${folder}`, () => {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

  it.each(readers.map((reader) => [reader.format, reader] as const))("every one through %s", async (_, reader) => {
    expect(files.length).toBeGreaterThan(100);
    for (const path of files) {
      const options = { name: path, zone: "Asia/Shanghai", answers: {}, modifiedAt: null, today: "2026-11-23" };
      await reader.questions(path, options);
      const fault = faultOf((await readPath(reader, path)).rows);
      expect(fault === null ? null : `${path}: ${fault}`).toBeNull();
    }
  });

  it("backups of phones give every record", async () => {
    const backups = files.filter((path) => path.includes("sms_backup_xml"));
    const counts = await Promise.all(
      backups.map(async (path) => [path.split("/").at(-1), (await readPath(smsBackup, path)).rows.length]),
    );
    expect(Object.fromEntries(counts)).toMatchObject({
      "emptySms.xml": 0,
      "invalidSms.xml": 2,
      "invalidSms2.xml": 1,
      "sms-and-mms.xml": 3,
      "sms-dupes.xml": 8,
      "edge_cases.xml": 4,
      "malformed.xml": 1,
      "mixed.xml": 4,
    });
  });
});
