/** From when to when records reach, and logged calls that they should show and do not. Every query names the case. Next: calls-page.ts. */
import { type ExpressionBuilder, sql } from "kysely";
import type { Channel, Precision } from "../conduct/vocabulary.ts";
import { sourceGroups } from "../incidents/sources/backing.ts";
import type { Db } from "../platform/database.ts";
import type { Schema } from "../platform/schema.ts";
import { bitsOf } from "./bits.ts";
import { keptRecords } from "./left-store.ts";

/** From when to when the records of one kind of contact reach, and whose phone they are of. */
export interface Span {
  kind: "phone" | "carrier";
  channel: Channel;
  contacted: string;
  from: number;
  to: number;
}

export async function spansOf(db: Db, caseId: string): Promise<Span[]> {
  const rows = await db
    .selectFrom("import_spans as s")
    .innerJoin("imports", "imports.id", "s.import_id")
    .select(["s.kind", "s.channel", "imports.contacted", "s.first_at as from", "s.last_at as to"])
    .where("s.case_id", "=", caseId)
    .where("imports.state", "=", "committed")
    .where("s.kind", "in", ["phone", "carrier"])
    .where("s.direction", "=", "incoming")
    .orderBy("s.first_at")
    .execute();
  return rows as Span[];
}

export interface Unshown {
  id: string;
  number: number;
  happenedAt: number;
  precision: Precision;
  channel: Channel;
  fromNumber: string | null;
}

const calls = ["call", "voicemail"] as const;

/** Incoming calls with a time of day that no phone's or carrier's record tells of, surely or perhaps. */
const bare = (db: Db, caseId: string) =>
  db
    .selectFrom("incidents as i")
    .innerJoin("backings as b", (on) => on.onRef("b.case_id", "=", "i.case_id").onRef("b.incident_id", "=", "i.id"))
    .where("i.case_id", "=", caseId)
    .where("i.removed_at", "is", null)
    .where("i.direction", "=", "incoming")
    .where("i.channel", "in", calls)
    .where("i.precision", "in", ["exact", "about"])
    .where(sql<number>`b.sources & ${sql.lit(bitsOf(sourceGroups, ["phone", "carrier"]))}`, "=", 0)
    .where(
      "i.id",
      "not in",
      keptRecords(db, caseId)
        .select(sql<string>`l.known_id`.as("known"))
        .where("l.known_id", "is not", null),
    );

/** A carrier's details list calls that were answered; that they do not show one of these says nothing. */
const notAnswered = ["unanswered", "blocked", "not-connected"] as const;

type OnIncident = ExpressionBuilder<Schema & { i: Schema["incidents"] }, "i">;

/** Whether a record of calls should show the incident: it reaches over that moment, and lists calls of that outcome. */
const covered = (eb: OnIncident, spans: readonly Span[]) =>
  eb.or([
    reached(
      eb,
      spans.filter(({ kind }) => kind === "phone"),
    ),
    eb.and([reached(eb, spans), eb(sql<string>`coalesce(i.outcome, '')`, "not in", notAnswered)]),
  ]);

/** Whether a record of calls reaches over the moment of the incident, on the phone that rang. */
const reached = (eb: OnIncident, spans: readonly Span[]) =>
  eb.or(
    spans
      .filter(({ channel }) => channel === "call" || channel === "voicemail")
      .map(({ contacted, from, to }) =>
        eb.and([
          eb("i.happened_at", ">=", from),
          eb("i.happened_at", "<=", to),
          eb(sql<string>`coalesce(i.contacted, 'self')`, "=", contacted),
        ]),
      ),
  );

/** Logged calls that a record should show and does not, newest first, a page before one. */
export async function unshownCalls(
  db: Db,
  caseId: string,
  spans: readonly Span[],
  before: { happenedAt: number; id: string } | null,
  limit: number,
): Promise<Unshown[]> {
  let query = bare(db, caseId)
    .select([
      "i.id",
      "i.number",
      "i.happened_at as happenedAt",
      "i.precision",
      "i.channel",
      "i.from_number as fromNumber",
    ])
    .where((eb) => covered(eb, spans));
  if (before !== null)
    query = query.where((eb) => eb(eb.refTuple("i.happened_at", "i.id"), "<", eb.tuple(before.happenedAt, before.id)));
  const rows = await query.orderBy("i.happened_at", "desc").orderBy("i.id", "desc").limit(limit).execute();
  return rows as Unshown[];
}

/** Of the logged calls that no record shows: how many a record should show, and over how many none reaches. */
export async function countBare(
  db: Db,
  caseId: string,
  spans: readonly Span[],
): Promise<{ covered: number; uncovered: number }> {
  const row = await bare(db, caseId)
    .select((eb) => [
      eb.fn.sum<number | null>(eb.case().when(covered(eb, spans)).then(1).else(0).end()).as("covered"),
      eb.fn.sum<number | null>(eb.case().when(reached(eb, spans)).then(0).else(1).end()).as("uncovered"),
    ])
    .executeTakeFirstOrThrow();
  return { covered: Number(row.covered ?? 0), uncovered: Number(row.uncovered ?? 0) };
}
