import { describe, expect, it } from "vitest";
import { compileJudge, judgeCase } from "../../src/conduct/classify.ts";
import type { Incident } from "../../src/conduct/incident.ts";
import { caseOf, codeOf, findingsOf, incident, outcomesOf, ruleOf } from "./small-code.ts";

const daily = ruleOf({
  count: {
    of: "conversations",
    where: { channel: ["call"] },
    over: 3,
    per: { calendarDays: 1 },
    groupBy: ["creditor"],
  },
});
const weekly = ruleOf({
  count: { of: "placed", where: { channel: ["call"] }, over: 7, per: { rollingDays: 7 }, groupBy: ["debt"] },
});
const at = (hours: number[], more: Record<string, unknown> = {}): Incident[] =>
  hours.map((hour) => incident(`2025-09-01T${String(hour).padStart(2, "0")}:00`, more));

describe("counts of a day", () => {
  it("trips at the first over the limit and each later one, with the whole set", () => {
    const calls = at([9, 11, 13, 15, 17]);
    const findings = findingsOf(daily, calls);
    expect(findings.map(({ incident: id }) => id)).toEqual([calls[3]!.id, calls[4]!.id]);
    expect(findings[0]!.counted).toEqual(calls.slice(0, 4).map(({ id }) => id));
    expect(findings[1]!.counted).toEqual(calls.map(({ id }) => id));
    expect(findings[0]!.because).toEqual({
      en: "This is the 4th conversation of 1 September 2025; the limit is 3.",
      "zh-CN": "这是2025年9月1日的第4次通话；上限为3次。",
    });
  });

  it("counts only what it says: outcome, channel, direction and group", () => {
    for (const other of [
      { outcome: "connected" },
      { outcome: "unanswered" },
      { channel: "chat" },
      { direction: "outgoing" },
      { creditor: "M" },
    ]) {
      expect(outcomesOf(daily, [...at([9, 11, 13]), ...at([15], other)])).not.toContain("matches");
      expect(outcomesOf(daily, [...at([9], other), ...at([11, 13, 15])])).not.toContain("matches");
    }
  });

  it("begins anew at local midnight, at the end of a year too", () => {
    const late = ["20:00", "21:00", "23:59:59"].map((time) => incident(`2025-12-31T${time}`));
    const next = ["00:00", "00:01", "00:02"].map((time) => incident(`2026-01-01T${time}`));
    expect(findingsOf(daily, [...late, ...next])).toEqual([]);
    expect(outcomesOf(daily, [...late, ...next, incident("2026-01-01T23:00")]).at(-1)).toBe("matches");
  });

  it("keeps a day of 25 hours one day", () => {
    const fold = ["04:30", "05:30", "06:30", "07:30"].map((time) => incident(`2026-11-01T${time}:00Z`));
    expect(outcomesOf(daily, fold, caseOf({ zone: "America/New_York" })).at(-1)).toBe("matches");
  });

  it("cannot tell where outcomes are missing, at the first that could be over", () => {
    const calls = at([9, 11, 13, 15], { outcome: undefined });
    const findings = findingsOf(daily, calls);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ outcome: "cannot-tell", incident: calls[3]!.id, missing: ["outcome"] });
    expect(findings[0]!.counted).toHaveLength(4);
    expect(outcomesOf(daily, at([9, 11, 13], { outcome: "unknown" }))).toEqual(["no-match", "no-match", "no-match"]);
  });

  it("cannot tell of an open one after the limit, and is sure again of the next", () => {
    const calls = [...at([9, 11, 13]), ...at([14], { outcome: "unknown" }), ...at([15])];
    expect(outcomesOf(daily, calls)).toEqual(["no-match", "no-match", "no-match", "cannot-tell", "matches"]);
  });

  it("takes one without a group as perhaps of every group, and names the field", () => {
    const calls = [...at([9, 11, 13]), ...at([15], { creditor: undefined })];
    const findings = findingsOf(daily, calls);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ outcome: "cannot-tell", incident: calls[3]!.id, missing: ["creditor"] });
    // The other way round: three open ones first.
    expect(outcomesOf(daily, [...at([9, 11, 13], { creditor: undefined }), ...at([15])]).at(-1)).toBe("cannot-tell");
    // Absent on all is one group.
    expect(outcomesOf(daily, at([9, 11, 13, 15], { creditor: undefined })).at(-1)).toBe("matches");
  });

  it("takes a contact of which only the month is known on no day", () => {
    const vague = incident("2025-09-01T00:00", { precision: "month" });
    const calls = [vague, ...at([9, 11, 13])];
    expect(outcomesOf(daily, calls)).toEqual(["cannot-tell", "no-match", "no-match", "no-match"]);
    expect(findingsOf(daily, calls)[0]).toMatchObject({ missing: ["date"] });
    expect(outcomesOf(daily, [incident("2025-09-01T00:00", { precision: "day" }), ...at([9, 11, 13])]).at(-1)).toBe(
      "matches",
    );
  });
});

