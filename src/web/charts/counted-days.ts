/**
 * A count that runs over several local days: left to right the days of the window, upwards how many were counted so far, and the line of
 * what is allowed. Each contact is a dot on the stair it makes. The same must stand beside it as a table. Next: views/findings/show.ejs.
 */
import { escapeHtml } from "../markup.ts";
import { dotClass, dotPath, naming, round } from "./marks.ts";

export interface CountedDays {
  /** How many days the window has; the last is the day of the contact judged. */
  days: number;
  /** For each contact, in order, its day of the window, 0 being the first; `own` is the contact judged. */
  dots: readonly { day: number; own: boolean }[];
  /** How many are allowed. */
  limit: number;
  /** Written under the first and last day, and at the line of the limit. */
  words: { first: string; last: string; limit: string };
  /** What a screen reader says. */
  label: string;
}

const HEIGHT = 168;
const TOP = 20;
const BOTTOM = 26;
const LEFT = 12;

/** SVG markup, once for wide screens and once for phones. */
export function countedDays(count: CountedDays): string {
  return draw(count, 480, "wide") + draw(count, 328, "phone");
}

function draw({ days, dots, limit, words, label }: CountedDays, width: number, size: "wide" | "phone"): string {
  const plot = { width: width - LEFT * 2, height: HEIGHT - TOP - BOTTOM };
  const most = Math.max(limit + 1, dots.length);
  const step = plot.width / days;
  // Contacts of one day stand side by side within it.
  const ofDay = Map.groupBy(dots.keys(), (index) => dots[index]!.day);
  const x = (index: number) => {
    const { day } = dots[index]!;
    const same = ofDay.get(day)!;
    return LEFT + step * (day + (same.indexOf(index) + 1) / (same.length + 1));
  };
  const y = (n: number) => TOP + plot.height * (1 - n / most);
  const radius = dots.length > 30 || step < 12 ? 3 : 5;
  const edges = Array.from({ length: Math.min(days, 60) + 1 }, (_, n) => {
    const at = round(LEFT + (plot.width * n) / Math.min(days, 60));
    return `M${at} ${TOP}v${plot.height}`;
  }).join("");
  let stair = `M${LEFT} ${round(y(0))}`;
  for (let n = 0; n < dots.length; n++) stair += `H${round(x(n))}V${round(y(n + 1))}`;
  stair += `H${width - LEFT}`;
  const marks = dots
    .map(({ own }, n) => {
      const at = { x: x(n), y: y(n + 1) };
      const ring = own
        ? `<circle class="dw-count__own" cx="${round(at.x)}" cy="${round(at.y)}" r="${radius + 4}"/>`
        : "";
      return `${ring}<path class="${dotClass({}, n + 1 > limit)}" d="${dotPath({}, at.x, at.y, radius)}"/>`;
    })
    .join("");
  const text = (at: number, up: number, anchor: string, words_: string) =>
    `<text class="dw-plot__t" x="${at}" y="${round(up)}" text-anchor="${anchor}">${escapeHtml(words_)}</text>`;
  return `<svg class="dw-strip dw-strip--big dw-strip--${size}" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" ${naming(label, escapeHtml)}><rect class="dw-plot__night" x="${LEFT}" y="${TOP}" width="${plot.width}" height="${plot.height}"/><path class="dw-plot__grid" d="${edges}"/><path class="dw-count__limit" d="M${LEFT} ${round(y(limit))}H${width - LEFT}"/>${text(LEFT, y(limit) - 5, "start", words.limit)}<path class="dw-count__stair" d="${stair}"/>${marks}${text(LEFT, HEIGHT - 8, "start", words.first)}${text(width - LEFT, HEIGHT - 8, "end", words.last)}</svg>`;
}
