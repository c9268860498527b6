/**
 * What would make a finding different: for each thing the rule asks, the nearest change that turns the outcome, found by judging the
 * incident again with it. Nothing is said that was not judged. Pure; the work is bounded. Next: ideas.ts (which changes are tried).
 */
import type { CaseContext } from "./case.ts";
import { type Change, type Question, imagine } from "./change.ts";
import { sayChange } from "./change-words.ts";
import { Bench, type Panel, compileJudge } from "./classify.ts";
import type { Aids } from "./compile.ts";
import { Facts, inTimeOrder } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { type Judged, ideasFor } from "./ideas.ts";
import type { Incident } from "./incident.ts";
import { COUNTED_SHOWN } from "./tale.ts";
import type { Act, Bilingual } from "./vocabulary.ts";

/** Each of these changes alone gives this outcome instead of the present one. */
export interface WhatIf {
  readonly changes: readonly Change[];
  readonly outcome: Finding["outcome"];
  readonly says: Bilingual;
}

/** How many incidents are gone through at most, all changes together. */
const MOST_WORK = 200_000;
const MOST_SAID = 6;

/** @returns the nearest changes first for each thing the rule asks; empty when there is no such incident or nothing near would do. */
export function whatIf(question: Question, aids: Aids): WhatIf[] {
  const { context, incidents, id } = question;
  const labels = new Map(aids.acts?.acts.map((act) => [act.id, act.label]));
  const labelOfAct = (act: Act): Bilingual => labels.get(act) ?? { en: act, "zh-CN": act };
  const judging = new Judging(question, aids);
  const now = judging.judge(context, incidents);
  if (now === undefined) return [];
  const counted = judging.counted(now.finding, context, incidents);
  const found: WhatIf[] = [];
  for (const { changes, most } of ideasFor(question, { ...now, counted })) {
    const turned = new Map<Finding["outcome"], Change[]>();
    for (const change of changes) {
      if (judging.isSpent) break;
      const then = imagine(change, { context, incidents }, id);
      const outcome = judging.judge(then.context, then.incidents)?.outcome;
      // That more would then be unknown helps nobody.
      if (outcome === undefined || outcome === now.outcome || outcome === "cannot-tell") continue;
      const same = turned.get(outcome);
      if (same === undefined) turned.set(outcome, [change]);
      else if (same.length < most) same.push(change);
    }
    // Where something settles it, an edge that only moves it to a person says less.
    if (turned.size > 1) turned.delete("needs-review");
    for (const [outcome, same] of turned) {
      const says = sayChange(same, outcome, { ...question, facts: now.facts, labelOfAct });
      if (!found.some((one) => one.says.en === says.en)) found.push({ changes: same, outcome, says });
    }
  }
  return found.slice(0, MOST_SAID);
}

/** Judges the one rule on the one incident, again and again; what is not changed is read once. */
class Judging {
  readonly #panel: Panel;
  readonly #id: string;
  readonly #wording: Aids["wording"];
  readonly #read = new Map<Incident, Facts>();
  #work = 0;

  constructor({ code, rule, id }: Question, aids: Aids) {
    this.#panel = compileJudge([{ ...code, rules: [rule] }], aids).panels[0]!;
    this.#id = id;
    this.#wording = aids.wording;
  }

  get isSpent(): boolean {
    return this.#work >= MOST_WORK;
  }

  /** All that a finding counts, or as many as make it vanish. It names the last of a long set; those before are found by leaving these out. */
  counted(finding: Finding | undefined, context: CaseContext, incidents: readonly Incident[]): string[] {
    const counted: string[] = [];
    for (let part = finding; part !== undefined && !this.isSpent;) {
      counted.push(...part.counted.filter((id) => id !== this.#id));
      if (part.counted.length < COUNTED_SHOWN) break;
      const then = imagine({ kind: "without", ids: counted }, { context, incidents }, this.#id);
      part = this.judge(then.context, then.incidents)?.finding;
    }
    return counted;
  }

  judge(context: CaseContext, incidents: readonly Incident[]): Omit<Judged, "counted"> | undefined {
    this.#work += incidents.length;
    const bench = new Bench(this.#panel, context);
    const facts = incidents.map((incident) => {
      let made = this.#read.get(incident);
      if (made === undefined) this.#read.set(incident, (made = new Facts(incident, bench.zones, this.#wording)));
      return made;
    });
    for (const one of facts.sort(inTimeOrder)) {
      if (one.id !== this.#id) bench.note(one);
      else {
        const findings: Finding[] = [];
        bench.judge(one, findings);
        return { outcome: findings[0]?.outcome ?? "no-match", finding: findings[0], facts: one };
      }
    }
    return undefined;
  }
}
