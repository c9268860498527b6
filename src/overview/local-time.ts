/**
 * Local days inside SQL: neither SQLite nor PostgreSQL is asked for time zones (they would not agree), so a zone is handed to the query as
 * the few stretches between its clock changes. Pure. Next: store.ts builds the expression.
 */

/** Up to (not including) `until`, local time is UTC + `offset`; both in milliseconds. The last stretch has no end. */
export interface Stretch {
  until: number;
  offset: number;
}

/** A zone changes its clock twice a year at most; a case that spans more than this many changes has dates that are slips of the finger. */
const MOST_CHANGES = 400;

/** The stretches of a zone that cover a span of time (epoch milliseconds), in order. One for a zone without clock changes. */
export function stretchesOf(zone: string, from: number, to: number): Stretch[] {
  const stretches: Stretch[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  while (stretches.length < MOST_CHANGES) {
    const offset = at.offsetNanoseconds / 1e6;
    const next = at.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds > to) return [...stretches, { until: Infinity, offset }];
    stretches.push({ until: next.epochMilliseconds, offset });
    at = next;
  }
  return [...stretches, { until: Infinity, offset: at.offsetNanoseconds / 1e6 }];
}
