/**
 * Holds the wording against real texts that are not part of the project. They lie beside it, in ../shared/data;
 * where they are absent these tests are skipped.
 */
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/evaluate.ts";

const folder = new URL("../../../shared/data", import.meta.url).pathname;

describe.skipIf(!existsSync(folder))(`real texts in ${folder}`, () => {
  let printed = "";
  beforeAll(async () => {
    const log = vi.spyOn(console, "log").mockImplementation((line: string) => void (printed += `${line}\n`));
    await run(["--data", folder]);
    log.mockRestore();
  });

  it("messages between people suggest nothing", () => {
    const lines = [...printed.matchAll(/SMS between people.*: (\d+) false alarms on (\d+) messages/g)];
    expect(lines).toHaveLength(3);
    for (const [, alarms, messages] of lines) {
      expect(Number(messages)).toBeGreaterThan(1000);
      expect(Number(alarms)).toBe(0);
    }
  });

  it("adverts suggest almost nothing", () => {
    for (const [, alarms, messages] of printed.matchAll(/spam.*: (\d+) false alarms on (\d+) messages/g))
      expect(Number(alarms)).toBeLessThanOrEqual(Number(messages) / 500);
  });

  it("four of five complaints on contact or threats suggest the act", () => {
    const [, hit, all] = /complaints on contact or threats: (\d+) of (\d+)/.exec(printed)!;
    expect(Number(all)).toBeGreaterThan(20);
    expect(Number(hit) / Number(all)).toBeGreaterThanOrEqual(0.8);
  });
});

it("without a folder says so", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await run([])).toBe(2);
  expect(await run(["--data", "/nowhere"])).toBe(2);
  expect(error.mock.calls.flat().join("\n")).toContain("/nowhere");
  error.mockRestore();
});
