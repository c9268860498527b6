/**
 * Judging incidents as they arrive in time order, keeping no more of the past than the rules' windows hold. Incidents of the same
 * instant are held back until the next, so that their order does not matter either.
 */
import type { CaseContext } from "./case.ts";
import { CaseReader, type Judge, type JudgeOptions } from "./classify.ts";
import { type Facts, inTimeOrder } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { Incident } from "./incident.ts";

export interface JudgeStream {
  /** Takes the next incident; gives the findings that are settled by now. Throws a RangeError when it is before the one before it. */
  push(incident: Incident): Finding[];
  /** The findings of what was held back last. */
  end(): Finding[];
}

export function startStream(judge: Judge, context: CaseContext, options: JudgeOptions = {}): JudgeStream {
  const reader = new CaseReader(judge, context);
  let held: Facts[][] = [];

  function settle(): Finding[] {
    const findings: Finding[] = [];
    if (held.length > 1) held.sort((a, b) => inTimeOrder(a[0]!, b[0]!));
    for (const facts of held)
      for (let index = 0; index < facts.length; index++)
        reader.benches[index]!.judge(facts[index]!, findings, options.all);
    held = [];
    return findings;
  }

  return {
    push(incident) {
      const facts = reader.read(incident);
      const last = held[0]?.[0]?.at;
      const at = facts[0]?.at;
      if (last === undefined || at === undefined || at === last) {
        held.push(facts);
        return [];
      }
      if (at < last) throw new RangeError(`incident ${incident.id} happened before the one before it`);
      const findings = settle();
      held.push(facts);
      return findings;
    },
    end: settle,
  };
}
