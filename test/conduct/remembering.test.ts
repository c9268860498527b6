/** What rules remember of earlier contacts, where it is easily remembered wrongly: long memories, gaps in notes, changes afterwards. */
import { describe, expect, it } from "vitest";
import { compileJudge } from "../../src/conduct/classify.ts";
import { LiveCase } from "../../src/conduct/live-case.ts";
import { caseOf, findingsOf, incident, outcomesOf, ruleOf } from "./small-code.ts";

const coolDown = ruleOf({
  channel: ["call"],
  coolDown: { after: { outcome: ["conversation"] }, days: 7, groupBy: ["debt"] },
});
const unanswered = (happenedAt: string, more: Record<string, unknown> = {}) =>
  incident(happenedAt, { outcome: "unanswered", ...more });

describe("a cool-down", () => {
  it("does not start with a conversation of which only the month is known", () => {
    const talk = incident("2025-09-01T12:00", { precision: "month" });
    expect(outcomesOf(coolDown, [talk, unanswered("2025-09-03T12:00")])[1]).toBe("no-match");
  });

  it("stays open when one conversation may have gone before and another began at the same moment", () => {
    const someTime = incident("2025-09-03T00:00", { precision: "day" });
    const same = incident("2025-09-03T10:00");
    expect(outcomesOf(coolDown, [someTime, same, unanswered("2025-09-03T10:00")])[2]).toBe("cannot-tell");
    expect(outcomesOf(coolDown, [same, unanswered("2025-09-03T10:00")])[1]).toBe("no-match");
  });

  it("knows what it can of days and months without an hour", () => {
    const dayOnly = (day: string) => incident(`2025-09-${day}T00:00`, { precision: "day" });
    const call = unanswered("2025-09-03T12:00");
    // A day before is before, whatever the hour; a talk is not before itself; in that month may be before or after.
    expect(outcomesOf(coolDown, [dayOnly("01"), call])[1]).toBe("matches");
    expect(outcomesOf(coolDown, [dayOnly("03")])).toEqual(["no-match"]);
    const month = unanswered("2025-09-03T12:00", { precision: "month" });
    expect(outcomesOf(coolDown, [incident("2025-09-01T12:00"), month])[1]).toBe("cannot-tell");
    const first = dayOnly("03");
    const second = dayOnly("03");
    const open = findingsOf(coolDown, [first, second, call]).find((finding) => finding.incident === call.id);
    expect(open).toMatchObject({ outcome: "cannot-tell", counted: [first.id, call.id], missing: ["time-of-day"] });
  });

  it("may hold for a contact about a debt that is not known, once such contacts came up", () => {
    const nobodys = (day: string) => unanswered(`2025-09-${day}T12:00`, { debt: undefined });
    const list = [nobodys("01"), incident("2025-09-02T12:00"), nobodys("03")];
    expect(outcomesOf(coolDown, list)).toEqual(["no-match", "no-match", "cannot-tell"]);
  });

  it("holds for a contact that is added later", () => {
    const judge = compileJudge([coolDown]);
    const live = new LiveCase(judge, caseOf(), [incident("2025-09-01T12:00"), unanswered("2025-09-20T12:00")]);
    const call = unanswered("2025-09-03T12:00");
    live.put(call);
    expect(live.findings.map((finding) => finding.incident)).toEqual([call.id]);
  });

  it("is judged again for its days and no longer when a conversation is added or removed", () => {
    const days = ["02", "07", "08", "20"].map((day) => unanswered(`2025-09-${day}T12:00`));
    const live = new LiveCase(compileJudge([coolDown]), caseOf(), days);
    expect(live.findings).toEqual([]);
    const talk = incident("2025-09-01T12:00");
    // Itself and the calls of the 2nd and the 7th, which is day 7.
    expect(live.put(talk)).toBe(3);
    expect(live.findings.map((finding) => finding.incident)).toEqual([days[0]!.id, days[1]!.id]);
    expect(live.put({ ...talk, id: "month", precision: "month" })).toBe(1);
    expect(live.remove("month")).toBe(0);
    expect(live.remove(talk.id)).toBe(2);
    expect(live.findings).toEqual([]);
  });
});

