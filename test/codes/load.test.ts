import { describe, expect, it } from "vitest";
import { stringify as write } from "yaml";
import { CodeFileError, checkCode, parseCode } from "../../src/codes/load.ts";

const stringify = (code: unknown) => write(code, { aliasDuplicateObjects: false });
const both = (text: string) => ({ en: text, "zh-CN": text });
const valid = () => ({
  id: "test",
  version: "2026-01-01",
  title: both("t"),
  summary: both("t"),
  jurisdiction: "XX",
  sources: {
    law: {
      title: both("t"),
      issuer: both("t"),
      strength: "law",
      from: "2020-01-01",
      to: null as string | null,
      binds: both("t"),
      checked: "read",
    },
  },
  rules: [
    {
      id: "xx.night",
      source: "law",
      clause: "1",
      title: both("t"),
      paraphrase: both("t"),
      obligation: "must-not",
      severity: "medium",
      when: { localTime: { from: "22:00", to: "08:00" } } as object,
      examples: [
        { name: both("At night."), incidents: [{ happenedAt: "2026-01-01T23:00" }], expect: "matches" },
        { name: both("By day."), incidents: [{ happenedAt: "2026-01-01T12:00" }], expect: "no-match" },
      ],
    } as Record<string, unknown>,
  ],
});

function messageOf(yaml: string): string {
  try {
    parseCode(yaml, "code.yaml");
  } catch (error) {
    if (error instanceof CodeFileError) return error.message;
    throw error;
  }
  return "";
}

const broken = (change: (code: ReturnType<typeof valid>) => void): string => {
  const code = valid();
  change(code);
  return messageOf(stringify(code));
};

describe("loading a code", () => {
  it("takes a code that is right, and its examples come out as they say", () => {
    const loaded = parseCode(stringify(valid()), "code.yaml");
    expect(loaded.code.rules).toHaveLength(1);
    expect(checkCode(loaded, {})).toEqual([]);
  });

  it.each<[string, (code: ReturnType<typeof valid>) => void, RegExp]>([
    [
      "a missing field",
      (code) => delete code.rules[0]!["clause"],
      /^code\.yaml:\d+:\d+: rules\.0\.clause: is missing$/,
    ],
    [
      "an unknown field",
      (code) => (code.rules[0]!["colour"] = 1),
      /^code\.yaml:\d+:5: rules\.0\.colour: is not a known field$/,
    ],
    [
      "an unknown condition",
      (code) => (code.rules[0]!["when"] = { regex: ".*" }),
      /rules\.0\.when\.regex: is not a known field/,
    ],
    [
      "an empty condition",
      (code) => (code.rules[0]!["when"] = {}),
      /rules\.0\.when: an empty condition would match everything/,
    ],
    ["a wrong word", (code) => (code.rules[0]!["severity"] = "dire"), /rules\.0\.severity: /],
    [
      "an unknown source",
      (code) => (code.rules[0]!["source"] = "toString"),
      /rules\.0\.source: toString is not one of the sources \(law\)/,
    ],
    [
      "a rule twice",
      (code) => code.rules.push(code.rules[0]!),
      /rules\.1\.id: xx\.night is already the id of rule number 1/,
    ],
    [
      "a source that ends before it begins",
      (code) => (code.sources.law.to = "2019-12-31"),
      /sources\.law\.to: ends on 2019-12-31, before it begins on 2020-01-01/,
    ],
    [
      "a rule that ends before it begins",
      (code) => (code.rules[0]!["to"] = "2019-12-31"),
      /rules\.0: to|rules\.0\.to: ends on 2019-12-31/,
    ],
    [
      "an unchecked rule that is on",
      (code) => (code.rules[0]!["checked"] = "unverified"),
      /rules\.0\.on: a rule whose text is unverified must be switched off/,
    ],
    [
      "no example",
      (code) => (code.rules[0]!["examples"] = []),
      /needs at least one example that trips the rule\n.*just outside/,
    ],
    [
      "hours of no length",
      (code) => (code.rules[0]!["when"] = { localTime: { from: "22:00", to: "22:00" } }),
      /rules\.0\.when\.localTime: from and to are the same time/,
    ],
    [
      "a zone that does not exist",
      (code) => ((code as Record<string, unknown>)["zone"] = "Mars/Olympus"),
      /code\.yaml:\d+:1: zone: is not a time zone/,
    ],
  ])("refuses %s", (_name, change, message) => {
    expect(broken(change)).toMatch(message);
  });

  it("points at the very line and column", () => {
    const yaml = stringify(valid());
    const line = yaml.split("\n").findIndex((text) => text.includes("severity:")) + 1;
    expect(messageOf(yaml.replace("severity: medium", "severity: dire"))).toMatch(
      new RegExp(`^code\\.yaml:${line}:5: `),
    );
  });

  it.each([
    ["an alias bomb", `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`, /uses an alias/],
    ["a key twice", "id: a\nid: b\n", /^code\.yaml:2:1: file: Map keys must be unique/],
    ["deep nesting, flow", "[".repeat(200_000), /nested too deeply/],
    ["deep nesting, block", `${"- ".repeat(100_000)}x`, /nested too deeply/],
    ["deep nesting of a condition", `rules: [{ when: ${"{ not: ".repeat(5000)}`, /nested too deeply/],
    ["a huge file", "#".repeat(3 * 1024 * 1024), /larger than/],
    ["two documents", "a: 1\n---\nb: 2\n", /more than one document/],
    ["no mapping", "just words", /^code\.yaml:1:1: file: /],
    ["nothing", "", /^code\.yaml:1:1: file: /],
    ["broken YAML", "a: [1, 2\nb: {", /^code\.yaml:\d+:\d+: file: /],
  ])("refuses %s in bounded time", (_name, yaml, message) => {
    const start = performance.now();
    expect(messageOf(yaml)).toMatch(message);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("reports an example that comes out otherwise, in a sentence with its place", () => {
    const code = valid();
    const examples = code.rules[0]!["examples"] as { name: object; incidents: object[]; expect: string }[];
    examples.push({ ...examples[1]!, expect: "matches" });
    const [failure] = checkCode(parseCode(stringify(code), "code.yaml"), {});
    expect(failure).toMatch(
      /^code\.yaml:\d+:\d+: xx\.night: “By day\.” should give matches but gives no-match: 12:00 local time does not lie between 22:00 and 08:00\.$/,
    );
  });

  it("fills in what an example leaves out, repeats, and takes away", () => {
    const code = valid();
    const rule = code.rules[0]!;
    rule["when"] = { count: { of: "conversations", over: 3, per: { calendarDays: 1 }, groupBy: ["creditor", "debt"] } };
    const repeat = { times: 4, everyMinutes: 60 };
    rule["examples"] = [
      { name: both("Four."), incidents: [{ repeat }], expect: "matches" },
      { name: both("Three of four."), incidents: [{ repeat }], judge: "e3", expect: "no-match" },
      { name: both("Not known."), incidents: [{ repeat, outcome: null }], expect: "cannot-tell" },
      { name: both("One a day."), incidents: [{ repeat: { times: 4, everyDays: 1 } }], expect: "no-match" },
    ];
    expect(checkCode(parseCode(stringify(code), "code.yaml"), {})).toEqual([]);
  });
});
