/** Amounts as people of the countries we keep codes for write them. */
import { expect, test } from "vitest";
import { DebtForm } from "../../src/cases/form.ts";

const minor = (amount: string) => DebtForm.safeParse({ creditor: "L", amount, version: "1" }).data?.amountMinor;

test.each([
  ["12,345.67", 1_234_567],
  ["￥１２,３４５", 1_234_500],
  ["3000元", 300_000],
  ["Rp 1.500.000", 150_000_000],
  ["Rp1.500.000", 150_000_000],
  ["500.000", 50_000_000],
  ["₹1,23,456.50", 12_345_650],
  ["₱ 5,000", 500_000],
  ["PHP 5000", 500_000],
  ["HK$ 800.5", 80_050],
  ["KSh 2,500", 250_000],
  ["₦100,000", 10_000_000],
  ["RM 99.90", 9990],
  ["1500 IDR", 150_000],
])("%s is understood", (text, expected) => {
  expect(minor(text)).toBe(expected);
});

test.each(["1.234,50", "500,50", "1,5", "1.2345", "12.34.56", "about 500", "-5", "5 or 6", "5k", "3万", "3w"])(
  "%s is refused, not guessed",
  (text) => {
    expect(DebtForm.safeParse({ creditor: "L", amount: text, version: "1" }).success).toBe(false);
  },
);