describe("a count over days", () => {
  const weekly = ruleOf({ count: { of: "placed", over: 20, per: { rollingDays: 7 }, groupBy: ["creditor"] } });
  /** Three calls a day. */
  const calls = (days: number, more: Record<string, unknown> = {}) =>
    Array.from({ length: days * 3 }, (_none, index) => {
      const day = new Date(Date.UTC(2025, 0, 1 + Math.floor(index / 3))).toISOString().slice(0, 10);
      return unanswered(`${day}T${10 + (index % 3)}:00`, more);
    });

  it("forgets what lies before its days, and only that, for months", () => {
    const list = calls(90);
    const findings = findingsOf(weekly, list);
    // From the seventh day on, the last call of a day is the 21st within seven days.
    expect(findings.map((finding) => finding.incident)).toEqual(
      list.filter((_one, index) => index >= 20 && index % 3 === 2).map(({ id }) => id),
    );
    for (const finding of findings) {
      expect(finding.because.en).toContain("21st");
      expect(finding.counted).toHaveLength(21);
    }
  });

  it("is judged again for its days and no longer when a contact is added", () => {
    const list = calls(20).filter((_one, index) => index > 0);
    const live = new LiveCase(compileJudge([weekly]), caseOf(), list);
    const before = live.findings.length;
    // The first day's third call, and the seven days that end with the seventh.
    expect(live.put(unanswered("2025-01-01T09:00"))).toBe(21);
    expect(live.findings).toHaveLength(before + 1);
    expect(live.put(unanswered("2025-01-01T09:30", { precision: "month" }))).toBe(3);
    expect(live.findings.filter(({ outcome }) => outcome === "matches")).toHaveLength(before + 1);
  });

  it("finds each group again after hundreds of others", () => {
    const others = Array.from({ length: 600 }, (_none, index) =>
      unanswered(`2025-01-0${1 + Math.floor(index / 200)}T12:00`, { creditor: `other ${index}` }),
    );
    const findings = findingsOf(weekly, [...others, ...calls(8)]);
    expect(findings).toHaveLength(2);
    expect(findings.every((finding) => finding.because.en.includes("21st"))).toBe(true);
  });

  it("counts what may belong once a contact without a creditor comes up, those for a person to weigh too", () => {
    const daytime = ruleOf({
      count: {
        of: "placed",
        where: { localTime: { from: "10:00", to: "18:00", fromEdge: "person", toEdge: "out" } },
        over: 2,
        per: { rollingDays: 7 },
        groupBy: ["creditor"],
      },
    });
    const day = (time: string, more: Record<string, unknown> = {}) => unanswered(`2025-09-01T${time}`, more);
    expect(outcomesOf(daytime, [day("10:00"), day("11:00"), day("12:00")])).toEqual([
      "no-match",
      "no-match",
      "needs-review",
    ]);
    // Nobody knows of which lender the last one was; with the one at the edge it may be the third.
    const nobodys = day("12:00", { creditor: undefined });
    const [finding] = findingsOf(daytime, [day("10:00"), day("11:00"), nobodys]);
    expect(finding).toMatchObject({ incident: nobodys.id, outcome: "cannot-tell", missing: ["creditor"] });
  });
});

describe("an agreed number of contacts", () => {
  const daily = ruleOf(
    { count: { of: "placed", over: 1, per: { calendarDays: 1 }, groupBy: ["creditor"] } },
    {
      unless: [{ title: { en: "agreed", "zh-CN": "约定" }, when: { agreed: "consent-frequency" } }],
    },
  );
  const agreed = (perDay: number) =>
    caseOf({
      notices: [{ id: "n", kind: "consent-frequency", sentAt: "2025-08-01T12:00", detail: { perDay } }],
    });
  const call = (hour: number, more: Record<string, unknown> = {}) => unanswered(`2025-09-01T${hour}:00`, more);

  it("lifts a rule only as long as it is surely kept to", () => {
    expect(outcomesOf(daily, [call(10), call(11), call(12)], agreed(2))).toEqual(["no-match", "no-match", "matches"]);
    // One of another lender, or of this one: then it would be a third.
    const open = [call(10), call(11, { creditor: undefined }), call(12)];
    expect(outcomesOf(daily, open, agreed(2))[2]).toBe("matches");
    expect(outcomesOf(daily, open, agreed(3))[2]).toBe("no-match");
  });
});
