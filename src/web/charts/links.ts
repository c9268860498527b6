/**
 * Who is connected with whom: boxes in columns from left to right, lines between them, thicker for more. Boxes of one group stand
 * together with a bracket and its letter. The same is said in a table beside it. Next: corroboration/numbers-page.ts.
 */
import { escapeHtml } from "../markup.ts";
import { naming, round } from "./marks.ts";

export interface LinkedBox {
  id: string;
  label: string;
  /** A second, smaller line. */
  sub: string;
  /** The letter of its group; boxes of one group follow each other. */
  group?: string | undefined;
  /** Where it is of another kind than its column. */
  shape?: LinkColumn["shape"];
}
interface LinkColumn {
  title: string;
  /** Corners and line tell columns apart without colour. */
  shape: "round" | "square" | "double" | "dotted";
  boxes: readonly LinkedBox[];
}
export interface LinkLine {
  from: string;
  to: string;
  count: number;
  /** Concluded, not said by anybody: dashed. */
  guessed: boolean;
}
export interface Links {
  columns: readonly LinkColumn[];
  lines: readonly LinkLine[];
  label: string;
}

const HEAD = 26;
const BOX = 42;
const GAP = 12;
const PAD = 8;
/** Room for brackets left of a column that has groups. */
const BRACKET = 22;

/** @param width of the picture in its own units; text is drawn at 12 and 13 of them. */
export function linksPicture({ columns, lines, label }: Links, width: number, className: string): string {
  const tall = Math.max(...columns.map(({ boxes }) => boxes.length), 1);
  const height = HEAD + tall * (BOX + GAP) + 4;
  const grouped = columns.map(({ boxes }) => boxes.some(({ group }) => group !== undefined));
  const brackets = grouped.filter((has) => has).length * BRACKET;
  const between = columns.length > 2 ? 44 : 36;
  const boxWidth = (width - 4 - brackets - between * (columns.length - 1)) / columns.length;
  const places = new Map<string, { x: number; y: number }>();
  let x = 2;
  let drawn = "";
  for (const [i, column] of columns.entries()) {
    if (grouped[i] === true) x += BRACKET;
    drawn += `<text class="dw-plot__t" x="${round(x)}" y="14">${escapeHtml(fitted(column.title, boxWidth, 12))}</text>`;
    const top = HEAD + ((tall - column.boxes.length) * (BOX + GAP)) / 2;
    for (const [k, box] of column.boxes.entries()) {
      const y = top + k * (BOX + GAP);
      places.set(box.id, { x, y });
      drawn += boxSvg(box, box.shape ?? column.shape, x, y, boxWidth);
    }
    drawn += bracketsSvg(column.boxes, x, top);
    x += boxWidth + between;
  }
  const most = Math.max(...lines.map(({ count }) => count), 1);
  const drawnLines = lines.map(({ from, to, count, guessed }) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return "";
    const [x1, y1, x2, y2] = [a.x + boxWidth, a.y + BOX / 2, b.x, b.y + BOX / 2];
    const middle = (x1 + x2) / 2;
    const thick = round(1.2 + 4 * Math.sqrt(count / most));
    return `<path class="dw-links__line${guessed ? " dw-links__line--guessed" : ""}" stroke-width="${thick}" d="M${round(x1)} ${round(y1)}C${round(middle)} ${round(y1)} ${round(middle)} ${round(y2)} ${round(x2)} ${round(y2)}"/>`;
  });
  return `<svg class="dw-plot ${className}" viewBox="0 0 ${width} ${round(height)}" ${naming(label, escapeHtml)}>${drawnLines.join("")}${drawn}</svg>`;
}

function boxSvg({ label, sub }: LinkedBox, shape: LinkColumn["shape"], x: number, y: number, width: number): string {
  const corner = shape === "round" ? 14 : 3;
  const inner =
    shape === "double"
      ? `<rect class="dw-links__box" x="${round(x + 3)}" y="${round(y + 3)}" width="${round(width - 6)}" height="${BOX - 6}" rx="1"/>`
      : "";
  return `<rect class="dw-links__box${shape === "dotted" ? " dw-links__box--dotted" : ""}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${BOX}" rx="${corner}"/>${inner}<text class="dw-plot__label" x="${round(x + PAD)}" y="${round(y + 18)}">${escapeHtml(fitted(label, width - 2 * PAD, 13))}</text><text class="dw-plot__t" x="${round(x + PAD)}" y="${round(y + 34)}">${escapeHtml(fitted(sub, width - 2 * PAD, 12))}</text>`;
}

/** One bracket round the boxes of each group, with its letter. */
function bracketsSvg(boxes: readonly LinkedBox[], x: number, top: number): string {
  const found = Map.groupBy(boxes.entries(), ([, { group }]) => group);
  return [...found]
    .map(([group, members]) => {
      if (group === undefined) return "";
      const [first, last] = [members[0]![0], members.at(-1)![0]];
      const [from, to] = [top + first * (BOX + GAP) + 4, top + last * (BOX + GAP) + BOX - 4];
      return `<path class="dw-links__bracket" d="M${round(x - 4)} ${round(from)}h-5V${round(to)}h5"/><text class="dw-plot__n" x="${round(x - 21)}" y="${round((from + to) / 2 + 4)}">${escapeHtml(group)}</text>`;
    })
    .join("");
}

/** As much of a text as fits: a Chinese sign is as wide as the letters are high, others about half of it. */
function fitted(text: string, width: number, size: number): string {
  let used = 0;
  let kept = "";
  for (const sign of text) {
    used += /[\u1100-\uffdc]/u.test(sign) ? size : size * 0.58;
    if (used > width) return `${kept.slice(0, -1)}…`;
    kept += sign;
  }
  return kept;
}
