/**
 * Judging incidents as they arrive in time order, keeping no more of the past than the rules' windows hold. Incidents of the same
 * instant are held back until the next, so that their order does not matter either.
 */
import type { CaseContext } from "./case.ts";
import { Courtroom, type Judge, type JudgeOptions, type Reading } from "./classify.ts";
import { inTimeOrder } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { Incident } from "./incident.ts";

export interface JudgeStream {
  /** Takes the next incident; gives the findings that are settled by now. Throws a RangeError when it is before the one before it. */
  push(incident: Incident): readonly Finding[];
  /** The findings of what was held back last. */
  end(): readonly Finding[];
}

/** Most incidents give no findings, and making an array for each of them would show. */
const NONE: readonly Finding[] = [];

export function startStream(judge: Judge, context: CaseContext, options: JudgeOptions = {}): JudgeStream {
  const room = new Courtroom(judge, context);
  let held: Reading | undefined;
  /** Others of the same instant as the one held. */
  let besides: Reading[] = [];
  let findings: Finding[] = [];

  function settle(): readonly Finding[] {
    if (held === undefined) return NONE;
    if (besides.length === 0) room.judge(held, findings, options.all);
    else {
      const all = [held, ...besides].sort((a, b) => inTimeOrder(a[0]!, b[0]!));
      for (const reading of all) room.judge(reading, findings, options.all);
      besides = [];
    }
    held = undefined;
    if (findings.length === 0) return NONE;
    const settled = findings;
    findings = [];
    return settled;
  }

  return {
    push(incident) {
      const reading = room.read(incident);
      const { at } = reading[0]!;
      const last = held === undefined ? at : held[0]!.at;
      if (at < last) throw new RangeError(`incident ${incident.id} happened before the one before it`);
      if (held !== undefined && at === last) {
        besides.push(reading);
        return NONE;
      }
      const settled = settle();
      held = reading;
      return settled;
    },
    end: settle,
  };
}
