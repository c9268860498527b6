/** A clock that stands still until told otherwise. */
import type { Clock } from "../../src/platform/clock.ts";

export interface TestClock extends Clock {
  /** Epoch milliseconds from now on, or an ISO instant. */
  set(at: number | string): void;
  advance(ms: number): void;
}

export function testClock(start = "2026-11-20T14:52:00Z"): TestClock {
  let now = Date.parse(start);
  return {
    now: () => now,
    set(at) {
      now = typeof at === "number" ? at : Date.parse(at);
    },
    advance(ms) {
      now += ms;
    },
  };
}
