/** Every reason that a reader can give has words. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "src/imports");

it.each(["en", "zh-CN"])("reasons and oddities in %s", (language) => {
  const words = JSON.parse(readFileSync(join(root, `views/locales/${language}/imports.json`), "utf8")) as {
    problem: Record<string, string>;
  };
  const mine = /^(?:read-(?:sms-backup|own|table|carrier|csv)|table-rows|sheet|xml-tags|detect|zip)\.ts$/;
  const keys = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => mine.test(file))) {
    const source = readFileSync(join(folder, name), "utf8");
    for (const [, key] of source.matchAll(/\bkey: "(\w+)"(?! in)/g)) keys.add(key!);
    for (const [, key] of source.matchAll(/replaced\([^"\n]*"(\w+)"/g)) keys.add(key!);
    // One of two, chosen on the spot: key: … ? "a" : "b".
    for (const [, a, b] of source.matchAll(/\bkey: [^"\n]*(?:"quote" )?\? "(\w+)" : "(\w+)"/g)) keys.add(a!).add(b!);
  }
  expect(keys.size).toBeGreaterThan(30);
  expect([...keys].filter((key) => words.problem[key] === undefined)).toEqual([]);
});
