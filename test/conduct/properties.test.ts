/** What must hold for every case, under a code made of everything a rule can say; and that a case costs no more than its length. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaseContext } from "../../src/conduct/case.ts";
import { judgeCase } from "../../src/conduct/classify.ts";
import type { Incident } from "../../src/conduct/incident.ts";
import { context, everythingJudge, incidents } from "./arbitrary-cases.ts";
import { declareProperties } from "./judging-properties.ts";

describe("judging under everything a rule can say", () => {
  declareProperties(everythingJudge, { length: 30, share: 1 });
});

describe("the cost of a case", () => {
  /** Processor time of this thread for the quickest of some tries: other work on the machine does not lengthen it. */
  const cost = (around: CaseContext, list: Incident[]): number => {
    const tries = Array.from({ length: 2 }, () => {
      const before = process.threadCpuUsage();
      judgeCase(everythingJudge, around, list);
      const { user, system } = process.threadCpuUsage(before);
      return user + system;
    });
    return Math.min(...tries);
  };
  const FEW = 300;
  const TIMES = 10;
  /** A few incidents over and over, so many minutes apart. */
  const repeated = (some: Incident[], count: number, apart: number): Incident[] =>
    Array.from({ length: count }, (_none, index) => {
      const one = some[index % some.length]!;
      const at = Date.parse("2026-01-01T00:00Z") + index * apart * 60_000;
      // Texts cost by their length, which is tested elsewhere.
      return { ...one, id: `i${index}`, happenedAt: new Date(at).toISOString(), said: undefined, account: undefined };
    });

  it.each([
    ["at one instant", 0],
    ["in a few days", 1],
    ["a day apart", 24 * 60],
  ])("grows no faster than the number of its incidents, %s", (_when, apart) => {
    const some = incidents.filter((list) => list.length > 0);
    fc.assert(
      fc.property(some, context, (list, around) => {
        const few = cost(around, repeated(list, FEW, apart));
        const many = cost(around, repeated(list, FEW * TIMES, apart));
        // In proportion it would be 10 times, as a square 100 times; and the clock of a thread ticks every 10 ms.
        expect(many).toBeLessThan(Math.max(few, 10_000) * TIMES * 3 + 50_000);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
