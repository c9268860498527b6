/** The guide to writing a code (data/README.md) and its template: complete over what a code can say, and true. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { installedIds } from "../../src/cli/find-code.ts";
import { loadActs } from "../../src/codes/load-acts.ts";
import { checkCode, loadCode } from "../../src/codes/load.ts";
import { Code, Condition, Rule, Source, countedKinds } from "../../src/conduct/code.ts";
import * as vocabulary from "../../src/conduct/vocabulary.ts";
import { compileWording } from "../../src/conduct/wording.ts";

const folder = join(import.meta.dirname, "../../data");
const guide = readFileSync(join(folder, "README.md"), "utf8");
const template = readFileSync(join(folder, "template.yaml"), "utf8");
const acts = loadActs(join(folder, "acts.yaml"));

/** The fields of a schema that may be wrapped in a check. */
const fieldsOf = (schema: unknown) => Object.keys((schema as { shape: Record<string, unknown> }).shape);
/** Every condition key that an example uses, inside others too. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...keysIn(part)]);
}
const withoutUnknown = (words: readonly string[]) => words.filter((word) => word !== "unknown");
const notInGuide = (words: readonly string[]) => words.filter((word) => !guide.includes(`\`${word}\``));

describe("the template", () => {
  it("is a code whose examples come out as they say, and is the one the guide shows", () => {
    expect(checkCode(loadCode(join(folder, "template.yaml")), { acts, wording: compileWording(acts) })).toEqual([]);
    const [, shown] = /```yaml\n([\s\S]*?)```/.exec(guide)!;
    expect(template.endsWith(shown!)).toBe(true);
  });

  it("is never loaded as an installed code", () => {
    expect(installedIds().length).toBeGreaterThan(10);
    expect(installedIds()).not.toContain(loadCode(join(folder, "template.yaml")).code.id);
  });
});

describe("the guide", () => {
  const section = guide.slice(guide.indexOf("## What a condition can say"), guide.indexOf("## Examples"));
  const blocks = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);

  it("explains every kind of condition with an example of two lines that the program takes", () => {
    const missing = new Set(fieldsOf(Condition));
    expect(missing.size).toBeGreaterThan(25);
    for (const block of blocks) {
      expect(block.trim().split("\n")).toHaveLength(2);
      expect(block).toMatch(/^# /);
      const condition: unknown = parse(block);
      expect(Condition.safeParse(condition).error?.issues ?? [], block).toEqual([]);
      for (const key of keysIn(condition)) missing.delete(key);
    }
    expect([...missing]).toEqual([]);
  });

  it("names every part of a code, a source and a rule", () => {
    expect(notInGuide([...fieldsOf(Code), ...fieldsOf(Source), ...fieldsOf(Rule)])).toEqual([]);
  });

  it("names every word of the closed lists, but for the acts, which have a file of their own", () => {
    const { acts: _acts, precisions: _precisions, ...lists } = vocabulary;
    const words = Object.values(lists).flatMap((list) => (Array.isArray(list) ? (list as string[]) : []));
    expect(words.length).toBeGreaterThan(80);
    const shown = new Set(blocks.join(" ").split(/[^a-z-]+/));
    expect(notInGuide([...withoutUnknown(words), ...countedKinds]).filter((word) => !shown.has(word))).toEqual([]);
  });

  it("switches on what a rule may be switched on with, and no more", () => {
    const rows = [...guide.matchAll(/^\| `([a-z-]+)` \| .* \| (yes|no) \|$/gm)].map(([, grade, on]) => [grade, on]);
    expect(rows).toEqual([
      ["read", "yes"],
      ["reported", "yes"],
      ["weakly-reported", "no"],
      ["unverified", "no"],
    ]);
  });
});
