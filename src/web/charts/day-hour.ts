/**
 * The picture of a case: one row is one day, newest on top, left to right is midnight to midnight. Hours to be left in peace are shaded,
 * notices are lines, a time that is not known stands outside the scale under "?". Drawn once for wide screens and once for phones.
 * The same numbers must stand beside it as a table. Next: views/overview/show.ejs shows both.
 */
import { escapeHtml } from "../markup.ts";
import { DAY_MINUTES, type Mark, type Span, dotClass, dotShape, lies, round, whiskerPath, withinDay } from "./marks.ts";

interface PictureDay {
  /** Written at the left, usually on Mondays; null writes nothing. */
  label: string | null;
  /** A fine line is drawn below a day that begins a week. */
  weekStart: boolean;
  marks: readonly Mark[];
}

/** Something that happened on a day, drawn across it: a notice, a complaint. */
interface PictureLine {
  /** Index into the days. */
  day: number;
  title: string;
  note: string;
}

export interface Picture {
  /** Oldest first, without gaps. */
  days: readonly PictureDay[];
  forbidden: readonly Span[];
  lines: readonly PictureLine[];
}

interface Measures {
  size: "wide" | "phone";
  width: number;
  left: number;
  right: number;
  unknown: number;
  step: number;
  radius: number;
  hours: readonly number[];
}
const wide: Measures = {
  size: "wide",
  width: 900,
  left: 62,
  right: 250,
  unknown: 40,
  step: 7.2,
  radius: 3,
  hours: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24],
};
const phone: Measures = {
  size: "phone",
  width: 328,
  left: 50,
  right: 24,
  unknown: 28,
  step: 6.4,
  radius: 2.5,
  hours: [0, 4, 8, 12, 16, 20, 24],
};
const TOP = 26;
/** Below this many days rows are drawn taller, or the picture of a new case would be a sliver. */
const FEW_DAYS = 28;

/** Two SVGs, of which the stylesheet shows one. Size grows with the number of marks that can be told apart, not with all marks. */
export function dayHourPicture(picture: Picture): string {
  return draw(picture, wide) + draw(picture, phone);
}

function draw({ days, forbidden, lines }: Picture, measures: Measures): string {
  const { size, width, left, right, unknown, radius } = measures;
  const step =
    days.length < FEW_DAYS ? Math.min(14, (measures.step * FEW_DAYS) / Math.max(1, days.length)) : measures.step;
  const plotWidth = width - left - right - unknown;
  const plotHeight = days.length * step;
  const height = TOP + plotHeight + 10;
  const x = (minute: number) => left + (minute / DAY_MINUTES) * plotWidth;
  const y = (day: number) => TOP + (days.length - 1 - day + 0.5) * step;
  const unknownX = left + plotWidth + unknown / 2 + 4;
  const rect = (name: string, from: number, to: number) =>
    `<rect class="${name}" x="${round(x(from))}" y="${TOP}" width="${round(x(to) - x(from))}" height="${round(plotHeight)}"/>`;
  const down = (minute: number) => `M${round(x(minute))} ${TOP}v${round(plotHeight)}`;

  const nights = withinDay(forbidden);
  const edges = nights.flatMap((span) => [span.fromMinute, span.toMinute]).filter((m) => m > 0 && m < DAY_MINUTES);
  let drawn = rect("dw-plot__bg", 0, DAY_MINUTES);
  for (const night of nights) drawn += rect("dw-plot__night", night.fromMinute, night.toMinute);
  drawn += `<path class="dw-plot__grid" d="${measures.hours.map((hour) => down(hour * 60)).join("")}"/>`;
  if (edges.length > 0) drawn += `<path class="dw-plot__edge" d="${edges.map(down).join("")}"/>`;
  for (const hour of measures.hours) drawn += label(x(hour * 60), TOP - 8, "middle", String(hour));
  drawn += label(unknownX, TOP - 8, "middle", "?");

  let weeks = "";
  let lastLabelY = Infinity;
  for (const [index, day] of days.entries()) {
    if (day.weekStart) weeks += `M${left} ${round(y(index) + step / 2)}h${round(plotWidth)}`;
    // Oldest first means bottom up: a label that would touch the one below is left out.
    if (day.label !== null && lastLabelY - y(index) >= 14) {
      lastLabelY = y(index);
      drawn += label(left - 8, y(index) + 4, "end", day.label);
    }
  }
  if (weeks !== "") drawn += `<path class="dw-plot__week" d="${weeks}"/>`;
  drawn += drawLines(lines, { measures, x0: left, x1: left + plotWidth + unknown, y });

  const { paths, whiskers } = drawMarks(days, forbidden, { x, y, unknownX, radius });
  if (whiskers !== "") drawn += `<path class="dw-dot__about" d="${whiskers}"/>`;
  for (const [name, path] of paths) drawn += `<path class="${name}" d="${path}"/>`;
  return `<svg class="dw-plot dw-plot--${size}" viewBox="0 0 ${width} ${round(height)}" width="${width}" height="${round(height)}" aria-hidden="true" focusable="false">${drawn}</svg>`;
}

