import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Those that take longest, in the order they begin: one of them begun last would leave the other processors idle. */
const longest = ["faults/killed.test.ts", "test/pages.test.ts", "dossiers/build.test.ts", "imports/way.test.ts"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.endsWith(name));
      return found === -1 ? longest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/postgres.ts"],
    // Much of a test is waiting for a browser, a server or a disk.
    maxWorkers: "100%",
    // Most of what a short test costs is loading the app again: files share a process, and an app of their own each.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // For a machine many times slower than ours: a limit is there for what hangs.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
