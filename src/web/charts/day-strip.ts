/**
 * One local day as a thin strip: midnight to midnight, the hours to be left in peace shaded, a mark for each contact.
 * Whoever shows it says the same in words beside it, or gives a label. Next: day-hour.ts stacks such days.
 */
import { escapeHtml } from "../markup.ts";
import {
  DAY_MINUTES,
  type Mark,
  type Span,
  dotClass,
  dotPath,
  lies,
  naming,
  round,
  whiskerPath,
  withinDay,
} from "./marks.ts";

export interface StripOptions {
  /** The shaded hours. */
  forbidden: readonly Span[];
  /** What a screen reader says; without it the strip is hidden from one, because the words stand beside it. */
  label?: string;
  /** `row` fits a line of a list (168 x 14); `large` has hours written over it and comes once for wide screens and once for phones. */
  size: "row" | "large";
  /** Only `large`: numbers the marks in the order given, those after this many stand out. */
  limit?: number;
}

/** SVG markup. A mark without a time of day cannot be drawn and is left out: say so in words. */
export function dayStrip(marks: readonly Mark[], options: StripOptions): string {
  if (options.size === "row") return row(marks, options);
  return large(marks, options, "wide") + large(marks, options, "phone");
}

/** The days of a list that have the same shaded hours stand on the same ground. */
const rowGrounds = new WeakMap<readonly Span[], string>();

function row(marks: readonly Mark[], { forbidden, label }: StripOptions): string {
  const x = scale(168);
  let under = rowGrounds.get(forbidden);
  if (under === undefined) rowGrounds.set(forbidden, (under = ground(168, forbidden, 2, 10, 480)));
  return `<svg class="dw-strip" viewBox="0 0 168 14" width="168" height="14" ${naming(label, escapeHtml)}>${under}${dots(marks, forbidden, x, 7, 4)}</svg>`;
}

function large(marks: readonly Mark[], { forbidden, label, limit }: StripOptions, size: "wide" | "phone"): string {
  const width = size === "wide" ? 640 : 328;
  const height = limit === undefined ? 44 : 62;
  const x = scale(width);
  const hours = hourLabels(forbidden, size)
    .map((hour) => {
      const anchor = hour === 0 ? "start" : hour === 24 ? "end" : "middle";
      return `<text class="dw-plot__t" x="${round(x(hour * 60))}" y="12" text-anchor="${anchor}">${hour}</text>`;
    })
    .join("");
  const numbers = limit === undefined ? "" : numbered(marks, x, limit);
  return `<svg class="dw-strip dw-strip--big dw-strip--${size}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${naming(label, escapeHtml)}>${hours}<g transform="translate(0 14)">${ground(width, forbidden, 6, 18, 120)}${dots(marks, forbidden, x, 15, 6)}</g>${numbers}</svg>`;
}

function dots(marks: readonly Mark[], forbidden: readonly Span[], x: (minute: number) => number, y: number, r: number) {
  return marks
    .map((mark) => {
      if (mark.minute === null) return "";
      const whisker = mark.about ? `<path class="dw-dot__about" d="${whiskerPath(mark.minute, y, x)}"/>` : "";
      const names = dotClass(mark, lies(mark.minute, forbidden));
      return `${whisker}<path class="${names}" d="${dotPath(mark, x(mark.minute), y, r)}"/>`;
    })
    .join("");
}

/** The order numbers under the marks; one that would stand on the number before it is left out, the list beside it has them all. */
function numbered(marks: readonly Mark[], x: (minute: number) => number, limit: number): string {
  let last = -Infinity;
  return marks
    .flatMap(({ minute }, index) => (minute === null ? [] : [{ at: x(minute), n: index + 1 }]))
    .sort((a, b) => a.at - b.at || a.n - b.n)
    .map(({ at, n }) => {
      if (at - last < 9) return "";
      last = at;
      const over = n > limit ? " dw-plot__n--over" : "";
      return `<text class="dw-plot__n${over}" x="${round(at)}" y="56" text-anchor="middle">${n}</text>`;
    })
    .join("");
}

/** Hours worth writing: the edges of the shaded hours, and every fourth hour that does not stand too close to one. */
function hourLabels(forbidden: readonly Span[], size: "wide" | "phone"): number[] {
  const edges = withinDay(forbidden)
    .flatMap(({ fromMinute, toMinute }) => [fromMinute / 60, toMinute / 60])
    .filter((hour) => Number.isInteger(hour));
  const room = size === "wide" ? 1 : 2;
  const plain = [0, 4, 8, 12, 16, 20, 24].filter((hour) => edges.every((edge) => Math.abs(edge - hour) > room));
  return [...new Set([...edges, ...plain])].sort((a, b) => a - b);
}

/** The day itself: background, shaded hours, a line every `step` minutes, and the edges of the shaded hours. */
function ground(width: number, forbidden: readonly Span[], top: number, height: number, step: number): string {
  const x = scale(width);
  const rect = (name: string, from: number, to: number) =>
    `<rect class="${name}" x="${round(x(from))}" y="${top}" width="${round(x(to) - x(from))}" height="${height}"/>`;
  const down = (minute: number) => `M${round(x(minute))} ${top}v${height}`;
  const nights = withinDay(forbidden);
  const lines = Array.from({ length: DAY_MINUTES / step + 1 }, (_, i) => down(i * step)).join("");
  const edges = nights
    .flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute])
    .filter((minute) => minute > 0 && minute < DAY_MINUTES)
    .map(down)
    .join("");
  return (
    rect("dw-plot__bg", 0, DAY_MINUTES) +
    nights.map(({ fromMinute, toMinute }) => rect("dw-plot__night", fromMinute, toMinute)).join("") +
    `<path class="dw-plot__grid" d="${lines}"/>` +
    (edges === "" ? "" : `<path class="dw-plot__edge" d="${edges}"/>`)
  );
}

const scale = (width: number) => (minute: number) => 4 + (minute / DAY_MINUTES) * (width - 8);
