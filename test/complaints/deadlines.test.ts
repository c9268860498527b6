/** The clocks of offices: days counted by hand in a calendar, across National Day, Spring Festival, ends of months and clock changes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadlinesOf } from "../../src/complaints/deadlines.ts";
import { loadChannels } from "../../src/complaints/load-channels.ts";
import { workingDaysOf } from "../../src/complaints/working-days.ts";
import { countries } from "../../src/cases/form.ts";
import { dunwatch } from "../cli/run-cli.ts";

const channels = loadChannels();
const steps = (id: string, events: Parameters<typeof deadlinesOf>[1]) => {
  const channel = channels.find((one) => one.id === id);
  if (channel === undefined) throw new Error(`no channel ${id}`);
  return deadlinesOf(channel, events, workingDaysOf(channel.country));
};
const due = (id: string, events: Parameters<typeof deadlinesOf>[1]) =>
  Object.fromEntries(steps(id, events).map((step) => [step.step, step.due]));

describe("12378", () => {
  test("seven working days across Mid-autumn and National Day, with the Saturday worked in exchange", () => {
    const [forwarded] = steps("cn-12378", { filed: "2026-09-25" });
    // 25–27 September and 1–7 October are free, 10 October (a Saturday) is worked; 20 September is before.
    expect(forwarded?.counted).toEqual([
      "2026-09-28",
      "2026-09-29",
      "2026-09-30",
      "2026-10-08",
      "2026-10-09",
      "2026-10-10",
      "2026-10-12",
    ]);
    expect(forwarded?.worked.map(({ date }) => date)).toEqual(["2026-10-10"]);
    expect(forwarded?.skipped.find(({ date }) => date === "2026-10-01")?.why).toEqual({
      en: "National Day",
      "zh-CN": "国庆节",
    });
    expect(forwarded?.skipped.at(-1)).toEqual({ date: "2026-10-11", why: { en: "Sunday", "zh-CN": "星期日" } });
    expect(due("cn-12378", { filed: "2026-09-25" })).toEqual({
      forwarded: "2026-10-12",
      decision: "2026-10-27",
      complex: "2026-11-11",
      longest: "2026-12-11",
    });
  });

  test("Spring Festival: nine free days and two worked Saturdays", () => {
    const [forwarded] = steps("cn-12378", { filed: "2026-02-10" });
    expect(forwarded?.due).toBe("2026-02-26");
    expect(forwarded?.worked.map(({ date }) => date)).toEqual(["2026-02-14"]);
    expect(forwarded?.skipped).toHaveLength(9);
  });

  test("a year whose holidays are not published: the holidays fixed by law, and said that it may change", () => {
    const [review] = steps("cn-pboc-credit", { filed: "2026-12-20" });
    expect(review).toMatchObject({ due: "2027-01-04", estimated: true });
    expect(review?.skipped.at(-3)).toEqual({ date: "2027-01-01", why: { en: "New Year's Day", "zh-CN": "元旦" } });
    expect(steps("cn-pboc-credit", { filed: "2026-03-02" })[0]?.estimated).toBe(false);
    // Youth Day is half a day for the young: the office works.
    expect(workingDaysOf("CN")("2027-05-04").works).toBe(true);
  });
});

test("calendar days, weeks, months and years end where the law says", () => {
  expect(due("cn-lender", { filed: "2026-02-14" })).toEqual({
    decision: "2026-03-01",
    complex: "2026-03-16",
    longest: "2026-04-15",
  });
  // Across the American clock change of 8 March 2026.
  expect(due("us-cfpb", { filed: "2026-03-01" })).toEqual({ response: "2026-03-16", final: "2026-04-30" });
  expect(due("uk-firm", { filed: "2026-08-31" })).toEqual({ "final-response": "2026-10-26" });
  // No 31 February: the last day of the month.
  expect(due("uk-fos", { "earlier-answered": "2026-08-31" })).toEqual({ "six-months": "2027-02-28" });
  expect(due("us-court", { act: "2024-02-29" })).toEqual({ limitation: "2025-02-28" });
  expect(due("cn-police", { act: "2026-01-15" })).toEqual({ prescription: "2026-07-15" });
  // From 31 August six months end on the last day of February, in a leap year the 29th; a year from a leap day on the 28th.
  expect(due("cn-police", { act: "2027-08-31" })).toEqual({ prescription: "2028-02-29" });
  expect(due("us-court", { act: "2028-02-29" })).toEqual({ limitation: "2029-02-28" });
  expect(due("uk-fos", { act: "2024-02-29" })).toEqual({ "six-years": "2030-02-28" });
  // A year holds its leap day: the same date, not 365 days on.
  expect(due("us-court", { act: "2027-12-31" })).toEqual({ limitation: "2028-12-31" });
  expect(due("cn-lender-superior", { "earlier-answered": "2026-09-20" })).toEqual({ asked: "2026-10-20" });
  expect(due("cn-12378-report", { filed: "2026-09-18" })).toEqual({
    accepted: "2026-10-03",
    opinion: "2026-12-02",
    longest: "2027-01-01",
  });
});

test("nothing is computed from a fact that nobody checked, nor from an event that is not known", () => {
  // An office that nobody verified has no verified clock either.
  for (const { id, checked, clocks } of channels.filter((one) => one.checked.how === "unverified")) {
    expect(
      clocks.filter((clock) => clock.checked.how !== "unverified"),
      `${id}: ${checked.how}`,
    ).toEqual([]);
  }
  expect(steps("in-lender", { filed: "2026-05-01" })).toEqual([]);
  expect(steps("cn-12315", { filed: "2026-05-01" })).toEqual([]);
  expect(steps("in-rbi-ombudsman", { "earlier-answered": "2026-05-01" })).toEqual([]);
  expect(steps("cn-police", { filed: "2026-05-01" })).toEqual([]);
});

test("every country that a case can be in has an office, the lender or a regulator among them", () => {
  const byCountry = Map.groupBy(channels, ({ country }) => country);
  expect([...byCountry.keys()].toSorted()).toEqual(countries.toSorted());
  for (const [country, all] of byCountry) {
    expect(
      all.some(({ kind }) => kind === "lender" || kind === "regulator"),
      country,
    ).toBe(true);
  }
});

test("property: every day between is either counted or skipped, once", () => {
  const start = Temporal.PlainDate.from("2024-01-01");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), (offset) => {
      const filed = start.add({ days: offset }).toString();
      for (const { from, due: end, counted, skipped } of steps("cn-12363", { filed }).filter(
        ({ unit }) => unit === "working-day",
      )) {
        const between = Temporal.PlainDate.from(from).until(end).days;
        const all = [...counted, ...skipped.map(({ date }) => date)].toSorted();
        expect(all).toEqual(
          Array.from({ length: between }, (_, n) =>
            Temporal.PlainDate.from(from)
              .add({ days: n + 1 })
              .toString(),
          ),
        );
      }
    }),
    { numRuns: 100 },
  );
});

describe("on the command line", () => {
  test("JSON in the public shape, by a short name of the office", async () => {
    const { stdout, code } = await dunwatch(["deadlines", "--channel", "12378", "--filed", "2026-09-25", "--json"]);
    expect(code).toBe(0);
    const [first] = JSON.parse(stdout) as Record<string, unknown>[];
    expect(first).toMatchObject({ step: "forwarded", due: "2026-10-12", unit: "working-day" });
    expect(first?.["skipped"]).toContainEqual({ date: "2026-10-01", why: "National Day" });
  });

  test.each([
    [["--channel", "nobody", "--filed", "2026-09-25"], "nobody is not one of the offices"],
    [["--channel", "court", "--filed", "2026-09-25"], "court could be several offices"],
    [["--channel", "cn-12378", "--filed", "2026-02-30"], "2026-02-30 is not a date that exists"],
    [["--channel", "cn-12378"], "usage"],
  ])("bad input: %j", async (args, message) => {
    const { stderr, code } = await dunwatch(["deadlines", ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
