/** What collectors may and may not do: only rules in force that bind this lender, each with its source and strength, in both languages. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forceOf } from "../../src/codes/forbidden-hours.ts";
import { freeHours, sheetOf } from "../../src/rights/sheet.ts";
import { openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";

let app: TestApp;
let lin: Agent;
beforeAll(async () => {
  app = await withApp();
  lin = await app.as("lin");
});
afterAll(() => app.close());

describe("the sheet of a case", () => {
  test("names hours, duties, sources, words for the phone and offices; in Chinese, too", async () => {
    app.clock.set("2026-11-20T14:52:00Z");
    const caseId = await openCase(lin);
    const html = (await lin.get(`/cases/${caseId}/rights`)).text;
    const shown = textOf(html);
    for (const words of [
      "22:00 to 08:00",
      "keeps these hours free: 08:00–22:00",
      "Should not",
      "Must not",
      "National standard",
      "12378",
    ])
      expect(shown).toContain(words);
    expect(shown).toContain("Please contact me only between these hours: 08:00–22:00.");
    expect(html).toMatch(/<svg class="dw-strip dw-strip--big dw-strip--phone"/);
    // Each sentence about a duty has a source, and every source that is pointed at stands in the list.
    const pointed = [...shown.matchAll(/Source (\d+),/g)].map(([, n]) => Number(n));
    const listed = [...html.matchAll(/<li value="(\d+)">/g)].map(([, n]) => Number(n));
    expect(pointed.length).toBeGreaterThan(20);
    expect([...new Set(pointed)].filter((n) => !listed.includes(n))).toEqual([]);
    const duties = html.match(/class="dw-duty /g)?.length ?? 0;
    const phone = html.match(/“[^”]+”<\/p>/g)?.length ?? 0;
    expect(pointed).toHaveLength(duties + phone);
    const chinese = textOf((await (await app.as("lin", "zh-CN")).get(`/cases/${caseId}/rights`)).text);
    for (const words of [
      "催收可以做什么、不可以做什么",
      "22:00至08:00",
      "不应",
      "推荐性国家标准",
      "请说明你的姓名、工号和所代表的公司",
    ])
      expect(chinese).toContain(words);
  });

  test("follows the day: before the standard was in force, its guideline stands there; the standard does not", async () => {
    app.clock.set("2024-12-01T02:00:00Z");
    const caseId = await openCase(lin);
    const shown = textOf((await lin.get(`/cases/${caseId}/rights`)).text);
    expect(shown).toContain("In force on Sunday 1 December 2024");
    expect(shown).toContain("NIFA guideline");
    expect(shown).not.toContain("GB/T 45251");
  });

  test("says that no rule is in force where no code is chosen, with the way to choose one", async () => {
    app.clock.set("2026-11-20T14:52:00Z");
    const caseId = await openCase(lin, { country: "other", zone: "Europe/Paris" });
    await app.services.db.updateTable("cases").set({ codes_json: "[]" }).where("id", "=", caseId).execute();
    const html = (await lin.get(`/cases/${caseId}/rights`)).text;
    expect(textOf(html)).toContain("No rule is in force here");
    expect(html).toContain(`href="/cases/${caseId}/codes"`);
  });
});

test("anybody may read the sheet of an installed code; an unknown code is not found", async () => {
  app.clock.set("2026-11-20T14:52:00Z");
  const { default: request } = await import("supertest");
  const open = await request(app.app).get("/codes/us-fdcpa-regulation-f/rights");
  expect(open.status).toBe(200);
  expect(textOf(open.text)).toContain("21:00 to 08:00");
  expect((await request(app.app).get("/codes/no-such-code/rights")).status).toBe(404);
});

test("of every installed code only rules that are on and in force appear, each once, the most binding of a topic first", () => {
  const order = ["criminal", "law", "regulation", "standard", "self-regulatory", "presumption"];
  for (const code of app.services.codes.all()) {
    for (const today of ["2019-06-01", "2025-01-15", "2026-11-20"]) {
      const sheet = sheetOf(app.services.codes.expand([code.id]), null, () => today);
      const shown = [...sheet.groups.flatMap(({ rules }) => rules), ...sheet.hours.rules.map(({ rule }) => rule)];
      expect(new Set(shown.map(({ rule }) => rule.id)).size).toBe(shown.length);
      for (const { code: of, rule } of shown) {
        const { from, to } = forceOf(of, rule);
        expect([rule.id, rule.on && from <= today && (to === null || today <= to)]).toEqual([rule.id, true]);
      }
      for (const { rules } of sheet.groups) {
        const ranks = rules.map(({ strength }) => order.indexOf(strength));
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }
    }
  }
});

test("a rule that binds banks alone is not on the sheet of a micro-loan company, and is on that of a lender nobody knows", () => {
  const { codes } = app.services;
  const rulesFor = (lenderKind: "bank" | "micro-loan" | "unknown") => {
    const matter = { lenderKind, respondentKind: "unknown" } as const;
    const sheet = sheetOf(codes.expand(["cn-bank-and-card"]), matter, () => "2026-11-20");
    return [...sheet.groups.flatMap(({ rules }) => rules), ...sheet.hours.rules.map(({ rule }) => rule)].length;
  };
  expect(rulesFor("bank")).toBeGreaterThan(rulesFor("micro-loan"));
  expect(rulesFor("unknown")).toBeGreaterThanOrEqual(rulesFor("bank"));
});

test("the free hours are all that the kept ones leave, also across midnight and where they overlap", () => {
  expect(freeHours([{ fromMinute: 1320, toMinute: 480 }])).toEqual([{ fromMinute: 480, toMinute: 1320 }]);
  expect(
    freeHours([
      { fromMinute: 1260, toMinute: 480 },
      { fromMinute: 1320, toMinute: 420 },
      { fromMinute: 720, toMinute: 840 },
    ]),
  ).toEqual([
    { fromMinute: 480, toMinute: 720 },
    { fromMinute: 840, toMinute: 1260 },
  ]);
  expect(freeHours([{ fromMinute: 0, toMinute: 1440 }])).toEqual([]);
});
