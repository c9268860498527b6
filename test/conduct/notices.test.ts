/** What a borrower told the collector, held against later contacts: from when, how long, what it is about, and what must be known. */
import { describe, expect, it } from "vitest";
import { caseOf, findingsOf, incident, outcomesOf, ruleOf } from "./small-code.ts";

const told = (notice: Record<string, unknown>, zone = "Asia/Shanghai") =>
  caseOf({ zone, notices: [{ id: "n", kind: "medium-refused", sentAt: "2025-08-31T23:30", ...notice }] });
const refused = ruleOf({ afterNotice: { kinds: ["medium-refused"], from: "sent" } });
const call = (happenedAt: string, more: Record<string, unknown> = {}) => incident(happenedAt, more);

describe("a rule for some days from a notice", () => {
  const week = ruleOf({ afterNotice: { kinds: ["medium-refused"], from: "sent", withinDays: 7 } });
  it("counts days by the borrower's calendar, the last of them whole", () => {
    const calls = ["2025-08-31T23:30", "2025-08-31T23:31", "2025-09-07T23:59", "2025-09-08T00:00"].map((at) =>
      call(at),
    );
    expect(outcomesOf(week, calls, told({}))).toEqual(["no-match", "matches", "matches", "no-match"]);
  });

  it("without a number of days holds for good", () => {
    expect(outcomesOf(refused, [call("2035-01-01T12:00")], told({}))).toEqual(["matches"]);
  });
});

describe("a notice about", () => {
  it.each([
    [
      "calls, which voicemails are left by",
      { channels: ["call"] },
      { channel: "voicemail", outcome: "voicemail-left" },
      "matches",
    ],
    ["calls, not letters", { channels: ["call"] }, { channel: "letter" }, "no-match"],
    ["letters, not voicemails", { channels: ["letter"] }, { channel: "voicemail" }, "no-match"],
    ["a number", { numbers: ["+1"] }, { calledNumber: "+1" }, "matches"],
    ["a number, not others", { numbers: ["+1"] }, { calledNumber: "+2" }, "no-match"],
    ["a debt", { debt: "D1" }, {}, "matches"],
    ["a lender", { debt: "L" }, { debt: undefined }, "matches"],
    ["another debt", { debt: "D2" }, {}, "no-match"],
    ["hours", { hours: [{ from: "20:00", to: "08:00" }] }, {}, "no-match"],
  ])("%s", (_name, detail, more, outcome) => {
    expect(outcomesOf(refused, [call("2025-09-01T12:00", more)], told({ detail }))).toEqual([outcome]);
  });

  it.each([
    ["contacted", { contacted: ["self"] }, { contacted: undefined }],
    ["place", { places: ["work"] }, {}],
    ["calledNumber", { numbers: ["+1"] }, {}],
    ["time-of-day", { hours: [{ from: "20:00", to: "08:00" }] }, { precision: "day" }],
    ["debt", { debt: "D1" }, { debt: undefined }],
  ])("names what must be known of the contact: %s", (fact, detail, more) => {
    const [finding] = findingsOf(refused, [call("2025-09-03T12:00", more)], told({ detail }));
    expect(finding).toMatchObject({ outcome: "cannot-tell", missing: [fact] });
  });
});

describe("the moment of a notice", () => {
  it("is named where nobody noted it, and a contact before the sending is surely not after", () => {
    const received = ruleOf({ afterNotice: { kinds: ["medium-refused"], from: "received" } });
    const [finding] = findingsOf(received, [call("2025-09-01T12:00")], told({}));
    expect(finding).toMatchObject({ outcome: "cannot-tell", missing: ["notice.receivedAt"] });
    expect(outcomesOf(received, [call("2025-08-31T23:30")], told({}))).toEqual(["no-match"]);
    const [neither] = findingsOf(refused, [call("2025-09-01T12:00")], told({ sentAt: undefined }));
    expect(neither).toMatchObject({ outcome: "cannot-tell", missing: ["notice.sentAt"] });
  });

  it("withdrawn at a moment, no longer holds from that very moment on", () => {
    const context = told({ detail: { withdrawnAt: "2025-09-02T10:00" } });
    const calls = ["2025-09-02T09:59:59", "2025-09-02T10:00"].map((at) => call(at));
    expect(outcomesOf(refused, calls, context)).toEqual(["matches", "no-match"]);
  });

  it("leaves a contact of the same day open where its hour is not known, and one of about then to a person", () => {
    const day = (date: string) => call(`${date}T00:00`, { precision: "day" });
    expect(outcomesOf(refused, [day("2025-08-30"), day("2025-08-31"), day("2025-09-01")], told({}))).toEqual([
      "no-match",
      "cannot-tell",
      "matches",
    ]);
    const about = ["2025-08-31T23:00", "2025-08-31T23:01", "2025-09-01T00:01"].map((at) =>
      call(at, { precision: "about" }),
    );
    expect(outcomesOf(refused, about, told({}))).toEqual(["no-match", "needs-review", "matches"]);
  });
});
