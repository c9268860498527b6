/**
 * Judging: incidents in time order go in, findings come out. A stream of one case keeps no more than the windows of its rules; a whole
 * case and a span of a case are streams with a beginning and an end. Pure: same incidents, same findings, whatever their order.
 * Next: live-case.ts, which judges again only what a change touches.
 */
import type { CaseContext } from "./case.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Code } from "./code.ts";
import { type Aids, type CompiledCode, compileCode } from "./compile.ts";
import { Dispatcher, type Errand } from "./dispatch.ts";
import { type Explaining, explain } from "./explain.ts";
import { type FactZones, Facts, inTimeOrder, lenderKindNumber, respondentKindNumber } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { Incident } from "./incident.ts";
import { prepareNotices } from "./notices.ts";
import type { TrackerPlan } from "./tracker-plan.ts";
import { NO, least } from "./value.ts";
import type { Act, Bilingual } from "./vocabulary.ts";
import type { Wording } from "./wording.ts";
import { zoneNamed } from "./zone.ts";

/** How far an incident reaches: what a caller must load to judge a part of a case as if it judged the whole. */
interface Reach {
  /** An incident can change findings of its own local day and of the `days - 1` days after it; so judging a day needs as many before. */
  days: number;
  /** Some rule asks for the first contact: judging also needs every earlier incident of the case, however old. */
  wholePast: boolean;
}

/** Codes made ready to judge. Make it once with {@link compileJudge} and use it for any number of cases. */
export interface Judge {
  readonly codes: readonly JudgingCode[];
  /** The same codes in the same order, those that stand side by side and read the same clock together. */
  readonly panels: readonly Panel[];
  readonly reach: Reach;
  readonly wording: Wording | undefined;
}

interface JudgingCode extends Explaining {
  readonly compiled: CompiledCode;
}

/** Codes that read the same clock: an incident is held against the rules of all of them at once. */
export interface Panel {
  readonly codes: readonly JudgingCode[];
  readonly trackers: readonly TrackerPlan[];
  /** The clock they name; absent = the case's. */
  readonly zone: string | undefined;
  dispatcherFor(kinds: { lenderKind: number; respondentKind: number }): Dispatcher;
}

export interface JudgeOptions {
  /** Also say which rules in force do not match, and why. */
  all?: boolean;
}

export function compileJudge(codes: readonly Code[], aids: Aids = {}): Judge {
  const labels = new Map(aids.acts?.acts.map((act) => [act.id, act.label]));
  const labelOfAct = (act: Act): Bilingual => labels.get(act) ?? { en: act, "zh-CN": act };
  const panels: Panel[] = [];
  for (let from = 0, to = 0; from < codes.length; from = to) {
    const { zone } = codes[from]!;
    while (to < codes.length && codes[to]!.zone === zone) to++;
    panels.push(makePanel(codes.slice(from, to), zone, labelOfAct));
  }
  const days = panels.flatMap(({ trackers }) => trackers.map((tracker) => tracker.days));
  return {
    codes: panels.flatMap((panel) => panel.codes),
    panels,
    reach: {
      days: Math.max(1, ...days.filter((count) => count < Number.POSITIVE_INFINITY)),
      wholePast: days.includes(Number.POSITIVE_INFINITY),
    },
    wording: aids.wording,
  };
}

function makePanel(codes: readonly Code[], zone: string | undefined, labelOfAct: (act: Act) => Bilingual): Panel {
  const trackers: TrackerPlan[] = [];
  const judging = codes.map((code) => ({
    compiled: compileCode(code, trackers),
    named: { id: code.id, version: code.version },
    labelOfAct,
  }));
  const rules = judging.flatMap((of) => of.compiled.rules.map((rule) => ({ rule, of })));
  const dispatchers = new Map<number, Dispatcher>();
  return {
    codes: judging,
    trackers,
    zone,
    dispatcherFor(kinds) {
      const key = kinds.lenderKind * 16 + kinds.respondentKind;
      let dispatcher = dispatchers.get(key);
      if (dispatcher === undefined) dispatchers.set(key, (dispatcher = new Dispatcher({ rules, trackers }, kinds)));
      return dispatcher;
    },
  };
}

/** The codes of one panel at work on one case: fed facts in time order, they judge or merely take note. */
export class Bench {
  readonly zones: FactZones;
  readonly around: Surroundings;
  readonly #panel: Panel;
  readonly #dispatcher: Dispatcher;

  constructor(panel: Panel, context: CaseContext) {
    this.#panel = panel;
    const written = zoneNamed(context.zone);
    this.zones = { written, judged: zoneNamed(panel.zone ?? context.zone) };
    this.around = {
      context,
      lenderKind: lenderKindNumber.get(context.lenderKind ?? "unknown")!,
      respondentKind: respondentKindNumber.get(context.respondentKind ?? "unknown")!,
      notices: prepareNotices(context, written),
      trackers: panel.trackers.map((plan) => plan.make()),
    };
    this.#dispatcher = panel.dispatcherFor(this.around);
  }

