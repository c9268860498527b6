/** `dunwatch dossier` and `dunwatch verify` as a person at a terminal meets them. */
import { spawnSync } from "node:child_process";
import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestApp, withApp } from "../support/app.ts";
import { plantCase } from "./planted-case.ts";
import { temporaryFolder } from "./sample-bag.ts";

let app: TestApp;
let caseId: string;
beforeAll(async () => {
  app = await withApp();
  caseId = await plantCase(app.services, await app.personId("lin"));
});
afterAll(() => app.close());

/** Runs the file of a command in a process of its own, as cli.ts does. */
function dunwatch(command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { dataDir, databaseUrl } = app.services.config;
  const file = new URL(`../../src/cli/${command}.ts`, import.meta.url).href;
  const script = `const { run } = await import(${JSON.stringify(file)}); process.exitCode = await run(${JSON.stringify(args)});`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    // The test runner sets a BASE_URL of its own.
    env: { ...process.env, BASE_URL: "", DATA_DIR: dataDir, DATABASE_URL: databaseUrl, LOG_LEVEL: "silent" },
  });
}

describe("dunwatch dossier", () => {
  it("writes the frozen version's PDF and zip, and verify finds nothing wrong with it", async () => {
    const out = join(await temporaryFolder(), "new", "folder");
    const made = dunwatch("dossier", "--case", caseId, "--lang", "en", "--out", out);
    expect([made.stderr, made.status]).toEqual(["", 0]);
    expect(await readdir(out)).toEqual([
      expect.stringMatching(/-dossier-1\.pdf$/),
      expect.stringMatching(/-dossier-1\.zip$/),
    ]);
    const sums = spawnSync("sha256sum", ["-c"], { input: made.stdout, encoding: "utf8" });
    expect(sums.stdout.match(/OK/g)).toHaveLength(2);
    const zip = join(out, (await readdir(out))[1]!);
    const verified = dunwatch("verify", zip);
    expect([verified.stdout, verified.status]).toEqual([
      expect.stringMatching(/^nothing wrong: 17 files, signed by the key with SHA-256 [0-9a-f]{64}\n$/),
      0,
    ]);
    await truncate(zip, 100_000);
    const cut = dunwatch("verify", zip);
    expect(cut.status).toBe(1);
    expect(cut.stdout).toContain("cut short: the zip: ends after 100000 bytes");
    expect(
      cut.stdout
        .trimEnd()
        .split("\n")
        .every((line) => /^[a-z ]+: .+: .+$/.test(line)),
    ).toBe(true);
  });

  it("says what is wrong with its options, and makes nothing", async () => {
    const out = await temporaryFolder();
    for (const [args, says] of [
      [["--out", out], "usage: dunwatch dossier --case ID"],
      [["--case", "nobody", "--out", out], "--case: there is no case nobody"],
      [["--case", caseId, "--lang", "fr", "--out", out], "--lang: must be one of en, zh-CN, both"],
      [["--case", caseId, "--channel", "../x", "--out", out], "--channel: ../x is not one of the offices"],
      [["--case", caseId, "--what", "--out", out], "--what"],
      [["--case", caseId, "--out", "/dev/null/x"], "/dev/null/x"],
    ] as const) {
      const { status, stderr } = dunwatch("dossier", ...args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
    }
    expect(await readdir(out)).toEqual([]);
  });
});

describe("dunwatch verify", () => {
  it("answers 2 for what is no bag", () => {
    for (const args of [[], ["/no/such/file"], ["/etc/passwd"], ["a", "b"]])
      expect(dunwatch("verify", ...args).status).toBe(2);
  });
});
