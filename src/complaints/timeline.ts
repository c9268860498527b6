/** Where a complaint stands against its clocks: which are running, over or met, and whose move it is. Pure. Next: agenda.ts, pages.ts. */
import type { Channel } from "./channel.ts";
import { type Complaint, type State, eventsOf, isOpen, stateOf } from "./complaint.ts";
import { type Events, type Step, type WorkingDays, deadlinesOf } from "./deadlines.ts";

export interface TimedStep extends Step {
  /** `met` in time, `late` but done, `over` and not done, `running`. */
  stands: "met" | "late" | "over" | "running";
  /** Days until it is due; negative = since. */
  daysLeft: number;
  /** When the last day is not worked: that day's name, and the next working day. The earlier day is the safe one. */
  rest: { why: Step["skipped"][number]["why"]; next: string } | null;
}

export interface Timeline {
  steps: TimedStep[];
  state: State;
  /** Whose move it is; `step` says what and until when, where a clock says so. */
  next: { who: "you" | "office" | "respondent" | "nobody"; step: TimedStep | null };
}

export function timelineOf(
  channel: Channel,
  complaint: Complaint,
  around: Pick<Events, "act" | "debt-notice" | "earlier-answered">,
  { today, days }: { today: string; days: WorkingDays },
): Timeline {
  const steps = deadlinesOf(channel, eventsOf(channel, complaint, around), days).map((step) =>
    timed(step, today, days),
  );
  return { steps, state: stateOf(complaint), next: nextMove(complaint, steps) };
}

/** @param today local date of the case */
export function timed(step: Step, today: string, days: WorkingDays): TimedStep {
  const daysLeft = Temporal.PlainDate.from(today).until(step.due).days;
  const stands =
    step.done === null ? (daysLeft < 0 ? "over" : "running") : step.done <= step.due ? "met" : ("late" as const);
  return { ...step, daysLeft, stands, rest: restOf(step.due, days) };
}

function restOf(due: string, days: WorkingDays): TimedStep["rest"] {
  const { works, why } = days(due);
  if (works || why === undefined) return null;
  let next = Temporal.PlainDate.from(due);
  do next = next.add({ days: 1 });
  while (!days(next.toString()).works);
  return { why, next: next.toString() };
}

/** Clocks that apply only sometimes are shown, but nobody waits for them. */
function nextMove(complaint: Complaint, steps: readonly TimedStep[]): Timeline["next"] {
  if (!isOpen(complaint)) return { who: "nobody", step: null };
  const waited = steps.filter(({ clock, done }) => clock.only === undefined && done === null);
  const yours = waited.filter(({ clock, stands }) => clock.who === "you" && stands === "running");
  if (complaint.filedOn === null || complaint.answeredOn !== null) return { who: "you", step: earliest(yours) };
  const theirs = waited.filter(({ clock }) => clock.who !== "you");
  const over = theirs.findLast(({ stands }) => stands === "over");
  const running = earliest(theirs.filter(({ stands }) => stands === "running"));
  // What they should have done by now and have not is yours to follow up, unless a later step of theirs still runs.
  if (running !== null) return { who: running.clock.who, step: running };
  return over === undefined ? { who: "office", step: null } : { who: "you", step: over };
}

const earliest = (steps: readonly TimedStep[]): TimedStep | null =>
  steps.reduce<TimedStep | null>((first, step) => (first === null || step.due < first.due ? step : first), null);

export interface CountedDay {
  date: string;
  /** "1", "2" …; null = not counted. */
  nth: number | null;
  why: Step["skipped"][number]["why"] | null;
}

/** Every day of a step's period in order, or the ends of its weeks, months and years. */
export function dayByDay(step: Step): CountedDay[] {
  const worked = new Map(step.worked.map(({ date, why }) => [date, why]));
  const counted = step.counted.map((date, index) => ({ date, nth: index + 1, why: worked.get(date) ?? null }));
  return [...counted, ...step.skipped.map(({ date, why }) => ({ date, nth: null, why }))].sort((a, b) =>
    a.date < b.date ? -1 : 1,
  );
}
