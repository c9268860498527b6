/** What mutants of src/conduct are held against: the quick tests of judging, without databases and browsers. */
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: join(import.meta.dirname, "../.."),
  test: {
    // What tries judging itself, by small codes. Reading the shipped ones, and whole files of words, would take most of the time.
    include: [
      "test/conduct/{applies,context,counting,hours,joined,live-case,notices,remembering,properties,zone}.test.ts",
    ],
    // Slow code is not wrong code.
    testNamePattern: /^(?!.*(the cost of a case|does not grow as a square))/,
    // Judging keeps nothing between tests, and reading its modules again for each file would take most of the time.
    isolate: false,
    setupFiles: ["test/mutation/few-runs.ts"],
    testTimeout: 60_000,
  },
});
