import { describe, expect, it } from "vitest";
import { caseOf, findingsOf, incident, outcomesOf, ruleOf } from "./small-code.ts";

const cn = ruleOf(
  { localTime: { from: "22:00", to: "08:00", fromEdge: "person", toEdge: "person" } },
  { unless: [{ title: { en: "agreed", "zh-CN": "约定" }, when: { agreed: "consent-time" } }] },
);
const us = ruleOf({ localTime: { from: "21:00", to: "08:00", fromEdge: "out", toEdge: "out" } });

describe("hours of the local day", () => {
  it.each([
    ["20:59", "no-match"],
    ["21:00", "no-match"],
    ["21:00:01", "matches"],
    ["21:01", "matches"],
    ["23:59:59", "matches"],
    ["00:00", "matches"],
    ["07:59", "matches"],
    ["08:00", "no-match"],
    ["08:01", "no-match"],
  ])("edges that do not belong: %s in Chicago is %s", (time, outcome) => {
    const context = caseOf({ zone: "America/Chicago" });
    expect(outcomesOf(us, [incident(`2026-02-03T${time}`)], context)).toEqual([outcome]);
  });

  it.each([
    ["21:59:59", "no-match"],
    ["22:00:00", "needs-review"],
    ["22:00:00.001", "matches"],
    ["22:00:01", "matches"],
    ["07:59:59", "matches"],
    ["08:00:00", "needs-review"],
    ["08:00:01", "no-match"],
  ])("edges left to a person: %s is %s", (time, outcome) => {
    expect(outcomesOf(cn, [incident(`2025-09-01T${time}`)])).toEqual([outcome]);
  });

  it.each([
    ["21:29", "no-match"],
    ["21:30", "needs-review"],
    ["22:05", "needs-review"],
    ["22:30", "needs-review"],
    ["22:31", "matches"],
    ["07:29", "matches"],
    ["07:45", "needs-review"],
    ["08:31", "no-match"],
  ])("about %s is %s, for half an hour either way", (time, outcome) => {
    expect(outcomesOf(cn, [incident(`2025-09-01T${time}`, { precision: "about" })])).toEqual([outcome]);
  });

  it.each([
    ["08:30", "needs-review"],
    ["21:29", "no-match"],
  ])("about %s, half an hour from the edge in the morning at most, is %s", (time, outcome) => {
    expect(outcomesOf(cn, [incident(`2025-09-01T${time}`, { precision: "about" })])).toEqual([outcome]);
  });

  it.each([
    ["23:30", "needs-review"],
    ["23:29", "no-match"],
    ["00:30", "needs-review"],
    ["00:31", "matches"],
    ["06:31", "no-match"],
  ])("an edge at midnight is near from either day: about %s is %s", (time, outcome) => {
    const night = ruleOf({ localTime: { from: "00:00", to: "06:00", fromEdge: "in", toEdge: "out" } });
    expect(outcomesOf(night, [incident(`2025-09-01T${time}`, { precision: "about" })])).toEqual([outcome]);
  });

  it("hours that end when they begin are the whole day, for which no time need be known", () => {
    const always = ruleOf({ localTime: { from: "08:00", to: "08:00", fromEdge: "out", toEdge: "out" } });
    const any = [incident("2025-09-01T08:00"), incident("2025-09-01T00:00", { precision: "day" })];
    expect(outcomesOf(always, any)).toEqual(["matches", "matches"]);
  });

  it("hours within a day are those between, not those round midnight", () => {
    const office = ruleOf({ localTime: { from: "09:00", to: "17:00", fromEdge: "in", toEdge: "out" } });
    const at = ["08:59", "09:00", "16:59", "17:00", "23:00"].map((time) => incident(`2025-09-01T${time}`));
    expect(outcomesOf(office, at)).toEqual(["no-match", "matches", "matches", "no-match", "no-match"]);
  });

  it("cannot tell without a time of day, and names it", () => {
    for (const precision of ["day", "month"]) {
      const [finding] = findingsOf(cn, [incident("2025-09-01T00:00", { precision })]);
      expect(finding).toMatchObject({ outcome: "cannot-tell", missing: ["time-of-day"] });
    }
    const [month] = findingsOf(cn, [incident("2025-09-13T00:00", { precision: "month" })]);
    expect(month?.at).toBe("2025-09");
    expect(month?.because.en).not.toContain("13");
  });

  it("reads the clock where the borrower is, through gaps and folds", () => {
    const newYork = caseOf({ zone: "America/New_York" });
    expect(outcomesOf(us, [incident("2026-02-03T21:30:00-05:00")], newYork)).toEqual(["matches"]);
    expect(outcomesOf(us, [incident("2026-02-04T02:30:00Z")], newYork)).toEqual(["matches"]);
    expect(outcomesOf(us, [incident("2026-07-03T12:30:00Z")], newYork)).toEqual(["no-match"]);
    // 07:30 EST does not exist as 08:30 EDT on the day of the gap.
    expect(outcomesOf(us, [incident("2026-03-08T11:59:00Z")], newYork)).toEqual(["matches"]);
    expect(outcomesOf(us, [incident("2026-03-08T12:01:00Z")], newYork)).toEqual(["no-match"]);
    const kolkata = caseOf({ zone: "Asia/Kolkata" });
    expect(outcomesOf(us, [incident("2026-02-03T02:29:00Z")], kolkata)).toEqual(["matches"]);
    expect(outcomesOf(us, [incident("2026-02-03T02:31:00Z")], kolkata)).toEqual(["no-match"]);
  });

  it("says the time, the hours and that nothing else was agreed", () => {
    const [finding] = findingsOf(cn, [incident("2025-09-01T22:43")]);
    expect(finding?.because).toEqual({
      en: "22:43 local time lies between 22:00 and 08:00. No other time was agreed on record.",
      "zh-CN": "当地时间22:43在22:00至08:00之间。没有另行约定时间的记录。",
    });
    expect(finding).toMatchObject({ basis: "record", at: "2025-09-01", missing: [], counted: [], quotes: [] });
  });

  it("respects an agreed time for as long as it stands", () => {
    const agreed = (detail: object) =>
      caseOf({ notices: [{ id: "n", kind: "consent-time", sentAt: "2025-08-01T12:00", detail }] });
    const late = incident("2025-09-01T22:43");
    const at22 = { hours: [{ from: "20:00", to: "23:00" }] };
    expect(outcomesOf(cn, [late], agreed(at22))).toEqual(["no-match"]);
    expect(outcomesOf(cn, [incident("2025-09-01T23:00")], agreed(at22))).toEqual(["matches"]);
    expect(outcomesOf(cn, [late], agreed({ ...at22, withdrawnAt: "2025-09-01T22:43" }))).toEqual(["matches"]);
    expect(outcomesOf(cn, [late], agreed({ ...at22, withdrawnAt: "2025-09-01T22:44" }))).toEqual(["no-match"]);
    expect(outcomesOf(cn, [incident("2025-07-31T22:43")], agreed(at22))).toEqual(["matches"]);
  });

  it("knows weekdays and public holidays, and the years it has no list for", () => {
    const sunday = ruleOf({ weekday: [7] });
    expect(outcomesOf(sunday, [incident("2026-11-22T10:00"), incident("2026-11-23T10:00")])).toEqual([
      "matches",
      "no-match",
    ]);
    const holiday = { ...ruleOf({ publicHoliday: true }), publicHolidays: { "2026": ["2026-10-01"] } };
    expect(outcomesOf(holiday, [incident("2026-10-01T10:00"), incident("2026-10-02T10:00")])).toEqual([
      "matches",
      "no-match",
    ]);
    expect(findingsOf(holiday, [incident("2027-10-01T10:00")])[0]).toMatchObject({
      outcome: "cannot-tell",
      missing: ["code.publicHolidays"],
    });
  });
});
