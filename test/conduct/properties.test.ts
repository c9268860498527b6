/** What must hold for every case under the codes that come with Dunwatch, and under a code made of everything a rule can say. */
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCodes } from "../../src/cli/find-code.ts";
import { loadActs } from "../../src/codes/load-acts.ts";
import { type CaseContext, CaseContext as CaseSchema } from "../../src/conduct/case.ts";
import { compileJudge, judgeCase, judgeSpan } from "../../src/conduct/classify.ts";
import { Finding } from "../../src/conduct/finding.ts";
import { Incident } from "../../src/conduct/incident.ts";
import { LiveCase } from "../../src/conduct/live-case.ts";
import { startStream } from "../../src/conduct/stream.ts";
import {
  channels,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  lenderKinds,
  noticeForms,
  noticeKinds,
  outcomes,
  places,
  precisions,
  purposes,
  respondentKinds,
} from "../../src/conduct/vocabulary.ts";
import { compileWording } from "../../src/conduct/wording.ts";
import { instantOf, zoneNamed } from "../../src/conduct/zone.ts";
import { codeOf } from "./small-code.ts";

const data = join(import.meta.dirname, "../../data");
const acts = loadActs(join(data, "acts.yaml"));
const aids = { acts, wording: compileWording(acts) };
const china = findCodes(["cn-online-consumer-credit"]);
const unitedStates = findCodes(["us-fdcpa-regulation-f"]);

const everything = codeOf([
  { when: { count: { of: "placed", over: 2, per: { rollingDays: 3 }, groupBy: ["debt", "person"] } } },
  { when: { count: { of: "conversations", over: 1, per: { calendarDays: 1 }, groupBy: ["creditor"] } } },
  {
    when: {
      count: {
        of: "unanswered",
        where: { localTime: { from: "10:00", to: "15:00", fromEdge: "person", toEdge: "in" } },
        over: 1,
        per: { rollingDays: 30 },
        groupBy: ["calledNumber", "collector", "creditor"],
      },
    },
    unless: [{ title: { en: "agreed", "zh-CN": "约定" }, when: { agreed: "consent-frequency" } }],
  },
  { when: { coolDown: { after: { outcome: ["conversation"], acts: ["insult"] }, days: 5, groupBy: ["debt"] } } },
  { when: { coolDown: { after: { outcome: ["conversation"] }, days: 2, groupBy: ["collector", "person"] } } },
  { when: { firstContact: { groupBy: ["collector"] }, not: { disclosed: ["identity"] } } },
  { when: { afterNotice: { kinds: [...noticeKinds], from: "received" } } },
  { when: { firstContact: { groupBy: ["debt", "creditor"] } }, from: "2026-01-05", to: "2026-01-20" },
  { when: { any: [{ weekday: [6, 7] }, { publicHoliday: true }, { visitors: { over: 2 } }] } },
]);

const judges = {
  everything: compileJudge([everything], aids),
  "cn-online-consumer-credit": compileJudge(china, aids),
  "us-fdcpa-regulation-f": compileJudge(unitedStates, aids),
  all: compileJudge([...china, everything, ...unitedStates], aids),
};

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const oneOf = <T>(words: readonly T[]) => fc.constantFrom(...words);
/** Minutes of a few weeks across a turn of law, a turn of the year and a change of clocks. */
const moment = fc
  .tuple(
    fc.constantFrom("2025-02-25", "2025-12-28", "2026-01-01", "2026-03-07"),
    fc.integer({ min: 0, max: 3 * 24 * 4 }),
  )
  .map(([day, quarter]) => new Date(Date.parse(`${day}T00:00Z`) + quarter * 15 * 60_000).toISOString())
  .chain((instant) => fc.constantFrom(instant, instant.slice(0, 16)));
const words = fc.constantFrom(
  "今天不还钱就上门找你全家",
  "We will have you arrested, scum",
  "您好，请及时还款",
  "不会上门",
);

const incidents = fc
  .array(
    fc.record({
      channel: fc.oneof({ weight: 3, arbitrary: fc.constant("call" as const) }, oneOf(channels)),
      direction: fc.oneof({ weight: 4, arbitrary: fc.constant("incoming" as const) }, oneOf(directions)),
      happenedAt: moment,
      precision: fc.oneof({ weight: 6, arbitrary: fc.constant("exact" as const) }, oneOf(precisions)),
      outcome: maybe(oneOf(outcomes)),
      purpose: maybe(oneOf(purposes)),
      contacted: fc.oneof({ weight: 2, arbitrary: fc.constant("self" as const) }, maybe(oneOf(contactedPersons))),
      place: maybe(oneOf(places)),
      automated: maybe(fc.boolean()),
      calledNumber: maybe(oneOf(["+1", "+2"])),
      collector: maybe(oneOf(["A", "B"])),
      creditor: maybe(oneOf(["L", "M"])),
      debt: maybe(oneOf(["D1", "D2"])),
      collectorKind: maybe(oneOf(collectorKinds)),
      acts: maybe(fc.subarray(["insult", "threat-of-arrest", "told-third-party", "flooding"] as const)),
      said: maybe(words),
      account: maybe(words),
      disclosed: maybe(fc.subarray([...disclosures])),
      visitors: maybe(fc.integer({ min: 0, max: 5 })),
    }),
    { maxLength: 30 },
  )
  .map((list) => list.map((one, index) => Incident.parse({ id: `i${String(index).padStart(2, "0")}`, ...one })));

