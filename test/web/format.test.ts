import { array, assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { formatter } from "../../src/web/format.ts";

const at = Date.parse("2026-11-17T22:43:05+08:00");
const en = formatter("en", "Asia/Shanghai");
const zh = formatter("zh-CN", "Asia/Shanghai");
const ny = formatter("en", "America/New_York");
const minute = 60_000;

describe("moments are shown in the case's zone and no more exactly than they are known", () => {
  test.each([
    ["exact", "Tue 17 Nov 2026, 22:43", "2026年11月17日周二 22:43"],
    ["about", "Tue 17 Nov 2026, about 22:43", "2026年11月17日周二 约 22:43"],
    ["day", "Tue 17 Nov 2026 (time not known)", "2026年11月17日周二（时间不详）"],
    ["month", "November 2026 (day not known)", "2026年11月（日期不详）"],
  ] as const)("%s", (precision, english, chinese) => {
    expect(en.instant(at, precision)).toBe(english);
    expect(zh.instant(at, precision)).toBe(chinese);
  });
  test("another zone, another time", () => {
    expect(ny.instant(at)).toBe("Tue 17 Nov 2026, 09:43");
    expect(en.iso(at)).toBe("2026-11-17T22:43:05+08:00");
  });
  test("midnight is 00:00", () => {
    expect(en.time(Date.parse("2026-11-17T00:00:00+08:00"))).toBe("00:00");
    expect(zh.time(Date.parse("2026-11-17T00:00:00+08:00"))).toBe("00:00");
  });
});

test("a date has no zone", () => {
  expect(ny.date("2026-03-01")).toBe("1 Mar 2026");
  expect(zh.date("2026-03-01")).toBe("2026年3月1日");
  expect(en.longDay("2026-11-23")).toBe("Monday 23 November 2026");
  expect(en.date("soon")).toBe("soon");
});

test("sizes, numbers and durations", () => {
  expect([0, 999, 1000, 1_900_000, 1e9].map((n) => en.bytes(n))).toEqual(["0 B", "999 B", "1 kB", "1.9 MB", "1 GB"]);
  expect(en.number(1234567)).toBe("1,234,567");
  expect([0, 59, 60, 161, 3600, 90_061].map((n) => en.duration(n))).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "2 min 41 s",
    "1 h",
    "1 d 1 h",
  ]);
  expect(zh.duration(161)).toBe("2 分 41 秒");
});

test("how long after", () => {
  expect(en.later(at, at + 9 * minute)).toBe("nine minutes later");
  expect(en.later(at, at + 1 * minute)).toBe("one minute later");
  expect(en.later(at, at + 12 * minute)).toBe("12 minutes later");
  expect(en.later(at, at + 36 * 60 * minute)).toBe("one day later");
  expect(en.later(at, at + 20_000)).toBe("at once");
  expect(en.later(at, at - 3 * 60 * minute)).toBe("three hours earlier");
  expect(zh.later(at, at + 9 * minute)).toBe("9 分钟后");
  expect(en.list(["a", "b", "c"])).toBe("a, b and c");
  expect(zh.list(["甲", "乙", "丙"])).toBe("甲、乙和丙");
});

test("texts kept from before never stand for another moment: clock changes, year ends, zones off the hour", () => {
  const zones = ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "UTC"];
  // Round the changes of the clock of 2026 in New York and on Lord Howe, at the end of a year, and anywhere since 1950.
  const edges = ["2026-03-08T07:00Z", "2026-11-01T06:00Z", "2026-04-04T15:00Z", "2026-12-31T16:00Z"].map(Date.parse);
  const moments = array(integer({ min: -7_200_000, max: 7_200_000 }), { minLength: 1, maxLength: 40 });
  assert(
    property(constantFrom(...zones), constantFrom(...edges, null), moments, (zone, edge, offsets) => {
      const format = formatter("en", zone);
      for (const offset of offsets) {
        const ms = edge === null ? Date.parse("2000-06-01T00:00Z") + offset * 200_000 : edge + offset;
        const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        expect(format.iso(ms)).toBe(
          local.toString({ smallestUnit: "second", timeZoneName: "never", offset: "auto" }).slice(0, 25),
        );
        expect(format.time(ms)).toBe(local.toPlainTime().toString({ smallestUnit: "minute" }));
        expect(format.date(ms)).toBe(format.date(local.toPlainDate().toString()));
      }
    }),
  );
});
