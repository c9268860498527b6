import { defineConfig } from "vitest/config";

/** Files that share a process with others of their kind: most of what a short test costs is loading the app again. */
const together = [
  "test/{cases,codes,conduct,history,incidents,notices,people}/*.test.ts",
  // That one drives a browser.
  "test/web/!(browser).test.ts",
];

export default defineConfig({
  test: {
    globalSetup: ["test/support/postgres.ts"],
    // Much of a test is waiting for a browser, a server or a disk.
    maxWorkers: "100%",
    // For a machine many times slower than ours: a limit is there for what hangs.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    projects: [
      { extends: true, test: { name: "together", include: together, isolate: false } },
      { extends: true, test: { name: "apart", include: ["test/**/*.test.ts"], exclude: together } },
    ],
  },
});
