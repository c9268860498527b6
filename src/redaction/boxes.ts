/**
 * Covered parts of a picture: fields of a grid that needs no script, and boxes in percent, as whole pixels. Rounding goes outwards, so
 * that nothing of what was covered shows at an edge. Pure. Next: burn.ts.
 */
import type { Box, PageMarks } from "./redaction.ts";

export const GRID_COLUMNS = 12;
/** More rows than this make a form that no phone scrolls through. */
const MOST_ROWS = 60;

/** Rows that make the fields of the grid about square. */
export function gridRows(width: number, height: number): number {
  return Math.min(MOST_ROWS, Math.max(4, Math.round((GRID_COLUMNS * height) / width)));
}

export const cellName = (row: number, column: number): string => `${row}.${column}`;

/** Whole pixels, `right` and `bottom` not included. */
export interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Everything marked on one page of `width` × `height` pixels. `step`: edges are moved outwards to multiples of it (16 for JPEG, whose
 * blocks would otherwise mix covered and uncovered pixels), or 1.
 */
export function pixelBoxes(marks: PageMarks, width: number, height: number, step: number): PixelBox[] {
  const rows = gridRows(width, height);
  const cells = marks.cells.flatMap((name): Box[] => {
    const [row = -1, column = -1] = name.split(".").map(Number);
    if (!(row >= 0 && row < rows && column >= 0 && column < GRID_COLUMNS)) return [];
    return [
      {
        left: (100 * column) / GRID_COLUMNS,
        top: (100 * row) / rows,
        width: 100 / GRID_COLUMNS,
        height: 100 / rows,
      },
    ];
  });
  return [...cells, ...marks.boxes].flatMap((box) => {
    const down = (value: number) => Math.max(0, Math.floor(value / step) * step);
    const up = (value: number, most: number) => Math.min(most, Math.ceil(value / step) * step);
    const pixels = {
      left: down((box.left / 100) * width),
      top: down((box.top / 100) * height),
      right: up(((box.left + box.width) / 100) * width, width),
      bottom: up(((box.top + box.height) / 100) * height, height),
    };
    return pixels.right > pixels.left && pixels.bottom > pixels.top ? [pixels] : [];
  });
}

/** Makes covered pixels black, in place. `channels` bytes a pixel, rows from the top. */
export function blacken(pixels: Uint8Array, width: number, channels: number, boxes: readonly PixelBox[]): void {
  for (const { left, top, right, bottom } of boxes) {
    for (let row = top; row < bottom; row += 1) {
      pixels.fill(0, (row * width + left) * channels, (row * width + right) * channels);
    }
  }
}