const context: fc.Arbitrary<CaseContext> = fc
  .record({
    zone: oneOf(["Asia/Shanghai", "America/New_York", "Asia/Kolkata"]),
    lenderKind: maybe(oneOf(lenderKinds)),
    respondentKind: maybe(oneOf(respondentKinds)),
    daysPastDue: maybe(fc.integer({ min: 0, max: 400 })),
    reachable: maybe(fc.boolean()),
    debtLawful: maybe(fc.boolean()),
    employerForbids: maybe(fc.boolean()),
    notices: fc.array(
      fc.record({
        id: fc.constant("n"),
        kind: oneOf(noticeKinds),
        sentAt: maybe(moment),
        receivedAt: maybe(moment),
        form: maybe(oneOf(noticeForms)),
        detail: maybe(
          fc.record(
            {
              channels: fc.subarray([...channels]),
              contacted: fc.subarray([...contactedPersons]),
              places: fc.subarray([...places]),
              numbers: fc.constant(["+1"]),
              hours: fc.constant([{ from: "20:00", to: "09:00" }]),
              perDay: fc.integer({ min: 0, max: 3 }),
              withdrawnAt: moment,
              answeredAt: moment,
              debt: oneOf(["D1", "L"]),
            },
            { requiredKeys: [] },
          ),
        ),
      }),
      { maxLength: 3 },
    ),
  })
  .map((value) => CaseSchema.parse(value));

const runs = { numRuns: 150 };

describe.each(Object.entries(judges))("judging under %s", (_name, judge) => {
  it("gives findings of the public shape, in order, and never throws", () => {
    fc.assert(
      fc.property(incidents, context, fc.boolean(), (list, around, all) => {
        for (const finding of judgeCase(judge, around, list, { all })) {
          expect(Finding.parse(finding)).toEqual(finding);
          expect(finding.because.en).toMatch(/\S.*\.$/);
          expect(finding.because["zh-CN"]).toMatch(/。$/);
          expect(all || finding.outcome !== "no-match").toBe(true);
          expect(finding.missing.length > 0).toBe(finding.outcome === "cannot-tell");
          expect(finding.basis !== "wording" || finding.quotes.length > 0).toBe(true);
          for (const quote of finding.quotes) {
            const quoted = list.find(({ id }) => id === quote.incident)!;
            expect(quoted[quote.field]!.slice(quote.start, quote.end)).toBe(quote.text);
          }
        }
      }),
      runs,
    );
  });

  it("does not depend on the order of input", () => {
    fc.assert(
      fc.property(incidents, context, fc.infiniteStream(fc.nat()), (list, around, seed) => {
        const shuffled = list.map((one) => ({ one, key: seed.next().value as number })).sort((a, b) => a.key - b.key);
        expect(
          judgeCase(
            judge,
            around,
            shuffled.map(({ one }) => one),
          ),
        ).toEqual(judgeCase(judge, around, list));
      }),
      runs,
    );
  });

  it("streams to the same findings", () => {
    fc.assert(
      fc.property(incidents, context, (list, around) => {
        const zone = zoneNamed(around.zone);
        const sorted = list.map((one) => ({ one, at: instantOf(one.happenedAt, zone) })).sort((a, b) => a.at - b.at);
        const stream = startStream(judge, around);
        const streamed = [...sorted.flatMap(({ one }) => stream.push(one)), ...stream.end()];
        expect(streamed).toEqual(judgeCase(judge, around, list));
      }),
      runs,
    );
  });

  it("judges again after a change to the same findings as judging everything", () => {
    const change = fc.record({ index: fc.nat(), to: fc.option(incidents, { nil: undefined }) });
    fc.assert(
      fc.property(incidents, context, fc.array(change, { maxLength: 6 }), (list, around, changes) => {
        const live = new LiveCase(judge, around, list);
        const now = new Map(list.map((one) => [one.id, one]));
        for (const { index, to } of changes) {
          const id = `i${String(index % 35).padStart(2, "0")}`;
          const incident = to?.[0];
          if (incident === undefined) {
            live.remove(id);
            now.delete(id);
          } else {
            live.put({ ...incident, id });
            now.set(id, { ...incident, id });
          }
          expect(live.findings).toEqual(judgeCase(judge, around, [...now.values()]));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("judges a span, given what its reach asks for, as it judges the whole", () => {
    fc.assert(
      fc.property(incidents, context, fc.nat(), fc.nat(), (list, around, a, b) => {
        const zone = zoneNamed(around.zone);
        const instants = list.map((one) => instantOf(one.happenedAt, zone)).sort((x, y) => x - y);
        fc.pre(instants.length > 0);
        const from = instants[a % instants.length]!;
        const until = instants[b % instants.length]! + 1;
        const inSpan = new Set(
          list
            .filter((one) => {
              const at = instantOf(one.happenedAt, zone);
              return at >= from && at < until;
            })
            .map(({ id }) => id),
        );
        const whole = judgeCase(judge, around, list).filter((finding) => inSpan.has(finding.incident));
        const known = list.filter((one) => instantOf(one.happenedAt, zone) < until);
        expect(judgeSpan(judge, around, known, { from, until })).toEqual(whole);
      }),
      runs,
    );
  });

  it("is not moved by an incident of another borrower's world: another debt, lender, collector and number, years away", () => {
    fc.assert(
      fc.property(incidents, context, (list, around) => {
        const far = Incident.parse({
          id: "far",
          channel: "letter",
          happenedAt: "2021-06-01T12:00",
          outcome: "delivered",
          contacted: "public",
          collector: "Z",
          creditor: "Z",
          debt: "Z",
          calledNumber: "Z",
        });
        const complete = list.filter((one) => one.collector && one.creditor && one.debt && one.calledNumber);
        const others = judgeCase(judge, around, [far, ...complete]).filter((finding) => finding.incident !== "far");
        expect(others).toEqual(judgeCase(judge, around, complete));
      }),
      runs,
    );
  });
});
