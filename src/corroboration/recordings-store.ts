/** Recordings that belong to no contact, and the calls they may be of. Every query names the case. Next: recordings-page.ts. */
import type { Db } from "../platform/database.ts";
import { type Compared, compared } from "./backing-store.ts";

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

/** Calls of any of some short spans of time, at most so many of each. */
export async function callsWithin(
  db: Db,
  caseId: string,
  spans: readonly { from: number; to: number }[],
  limit: number,
): Promise<Compared[]> {
  if (spans.length === 0) return [];
  const rows = await compared(db, caseId)
    .where("i.channel", "in", ["call", "voicemail", "visit", "other"])
    .where((eb) =>
      eb.or(spans.map(({ from, to }) => eb.and([eb("i.happened_at", ">=", from), eb("i.happened_at", "<=", to)]))),
    )
    .orderBy("i.happened_at")
    .orderBy("i.id")
    .limit(limit)
    .execute();
  return rows as Compared[];
}
