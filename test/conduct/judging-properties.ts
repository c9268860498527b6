/** What must hold for every case. Declared for each judge by properties.test.ts and properties-shipped.test.ts. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { CaseContext } from "../../src/conduct/case.ts";
import { type Judge, compileJudge, judgeCase, judgeSpan } from "../../src/conduct/classify.ts";
import type { Code, Condition } from "../../src/conduct/code.ts";
import { Finding } from "../../src/conduct/finding.ts";
import { Incident } from "../../src/conduct/incident.ts";
import { LiveCase } from "../../src/conduct/live-case.ts";
import { startStream } from "../../src/conduct/stream.ts";
import { instantOf, zoneNamed } from "../../src/conduct/zone.ts";
import { aids, context, incidentsUpTo } from "./arbitrary-cases.ts";

/** `length`: of the longest case tried; `share` of the cases that fast-check tries by itself are tried. */
export function declareProperties(judge: Judge, { length, share }: { length: number; share: number }): void {
  const runs = { numRuns: Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) * share) };
  const incidents = incidentsUpTo(length);

  it("gives findings of the public shape, in order, and never throws", () => {
    fc.assert(
      fc.property(incidents, context, fc.boolean(), (list, around, all) => {
        for (const finding of judgeCase(judge, around, list, { all })) {
          expect(text(Finding.parse(finding))).toBe(text(finding));
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
        const inThatOrder = shuffled.map(({ one }) => one);
        expect(text(judgeCase(judge, around, inThatOrder))).toBe(text(judgeCase(judge, around, list)));
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
        expect(text(streamed)).toBe(text(judgeCase(judge, around, list)));
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
          expect(text(live.findings)).toBe(text(judgeCase(judge, around, [...now.values()])));
        }
      }),
      runs,
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
        expect(text(judgeSpan(judge, around, known, { from, until }))).toBe(text(whole));
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
        expect(text(others)).toBe(text(judgeCase(judge, around, complete)));
      }),
      runs,
    );
  });

  it("does not ask where the borrower lives, only what the clock there says", () => {
    const placeless = compileJudge(
      judge.codes.map(({ compiled: { code } }) => ({ ...code, zone: undefined })),
      aids,
    );
    // Clocks that were never changed in these years, so that every local time is there once.
    const zones = fc.constantFrom(
      "Asia/Shanghai",
      "Asia/Kolkata",
      "Africa/Lagos",
      "America/Bogota",
      "Pacific/Honolulu",
    );
    fc.assert(
      fc.property(incidents, context, zones, zones, (list, around, here, there) => {
        const written = list.map((one) => ({ ...one, happenedAt: local(one.happenedAt) }));
        const matter = withMoments(around, local);
        expect(text(judgeCase(placeless, { ...matter, zone: there }, written))).toBe(
          text(judgeCase(placeless, { ...matter, zone: here }, written)),
        );
      }),
      runs,
    );
  });

  it("says the same in every zone by rules that read no clock and no date", () => {
    const timeless = compileJudge(
      judge.codes.map(({ compiled: { code } }): Code => ({
        ...code,
        zone: undefined,
        sources: Object.fromEntries(
          Object.entries(code.sources).map(([id, source]) => [id, { ...source, from: "2020-01-01", to: null }]),
        ),
        rules: code.rules
          .filter((rule) => ![rule.when, ...rule.unless.map((one) => one.when)].some(isLocal))
          .map(({ from: _from, to: _to, ...rule }) => rule),
      })),
      aids,
    );
    expect(timeless.codes.flatMap(({ compiled }) => compiled.rules).length).toBeGreaterThan(0);
    const zones = fc.constantFrom("Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati");
    const said = (around: CaseContext, list: Incident[]) =>
      judgeCase(timeless, around, list).map(({ rule, incident, outcome, missing }) => ({
        rule,
        incident,
        outcome,
        missing,
      }));
    fc.assert(
      fc.property(incidents, context, zones, zones, (list, around, here, there) => {
        // A day or a month without an hour is another stretch of time elsewhere.
        const written = list
          .filter(({ precision }) => precision === "exact" || precision === "about")
          .map((one) => ({ ...one, happenedAt: `${local(one.happenedAt)}Z` }));
        const matter = withMoments(around, (moment) => `${local(moment)}Z`);
        for (const notice of matter.notices ?? []) delete notice.detail?.hours;
        expect(text(said({ ...matter, zone: there }, written))).toBe(text(said({ ...matter, zone: here }, written)));
      }),
      runs,
    );
  });
}

/** Findings as one text: compared at once where objects are gone through, and shown line by line where they differ. */
const text = (findings: unknown): string => JSON.stringify(findings, null, 1);

/** A moment as the clock shows it, without an offset. */
const local = (moment: string): string => moment.slice(0, 16);

/** The same case with each moment of its notices written otherwise. */
function withMoments(around: CaseContext, write: (moment: string) => string): CaseContext {
  const some = (moment: string | undefined) => (moment === undefined ? undefined : write(moment));
  return {
    ...around,
    notices: around.notices?.map((notice) => ({
      ...notice,
      sentAt: some(notice.sentAt),
      receivedAt: some(notice.receivedAt),
      detail: notice.detail && {
        ...notice.detail,
        withdrawnAt: some(notice.detail.withdrawnAt),
        answeredAt: some(notice.detail.answeredAt),
      },
    })),
  };
}

/** Does a condition read the local clock or the local date anywhere? */
function isLocal(condition: Condition): boolean {
  const { localTime, weekday, publicHoliday, count, coolDown, afterNotice, all, any, not } = condition;
  return (
    [localTime, weekday, publicHoliday, count, coolDown, afterNotice?.withinDays].some((one) => one !== undefined) ||
    [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])].some(isLocal)
  );
}
