/**
 * What the pictures of contacts are made of: marks (one contact each), spans of hours, and the shapes both are drawn with.
 * Pure: no database, no words. Colours are classes of the stylesheet (dw-dot, dw-plot__*). Next: day-strip.ts, day-hour.ts.
 */

/** A span of the local day in minutes after midnight; `fromMinute` belongs, `toMinute` does not. Crossing midnight is allowed. */
export interface Span {
  fromMinute: number;
  toMinute: number;
}

/** One contact; `minute` is a whole number below 1440. */
export interface Mark {
  /** Minutes after local midnight; null when only the day is known. */
  minute: number | null;
  /** The time is given as "about": a whisker of half an hour to either side. */
  about?: boolean;
  /** Not answered, or not known: an open ring. */
  open?: boolean;
  /** Reached or meant for somebody else than the borrower: a diamond. */
  other?: boolean;
}

export const DAY_MINUTES = 1440;
const ABOUT_MINUTES = 30;

/** The spans within one day, in order, without overlaps: one that crosses midnight becomes two. */
export function withinDay(spans: readonly Span[]): Span[] {
  const pieces = spans
    .flatMap(({ fromMinute, toMinute }) =>
      fromMinute < toMinute
        ? [{ fromMinute, toMinute }]
        : [
            { fromMinute: 0, toMinute },
            { fromMinute, toMinute: DAY_MINUTES },
          ],
    )
    .filter((span) => span.fromMinute < span.toMinute)
    .sort((a, b) => a.fromMinute - b.fromMinute);
  const merged: Span[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last === undefined || piece.fromMinute > last.toMinute) merged.push({ ...piece });
    else last.toMinute = Math.max(last.toMinute, piece.toMinute);
  }
  return merged;
}

/** Whether a minute of the day lies in one of the spans. */
export function lies(minute: number, spans: readonly Span[]): boolean {
  return spans.some(({ fromMinute, toMinute }) =>
    fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute,
  );
}

/** "22:30" as minutes after midnight. */
export function minuteOf(time: string): number {
  const [hour = "0", minute = "0"] = time.split(":");
  return Number(hour) * 60 + Number(minute);
}

/** A tenth of a pixel is enough for a screen and keeps the page small. */
export const round = (n: number): number => Math.round(n * 10) / 10;

/** The class of a mark; marks of one class share one path. */
export const dotClass = ({ open }: Pick<Mark, "open">, inside: boolean): string =>
  `dw-dot${inside ? " dw-dot--in" : ""}${open ? " dw-dot--open" : ""}`;

/**
 * A circle of radius `r`, or a diamond of about the same weight: where its path begins as seen from its middle, and the rest of the
 * path. The shortest writing there is (relative, and the two flags of an arc run into the number after them), for a picture has thousands.
 */
export function dotShape({ other }: Pick<Mark, "other">, r: number): { dx: number; dy: number; rest: string } {
  if (!other) return { dx: -r, dy: 0, rest: `a${r} ${r} 0 10${2 * r} 0 ${r} ${r} 0 10${-2 * r} 0` };
  const s = round(r * 1.45);
  return { dx: 0, dy: -s, rest: `l${s} ${s}l${-s} ${s}l${-s} ${-s}z` };
}

/** Path data of one mark. */
export function dotPath(mark: Pick<Mark, "other">, cx: number, cy: number, r: number): string {
  const { dx, dy, rest } = dotShape(mark, r);
  return `M${round(cx + dx)} ${round(cy + dy)}${rest}`;
}

/** Path data of the whisker of an approximate time. */
export function whiskerPath(minute: number, y: number, x: (minute: number) => number): string {
  const from = x(Math.max(0, minute - ABOUT_MINUTES));
  const to = x(Math.min(DAY_MINUTES, minute + ABOUT_MINUTES));
  return `M${round(from)} ${round(y)}H${round(to)}`;
}

/** The attributes that make a picture either named for a screen reader or left out, because the same is said in words beside it. */
export function naming(label: string | undefined, escape: (text: string) => string): string {
  return label === undefined
    ? `aria-hidden="true" focusable="false"`
    : `role="img" aria-label="${escape(label)}" focusable="false"`;
}
