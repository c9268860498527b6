/** Recordings that belong to no contact, and the calls they may be of. Every query names the case. Next: recordings-page.ts. */
import type { Channel, Direction, Precision } from "../conduct/vocabulary.ts";
import type { Db } from "../platform/database.ts";

export interface NamedFile {
  id: string;
  letter: "A" | "B" | "D";
  number: number;
  name: string;
  addedAt: number;
}

/** Recordings and videos that belong to no contact, in the order they were added, a page after one. */
export async function looseRecordings(
  db: Db,
  caseId: string,
  after: Pick<NamedFile, "addedAt" | "id"> | null,
  limit: number,
): Promise<NamedFile[]> {
  let query = loose(db, caseId).select(["e.id", "e.letter", "e.number", "e.name", "e.added_at as addedAt"]);
  if (after !== null)
    query = query.where((eb) => eb(eb.refTuple("e.added_at", "e.id"), ">", eb.tuple(after.addedAt, after.id)));
  const rows = await query.orderBy("e.added_at").orderBy("e.id").limit(limit).execute();
  return rows as NamedFile[];
}

export async function countLoose(db: Db, caseId: string): Promise<number> {
  const { n } = await loose(db, caseId)
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow();
  return Number(n);
}

const loose = (db: Db, caseId: string) =>
  db
    .selectFrom("evidence as e")
    .where("e.case_id", "=", caseId)
    .where("e.removed_at", "is", null)
    .where("e.letter", "in", ["A", "D"])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("evidence_links as l")
            .innerJoin("incidents as i", "i.id", "l.subject_id")
            .select("l.evidence_id")
            .where("l.case_id", "=", caseId)
            .whereRef("l.evidence_id", "=", "e.id")
            .where("l.subject_kind", "=", "incident")
            .where("i.removed_at", "is", null),
        ),
      ),
    );

/** A contact as recordings are compared with it. */
interface Timed {
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

const timed = [
  "i.id",
  "i.number",
  "i.happened_at as happenedAt",
  "i.precision",
  "i.channel",
  "i.direction",
  "i.duration_seconds as durationSeconds",
  "i.from_number as fromNumber",
  "i.called_number as calledNumber",
] as const;

/** Calls of any of some short spans of time, at most so many of each. */
export async function callsWithin(
  db: Db,
  caseId: string,
  spans: readonly { from: number; to: number }[],
  limit: number,
): Promise<Timed[]> {
  if (spans.length === 0) return [];
  const rows = await db
    .selectFrom("incidents as i")
    .select(timed)
    .where("i.case_id", "=", caseId)
    .where("i.removed_at", "is", null)
    .where("i.channel", "in", ["call", "voicemail", "visit", "other"])
    .where((eb) =>
      eb.or(spans.map(({ from, to }) => eb.and([eb("i.happened_at", ">=", from), eb("i.happened_at", "<=", to)]))),
    )
    .orderBy("i.happened_at")
    .orderBy("i.id")
    .limit(limit)
    .execute();
  return rows as Timed[];
}
