/** What must hold for every case under the codes that come with Dunwatch, and under a code made of everything a rule can say. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeCase, judgeSpan } from "../../src/conduct/classify.ts";
import { Finding } from "../../src/conduct/finding.ts";
import { Incident } from "../../src/conduct/incident.ts";
import { LiveCase } from "../../src/conduct/live-case.ts";
import { startStream } from "../../src/conduct/stream.ts";
import { instantOf, zoneNamed } from "../../src/conduct/zone.ts";
import { context, incidents, judges } from "./arbitrary-cases.ts";

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
