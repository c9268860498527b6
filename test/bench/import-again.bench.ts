/**
 * A phone's backup comes again, grown by a tenth, into the case that holds it: nine of ten records are known. The processor's time of
 * reading and comparing must grow with the file and not with its square; a bare parse of the same file by saxes stands beside it.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { SaxesParser } from "saxes";
import { createCase } from "../../src/cases/store.ts";
import { readConfig } from "../../src/config.ts";
import { detect, readerNamed } from "../../src/imports/detect.ts";
import type { State } from "../../src/imports/import.ts";
import { createImport, getImportById, moveImport } from "../../src/imports/store.ts";
import { runTask } from "../../src/imports/task.ts";
import { createServices } from "../../src/services.ts";

const CALLS = [10_000, 40_000] as const;

function backupOf(calls: number): string {
  const lines = ["<?xml version='1.0' encoding='UTF-8'?>", `<smses count="${calls * 1.5}">`];
  for (let index = 0; index < calls; index++) {
    lines.push(
      `<call number="+8613${String(index % 1000).padStart(9, "0")}" duration="${index % 90}" date="${1_700_000_000_000 + index * 61_000}" type="${1 + (index % 7)}" presentation="1" contact_name="某某催收" />`,
    );
  }
  for (let index = 0; index < calls / 2; index++) {
    lines.push(
      `<sms address="10${index % 700}" date="${1_700_000_000_000 + index * 83_000}" type="${1 + (index % 2)}" body="您的账户已逾期，请今日处理。${index} &#55357;&#56832;" contact_name="王" />`,
    );
  }
  return [...lines, "</smses>", ""].join("\n");
}

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const folder = await mkdtemp(join(tmpdir(), "dunwatch-bench-"));
const services = await createServices(readConfig({ DATA_DIR: folder, LOG_LEVEL: "silent" }), {
  log: pino({ level: "silent" }),
});
const { db, waiting } = services;
const shop = { ...services, formats: { detect, readerNamed }, maxFileBytes: 1e9 };
const made = await services.auth.api.signUpEmail({
  body: { name: "Lin", email: "lin@example.org", password: "a quiet evening" },
});
const by = { personId: made.user.id, at: Date.parse("2026-11-20T12:00:00Z") };
const facts = {
  borrower: "Lin",
  lender: "示例消费金融",
  lenderKind: "consumer-finance",
  respondentKind: "unknown",
  platform: null,
  zone: "Asia/Shanghai",
  country: "CN",
  pastDueOn: null,
  reachable: true,
  debtLawful: null,
  employerForbids: null,
  codes: [],
  demo: false,
  role: "borrower",
} as const;

/** Every number is taken. @returns seconds of the processor for reading and comparing, and how many rows are known */
async function bring(caseId: string, path: string, commits: boolean) {
  const { sha256, size } = await waiting.blobs.receive(createReadStream(path));
  const { id } = await createImport(db, caseId, [{ sha256, size, name: "sms.xml", mediaType: "text/xml" }], by);
  const go = async (from: State, to: State) => {
    await moveImport(db, caseId, id, [from], to);
    const began = cpu();
    await runTask(shop, { caseId, importId: id, by });
    return cpu() - began;
  };
  await go("detecting", "detecting");
  const read = await go("asking", "reading");
  await db.updateTable("import_parties").set({ choice: "unknown" }).where("import_id", "=", id).execute();
  const compare = await go("choosing", "comparing");
  const { counts } = (await getImportById(db, caseId, id))!;
  if (commits) await go("preview", "committing");
  return { read, compare, known: counts.duplicate, fresh: counts.new };
}

async function bareParse(path: string): Promise<number> {
  const began = cpu();
  const parser = new SaxesParser();
  parser.on("error", () => undefined);
  for await (const piece of createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 18 }))
    parser.write(piece as string);
  parser.close();
  return cpu() - began;
}

try {
  const perRow: number[] = [];
  for (const calls of CALLS) {
    const { id: caseId } = await db.transaction().execute((tx) => createCase(tx, { ...facts, codes: [] }, by));
    const [first, grown] = [join(folder, "first.xml"), join(folder, "grown.xml")];
    await writeFile(first, backupOf(calls));
    await writeFile(grown, backupOf(calls * 1.1));
    await bring(caseId, first, true);
    const { read, compare, known, fresh } = await bring(caseId, grown, false);
    if (known !== calls * 1.5) throw new Error(`${known} of ${calls * 1.5} rows were known again`);
    perRow.push((compare / (known + fresh)) * 1e6);
    const bare = await bareParse(grown);
    process.stdout.write(
      `${known + fresh} rows, ${known} known: read ${read.toFixed(2)} s, compared ${compare.toFixed(2)} s, bare parse ${bare.toFixed(2)} s, ratio ${((read + compare) / bare).toFixed(1)}\n`,
    );
  }
  const [small = 0, large = 0] = perRow;
  process.stdout.write(
    `comparing costs ${small.toFixed(0)} µs a row, in a file four times as long ${large.toFixed(0)} µs\n`,
  );
  if (large > small * 2) process.exitCode = 1;
} finally {
  await services.close();
  await rm(folder, { recursive: true });
}
