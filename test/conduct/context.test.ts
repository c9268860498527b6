import { describe, expect, it } from "vitest";
import { caseOf, findingsOf, incident, outcomesOf, ruleOf } from "./small-code.ts";

describe("cool-down", () => {
  const code = ruleOf({
    direction: "incoming",
    channel: ["call"],
    coolDown: { after: { channel: ["call"], outcome: ["conversation"] }, days: 7, groupBy: ["debt"] },
  });
  const talk = (date: string, more = {}) => incident(date, more);
  const attempt = (date: string, more = {}) => incident(date, { outcome: "unanswered", ...more });

  it("begins with the event's day as day 1 and ends after day 7", () => {
    expect(outcomesOf(code, [talk("2026-02-01T10:00"), attempt("2026-02-01T10:01")])).toEqual(["no-match", "matches"]);
    expect(outcomesOf(code, [talk("2026-02-01T10:00"), attempt("2026-02-07T23:59")])).toEqual(["no-match", "matches"]);
    expect(outcomesOf(code, [talk("2026-02-01T10:00"), attempt("2026-02-08T00:00")])).toEqual(["no-match", "no-match"]);
    const [finding] = findingsOf(code, [talk("2026-02-01T10:00"), attempt("2026-02-03T09:00")]);
    expect(finding!.because.en).toBe(
      "It follows the contact at 10:00 local time on 1 February 2026: that day is day 1 of 7, and this is day 3.",
    );
    expect(finding!.counted).toHaveLength(2);
  });

  it("does not follow itself, nor an event at the same instant, but an earlier event it does", () => {
    // Ids put the talk first; of two at the same instant neither follows the other all the same.
    const together = [talk("2026-02-01T10:00", { id: "a" }), attempt("2026-02-01T10:00", { id: "b" })];
    expect(outcomesOf(code, together)).toEqual(["no-match", "no-match"]);
    expect(outcomesOf(code, [talk("2026-02-01T10:00"), talk("2026-02-03T10:00")])).toEqual(["no-match", "matches"]);
    expect(
      outcomesOf(code, [talk("2026-02-01T10:00"), talk("2026-02-03T10:00"), attempt("2026-02-09T10:00")]).at(-1),
    ).toBe("matches");
  });

  it("starts whoever began the talk, and only for the same debt", () => {
    expect(
      outcomesOf(code, [talk("2026-02-01T10:00", { direction: "outgoing" }), attempt("2026-02-03T10:00")]).at(-1),
    ).toBe("matches");
    expect(outcomesOf(code, [talk("2026-02-01T10:00", { debt: "D2" }), attempt("2026-02-03T10:00")]).at(-1)).toBe(
      "no-match",
    );
    const [finding] = findingsOf(code, [talk("2026-02-01T10:00", { debt: undefined }), attempt("2026-02-03T10:00")]);
    expect(finding).toMatchObject({ outcome: "cannot-tell", missing: ["debt"] });
  });

  it("cannot tell after a call whose outcome is not known, or on a day without an hour", () => {
    expect(
      findingsOf(code, [talk("2026-02-01T10:00", { outcome: undefined }), attempt("2026-02-03T10:00")])[0],
    ).toMatchObject({
      outcome: "cannot-tell",
      missing: ["outcome"],
    });
    expect(
      findingsOf(code, [talk("2026-02-01T10:00"), attempt("2026-02-01T12:00", { precision: "day" })])[0],
    ).toMatchObject({ outcome: "cannot-tell", missing: ["time-of-day"] });
    const vague = talk("2026-02-01T00:00", { precision: "day" });
    expect(outcomesOf(code, [vague, attempt("2026-02-01T12:00")]).at(-1)).toBe("cannot-tell");
    expect(outcomesOf(code, [vague, talk("2026-02-01T11:00"), attempt("2026-02-01T12:00")]).at(-1)).toBe("matches");
  });
});

