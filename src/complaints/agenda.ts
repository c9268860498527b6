/**
 * What is due in all cases of a person: the next step of every open complaint, and every period of their own that runs. The home page,
 * calendars and reminders read it. Next: calendar.ts.
 */
import type { Case } from "../cases/case.ts";
import { getCase } from "../cases/store.ts";
import type { Bench } from "../findings/judge-case.ts";
import { casesWithOpenComplaints } from "./agenda-store.ts";
import type { Channel } from "./channel.ts";
import { type Complaint, isOpen } from "./complaint.ts";
import { knownOf } from "./gather.ts";
import { type Known, aroundOf } from "./suggest.ts";
import { type TimedStep, timelineOf } from "./timeline.ts";

export interface Due {
  matter: Case;
  complaint: Complaint;
  channel: Channel;
  step: TimedStep;
}

/** Soonest first. */
export async function agendaOf(bench: Bench, personId: string): Promise<Due[]> {
  const all: Due[] = [];
  for (const caseId of await casesWithOpenComplaints(bench.db, personId)) {
    const matter = await getCase(bench.db, caseId);
    if (matter === null) continue;
    const known = await knownOf(bench, matter);
    for (const complaint of known.complaints.filter(isOpen)) all.push(...duesOf(known, matter, complaint));
  }
  return all.sort((a, b) => (a.step.due < b.step.due ? -1 : a.step.due > b.step.due ? 1 : 0));
}

/** What is due in one complaint. */
export function duesOf(known: Known, matter: Case, complaint: Complaint): Due[] {
  const channel = known.channels.get(complaint.channel);
  if (channel === undefined) return [];
  const when = { today: known.today, days: known.daysOf(channel.country) };
  const { steps, next } = timelineOf(channel, complaint, aroundOf(channel, known), when);
  const own = steps.filter(
    ({ clock, done, stands }) =>
      clock.who === "you" && clock.only === undefined && done === null && stands === "running",
  );
  const due = new Set([...(next.step === null ? [] : [next.step]), ...own]);
  return [...due].map((step) => ({ matter, complaint, channel, step }));
}

export const agendaGroups = ["overdue", "week", "later"] as const;
export type AgendaGroup = (typeof agendaGroups)[number];

export const groupOf = ({ step }: Due): AgendaGroup =>
  step.stands === "over" ? "overdue" : step.daysLeft <= 7 ? "week" : "later";
