/**
 * The worked examples of a rule, judged now: what each gives, why, and when its contacts happened. Pure.
 * Next: pages.ts shows them beside the rule.
 */
import { type Judge, compileJudge, judgeCase } from "../conduct/classify.ts";
import type { Code, Rule } from "../conduct/code.ts";
import { contextOf, incidentsOf } from "../conduct/examples.ts";
import type { Finding } from "../conduct/finding.ts";
import type { Incident } from "../conduct/incident.ts";
import type { Bilingual } from "../conduct/vocabulary.ts";
import { DAY_MS, instantOf, zoneNamed } from "../conduct/zone.ts";
import type { Mark } from "../web/charts/marks.ts";
import type { CodeLibrary } from "./library.ts";

/** What a rule can say, with the answer that leaves no finding. */
type Answer = Finding["outcome"];

export interface ExampleResult {
  name: Bilingual;
  outcome: Answer;
  /** What the author of the rule expects; another outcome means that the rule is broken. */
  expected: Answer;
  /** Null when the rule was not in force or does not bind. */
  because: Bilingual | null;
  missing: readonly string[];
  /** The contacts on the local day of the one that is judged. */
  marks: Mark[];
}

const judges = new WeakMap<Rule, Judge>();

/** A rule that is switched off is judged all the same here: an example says what the rule would give. */
export function judgeExamples({ wording, acts }: CodeLibrary, code: Code, rule: Rule): ExampleResult[] {
  let judge = judges.get(rule);
  if (judge === undefined) {
    // Alone, so that other rules cost nothing.
    judge = compileJudge([{ ...code, rules: [{ ...rule, on: true }] }], { wording, acts });
    judges.set(rule, judge);
  }
  return rule.examples.map((example) => {
    const incidents = incidentsOf(example, rule, code);
    const context = contextOf(example, rule, code);
    const judged = example.judge ?? incidents.at(-1)?.id;
    const found = judgeCase(judge, context, incidents, { all: true }).find((finding) => finding.incident === judged);
    return {
      name: example.name,
      outcome: found?.outcome ?? "no-match",
      expected: example.expect,
      because: found?.because ?? null,
      missing: found?.missing ?? [],
      marks: marksOf(incidents, judged, code.zone ?? context.zone),
    };
  });
}

/** The contacts of the judged one's local day, by time. */
function marksOf(incidents: readonly Incident[], judged: string | undefined, zone: string): Mark[] {
  const placed = incidents.map((incident) => ({ incident, ...localPlace(incident, zone) }));
  const day = placed.find(({ incident }) => incident.id === judged)?.day;
  return placed
    .filter((one) => one.day === day)
    .sort((a, b) => (a.minute ?? 0) - (b.minute ?? 0))
    .map(({ incident, minute }) => ({
      minute,
      about: incident.precision === "about",
      open:
        incident.outcome === undefined ||
        ["unanswered", "not-connected", "blocked", "unknown"].includes(incident.outcome),
      other: incident.contacted !== undefined && incident.contacted !== "self",
    }));
}

/** Local day number and minute of an incident; the minute is null when only the day or month is known. */
export function localPlace(
  { happenedAt, precision }: Pick<Incident, "happenedAt" | "precision">,
  zone: string,
): { day: number; minute: number | null } {
  const named = zoneNamed(zone);
  const at = instantOf(happenedAt, named);
  const local = at + named.offsetAt(at);
  const day = Math.floor(local / DAY_MS);
  const exact = precision === "exact" || precision === "about";
  return { day, minute: exact ? Math.floor((local - day * DAY_MS) / 60_000) : null };
}
