import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dayFromIso,
  instantOf,
  isMoment,
  isZone,
  isoDay,
  monthAround,
  weekdayOf,
  zoneNamed,
} from "../../src/conduct/zone.ts";

const zones = [
  "Asia/Shanghai",
  "America/New_York",
  "Asia/Kolkata",
  "Europe/Dublin",
  "Africa/Casablanca",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "America/St_Johns",
];

describe("local time", () => {
  it("agrees with Temporal for every instant and every local time, gaps and folds included", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date("1975-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }),
        (name, date) => {
          const zone = zoneNamed(name);
          const instant = date.getTime();
          const local = date.toISOString().slice(0, -1);
          const offset = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(name).offsetNanoseconds;
          expect(zone.offsetAt(instant)).toBe(offset / 1e6);
          expect(instantOf(local, zone)).toBe(
            Temporal.PlainDateTime.from(local).toZonedDateTime(name).epochMilliseconds,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a gap moves forward", "2026-03-08T02:30", "2026-03-08T03:30:00-04:00"],
    ["the first instant after a gap", "2026-03-08T03:00", "2026-03-08T03:00:00-04:00"],
    ["a fold is the first of the two", "2026-11-01T01:30", "2026-11-01T01:30:00-04:00"],
    ["after the fold", "2026-11-01T02:00", "2026-11-01T02:00:00-05:00"],
    ["an offset is taken as written", "2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-05:00"],
    ["Z is UTC", "2026-07-01T12:00:00Z", "2026-07-01T08:00:00-04:00"],
    ["fractions", "2026-07-01T12:00:00.123456789", "2026-07-01T12:00:00.123-04:00"],
  ])("New York: %s", (_name, written, meant) => {
    expect(new Date(instantOf(written, zoneNamed("America/New_York"))).toISOString()).toBe(
      new Date(meant).toISOString(),
    );
  });

  it("knows which moments and zones exist", () => {
    expect(isMoment("2024-02-29T23:59:59")).toBe(true);
    const wrong = [
      "2026-02-29T00:00",
      "2026-13-01T00:00",
      "2026-00-10T00:00",
      "2026-04-31T00:00",
      "2026-01-01T24:00",
      "2026-01-01T10:60",
      "2026-01-01T10:00:60",
      "2026-01-01T10:00+24:00",
    ];
    expect(wrong.filter(isMoment)).toEqual([]);
    expect(isZone("Asia/Shanghai")).toBe(true);
    expect(isZone("Mars/Olympus")).toBe(false);
  });

  it("counts days, weekdays and months", () => {
    expect(isoDay(dayFromIso("2026-11-23"))).toBe("2026-11-23");
    expect(weekdayOf(dayFromIso("2026-11-23"))).toBe(1);
    expect(weekdayOf(dayFromIso("1969-12-28"))).toBe(7);
    const month = monthAround(dayFromIso("2025-12-17"));
    expect([isoDay(month.first), isoDay(month.last)]).toEqual(["2025-12-01", "2025-12-31"]);
  });
});
