/**
 * One filing with one office, from the draft to its end: what is kept of it, how far it is, and whose move it is. Pure. It must not know
 * SQL, forms or pages. Next: store.ts (the rows), work-on-complaint.ts (what happens to it), timeline.ts (its clocks).
 */
import type { Channel } from "./channel.ts";
import type { Events } from "./deadlines.ts";

export const outcomes = ["relief", "part", "explanation", "refused", "none"] as const;
export type Outcome = (typeof outcomes)[number];

/** What the words for the box are made from. */
export interface Chosen {
  /** Rules whose confirmed findings are left out; all others are told. */
  without: string[];
  /** Numbers of contacts told of besides, without a rule. */
  incidents: number[];
}

/** What a person writes before it is filed; frozen with the filing. */
export interface Draft {
  request: string | null;
  narrative: string | null;
  chosen: Chosen;
  /** Id of a dossier of the case that is or will be handed in. */
  dossierId: string | null;
}

/** What happened since; local dates of the case, YYYY-MM-DD. */
export interface Progress {
  filedOn: string | null;
  /** The number the office gave. */
  receipt: string | null;
  acknowledgedOn: string | null;
  answeredOn: string | null;
  outcome: Outcome | null;
  escalatedOn: string | null;
  closedOn: string | null;
}

export interface Complaint extends Draft, Progress {
  id: string;
  /** The human number, as in "Complaint 2". */
  number: number;
  /** Id of the office. */
  channel: string;
  /** Id of the complaint that this one goes on from. */
  follows: string | null;
  version: number;
  createdBy: string;
  createdAt: number;
  removedAt: number | null;
}

/** What can be written down about a complaint that is under way. */
export const letterKinds = ["filed", "acknowledged", "answered", "sent", "received", "closed"] as const;
export type LetterKind = (typeof letterKinds)[number];

export interface Letter {
  id: string;
  complaintId: string;
  kind: LetterKind;
  /** Local date, YYYY-MM-DD. */
  onDay: string;
  words: string | null;
  createdBy: string;
  createdAt: number;
}

export type State = "draft" | "filed" | "acknowledged" | "answered" | "escalated" | "closed";

export function stateOf(complaint: Progress): State {
  if (complaint.closedOn !== null) return "closed";
  if (complaint.escalatedOn !== null) return "escalated";
  if (complaint.answeredOn !== null) return "answered";
  if (complaint.acknowledgedOn !== null) return "acknowledged";
  return complaint.filedOn === null ? "draft" : "filed";
}

/** Somebody still waits for something. */
export const isOpen = (complaint: Complaint): boolean =>
  complaint.removedAt === null && !["escalated", "closed"].includes(stateOf(complaint));

/** What can be written down next, in the order it usually comes. */
export function possibleLetters(complaint: Progress): LetterKind[] {
  const state = stateOf(complaint);
  if (state === "draft") return ["filed"];
  if (state === "closed") return ["received", "sent"];
  return ["acknowledged", "answered", "received", "sent", "closed"];
}

/** What its clocks run from. `around` are the days that the case knows: of the contact complained of, of the notice of the debt. */
export function eventsOf(
  channel: Pick<Channel, "kind">,
  complaint: Progress | null,
  around: Pick<Events, "act" | "debt-notice" | "earlier-answered">,
): Events {
  const events: Events = { ...around };
  if (complaint === null) return events;
  if (complaint.filedOn !== null) events.filed = complaint.filedOn;
  if (complaint.acknowledgedOn !== null) {
    events.acknowledged = complaint.acknowledgedOn;
    // The period of the police runs from the day they take the matter up, not from the day it is told to them.
    if (channel.kind === "police") events["police-filed"] = complaint.acknowledgedOn;
  }
  if (complaint.answeredOn !== null) events.answered = complaint.answeredOn;
  const over = complaint.closedOn ?? complaint.escalatedOn;
  if (over !== null) events.closed = over;
  return events;
}
