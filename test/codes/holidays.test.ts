/** Public holidays through the kept library: what a code gets, what of it is certain, and copies that judge the same without it. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { textWithHolidays, withHolidays } from "../../src/codes/holidays.ts";
import { type CodeLibrary, createCodeLibrary } from "../../src/codes/library.ts";
import { loadCode, parseCode } from "../../src/codes/load.ts";
import { compileJudge, judgeCase } from "../../src/conduct/classify.ts";
import type { Code } from "../../src/conduct/code.ts";
import { codeOf, incident } from "../conduct/small-code.ts";

const indonesia = join(import.meta.dirname, "../../data/codes/id-pojk-22-2023.yaml");

/** What a rule "not on a public holiday" finds at noon of each date. */
function answers(code: Code, dates: string[], rule = "xx.r1"): string[] {
  const incidents = dates.map((date) => incident(`${date}T12:00`));
  const facts = { zone: "Asia/Jakarta", lenderKind: "bank" } as const;
  const findings = judgeCase(compileJudge([code]), facts, incidents, { all: true });
  return incidents.map(({ id }) => findings.find((one) => one.incident === id && one.rule === rule)!.outcome);
}

const onHoliday = (holidays: object, more: object = {}) =>
  withHolidays(codeOf([{ when: { publicHoliday: true } }], { holidays, ...more }));

describe("public holidays of a country", () => {
  const calendar = { country: "ID", types: ["public"], through: 2027 };

  it("are those of the calendar; a feast by the moon, and the days beside it, go to a person", () => {
    const code = onHoliday(calendar);
    expect(answers(code, ["2027-08-17", "2027-08-18"])).toEqual(["matches", "no-match"]);
    // 1 and 2 Shawwal fall on 9 and 10 March 2027 by reckoning; Nyepi, on the 8th, is certain.
    const march = ["2027-03-07", "2027-03-08", "2027-03-09", "2027-03-10", "2027-03-11", "2027-03-12"];
    expect(answers(code, march)).toEqual([
      "no-match",
      "matches",
      "needs-review",
      "needs-review",
      "needs-review",
      "no-match",
    ]);
  });

  it("are not known outside the years for which the calendar is complete", () => {
    const from2025 = onHoliday({ ...calendar, from: 2025 });
    expect(answers(from2025, ["2024-08-17", "2028-08-17"])).toEqual(["cannot-tell", "cannot-tell"]);
  });

  it("give way to the years that the code lists itself", () => {
    const code = onHoliday(calendar, { publicHolidays: { "2027": ["2027-03-10"] } });
    expect(answers(code, ["2027-03-09", "2027-03-10", "2027-08-17"])).toEqual(["no-match", "matches", "no-match"]);
  });

  it("tell a person that the date is estimated", () => {
    const [finding] = judgeCase(compileJudge([onHoliday(calendar)]), { zone: "Asia/Jakarta" }, [
      incident("2027-03-10T12:00"),
    ]);
    expect(finding?.because.en).toContain("may have been a public holiday");
    expect(finding?.because["zh-CN"]).toContain("可能是法定节假日");
  });

  it("refuse a country that the calendar does not know, at its line", () => {
    const broken = stringify({
      ...codeOf([{ when: { publicHoliday: true } }]),
      holidays: { country: "ZZ", types: ["public"], from: 2030, through: 2020 },
    });
    expect(() => parseCode(broken, "c.yaml")).toThrow(
      /c\.yaml:\d+:\d+: holidays\.country: ZZ is not a country of the calendar/,
    );
    expect(() => parseCode(broken, "c.yaml")).toThrow(/holidays\.through: is 2020, before it begins in 2030/);
  });
});

describe("the Indonesian code", () => {
  let library: CodeLibrary;
  beforeAll(async () => {
    library = await createCodeLibrary();
  });

  it("lists more than the library: what that calls certain was decreed, and beyond its estimates lie Easter Sundays and elections", () => {
    const { code } = loadCode(indonesia);
    const { publicHolidays, ...rest } = code;
    const { years, estimated } = withHolidays({
      ...rest,
      holidays: { ...code.holidays!, from: 2024, through: 2026 },
      resolvedHolidays: undefined,
    }).resolvedHolidays!;
    const certain = new Set(Object.values(years).flat());
    const decreed = Object.values(publicHolidays!).flat();
    // What the library calls certain was decreed …
    expect([...certain].filter((date) => !decreed.includes(date))).toEqual([]);
    // … and each decreed feast by the moon lies within a day of where the library reckons it.
    const beyond = decreed.filter((date) => !certain.has(date) && !estimated.includes(date));
    expect(beyond).toEqual(["2024-02-14", "2024-03-31", "2024-11-27", "2025-04-20", "2026-04-05"]);
  });

  it("goes into a dossier with its dates written down, and judges by them without the calendar", () => {
    const text = textWithHolidays(library.text("id-pojk-22-2023"), library.get("id-pojk-22-2023")!);
    expect(text).toMatch(/resolvedHolidays:\n {2}by: date-holidays \d+\.\d+\.\d+\n/);
    const copy = parseCode(text.replace('"2027-08-17"', '"2027-08-18"'), "copy.yaml").code;
    expect(answers(copy, ["2027-08-17", "2027-08-18"], "id.time")).toEqual(["no-match", "matches"]);
    const same = parseCode(text, "copy.yaml").code;
    const dates = ["2023-12-25", "2026-03-20", "2026-03-21", "2027-03-10", "2027-08-17", "2027-08-18", "2028-03-14"];
    expect(answers(same, dates, "id.time")).toEqual(answers(library.get("id-pojk-22-2023")!, dates, "id.time"));
  });

  it("leaves codes without a calendar as they are installed", () => {
    const us = "us-fdcpa-regulation-f";
    expect(textWithHolidays(library.text(us), library.get(us)!)).toBe(library.text(us));
  });
});
