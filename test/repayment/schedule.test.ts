/** Instalments and payments: the sums are exact and the days are days, whatever the amounts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MOST_INSTALMENTS, type Terms, countOf, rhythms, scheduleOf, settle } from "../../src/repayment/schedule.ts";

const day = fc
  .tuple(fc.integer({ min: 2020, max: 2035 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, date]) => Temporal.PlainDate.from({ year, month, day: date }).toString());
const terms = fc
  .record({
    // Up to a million million of the smallest unit, as the forms take.
    instalmentMinor: fc.integer({ min: 1, max: 1e14 }),
    count: fc.integer({ min: 1, max: MOST_INSTALMENTS }),
    last: fc.double({ min: 0, max: 1, noNaN: true }),
    firstOn: day,
    every: fc.constantFrom(...rhythms),
  })
  .map(({ instalmentMinor, count, last, firstOn, every }): Terms & { count: number } => {
    const whole = Math.min(instalmentMinor, Math.floor(Number.MAX_SAFE_INTEGER / count / 2));
    const smaller = Math.max(1, Math.floor(whole * last));
    return { totalMinor: whole * (count - 1) + smaller, instalmentMinor: whole, firstOn, every, count };
  });

describe("a schedule", () => {
  test("adds up to the total to the last cent, all equal but the last, which is never larger", () => {
    fc.assert(
      fc.property(terms, (asked) => {
        const schedule = scheduleOf(asked);
        expect(countOf(asked)).toBe(asked.count);
        expect(schedule.length).toBe(asked.count);
        // In whole numbers without bounds, so that a rounded sum would show.
        expect(schedule.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)).toBe(BigInt(asked.totalMinor));
        for (const { amountMinor } of schedule.slice(0, -1)) expect(amountMinor).toBe(asked.instalmentMinor);
        expect(schedule.at(-1)!.amountMinor).toBeGreaterThan(0);
        expect(schedule.at(-1)!.amountMinor).toBeLessThanOrEqual(asked.instalmentMinor);
        expect(schedule.at(-1)!.leftMinor).toBe(0);
      }),
    );
  });

  test("falls on the day of the month it began with, or on the month's last day where there is none", () => {
    fc.assert(
      fc.property(terms, (asked) => {
        const first = Temporal.PlainDate.from(asked.firstOn);
        for (const { n, dueOn } of scheduleOf(asked)) {
          const due = Temporal.PlainDate.from(dueOn);
          if (asked.every === "month") {
            expect((due.year - first.year) * 12 + due.month - first.month).toBe(n - 1);
            expect(due.day).toBe(Math.min(first.day, due.daysInMonth));
          } else {
            expect(first.until(due).days).toBe((n - 1) * (asked.every === "week" ? 7 : 14));
          }
        }
      }),
    );
  });

  test("begun on 31 January goes on at the end of each month and does not lose the 31st", () => {
    const dues = (firstOn: string) =>
      scheduleOf({ totalMinor: 500, instalmentMinor: 100, firstOn, every: "month" }).map(({ dueOn }) => dueOn);
    expect(dues("2027-01-31")).toEqual(["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]);
    expect(dues("2027-12-30")).toEqual(["2027-12-30", "2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30"]);
  });

  test("refuses to be endless", () => {
    const endless = { totalMinor: 1e14, instalmentMinor: 1, firstOn: "2027-01-31", every: "week" } as const;
    expect(countOf(endless)).toBe(1e14);
    expect(() => scheduleOf(endless)).toThrow("are more than 600");
  });
});

describe("payments", () => {
  test("fill the instalments in order; nothing is lost and nothing is counted twice", () => {
    const paid = fc.array(fc.record({ paidOn: day, amountMinor: fc.integer({ min: 1, max: 1e9 }) }), { maxLength: 40 });
    const small = fc.record({
      totalMinor: fc.integer({ min: 1, max: 1e10 }),
      instalmentMinor: fc.integer({ min: 2e7, max: 1e9 }),
      firstOn: day,
      every: fc.constantFrom(...rhythms),
    });
    fc.assert(
      fc.property(small, paid, day, (asked, payments, today) => {
        const standing = settle(scheduleOf(asked), payments, today);
        const into = standing.instalments.reduce((sum, { paidMinor }) => sum + paidMinor, 0);
        expect(into + standing.beyondMinor).toBe(standing.paidMinor);
        expect(into + standing.openMinor).toBe(asked.totalMinor);
        expect(standing.openMinor === 0 || standing.beyondMinor === 0).toBe(true);
        // Once one instalment is open, nothing has gone into a later one.
        const open = standing.instalments.findIndex(({ paidMinor, amountMinor }) => paidMinor < amountMinor);
        if (open !== -1) for (const one of standing.instalments.slice(open + 1)) expect(one.paidMinor).toBe(0);
        for (const { state, paidMinor, amountMinor, dueOn } of standing.instalments) {
          expect(state === "paid").toBe(paidMinor === amountMinor);
          if (state === "passed") expect(dueOn < today).toBe(true);
        }
      }),
    );
  });

  test("an instalment is not late on its own day", () => {
    const schedule = scheduleOf({ totalMinor: 300, instalmentMinor: 100, firstOn: "2026-12-05", every: "month" });
    const states = (today: string) =>
      settle(schedule, [{ paidOn: "2026-12-01", amountMinor: 150 }], today).instalments.map(({ state }) => state);
    expect(states("2027-01-05")).toEqual(["paid", "partly", "coming"]);
    expect(states("2027-01-06")).toEqual(["paid", "passed", "coming"]);
  });
});
