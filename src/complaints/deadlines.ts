/**
 * When a clock runs out, with the arithmetic: every day that was counted and every day that was not, with its reason. Pure.
 * How periods are counted: the day of the event does not count, the period ends with its last day; a period in months or years ends on
 * the same day of the month, or on the month's last day when it has no such day (Civil Code of China 201, 202; the same for the other
 * countries' periods here). Next: working-days.ts (which days are worked).
 */
import type { Bilingual } from "../conduct/vocabulary.ts";
import { type Channel, type Clock, endOf, type startEvents } from "./channel.ts";

/** What is known to have happened, as local dates `YYYY-MM-DD`. */
export type Events = Partial<Record<(typeof startEvents)[number] | "acknowledged" | "closed", string>>;

/** What a calendar says of a day. */
interface Day {
  works: boolean;
  /** Why it is no working day, or why a weekend is worked; absent for an ordinary working day. */
  why?: Bilingual;
  /** The calendar of that year is not published yet: counted by weekdays, may change. */
  estimated?: true;
}
export type WorkingDays = (date: string) => Day;

/** Dates are local `YYYY-MM-DD`. */
export interface Step {
  /** The clock's id. */
  step: string;
  /** The date from which was counted; it is not counted itself. */
  from: string;
  /** The last day of the period. */
  due: string;
  unit: Clock["unit"];
  /** The days counted, or the ends of the weeks, months and years. */
  counted: string[];
  skipped: { date: string; why: Bilingual }[];
  /** Weekend days that are worked in exchange for a holiday, and were counted. */
  worked: { date: string; why: Bilingual }[];
  /** The day on which what it waits for happened; null = not yet. */
  done: string | null;
  /** Some of these days lie in a year whose holidays are not published yet. */
  estimated: boolean;
  clock: Clock;
}

/**
 * The clocks of a channel that can be computed from what is known to have happened, in the order of the channel. A clock that follows
 * another one begins when that step was done, or else when its time ends. Unverified clocks are left out: nobody should rely on them.
 */
export function deadlinesOf(channel: Channel, events: Events, days: WorkingDays): Step[] {
  const steps: Step[] = [];
  for (const clock of channel.clocks) {
    if (clock.checked.how === "unverified") continue;
    const { starts } = clock;
    const before = typeof starts === "string" ? undefined : steps.find(({ step }) => step === starts.after);
    const from = typeof starts === "string" ? events[starts] : (before?.done ?? before?.due);
    if (from !== undefined) steps.push({ ...stepOf(clock, from, days), done: events[endOf(clock)] ?? null });
  }
  return steps;
}

function stepOf(clock: Clock, from: string, days: WorkingDays): Step {
  const step: Step = {
    step: clock.id,
    from,
    due: from,
    unit: clock.unit,
    counted: [],
    skipped: [],
    worked: [],
    done: null,
    estimated: false,
    clock,
  };
  if (clock.unit === "working-day") countWorkingDays(step, clock.amount, days);
  else {
    const start = Temporal.PlainDate.from(from);
    for (let n = 1; n <= clock.amount; n += 1) step.counted.push(start.add(periods[clock.unit](n)).toString());
  }
  step.due = step.counted.at(-1) ?? from;
  return step;
}

/** Always from the start: a month after 31 January is 28 February, two months after it 31 March. */
const periods = {
  "calendar-day": (days: number) => ({ days }),
  week: (weeks: number) => ({ weeks }),
  month: (months: number) => ({ months }),
  year: (years: number) => ({ years }),
};

function countWorkingDays(step: Step, amount: number, days: WorkingDays): void {
  let date = Temporal.PlainDate.from(step.from);
  while (step.counted.length < amount) {
    date = date.add({ days: 1 });
    const text = date.toString();
    const { works, why, estimated } = days(text);
    step.estimated ||= estimated === true;
    if (works) {
      step.counted.push(text);
      if (why !== undefined) step.worked.push({ date: text, why });
    } else step.skipped.push({ date: text, why: why ?? { en: "not a working day", "zh-CN": "非工作日" } });
  }
}