describe("kinds of counting", () => {
  const limit0 = (of: string) =>
    ruleOf({ count: { of, over: 0, per: { calendarDays: 1 }, groupBy: ["debt"] } } as never);
  const outcomes = ["conversation", "connected", "unanswered", "voicemail-left", "blocked", "not-connected", "unknown"];
  it.each([
    ["placed", ["conversation", "connected", "unanswered", "voicemail-left", "blocked", "unknown"], []],
    ["connected", ["conversation", "connected"], ["unknown"]],
    ["conversations", ["conversation"], ["unknown"]],
    ["unanswered", ["unanswered", "voicemail-left", "blocked", "not-connected"], ["unknown"]],
  ])("%s", (of, surely, perhaps) => {
    const answer = (outcome: string) =>
      surely.includes(outcome) ? "matches" : perhaps.includes(outcome) ? "cannot-tell" : "no-match";
    expect(outcomes.map((outcome) => [outcome, ...outcomesOf(limit0(of), at([9], { outcome }))])).toEqual(
      outcomes.map((outcome) => [outcome, answer(outcome)]),
    );
  });
});

describe("rolling days", () => {
  const on = (dates: number[]) => dates.map((date) => incident(`2026-02-${String(date).padStart(2, "0")}T12:00`));

  it("counts N consecutive local days that end with the incident's", () => {
    expect(outcomesOf(weekly, on([2, 3, 4, 5, 6, 7, 8, 8])).at(-1)).toBe("matches");
    expect(outcomesOf(weekly, on([1, 3, 4, 5, 6, 7, 8, 8])).at(-1)).toBe("no-match");
    const [finding] = findingsOf(weekly, on([2, 3, 4, 5, 6, 7, 8, 8]));
    expect(finding!.because.en).toBe(
      "This is the 8th contact attempt in the 7 days from 2 February 2026 to 8 February 2026; the limit is 7.",
    );
  });

  it("stays over while the window does, and falls back with it", () => {
    expect(outcomesOf(weekly, on([2, 2, 2, 2, 2, 2, 2, 2, 8, 9]))).toEqual([
      ...Array(7).fill("no-match"),
      "matches",
      "matches",
      "no-match",
    ]);
  });

  it("does not grow as a square: 10,000 calls in one day take about ten times as long as 1,000", () => {
    const judge = compileJudge([daily, weekly]);
    const day = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        incident(new Date(Date.UTC(2025, 8, 1) + Math.floor((n * 50_000_000) / count)).toISOString(), {
          debt: n % 3 === 0 ? undefined : `D${n % 977}`,
          creditor: n % 5 === 0 ? undefined : "L",
        }),
      );
    const time = (incidents: Incident[]) => {
      const start = performance.now();
      judgeCase(judge, caseOf(), incidents);
      return performance.now() - start;
    };
    const small = day(1_000);
    const large = day(10_000);
    time(small);
    expect(time(large)).toBeLessThan(40 * Math.max(time(small), 20));
  }, 60_000);

  it("shows the last hundred of a counted set that is longer", () => {
    const calls = Array.from({ length: 150 }, (_, n) =>
      incident(new Date(Date.UTC(2025, 8, 1) + n * 60_000).toISOString()),
    );
    const last = findingsOf(daily, calls).at(-1)!;
    expect(last.counted).toEqual(calls.slice(-100).map(({ id }) => id));
    expect(last.because.en).toContain("150th");
  });
});

describe("an agreed number of contacts", () => {
  const code = codeOf([
    {
      when: { count: { of: "conversations", over: 3, per: { calendarDays: 1 }, groupBy: ["creditor"] } },
      unless: [{ title: { en: "agreed", "zh-CN": "约定" }, when: { agreed: "consent-frequency" } }],
    },
  ]);
  it("lifts the limit to itself", () => {
    const context = caseOf({
      notices: [{ id: "n", kind: "consent-frequency", sentAt: "2025-08-01T09:00", detail: { perDay: 5 } }],
    });
    expect(outcomesOf(code, at([9, 10, 11, 12, 13, 14]), context)).toEqual([...Array(5).fill("no-match"), "matches"]);
  });
});
