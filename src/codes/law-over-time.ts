/**
 * Which texts were in force when, for one case: the sources of its codes, whether each binds this case's lender, and the local dates on
 * which what binds it changed. Pure; it knows no contact. Next: law-over-time-store.ts counts the contacts between those dates.
 */
import type { LenderKind, RespondentKind } from "../cases/case.ts";
import type { Code, Rule, Source } from "../conduct/code.ts";
import { DAY_MS, dayFromIso, isoDay } from "../conduct/zone.ts";
import { forceOf } from "./forbidden-hours.ts";

/** Does a text bind this case's lender? `unknown`: the case does not say who lends or who collects. `off`: none of its rules is judged. */
type Binding = "yes" | "unknown" | "no" | "off";

interface RuleInForce {
  rule: Rule;
  from: string;
  to: string | null;
}

export interface SourceInForce {
  code: Code;
  id: string;
  source: Source;
  binding: Binding;
  /** Its rules, those switched off too. */
  rules: RuleInForce[];
}

/** Codes that read dates in one zone. */
export interface LawOfZone {
  zone: string;
  /** Those that bind or may bind first; within that the oldest first. */
  sources: SourceInForce[];
  /** First days of a change in what binds or may bind this lender, ascending. */
  changes: string[];
}

interface Matter {
  zone: string;
  lenderKind: LenderKind;
  respondentKind: RespondentKind;
}

/** By the zone in which the dates are read; a case with codes of one country has one. */
export function lawOverTime(codes: readonly Code[], matter: Matter): LawOfZone[] {
  return [...Map.groupBy(codes, (code) => code.zone ?? matter.zone)].map(([zone, ofZone]) => {
    const sources = ofZone.flatMap((code) => sourcesOf(code, matter)).sort(inOrder);
    const turns = sources
      .filter(({ binding }) => binding === "yes" || binding === "unknown")
      .flatMap(({ rules }) => rules.filter(({ rule }) => rule.on).flatMap(turnsOf));
    return { zone, sources, changes: [...new Set(turns)].sort() };
  });
}

/** The first day of something, and the first day after it. */
export function turnsOf({ from, to }: { from: string; to: string | null }): string[] {
  return to === null ? [from] : [from, dayAfter(to)];
}

export const dayAfter = (date: string): string => isoDay(dayFromIso(date) + 1);

/** The local date of an instant at an offset (both in milliseconds). */
export const dateAt = (instant: number, offset: number): string => isoDay(Math.floor((instant + offset) / DAY_MS));

function sourcesOf(code: Code, matter: Matter): SourceInForce[] {
  return Object.entries(code.sources).map(([id, source]) => {
    const rules = code.rules.filter((rule) => rule.source === id).map((rule) => ({ rule, ...forceOf(code, rule) }));
    const bindings = rules.filter(({ rule }) => rule.on).map(({ rule }) => bindingOf(rule, source, matter));
    const binding = (["yes", "unknown", "no"] as const).find((one) => bindings.includes(one)) ?? "off";
    return { code, id, source, binding, rules };
  });
}

/** As the judge has it: a kind that is not known may be bound. */
export function bindingOf(rule: Rule, source: Source, { lenderKind, respondentKind }: Matter): Binding {
  const answers = [
    answer(rule.lenderKinds ?? source.lenderKinds, lenderKind),
    answer(source.respondentKinds, respondentKind),
  ];
  return answers.includes("no") ? "no" : answers.includes("unknown") ? "unknown" : "yes";
}

function answer(kinds: readonly string[] | undefined, kind: string): Binding {
  if (kinds === undefined || kinds.includes(kind)) return "yes";
  return kind === "unknown" ? "unknown" : "no";
}

const rank: Record<Binding, number> = { yes: 0, unknown: 0, no: 1, off: 2 };

const inOrder = (a: SourceInForce, b: SourceInForce): number =>
  rank[a.binding] - rank[b.binding] || (a.source.from < b.source.from ? -1 : a.source.from > b.source.from ? 1 : 0);
