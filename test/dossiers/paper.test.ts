/** What a case officer reads: the paper in each language, as other people's PDF tools see it. */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { caseJson, countsOf } from "../../src/dossiers/case-json.ts";
import {
  choose,
  DEFAULT_OPTIONS,
  type Dossier,
  dossierLanguages,
  findingsByRule,
  ranges,
} from "../../src/dossiers/dossier.ts";
import { incidentsCsv } from "../../src/dossiers/incidents-csv.ts";
import { paperOf } from "../../src/dossiers/paper.ts";
import { makeParts } from "../../src/dossiers/parts.ts";
import { temporaryFolder } from "./sample-bag.ts";
import { sampleDossier, sampleMaterial } from "./sample-material.ts";

async function print(
  dossier: Dossier,
): Promise<{ path: string; text: string; info: string; fonts: string; bytes: Buffer }> {
  const folder = await temporaryFolder();
  await makeParts(dossier, folder);
  const path = join(folder, "dossier.pdf");
  const tool = (name: string, ...args: string[]) =>
    execFileSync(name, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return {
    path,
    text: tool("pdftotext", path, "-"),
    info: tool("pdfinfo", path),
    fonts: tool("pdffonts", path),
    bytes: await readFile(path),
  };
}

describe.each(dossierLanguages)("the paper in %s", (languages) => {
  let printed: Awaited<ReturnType<typeof print>>;
  let dossier: Dossier;
  beforeAll(async () => {
    dossier = sampleDossier(60, { languages });
    printed = await print(dossier);
  });
  const [zh, en] = [languages !== "en", languages !== "zh-CN"];

  it("is a tagged, archival PDF in that language with only our font in it", () => {
    expect(printed.info).toMatch(/Tagged: +yes/);
    expect(printed.info).toContain(zh ? "催收行为投诉材料" : "Complaint dossier on collection conduct");
    const raw = printed.bytes.toString("latin1");
    expect(raw).toMatch(/<pdfaid:part>3<\/pdfaid:part>/);
    expect(raw).toMatch(/<pdfaid:conformance>A<\/pdfaid:conformance>/);
    expect(raw).toMatch(zh ? /\/Lang ?\(zh/ : /\/Lang ?\(en/);
    const fonts = printed.fonts.trim().split("\n").slice(2);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts)
      expect(font).toMatch(/^[A-Z]{6}\+NotoSansSC-(Regular|SemiBold) +CID TrueType +Identity-H +yes yes yes/);
  });

  it("says every section's title, the caution and the page numbers in it", () => {
    const has = (chinese: string, english: string) => {
      expect(printed.text.includes(chinese)).toBe(zh);
      expect(printed.text.includes(english)).toBe(en);
    };
    has("摘要", "Summary");
    has("哪天、几点", "Which days, what hours");
    has("按规则的比对结果", "Findings by rule");
    has("事实由", "Facts as logged");
    has("逐次记录", "Every contact in order");
    has("被联系的其他人", "Other people contacted");
    has("证据目录", "Exhibit index");
    has("方法和核对", "Method and checking");
    has("“疑似触及”不是违规的结论。", "“Appears to match” is not a finding of breach.");
    has("第1页，共", "Page 1 of ");
    expect(printed.text).not.toContain("dossiers.");
    expect(printed.text).not.toContain("{{");
    expect(printed.text).not.toMatch(/illegal|违法/);
  });

  it("gives every contact, exhibit and fingerprint, and times with their offset", () => {
    for (const { sha256, number } of dossier.exhibits) {
      expect(printed.text).toContain(sha256);
      expect(printed.text).toContain(number);
    }
    expect(printed.text).toContain(dossier.keyFingerprint);
    expect(printed.text).toContain(dossier.history.hash);
    expect(printed.text).toContain("openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin");
    const known = dossier.incidents.filter(({ precision }) => precision === "exact" || precision === "about");
    expect(printed.text.match(/\d\d:\d\d \+08:00/g)!.length).toBeGreaterThanOrEqual(known.length);
    expect(printed.text).toContain(zh ? "约" : "about ");
    expect(printed.text).toContain(zh ? "时刻不详" : "time of day not known");
  });

  it("is structured for a screen reader: titles in order, a picture with words, tables with heads", () => {
    const structure = execFileSync("pdfinfo", ["-struct", printed.path], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const levels = [...structure.matchAll(/^ *H(\d) /gm)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(9);
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(structure).toMatch(/Figure[^]*?\/Scope \/Column/);
    expect(structure).toContain("TOCI");
    expect(printed.bytes.toString("latin1")).toContain("/Alt");
  });

  it("is the same bytes when made again", async () => {
    expect((await print(dossier)).bytes.equals(printed.bytes)).toBe(true);
  });
});

describe("the paper of an odd case", () => {
  it("is made of nothing at all", async () => {
    const empty = {
      ...sampleDossier(1),
      incidents: [],
      findings: [],
      exhibits: [],
      notices: [],
      debts: [],
      collectors: [],
    };
    expect((await print(empty)).text).toContain("这段时间没有记下任何联系");
  });
  it("holds words of every kind, as long as a form takes them, without reading them as markup", async () => {
    const dossier = sampleDossier(3, { languages: "en" });
    const odd = [
      "\u202Egpj.exe",
      "𠮷野家 👨‍👩‍👧 ①②",
      '#import "/x" $ * _ ` @ < > \\ //',
      "e\u0301 é \u0007 \t x\r\ny",
      "x".repeat(5000),
      "长".repeat(20_000),
      "العربية हिन्दी",
    ];
    dossier.incidents = dossier.incidents.map((incident, i) => ({
      ...incident,
      said: odd.slice(i * 2, i * 2 + 2).join("\n"),
      account: odd[6]!,
    }));
    dossier.case = { ...dossier.case, lender: `#strong[x] ${"y".repeat(150)}`, borrower: "\u200B" };
    // Places where a long run may be broken are no part of the words.
    const text = (await print(dossier)).text.replaceAll("\u200B", "");
    expect(text).toContain("[U+202E]gpj.exe");
    expect(text).toContain("[U+20BB7]野家 [U+1F468][U+1F469][U+1F467] ①②");
    expect(text).toContain('#import "/x" $ * _ ` @ < > \\ //');
    expect(text).toContain("é é [U+0007]");
  });
  it("spans years and several codes' hours without losing a contact", async () => {
    const dossier = sampleDossier(12, { languages: "en" });
    dossier.incidents = dossier.incidents
      .map((incident, i) => ({ ...incident, at: incident.at - i * 200 * 86_400_000, precision: "exact" as const }))
      .toReversed();
    const picture = paperOf(dossier).sections[1]!.blocks.find((block) => block.k === "picture");
    expect(
      picture?.k === "picture" && picture.panels.flatMap(({ days }) => days.flatMap(({ dots }) => dots)).length,
    ).toBe(12);
    expect((await print(dossier)).info).toMatch(/Pages: +\d+/);
  });
  it("says no more of a notice's time than is known", async () => {
    const dossier = sampleDossier(1, { languages: "en" });
    const day = Date.parse("2026-10-16T23:59:59.999+08:00");
    dossier.notices = [{ ...dossier.notices[0]!, sentAt: day, receivedAt: null }];
    const { text } = await print(dossier);
    expect(text).toContain("Fri 16 Oct 2026");
    expect(text).not.toContain("23:59");
  });
  it("is refused, not spoilt, when the template is broken by its data", async () => {
    const broken = { ...sampleDossier(1), codes: [] };
    await expect(print(broken)).rejects.toThrow("the dossier does not hold that code");
  });
});

describe("the table and the picture", () => {
  it("have the same number of contacts", () => {
    const { sections } = paperOf(sampleDossier(300));
    const blocks = sections[1]!.blocks;
    const dots = blocks.flatMap((block) =>
      block.k === "picture" ? block.panels.flatMap(({ days }) => days.flatMap((day) => day.dots)) : [],
    );
    const table = blocks.find((block) => block.k === "table" && block.dense);
    expect(dots).toHaveLength(300);
    expect(table?.k === "table" && table.rows.at(-1)!.at(-1)).toBe("300");
  });
});

describe("choosing what goes in", () => {
  const material = sampleMaterial(90);
  it("takes the contacts of the period by local day, both ends included", () => {
    const chosen = choose(material, { ...DEFAULT_OPTIONS, from: "2026-09-10", to: "2026-09-12" });
    const days = chosen.incidents.map(({ at }) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10));
    expect(days.every((day) => day >= "2026-09-10" && day <= "2026-09-12")).toBe(true);
    expect(days.length).toBeGreaterThan(0);
    const ids = new Set(chosen.incidents.map(({ id }) => id));
    expect(chosen.findings.every(({ incident }) => ids.has(incident))).toBe(true);
  });
  it("leaves out what a person dismissed, or all that nobody confirmed", () => {
    const verdicts = (reviews: "all" | "not-dismissed" | "confirmed") =>
      new Set(choose(material, { ...DEFAULT_OPTIONS, reviews }).findings.map(({ review }) => review?.verdict));
    expect(verdicts("all")).toEqual(new Set([undefined, "confirmed", "dismissed"]));
    expect(verdicts("not-dismissed")).toEqual(new Set([undefined, "confirmed"]));
    expect(verdicts("confirmed")).toEqual(new Set(["confirmed"]));
  });
  it("puts rules that appear to match first", () => {
    const outcomes = findingsByRule(material).map(({ findings }) =>
      findings.some(({ outcome }) => outcome === "matches"),
    );
    expect(outcomes).toEqual([...outcomes].sort((a, b) => Number(b) - Number(a)));
  });
  it.each([
    [[1, 2, 3, 7], "1–3, 7"],
    [[5, 4], "4, 5"],
    [[9, 9, 1], "1, 9"],
    [[], ""],
  ])("writes %j as %j", (numbers, text) => {
    expect(ranges(numbers)).toBe(text);
  });
});

describe("incidents.csv", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+86 10", "'+86 10"],
    ["-2", "'-2"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["＝1", "'＝1"],
    ["\t=1", '"\'\t=1"'],
    [" \n=cmd|'/C calc'!A0", "\"' \n=cmd|'/C calc'!A0\""],
    ['a "b", c', '"a ""b"", c"'],
    ["plain", "plain"],
  ])("writes %j as %j", (said, cell) => {
    const dossier = sampleDossier(1);
    dossier.incidents = [{ ...dossier.incidents[0]!, said, account: "end" }];
    expect(incidentsCsv(dossier)).toContain(`,${cell},end,`);
  });
  it("is read back by another program, row by row, in UTF-8", async () => {
    const dossier = sampleDossier(60);
    const folder = await temporaryFolder();
    await makeParts(dossier, folder);
    const script =
      "import csv,sys,json; print(json.dumps([[r['number'],r['said']] for r in csv.DictReader(open(sys.argv[1],encoding='utf-8-sig',newline=''))]))";
    const rows = JSON.parse(
      execFileSync("python3", ["-c", script, join(folder, "incidents.csv")], { encoding: "utf8" }),
    ) as string[][];
    expect(rows).toEqual(dossier.incidents.map(({ number, said = "" }) => [String(number), said]));
  });
});

describe("case.json", () => {
  it("counts what bag-info.txt says", () => {
    const dossier = sampleDossier(60);
    const content = JSON.parse(caseJson(dossier)) as Record<string, unknown[]>;
    for (const [label, value] of countsOf(dossier)) {
      const kind = label.replace("Count-", "").toLowerCase();
      // Events are in a file of their own.
      const count = kind === "events" ? dossier.history.seq : content[kind]?.length;
      expect([kind, count]).toEqual([kind, Number(value)]);
    }
  });
});
