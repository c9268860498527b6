/** The gate must be able to close: a failing test fails the run. (A dependency's exit hook once turned failed runs into successes.) */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

test("a run with a failing test, set up as ours is, does not exit with 0", () => {
  const folder = mkdtempSync(join(root, ".planted-"));
  try {
    mkdirSync(join(folder, "test"));
    writeFileSync(
      join(folder, "test/fails.test.ts"),
      'import { expect, test } from "vitest"; test("fails", () => expect(1).toBe(2));',
    );
    writeFileSync(
      join(folder, "vitest.config.ts"),
      `import { defineConfig } from "vitest/config"; export default defineConfig({ test: { globalSetup: [${JSON.stringify(join(root, "test/support/postgres.ts"))}] } });`,
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", folder],
      {
        encoding: "utf8",
        env: { ...process.env, VITEST: undefined },
      },
    );
    expect(stdout).toContain("1 failed");
    expect(status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
