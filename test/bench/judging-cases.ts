/** Cases for the benchmarks of judging, made from a seed, and how time is measured there. */
import { findCodes } from "../../src/cli/find-code.ts";
import type { CaseContext } from "../../src/conduct/case.ts";
import type { Judge } from "../../src/conduct/classify.ts";
import type { Incident } from "../../src/conduct/incident.ts";
import { startStream } from "../../src/conduct/stream.ts";
import { DAY_MS } from "../../src/conduct/zone.ts";

/** The largest pack: the Chinese code for online credit with the four that it includes. */
export const codes = findCodes(["cn-online-consumer-credit"]);

export const context: CaseContext = {
  zone: "Asia/Shanghai",
  lenderKind: "consumer-finance",
  respondentKind: "debt-collector",
  reachable: true,
  debtLawful: true,
  employerForbids: false,
  daysPastDue: 60,
};

let seed = 20260101;
/** The next number from the seed, from 0 to below `n`. */
export function chance(n: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
}

/** One case in time order: three to seven contacts a day, one in twenty at night, one in forty to somebody else, one in sixty with an act ticked. */
export function makeCase(count: number, after = Date.UTC(2025, 2, 1) + chance(500) * DAY_MS): Incident[] {
  let at = after;
  return Array.from({ length: count }, (_, index) => {
    at += (1 + chance(600)) * 60_000;
    const hour = new Date(at + 8 * 3_600_000).getUTCHours();
    if ((hour >= 22 || hour < 8) && chance(10) > 0) at += 10 * 3_600_000;
    const isCall = chance(10) < 7;
    return {
      id: `i${index}`,
      channel: isCall ? "call" : "sms",
      direction: "incoming",
      happenedAt: new Date(at).toISOString(),
      precision: "exact",
      outcome: isCall ? (["conversation", "unanswered", "unanswered", "connected"] as const)[chance(4)]! : "delivered",
      purpose: chance(3) === 0 ? "notification" : "interactive",
      automated: false,
      contacted: chance(40) === 0 ? "colleague" : "self",
      place: "home",
      fromNumber: `+862155550${100 + chance(40)}`,
      calledNumber: "+8613900000000",
      collector: chance(4) === 0 ? "B" : "A",
      collectorKind: "agency",
      creditor: "L",
      debt: "D1",
      acts: chance(60) === 0 ? ["insult"] : [],
      disclosed: ["identity", "institution", "purpose"],
      visitors: 0,
    } satisfies Incident;
  });
}

/** Milliseconds of processor time of this thread: a machine that does other things besides does not lengthen them. */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Incidents judged in a second of one core, and how often a rule matched. */
export interface Run {
  rate: number;
  matches: number;
}

/** What making things left to the collector is collected before the clock starts, as they were made before it. */
export function tidyUp(): void {
  globalThis.gc?.({ type: "minor" });
  globalThis.gc?.({ type: "minor" });
}

export function judgeAll(judge: Judge, cases: Incident[][]): Run {
  let matches = 0;
  let count = 0;
  tidyUp();
  const start = cpuTime();
  for (const incidents of cases) {
    const stream = startStream(judge, context);
    for (const incident of incidents)
      for (const finding of stream.push(incident)) if (finding.outcome === "matches") matches++;
    for (const finding of stream.end()) if (finding.outcome === "matches") matches++;
    count += incidents.length;
  }
  return { rate: count / ((cpuTime() - start) / 1000), matches };
}

/** Prints a line of results. False when what was wanted is not met: ours at least `atLeast` times as many as that, or as what `than` says. */
export function line(name: string, run: Run, ratio?: { of: number; atLeast: number; than?: string }): boolean {
  const ok = ratio === undefined || ratio.of >= ratio.atLeast;
  const rate = `${Math.round(run.rate).toLocaleString("en").padStart(12)} incidents/s`;
  const times =
    ratio &&
    (ratio.than ? `${ratio.of.toFixed(2)} times ${ratio.than}` : `ours is ${ratio.of.toFixed(2)} times as fast`);
  const wanted = ratio ? `   ${times} (wanted: ${ratio.atLeast})${ok ? "" : "  NOT MET"}` : "";
  console.log(`${name.padEnd(44)}${rate}${wanted}`);
  return ok;
}
