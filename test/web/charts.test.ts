/** The pictures of contacts: what stands where, and that ten thousand contacts stay a small page. */
import { describe, expect, test } from "vitest";
import { dayHourPicture } from "../../src/web/charts/day-hour.ts";
import { dayStrip } from "../../src/web/charts/day-strip.ts";
import { type Mark, lies, minuteOf, withinDay } from "../../src/web/charts/marks.ts";
import { unitMarks } from "../../src/web/charts/units.ts";

const night = [{ fromMinute: minuteOf("22:00"), toMinute: minuteOf("08:00") }];
const count = (svg: string, part: string | RegExp) => svg.split(part).length - 1;

describe("hours", () => {
  test("that cross midnight are two spans of one day, and overlapping ones are one", () => {
    expect(withinDay(night)).toEqual([
      { fromMinute: 0, toMinute: 480 },
      { fromMinute: 1320, toMinute: 1440 },
    ]);
    expect(withinDay([...night, { fromMinute: 1260, toMinute: 1380 }, { fromMinute: 480, toMinute: 500 }])).toEqual([
      { fromMinute: 0, toMinute: 500 },
      { fromMinute: 1260, toMinute: 1440 },
    ]);
    expect(withinDay([])).toEqual([]);
  });

  test("the beginning belongs to them, the end does not", () => {
    expect([1319, 1320, 1439, 0, 479, 480].map((minute) => lies(minute, night))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("the strip of a day", () => {
  test("shades the hours, and tells by shape who was meant, whether it was answered, and how well the time is known", () => {
    const svg = dayStrip(
      [{ minute: 1363 }, { minute: 600, open: true, about: true }, { minute: 700, other: true }, { minute: null }],
      { forbidden: night, size: "row" },
    );
    expect(count(svg, "dw-plot__night")).toBe(2);
    expect(count(svg, /class="dw-dot dw-dot--in"/)).toBe(1);
    expect(count(svg, /class="dw-dot dw-dot--open"/)).toBe(1);
    expect(count(svg, "dw-dot__about")).toBe(1);
    expect(svg).toMatch(/class="dw-dot" d="M[\d.]+ [\d.]+l/);
    expect(svg).toContain('aria-hidden="true"');
  });

  test("is named for a screen reader only where it has a label, and the label is escaped", () => {
    const svg = dayStrip([], { forbidden: [], size: "row", label: '22:43 <"night">' });
    expect(svg).toContain('role="img" aria-label="22:43 &lt;&quot;night&quot;&gt;"');
    expect(svg).not.toContain("aria-hidden");
  });

  test("large comes for wide screens and phones, writes the edges of the hours, and numbers what is over a limit", () => {
    const marks: Mark[] = [540, 600, 660, 720].map((minute) => ({ minute }));
    const svg = dayStrip(marks, { forbidden: night, size: "large", limit: 3 });
    expect([count(svg, "dw-strip--wide"), count(svg, "dw-strip--phone")]).toEqual([1, 1]);
    expect(count(svg, ">22</text>")).toBe(2);
    expect(count(svg, "dw-plot__n--over")).toBe(2);
  });

  test("a mark stands where its minute is: midnight at the left end, noon in the middle", () => {
    const at = (minute: number) =>
      Number(/class="dw-dot[^"]*" d="M([\d.]+)/.exec(dayStrip([{ minute }], { forbidden: [], size: "row" }))?.[1]) + 4;
    expect([at(0), at(720), at(1440)]).toEqual([4, 84, 164]);
  });
});

describe("the picture of a case", () => {
  const days = (n: number, marks: Mark[]) =>
    Array.from({ length: n }, (_, i) => ({ label: i % 7 === 0 ? `day ${i}` : null, weekStart: i % 7 === 0, marks }));

  test("puts the newest day on top, and notices where their day is", () => {
    const svg = dayHourPicture({
      days: [
        { label: "old", weekStart: false, marks: [{ minute: 60 }] },
        ...days(20, []),
        { label: "new", weekStart: false, marks: [{ minute: 720 }] },
      ],
      forbidden: night,
      lines: [{ day: 21, title: "<b>Stop", note: "signed for" }],
    });
    const y = (text: string) => Number(new RegExp(`y="([\\d.]+)"[^>]*>${text}<`).exec(svg)?.[1]);
    expect(y("new")).toBeLessThan(y("old"));
    expect(svg).toContain("&lt;b&gt;Stop");
    expect(svg).not.toContain("<b>Stop");
    expect(count(svg, "dw-plot__event")).toBe(2);
    expect(count(svg, "dw-plot__flagn")).toBe(1);
  });

  test("a contact without a time of day stands under the question mark, outside the scale", () => {
    const svg = dayHourPicture({ days: days(30, [{ minute: null }]), forbidden: [], lines: [] });
    const x = Number(/class="dw-dot dw-dot--open" d="M([\d.]+)/.exec(svg)?.[1]);
    expect(x).toBeGreaterThan(62 + (900 - 62 - 250 - 40));
  });

  test("contacts in the same three minutes are one mark: 300 a day for 13 weeks are few paths", () => {
    const many: Mark[] = Array.from({ length: 300 }, (_, i) => ({ minute: (i * 7) % 1440, open: i % 2 === 0 }));
    const svg = dayHourPicture({ days: days(91, many), forbidden: night, lines: [] });
    const once = dayHourPicture({ days: days(91, many.slice(0, 1)), forbidden: night, lines: [] });
    const doubled = dayHourPicture({ days: days(91, [...many, ...many]), forbidden: night, lines: [] });
    expect(doubled).toBe(svg);
    expect(once.length).toBeLessThan(20_000);
    // One path for each look, however many marks.
    expect(count(svg, "<path")).toBeLessThan(20);
  });
});

describe("marks for findings", () => {
  const shapes = (svg: string) => ({
    matches: count(/dw-mark--matches"><path[^>]*d="([^"]*)/.exec(svg)?.[1] ?? "", "M"),
    cannotTell: count(/dw-mark--cannot-tell"><path[^>]*d="([^"]*)/.exec(svg)?.[1] ?? "", "M"),
  });
  test("one each while they can be counted, then in proportion, and none of the kinds lost", () => {
    expect(shapes(unitMarks({ matches: 17, needsReview: 2, cannotTell: 3 }))).toEqual({ matches: 17, cannotTell: 3 });
    expect(shapes(unitMarks({ matches: 3000, needsReview: 1, cannotTell: 1 }))).toMatchObject({ cannotTell: 1 });
    expect(shapes(unitMarks({ matches: 3000, needsReview: 1, cannotTell: 1 })).matches).toBeLessThan(41);
    expect(unitMarks({ matches: 0, needsReview: 0, cannotTell: 0 })).toBe("");
  });
});
