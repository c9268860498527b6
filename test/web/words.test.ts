/** The words of both languages against each other and against the code and templates that use them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locales, readWords } from "../../src/web/locale.ts";

const root = join(import.meta.dirname, "../..");
const plural = /_(zero|one|two|few|many|other)$/;

/** Every key with its words, `a.b.c`. */
function flat(tree: unknown, prefix = ""): [string, string][] {
  if (typeof tree === "string") return [[prefix, tree]];
  return Object.entries(tree ?? {}).flatMap(([name, part]) => flat(part, prefix ? `${prefix}.${name}` : name));
}
const words = Object.fromEntries(locales.map((locale) => [locale, new Map(flat(readWords(locale)))]));
const keys = (locale: string) => new Set([...(words[locale]?.keys() ?? [])].map((key) => key.replace(plural, "")));

function files(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}
const sources = [...files("src", ".ts"), ...files("views", ".ejs")].map(
  (name) => [name, withoutComments(readFileSync(join(root, name), "utf8"))] as const,
);

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|<%#[\s\S]*?%>/gm, "");
}

test("both languages have the same keys", () => {
  expect([...keys("zh-CN")].sort()).toEqual([...keys("en")].sort());
});

test("both languages fill in the same values", () => {
  const holes = (text: string | undefined) =>
    new Set([...(text ?? "").matchAll(/{{-?\s*(\w+)/g)].map(([, name]) => name));
  const different = [...(words.en ?? [])].filter(([key, english]) => {
    const chinese = words["zh-CN"]?.get(key) ?? words["zh-CN"]?.get(key.replace(plural, "_other"));
    // "1 thing" may leave its number out.
    return !key.endsWith("_one") && holes(chinese).symmetricDifference(holes(english)).size > 0;
  });
  expect(different).toEqual([]);
});

test.each(locales)("every plural in %s has all the forms the language needs", (locale) => {
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const all = words[locale] ?? new Map<string, string>();
  const needed = [...all.keys()]
    .filter((key) => plural.test(key))
    .flatMap((key) => forms.map((form) => key.replace(plural, `_${form}`)));
  expect(needed.filter((key) => !all.has(key))).toEqual([]);
});

test("no sentence was left in English among the Chinese words", () => {
  const left = [...(words["zh-CN"] ?? [])].filter(([, text]) =>
    /^\P{Script=Han}*[a-z]+ [a-z]+ [a-z]+\P{Script=Han}*$/u.test(text),
  );
  expect(left).toEqual([]);
});

describe("every key that is used exists", () => {
  test.each(sources.filter(([, text]) => /\bt\(/.test(text)))("%s", (_name, text) => {
    const used = [...text.matchAll(/\bt\(\s*["']([\w.-]+)["']\s*[,)]/g)].map(([, key = ""]) => key);
    expect(used.filter((key) => !keys("en").has(key))).toEqual([]);
  });
});

test("every key that exists is used", () => {
  const texts = sources.map(([, text]) => text).join("\n");
  // Whole keys in quotes, and the fixed beginnings of keys that are put together: `errors.${status}.title`, "common.outcome." + x.
  const whole = new Set([...texts.matchAll(/["'`]([a-z][\w-]*(?:\.[\w-]+)+)["'`]/gi)].map(([, key]) => key));
  const begun = [...texts.matchAll(/["'`]([a-z][\w-]*\.(?:[\w-]+\.)*[\w-]*?)(?:\$\{|["']\s*\+)/gi)].map(
    ([, start = ""]) => start,
  );
  const unused = [...keys("en")].filter((key) => !whole.has(key) && !begun.some((start) => key.startsWith(start)));
  expect(unused).toEqual([]);
});
