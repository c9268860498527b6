import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/postgres.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Much of a test is waiting for a browser, a server or a disk.
    maxWorkers: "100%",
  },
});
