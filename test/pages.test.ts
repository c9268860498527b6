/**
 * Every page of the app, in a real browser: no accessibility fault that axe knows, no sideways scrolling on a 360 px phone, valid HTML,
 * nothing asked of another host, the language said. A new page is covered the day it is routed.
 */
import { HtmlValidate } from "html-validate";
import { afterAll, beforeAll, describe, test } from "vitest";
import { createApp } from "../src/app.ts";
import { plantDemo } from "../src/cli/demo.ts";
import { buildDossier } from "../src/dossiers/build-dossier.ts";
import { DEFAULT_OPTIONS } from "../src/dossiers/dossier.ts";
import { orderVersion } from "../src/dossiers/store.ts";
import { createSetUpLink } from "../src/people/store.ts";
import { type TestApp, withApp } from "./support/app.ts";
import { axeFaults } from "./support/axe.ts";
import { type TestBrowser, withBrowser } from "./support/browser.ts";
import { type Route, withRoutes } from "./support/routes.ts";
import { fill, thingsOf } from "./support/things.ts";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    // Matters of taste in which the GOV.UK markup differs.
    "void-style": "off",
    "no-trailing-whitespace": "off",
    "attribute-boolean-style": "off",
    "no-inline-style": "error",
    "long-title": "off",
    "prefer-native-element": "off",
    "no-redundant-role": "off",
    "tel-non-breaking": "off",
    "require-sri": "off",
    "input-missing-label": "error",
    "wcag/h30": "off",
    "no-implicit-button-type": "off",
    "input-attributes": "off",
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit"] }],
    "valid-autocomplete": "off",
    "unique-landmark": "off",
  },
});

/** Files, redirects and data, not pages. */
const notPages = /\/(health|language|progress)$|\/(original|view|pdf|docx|zip)$|\/events$|\.ics$/;

let whole: TestApp;
let browser: TestBrowser;
let pages: Route[];
let things: Record<string, string>;

beforeAll(async () => {
  whole = await withApp();
  pages = withRoutes(() => createApp(whole.services)).routes.filter(
    ({ method, path }) => method === "get" && !notPages.test(path),
  );
  const personId = await whole.personId("lin");
  const [first] = await plantDemo(whole.services, personId);
  const by = { personId, at: whole.clock.now() };
  const ordered = await whole.services.db.transaction().execute((tx) => orderVersion(tx, first!, DEFAULT_OPTIONS, by));
  await buildDossier(whole.services, first!, ordered);
  things = await thingsOf(whole, first!);
  things.token = await whole.services.db.transaction().execute((tx) => createSetUpLink(tx, whole.clock.now()));
  browser = await withBrowser(whole);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules of axe whose answer hangs on colours, sizes or words. The markup is the same in every look: one look asks all rules of it. */
const rulesOfLooks = [
  "color-contrast",
  "html-has-lang",
  "html-lang-valid",
  "label-content-name-mismatch",
  "link-in-text-block",
  "link-name",
  "button-name",
  "label",
  "scrollable-region-focusable",
  "target-size",
  "valid-lang",
];

interface Checked {
  language: "en" | "zh-CN";
  phone: boolean;
  dark: boolean;
  scripts: boolean;
  /** Instead of every rule. */
  rules?: string[];
}
const looks: Checked[] = [
  { language: "en", phone: false, dark: false, scripts: true },
  { language: "zh-CN", phone: true, dark: true, scripts: true, rules: rulesOfLooks },
];

describe.concurrent.each(looks)("every page in $language (phone: $phone, dark: $dark)", (look) => {
  test("has no fault", { timeout: 900_000 }, async ({ expect }) => {
    const context = await browser.visit(look, "lin");
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (one) => {
      if (!one.url().startsWith(browser.origin) && !one.url().startsWith("data:")) asked.push(one.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`);
    });
    const faults: string[] = [];
    for (const { path } of pages) {
      const address = fill(path, things);
      const answer = await page.goto(address);
      const type = answer?.headers()["content-type"] ?? "";
      if (answer === null || !type.startsWith("text/html")) continue;
      if (answer.status() !== 200) faults.push(`${path}: status ${answer.status()}`);
      if ((await page.getAttribute("html", "lang")) !== look.language) faults.push(`${path}: lang`);
      if (/\.\w+\.\w+/.test((await page.title()).replaceAll(/\d/g, "")))
        faults.push(`${path}: title ${await page.title()}`);
      const [sideways = 0, height = 0] = await page.evaluate<number[]>(
        "[document.documentElement.scrollWidth - window.innerWidth, document.documentElement.scrollHeight]",
      );
      if (sideways > 0) faults.push(`${path}: scrolls sideways by ${sideways} px`);
      // As long as the page: else axe finds small whatever happens to lie half under the bar that stays at a phone's bottom.
      const width = page.viewportSize()?.width ?? 360;
      if (look.phone) await page.setViewportSize({ width, height });
      const broken = await axeFaults(page, look.rules === undefined ? { tags } : { rules: look.rules });
      for (const fault of broken) faults.push(`${path}: ${fault}`);
      const report = await validator.validateString(await answer.text());
      for (const { messages } of report.results) {
        for (const { ruleId, message, line } of messages.slice(0, 3))
          faults.push(`${path}: html ${ruleId} line ${line}: ${message}`);
      }
    }
    await context.close();
    expect(faults).toEqual([]);
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
