/**
 * What collectors may and may not do today, made from codes of conduct: each sentence is a rule in force, with its source and how binding
 * that is; nothing of rules that are off, have ended, have not begun or bind other lenders. Pure. Next: pages.ts puts words to it.
 */
import type { LenderKind, RespondentKind } from "../cases/case.ts";
import { type DayHours, forceOf, hoursOfRule, spansOf } from "../codes/forbidden-hours.ts";
import { type Channel, channelKinds } from "../complaints/channel.ts";
import type { Code, Rule, Source } from "../conduct/code.ts";
import { strengths, topics } from "../conduct/vocabulary.ts";
import { type Span, DAY_MINUTES, withinDay } from "../web/charts/marks.ts";

/** Whom the codes are read for; null = for anybody. */
export interface Matter {
  lenderKind: LenderKind;
  respondentKind: RespondentKind;
}

export interface SheetRule {
  code: Code;
  rule: Rule;
  source: Source;
  /** The place of its source in {@link Sheet.sources}, from 1. */
  sourceNumber: number;
  strength: Source["strength"];
}

type Topic = (typeof topics)[number] | "other";

export interface Sheet {
  /** The rules that keep no hours free, by topic in the order of the vocabulary; the most binding rule first. */
  groups: { topic: Topic; rules: SheetRule[] }[];
  /** Hours of the day that rules keep free of contact. */
  hours: { spans: Span[]; free: Span[]; rules: { rule: SheetRule; hours: DayHours[] }[] };
  sources: { source: Source; code: Code }[];
}

/** @param todayIn the local day in a zone: a code may read dates in its own. */
export function sheetOf(
  codes: readonly Code[],
  matter: Matter | null,
  todayIn: (zone: string | undefined) => string,
): Sheet {
  const sources: Sheet["sources"] = [];
  const rules: SheetRule[] = [];
  const seen = new Set<string>();
  for (const code of codes) {
    const today = todayIn(code.zone);
    for (const rule of code.rules) {
      const source = code.sources[rule.source];
      if (source === undefined || seen.has(rule.id) || !rule.on || !isInForce(code, rule, today)) continue;
      if (matter !== null && !binds(rule, source, matter)) continue;
      seen.add(rule.id);
      let at = sources.findIndex((known) => known.source === source);
      if (at === -1) at = sources.push({ source, code }) - 1;
      rules.push({ code, rule, source, sourceNumber: at + 1, strength: rule.strength ?? source.strength });
    }
  }
  rules.sort((a, b) => rank(a) - rank(b));
  const withHours = rules.flatMap((rule) => {
    const hours = hoursOfRule(rule.rule);
    // A rule that obliges to something within hours does not keep them free.
    return hours.length === 0 || !rule.rule.obligation.endsWith("not") ? [] : [{ rule, hours }];
  });
  const spans = spansOf(withHours.flatMap(({ hours }) => hours));
  // Told once, beside the picture of the day.
  const ofHours = new Set(withHours.map(({ rule }) => rule));
  const others = rules.filter((rule) => !ofHours.has(rule));
  const byTopic = Map.groupBy(others, ({ rule }): Topic => rule.topic ?? "other");
  return {
    groups: [...topics, "other" as const].flatMap((topic) => {
      const found = byTopic.get(topic);
      return found === undefined ? [] : [{ topic, rules: found }];
    }),
    hours: { spans, free: spans.length === 0 ? [] : freeHours(spans), rules: withHours },
    sources,
  };
}

function isInForce(code: Code, rule: Rule, today: string): boolean {
  const { from, to } = forceOf(code, rule);
  return today >= from && (to === null || today <= to);
}

/** Whether it binds, or may bind, this lender and whoever collects for it. */
function binds(rule: Rule, source: Source, { lenderKind, respondentKind }: Matter): boolean {
  const lenders: readonly string[] | undefined = rule.lenderKinds ?? source.lenderKinds;
  const respondents: readonly string[] | undefined = source.respondentKinds;
  const bound = (kinds: readonly string[] | undefined, kind: string) =>
    kinds === undefined || kind === "unknown" || kinds.includes(kind);
  return bound(lenders, lenderKind) && bound(respondents, respondentKind);
}

/** Most binding first; of equal ones, "must" before "should". */
const rank = ({ strength, rule }: SheetRule): number =>
  strengths.indexOf(strength) * 2 + (rule.obligation.startsWith("should") ? 1 : 0);

/** The hours of the day outside all of these, in minutes after midnight. */
export function freeHours(spans: readonly Span[]): Span[] {
  const taken = withinDay(spans).toSorted((a, b) => a.fromMinute - b.fromMinute);
  const free: Span[] = [];
  let at = 0;
  for (const { fromMinute, toMinute } of taken) {
    if (fromMinute > at) free.push({ fromMinute: at, toMinute: fromMinute });
    at = Math.max(at, toMinute);
  }
  if (at < DAY_MINUTES) free.push({ fromMinute: at, toMinute: DAY_MINUTES });
  return free;
}

/** Offices of these countries for this lender, in the sensible order. */
export function officesFor(
  channels: Iterable<Channel>,
  countries: ReadonlySet<string>,
  matter: Matter | null,
): Channel[] {
  const fits = (kinds: readonly string[] | undefined, kind: string | undefined) =>
    kinds === undefined || kind === undefined || kind === "unknown" || kinds.includes(kind);
  return [...channels]
    .filter(
      ({ country, lenderKinds, respondentKinds }) =>
        countries.has(country) &&
        fits(lenderKinds, matter?.lenderKind) &&
        fits(respondentKinds, matter?.respondentKind),
    )
    .sort((a, b) => channelKinds.indexOf(a.kind) - channelKinds.indexOf(b.kind));
}
