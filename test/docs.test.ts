/** What the README promises exists, and what exists is in the README. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { settings } from "../src/config.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const scripts = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> })
  .scripts;

describe("the README", () => {
  test("lists every setting with its default and its sentence, and no other", () => {
    const section = readme.slice(readme.indexOf("## Settings"), readme.indexOf("## Good to know"));
    const rows = [...section.matchAll(/^\| `(\w+)` \| (?:`([^`]*)`)? ?\| (.+) \|$/gm)].map(
      ([, name, value, words]) => ({ name, value, words }),
    );
    const expected = Object.entries(settings).map(([name, setting]) => {
      const fallback = setting.safeParse(undefined);
      return {
        name,
        value: fallback.success && fallback.data !== undefined ? String(fallback.data) : undefined,
        words: setting.description,
      };
    });
    expect(rows).toEqual(expected);
  });

  test("names only npm scripts that exist", () => {
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => scripts[name ?? ""] === undefined)).toEqual([]);
  });

  test("names only commands that exist", () => {
    const named = new Set([...readme.matchAll(/npx dunwatch ([a-z-]+)/g)].map(([, name]) => name));
    const cli = readFileSync(join(root, "src/cli.ts"), "utf8");
    expect([...named].filter((name) => !cli.includes(`"${name}"`) && !cli.includes(`${name}:`))).toEqual([]);
  });
});
