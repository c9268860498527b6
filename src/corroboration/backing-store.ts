/** What backs each contact, as it is kept: which kinds of sources tell of it and what they say otherwise. Every query names the case. */
import { sql } from "kysely";
import type { Channel, Direction, Precision } from "../conduct/vocabulary.ts";
import { type SourceGroup, sourceGroups } from "../incidents/sources/backing.ts";
import type { Db } from "../platform/database.ts";
import { bitsOf, fromBits } from "./bits.ts";

/** In what a source can say something else than the log. */
export const differences = ["time", "duration", "number"] as const;
export type Difference = (typeof differences)[number];

/** A contact as its sources are compared with it. */
export interface Compared {
  id: string;
  number: number;
  happenedAt: number;
  precision: Precision;
  channel: Channel;
  direction: Direction;
  durationSeconds: number | null;
  fromNumber: string | null;
  calledNumber: string | null;
}

/** The contacts of the case that are not in the bin, as they are compared. */
export const compared = (db: Db, caseId: string) =>
  db
    .selectFrom("incidents as i")
    .select([
      "i.id",
      "i.number",
      "i.happened_at as happenedAt",
      "i.precision",
      "i.channel",
      "i.direction",
      "i.duration_seconds as durationSeconds",
      "i.from_number as fromNumber",
      "i.called_number as calledNumber",
    ])
    .where("i.case_id", "=", caseId)
    .where("i.removed_at", "is", null);

/** Contacts in the order of their ids, a page after one; or only those with some numbers. */
export async function contactsToBack(
  db: Db,
  caseId: string,
  which: { after: string; limit: number } | { numbers: readonly number[] },
): Promise<Compared[]> {
  if ("numbers" in which && which.numbers.length === 0) return [];
  const query = compared(db, caseId);
  const rows = await (
    "numbers" in which
      ? query.where("i.number", "in", which.numbers)
      : query.where("i.id", ">", which.after).orderBy("i.id").limit(which.limit)
  ).execute();
  return rows as Compared[];
}

/** Those of some contacts that were made from a record. */
export async function madeFromRecords(db: Db, caseId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom("incident_sources")
    .select("incident_id as id")
    .distinct()
    .where("case_id", "=", caseId)
    .where("made", "=", 1)
    .where("incident_id", "in", ids)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

export interface KeptBacking {
  id: string;
  happenedAt: number;
  /** It was made from a record, not logged by a person. */
  made: boolean;
  sources: readonly SourceGroup[];
  differs: Iterable<Difference>;
}

export async function keepBackings(db: Db, caseId: string, all: readonly KeptBacking[]): Promise<void> {
  for (let from = 0; from < all.length; from += 500) {
    await db
      .insertInto("backings")
      .values(
        all.slice(from, from + 500).map(({ id, happenedAt, made, sources, differs }) => ({
          case_id: caseId,
          incident_id: id,
          happened_at: happenedAt,
          made: made ? 1 : 0,
          sources: bitsOf(sourceGroups, sources),
          differs: bitsOf(differences, differs),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["case_id", "incident_id"]).doUpdateSet((eb) => ({
          happened_at: eb.ref("excluded.happened_at"),
          made: eb.ref("excluded.made"),
          sources: eb.ref("excluded.sources"),
          differs: eb.ref("excluded.differs"),
        })),
      )
      .execute();
  }
}

/** Forgets contacts that are in the bin or gone: of some, or of all. */
export async function forgetBackings(db: Db, caseId: string, ids: readonly string[] | "all"): Promise<void> {
  if (ids !== "all" && ids.length === 0) return;
  let query = db
    .deleteFrom("backings")
    .where("case_id", "=", caseId)
    .where(
      "incident_id",
      "not in",
      db.selectFrom("incidents").select("id").where("case_id", "=", caseId).where("removed_at", "is", null),
    );
  if (ids !== "all") query = query.where("incident_id", "in", ids);
  await query.execute();
}

/** How many contacts have the same sources, say the same otherwise, and were made the same way. */
export async function sumBackings(
  db: Db,
  caseId: string,
): Promise<{ sources: SourceGroup[]; made: boolean; differs: Difference[]; count: number }[]> {
  const rows = await db
    .selectFrom("backings")
    .select((eb) => ["sources", "made", "differs", eb.fn.countAll<number>().as("n")])
    .where("case_id", "=", caseId)
    .groupBy(["sources", "made", "differs"])
    .execute();
  return rows.map(({ sources, made, differs, n }) => ({
    sources: fromBits(sourceGroups, sources),
    made: made === 1,
    differs: fromBits(differences, differs),
    count: Number(n),
  }));
}

/** Contacts of which a source says something else, newest first, a page before one; all, or those with one kind of difference. */
export async function differingContacts(
  db: Db,
  caseId: string,
  about: Difference | null,
  before: { at: number; id: string } | null,
  limit: number,
): Promise<Compared[]> {
  let query = compared(db, caseId)
    .innerJoin("backings as b", (on) => on.onRef("b.case_id", "=", "i.case_id").onRef("b.incident_id", "=", "i.id"))
    .where("b.case_id", "=", caseId)
    // Written out: only so does SQLite know that its index of differing contacts suffices.
    .where(sql<boolean>`b.differs > 0`);
  if (about !== null) query = query.where(sql<number>`b.differs & ${sql.lit(bitsOf(differences, [about]))}`, ">", 0);
  if (before !== null)
    query = query.where((eb) => eb(eb.refTuple("b.happened_at", "b.incident_id"), "<", eb.tuple(before.at, before.id)));
  const rows = await query.orderBy("b.happened_at", "desc").orderBy("b.incident_id", "desc").limit(limit).execute();
  return rows as Compared[];
}
