/** One question picks the codes: who is the lender, where does the borrower live; for every country kept and every kind of lender. */
import { beforeAll, describe, expect, test } from "vitest";
import { countries } from "../../src/cases/form.ts";
import { type CodeLibrary, createCodeLibrary } from "../../src/codes/library.ts";
import { suggestCodes } from "../../src/codes/suggest.ts";
import { lenderKinds } from "../../src/conduct/vocabulary.ts";

let library: CodeLibrary;
beforeAll(async () => {
  library = await createCodeLibrary();
});

type Kind = (typeof lenderKinds)[number];
/** For a country: the code and the kinds of lender for which it is suggested. */
const rows: [country: string, code: string, kinds: readonly Kind[]][] = [
  ["CN", "cn-online-consumer-credit", ["bank", "consumer-finance", "micro-loan", "auto-finance", "card", "unknown"]],
  ["CN", "cn-statutes", ["unlicensed", "original-creditor"]],
  ["US", "us-fdcpa-regulation-f", lenderKinds],
  ["GB", "uk-conc-7", lenderKinds],
  ["IN", "in-rbi-recovery-agents", ["bank", "consumer-finance", "micro-loan", "auto-finance", "card", "unknown"]],
  ["PH", "ph-sec-mc-18-2019", ["consumer-finance", "micro-loan", "auto-finance", "unknown"]],
  ["ID", "id-pojk-22-2023", ["bank", "consumer-finance", "micro-loan", "auto-finance", "card", "unknown"]],
  ["HK", "hk-banking-practice", ["bank", "card", "unknown"]],
  ["SG", "sg-debt-collection", lenderKinds],
  ["TW", "tw-outsourced-collection", ["bank", "card", "unknown"]],
  ["KE", "ke-digital-credit", ["consumer-finance", "micro-loan", "unknown"]],
];

describe.each(rows)("in %s", (country, code, kinds) => {
  test.each(lenderKinds)(`${code} for a lender of the kind %s`, (lenderKind) => {
    const suggested = library.suggest({ country, lenderKind });
    expect(suggested.length).toBeLessThanOrEqual(1);
    expect(suggested.includes(code)).toBe(kinds.includes(lenderKind));
  });
});

test("every country that can be chosen has a code, and every code's country can be chosen", () => {
  const made = new Set(library.all().map(({ jurisdiction }) => jurisdiction.slice(0, 2)));
  expect([...made].sort()).toEqual([...countries].sort());
});

test("a code of which nothing is judged is not suggested, and says so", () => {
  for (const [country, code] of [
    ["MY", "my-fair-debt-collection"],
    ["NG", "ng-digital-lending"],
  ] as const) {
    const found = suggestCodes(library.all(), { country, lenderKind: "bank" }).find((one) => one.code.id === code);
    expect([found?.suggested, found?.reasons.map(({ key }) => key)]).toEqual([false, ["country", "noneJudged"]]);
  }
});

test("without a country the zone decides, under both of its names", () => {
  for (const zone of ["Asia/Kolkata", "Asia/Calcutta"])
    expect(library.suggest({ country: null, zone, lenderKind: "bank" })).toEqual(["in-rbi-recovery-agents"]);
  expect(library.suggest({ country: null, zone: "Europe/London", lenderKind: "bank" })).toEqual(["uk-conc-7"]);
});
