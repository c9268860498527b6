import { describe, expect, it } from "vitest";
import { caseOf, codeOf, findingsOf, incident, outcomesOf, ruleOf } from "./small-code.ts";

const always = { direction: "incoming" } as const;

describe("when and whom a rule binds", () => {
  it("holds on its first and last local day and not around them", () => {
    const code = ruleOf(always, { from: "2025-02-28", to: "2025-03-31" });
    const days = ["2025-02-27T23:59:59", "2025-02-28T00:00", "2025-03-31T23:59:59", "2025-04-01T00:00"];
    expect(
      outcomesOf(
        code,
        days.map((day) => incident(day)),
      ),
    ).toEqual(["no-match", "matches", "matches", "no-match"]);
    // 16:30 UTC on the 27th is the 28th in Shanghai.
    expect(outcomesOf(code, [incident("2025-02-27T16:30:00Z")])).toEqual(["matches"]);
  });

  it("cannot tell in a month in which the rule began or ended, if no day is known", () => {
    const code = ruleOf(always, { from: "2025-02-28", to: "2025-03-31" });
    const month = (date: string) => findingsOf(code, [incident(date, { precision: "month" })])[0];
    expect(month("2025-02-01T00:00")).toMatchObject({ outcome: "cannot-tell", missing: ["date"] });
    expect(month("2025-03-01T00:00")?.outcome).toBe("matches");
    expect(month("2025-04-01T00:00")).toBeUndefined();
  });

  it("takes each rule's own dates from its source and picks the version of the day", () => {
    const code = codeOf([
      { id: "xx.old", when: always, to: "2025-12-31" },
      { id: "xx.new", when: always, from: "2026-01-01" },
    ]);
    const rules = findingsOf(code, [incident("2025-12-31T23:59"), incident("2026-01-01T00:00")]).map(
      ({ rule }) => rule,
    );
    expect(rules).toEqual(["xx.old", "xx.new"]);
  });

  it("binds by lender and respondent kind, and asks where these are not known", () => {
    const code = codeOf([{ when: always }], { source: { lenderKinds: ["bank"], respondentKinds: ["debt-collector"] } });
    const one = () => [incident("2026-01-05T10:00")];
    const kinds = (lenderKind: string | undefined, respondentKind: string | undefined) =>
      findingsOf(code, one(), caseOf({ lenderKind, respondentKind }))[0];
    expect(kinds("bank", "debt-collector")?.outcome).toBe("matches");
    expect(kinds("micro-loan", "debt-collector")).toBeUndefined();
    expect(kinds("bank", "original-creditor")).toBeUndefined();
    expect(kinds(undefined, "debt-collector")).toMatchObject({ outcome: "cannot-tell", missing: ["case.lenderKind"] });
    expect(kinds("unknown", "unknown")).toMatchObject({ missing: ["case.lenderKind", "case.respondentKind"] });
    expect(kinds("unknown", "original-creditor")).toBeUndefined();
  });

  it("binds by collector kind of the incident", () => {
    const code = ruleOf(always, { collectorKinds: ["agency"] });
    const kind = (collectorKind: string | undefined) =>
      findingsOf(code, [incident("2026-01-05T10:00", { collectorKind })])[0];
    expect(kind("agency")?.outcome).toBe("matches");
    expect(kind("lender")).toBeUndefined();
    expect(kind(undefined)).toMatchObject({ outcome: "cannot-tell", missing: ["collectorKind"] });
  });

  it("never judges a rule that is off, not even with --all", () => {
    const code = ruleOf(always, { on: false });
    expect(findingsOf(code, [incident("2026-01-05T10:00")], caseOf(), {}, true)).toEqual([]);
  });

  it("reads the clock in the code's zone where it has one", () => {
    const code = {
      ...ruleOf({ localTime: { from: "22:00", to: "08:00", fromEdge: "in", toEdge: "out" } }),
      zone: "Asia/Shanghai",
    };
    expect(outcomesOf(code, [incident("2026-01-05T14:30:00Z")], caseOf({ zone: "America/New_York" }))).toEqual([
      "matches",
    ]);
  });
});

describe("values", () => {
  const unknown = { place: ["work"] } as const;
  const yes = { direction: "incoming" } as const;
  const no = { direction: "outgoing" } as const;
  const person = { localTime: { from: "10:00", to: "12:00", fromEdge: "person", toEdge: "out" } } as const;
  it.each([
    ["all: no wins", { all: [yes, unknown, person, no] }, "no-match"],
    ["all: then unknown", { all: [yes, person, unknown] }, "cannot-tell"],
    ["all: then person", { all: [yes, person] }, "needs-review"],
    ["any: yes wins", { any: [no, unknown, person, yes] }, "matches"],
    ["any: then person", { any: [no, unknown, person] }, "needs-review"],
    ["any: then unknown", { any: [no, unknown] }, "cannot-tell"],
    ["not yes", { not: yes }, "no-match"],
    ["not no", { not: no }, "matches"],
    ["not unknown", { not: unknown }, "cannot-tell"],
    ["not person", { not: person }, "needs-review"],
  ])("%s", (_name, when, outcome) => {
    expect(outcomesOf(ruleOf(when as never), [incident("2026-01-05T10:00")])).toEqual([outcome]);
  });

  it("lifts a rule by an exception on record, not by one of which nothing is known", () => {
    const title = { en: "e", "zh-CN": "例外" };
    const lifted = (when: object) =>
      outcomesOf(ruleOf(yes, { unless: [{ title, when }] }), [incident("2026-01-05T10:00")])[0];
    expect(lifted(yes)).toBe("no-match");
    expect(lifted(no)).toBe("matches");
    expect(lifted(unknown)).toBe("matches");
    expect(lifted(person)).toBe("needs-review");
  });

  it("says why a rule does not match when asked for all", () => {
    const code = ruleOf({ channel: ["call"], visitors: { under: 2 } });
    const [finding] = findingsOf(code, [incident("2026-01-05T10:00", { visitors: 3 })], caseOf(), {}, true);
    expect(finding).toMatchObject({ outcome: "no-match", because: { en: "3 people came." } });
  });
});

describe("acts", () => {
  const code = ruleOf({ acts: ["insult", "took-property"] });
  const wording = {
    find: (text: string) => {
      const start = text.indexOf("scum");
      return start < 0 ? [] : [{ act: "insult" as const, start, end: start + 4, text: "scum" }];
    },
  };

  it("matches what the person ticked, with basis reported", () => {
    expect(findingsOf(code, [incident("2026-01-05T10:00", { acts: ["insult"] })])[0]).toMatchObject({
      outcome: "matches",
      basis: "reported",
    });
    expect(outcomesOf(code, [incident("2026-01-05T10:00", { acts: ["took-property"] })])).toEqual(["matches"]);
    expect(outcomesOf(code, [incident("2026-01-05T10:00", { acts: ["violence"] })])).toEqual(["no-match"]);
    expect(outcomesOf(code, [incident("2026-01-05T10:00")])).toEqual(["no-match"]);
  });

  it("leaves to a person what only words suggest, and quotes them", () => {
    const told = incident("2026-01-05T10:00", { said: "pay up, scum", account: "He called me scum." });
    expect(findingsOf(code, [told], caseOf(), { wording })[0]).toMatchObject({
      outcome: "needs-review",
      basis: "wording",
      quotes: [
        { incident: told.id, field: "said", start: 8, end: 12, text: "scum" },
        { incident: told.id, field: "account", start: 13, end: 17, text: "scum" },
      ],
    });
    expect(outcomesOf(code, [told])).toEqual(["no-match"]);
  });
});