/**
 * One path for each look, and marks that would cover one another within three minutes only once: ten thousand contacts stay a small
 * page. This is the inner loop of the page, so its strings are made out of parts that are ready.
 */
function drawMarks(
  days: readonly PictureDay[],
  forbidden: readonly Span[],
  at: { x: (minute: number) => number; y: (day: number) => number; unknownX: number; radius: number },
): { paths: Map<string, string>; whiskers: string } {
  const places = Array.from({ length: DAY_MINUTES }, (_, minute) => at.x(minute));
  const insides = Uint8Array.from({ length: DAY_MINUTES }, (_, minute) => (lies(minute, forbidden) ? 1 : 0));
  const circle = dotShape({}, at.radius);
  const diamond = dotShape({ other: true }, at.radius);
  // By look: inside 1, open 2.
  const drawn = ["", "", "", ""];
  let whiskers = "";
  const seen = new Set<number>();
  for (const [index, { marks }] of days.entries()) {
    if (marks.length === 0) continue;
    const y = at.y(index);
    const starts = { circle: ` ${round(y)}${circle.rest}`, diamond: ` ${round(y + diamond.dy)}${diamond.rest}` };
    seen.clear();
    for (const { minute, about, open, other } of marks) {
      const look = minute === null ? 2 : insides[minute]! + (open ? 2 : 0);
      const cell = (minute === null ? 480 : Math.floor(minute / 3)) * 8 + look * 2 + (other ? 1 : 0);
      if (seen.has(cell)) continue;
      seen.add(cell);
      const x = minute === null ? at.unknownX : places[minute]!;
      drawn[look] += other ? `M${round(x)}${starts.diamond}` : `M${round(x + circle.dx)}${starts.circle}`;
      if (about && minute !== null) whiskers += whiskerPath(minute, y, at.x);
    }
  }
  const paths = new Map<string, string>();
  for (const [look, path] of drawn.entries()) {
    if (path !== "") paths.set(dotClass({ open: look >= 2 }, look % 2 === 1), path);
  }
  return { paths, whiskers };
}

/** Wide: the words stand beside the line. Phone: a number, which the list of flags below explains. */
function drawLines(
  lines: readonly PictureLine[],
  { measures, x0, x1, y }: { measures: Measures; x0: number; x1: number; y: (day: number) => number },
): string {
  let drawn = "";
  // Newest first is top down; words that would stand on the ones above move down to the next free place.
  let free = -Infinity;
  for (const [index, { day, title, note }] of lines.entries()) {
    const at = round(y(day));
    drawn += `<path class="dw-plot__event" d="M${x0} ${at}H${round(x1 + (measures.size === "wide" ? 14 : 2))}"/>`;
    if (measures.size === "wide") {
      const textY = Math.max(at, free);
      free = textY + 36;
      drawn += `<text class="dw-plot__label" x="${round(x1 + 20)}" y="${round(textY + 1)}">${escapeHtml(fit(title, 32))}</text>`;
      drawn += label(x1 + 20, textY + 17, "start", fit(note, 38));
    } else {
      const cy = Math.max(at, free);
      free = cy + 19;
      drawn += `<circle class="dw-plot__flag" cx="${measures.width - 11}" cy="${round(cy)}" r="9"/><text class="dw-plot__flagn" x="${measures.width - 11}" y="${round(cy + 4)}" text-anchor="middle">${index + 1}</text>`;
    }
  }
  return drawn;
}

const label = (x: number, y: number, anchor: "start" | "middle" | "end", text: string): string =>
  `<text class="dw-plot__t" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;

/** Cuts a text to what fits beside the picture; a Chinese character takes the room of two letters. */
function fit(text: string, letters: number): string {
  let room = letters;
  let kept = "";
  for (const sign of text) {
    room -= sign.charCodeAt(0) > 0x2e7f ? 2 : 1;
    if (room < 0) return `${kept.trimEnd()}…`;
    kept += sign;
  }
  return kept;
}
