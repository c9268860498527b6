/** A case that changes while it is judged: how much is judged again, and that a stream refuses what comes too late. */
import { describe, expect, it } from "vitest";
import { compileJudge, judgeCase, judgeInParts } from "../../src/conduct/classify.ts";
import { LiveCase } from "../../src/conduct/live-case.ts";
import { startStream } from "../../src/conduct/stream.ts";
import { caseOf, codeOf, incident } from "./small-code.ts";

const day = (number: number, more: Record<string, unknown> = {}) =>
  incident(`2025-09-${String(number).padStart(2, "0")}T12:00`, { id: `d${number}`, ...more });
const month = Array.from({ length: 30 }, (_none, index) => day(index + 1));
const weekly = compileJudge([
  codeOf([
    { when: { count: { of: "conversations", over: 2, per: { rollingDays: 7 }, groupBy: ["debt"] } } },
    { when: { localTime: { from: "22:00", to: "08:00" } } },
  ]),
]);
const first = compileJudge([codeOf([{ when: { firstContact: { groupBy: ["collector"] } } }])]);

describe("a case in memory", () => {
  it("judges the days again that the window of a changed contact reaches, itself first", () => {
    const live = new LiveCase(weekly, caseOf(), month);
    expect(live.put(day(10, { id: "more" }))).toBe(7);
    expect(live.put(day(10, { id: "sent", channel: "letter", outcome: "unanswered" }))).toBe(1);
    expect(live.remove("more")).toBe(7);
    expect(live.remove("more")).toBe(0);
    expect(live.put(day(30, { id: "last" }))).toBe(1);
  });

  it("moves a contact: what the old day and the new day reach is judged again", () => {
    const live = new LiveCase(weekly, caseOf(), month);
    expect(live.put(incident("2025-09-20T12:00", { id: "d2" }))).toBe(6 + 8);
    const moved = [...month.filter(({ id }) => id !== "d2"), incident("2025-09-20T12:00", { id: "d2" })];
    expect(live.findings).toEqual(judgeCase(weekly, caseOf(), moved));
    expect(live.findingsOf("d2")).toHaveLength(1);
    expect(live.findingsOf("nobody")).toEqual([]);
  });

  it("judges all that follows again when the first contact changes, and only itself when it was not the first", () => {
    const live = new LiveCase(first, caseOf(), month);
    expect(live.findings.map((finding) => finding.incident)).toEqual(["d1"]);
    expect(live.put(incident("2025-08-01T12:00", { id: "new" }))).toBe(31);
    expect(live.findings.map((finding) => finding.incident)).toEqual(["new"]);
    expect(live.remove("d5")).toBe(0);
    expect(live.put(day(5))).toBe(1);
    expect(live.findings.map((finding) => finding.incident)).toEqual(["new"]);
  });

  it("asks for a code to judge by", () => {
    expect(() => new LiveCase(compileJudge([]), caseOf(), [])).toThrow("at least one code");
    expect(judgeCase(compileJudge([]), caseOf(), month)).toEqual([]);
  });
});

describe("what a caller must load to judge a part of a case", () => {
  it("is as many days as the longest window, or all that went before where the first contact is asked for", () => {
    expect(weekly.reach).toEqual({ days: 7, wholePast: false });
    expect(first.reach).toEqual({ days: 1, wholePast: true });
    expect(compileJudge([]).reach).toEqual({ days: 1, wholePast: false });
  });
});

describe("judging in parts", () => {
  it("rests after so many contacts read, and so many judged, and gives each finding once", () => {
    const parts = [...judgeInParts(weekly, caseOf(), month, { size: 10 })];
    expect(parts.map((part) => part.length)).toEqual([0, 0, 0, 8, 10, 10, 0]);
    expect(parts.flat()).toEqual(judgeCase(weekly, caseOf(), month));
    const few = judgeInParts(weekly, caseOf(), month, {
      size: 100,
      from: Date.parse("2025-09-10T04:00Z"),
      until: Date.parse("2025-09-12T04:00Z"),
    });
    expect([...few].flat().map((finding) => finding.incident)).toEqual(["d10", "d11"]);
  });
});

describe("a stream", () => {
  it("refuses a contact that happened before the one before it", () => {
    const stream = startStream(weekly, caseOf());
    stream.push(day(2));
    expect(() => stream.push(day(1))).toThrow("incident d1 happened before the one before it");
  });

  it("holds back the last moment, and puts what happened in it in order", () => {
    const stream = startStream(weekly, caseOf());
    const night = (id: string) => incident("2025-09-01T23:00", { id });
    expect(stream.push(night("b"))).toEqual([]);
    expect(stream.push(night("a"))).toEqual([]);
    expect(stream.push(day(2)).map((finding) => finding.incident)).toEqual(["a", "b"]);
    expect(stream.end()).toHaveLength(1);
    expect(stream.end()).toEqual([]);
  });
});
