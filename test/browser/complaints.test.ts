/**
 * Two complaints from findings to their end, in a browser without scripts: a Chinese one on a phone (the lender, then 12378 across
 * National Day and, for another one, Spring Festival), and an American one on a wide screen (the CFPB, across the end of summer time).
 * Each goes with a letter and a redacted dossier, byte for byte as they were made; a calendar program reads what is due.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ICAL from "ical.js";
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
    aunt: "139-0000 0188",
    rule: "cn.gbt.time",
    letter: { kind: "lender-complaint", says: /1?次联系疑似触及[^\n]*23:10/, notices: 0 },
    first: { channel: "cn-lender", filed: "2026-09-10", due: "2026年9月25日周五", inFeed: ["2026-09-25"] },
    next: {
      channel: "cn-12378",
      filed: "2026-09-28",
      due: ["2026年10月13日周二", "2026年10月28日周三"],
      skipped: "不计入：国庆节",
      inFeed: ["2026-10-13"],
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
    aunt: "(646) 555-0188",
    rule: "us.time",
    letter: { kind: "stop-contact", says: /stop contacting me about this debt/, notices: 1 },
    first: { channel: "us-cfpb", filed: "2026-10-25", due: "Mon 9 Nov 2026", inFeed: ["2026-11-09"] },
    next: { channel: "us-state-ag", filed: "2026-11-12", due: [], skipped: "", inFeed: [] },
    told: "2 contacts appear to match the rule",
    earlier: "I have recorded no answer; the time for it ended on 9 Nov 2026.",
    outcome: "They do part of it",
  },
];

/** Whom the collector named is nobody's business at an office. */
const AUNT = "Aunt Zhang";

