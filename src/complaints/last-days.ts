/**
 * Last days: when an office can no longer take up what happened, or no longer be turned to after an answer, told while there is still
 * time. Each contact has its own last day; told is the first that comes. Next: agenda.ts shows them with what is due in complaints.
 */
import type { Case } from "../cases/case.ts";
import { codesOf } from "../codes/case-codes.ts";
import type { Bench } from "../findings/judge-case.ts";
import type { Db } from "../platform/database.ts";
import type { Channel, Clock } from "./channel.ts";
import { type Complaint, isOpen } from "./complaint.ts";
import { deadlinesOf } from "./deadlines.ts";
import { firstMatches } from "./facts-store.ts";
import { knownOf, localDate } from "./gather.ts";
import { installedChannels } from "./load-channels.ts";
import { listComplaints } from "./store.ts";
import { type Known, aroundOf, suggestChannels } from "./suggest.ts";
import { type TimedStep, timed } from "./timeline.ts";

/** How long before a contact's last day it is told: time enough to write, and not yet a list of everything. */
const AHEAD_DAYS = 30;

export interface LastDay {
  channel: Channel;
  step: TimedStep;
  /** The draft to this office, where there is one. */
  complaint: Complaint | null;
  /** The first contact to run out and how many do within {@link AHEAD_DAYS}; null when the period runs from an answer. */
  contact: { number: number; day: string; contacts: number } | null;
}

/** @param given what is known of the case, when the caller has it already; it is gathered only when something may run out. */
export async function lastDaysOf(bench: Bench, matter: Case, given: Known | null = null): Promise<LastDay[]> {
  const today = localDate(matter.zone, bench.clock.now());
  const ending = await endingActs(bench.db, matter, today);
  const answered = given?.complaints ?? (await listComplaints(bench.db, matter.id));
  if (ending.length === 0 && !answered.some(({ answeredOn, closedOn }) => answeredOn !== null && closedOn === null))
    return [];
  const known = given ?? (await knownOf(bench, matter));
  const codes = await codesOf(bench, matter);
  const topicOf = new Map(codes.expand(matter.codes).flatMap(({ rules }) => rules.map(({ id, topic }) => [id, topic])));
  const found: LastDay[] = [];
  for (const { channel, fit, already } of suggestChannels(known)) {
    if ((fit !== "now" && fit !== "later") || (already !== null && already.filedOn !== null)) continue;
    const complaint = already !== null && isOpen(already) ? already : null;
    const days = known.daysOf(channel.country);
    const stepFrom = (clock: Clock, events: Parameters<typeof deadlinesOf>[1]): TimedStep | null => {
      const step = deadlinesOf(channel, events, days).find((one) => one.step === clock.id);
      return step === undefined ? null : timed(step, today, days);
    };
    for (const { clock, matches } of ending.filter((one) => one.channel.id === channel.id)) {
      const fitting = matches.filter(({ rule }) => channel.topics?.includes(topicOf.get(rule) as never) ?? true);
      const [first] = fitting.toSorted((a, b) => a.happenedAt - b.happenedAt);
      if (first === undefined) continue;
      const day = localDate(matter.zone, first.happenedAt);
      const step = stepFrom(clock, { act: day });
      const contacts = Math.max(...fitting.map((one) => one.contacts));
      if (step !== null) found.push({ channel, step, complaint, contact: { number: first.number, day, contacts } });
    }
    // A draft tells of these itself.
    if (complaint !== null || earlierIsClosed(channel, known)) continue;
    for (const clock of channel.clocks.filter(({ bars, starts }) => bars && starts === "earlier-answered")) {
      const step = stepFrom(clock, aroundOf(channel, known));
      if (step !== null && step.stands === "running") found.push({ channel, step, complaint, contact: null });
    }
  }
  return found;
}

/** Whoever closed the complaint before has what they wanted, or wants no more. */
function earlierIsClosed({ before }: Channel, { complaints }: Known): boolean {
  const first = before.find(({ channel }) => channel !== undefined)?.channel;
  return complaints.findLast(({ channel }) => channel === first)?.closedOn != null;
}

/** Contacts whose last day at an office of the country comes soon. */
async function endingActs(db: Db, matter: Case, today: string) {
  const ending: { channel: Channel; clock: Clock; matches: Awaited<ReturnType<typeof firstMatches>> }[] = [];
  for (const channel of installedChannels().values()) {
    if (channel.country !== matter.country) continue;
    for (const clock of channel.clocks) {
      if (!clock.bars || clock.starts !== "act" || clock.checked.how === "unverified") continue;
      const first = firstDayInTime(clock, today);
      const span = {
        from: startOf(first, matter.zone),
        before: startOf(first.add({ days: AHEAD_DAYS + 1 }), matter.zone),
      };
      const matches = await firstMatches(db, matter.id, span);
      if (matches.length > 0) ending.push({ channel, clock, matches });
    }
  }
  return ending;
}

const startOf = (day: Temporal.PlainDate, zone: string): number => day.toZonedDateTime(zone).epochMilliseconds;

/** The earliest day whose period has not ended before today; ends of months make several days end on one. */
export function firstDayInTime({ amount, unit }: Pick<Clock, "amount" | "unit">, today: string): Temporal.PlainDate {
  const period = { "calendar-day": { days: amount }, "working-day": { days: amount }, week: { weeks: amount }, month: { months: amount }, year: { years: amount } }[unit]; // prettier-ignore
  const last = Temporal.PlainDate.from(today);
  let day = last.subtract(period).subtract({ days: 3 });
  while (Temporal.PlainDate.compare(day.add(period), last) < 0) day = day.add({ days: 1 });
  return day;
}
