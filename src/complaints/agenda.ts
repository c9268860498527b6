/**
 * What is due in all cases of a person: the next step of every open complaint, every period of their own that runs, and last days
 * of offices that nobody has turned to yet. The home page,
 * calendars and reminders read it. Next: calendar.ts.
 */
import type { Case } from "../cases/case.ts";
import { getCase } from "../cases/store.ts";
import type { Bench } from "../findings/judge-case.ts";
import { casesOf, casesWithOpenComplaints } from "./agenda-store.ts";
import type { Channel } from "./channel.ts";
import { type Complaint, isOpen } from "./complaint.ts";
import { knownOf } from "./gather.ts";
import { type LastDay, lastDaysOf } from "./last-days.ts";
import { type Known, aroundOf } from "./suggest.ts";
import { type TimedStep, timelineOf } from "./timeline.ts";

export interface Due {
  matter: Case;
  /** Null when nobody has begun one: a last day alone. */
  complaint: Complaint | null;
  channel: Channel;
  step: TimedStep;
  /** The contact whose last day it is; null for what is due in a complaint, or after an answer. */
  contact: LastDay["contact"];
}
/** What is due in a complaint. */
export type DueInComplaint = Due & { complaint: Complaint };

/** Soonest first. */
export async function agendaOf(bench: Bench, personId: string): Promise<Due[]> {
  const all: Due[] = [];
  const open = new Set(await casesWithOpenComplaints(bench.db, personId));
  for (const caseId of await casesOf(bench.db, personId)) {
    const matter = await getCase(bench.db, caseId);
    if (matter === null) continue;
    const known = open.has(caseId) ? await knownOf(bench, matter) : null;
    for (const complaint of known?.complaints.filter(isOpen) ?? []) all.push(...duesOf(known!, matter, complaint));
    const told = new Set(all.filter((due) => due.matter === matter).map(({ channel, step }) => keyOf(channel, step)));
    for (const { channel, step, complaint, contact } of await lastDaysOf(bench, matter, known)) {
      if (!told.has(keyOf(channel, step))) all.push({ matter, complaint, channel, step, contact });
    }
  }
  return all.sort((a, b) => (a.step.due < b.step.due ? -1 : a.step.due > b.step.due ? 1 : 0));
}

/** A draft may tell of the very day already. */
const keyOf = ({ id }: Channel, { step, due }: TimedStep): string => `${id} ${step} ${due}`;

/** What is due in one complaint. */
export function duesOf(known: Known, matter: Case, complaint: Complaint): DueInComplaint[] {
  const channel = known.channels.get(complaint.channel);
  if (channel === undefined) return [];
  const when = { today: known.today, days: known.daysOf(channel.country) };
  const { steps, next } = timelineOf(channel, complaint, aroundOf(channel, known), when);
  const own = steps.filter(
    ({ clock, done, stands }) =>
      clock.who === "you" && clock.only === undefined && done === null && stands === "running",
  );
  const due = new Set([...(next.step === null ? [] : [next.step]), ...own]);
  return [...due].map((step) => ({ matter, complaint, channel, step, contact: null }));
}

export const agendaGroups = ["overdue", "week", "later"] as const;
export type AgendaGroup = (typeof agendaGroups)[number];

export const groupOf = ({ step }: Due): AgendaGroup =>
  step.stands === "over" ? "overdue" : step.daysLeft <= 7 ? "week" : "later";