describe("after a notice", () => {
  const code = ruleOf({
    direction: "incoming",
    afterNotice: { kinds: ["cease-contact"], forms: ["written"], from: "received" },
  });
  const told = (more: Record<string, unknown>, detail?: Record<string, unknown>) =>
    caseOf({ notices: [{ id: "n", kind: "cease-contact", form: "written", ...more, ...(detail && { detail }) }] });
  const received = { sentAt: "2026-01-05T12:00", receivedAt: "2026-01-09T12:00" };

  it.each([
    ["2026-01-09T11:59:59", "no-match"],
    ["2026-01-09T12:00:00", "no-match"],
    ["2026-01-09T12:00:01", "matches"],
  ])("received at 12:00: %s is %s", (time, outcome) => {
    expect(outcomesOf(code, [incident(time)], told(received))).toEqual([outcome]);
  });

  it("cannot tell between sending and an unknown receipt", () => {
    const context = told({ sentAt: "2026-01-05T12:00" });
    expect(outcomesOf(code, [incident("2026-01-05T12:00")], context)).toEqual(["no-match"]);
    expect(findingsOf(code, [incident("2026-01-06T12:00")], context)[0]).toMatchObject({
      outcome: "cannot-tell",
      missing: ["notice.receivedAt"],
    });
  });

  it("minds form, kind, withdrawal and what the notice limits itself to", () => {
    const later = incident("2026-02-01T10:00");
    const only = (detail: Record<string, unknown>) => outcomesOf(code, [later], told(received, detail))[0];
    expect(outcomesOf(code, [later], told({ ...received, form: "oral" }))).toEqual(["no-match"]);
    expect(findingsOf(code, [later], told({ ...received, form: undefined }))[0]).toMatchObject({
      missing: ["notice.form"],
    });
    expect(outcomesOf(code, [later], told({ ...received, kind: "dispute" }))).toEqual(["no-match"]);
    expect(only({ withdrawnAt: "2026-02-01T10:00" })).toBe("no-match");
    expect(only({ withdrawnAt: "2026-02-01T10:01" })).toBe("matches");
    expect(only({ answeredAt: "2026-01-20T10:00" })).toBe("no-match");
    expect(only({ channels: ["sms"] })).toBe("no-match");
    expect(only({ channels: ["call"] })).toBe("matches");
    expect(only({ contacted: ["colleague"] })).toBe("no-match");
    expect(only({ places: ["work"] })).toBe("cannot-tell");
    expect(only({ hours: [{ from: "09:00", to: "11:00" }] })).toBe("matches");
    expect(only({ hours: [{ from: "11:00", to: "12:00" }] })).toBe("no-match");
    expect(only({ debt: "D1" })).toBe("matches");
    expect(only({ debt: "L" })).toBe("matches");
    expect(only({ debt: "D2" })).toBe("no-match");
    expect(only({ numbers: ["+1"] })).toBe("cannot-tell");
  });

  it("weighs how well the moment is known", () => {
    const context = told(received);
    const vague = (time: string, precision: string) => findingsOf(code, [incident(time, { precision })], context)[0];
    expect(vague("2026-01-09T11:45", "about")?.outcome).toBe("needs-review");
    expect(vague("2026-01-09T12:31", "about")?.outcome).toBe("matches");
    expect(vague("2026-01-09T00:00", "day")).toMatchObject({ outcome: "cannot-tell", missing: ["time-of-day"] });
    expect(vague("2026-01-10T00:00", "day")?.outcome).toBe("matches");
    expect(vague("2026-01-01T00:00", "month")).toMatchObject({ outcome: "cannot-tell", missing: ["date"] });
    expect(vague("2026-02-01T00:00", "month")?.outcome).toBe("matches");
    expect(vague("2025-12-01T00:00", "month")).toBeUndefined();
  });
});

describe("first contact", () => {
  const code = ruleOf({
    firstContact: { groupBy: ["collector"] },
    not: { disclosed: ["institution"] },
  });
  const silent = (date: string, more = {}) => incident(date, { disclosed: [], ...more });

  it("is the first that reached anybody, for each collector", () => {
    const contacts = [
      silent("2026-01-01T10:00", { outcome: "unanswered" }),
      silent("2026-01-02T10:00"),
      silent("2026-01-03T10:00"),
      silent("2026-01-04T10:00", { collector: "B", channel: "sms", outcome: undefined }),
    ];
    expect(outcomesOf(code, contacts)).toEqual(["no-match", "matches", "no-match", "matches"]);
    expect(findingsOf(code, contacts)[0]!.basis).toBe("reported");
  });

  it("cannot tell while an earlier call may have been the first", () => {
    const contacts = [
      silent("2026-01-01T10:00", { outcome: undefined }),
      silent("2026-01-02T10:00"),
      silent("2026-01-03T10:00"),
    ];
    expect(outcomesOf(code, contacts)).toEqual(["cannot-tell", "cannot-tell", "no-match"]);
    expect(findingsOf(code, contacts)[1]!.missing).toEqual(["outcome"]);
  });

  it("cannot tell when the collector of an earlier one is not known", () => {
    const contacts = [silent("2026-01-01T10:00", { collector: undefined }), silent("2026-01-02T10:00")];
    expect(outcomesOf(code, contacts)).toEqual(["matches", "cannot-tell"]);
    expect(findingsOf(code, contacts)[1]!.missing).toEqual(["collector"]);
  });
});
