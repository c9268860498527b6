/**
 * Two complaints from findings to their end, in a browser without scripts: a Chinese one on a phone (the lender, then 12378 across
 * National Day), and an American one on a wide screen (the CFPB, across the end of summer time).
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { log, openCase } from "../incidents/people.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { type TestBrowser, withBrowser } from "../support/browser.ts";
import { databases } from "../support/databases.ts";

const ways = [
  {
    name: "lender, then 12378",
    database: databases[1]!,
    look: { language: "zh-CN" as const, phone: true, scripts: false },
    facts: {} as Record<string, string>,
    calls: ["2026-09-01", "2026-09-03"],
    rule: "cn.gbt.time",
    first: { channel: "cn-lender", filed: "2026-09-10", due: "2026年9月25日周五" },
    next: {
      channel: "cn-12378",
      filed: "2026-09-28",
      due: ["2026年10月13日周二", "2026年10月28日周三"],
      skipped: "不计入：国庆节",
    },
    told: "其中2次疑似触及",
    earlier: "没有收到答复的记录，答复期限已于2026年9月25日届满。",
    outcome: "办了一部分",
  },
  {
    name: "CFPB, then the state",
    database: databases[0]!,
    look: { language: "en" as const, phone: false, scripts: false },
    facts: {
      country: "US",
      zone: "America/New_York",
      lender: "Example Card Bank",
      lenderKind: "card",
      respondentKind: "debt-collector",
    } as Record<string, string>,
    calls: ["2026-09-01", "2026-09-03"],
    rule: "us.time",
    first: { channel: "us-cfpb", filed: "2026-10-25", due: "Mon 9 Nov 2026" },
    next: { channel: "us-state-ag", filed: "2026-11-12", due: [], skipped: "" },
    told: "2 contacts appear to match the rule",
    earlier: "I have recorded no answer; the time for it ended on 9 Nov 2026.",
    outcome: "They do part of it",
  },
];

describe.each(ways)("$name", (way) => {
  let app: TestApp;
  let browser: TestBrowser;
  let visit: BrowserContext;
  let page: Page;
  let caseId: string;
  const main = () => page.locator("main").innerText();
  const goto = (path: string) => page.goto(`/cases/${caseId}/complaints${path}`);
  const note = async (number: number, kind: string, onDay: string, more: () => Promise<unknown> = async () => {}) => {
    app.clock.set(`${onDay}T16:00:00Z`);
    await goto(`/${number}/letters/new?kind=${kind}`);
    await page.fill("#onDay", onDay);
    await more();
    await page.locator("form[enctype] button[type=submit]").click();
    await page.waitForURL(`**/complaints/${number}?saved=1`);
  };

  beforeAll(async () => {
    app = await withApp(way.database);
    app.clock.set("2026-09-10T16:00:00Z");
    const lin = await app.as("lin");
    caseId = await openCase(lin, way.facts);
    for (const date of way.calls)
      await log(lin, caseId, { date, time: "23:10", outcome: "conversation", purpose: "interactive" });
    await lin.get(`/cases/${caseId}/findings`);
    browser = await withBrowser(app);
    visit = await browser.visit(way.look, "lin");
    page = await visit.newPage();
    page.setDefaultTimeout(10_000);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  test("findings are confirmed, the office is found, the words are made from the record and filed", async () => {
    for (const number of [1, 2]) {
      await page.goto(`/cases/${caseId}/findings/${number}/${way.rule}`);
      await page.locator('button[name="verdict"][value="confirmed"]').first().click();
    }
    await goto("/new");
    await page.locator(`form:has(input[value="${way.first.channel}"]) button`).click();
    await page.locator('button[value="write"]').click();
    expect(await page.inputValue("#narrative")).toContain(way.told);
    await page.fill("#request", "Stop calling at night by 30 November 2026. 请在2026年11月30日前停止夜间联系。");
    await page.locator('button[value="save"]').click();
    expect(await main()).not.toContain("needWhy");
    await note(1, "filed", way.first.filed, async () => {
      const receipt = join(app.services.config.dataDir, "receipt.txt");
      writeFileSync(receipt, "EX-018");
      await page.fill("#receipt", "EX-018");
      await page.setInputFiles("#files", receipt);
    });
    const text = await main();
    expect(text).toContain(way.first.due);
    expect(text).toContain("EX-018");
    expect(text).toContain("receipt.txt");
    expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBeLessThanOrEqual(0);
  });

  test("no answer comes: it is taken further, answered and closed", async () => {
    app.clock.set(`${way.next.filed}T16:00:00Z`);
    await page.goto("/");
    expect(await main()).toContain(way.first.due);
    await goto("/1");
    await page.locator(`form:has(input[value="${way.next.channel}"]) button`).click();
    expect(await page.inputValue("#request")).toContain("30 November 2026");
    await page.locator('button[value="write"]').click();
    expect(await page.inputValue("#narrative")).toContain(way.earlier);
    await note(2, "filed", way.next.filed);
    for (const summary of await page.locator("main details > summary").all()) await summary.click();
    const text = await main();
    for (const due of way.next.due) expect(text).toContain(due);
    expect(text).toContain(way.next.skipped);
    await note(2, "answered", "2026-11-20", async () => {
      await page.locator('input[name="outcome"][value="part"]').check({ force: true });
    });
    expect(await main()).toContain(way.outcome);
    await note(2, "closed", "2026-11-20");
    await page.goto("/");
    expect(await main()).not.toContain(way.first.due);
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  const limited = way.first.channel === "us-cfpb";
  test.runIf(limited)(
    "with scripts characters are counted while one writes, as the server counts them on saving",
    async () => {
      const scripted = await browser.visit({ ...way.look, scripts: true }, "lin");
      const tab = await scripted.newPage();
      tab.setDefaultTimeout(10_000);
      await tab.goto(`/cases/${caseId}/complaints/new`);
      await tab.locator(`form:has(input[value="${way.first.channel}"]) button`).first().click();
      const at = tab.url();
      const count = async () => /[\d,]+/.exec(await tab.locator("#narrative-count").innerText())?.[0];
      for (const [typed, length] of [
        ["催收👩‍👧 a\n\n b ", "11"],
        [`${"𠮷".repeat(3899)}\n\n`, "3,899"],
        ["字".repeat(3901), "3,901"],
      ] as const) {
        await tab.fill("#narrative", typed);
        expect(await count()).toBe(length);
        await tab.locator('button[value="save"]').click();
        await tab.waitForURL(/saved=1/);
        expect(await count()).toBe(length);
        // What the server itself says, without the script.
        const plain = await tab.context().request.get(at);
        expect(/id="narrative-count"[^>]*>([\d,]+)/.exec(await plain.text())?.[1]).toBe(length);
      }
      expect(await tab.locator("#narrative-count.dw-late").count()).toBe(1);
      // What changes with every key is said once, after a pause.
      await expect
        .poll(() => tab.locator("[aria-live=polite]").allInnerTexts())
        .toContainEqual(expect.stringContaining("3,901"));
      await scripted.close();
    },
  );
});
