import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clauseIn } from "../../src/codes/clause.ts";
import { parseCode } from "../../src/codes/load.ts";

describe("the clause of a rule", () => {
  it.each([
    ["第41条 (art. 41)", "art. 41", "第41条"],
    ["第40条第(三)项；第51条 (art. 40(3); 51)", "art. 40(3); 51", "第40条第(三)项；第51条"],
    ["条款号未核实 (article number not verified)", "article number not verified", "条款号未核实"],
    ["5.3 (not verified / 未核实)", "5.3 (not verified)", "5.3（未核实）"],
    ["5.3", "5.3", "5.3"],
    [
      "15 USC 1692c(b), (d); 12 CFR 1006.6(a), (d)(1)",
      ...Array(2).fill("15 USC 1692c(b), (d); 12 CFR 1006.6(a), (d)(1)"),
    ],
  ])("of %s is said in the reader's language", (clause, english, chinese) => {
    expect(clauseIn(clause, "en")).toBe(english);
    expect(clauseIn(clause, "zh-CN")).toBe(chinese);
  });

  it("has no Chinese left for an English reader in any code installed", () => {
    const folder = join(import.meta.dirname, "../../data/codes");
    const clauses = readdirSync(folder)
      .filter((name) => name.endsWith(".yaml"))
      .flatMap((name) => parseCode(readFileSync(join(folder, name), "utf8"), name).code.rules)
      .map((rule) => clauseIn(rule.clause, "en"));
    expect(clauses.length).toBeGreaterThan(20);
    expect(clauses.filter((clause) => /\p{Script=Han}/u.test(clause))).toEqual([]);
  });
});