  /** Takes note of an incident without judging it. `marked` hears each tracker to which it can make a difference later. */
  note(facts: Facts, marked?: (tracker: number) => void): Errand {
    const errand = this.#dispatcher.errandFor(facts);
    const around = this.around;
    const { feeds } = errand;
    for (let i = 0; i < feeds.length; i++) {
      const { tracker, membership } = feeds[i]!;
      const belongs = membership.judge(facts, around);
      if (belongs !== NO && around.trackers[tracker]!.feed(facts, belongs)) marked?.(tracker);
    }
    return errand;
  }

  /** Takes note of an incident and adds its findings to `findings`, in the order of the codes and their rules. */
  judge(facts: Facts, findings: Finding[], all = false, marked?: (tracker: number) => void): void {
    const errand = this.note(facts, marked);
    const around = this.around;
    const rules = all ? this.#dispatcher.rulesInForce(facts) : errand.rules;
    for (let i = 0; i < rules.length; i++) {
      const { rule, of, applies, open } = rules[i]!;
      const value = least(applies, open.judge(facts, around));
      if (value !== NO || all) findings.push(explain(rule, value, facts, around, of));
    }
  }

  /** For how many local days the incident can change findings, its own being the first. `marks` as in {@link TrackerPlan}. */
  reachOf(facts: Facts, marks: readonly (readonly Facts[])[]): number {
    let days = 1;
    for (const { tracker, membership } of this.#dispatcher.errandFor(facts).feeds)
      if (membership.judge(facts, this.around) !== NO)
        days = Math.max(days, this.#panel.trackers[tracker]!.reachOf(facts, marks[tracker]!));
    return days;
  }
}

/** An incident as each clock of the case reads it. Never empty. */
export type Reading = readonly Facts[];

/** One case before the judge: a bench for each panel, and incidents read once for each clock that the codes read. */
export class Courtroom {
  readonly benches: readonly Bench[];
  /** For each bench the number of its clock, which is its place in a {@link Reading}. */
  readonly clocks: readonly number[];
  readonly #zones: readonly FactZones[];
  readonly #wording: Wording | undefined;

  constructor(judge: Judge, context: CaseContext) {
    this.benches = judge.panels.map((panel) => new Bench(panel, context));
    const written = zoneNamed(context.zone);
    const clocks = [...new Set(this.benches.map(({ zones }) => zones.judged))];
    this.clocks = this.benches.map(({ zones }) => clocks.indexOf(zones.judged));
    // Without codes the order in time must still be read.
    this.#zones = clocks.length === 0 ? [{ written, judged: written }] : clocks.map((judged) => ({ written, judged }));
    this.#wording = judge.wording;
  }

  read(incident: Incident): Reading {
    const zones = this.#zones;
    if (zones.length === 1) return [new Facts(incident, zones[0]!, this.#wording)];
    return zones.map((zone) => new Facts(incident, zone, this.#wording));
  }

  /** Every bench takes note of the incident without judging it. */
  note(reading: Reading): void {
    for (let i = 0; i < this.benches.length; i++) this.benches[i]!.note(reading[this.clocks[i]!]!);
  }

  /** Every bench judges the incident; the findings are added in the order of the codes. */
  judge(reading: Reading, findings: Finding[], all = false): void {
    for (let i = 0; i < this.benches.length; i++) this.benches[i]!.judge(reading[this.clocks[i]!]!, findings, all);
  }
}

/** Every finding of a case, by time and then by the order of codes and rules. Incidents may come in any order. */
export function judgeCase(
  judge: Judge,
  context: CaseContext,
  incidents: readonly Incident[],
  options: JudgeOptions = {},
): Finding[] {
  return judgeSpan(judge, context, incidents, {}, options);
}

/**
 * The findings of the incidents from instant `from` up to but without `until` (epoch milliseconds). `incidents` must hold those of the
 * span and what {@link Reach} says went before; later ones do no harm.
 */
export function judgeSpan(
  judge: Judge,
  context: CaseContext,
  incidents: readonly Incident[],
  span: { from?: number; until?: number },
  options: JudgeOptions = {},
): Finding[] {
  let findings: Finding[] = [];
  // In one part, so there is one array with findings.
  for (const part of judgeInParts(judge, context, incidents, { ...span, size: Number.POSITIVE_INFINITY }, options))
    findings = part;
  return findings;
}

/**
 * The same in parts: whoever must not keep others waiting rests after each. `size` is how many incidents are read, and then judged, for a
 * part; of parts that were only read the findings are empty.
 */
export function* judgeInParts(
  judge: Judge,
  context: CaseContext,
  incidents: readonly Incident[],
  {
    from = Number.NEGATIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    size,
  }: { from?: number; until?: number; size: number },
  options: JudgeOptions = {},
): Generator<Finding[]> {
  const room = new Courtroom(judge, context);
  if (room.benches.length === 0) return;
  const read: Reading[] = [];
  for (const incident of incidents) {
    read.push(room.read(incident));
    if (read.length % size === 0) yield [];
  }
  read.sort((a, b) => inTimeOrder(a[0]!, b[0]!));
  let findings: Finding[] = [];
  let judged = 0;
  for (const reading of read) {
    const { at } = reading[0]!;
    if (at >= until) break;
    if (at < from) room.note(reading);
    else room.judge(reading, findings, options.all);
    judged += 1;
    if (judged % size === 0) {
      yield findings;
      findings = [];
    }
  }
  yield findings;
}
