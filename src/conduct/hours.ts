/**
 * Hours of the local day, across midnight or not, with edges that belong, do not belong, or are left to a person.
 * Shared by rules about time and by notices that name hours. Next: simple-conditions.ts.
 */
import { ABOUT, EXACT, type Facts } from "./facts.ts";
import { NO, PERSON, UNKNOWN, type Value, YES } from "./value.ts";
import { ABOUT_REACH_SECONDS } from "./vocabulary.ts";
import { DAY_MS, timeOfDay } from "./zone.ts";

type Edge = "in" | "out" | "person";
const edgeValue = { in: YES, out: NO, person: PERSON } as const;

export interface LocalHours {
  /** Milliseconds since midnight; `from` equal to `to` is the whole day, later than `to` crosses midnight. */
  readonly from: number;
  readonly to: number;
  readonly atFrom: Value;
  readonly atTo: Value;
}

export function localHours(hours: { from: string; to: string; fromEdge?: Edge; toEdge?: Edge }): LocalHours {
  return {
    from: timeOfDay(hours.from),
    to: timeOfDay(hours.to),
    atFrom: edgeValue[hours.fromEdge ?? "in"],
    atTo: edgeValue[hours.toEdge ?? "out"],
  };
}

/** Does the incident lie in these hours? A time known only to the day is unknown; one given as "about" near an edge is for a person. */
export function liesIn(facts: Facts, hours: LocalHours): Value {
  const { from, to } = hours;
  if (from === to) return YES;
  const time = facts.time;
  if (facts.precision === EXACT) {
    if (time === from) return hours.atFrom;
    if (time === to) return hours.atTo;
  } else if (facts.precision === ABOUT) {
    const reach = ABOUT_REACH_SECONDS * 1000;
    if (apart(time, from) <= reach || apart(time, to) <= reach) return PERSON;
  } else return UNKNOWN;
  return since(from, time) < since(from, to) ? YES : NO;
}

/** From one time of day to the next that is another, across midnight if need be. */
function since(from: number, to: number): number {
  return from < to ? to - from : to - from + DAY_MS;
}

/** The shorter way round the clock. */
function apart(a: number, b: number): number {
  const distance = Math.abs(a - b);
  return Math.min(distance, DAY_MS - distance);
}
