/** The lender's figures held against payments: every step adds up, no payment is lost or counted twice, and nobody is called wrong. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Figure, type Payment, compare, partsDifference } from "../../src/repayment/compare.ts";

const day = fc
  .integer({ min: 0, max: 60 })
  .map((n) => Temporal.PlainDate.from("2026-01-20").add({ days: n }).toString());
const amountMinor = fc.integer({ min: 0, max: 1e14 });
const debtId = fc.constantFrom(null, "a", "b");
const currency = fc.constantFrom("CNY", "USD");
const figures = fc
  .array(fc.record({ asOf: day, amountMinor, currency, debtId }), { maxLength: 12 })
  .map((found) => found.map((one, at): Figure => ({ ...one, number: at + 1 })));
const payments = fc
  .array(fc.record({ paidOn: day, amountMinor, currency, debtId }), { maxLength: 25 })
  .map((found) => found.map((one, at): Payment => ({ ...one, number: at + 1 })));

test("from the first figure to today every payment of the account is counted once, and the differences close the sum", () => {
  fc.assert(
    fc.property(figures, payments, (said, paid) => {
      for (const { debtId: debt, currency: money, figures: own, steps, since } of compare(said, paid)) {
        expect(steps).toHaveLength(own.length - 1);
        const counted = [...steps.flatMap((step) => step.payments), ...since.payments].map(({ number }) => number);
        const first = own[0]!;
        const due = paid.filter(
          (one) => one.currency === money && (debt === null || one.debtId === debt) && one.paidOn > first.asOf,
        );
        expect(counted.toSorted((a, b) => a - b)).toEqual(due.map(({ number }) => number));
        for (const { from, to, paidMinor, expectedMinor, differsMinor } of steps) {
          expect(from.asOf <= to.asOf).toBe(true);
          expect(BigInt(expectedMinor)).toBe(BigInt(from.amountMinor) - BigInt(paidMinor));
          expect(BigInt(to.amountMinor)).toBe(BigInt(expectedMinor) + BigInt(differsMinor));
        }
        const all = due.reduce((sum, one) => sum + BigInt(one.amountMinor), 0n);
        const differences = steps.reduce((sum, { differsMinor }) => sum + BigInt(differsMinor), 0n);
        expect(BigInt(since.leftMinor)).toBe(BigInt(first.amountMinor) - all + differences);
      }
    }),
  );
});

test("a payment on the day of a figure is taken to be in it, one made the day after is not", () => {
  const figure = (number: number, asOf: string, minor: number): Figure => ({
    number,
    asOf,
    amountMinor: minor,
    currency: "CNY",
    debtId: null,
  });
  const paid = (number: number, paidOn: string): Payment => ({
    number,
    paidOn,
    amountMinor: 500_00,
    currency: "CNY",
    debtId: null,
  });
  const [account] = compare(
    [figure(2, "2026-03-31", 31_200_00), figure(1, "2026-03-01", 30_000_00)],
    [paid(1, "2026-03-01"), paid(2, "2026-03-31"), paid(3, "2026-04-01")],
  );
  expect(account!.steps[0]).toMatchObject({ paidMinor: 500_00, expectedMinor: 29_500_00, differsMinor: 1_700_00 });
  expect(account!.since).toMatchObject({ paidMinor: 500_00, leftMinor: 30_700_00 });
});

test("parts are held against the whole only when all are known", () => {
  const parts = { principal: 28_000_00, interest: 2_000_00, fees: 1_000_00 };
  expect(partsDifference({ amountMinor: 31_200_55, parts })).toBe(-200_55);
  expect(partsDifference({ amountMinor: 31_200_55, parts: { ...parts, fees: null } })).toBeNull();
});
