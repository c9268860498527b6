/** Part of `npm run check`: the demo is planted into an empty installation by the very command people use, so that it never rots. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const dataDir = mkdtempSync(join(tmpdir(), "dunwatch-demo-"));
try {
  for (const round of ["first", "again"]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["src/cli.ts", "demo"], {
      encoding: "utf8",
      env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: "", LOG_LEVEL: "error" },
    });
    if (status !== 0 || !/\/cases\/[0-9a-f-]{36}/.test(stdout)) {
      process.stderr.write(`Planting the demo (${round}) failed with exit code ${status}.\n${stdout}${stderr}\n`);
      process.exit(1);
    }
  }
  process.stdout.write("The demo was planted twice.\n");
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
