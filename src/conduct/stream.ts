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
  push(incident: Incident): Finding[];
  /** The findings of what was held back last. */
  end(): Finding[];
}

export function startStream(judge: Judge, context: CaseContext, options: JudgeOptions = {}): JudgeStream {
  const room = new Courtroom(judge, context);
  let held: Reading[] = [];

  function settle(): Finding[] {
    const findings: Finding[] = [];
    if (held.length > 1) held.sort((a, b) => inTimeOrder(a[0]!, b[0]!));
    for (const reading of held) room.judge(reading, findings, options.all);
    held = [];
    return findings;
  }

  return {
    push(incident) {
      const reading = room.read(incident);
      const { at } = reading[0]!;
      const last = held[0]?.[0]!.at ?? at;
      if (at < last) throw new RangeError(`incident ${incident.id} happened before the one before it`);
      if (at === last) {
        held.push(reading);
        return [];
      }
      const findings = settle();
      held = [reading];
      return findings;
    },
    end: settle,
  };
}
