/** Rules about every template, script and style: what the content policy would refuse, and what could let words act as markup. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => [join(folder, name), readFileSync(join(root, folder, name), "utf8")] as const);

const templates = read("views", /\.ejs$/);

test("there are templates", () => expect(templates.length).toBeGreaterThan(30));

describe.each(templates)("%s", (name, text) => {
  test("prints unescaped only other templates and pictures of our own making", () => {
    const raw = [...text.matchAll(/<%-\s*([\s\S]*?)%>/g)].map(([, code = ""]) => code.trim());
    const allowed = name.startsWith("views/components/")
      ? /^(include\(|markup\.(attributes|content|wordAttributes)\()/
      : /^(include\(|[\w.[\]]*[sS]vg$)/;
    expect(raw.filter((code) => !allowed.test(code))).toEqual([]);
  });

  test("has no inline script or style and asks no other site for anything", () => {
    const html = text.replaceAll(/<%[\s\S]*?%>/g, "");
    expect(html).not.toMatch(/<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:/i);
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/i);
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|["'(]\/\//i);
  });

  test("has no words of its own", () => {
    const html = text.replaceAll(/<%[\s\S]*?%>/g, "");
    // Commands are the same in every language.
    const words = html
      .replaceAll(/<(code|pre|kbd)\b[\s\S]*?<\/\1>/g, " ")
      .replaceAll("SHA-256", " ")
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll(/&\w+;/g, " ");
    expect(words).not.toMatch(/\p{Letter}{3,}|\p{Script=Han}/u);
    expect(html).not.toMatch(/(aria-label|alt|placeholder|title)="[^"]*\p{Letter}/iu);
  });

  test("includes only what exists", () => {
    for (const [, path = ""] of text.matchAll(/include\('([^']+)'/g)) {
      expect({ path, there: existsSync(join(root, name, "..", `${path}.ejs`)) }).toEqual({ path, there: true });
    }
  });

  test("uses only icons that there are", () => {
    const icons = readFileSync(join(root, "public/icons.svg"), "utf8");
    for (const [, icon] of text.matchAll(/icon', \{ name: '([\w-]+)'/g)) expect(icons).toContain(`id="i-${icon}"`);
  });
});

test.each([...read("public", /\.(js|svg)$/), ...read("src/styles", /\.scss$/)])(
  "%s asks no other site for anything",
  (_name, text) => {
    expect(text.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|@import|url\(\s*["']?\/\//i);
  },
);
test.each(read("public", /\.js$/))("%s makes no markup of words", (_name, text) => {
  expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/);
});

test("every class of ours that is styled is used", () => {
  const users = [...templates, ...read("src", /\.ts$/), ...read("public", /\.js$/)].map(([, text]) => text).join("\n");
  const whole = new Set(users.match(/dw-[\w-]+/g));
  // Names that are put together: `dw-outcome--<%= outcome %>`, `dw-dot${kind}`, "dw-mark--" + outcome.
  const begun = [...users.matchAll(/(dw-[\w-]+)(?:<%|\$\{|["']\s*\+)/g)].map(([, start = ""]) => start);
  const styled = new Set(
    read("src/styles", /\.scss$/).flatMap(([, text]) =>
      [...text.matchAll(/\.(dw-[\w-]+)/g)].map(([, name = ""]) => name),
    ),
  );
  expect([...styled].filter((name) => !whole.has(name) && !begun.some((start) => name.startsWith(start)))).toEqual([]);
});
