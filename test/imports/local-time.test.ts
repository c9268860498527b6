/** Dates, times of day and durations as phones, carriers and chats write them. */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type DateOrder,
  couldBe,
  localText,
  readClock,
  readDuration,
  readMoment,
} from "../../src/imports/local-time.ts";

function moment(text: string, order: DateOrder = "dmy"): string | number | null {
  const read = readMoment(text, order);
  if (read === null) return null;
  return "instant" in read ? read.instant : localText({ ...read.date, year: read.date.year ?? 0 }, read.clock);
}

it.each([
  ["2026-03-01 10:00:05", "2026-03-01T10:00:05"],
  ["2026年3月1日 下午9:05", "2026-03-01T21:05"],
  ["２０２６／３／１　９：０５", "2026-03-01T09:05"],
  ["2026.03.01 凌晨12:30", "2026-03-01T00:30"],
  ["20260301123456", "2026-03-01T12:34:56"],
  ["Oct 21, 2011 9:50:00 AM", "2011-10-21T09:50:00"],
  ["23 Nov 2026 21:00", "2026-11-23T21:00"],
  ["23/11/26, 9:05\u202Fp. m.", "2026-11-23T21:05"],
  ["2026-03-01 星期日 10:00", "2026-03-01T10:00"],
  ["03-01 10:00:00", "0-01-03T10:00:00"],
  ["2026-03-01T10:00:00+08:00", Date.UTC(2026, 2, 1, 2)],
  ["1319183400129", 1_319_183_400_129],
  ["2026-03-01", "2026-03-01T00:00"],
])("%s is %s", (text, expected) => expect(moment(text)).toBe(expected));

it.each([
  "2026-02-30",
  "2026-13-01",
  "2026-03-01 1x:00",
  "2026-03-01 25:00",
  "11/23/2026",
  "hello",
  "",
  "晚上12:30",
  "10:00",
])("%s is no moment", (text) => expect(moment(text)).toBeNull());

it("what the order decides", () => {
  expect(moment("03/04/2026", "mdy")).toBe("2026-03-04T00:00");
  expect(moment("03/04/2026", "dmy")).toBe("2026-04-03T00:00");
  expect(moment("26/04/03", "ymd")).toBe("2026-04-03T00:00");
  expect(couldBe("23/04/2026")).toEqual(["dmy"]);
  expect(couldBe("2026-04-23")).toEqual(["mdy", "dmy", "ymd"]);
});

it("reads back every minute of a day in twelve hours, in three languages' words", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), (hour, minute) => {
      const twelve = `${hour % 12 || 12}:${String(minute).padStart(2, "0")}`;
      for (const text of [
        `${twelve} ${hour < 12 ? "AM" : "pm"}`,
        `${hour < 12 ? "上午" : "下午"}${twelve}`,
        `${hour < 12 ? "午前" : "午後"}${twelve}`,
      ]) {
        expect(readClock(text)).toEqual({ hour, minute, second: null });
      }
    }),
  );
});

it.each([
  ["1分20秒", 80],
  ["1小时2分3秒", 3723],
  ["00:01:20", 80],
  ["1:20", 80],
  ["1 min 20 s", 80],
  ["80", 80],
  ["", null],
  ["lange", null],
])("%s lasts %s seconds", (text, seconds) => expect(readDuration(text)).toBe(seconds));

it("a bare number counts in the unit of its heading", () => expect(readDuration("2", "minutes")).toBe(120));
