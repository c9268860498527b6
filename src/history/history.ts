/**
 * The append-only, hash-chained record of who did what, when. Pure: what an event is and how one is chained to the one before.
 * It must not know what any action means. Next: store.ts writes events, verify.ts walks a chain.
 */
import { createHash } from "node:crypto";

/** What a feature hands over, inside the transaction of the change itself. */
export interface NewEvent {
  caseId: string;
  /** Person id, or `system`. */
  actor: string;
  /** Epoch milliseconds. */
  at: number;
  /** A verb in the past tense with its noun: `incident.logged`, `finding.confirmed`. */
  action: string;
  /** What it was done to: `incident:12`, `evidence:A-7`, `case`. */
  subject: string;
  /** Old and new values and whatever a reader needs later. */
  detail: Record<string, unknown>;
}

/** One event as stored and as exported (a line of history.jsonl). */
export interface HistoryEvent {
  caseId: string;
  seq: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  /** JSON text, kept as written: the hash is over these very characters. */
  detail: string;
  prevHash: string;
  hash: string;
}

/** What the first event of a case is chained to. */
export const FIRST_PREV_HASH = "0".repeat(64);

/**
 * SHA-256 (hex) over the JSON array [prevHash, caseId, seq, at, actor, action, subject, detail], encoded as UTF-8 without spaces.
 * An array, because its order is fixed in every language; the detail enters as the text it is stored as.
 */
export function hashEvent(event: Omit<HistoryEvent, "hash">): string {
  const { prevHash, caseId, seq, at, actor, action, subject, detail } = event;
  return createHash("sha256")
    .update(JSON.stringify([prevHash, caseId, seq, at, actor, action, subject, detail]))
    .digest("hex");
}

/** Names the first fault of a chain given in order, or null when it holds; `head` is what the store believes to be the newest event. */
export function faultOf(events: Iterable<HistoryEvent>, head: { seq: number; hash: string } | null): string | null {
  let seq = 0;
  let hash = FIRST_PREV_HASH;
  for (const event of events) {
    seq += 1;
    if (event.seq !== seq) return `event ${seq} is missing (found ${event.seq})`;
    if (event.prevHash !== hash) return `event ${seq} does not follow event ${seq - 1}`;
    if (hashEvent(event) !== event.hash) return `event ${seq} was changed after it was written`;
    hash = event.hash;
  }
  if (head !== null && (head.seq !== seq || head.hash !== hash))
    return `the newest events are missing: expected ${head.seq}, found ${seq}`;
  return null;
}
