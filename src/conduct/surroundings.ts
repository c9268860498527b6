/**
 * The case round an incident, as conditions see it: its facts as numbers, its notices, and what rules remember of earlier incidents.
 * Made once for a case and a code by classify.ts. Next: check.ts.
 */
import type { CaseContext } from "./case.ts";
import type { PreparedNotice } from "./notices.ts";
import type { Tracker } from "./tracker.ts";

/** Numbers as in facts.ts; 0 = not known. */
export interface Surroundings {
  /** The case as it was given. */
  readonly context: CaseContext;
  readonly lenderKind: number;
  readonly respondentKind: number;
  readonly notices: readonly PreparedNotice[];
  /** One for each count, cool-down and first contact of the code, by the number the compiler gave it. */
  readonly trackers: readonly Tracker[];
}
