/** Codes that include others: each judged as itself and once, and a file that includes nonsense is refused with its place. */
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findCodes } from "../../src/cli/find-code.ts";
import { expandCodes, problemsOfIncludes } from "../../src/codes/includes.ts";
import { createCodeLibrary } from "../../src/codes/library.ts";
import { judgeCase } from "../../src/conduct/classify.ts";
import { Incident } from "../../src/conduct/incident.ts";
import request from "supertest";
import { dunwatch } from "../cli/run-cli.ts";
import { withApp } from "../support/app.ts";

const tree: Record<string, string[]> = { a: ["b", "c"], b: ["d"], c: ["d", "e"], d: [], e: [], lost: ["nowhere", "d"] };
const find = (id: string) => (Object.hasOwn(tree, id) ? { id, includes: tree[id] } : undefined);
const ids = (chosen: string[]) => expandCodes(chosen, find).map(({ id }) => id);

describe("what a choice of codes stands for", () => {
  test("each once, a code before what it includes, however often chosen or included", () => {
    expect(ids(["a"])).toEqual(["a", "b", "d", "c", "e"]);
    expect(ids(["d", "a", "a", "c"])).toEqual(["d", "a", "b", "c", "e"]);
    expect(ids(["gone", "lost"])).toEqual(["lost", "d"]);
  });

  test("an include that is not there, and one that leads back, are named with their place", () => {
    expect(problemsOfIncludes(find("a")!, find)).toEqual([]);
    expect(problemsOfIncludes(find("lost")!, find)).toEqual([
      {
        path: ["includes", 0],
        why: {
          en: expect.stringContaining("nowhere is not a code of conduct"),
          "zh-CN": expect.stringContaining("nowhere"),
        },
      },
    ]);
    const round: Record<string, string[]> = { x: ["y"], y: ["z"], z: ["x"], self: ["self"] };
    const around = (id: string) => (Object.hasOwn(round, id) ? { id, includes: round[id] } : undefined);
    expect(problemsOfIncludes(around("x")!, around)[0]?.why.en).toBe("leads back to itself: x → y → z → x");
    expect(problemsOfIncludes(around("self")!, around)[0]?.why.en).toBe("leads back to itself: self → self");
    expect(expandCodes(["x"], around).map(({ id }) => id)).toEqual(["x", "y", "z"]);
  });
});

/** A small code as a file; `more` stands in its fourth line. */
const yaml = (id: string, more = "") => `id: ${id}
version: "2026-11-23"
jurisdiction: CN
${more}
title: { en: Mine, zh-CN: 我的 }
summary: { en: Mine, zh-CN: 我的 }
sources:
  s: { title: { en: S, zh-CN: 甲 }, issuer: { en: I, zh-CN: 乙 }, strength: law, from: "2020-01-01", to: null, binds: { en: All, zh-CN: 全部 }, checked: read }
rules:
  - id: cn.${id}.insult
    source: s
    clause: "1"
    title: { en: No insult, zh-CN: 不得辱骂 }
    paraphrase: { en: No insult., zh-CN: 不得辱骂。 }
    obligation: must-not
    severity: low
    when: { acts: [insult] }
    examples:
      - { name: { en: An insult., zh-CN: 辱骂。 }, incidents: [{ acts: [insult] }], expect: matches }
      - { name: { en: None., zh-CN: 没有。 }, incidents: [{ acts: [] }], expect: no-match }
`;

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dunwatch-codes-"));
  await mkdir(join(folder, "codes"));
  await writeFile(join(folder, "acts.yaml"), await readFile(join(import.meta.dirname, "../../data/acts.yaml")));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, "codes", `${name}.yaml`), text);
  return folder;
}

describe("on the command line", () => {
  test("a file may include installed codes and others named with it, and is checked with them", async () => {
    const folder = await folderWith({
      first: yaml("first", "includes: [second, cn-statutes]"),
      second: yaml("second", "includes: [cn-statutes]"),
      alone: yaml("alone", "includes: [cn-statutes]"),
    });
    const files = ["first", "second"].map((name) => join(folder, "codes", `${name}.yaml`));
    expect(findCodes(files).map(({ id }) => id)).toEqual(["first", "second", "cn-statutes"]);
    expect(await dunwatch(["codes", "check", join(folder, "codes/alone.yaml")])).toMatchObject({ code: 0, stderr: "" });
  });

  test("an unknown include, a circle and two codes of one id are refused with file and line", async () => {
    const folder = await folderWith({
      unknown: yaml("unknown", "includes: [cn-statutes, no-such-code]"),
      self: yaml("self", "includes: [self]"),
      xx: yaml("xx", "includes: [yy]"),
      yy: yaml("yy", "includes: [xx]"),
      twin: yaml("xx"),
    });
    const file = (name: string) => join(folder, "codes", `${name}.yaml`);
    const ran = await dunwatch(["codes", "check", file("unknown"), file("self")]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`${file("unknown")}:4:25: includes.1: no-such-code is not a code of conduct`);
    expect(ran.stderr).toContain(`${file("self")}:4:12: includes.0: leads back to itself: self → self`);
    expect(() => findCodes([file("xx"), file("yy")])).toThrow(
      `${file("xx")}:4:12: includes.0: leads back to itself: xx → yy → xx`,
    );
    expect(() => findCodes([file("xx"), file("twin")])).toThrow(
      `${file("twin")}:1:1: id: xx is the id of another code`,
    );
  });
});

test("the address of a rule that moved into an included code still leads to it", async () => {
  const app = await withApp();
  const moved = await request(app.app).get("/codes/cn-online-consumer-credit/rules/cn.cba.time");
  expect([moved.status, moved.headers.location]).toEqual([301, "/codes/cn-bank-and-card/rules/cn.cba.time"]);
  expect((await request(app.app).get("/codes/cn-online-consumer-credit/rules/us.time")).status).toBe(404);
  await app.close();
});

describe("in the library", () => {
  test("a finding names the code that has the rule, and an include changes what a case was judged with", async () => {
    const library = await createCodeLibrary(
      await folderWith({ whole: yaml("whole", "includes: [part]"), part: yaml("part") }),
    );
    const incident = Incident.parse({ id: "i", channel: "call", happenedAt: "2026-05-01T10:00", acts: ["insult"] });
    const found = (codes: string[]) =>
      judgeCase(library.judgeFor(codes), { zone: "Asia/Shanghai" }, [incident]).map(({ rule, code }) => [
        rule,
        code.id,
      ]);
    const both = [
      ["cn.whole.insult", "whole"],
      ["cn.part.insult", "part"],
    ];
    expect(found(["whole"])).toEqual(both);
    expect(found(["whole", "part", "whole"])).toEqual(both);
    expect(
      library
        .judgesByReach(["whole"])
        .flatMap(({ rules }) => rules)
        .sort(),
    ).toEqual(["cn.part.insult", "cn.whole.insult"]);
    const other = await createCodeLibrary(
      await folderWith({ whole: yaml("whole", "includes: [part]"), part: `${yaml("part")}# changed\n` }),
    );
    expect(other.fingerprint(["whole"])).not.toBe(library.fingerprint(["whole"]));
  });

  test("a folder with an include that is not there is refused at the start, with its line", async () => {
    const folder = await folderWith({ whole: yaml("whole", "includes: [part]") });
    await expect(createCodeLibrary(folder)).rejects.toThrow("whole.yaml:4:12: includes.0: part is not a code");
  });
});
