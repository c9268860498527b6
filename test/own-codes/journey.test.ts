/**
 * A code of a case from copy to retirement, in a real browser without scripts: copied, one hour changed in the form, tried on the case,
 * saved, chosen, compared, exported, brought in again, retired; and the history tells all of it.
 */
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { log, openCase } from "../incidents/people.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { type TestBrowser, withBrowser } from "../support/browser.ts";
import { databases } from "../support/databases.ts";

const ways = [
  { database: databases[0]!, language: "en" as const, phone: false, scripts: false },
  { database: databases[1]!, language: "zh-CN" as const, phone: true, scripts: false },
];

describe.each(ways)("a code of the case in $language on $database.name, without scripts", (way) => {
  let app: TestApp;
  let browser: TestBrowser;
  let visit: BrowserContext;
  let page: Page;
  let folder: string;
  let base: string;
  const name = "Night begins at nine";
  const outcomes = async (rule: string) =>
    app.services.db
      .selectFrom("findings")
      .select(["code_id", "outcome"])
      .where("case_id", "=", base.split("/")[2]!)
      .where("rule", "=", rule)
      .execute();
  const press = (text: string | RegExp) => page.locator("main button", { hasText: text }).first().click();
  const main = () => page.locator("main").innerText();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dunwatch-own-"));
    app = await withApp(way.database);
    const lin = await app.as("lin");
    const caseId = await openCase(lin, { respondentKind: "debt-collector" });
    base = `/cases/${caseId}`;
    // One at night, which is reviewed, and evenings that another beginning of the night would take in.
    for (const [date, time] of [
      ["17", "22:43"],
      ["18", "21:10"],
      ["19", "20:15"],
      ["19", "12:00"],
    ] as const)
      // prettier-ignore
      await log(lin, caseId, { date: `2026-11-${date}`, time, outcome: "connected" });
    await lin.get(`${base}/findings`).expect(200);
    const said = { verdict: "confirmed", reason: "It was so" };
    await lin.post(`${base}/findings/1/cn.gbt.time/review`).type("form").send(said).expect(303);
    browser = await withBrowser(app);
    visit = await browser.visit(way, "lin");
    page = await visit.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is copied", async () => {
    await page.goto(`${base}/codes/copy`);
    await page.locator('input[name="from"][value="cn-online-consumer-credit"]').check({ force: true });
    await page.fill("#name", name);
    await page.locator("main form button[type=submit]").first().click();
    expect(new URL(page.url()).pathname).toBe(`${base}/codes/own-cn-online-consumer-credit/draft`);
    expect(await main()).toContain(name);
  });

  const own = () => `${base}/codes/own-cn-online-consumer-credit`;
  const hour = 'input[id$="-from"][value="22:00"]';

  test("has an hour changed in a form that keeps what is wrong, and says what that would change", async () => {
    await page.goto(`${own()}/draft/rules/cn.gbt.time`);
    await page.fill(hour, "25:00");
    await page.locator("main form button[type=submit]").first().click();
    expect(await page.locator(".govuk-error-summary").innerText()).toContain("22:00");
    const field = page.locator('input[id$="-from"][value="25:00"]');
    await field.fill("18:00");
    await page.locator('main button[name="do"][value="effect"]').click();
    expect(new URL(page.url()).pathname).toBe(`${own()}/draft/effect`);
    const before = (await outcomes("cn.gbt.time")).length;
    const numbers = (await page.locator(".dw-tally dd").allInnerTexts()).map(Number);
    expect(numbers[0]).toBeGreaterThan(0);
    // Nothing was stored by looking.
    expect((await outcomes("cn.gbt.time")).length).toBe(before);
    expect((await outcomes("cn.gbt.time")).every(({ code_id }) => code_id === "cn-online-consumer-credit")).toBe(true);
  });

  test("parts and contacts of examples are added and removed by buttons, and the examples tried as they stand", async () => {
    /** Without scripts every press asks for a page; what stands on the one before must not be taken for its answer. */
    const answerOf = async (button: string) => {
      const loaded = page.waitForEvent("load");
      await page.locator(button).first().click();
      await loaded;
    };
    await page.goto(`${own()}/draft/rules/cn.gbt.time`);
    const parts = () => page.locator("#when .dw-part").count();
    const before = await parts();
    await page.selectOption("#add-when", "weekday");
    await answerOf('button[value="add:when"]');
    expect(await parts()).toBe(before + 1);
    await answerOf(`button[value="remove:when-${before}"]`);
    expect(await parts()).toBe(before);

    const examples = await page.locator('input[name$="-expect"], select[name$="-expect"]').count();
    await answerOf('button[value="add:example"]');
    const at = `example-${examples}`;
    await page.fill(`#${at}-${way.language === "en" ? "en" : "zh"}`, "21:30");
    await answerOf(`button[value="add:${at}-contact"]`);
    await page.fill(`#${at}-contact-0-date`, "2026-11-02");
    await page.fill(`#${at}-contact-0-time`, "09:00");
    await page.fill(`#${at}-contact-1-date`, "2026-11-02");
    await page.fill(`#${at}-contact-1-time`, "21:30");
    await page.selectOption(`#${at}-expect`, "matches");
    await answerOf('button[value="try"]');
    // The last contact is the one that is judged, by the hour as it stands in the form.
    expect(await page.locator(`#${at}`).innerText()).toContain("21:30");
    expect(await page.locator(`#${at} .dw-danger`).count()).toBe(0);
    await answerOf(`button[value="remove:${at}-contact-1"]`);
    expect(await page.locator(`#${at}-contact-1-date`).count()).toBe(0);
    await answerOf('button[value="try"]');
    expect(await page.locator(`#${at} .dw-danger`).count()).toBeGreaterThan(0);
    await page.selectOption(`#${at}-expect`, "no-match");
    await answerOf("main form button[type=submit]");
    expect(new URL(page.url()).pathname).toBe(`${own()}/draft`);
  });

  test("gets a source of its own, which a rule can come from", async () => {
    await page.goto(`${own()}/draft/sources/new`);
    await page.locator("main form button[type=submit]").first().click();
    const wrong = page.locator(".govuk-error-summary li");
    expect(new Set(await wrong.allInnerTexts()).size).toBe(5);
    const tongue = way.language === "en" ? "en" : "zh";
    expect(await wrong.locator("a").first().getAttribute("href")).toBe(`#title-${tongue}`);
    await page.fill(`#title-${tongue}`, "Letter of 1 November");
    await page.fill(`#issuer-${tongue}`, "The lender");
    await page.fill(`#binds-${tongue}`, "The lender and its agencies");
    await page.fill("#from", "2026-11-01");
    await page.fill(`#checkedNote-${tongue}`, "https://example.org/letter");
    await page.locator('input[name="strength"][value="self-regulatory"]').check({ force: true });
    await page.locator('input[name="checked"][value="read"]').check({ force: true });
    await page.locator("main form button[type=submit]").first().click();
    expect(await page.locator("#sources").innerText()).toContain("Letter of 1 November");
    // It can be chosen for a rule, and goes again while none comes from it.
    await page.goto(`${own()}/draft/rules/cn.gbt.time`);
    expect(await page.locator("#source option").allInnerTexts()).toContainEqual(expect.stringContaining("Letter of 1 November")); // prettier-ignore
    await page.goto(`${own()}/draft/sources/gbt-45251-2025`);
    expect(await page.locator('form[action$="/removal"]').count()).toBe(0);
  });

  test("is saved with a note, though its examples must be looked at first", async () => {
    await page.goto(`${own()}/draft`);
    await page.fill("#note", "Agreed with the lender");
    await press(way.language === "en" ? "Save as a new version" : "保存为新版本");
    expect(await page.locator(".govuk-error-summary").count()).toBe(1);
    expect(await page.inputValue("#note")).toBe("Agreed with the lender");
    await page.locator('input[name="otherwise"]').check({ force: true });
    await press(way.language === "en" ? "Save as a new version" : "保存为新版本");
    expect(new URL(page.url()).pathname).toBe(own());
    expect(await page.locator("#versions").innerText()).toContain("Agreed with the lender");
  });

  test("is chosen: the findings are judged again, are named by it, none twice, and reviews stay", async () => {
    const reviews = () =>
      app.services.db.selectFrom("reviews").selectAll().orderBy("rule").orderBy("incident_id").execute();
    const reviewed = await reviews();
    expect(reviewed.length).toBeGreaterThan(0);
    const before = (await outcomes("cn.gbt.time")).length;
    await page.goto(own());
    await page.locator('form[action$="/choice"] button').click();
    expect(new URL(page.url()).pathname).toBe(`${base}/findings`);
    const now = await outcomes("cn.gbt.time");
    expect(now.length).toBeGreaterThan(before);
    expect(now.every(({ code_id }) => code_id === "own-cn-online-consumer-credit")).toBe(true);
    expect(await reviews()).toEqual(reviewed);
    expect(await page.locator(`main a[href^="${own()}/rules/"]`).count()).toBeGreaterThan(0);
    const rule = await page.locator(`main a[href^="${own()}/rules/"]`).first().getAttribute("href");
    expect((await page.goto(rule ?? "none"))?.status()).toBe(200);
    // From the rule's page in the case one asks why it says nothing of a contact.
    await page.goto(`${own()}/rules/cn.gbt.time`);
    await page.fill("#incident", "4");
    await page.locator("#here form button").click();
    expect(new URL(page.url()).pathname).toBe(`${base}/findings/why-not/4`);
    expect(await main()).toContain(way.language === "en" ? "does not lie between 18:00 and 08:00" : "不在18:00至08:00之间"); // prettier-ignore
    await page.goto(`${base}/findings`);
    expect((await page.goto(base))?.status()).toBe(200);
    // The original beside its copy is asked about, and does not count.
    await page.goto(`${base}/codes`);
    await page.locator('input[name="codes"][value="cn-online-consumer-credit"]').check({ force: true });
    await page.locator(`form[action="${base}/codes"] button[type=submit]`).click();
    expect(await page.locator('input[name="doubles"]').count()).toBe(2);
    await page.locator('input[name="doubles"][value="keep"]').check({ force: true });
    await page.locator(`form[action="${base}/codes"] button[type=submit]`).click();
    expect((await outcomes("cn.gbt.time")).map(({ code_id }) => code_id)).toEqual(now.map(({ code_id }) => code_id));
  });

  test("versions are compared, by rule and by line", async () => {
    await page.goto(`${own()}/comparison?from=1&to=2`);
    const text = await main();
    expect(text).toContain("22:00");
    expect(text).toContain("18:00");
    expect(await page.locator(".dw-diff__new").count()).toBeGreaterThan(0);
    expect(await page.locator(".dw-diff__gone").allInnerTexts()).toContainEqual(expect.stringContaining('"22:00"'));
  });

  test("the file is the stored bytes, and comes in again as a draft or as another code", async () => {
    await page.goto(own());
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator('#versions a[href$="/versions/2/original"]').click(),
    ]);
    const text = readFileSync(await download.path(), "utf8");
    const kept = await app.services.db
      .selectFrom("own_code_versions")
      .select(["yaml", "version"])
      .where("number", "=", 2)
      .executeTakeFirstOrThrow();
    expect(text).toBe(kept.yaml);
    expect(download.suggestedFilename()).toBe(`own-cn-online-consumer-credit@${kept.version}.yaml`);
    const file = join(folder, "another.yaml");
    writeFileSync(
      file,
      text.replace("id: own-cn-online-consumer-credit", "id: lawyers-own").replace("severity:", "severty:"),
    );
    await page.goto(`${base}/codes/import`);
    await page.setInputFiles("#file", file);
    await page.locator("main form button[type=submit]").first().click();
    expect(await page.locator(".govuk-error-summary").innerText()).toMatch(/another\.yaml:\d+:\d+: rules\.0\.severty/);
    writeFileSync(file, text.replace("id: own-cn-online-consumer-credit", "id: lawyers-own"));
    await page.setInputFiles("#file", file);
    await page.locator("main form button[type=submit]").first().click();
    expect(new URL(page.url()).pathname).toBe(`${base}/codes/own-lawyers-own`);
    // As YAML, with an error at its line; the text stays.
    await page.goto(`${base}/codes/own-lawyers-own/draft/yaml`);
    const yaml = await page.inputValue("#yaml");
    // Typing fifty thousand characters takes its time.
    await page
      .locator("#yaml")
      .evaluate(
        (field, value) => Reflect.set(field, "value", value),
        yaml.replace("jurisdiction: CN", "jurisdiction: CN\ncolour: red"),
      );
    await page.locator("main form button[type=submit]").first().click();
    expect(await page.locator(".govuk-error-summary a").first().getAttribute("href")).toBe("#yaml");
    expect(await page.locator(".govuk-error-summary").innerText()).toMatch(/own-lawyers-own\.yaml:\d+:1: colour: /);
    expect(await page.inputValue("#yaml")).toContain("colour: red");
  });

  test("is retired: the original judges again, it can no longer be chosen, and the history tells all of it", async () => {
    await page.goto(own());
    await page.locator('form[action$="/retirement"] button').click();
    await page.goto(`${base}/findings`);
    expect((await outcomes("cn.gbt.time")).every(({ code_id }) => code_id === "cn-online-consumer-credit")).toBe(true);
    await page.goto(`${base}/codes`);
    expect(await page.locator('input[value="own-cn-online-consumer-credit"]').count()).toBe(0);
    await page.goto(`${base}/history`);
    const told = await main();
    const said =
      way.language === "en"
        ? ["retired the code", "brought in the code", "saved version", "copied a code", "chose the codes"]
        : ["停用了行为准则", "导入了行为准则", "保存了行为准则", "复制了一份行为准则"];
    for (const one of said) expect(told).toContain(one);
    expect(told).toContain("Agreed with the lender");
    expect(await verifyHistory(app.services.db, base.split("/")[2]!)).toBeNull();
  });
});
