import { describe, expect, it } from "vitest";
import { Finding } from "../../src/conduct/finding.ts";
import { dunwatch, filesWith } from "./run-cli.ts";

const CN = "cn-online-consumer-credit";
const matter = { zone: "Asia/Shanghai", lenderKind: "consumer-finance", reachable: true };
const call = (id: string, time: string, more: object = {}) => ({
  id,
  channel: "call",
  happenedAt: `2025-09-01T${time}:00+08:00`,
  outcome: "conversation",
  purpose: "interactive",
  contacted: "self",
  creditor: "L",
  collector: "A",
  debt: "D1",
  disclosed: ["institution"],
  ...more,
});
const lines = (values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const findings = (stdout: string) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => Finding.parse(JSON.parse(line)));

async function classify(incidents: string, context: object | string = matter, ...more: string[]) {
  const files = await filesWith({
    "incidents.jsonl": incidents,
    "case.json": typeof context === "string" ? context : JSON.stringify(context),
  });
  return {
    files,
    ...(await dunwatch(["classify", "--input", files["incidents.jsonl"], "--case", files["case.json"], ...more])),
  };
}

describe("dunwatch classify", () => {
  it("prints findings of the public shape, one a line, and exits 0", async () => {
    const ran = await classify(lines([call("a", "23:15"), call("b", "23:30")]), matter, "--code", CN);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(findings(ran.stdout).map(({ rule, outcome, incident }) => [rule, outcome, incident])).toEqual([
      ["cn.gbt.time", "matches", "a"],
      ["cn.gbt.time", "matches", "b"],
    ]);
  });

  it("gives the same whatever the order of the input, from a file and from standard input", async () => {
    const calls = ["09:00", "10:00", "11:00", "12:00", "22:30"].map((time, index) => call(`c${index}`, time));
    const sorted = await classify(lines(calls), matter, "--code", CN);
    const reversed = await classify(lines(calls.toReversed()), matter, "--code", CN);
    const piped = await dunwatch(
      ["classify", "--input", "-", "--case", sorted.files["case.json"], "--code", CN],
      lines(calls),
    );
    expect(findings(sorted.stdout).map(({ rule }) => rule)).toEqual([
      "cn.gbt.freq.interactive",
      "cn.gbt.time",
      "cn.gbt.freq.interactive",
    ]);
    expect(reversed.stdout).toBe(sorted.stdout);
    expect(piped.stdout).toBe(sorted.stdout);
  });

  it("says with --all which rules do not match, and takes the codes from the case", async () => {
    const ran = await classify(lines([call("a", "12:00")]), { ...matter, codes: [CN] }, "--all");
    const time = findings(ran.stdout).find(({ rule }) => rule === "cn.gbt.time");
    expect(time).toMatchObject({
      outcome: "no-match",
      because: { en: "12:00 local time does not lie between 22:00 and 08:00." },
    });
  });

  it.each([
    [
      "a word that is not in the list",
      lines([call("a", "12:00"), call("b", "12:00", { channel: "fax" })]),
      ":2: channel: ",
    ],
    ["a missing field", `{"id":"a","channel":"call"}\n`, ":1: happenedAt: is missing"],
    [
      "a day that does not exist",
      lines([call("a", "12:00", { happenedAt: "2025-02-30T10:00" })]),
      ":1: happenedAt: is a date or time that does not exist",
    ],
    [
      "an id that is there already, among thousands",
      lines([...Array(5000).keys()].map((n) => call(`c${n}`, "12:00"))) + lines([call("c7", "12:00")]),
      ":5001: id: “c7” is the id of line 8 already",
    ],
    ["a line that is not JSON, after an empty one", `\n{"id":\n`, ":2: is not JSON"],
  ])("refuses %s with file, line and field, and prints no findings", async (_name, incidents, message) => {
    const ran = await classify(incidents, matter, "--code", CN);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(`${ran.files["incidents.jsonl"]}${message}`);
    expect(ran.stderr).not.toContain("    at ");
  });

  it.each([
    ["a zone that does not exist", { ...matter, zone: "Mars/Olympus" }, ["--code", CN], "zone: is not a time zone"],
    ["no zone", { lenderKind: "bank" }, ["--code", CN], "zone: is missing"],
    ["a case that is not JSON", "{", ["--code", CN], "is not JSON"],
    ["no code at all", matter, [], "names no code of conduct"],
    ["an unknown code", matter, ["--code", "xx-nowhere"], "xx-nowhere: is neither a file nor an installed code"],
    ["an unknown option", matter, ["--code", CN, "--fast"], "--fast"],
  ])("refuses %s", async (_name, context, more, message) => {
    const ran = await classify("", context, ...more);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toContain("    at ");
  });

  it("says which file is not there", async () => {
    const ran = await dunwatch(["classify", "--input", "/nowhere/i.jsonl", "--case", "/nowhere/case.json"]);
    expect(ran).toMatchObject({ code: 2, stderr: "/nowhere/case.json: there is no such file\n" });
  });

  it("judges by a code from a file, and refuses a broken one with file, line and column", async () => {
    const files = await filesWith({ "code.yaml": "id: x\n", "i.jsonl": "", "case.json": JSON.stringify(matter) });
    const ran = await dunwatch([
      "classify",
      "--input",
      files["i.jsonl"],
      "--case",
      files["case.json"],
      "--code",
      files["code.yaml"],
    ]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`${files["code.yaml"]}:1:1: id: `);
  });
});

describe("dunwatch", () => {
  it("says what it can do, and refuses what it cannot", async () => {
    expect(await dunwatch(["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("classify") });
    expect(await dunwatch(["frobnicate"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no command "frobnicate"'),
    });
    expect(await dunwatch(["toString"])).toMatchObject({ code: 2 });
  });

  it.each(["incident", "case", "finding", "code"])("prints the JSON Schema of %s", async (name) => {
    const ran = await dunwatch(["schema", name]);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ type: "object", properties: expect.any(Object) });
  });

  it("lists the installed codes and refuses an unknown schema", async () => {
    expect((await dunwatch(["codes", "list"])).stdout).toContain(CN);
    expect(await dunwatch(["schema", "dossier"])).toMatchObject({ code: 2, stdout: "" });
  });

  it("says with --all of each rule that does not match which condition decided, in both languages", async () => {
    const ran = await classify(lines([call("a", "12:00"), call("b", "12:10", { channel: "letter" })]), matter, "--code", CN, "--all"); // prettier-ignore
    const silent = findings(ran.stdout).filter(({ outcome }) => outcome === "no-match");
    const why = (incident: string, rule: string) =>
      silent.find((one) => one.incident === incident && one.rule === rule);
    expect(why("a", "cn.gbt.time")).toMatchObject({
      why: { reason: "time", condition: "localTime" },
      because: {
        en: "12:00 local time does not lie between 22:00 and 08:00.",
        "zh-CN": "当地时间12:00不在22:00至08:00之间。",
      },
    });
    expect(why("a", "cn.gbt.freq.interactive")?.why).toEqual({ reason: "count", condition: "count" });
    expect(why("b", "cn.gbt.time")?.why).toEqual({ reason: "channel", condition: "channel" });
    expect(silent.every((one) => one.why !== undefined)).toBe(true);
    expect(findings(ran.stdout).filter((one) => one.outcome !== "no-match" && one.why !== undefined)).toEqual([]);
  });
});
