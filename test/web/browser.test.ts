/** The frame and the small scripts in a real browser: accessible, within a phone's width, and doing what they say. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Express } from "express";
import multer from "multer";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { helpRoutes } from "../../src/help/routes.ts";
import { axeFaults } from "../support/axe.ts";
import { listening, tinyApp } from "./tiny-app.ts";

const rail = {
  caseId: "c1",
  number: 7,
  lender: "Example Consumer Finance",
  borrower: "Lin Xiaoyu",
  demo: true,
  mayLog: true,
  counts: { incidents: 137, findings: 64, evidence: 64, notices: 5, dossiers: 2 },
};

/** Forms made of the real parts, as a feature's page would make them. */
function routes(app: Express, folder: string) {
  app.use("/help", helpRoutes());
  const show =
    (name: string, status = 200) =>
    (_req: unknown, res: import("express").Response) => {
      res.locals.rail = rail;
      const errors = status === 422 ? { said: "common.form.missing", files: "common.form.missing" } : undefined;
      res.status(status).render(join(folder, name), { errors });
    };
  app.get("/cases/c1/settings", show("parts"));
  app.get("/upload", show("upload"));
  app.get("/work", (_req, res) => {
    looks += 1;
    res.render(join(folder, looks < 3 ? "work" : "parts"), { percent: looks * 40 });
  });
  app.get("/sign-in", (_req, res) => void res.send("sign in"));
  app.get("/done", (_req, res) => res.render("help/index", { articles: [] }));
  app.post("/upload", multer().array("files"), (req, res) => {
    if (signedOut) return res.redirect(303, "/sign-in?then=x");
    const files = req.files as { size: number }[];
    if (files.some(({ size }) => size === 666)) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    if (files.some(({ size }) => size === 0)) show("upload", 422)(req, res);
    else res.redirect(303, `/done?sizes=${files.map(({ size }) => size).join()}`);
  });
}

const top = `<%- include('${join(import.meta.dirname, "../../views/layout/top")}', { title: 'Parts', nav: 'cases' }) %><h1>Parts</h1>`;
const bottom = `<%- include('${join(import.meta.dirname, "../../views/layout/bottom")}') %>`;
const part = (name: string, params: string) =>
  `<%- include('${join(import.meta.dirname, "../../views/components", name)}', { ${params} }) %>`;
let looks = 0;
let signedOut = false;
const pages = {
  work: `${top.replace("title:", "refresh: percent < 120 ? 1 : undefined, title:")}<section data-live><p role="status"><%= percent %> done</p><progress max="100" value="<%= percent %>"></progress></section>${bottom}`,
  upload: `${top}${part("_problems", "errors: locals.errors")}<form method="post" action="/upload" enctype="multipart/form-data" data-enhance="upload">${part("textarea", "params: { name: 'said', label: { text: 'Said' }, errorMessage: errorFor(locals.errors, 'said') }")}${part("file-upload", "params: { name: 'files', multiple: true, label: { text: 'Files' } }")}${part("button", "params: { text: 'Save' }")}</form>${bottom}`,
  parts: `${top}${part("input", "params: { name: 'lender', label: { text: 'Lender' }, hint: { text: 'As in the contract' }, errorMessage: { text: 'Enter the lender' } }")}${part("radios", "params: { name: 'kind', fieldset: { legend: { text: 'Kind' } }, items: [{ value: 'bank', text: 'Bank', conditional: { html: '<p>Only for banks</p>' } }, { value: 'card', text: 'Card' }] }")}${part("checkboxes", "params: { name: 'acts', fieldset: { legend: { text: 'Acts' } }, items: [{ value: 'a', text: 'Insult', hint: { text: 'Bad words' } }] }")}${part("character-count", "params: { name: 'note', maxlength: 20, label: { text: 'Note' } }")}${part("password-input", "params: { name: 'password', label: { text: 'Password' } }")}${part("date-input", "params: { id: 'due', fieldset: { legend: { text: 'Due' } } }")}${part("select", "params: { name: 'zone', label: { text: 'Zone' }, items: [{ value: 'x', text: 'X' }] }")}${part("details", "params: { summaryText: 'More', text: 'Inside' }")}${part("summary-list", "params: { rows: [{ key: { text: 'Due' }, value: { text: 'Today' }, actions: { items: [{ href: '#', text: 'Change', visuallyHiddenText: 'due' }] } }] }")}${part("table", "params: { caption: 'Counts', head: [{ text: 'Day' }], rows: [[{ text: 'Monday' }]] }")}${part("notification-banner", "params: { text: 'Saved', type: 'success' }")}${part("warning-text", "params: { text: 'Careful' }")}${part("tag", "params: { text: 'Missing', classes: 'dw-tag--person' }")}${part("task-list", "params: { items: [{ title: { text: 'Fill in' }, href: '#', status: { tag: { text: 'Missing' } } }] }")}${part("_outcome", "outcome: 'needs-review'")}${part("_obligation", "obligation: 'must-not'")}${part("_strength", "strength: 'law'")}${part("_chips", "chips: [{ label: 'Outcome', value: 'all', href: '?' }]")}${part("_pages", "newerHref: '?a', olderHref: '?b'")}${bottom}`,
};

