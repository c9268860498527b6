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

/** Where a chain is broken first: at event `seq`; `found` is the number that stood there, or the last number there was. */
export interface Fault {
  kind: "missing" | "unchained" | "changed" | "newest-missing";
  seq: number;
  found: number;
}

/** The first fault of a chain given in order, or null when it holds; `head` is what the store believes to be the newest event. */
export function faultOf(events: Iterable<HistoryEvent>, head: { seq: number; hash: string } | null): Fault | null {
  let seq = 0;
  let hash = FIRST_PREV_HASH;
  for (const event of events) {
    seq += 1;
    if (event.seq !== seq) return { kind: "missing", seq, found: event.seq };
    if (event.prevHash !== hash) return { kind: "unchained", seq, found: seq };
    if (hashEvent(event) !== event.hash) return { kind: "changed", seq, found: seq };
    hash = event.hash;
  }
  if (head !== null && (head.seq !== seq || head.hash !== hash))
    return { kind: "newest-missing", seq: head.seq, found: seq };
  return null;
}
