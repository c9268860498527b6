/**
 * Worked examples: what they leave out is filled in as code.ts promises, they are judged, and each that comes out otherwise than it
 * says is reported in a sentence. Pure. Next: cli/codes.ts prints them.
 */
import type { CaseContext } from "./case.ts";
import { type Judge, compileJudge, judgeCase } from "./classify.ts";
import type { Code, Example, ExampleIncident, Rule } from "./code.ts";
import type { Aids } from "./compile.ts";
import type { Incident } from "./incident.ts";
import { DAY_MS, instantOf, zoneNamed } from "./zone.ts";

export interface ExampleFailure {
  rule: string;
  /** Keys and indexes that lead to the example in the code. */
  path: (string | number)[];
  why: string;
}

/** Judges every worked example of every rule that is switched on. */
export function checkExamples(code: Code, aids: Aids = {}): ExampleFailure[] {
  const failures: ExampleFailure[] = [];
  code.rules.forEach((rule, index) => {
    if (!rule.on) return;
    // Alone, so that other rules cost nothing.
    const judge = compileJudge([{ ...code, rules: [rule] }], aids);
    rule.examples.forEach((example, number) => {
      const why = whyOtherwise(example, rule, code, judge);
      if (why === undefined) return;
      failures.push({ rule: rule.id, path: ["rules", index, "examples", number], why: `“${example.name.en}” ${why}` });
    });
  });
  return failures;
}

/** What an example does instead of what it says; undefined when it does that. */
function whyOtherwise(example: Example, rule: Rule, code: Code, judge: Judge): string | undefined {
  const incidents = incidentsOf(example, rule, code);
  const judged = example.judge ?? incidents[incidents.length - 1]!.id;
  if (!incidents.some((incident) => incident.id === judged)) return `judges ${judged}, which is not there`;
  const findings = judgeCase(judge, contextOf(example, rule, code), incidents, { all: true });
  const found = findings.find((finding) => finding.incident === judged);
  const outcome = found?.outcome ?? "no-match";
  if (outcome === example.expect) return undefined;
  const because = found === undefined ? "The rule does not apply." : found.because.en;
  const missing = found && found.missing.length > 0 ? ` Missing: ${found.missing.join(", ")}.` : "";
  return `should give ${example.expect} but gives ${outcome}: ${because}${missing}`;
}

export function contextOf(example: Example, rule: Rule, code: Code): CaseContext {
  const { reachable, ...given } = example.case ?? {};
  return {
    zone: code.zone ?? "UTC",
    lenderKind: (rule.lenderKinds ?? code.sources[rule.source]?.lenderKinds)?.[0] ?? "consumer-finance",
    respondentKind: "debt-collector",
    ...given,
    ...(reachable === null ? {} : { reachable: reachable ?? true }),
  };
}

export function incidentsOf(example: Example, rule: Rule, code: Code): Incident[] {
  const incidents: Incident[] = [];
  for (const given of example.incidents) {
    const { repeat, ...one } = given;
    const happenedAt = one.happenedAt ?? `${rule.from ?? code.sources[rule.source]?.from}T12:00`;
    const step = repeat?.everyDays === undefined ? (repeat?.everyMinutes ?? 0) * 60_000 : repeat.everyDays * DAY_MS;
    for (let n = 0; n < (repeat?.times ?? 1); n++) {
      incidents.push(filledIn(one, later(happenedAt, n * step), `e${incidents.length + 1}`, n === 0));
    }
  }
  return incidents;
}

function filledIn(given: Omit<ExampleIncident, "repeat">, happenedAt: string, id: string, isFirst: boolean): Incident {
  const channel = given.channel ?? "call";
  const outcome = channel === "call" ? "conversation" : channel === "voicemail" ? "voicemail-left" : "delivered";
  const filled: ExampleIncident = {
    channel,
    outcome,
    contacted: "self",
    collector: "A",
    collectorKind: "agency",
    creditor: "L",
    debt: "D1",
    fromNumber: "+8610000001",
    calledNumber: "+8610000002",
    ...given,
  };
  const known = Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== null)) as Partial<Incident>;
  return {
    direction: "incoming",
    precision: "exact",
    ...known,
    channel,
    // A repeated incident keeps its own id for the first alone: ids are unique in a case.
    id: (isFirst ? given.id : undefined) ?? id,
    happenedAt,
  };
}

/** Moves a written moment along the local clock; one without an offset stays without. */
function later(happenedAt: string, step: number): string {
  if (step === 0) return happenedAt;
  const [, local, offset] = /^(.{16,29}?)(Z|[+-]\d\d:\d\d)?$/.exec(happenedAt)!;
  const moved = new Date(instantOf(local!, zoneNamed("UTC")) + step).toISOString().slice(0, -1);
  return moved + (offset ?? "");
}
