/** `dunwatch import` as somebody runs it: the exact report, what it refuses, and that trying changes nothing. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { run } from "../../src/cli/import.ts";
import { caseOfLin } from "../imports/matter.ts";
import { type TestApp, withApp } from "../support/app.ts";

let whole: TestApp;
let caseId: string;

beforeAll(async () => {
  whole = await withApp();
  caseId = await caseOfLin(whole);
});
afterAll(() => whole.close());

function file(name: string, text: string): string {
  const path = join(whole.services.config.dataDir, name);
  writeFileSync(path, text);
  return path;
}
const environment = () => {
  const { dataDir, databaseUrl } = whole.services.config;
  return { BASE_URL: "", DATA_DIR: dataDir, DATABASE_URL: databaseUrl, LOG_LEVEL: "silent" };
};
/** As a shell runs it. */
function inShell(...args: string[]) {
  const env = { ...process.env, ...environment() };
  return spawnSync(process.execPath, ["src/cli.ts", "import", ...args], { env, encoding: "utf8" });
}
/** The same command in this process, which need not start for every sentence. */
async function dunwatch(...args: string[]) {
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  }
  for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
  try {
    return { status: await run(args), ...said };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}
const call = (number: string, day: number, name = "(Unknown)") =>
  `<call number="${number}" duration="30" date="${Date.parse(`2026-10-0${day}T21:30:00+08:00`)}" type="1" presentation="1" contact_name="${name}" />`;

describe("dunwatch import", { timeout: 120_000 }, () => {
  test("prints the report, whose numbers add up, and brings in what is a collector's", async () => {
    const often = [1, 2, 3, 4, 5].map((day) => call("02160001234", day));
    const records = [...often, call("13900000001", 6, "妈妈"), '<call number="1" duration="1" type="1" />'];
    const path = file("calls.xml", `<calls count="7">\n${records.join("\n")}\n</calls>\n`);
    const tried = inShell(path, "--case", caseId, "--dry-run", "--json");
    const report = {
      format: "sms-backup",
      rows: 7,
      new: 5,
      duplicate: 0,
      leftOut: 1,
      unreadable: 1,
      problems: [{ row: 7, why: "The record has no time." }],
    };
    expect([tried.status, JSON.parse(tried.stdout)]).toEqual([0, report]);
    expect(tried.stderr).toContain("13900000001 (1); take them with --numbers A,B or --all");
    const { db } = whole.services;
    const rows = () => db.selectFrom("incidents").select("number").where("case_id", "=", caseId).execute();
    expect(await rows()).toEqual([]);
    expect(await db.selectFrom("imports").select("id").execute()).toEqual([]);

    expect(JSON.parse((await dunwatch(path, "--case", caseId, "--json")).stdout)).toEqual(report);
    expect(await rows()).toHaveLength(5);
    const again = await dunwatch(path, "--case", caseId, "--all");
    expect(again.stdout).toContain("7 rows = 1 new + 5 duplicate + 0 left out + 1 unreadable");
  });

  test("takes our own lines whole, with everything they tell", async () => {
    const line = {
      id: "a",
      channel: "call",
      happenedAt: "2026-10-10T22:30",
      fromNumber: "02161110000",
      contacted: "colleague",
      acts: ["threat-to-credit"],
      said: "再不还就上征信",
    };
    const path = file("incidents.jsonl", `${JSON.stringify(line)}\n{"id":"b"}\n`);
    const { status, stdout, stderr } = await dunwatch(path, "--case", caseId, "--json");
    expect([stderr, status]).toEqual(["", 0]);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 2, new: 1, unreadable: 1 });
    const made = await whole.services.db
      .selectFrom("incidents")
      .selectAll()
      .where("said", "=", line.said)
      .executeTakeFirst();
    expect(made).toMatchObject({
      contacted: "colleague",
      acts_json: '["threat-to-credit"]',
      from_number: "+862161110000",
    });
  });

  test("refuses in a sentence what it cannot do, and leaves nothing behind", async () => {
    const chat = file("WhatsApp Chat.txt", "03/04/2026, 09:00 - Wang: 还钱\n04/05/2026, 10:00 - Lin: ok\n");
    const refused: [string[], RegExp][] = [
      [[chat, "--case", caseId], /--answer dateOrder=/],
      [[chat, "--case", "nothing"], /there is no case nothing/],
      [[chat], /^usage: dunwatch import/],
      [[chat, "--case", caseId, "--format", "fax"], /--format: must be one of .*sms-backup/],
      [[chat, "--case", caseId, "--answer", "colour=blue"], /does not look like dateOrder=dmy/],
      [[file("empty.xml", ""), "--case", caseId], /The file is empty/],
      [[file("letter.txt", "Dear Sir"), "--case", caseId], /begins with “Dear Sir”/],
      [[join(whole.services.config.dataDir, "none.xml"), "--case", caseId], /there is no such file/],
    ];
    const before = await whole.services.db.selectFrom("imports").select("id").execute();
    for (const [args, sentence] of refused) {
      const { status, stderr, stdout } = await dunwatch(...args);
      expect([args, status, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(await whole.services.db.selectFrom("imports").select("id").execute()).toEqual(before);
  });
});
