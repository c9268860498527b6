/**
 * Years from left to right: a thin line for each text that was in force for a time, and the axis they share. Whoever shows them says the
 * dates in words beside them, so they are hidden from screen readers. Next: views/codes/law-over-time.ejs.
 */
import { escapeHtml } from "../markup.ts";
import { round } from "./marks.ts";

/** Local days counted from any beginning; the whole picture. */
interface TimeSpan {
  first: number;
  last: number;
}

export interface TimeBar {
  from: number;
  /** The last day; null = no end. */
  to: number | null;
  /** Whether it speaks of this case; what does not is drawn as an outline. */
  bound: boolean;
}

export interface TimeLineOptions {
  span: TimeSpan;
  /** First and last day with a contact; shaded. */
  contacts: { from: number; to: number } | null;
  /** Days on which something changed. */
  changes: readonly number[];
  today: number;
}

const WIDTH = 320;
const EDGE = 4;

const scale =
  ({ first, last }: TimeSpan) =>
  (day: number) =>
    EDGE + ((Math.min(Math.max(day, first), last) - first) / Math.max(1, last - first)) * (WIDTH - 2 * EDGE);

/** One text: a bar with a stop where it begins or ends inside the picture, and running out where it goes on. */
export function timeBar(bar: TimeBar, { span, contacts, changes, today }: TimeLineOptions): string {
  const x = scale(span);
  const end = bar.to === null ? span.last : bar.to + 1;
  const shade =
    contacts === null
      ? ""
      : `<rect class="dw-time__contacts" x="${round(x(contacts.from))}" y="0" width="${round(Math.max(2, x(contacts.to + 1) - x(contacts.from)))}" height="20"/>`;
  const lines = changes.filter((day) => day > span.first && day < span.last).map((day) => `M${round(x(day))} 0v20`);
  const outside = end <= span.first || bar.from >= span.last;
  const shape = outside
    ? ""
    : `<rect class="dw-time__bar${bar.bound ? "" : " dw-time__bar--not"}" x="${round(x(bar.from))}" y="6" width="${round(Math.max(2, x(end) - x(bar.from)))}" height="8"/>`;
  const stops = outside
    ? []
    : [bar.from, ...(bar.to === null ? [] : [end])].filter((day) => day > span.first && day < span.last);
  return svg(
    20,
    shade +
      path("dw-plot__grid", lines) +
      shape +
      path(
        "dw-time__stop",
        stops.map((day) => `M${round(x(day))} 2v16`),
      ) +
      path("dw-time__today", [`M${round(x(today))} 0v20`]),
  );
}

/** The years, written over the bars; `yearStarts` are the first days of years in the picture. */
export function timeAxis(
  yearStarts: readonly { day: number; label: string }[],
  { span, today }: TimeLineOptions,
): string {
  const x = scale(span);
  let last = -Infinity;
  const labels = yearStarts.map(({ day, label }) => {
    const at = x(day);
    // A label needs room; the line stays.
    if (at - last < 40 || at > WIDTH - 30) return "";
    last = at;
    return `<text class="dw-plot__t" x="${round(at)}" y="12">${escapeHtml(label)}</text>`;
  });
  return svg(
    20,
    labels.join("") +
      path(
        "dw-plot__grid",
        yearStarts.map(({ day }) => `M${round(x(day))} 15v5`),
      ) +
      path("dw-time__today", [`M${round(x(today))} 15v5`]),
  );
}

const path = (name: string, parts: readonly string[]): string =>
  parts.length === 0 ? "" : `<path class="${name}" d="${parts.join("")}"/>`;

const svg = (height: number, inside: string): string =>
  `<svg class="dw-time" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" aria-hidden="true" focusable="false">${inside}</svg>`;
