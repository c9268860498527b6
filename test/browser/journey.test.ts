/**
 * The main job, from the link printed at the first start to a bag that other people's tools accept: once in English on a wide screen with
 * scripts on SQLite, once in Chinese on a phone without scripts on PostgreSQL.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSetUpLink } from "../../src/people/store.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { type TestBrowser, withBrowser } from "../support/browser.ts";
import { databases } from "../support/databases.ts";

const ways = [
  { database: databases[0]!, language: "en" as const, phone: false, scripts: true },
  { database: databases[1]!, language: "zh-CN" as const, phone: true, scripts: false },
];
const said = {
  en: {
    matches: "Appears to match",
    confirm: "Confirm",
    confirmed: "Confirmed by",
    fourth: "This is the 4th conversation",
    pdf: "appears to match",
    verified: /holds/i,
  },
  "zh-CN": {
    matches: "疑似触及",
    confirm: "确认",
    confirmed: "确认",
    fourth: "第4次",
    pdf: "疑似触及",
    verified: /完整|无误|未被改动|一致/,
  },
};

describe.each(ways)("the main job in $language on $database.name (phone: $phone, scripts: $scripts)", (way) => {
  let app: TestApp;
  let browser: TestBrowser;
  let visit: BrowserContext;
  let page: Page;
  let folder: string;
  let caseUrl: string;
  const words = said[way.language];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dunwatch-journey-"));
    app = await withApp(way.database);
    browser = await withBrowser(app);
    visit = await browser.visit(way);
    page = await visit.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const submit = (action: string) => page.locator(`form[action$="${action}"] button[type=submit]`).last().click();
  /** Opens every folded part, outermost first. */
  const openAll = async () => {
    const closed = page.locator("main details:not([open]) > summary:visible");
    while ((await closed.count()) > 0) await closed.first().click();
  };
  /** Forced: the parts draw the round button over the real one. */
  const radio = (name: string, value: string) =>
    page.locator(`input[name="${name}"][value="${value}"]`).check({ force: true });

  test("the link of the first start makes an account", async () => {
    const token = await app.services.db.transaction().execute((tx) => createSetUpLink(tx, app.clock.now()));
    await page.goto(`/links/${token}`);
    await page.fill("#name", "林小雨");
    await page.fill("#email", "lin@example.org");
    await page.fill("#password", "a quiet evening");
    await submit(`/links/${token}`);
    expect(new URL(page.url()).pathname).toBe("/");
    expect(await page.getAttribute("html", "lang")).toBe(way.language);
  });

  test("a case is opened with one question about the lender, and gets its code of conduct", async () => {
    await page.goto("/cases/new");
    await radio("role", "borrower");
    await page.fill("#borrower", "林小雨");
    await page.fill("#lender", "示例消费金融有限公司");
    await radio("lenderKind", "consumer-finance");
    await page.selectOption("#country", "CN");
    await page.selectOption("#zone", "Asia/Shanghai");
    await submit("/cases");
    caseUrl = /\/cases\/[0-9a-f-]{36}/.exec(page.url())![0];
    const { codes_json } = await app.services.db.selectFrom("cases").select("codes_json").executeTakeFirstOrThrow();
    expect(JSON.parse(codes_json)).toContain("cn-online-consumer-credit");
  });

  test("four talks on one day and a recording are logged; the last lies in the night", async () => {
    writeFileSync(
      join(folder, "录音 22-43.opus"),
      readFileSync(join(import.meta.dirname, "../../data/demo/files/call-2026-11-17.opus")),
    );
    for (const time of ["09:10", "12:30", "18:20", "22:43"]) {
      await page.goto(`${caseUrl}/incidents/new`);
      await openAll();
      await page.fill("#date", "2026-11-17");
      await page.fill("#time", time);
      await radio("outcome", "conversation");
      await radio("contacted", "self");
      await radio("purpose", "interactive");
      if (time === "22:43") await page.setInputFiles('input[type="file"]', join(folder, "录音 22-43.opus"));
      await page.locator(`form[action="${caseUrl}/incidents"] button[type=submit]`).first().click();
      await page.waitForURL(/\/incidents\/\d+/);
    }
    expect(new URL(page.url()).pathname).toBe(`${caseUrl}/incidents/4`);
    const text = await page.locator("main").innerText();
    expect(text).toContain(words.matches);
    const rule = app.services.codes.get("cn-online-consumer-credit")?.rules.find(({ id }) => id === "cn.gbt.time");
    expect(text).toContain(rule?.title[way.language]);
    expect(text).toContain(words.fourth);
    expect(text).toContain("A-1");
  });

  test("the night call's finding is confirmed by a person", async () => {
    await page.goto(`${caseUrl}/findings`);
    await openAll();
    await page.locator('form.dw-review[action*="cn.gbt.time"] button[value=confirmed]').first().click();
    await page.waitForLoadState();
    const review = await app.services.db.selectFrom("reviews").select(["rule", "verdict"]).executeTakeFirstOrThrow();
    expect(review).toEqual({ rule: "cn.gbt.time", verdict: "confirmed" });
  });

  test("a notice is recorded, and the history of all this verifies", async () => {
    await page.goto(`${caseUrl}/notices/new?kind=cease-contact`);
    await page.fill("#sentDate", "2026-11-18");
    await page.fill("#sentTime", "09:00");
    await page.fill("#receivedDate", "2026-11-19");
    await page.fill("#receivedTime", "10:00");
    await radio("form", "written");
    await submit("/notices");
    expect(page.url()).toMatch(/\/notices/);
    const caseId = caseUrl.split("/").at(-1)!;
    expect(await verifyHistory(app.services.db, caseId)).toBeNull();
    const events = await app.services.db.selectFrom("history").select("action").orderBy("seq").execute();
    expect(events.map(({ action }) => action).filter((action) => action === "incident.logged")).toHaveLength(4);
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["case.opened", "finding.confirmed", "notice.recorded"]),
    );
  });

  test("a dossier is made, downloaded, and accepted by tools that are not ours", { timeout: 120_000 }, async () => {
    await page.goto(`${caseUrl}/dossiers`);
    await radio("languages", way.language === "en" ? "both" : "zh-CN");
    await submit("/dossiers");
    await page.waitForURL(/\/dossiers\/1$/);
    for (
      let tries = 0;
      tries < 60 && (await page.locator('a[download][href*="/dossiers/1/"]').count()) === 0;
      tries += 1
    ) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await page.reload();
    }
    const files: Record<string, string> = {};
    for (const link of await page.locator("main a[download]").all()) {
      const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
      const path = join(folder, download.suggestedFilename());
      await download.saveAs(path);
      files[path.endsWith(".pdf") ? "pdf" : "zip"] = path;
    }
    const run = (command: string, args: string[], cwd = folder) =>
      execFileSync(command, args, { cwd, encoding: "utf8" });
    const paper = run("pdftotext", ["-layout", files.pdf!, "-"]);
    expect(paper).toContain(words.pdf);
    expect(paper).toContain("林小雨");
    expect(paper).toContain("22:43");
    expect(run("pdfinfo", [files.pdf!])).toMatch(/Tagged:\s+yes/);

    expect(run("unzip", ["-t", files.zip!])).toContain("No errors detected");
    run("unzip", ["-q", files.zip!, "-d", "bag"]);
    const entries = readdirSync(join(folder, "bag"));
    const bag = entries.includes("bagit.txt") ? join(folder, "bag") : join(folder, "bag", entries[0]!);
    run("sha256sum", ["-c", "--strict", "--quiet", "manifest-sha256.txt"], bag);
    run("sha256sum", ["-c", "--strict", "--quiet", "tagmanifest-sha256.txt"], bag);
    const signature = readdirSync(bag).find((name) => name.endsWith(".sig"))!;
    const key = readdirSync(bag).find((name) => name.endsWith(".pem"))!;
    expect(
      run(
        "openssl",
        [
          "pkeyutl",
          "-verify",
          "-pubin",
          "-inkey",
          key,
          "-rawin",
          "-in",
          "tagmanifest-sha256.txt",
          "-sigfile",
          signature,
        ],
        bag,
      ),
    ).toContain("Signature Verified Successfully");
    const recording = createHash("sha256")
      .update(readFileSync(join(folder, "录音 22-43.opus")))
      .digest("hex");
    expect(readFileSync(join(bag, "manifest-sha256.txt"), "utf8")).toContain(recording);
    expect(readFileSync(join(bag, "data/dossier.pdf")).equals(readFileSync(files.pdf!))).toBe(true);
    for (const what of [files.zip!, bag])
      run(process.execPath, ["src/cli.ts", "verify", what], join(import.meta.dirname, "../.."));
  });
});
