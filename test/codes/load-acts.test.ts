import { describe, expect, it } from "vitest";
import { ActsFileError, loadActs, parseActs } from "../../src/codes/load-acts.ts";
import { readFileSync } from "node:fs";

const file = new URL("../../data/acts.yaml", import.meta.url);
const whole = readFileSync(file, "utf8");

/** The message about the file of acts after one change to its text; `line` is where the change was made. */
function problem(from: string, to: string): { message: string; line: number } {
  expect(whole).toContain(from);
  const line = whole.slice(0, whole.indexOf(from)).split("\n").length;
  try {
    parseActs(whole.replace(from, to), "acts.yaml");
  } catch (error) {
    if (error instanceof ActsFileError) return { message: error.message, line };
    throw error;
  }
  return { message: "", line };
}

describe("the file of acts", () => {
  it("is read", () => {
    expect(loadActs(file).acts.length).toBeGreaterThan(40);
  });

  it.each([
    ["an unknown act", "  - id: insult\n", "  - id: insolt\n", "acts.8.id"],
    ["an unknown group", "    group: visits\n", "    group: visit\n", "group"],
    ["a missing translation", 'label: { en: "Insult", zh-CN: 侮辱 }', 'label: { en: "Insult" }', "label.zh-CN"],
    ["an unknown list", "needs: [debt, caller]", "needs: [dept, caller]", "there is no list called dept"],
    ["an unknown field", "          evenNegated: true\n", "          even: true\n", "wording.en"],
    ["punctuation in a phrase", "kill your family |", "kill your, family |", "“kill your, family” has punctuation"],
  ])("%s is named with file, line and field", (_name, from, to, why) => {
    const { message, line } = problem(from, to);
    expect(message).toContain(why);
    const lines = [...message.matchAll(/acts\.yaml:(\d+):/g)].map((match) => Number(match[1]));
    expect(lines.some((one) => Math.abs(one - line) <= 3)).toBe(true);
  });

  it("a line that is no YAML is named", () => {
    expect(() => parseActs("groups:\n  - id: [\n", "acts.yaml")).toThrow(/^acts\.yaml:\d+: /);
  });

  it("an act left out is named", () => {
    expect(() => parseActs(whole.replace(/ {2}- id: work-email\n(?: {4}.*\n)+/, ""), "acts.yaml")).toThrow(
      "must have the act work-email exactly once",
    );
  });

  it("a file that is not there is the system's own error", () => {
    expect(() => loadActs("/nowhere/acts.yaml")).toThrow("ENOENT");
  });
});
