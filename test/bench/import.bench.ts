/**
 * A phone's whole backup read by our reader beside a bare parse of the same file by saxes, in the same run:
 * 200,000 calls and 100,000 messages (about 150 MB, of which 20 MB are pictures), each in a process of its own that tells its peak memory.
 * `BENCH_TIMES=14` makes a file of 2 GB, which must fit the same memory.
 */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { smsBackup } from "../../src/imports/read-sms-backup.ts";

const CALLS = 200_000;
const MESSAGES = 100_000;
const PICTURES = 100;
const PICTURE_BYTES = 150_000;

async function makeBackup(path: string, times: number): Promise<void> {
  const file = await open(path, "w");
  const count = times * (CALLS + MESSAGES);
  await file.write(`<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count="${count}">\n`);
  const names = ["(Unknown)", "王小明", "Alice Smith", "某某催收公司"];
  const words =
    "您的账户已逾期，请今日18:00前处理，否则我们将联系你的家人和单位。&#10;Please call back &amp; pay. &#55357;&#56832; ";
  for (let round = 0; round < times; round++) {
    let lines: string[] = [];
    for (let index = 0; index < CALLS; index++) {
      lines.push(
        `  <call number="+8613${String(index % 1000).padStart(9, "0")}" duration="${index % 90}" date="${1_700_000_000_000 + index * 61_000}" type="${1 + (index % 7)}" presentation="1" subscription_id="${1 + (index % 2)}" post_dial_digits="" subscription_component_name="com.android.phone/com.android.services.telephony.TelephonyConnectionService" readable_date="Nov 14, 2023 10:13:20 PM" contact_name="${names[index % 4]}" />\n`,
      );
      if (lines.length === 2000) await file.write(lines.splice(0).join(""));
    }
    for (let index = 0; index < MESSAGES; index++) {
      lines.push(
        `  <sms protocol="0" address="10${index % 700}" date="${1_700_000_000_000 + index * 83_000}" type="${1 + (index % 2)}" subject="null" body="${words.repeat(1 + (index % 4))}" toa="null" sc_toa="null" service_center="+8613800100500" read="1" status="-1" locked="0" date_sent="${1_700_000_000_000 + index * 83_000}" sub_id="1" readable_date="Nov 14, 2023 10:13:20 PM" contact_name="${names[index % 4]}" />\n`,
      );
      if (index % (MESSAGES / PICTURES) === 0) {
        lines.push(
          `  <mms date="${1_700_000_000_000 + index * 83_000}" msg_box="1" address="10690" m_type="132" sub="null" contact_name="(Unknown)">\n    <parts>\n      <part seq="0" ct="image/jpeg" name="a.jpg" fn="null" cl="a.jpg" text="null" data="${randomBytes(PICTURE_BYTES).toString("base64")}" />\n    </parts>\n  </mms>\n`,
        );
      }
      if (lines.length >= 1000) await file.write(lines.splice(0).join(""));
    }
    await file.write(lines.join(""));
  }
  await file.write("</smses>\n");
  await file.close();
}

async function readWithUs(path: string): Promise<number> {
  let rows = 0;
  const keep = async (name: string, bytes: AsyncIterable<Uint8Array>) => {
    const hash = createHash("sha256");
    let size = 0;
    for await (const piece of bytes) {
      hash.update(piece);
      size += piece.length;
    }
    return { name, sha256: hash.digest("hex"), size };
  };
  const options = { name: "sms.xml", zone: "Asia/Shanghai", answers: {}, keep, modifiedAt: null, today: "2026-11-23" };
  for await (const row of smsBackup.read(path, options)) {
    if (!("contact" in row) && !("noContact" in row)) throw new Error(`row ${row.row}: ${row.unreadable.key}`);
    rows += 1;
  }
  return rows;
}

async function readWithSaxes(path: string): Promise<number> {
  let rows = 0;
  const parser = new SaxesParser();
  // It stops at the emoji, which phones write as two references; it is told to go on.
  parser.on("error", () => undefined);
  parser.on("opentag", ({ name }) => {
    if (name === "call" || name === "sms" || name === "mms") rows += 1;
  });
  for await (const piece of createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 18 })) {
    parser.write(piece as string);
  }
  parser.close();
  return rows;
}

const [, , who, path] = process.argv;
if (who !== undefined && path !== undefined) {
  const started = performance.now();
  const rows = await (who === "us" ? readWithUs(path) : readWithSaxes(path));
  const peak = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ rows, seconds: (performance.now() - started) / 1000, peak }));
} else {
  const folder = await mkdtemp(join(tmpdir(), "dunwatch-bench-"));
  try {
    const backup = join(folder, "sms.xml");
    const times = Number(process.env["BENCH_TIMES"] ?? 1);
    await makeBackup(backup, times);
    const measure = (reader: string) =>
      JSON.parse(execFileSync(process.execPath, [import.meta.filename, reader, backup], { encoding: "utf8" })) as {
        rows: number;
        seconds: number;
        peak: number;
      };
    const saxes = measure("saxes");
    const us = measure("us");
    const ratio = us.seconds / saxes.seconds;
    const size = (await stat(backup)).size / 1e6;
    process.stdout.write(
      `backup of ${us.rows} records, ${size.toFixed(0)} MB: ${us.seconds.toFixed(1)} s, saxes alone ${saxes.seconds.toFixed(1)} s, ratio ${ratio.toFixed(2)} (goal: below 3)\n` +
        `  peak memory ${us.peak.toFixed(0)} MB (goal: below 300), saxes ${saxes.peak.toFixed(0)} MB\n`,
    );
    const expected = times * (CALLS + MESSAGES + PICTURES);
    if (us.rows !== expected || ratio > 3 || us.peak > 300) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}