describe.each(ways)("$name", (way) => {
  let app: TestApp;
  let browser: TestBrowser;
  let visit: BrowserContext;
  let page: Page;
  let caseId: string;
  /** The letter as it was sent. */
  let letter: Buffer;
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
    app.clock.set("2026-09-10T08:00:00Z");
    const lin = await app.as("lin");
    caseId = await openCase(lin, way.facts);
    const said = `Next I ring ${AUNT} on ${way.aunt}`;
    for (const date of way.calls)
      await log(lin, caseId, { date, time: "23:10", outcome: "conversation", purpose: "interactive", said });
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

  const bytes = async (path: string) => (await visit.request.get(`/cases/${caseId}${path}`)).body();
  /** The words of all that is in a bag, the PDF's among them. */
  const unzipped = (zip: Buffer) => {
    const folder = mkdtempSync(join(tmpdir(), "dunwatch-filed-"));
    try {
      writeFileSync(join(folder, "bag.zip"), zip);
      execFileSync("unzip", ["-q", "bag.zip"], { cwd: folder });
      const words = execFileSync("sh", ["-c", "cat */data/*.* && pdftotext */data/dossier.pdf -"], { cwd: folder });
      return words.toString("latin1") + words.toString("utf8");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const sha256 = (file: Buffer) => createHash("sha256").update(file).digest("hex");

  test("findings are confirmed; a letter is made from them and its sending is noted", async () => {
    for (const number of [1, 2]) {
      await page.goto(`/cases/${caseId}/findings/${number}/${way.rule}`);
      await page.locator('button[name="verdict"][value="confirmed"]').first().click();
    }
    await page.goto(`/cases/${caseId}/letters/new?kind=${way.letter.kind}`);
    await page.fill("#sender", "Lin");
    await page.locator('button[value="write"]').click();
    expect(await page.inputValue(`#body-${way.look.language}`)).toMatch(way.letter.says);
    await page.locator("main form button[type=submit]").click();
    letter = await bytes("/letters/1/pdf");
    expect(letter.subarray(0, 5).toString()).toBe("%PDF-");
    expect((await bytes("/letters/1/docx")).subarray(0, 2).toString()).toBe("PK");
    await page.goto(`/cases/${caseId}/letters/1/sending`);
    await page.fill("#sentDate", "2026-09-10");
    await page.locator('input[name="how"][value="registered"]').check({ force: true });
    await page.locator("form[enctype] button[type=submit]").click();
    await page.waitForURL("**/letters/1?saved=1");
    expect(sha256(await bytes("/letters/1/pdf"))).toBe(sha256(letter));
    await page.goto(`/cases/${caseId}/notices`);
    expect(await page.locator(`main a[href$="/notices/1"]`).count()).toBe(way.letter.notices);
  });

  test("the office is found, the words are made from the record, a dossier is made for it, and all is filed", async () => {
    await goto("/new");
    await page.locator(`form:has(input[value="${way.first.channel}"]) button`).click();
    await page.locator('button[value="write"]').click();
    expect(await page.inputValue("#narrative")).toContain(way.told);
    await page.fill("#request", "Stop calling at night by 30 November 2026. 请在2026年11月30日前停止夜间联系。");
    await page.locator('button[value="save"]').click();
    expect(await main()).not.toContain("needWhy");
    await page.goto(`/cases/${caseId}/dossiers?channel=${way.first.channel}`);
    await page.locator("main details:has(#hide) summary").click();
    await page.locator('input[name="redacted"]').check({ force: true });
    await page.fill("#hide", AUNT);
    await page.locator('main form[action$="/dossiers"] button[type=submit]').click();
    // The page asks again by itself until the version is there.
    await page.getByText("sha256sum -c").first().waitFor({ timeout: 60_000 });
    const sent = unzipped(await bytes("/dossiers/1/zip"));
    expect(sent).toContain("Next I ring");
    for (const hidden of [AUNT, way.aunt, way.aunt.replaceAll(/\D/g, "")]) expect(sent).not.toContain(hidden);
    await note(1, "filed", way.first.filed, async () => {
      await page.fill("#receipt", "EX-018");
      await page.selectOption("#dossier", { index: 1 });
      await page.setInputFiles("#files", [
        { name: "receipt.txt", mimeType: "text/plain", buffer: Buffer.from("EX-018") },
        { name: "letter.pdf", mimeType: "application/pdf", buffer: letter },
      ]);
    });
    const text = await main();
    expect(text).toContain(way.first.due);
    expect(text).toContain("EX-018");
    // The letter that was sent and the one handed in are one file, kept once under its first name.
    for (const file of [
      "receipt.txt",
      `letter-1-${way.letter.kind}-2026-09-10.pdf`,
      sha256(await bytes("/dossiers/1/pdf")),
    ])
      expect(text).toContain(file);
    expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBeLessThanOrEqual(0);
  });

  test("no answer comes: it is taken further, answered and closed", async () => {
    app.clock.set(`${way.next.filed}T16:00:00Z`);
    await page.goto("/");
    expect(await main()).toContain(way.first.due);
    await page.goto("/calendar");
    await page.locator('form[action="/calendar/address"] button').click();
    const address = await page.inputValue("#link");
    // As a calendar program asks: without signing in.
    const feed = async () =>
      new ICAL.Component(ICAL.parse(await (await fetch(address)).text()) as [string, object[], object[]])
        .getAllSubcomponents("vevent")
        .map((event) => new ICAL.Event(event).startDate.toString());
    expect(await feed()).toEqual(way.first.inFeed);
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
    expect(await feed()).toEqual(way.next.inFeed);
    await note(2, "answered", "2026-11-20", async () => {
      await page.locator('input[name="outcome"][value="part"]').check({ force: true });
    });
    expect(await main()).toContain(way.outcome);
    await note(2, "closed", "2026-11-20");
    await page.goto("/");
    expect(await main()).not.toContain(way.first.due);
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  test.runIf(way.next.channel === "cn-12378")(
    "ten working days over Spring Festival: the Saturdays worked for it count, the holidays do not",
    async () => {
      await goto("/new");
      await page.locator('form:has(input[value="cn-12378"]) button').click();
      await page.goto(`/cases/${caseId}/complaints/3/letters/new?kind=filed`);
      await page.fill("#onDay", "2026-02-06");
      await page.locator("form[enctype] button[type=submit]").click();
      await page.waitForURL("**/complaints/3?saved=1");
      for (const summary of await page.locator("main details > summary").all()) await summary.click();
      const text = await main();
      for (const said of ["2026年2月27日周五", "春节", "2026年2月14日"]) expect(text).toContain(said);
    },
  );

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
