/** Which numbers belong together: on evidence only, and never against what people said. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type NumberTrace, type NumberUse, callbacksIn, groupsOf, templateOf } from "../../src/corroboration/graph.ts";
import { sentNotices } from "../../src/corroboration/graph-notices.ts";
import type { Collector } from "../../src/cases/case.ts";
import type { Notice } from "../../src/notices/notice.ts";
import { linksPicture } from "../../src/web/charts/links.ts";

let incident = 0;
const use = (number: string, collectorId: string | null = null, count = 1): NumberUse => ({
  number,
  collectorId,
  contacted: "self",
  debtId: null,
  count,
  firstAt: 0,
  lastAt: 0,
  example: (incident += 1),
});
const trace = (number: string, more: Partial<NumberTrace> = {}): NumberTrace => ({
  number,
  incident: (incident += 1),
  said: null,
  recordedAs: null,
  callbacks: more.said == null ? [] : callbacksIn(more.said),
  ...more,
});

describe("numbers that belong together", () => {
  test("one collector, one number to call back, one text, one name of recordings; and a number alone is no group", () => {
    const uses = [use("1", "desk", 9), use("2", "desk"), use("3"), use("4"), use("5"), use("6"), use("7")];
    const traces = [
      trace("2", { said: "请速回电13800138000处理" }),
      trace("3", { said: "最后通知，联系 138-0013-8000" }),
      trace("4", { said: "【星火】王先生您尾号1234的账单已逾期12天，请立即还款" }),
      trace("5", { said: "【星火】李女士您尾号9876的账单已逾期3天，请立即还款" }),
      trace("6", { recordedAs: "催收" }),
    ];
    const { groups, between } = groupsOf(uses, traces);
    expect(groups.map(({ numbers }) => numbers)).toEqual([
      ["1", "2", "3"],
      ["4", "5"],
    ]);
    expect(groups[0]?.reasons.map(({ reason, numbers }) => [reason, numbers])).toEqual([
      ["collector", ["1", "2"]],
      ["callback", ["2", "3"]],
    ]);
    expect(groups[1]?.reasons[0]).toMatchObject({
      reason: "template",
      incidents: [traces[2]!.incident, traces[3]!.incident],
    });
    expect(between).toEqual([]);
    expect(
      groupsOf([use("6"), use("7")], [trace("6", { recordedAs: "催收" }), trace("7", { recordedAs: "催收" })]).groups,
    ).toHaveLength(1);
  });

  test("what numbers of two collectors share makes them no one", () => {
    const shared = "请速回电13800138000处理";
    const { groups, between } = groupsOf(
      [use("1", "a"), use("2", "b"), use("3")],
      [trace("1", { said: shared }), trace("2", { said: shared }), trace("3", { said: shared })],
    );
    expect(groups).toEqual([]);
    expect(between.map(({ reason, numbers }) => [reason, numbers])).toContainEqual(["callback", ["1", "2", "3"]]);
  });

  test("reads numbers to call back, and no amounts, dates or parts of longer numbers", () => {
    expect(callbacksIn("请致电400-820-1234或021-6000 1234，手机+86 138 0013 8000")).toEqual([
      "4008201234",
      "02160001234",
      "13800138000",
    ]);
    expect(callbacksIn("尾号62220213800138000999，欠款13800.13元，2026-11-20")).toEqual([]);
    expect(templateOf("请还款")).toBeNull();
    expect(templateOf("账单¥1,200.50于11月3日到期，请还款")).toBe(templateOf("账单¥99于1月23日到期，请还款"));
  });

  test("a number is in one group at most, whatever is shared, and every group has a reason", () => {
    const number = fc.constantFrom(..."abcdefgh");
    const some = fc.array(fc.tuple(number, fc.constantFrom(null, "x", "y")), { maxLength: 12 });
    const calls = fc.array(fc.tuple(number, fc.constantFrom("A", "B", "C")), { maxLength: 12 });
    fc.assert(
      fc.property(some, calls, (used, called) => {
        const { groups } = groupsOf(
          used.map(([one, collector]) => use(one, collector)),
          called.map(([one, recordedAs]) => trace(one, { recordedAs })),
        );
        const all = groups.flatMap(({ numbers }) => numbers);
        expect(new Set(all).size).toBe(all.length);
        for (const { reasons, numbers } of groups) {
          expect(numbers.length).toBeGreaterThan(1);
          expect(new Set(reasons.flatMap((one) => one.numbers))).toEqual(new Set(numbers));
        }
      }),
    );
  });
});

test("a notice goes to the collector of that name, to the lender's own people, or to whom it names; who goes on is counted", () => {
  const collectors = [
    { id: "desk", name: "Spark Service", kind: "lender" },
    { id: "agency", name: "Ａcme Recovery", kind: "agency" },
  ] as Collector[];
  const told = (number: number, to?: string) => ({ number, detail: to === undefined ? {} : { to } }) as Notice;
  const notices = [told(1, " acme recovery"), told(2, "Spark Bank"), told(3, "Law Firm Y"), told(4)];
  const contacts = [
    { notice: 1, collectorId: "desk", number: "2", count: 1 },
    { notice: 1, collectorId: "agency", number: "13900000001", count: 2 },
    { notice: 1, collectorId: "agency", number: "+86 13900000001", count: 3 },
    { notice: 1, collectorId: "agency", number: null, count: 1 },
  ];
  const sent = sentNotices(notices, contacts, { lender: "Spark Bank", collectors }, (one) => one.slice(-11));
  expect(sent.map(({ collectorIds, other }) => [collectorIds, other])).toEqual([
    [["agency"], null],
    [["desk"], null],
    [[], "Law Firm Y"],
    [[], null],
  ]);
  expect(sent[0]?.after).toEqual([
    { collectorId: "agency", count: 6, numbers: 1 },
    { collectorId: "desk", count: 1, numbers: 1 },
  ]);
});

test("the picture escapes what people wrote and cuts what does not fit", () => {
  const svg = linksPicture(
    {
      label: "Who <b>",
      lines: [{ from: "a", to: "b", count: 3, guessed: true }],
      columns: [
        { title: "Numbers", shape: "round", boxes: [{ id: "a", label: "<script>", sub: "3 contacts", group: "A" }] },
        { title: "Collectors", shape: "square", boxes: [{ id: "b", label: "很长的名字".repeat(20), sub: "" }] },
      ],
    },
    350,
    "dw-plot--phone",
  );
  expect(svg).not.toContain("<script>");
  expect(svg).toContain("…");
  expect(svg).toContain("dw-links__line--guessed");
  expect(svg).toContain('aria-label="Who &lt;b&gt;"');
});
