/**
 * One small mark for each finding, in rows of twenty: full disc, half disc, dotted ring. The numbers always stand beside it in words,
 * so it is hidden from screen readers. Next: views/overview/show.ejs.
 */
import { round } from "./marks.ts";

export interface UnitCounts {
  matches: number;
  needsReview: number;
  cannotTell: number;
}

const CELL = 14;
const PER_ROW = 20;
const RADIUS = 4.5;
/** More cannot be counted by eye; beyond it the marks are in proportion, and no kind is lost. */
const MOST = 40;

export function unitMarks(counts: UnitCounts): string {
  const all = counts.matches + counts.needsReview + counts.cannotTell;
  if (all === 0) return "";
  const scale = all <= MOST ? 1 : (MOST - 2) / all;
  const shown = (n: number) => (n === 0 ? 0 : Math.max(1, Math.round(n * scale)));
  let next = 0;
  const place = (n: number, path: (x: number, y: number) => string): string =>
    Array.from({ length: shown(n) }, () => {
      const [column, row] = [next % PER_ROW, Math.floor(next / PER_ROW)];
      next += 1;
      return path(column * CELL + CELL / 2, row * CELL + CELL / 2);
    }).join("");
  const disc = (x: number, y: number, r = RADIUS) =>
    `M${round(x - r)} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  const half = (x: number, y: number) => `M${x} ${round(y - RADIUS)}a${RADIUS} ${RADIUS} 0 0 1 0 ${2 * RADIUS}z`;

  const matches = place(counts.matches, (x, y) => disc(x, y));
  const before = next;
  const rings = place(counts.needsReview, (x, y) => disc(x, y, RADIUS - 0.5));
  next = before;
  const halves = place(counts.needsReview, half);
  const dotted = place(counts.cannotTell, (x, y) => disc(x, y, RADIUS - 0.5));
  const width = Math.min(next, PER_ROW) * CELL;
  const height = Math.ceil(next / PER_ROW) * CELL;
  const group = (outcome: string, inside: string) => `<g class="dw-mark--${outcome}">${inside}</g>`;
  return `<svg class="dw-units__svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true" focusable="false">${
    matches === "" ? "" : group("matches", `<path fill="currentColor" d="${matches}"/>`)
  }${
    rings === ""
      ? ""
      : group(
          "needs-review",
          `<path fill="none" stroke="currentColor" stroke-width="1.25" d="${rings}"/><path fill="currentColor" d="${halves}"/>`,
        )
  }${
    dotted === ""
      ? ""
      : group(
          "cannot-tell",
          `<path fill="none" stroke="currentColor" stroke-width="1.25" stroke-dasharray="1.8 1.6" d="${dotted}"/>`,
        )
  }</svg>`;
}