let browser: Browser;
let folder: string;
let server: Awaited<ReturnType<typeof listening>>;
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dunwatch-web-"));
  for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, `${name}.ejs`), text);
  const person = { id: "p1", name: "Lin Xiaoyu" };
  server = await listening(tinyApp({ person, routes: (app) => routes(app, folder) }).app);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: "en", ...options });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(`asked ${request.url()}`);
  });
  complaints.length = 0;
  await page.goto(server.url + path);
  return page;
}

const screens: [string, BrowserContextOptions][] = [
  ["on a phone in Chinese, dark", { locale: "zh-CN", colorScheme: "dark", viewport: { width: 360, height: 740 } }],
  ["on a phone in English, light", { colorScheme: "light", viewport: { width: 360, height: 740 } }],
  ["on a small laptop in English, dark", { colorScheme: "dark", viewport: { width: 1024, height: 700 } }],
  [
    "on a wide screen in Chinese, light",
    { locale: "zh-CN", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  ],
];
const everyPart = screens.map((screen) => [...screen, "/cases/c1/settings"] as const);
const paths = ["/help", "/help/kept", "/no-such-page", "/upload"];
const otherPages = screens.map((screen, n) => [...screen, paths[n] ?? "/help"] as const);
test.each([...everyPart, ...otherPages])(
  "%s, axe finds nothing and nothing scrolls sideways",
  async (_name, options, path) => {
    const page = await open(path, options);
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    expect(await axeFaults(page, { tags })).toEqual([]);
    const [wide, visible] = await page.evaluate<number[]>("[document.documentElement.scrollWidth, innerWidth]");
    expect(wide).toBe(visible);
    expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
    await page.context().close();
  },
);

test("three presses of Shift leave the page; capital letters do not", async () => {
  const page = await open("/help");
  await page.route("https://weather.example/**", (route) => route.fulfill({ body: "sunny" }));
  for (const letter of ["A", "B", "C", "D"]) await page.keyboard.press(`Shift+${letter}`);
  await page.keyboard.press("Shift");
  expect(await page.locator("[data-exit-status]").textContent()).toBe("Shift, press 2 more times to exit.");
  await page.keyboard.press("Shift");
  await page.keyboard.press("Shift");
  await page.waitForURL("https://weather.example/");
  await page.goBack().catch(() => null);
  expect(page.url()).not.toContain("/help");
  await page.context().close();
});

test("the header's button leaves too, and is a plain link without scripts", async () => {
  const page = await open("/help", { javaScriptEnabled: false });
  const link = page.locator(".dw-exit a");
  expect(await link.getAttribute("href")).toBe("https://weather.example/");
  expect(await link.getAttribute("rel")).toBe("nofollow noreferrer");
  await page.context().close();
});

test("what belongs to a choice shows with it, and always without scripts", async () => {
  const page = await open("/cases/c1/settings");
  expect(await page.getByText("Only for banks").isVisible()).toBe(false);
  await page.getByLabel("Bank").check();
  expect(await page.getByText("Only for banks").isVisible()).toBe(true);
  await page.getByLabel("Card").check();
  expect(await page.getByText("Only for banks").isVisible()).toBe(false);
  await page.context().close();
  const plain = await open("/cases/c1/settings", { javaScriptEnabled: false });
  expect(await plain.getByText("Only for banks").isVisible()).toBe(true);
  await plain.context().close();
});

test("a text says how much room is left, a password can be looked at", async () => {
  const page = await open("/cases/c1/settings");
  await page.getByLabel("Note").fill("a".repeat(15));
  expect(await page.locator(".govuk-character-count__message").textContent()).toBe("Room for 5 more characters");
  await page.getByLabel("Note").fill("a".repeat(23));
  expect(await page.locator(".govuk-character-count__message").textContent()).toBe("3 characters too many");
  const password = page.locator("#password");
  await page.getByRole("button", { name: "Show password" }).click();
  expect(await password.getAttribute("type")).toBe("text");
  await page.getByRole("button", { name: "Hide password" }).click();
  expect(await password.getAttribute("type")).toBe("password");
  await page.context().close();
});

test("the rail brings the current page into sight on a phone", async () => {
  const page = await open("/cases/c1/settings", { viewport: { width: 360, height: 740 } });
  const box = await page.getByRole("link", { name: "Settings" }).boundingBox();
  expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
  await page.context().close();
});

const file = (name: string, size: number) => ({ name, mimeType: "image/png", buffer: Buffer.alloc(size, 1) });

test.each([true, false])("files are sent with scripts %s", async (javaScriptEnabled) => {
  const page = await open("/upload", { javaScriptEnabled });
  await page.locator("#files").setInputFiles([file("a.png", 10), file("林.png", 2_500_000)]);
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/done?*");
  expect(page.url()).toBe(`${server.url}/done?sizes=10,2500000`);
  await page.context().close();
});

test("chosen files are listed, one can be taken away, more can be pasted", async () => {
  const page = await open("/upload");
  await page.locator("#files").setInputFiles([file("a.png", 10), file("b.png", 2_500_000)]);
  expect(await page.locator(".dw-file__name").allTextContents()).toEqual(["a.png", "b.png"]);
  expect(await page.locator(".dw-file__state").allTextContents()).toEqual(["1 kB", "2.5 MB"]);
  await page.getByRole("button", { name: "Remove: a.png" }).click();
  await page.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File(["x"], "pasted.png"));
    document.querySelector("#said").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  }`);
  expect(await page.locator(".dw-file__name").allTextContents()).toEqual(["b.png", "pasted.png"]);
  await page.context().close();
});

test("after a mistake the problems are shown in place, and the chosen files are still there", async () => {
  const page = await open("/upload");
  await page.locator("#files").setInputFiles([file("empty.png", 0), file("b.png", 5)]);
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".govuk-error-summary").waitFor();
  expect(await page.title()).toBe("Error: Parts");
  expect(await page.evaluate("document.activeElement.className")).toContain("govuk-error-summary");
  expect(await page.locator(".dw-file__name").allTextContents()).toEqual(["empty.png", "b.png"]);
  await page.getByRole("button", { name: "Remove: empty.png" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(`${server.url}/done?sizes=5`);
  await page.context().close();
});

test("a lost connection keeps the page, the words and the files", async () => {
  const page = await open("/upload");
  await page.locator("#said").fill("what they said");
  await page.locator("#files").setInputFiles([file("a.png", 10)]);
  await page.route("**/upload", (route) => route.abort());
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The connection was lost.").waitFor();
  expect(await page.locator("#said").inputValue()).toBe("what they said");
  await page.unroute("**/upload");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(`${server.url}/done?sizes=10`);
  await page.context().close();
});

test("an error page does not take the place of what somebody wrote", async () => {
  const page = await open("/upload");
  await page.locator("#said").fill("what they said");
  await page.locator("#files").setInputFiles([file("a.png", 666)]);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The disk of this site is full.").waitFor();
  expect(await page.locator("#said").inputValue()).toBe("what they said");
  expect(await page.locator(".dw-file__name").allTextContents()).toEqual(["a.png"]);
  await page.context().close();
});

test("somebody signed out meanwhile keeps the words and the files, and is shown where to sign in", async () => {
  const page = await open("/upload");
  await page.locator("#said").fill("what they said");
  await page.locator("#files").setInputFiles([file("a.png", 10)]);
  signedOut = true;
  await page.getByRole("button", { name: "Save" }).click();
  const link = page.getByRole("link", { name: "Sign in (opens a new tab)" });
  await link.waitFor();
  expect(await link.getAttribute("href")).toBe(`${server.url}/sign-in?then=x`);
  expect(await page.locator("#said").inputValue()).toBe("what they said");
  signedOut = false;
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(`${server.url}/done?sizes=10`);
  await page.context().close();
});

test.each([true, false])(
  "long work shows how far it is, and its result when it is done, with scripts %s",
  async (scripts) => {
    looks = 0;
    const page = await open("/work", { javaScriptEnabled: scripts });
    expect(await page.locator("main [role=status]").textContent()).toBe("40 done");
    await page.getByText("80 done").waitFor();
    await page.getByLabel("Note").waitFor();
    await page.context().close();
  },
);

test("by keyboard the first stop is the skip link, and it leads to the page", async () => {
  const page = await open("/help");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to main content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("location.hash")).toBe("#main-content");
  await page.context().close();
});
