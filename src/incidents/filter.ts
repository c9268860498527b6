/**
 * Which contacts a list shows: the filters in its address, each optional, each removable. Pure. What an address holds that is no filter
 * is ignored, so that an old or mistyped link still shows the list.
 */
import { z } from "zod";
import { plainNumber } from "../cases/case.ts";
import { type Channel, type Outcome, channels, contactedPersons, outcomes } from "../conduct/vocabulary.ts";
import type { Contacted } from "./incident.ts";

export interface IncidentFilter {
  channel?: Channel | undefined;
  outcome?: Outcome | undefined;
  contacted?: Contacted | undefined;
  /** Part of a number, of either side. */
  number?: string | undefined;
  collector?: string | undefined;
  /** Local days with the first moment that counts (`from`) and the first that no longer does (`to`), epoch ms. */
  from?: { day: string; at: number } | undefined;
  to?: { day: string; at: number } | undefined;
  evidence?: "yes" | "no" | undefined;
  /** Found in what was said or told. */
  words?: string | undefined;
  /** Only what was moved to the bin. */
  bin: boolean;
}

const line = z.string().trim().min(1).max(200).optional().catch(undefined);
const Query = z.object({
  channel: z.enum(channels).optional().catch(undefined),
  outcome: z.enum(outcomes).optional().catch(undefined),
  contacted: z.enum(contactedPersons).optional().catch(undefined),
  number: line,
  collector: line,
  from: z.iso.date().optional().catch(undefined),
  to: z.iso.date().optional().catch(undefined),
  evidence: z.enum(["yes", "no"]).optional().catch(undefined),
  words: line,
  bin: z.literal("1").optional().catch(undefined),
});

export function readFilter(query: unknown, zone: string): IncidentFilter {
  const { number, from, to, bin, words, ...rest } = Query.parse(query ?? {});
  const day = (text: string, later: number) => ({
    day: text,
    at: Temporal.PlainDate.from(text).add({ days: later }).toZonedDateTime(zone).epochMilliseconds,
  });
  return {
    ...rest,
    number: number === undefined ? undefined : plainNumber(number),
    from: from === undefined ? undefined : day(from, 0),
    to: to === undefined ? undefined : day(to, 1),
    words: words?.replaceAll("\0", "").toWellFormed() || undefined,
    bin: bin === "1",
  };
}

/** The filters as they stand in an address, in the order in which the chips show them. */
export function queryOf(filter: IncidentFilter): [name: string, value: string][] {
  const { from, to, bin, channel, outcome, contacted, number, collector, evidence, words } = filter;
  const entries: [string, string | undefined][] = [
    ["channel", channel],
    ["outcome", outcome],
    ["contacted", contacted],
    ["number", number],
    ["collector", collector],
    ["from", from?.day],
    ["to", to?.day],
    ["evidence", evidence],
    ["words", words],
    ["bin", bin ? "1" : undefined],
  ];
  return entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** Where a page begins, as it stands in an address: `older=<ms>.<id>` or `newer=…`. */
export function readEdge(
  query: Record<string, unknown>,
): { side: "older" | "newer"; happenedAt: number; id: string } | null {
  for (const side of ["older", "newer"] as const) {
    const asked = query[side];
    if (typeof asked !== "string") continue;
    const [, happenedAt, id] = /^(-?\d{1,15})\.([0-9a-zA-Z-]{1,100})$/.exec(asked) ?? [];
    if (happenedAt !== undefined && id !== undefined) return { side, happenedAt: Number(happenedAt), id };
  }
  return null;
}
