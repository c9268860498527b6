/**
 * An import as one batch: from staged rows to incidents and back out again, in statements over whole sets, because other writers wait
 * while it lasts. Next: ../commit.ts, ../undo.ts.
 */
import { sql } from "kysely";
import type { Tx } from "../../platform/database.ts";
import type { Attachment, Contact } from "../reader.ts";

type Told = NonNullable<Contact["told"]>;
interface Place {
  caseId: string;
  importId: string;
}

/** Takes human numbers for so many incidents. @returns the last number given before. */
export async function takeNumbers(tx: Tx, caseId: string, count: number): Promise<number> {
  const { last } = await tx
    .insertInto("counters")
    .values({ case_id: caseId, kind: "incident", last: count })
    .onConflict((conflict) =>
      conflict.columns(["case_id", "kind"]).doUpdateSet((eb) => ({ last: eb("counters.last", "+", count) })),
    )
    .returning("last")
    .executeTakeFirstOrThrow();
  return last - count;
}

/** How many incidents the batch makes, and from when to when everything lies that it changes; null = nothing is taken. */
export async function extentOf(
  tx: Tx,
  { caseId, importId }: Place,
): Promise<{ made: number; from: number; to: number } | null> {
  const row = await tx
    .selectFrom("import_rows")
    .select((eb) => [
      eb.fn.count<number>("row").filterWhere("becomes", "=", "new").as("made"),
      eb.fn.min<number | null>("happened_at").as("from"),
      eb.fn.max<number | null>("happened_at").as("to"),
    ])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("becomes", "in", ["new", "duplicate"])
    .executeTakeFirstOrThrow();
  return row.from === null || row.to === null ? null : { made: row.made, from: row.from, to: row.to };
}

/** The incidents, numbered in the order of time. What the borrower sent is their own telling, never the collector's words. */
export async function insertIncidents(
  tx: Tx,
  { caseId, importId }: Place,
  { after, contacted, by }: { after: number; contacted: string; by: { personId: string; at: number } },
): Promise<void> {
  await sql`insert into incidents (id, case_id, number, channel, direction, happened_at, precision, duration_seconds, outcome, contacted,
      from_number, called_number, collector_id, acts_json, said, account, version, logged_by, logged_at)
    select r.incident_id, r.case_id, cast(${after} as bigint) + row_number() over (order by r.happened_at, r.file, r.row),
      r.channel, r.direction, r.happened_at, r.precision, r.duration_seconds, r.outcome,
      case when r.direction = 'incoming' then cast(${contacted} as text) end,
      case when r.direction = 'incoming' then r.number else r.own end,
      case when r.direction = 'incoming' then r.own else r.number end,
      case when p.choice not in ('leave', 'unknown', 'new') then p.choice end, '[]',
      case when r.direction = 'incoming' then r.said end, case when r.direction = 'outgoing' then r.said end,
      1, cast(${by.personId} as text), cast(${by.at} as bigint)
    from import_rows r left join import_parties p on p.import_id = r.import_id and p.key = r.party
    where r.case_id = ${caseId} and r.import_id = ${importId} and r.becomes = 'new'
    order by r.happened_at, r.file, r.row`.execute(tx);
}

/** What each chosen row tells, of the incident made from it or of the one it backs up. */
export async function insertSources(tx: Tx, { caseId, importId }: Place): Promise<void> {
  await sql`insert into incident_sources (case_id, incident_id, import_id, file, row, line, kind, made, happened_at, precision, time_from,
      duration_seconds, number, place)
    select case_id, case when becomes = 'new' then incident_id else known_id end, import_id, file, row, line, kind,
      case when becomes = 'new' then 1 else 0 end, happened_at, precision, time_from, duration_seconds, other,
      place
    from import_rows where case_id = ${caseId} and import_id = ${importId} and becomes in ('new', 'duplicate')`.execute(
    tx,
  );
}

/** Rows of our own formats tell more than a record does, a page after one. */
export async function toldRowsAfter(
  tx: Tx,
  { caseId, importId }: Place,
  after: { file: number; row: number },
  limit: number,
): Promise<{ file: number; row: number; incidentId: string; told: Told }[]> {
  const rows = await tx
    .selectFrom("import_rows")
    .select(["file", "row", "incident_id", "told_json"])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("becomes", "=", "new")
    .where("told_json", "is not", null)
    .where((eb) => eb(eb.refTuple("file", "row"), ">", eb.tuple(after.file, after.row)))
    .orderBy("file")
    .orderBy("row")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    file: row.file,
    row: row.row,
    incidentId: row.incident_id ?? "",
    told: JSON.parse(row.told_json ?? "{}") as Told,
  }));
}

/** @param words kept behind the borrower's own telling. */
export async function addTold(
  tx: Tx,
  caseId: string,
  incidentId: string,
  told: Told,
  { debtId, words }: { debtId: string | null; words: string | null },
): Promise<void> {
  const yesNo = (value: boolean | undefined) => (value === undefined ? null : value ? 1 : 0);
  await tx
    .updateTable("incidents")
    .set({
      acts_json: JSON.stringify(told.acts ?? []),
      purpose: told.purpose ?? null,
      automated: yesNo(told.automated),
      place: told.place ?? null,
      disclosed_json: told.disclosed === undefined ? null : JSON.stringify(told.disclosed),
      visitors: told.visitors ?? null,
      ...(told.contacted === undefined ? {} : { contacted: told.contacted }),
      ...(debtId === null ? {} : { debt_id: debtId }),
      ...(told.account === undefined && words === null
        ? {}
        : { account: [told.account, words].filter((part) => part != null).join("\n") }),
    })
    .where("case_id", "=", caseId)
    .where("id", "=", incidentId)
    .execute();
}

