/**
 * Our EJS parts against the HTML that govuk-frontend ships for each of its own components: every fixture of every part we have.
 * Markup is compared after parsing, so that spacing and the order of attributes do not matter and everything else does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ejs from "ejs";
import { describe, expect, test } from "vitest";
import { translator } from "../../src/web/locale.ts";
import * as markup from "../../src/web/markup.ts";

const parts = join(import.meta.dirname, "../../views/components");
const theirs = join(import.meta.dirname, "../../node_modules/govuk-frontend/dist/govuk/components");
const ownParts = new Set(["icon"]);

const components = readdirSync(parts)
  .filter((name) => name.endsWith(".ejs") && !name.startsWith("_"))
  .map((name) => name.slice(0, -".ejs".length))
  .filter((name) => !ownParts.has(name));

type Fixture = { name: string; options: Record<string, unknown>; html: string };
const fixturesOf = (component: string) =>
  (JSON.parse(readFileSync(join(theirs, component, "fixtures.json"), "utf8")) as { fixtures: Fixture[] }).fixtures;

/** A page's words and helpers, as view.ts gives them. */
const locals = {
  markup,
  t: translator("en"),
  locale: "en",
  asset: (name: string) => `/${name}`,
  exitUrl: "https://www.bbc.co.uk/weather",
};

const render = (component: string, params: unknown) =>
  ejs.renderFile(join(parts, `${component}.ejs`), { ...locals, params }, { escape: markup.escapeHtml, cache: true });

test("there are parts to check", () => {
  expect(components.length).toBeGreaterThanOrEqual(24);
});

describe.each(components)("%s", (component) => {
  test.each(fixturesOf(component).map((fixture) => [fixture.name, fixture] as const))("%s", async (_name, fixture) => {
    expect(normalised(await render(component, fixture.options))).toBe(normalised(fixture.html));
  });
});

test.each(components)("%s prints what people wrote as text, never as markup", async (component) => {
  const hostile = `"><script>alert('x')</script>`;
  for (const { options } of fixturesOf(component)) {
    const html = await render(component, withHostileText(options, hostile));
    expect(html).not.toMatch(/<script/i);
  }
});

/** Every string of the options but `html` replaced. */
function withHostileText(value: unknown, hostile: string, key = ""): unknown {
  if (typeof value === "string") return /html$/i.test(key) ? "<b>ours</b>" : hostile;
  if (Array.isArray(value)) return value.map((item) => withHostileText(item, hostile, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withHostileText(item, hostile, name)]));
}

/** One tag or text a line, with attributes sorted, entities decoded and runs of white space as one. */
function normalised(html: string): string {
  const lines: string[] = [];
  for (const [token] of html.matchAll(/<!--[\s\S]*?-->|<[a-z/](?:[^"'>]|"[^"]*"|'[^']*')*>|[^<]+|</gi)) {
    if (!/^<[a-z/]/i.test(token)) {
      const text = decoded(token).replace(/\s+/g, " ").trim();
      if (text) lines.push(text);
      continue;
    }
    const [, name = "", rest = ""] = /^<(\/?[\w-]+)([\s\S]*?)\/?>$/.exec(token) ?? [];
    const attributes = [...rest.matchAll(/([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g)]
      .map(([, key = "", a, b, c]) => {
        const value = decoded(a ?? b ?? c ?? "").trim();
        return `${key.toLowerCase()}="${key === "class" ? value.replace(/\s+/g, " ") : value}"`;
      })
      .sort();
    if (name.toLowerCase() !== "/path" && name.toLowerCase() !== "/circle") {
      lines.push(`<${[name.toLowerCase(), ...attributes].join(" ")}>`);
    }
  }
  return lines.join("\n");
}

function decoded(text: string): string {
  return text
    .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
