/**
 * What an incident must at least be for a condition not to answer "no": read off the condition once, used to leave out whole rules
 * without judging them (dispatch.ts). A need may be wider than the condition, never narrower. Next: conditions.ts.
 */
import type { ActSet, Facts } from "./facts.ts";

export interface Need {
  /** Bit n is set when the fact numbered n (0 = not known) can do. */
  readonly channel: number;
  readonly direction: number;
  readonly contacted: number;
  readonly purpose: number;
  readonly outcome: number;
  /** At least one of these acts, ticked or in the words; undefined = none is needed. */
  readonly acts: ActSet | undefined;
}

const ALL = -1;
export const ANYTHING: Need = {
  channel: ALL,
  direction: ALL,
  contacted: ALL,
  purpose: ALL,
  outcome: ALL,
  acts: undefined,
};

export function needAll(needs: readonly Need[]): Need {
  return needs.reduce(
    (a, b) => ({
      channel: a.channel & b.channel,
      direction: a.direction & b.direction,
      contacted: a.contacted & b.contacted,
      purpose: a.purpose & b.purpose,
      outcome: a.outcome & b.outcome,
      // Of two lists of acts either is a need; keeping one is wide enough.
      acts: a.acts ?? b.acts,
    }),
    ANYTHING,
  );
}

export function needAny(needs: readonly Need[]): Need {
  return needs.reduce((a, b) => ({
    channel: a.channel | b.channel,
    direction: a.direction | b.direction,
    contacted: a.contacted | b.contacted,
    purpose: a.purpose | b.purpose,
    outcome: a.outcome | b.outcome,
    acts: a.acts && b.acts && { low: a.acts.low | b.acts.low, high: a.acts.high | b.acts.high },
  }));
}

/** Does an incident meet the need, acts aside? */
export function meets(facts: Facts, need: Need): boolean {
  return (
    (need.channel & (1 << facts.channel)) !== 0 &&
    (need.direction & (1 << facts.direction)) !== 0 &&
    (need.contacted & (1 << facts.contacted)) !== 0 &&
    (need.purpose & (1 << facts.purpose)) !== 0 &&
    (need.outcome & (1 << facts.outcome)) !== 0
  );
}