/** Chosen rows with attachments: what they go to. */
export async function rowsWithAttachments(
  tx: Tx,
  { caseId, importId }: Place,
): Promise<{ incidentId: string; number: number; attachments: Attachment[] }[]> {
  const rows = await tx
    .selectFrom("import_rows as r")
    .innerJoin("incidents", (on) =>
      on.on((eb) =>
        eb.or([
          eb.and([eb("r.becomes", "=", "new"), eb("incidents.id", "=", eb.ref("r.incident_id"))]),
          eb.and([eb("r.becomes", "=", "duplicate"), eb("incidents.id", "=", eb.ref("r.known_id"))]),
        ]),
      ),
    )
    .select(["incidents.id", "incidents.number", "r.attachments_json"])
    .where("r.case_id", "=", caseId)
    .where("incidents.case_id", "=", caseId)
    .where("r.import_id", "=", importId)
    .where("r.attachments_json", "is not", null)
    .orderBy("r.file")
    .orderBy("r.row")
    .execute();
  return rows.map((row) => ({
    incidentId: row.id,
    number: row.number,
    attachments: JSON.parse(row.attachments_json ?? "[]") as Attachment[],
  }));
}

/** The incident of a file that tells of exactly one, such as a recording. */
export async function onlyIncidentOf(
  tx: Tx,
  { caseId, importId }: Place,
  file: number,
): Promise<{ id: string; number: number } | null> {
  const rows = await tx
    .selectFrom("incident_sources")
    .innerJoin("incidents", "incidents.id", "incident_sources.incident_id")
    .select(["incidents.id", "incidents.number"])
    .where("incident_sources.case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("file", "=", file)
    .limit(2)
    .execute();
  const [only] = rows;
  return rows.length === 1 && only !== undefined ? only : null;
}

// --- out again ----------------------------------------------------------------------------------------------------

/**
 * Incidents that the import made and that nobody has worked on since: not corrected or removed, no review of a finding, no file added,
 * no other import that tells of them.
 */
const untouched = ({
  caseId,
  importId,
}: Place) => sql<boolean>`incidents.case_id = ${caseId} and incidents.removed_at is null
  and incidents.version = 1
  and exists (select 1 from incident_sources s where s.incident_id = incidents.id and s.case_id = ${caseId} and s.import_id = ${importId}
    and s.made = 1)
  and not exists (select 1 from incident_sources o where o.incident_id = incidents.id and o.case_id = ${caseId}
    and o.import_id <> ${importId})
  and not exists (select 1 from reviews v where v.incident_id = incidents.id and v.case_id = ${caseId})
  and not exists (select 1 from evidence_links l join evidence e on e.id = l.evidence_id
    where l.case_id = ${caseId} and l.subject_kind = 'incident' and l.subject_id = incidents.id
    and e.added_at > (select committed_at from imports where id = ${importId}))`;

/** What an undo would take away: how many, and from when to when. */
export async function undoable(tx: Tx, place: Place): Promise<{ count: number; from: number; to: number } | null> {
  const row = await tx
    .selectFrom("incidents")
    .select((eb) => [
      eb.fn.countAll<number>().as("count"),
      eb.fn.min<number | null>("happened_at").as("from"),
      eb.fn.max<number | null>("happened_at").as("to"),
    ])
    .where(untouched(place))
    .executeTakeFirstOrThrow();
  return row.from === null || row.to === null ? null : { count: row.count, from: row.from, to: row.to };
}

/** Moves them to the bin, as a person would one by one. */
export async function removeIncidents(tx: Tx, place: Place, at: number): Promise<void> {
  await tx
    .updateTable("incidents")
    .set((eb) => ({ removed_at: at, version: eb("version", "+", 1) }))
    .where(untouched(place))
    .execute();
}

/** Incidents of the import that still stand: on the list after an undo, because somebody worked on them. */
export async function standingOf(tx: Tx, { caseId, importId }: Place, limit: number): Promise<number[]> {
  const rows = await tx
    .selectFrom("incident_sources as s")
    .innerJoin("incidents", "incidents.id", "s.incident_id")
    .select("incidents.number")
    .where("s.case_id", "=", caseId)
    .where("incidents.case_id", "=", caseId)
    .where("s.import_id", "=", importId)
    .where("s.made", "=", 1)
    .where("incidents.removed_at", "is", null)
    .orderBy("incidents.number")
    .limit(limit)
    .execute();
  return rows.map(({ number }) => number);
}

/** Rows that backed up incidents no longer do. */
export async function dropBacking(tx: Tx, { caseId, importId }: Place): Promise<void> {
  await tx
    .deleteFrom("incident_sources")
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("made", "=", 0)
    .execute();
}

/** Exhibits that came with the import and belong to nothing that stands any more. */
export async function evidenceLeftOver(
  tx: Tx,
  { caseId, importId }: Place,
): Promise<{ letter: string; number: number }[]> {
  const { rows } = await sql<{ letter: string; number: number }>`select e.letter, e.number from evidence e
    where e.case_id = ${caseId} and e.removed_at is null
    and e.added_at = (select committed_at from imports where id = ${importId})
    and e.added_by = (select committed_by from imports where id = ${importId})
    and (e.id in (select evidence_id from import_files where import_id = ${importId})
      or exists (select 1 from evidence_links l join incident_sources s on s.incident_id = l.subject_id
        where l.evidence_id = e.id and l.case_id = ${caseId} and l.subject_kind = 'incident' and s.import_id = ${importId}))
    and not exists (select 1 from evidence_links l left join incidents i on i.id = l.subject_id and l.subject_kind = 'incident'
      where l.evidence_id = e.id and l.case_id = ${caseId} and (l.subject_kind <> 'incident' or i.removed_at is null))
    order by e.letter, e.number`.execute(tx);
  return rows;
}
