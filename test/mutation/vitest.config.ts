/** What mutants of src/conduct are held against: the quick tests of judging, without databases and browsers. */
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: join(import.meta.dirname, "../.."),
  test: {
    include: ["test/conduct/*.test.ts"],
    // Texts have their own tests, which search long ones at random, and so has the explaining; no file that judges is only tested there.
    exclude: ["test/conduct/{normalise,scan,wording-search,wording-real,wording-sentences,explain-properties}.test.ts"],
    // Slow code is not wrong code.
    testNamePattern: /^(?!the cost of a case)/,
    // Judging keeps nothing between tests, and reading its modules again for each file would take most of the time.
    isolate: false,
    setupFiles: ["test/mutation/few-runs.ts"],
    testTimeout: 60_000,
  },
});
