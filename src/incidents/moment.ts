/**
 * A date and a time of day as a person writes them, read in the case's zone. Says what is wrong rather than guessing: a time the clock
 * skipped, one it showed twice, one that has not come yet. Pure: now is an argument.
 */
import type { Precision } from "../conduct/vocabulary.ts";
import type { FieldProblem } from "../web/forms.ts";

/** Clocks of phones and servers differ a little; what just happened is not "in the future". */
const SKEW_MS = 5 * 60_000;
/** Before this year a date is a slip of the finger. */
const EARLIEST_YEAR = 1990;

export interface WrittenMoment {
  date: string;
  time: string;
  precision: Precision;
  /** For a time the clock showed twice. */
  fold: "" | "first" | "second";
}

export type ReadMoment =
  { ok: true; at: number } | { ok: false; field: "date" | "time" | "fold"; problem: FieldProblem };

/** The instant (epoch milliseconds) of what was written; for `day` and `month` the first moment of the local day or month. */
export function readMoment(written: WrittenMoment, zone: string, now: number): ReadMoment {
  const date = readDate(written.date);
  if (date === null)
    return wrong("date", written.date.trim() === "" ? "incidents.form.date.missing" : "incidents.form.date.invalid");
  if (date.year < EARLIEST_YEAR) return wrong("date", "incidents.form.date.early", { year: EARLIEST_YEAR });
  if (written.precision === "day" || written.precision === "month") {
    const first = written.precision === "month" ? date.with({ day: 1 }) : date;
    const at = first.toZonedDateTime(zone).epochMilliseconds;
    return at > now + SKEW_MS ? future(zone, now) : { ok: true, at };
  }
  const time = readTime(written.time);
  if (time === null)
    return wrong("time", written.time.trim() === "" ? "incidents.form.time.missing" : "incidents.form.time.invalid");
  return exactly(date.toPlainDateTime(time), written.fold, zone, now);
}

function exactly(local: Temporal.PlainDateTime, fold: WrittenMoment["fold"], zone: string, now: number): ReadMoment {
  const [first, second] = (["earlier", "later"] as const).map((disambiguation) =>
    local.toZonedDateTime(zone, { disambiguation }),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  const params = { time: hourAndMinute(local), day: local.toPlainDate().toString() };
  if (!first.equals(second)) {
    // Only in a gap do both readings differ from what was written.
    if (!first.toPlainDateTime().equals(local)) {
      return wrong("time", "incidents.form.time.skipped", {
        ...params,
        after: hourAndMinute(second.toPlainDateTime()),
      });
    }
    if (fold === "") return wrong("fold", "incidents.form.fold.missing", params);
  }
  const at = (fold === "second" ? second : first).epochMilliseconds;
  return at > now + SKEW_MS ? future(zone, now) : { ok: true, at };
}

/** Whether the clock showed this local time twice, so that the form must ask which one is meant. */
export function cameTwice(written: Pick<WrittenMoment, "date" | "time">, zone: string): boolean {
  const [date, time] = [readDate(written.date), readTime(written.time)];
  if (date === null || time === null) return false;
  const local = date.toPlainDateTime(time);
  const first = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  return (
    first.toPlainDateTime().equals(local) && !first.equals(local.toZonedDateTime(zone, { disambiguation: "later" }))
  );
}

/** How an instant is written into the form. Seconds only where there are any. */
export function writtenMoment(at: number, precision: Precision, zone: string): WrittenMoment {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const date = local.toPlainDate().toString();
  if (precision === "day" || precision === "month") return { date, time: "", precision, fold: "" };
  const plain = local.toPlainDateTime();
  const time = plain.second === 0 ? hourAndMinute(plain) : plain.toPlainTime().toString({ smallestUnit: "second" });
  const first = plain.toZonedDateTime(zone, { disambiguation: "earlier" });
  const fold = !cameTwice({ date, time }, zone) ? "" : first.epochMilliseconds === at ? "first" : "second";
  return { date, time, precision, fold };
}

/** 2026-11-23 as a date field sends it, and what people type where there is none: 2026/11/23, 2026.11.23, 2026年11月23日. */
function readDate(text: string): Temporal.PlainDate | null {
  const [, year, month, day] = /^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*$/.exec(text.normalize("NFKC")) ?? [];
  return attempt(() =>
    Temporal.PlainDate.from({ year: Number(year), month: Number(month), day: Number(day) }, { overflow: "reject" }),
  );
}

/** 22:43 or 22:43:05 as a time field sends it, and 22：43, 22点43分, 22.43. */
function readTime(text: string): Temporal.PlainTime | null {
  const [, hour, minute, second] =
    /^\s*(\d{1,2})[:.点时](\d{1,2})(?:[:.分](\d{1,2})(?:\.\d+)?秒?|分)?\s*$/.exec(text.normalize("NFKC")) ?? [];
  if (hour === undefined) return null;
  return attempt(() =>
    Temporal.PlainTime.from(
      { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) },
      { overflow: "reject" },
    ),
  );
}

function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}

const hourAndMinute = (local: Temporal.PlainDateTime): string =>
  local.toPlainTime().toString({ smallestUnit: "minute" });

function wrong(field: "date" | "time" | "fold", key: string, params?: Record<string, unknown>): ReadMoment {
  return { ok: false, field, problem: params === undefined ? key : { key, params } };
}

function future(zone: string, now: number): ReadMoment {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return wrong("date", "incidents.form.date.future", {
    now: `${local.toPlainDate().toString()} ${hourAndMinute(local.toPlainDateTime())}`,
  });
}
