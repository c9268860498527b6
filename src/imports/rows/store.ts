/**
 * The staged rows of imports: written and read in bounded pieces, because an import may hold hundreds of thousands and others use the
 * database meanwhile. Every query names the case and the import. Next: ../read-files.ts, ../compare.ts.
 */
import { CompiledQuery, sql } from "kysely";
import type { Channel, Direction, Precision } from "../../conduct/vocabulary.ts";
import type { Db } from "../../platform/database.ts";
import type { Schema } from "../../platform/schema.ts";
import { type Counts, NO_COUNTS, type SourceKind } from "../import.ts";
import type { Attachment, Contact, Problem } from "../reader.ts";

/** A row as reading leaves it. Null `contact` = nothing that could become an incident; `why` says what it is. */
export interface NewRow {
  file: number;
  row: number;
  line: number | null;
  verdict: "unreadable" | "left-out";
  why: Problem | null;
  oddities: readonly Problem[];
  contact: {
    party: string;
    kind: SourceKind;
    happenedAt: number;
    facts: Contact;
    number: string | null;
    own: string | null;
    incidentId: string;
  } | null;
}

const columns = [
  "import_id",
  "file",
  "row",
  "case_id",
  "line",
  "verdict",
  "becomes",
  "why_json",
  "oddities_json",
  "party",
  "kind",
  "happened_at",
  "precision",
  "time_from",
  "channel",
  "direction",
  "duration_seconds",
  "outcome",
  "other",
  "number",
  "other_name",
  "own",
  "said",
  "told_json",
  "attachments_json",
  "incident_id",
  "place",
] as const satisfies readonly (keyof Schema["import_rows"])[];

const wholeNumbers: ReadonlySet<string> = new Set(["file", "row", "line", "happened_at", "duration_seconds"]);

/** Rows in one statement: more would only make the prepared statement longer. */
const AT_ONCE = 100;

/**
 * Writes rows, a piece in one transaction. Handing over values is what costs: a column that has said the same for every row so far (the
 * import, the case, the kind of source) is handed over once in each statement, and the texts of the statements are made once.
 */
export function rowWriter(db: Db, caseId: string, importId: string): (rows: readonly NewRow[]) => Promise<void> {
  /** Columns that differ between rows. Only grows, so that there are few statements. */
  const varying = columns.map((column) => column === "row");
  const texts = new Map<string, string>();
  return (rows) =>
    db.transaction().execute(async (tx) => {
      for (let from = 0; from < rows.length; from += AT_ONCE) {
        const part = rows.slice(from, from + AT_ONCE).map((row) => valuesOf(caseId, importId, row));
        const [first] = part;
        for (let column = 0; column < columns.length; column += 1) {
          varying[column] ||= part.some((values) => values[column] !== first?.[column]);
        }
        const shape = `${part.length} ${varying.map(Number).join("")}`;
        let text = texts.get(shape);
        if (text === undefined) texts.set(shape, (text = textOf(tx, part.length, varying)));
        const parameters = first?.filter((_, column) => !varying[column]) ?? [];
        for (const values of part) {
          for (let column = 0; column < columns.length; column += 1) {
            if (varying[column]) parameters.push(values[column]!);
          }
        }
        await tx.executeQuery(CompiledQuery.raw(text, parameters));
      }
    });
}

/** SQLite and PostgreSQL both call the columns of a bare VALUES list column1, column2, … */
function textOf(db: Db, count: number, varying: readonly boolean[]): string {
  const tuple = sql`(${sql.join(varying.filter(Boolean).map(() => ""))})`;
  let place = 0;
  const chosen = columns.map((column, index) => {
    const value = varying[index] ? sql.ref(`v.column${(place += 1)}`) : sql`${""}`;
    return wholeNumbers.has(column) ? sql`cast(${value} as bigint)` : sql`cast(${value} as text)`;
  });
  return sql`insert into import_rows (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(chosen)} from (values ${sql.join(Array.from({ length: count }, () => tuple))}) as v`.compile(db)
    .sql;
}

const json = (list: readonly unknown[]): string | null => (list.length === 0 ? null : JSON.stringify(list));

function valuesOf(caseId: string, importId: string, row: NewRow): (string | number | null)[] {
  const { contact } = row;
  const facts = contact?.facts;
  return [
    importId,
    row.file,
    row.row,
    caseId,
    row.line,
    row.verdict,
    row.verdict,
    row.why === null ? null : JSON.stringify(row.why),
    json(row.oddities),
    contact?.party ?? null,
    contact?.kind ?? null,
    contact?.happenedAt ?? null,
    facts?.precision ?? null,
    facts?.timeFrom ?? null,
    facts?.channel ?? null,
    facts?.direction ?? null,
    facts?.durationSeconds ?? null,
    facts?.outcome ?? null,
    facts?.other ?? null,
    contact?.number ?? null,
    facts?.otherName ?? null,
    contact?.own ?? null,
    facts?.said ?? null,
    facts?.told === undefined ? null : JSON.stringify(facts.told),
    json(facts?.attachments ?? []),
    contact?.incidentId ?? null,
    facts?.place ?? null,
  ];
}

/** Forgets rows of a file, a piece at a time. @returns how many went. */
export async function deleteSomeRows(
  db: Db,
  caseId: string,
  importId: string,
  options: { keepUnreadable: boolean },
): Promise<number> {
  let some = db
    .selectFrom("import_rows")
    .select(["file", "row"])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId);
  if (options.keepUnreadable) some = some.where("becomes", "!=", "unreadable");
  const done = await db
    .deleteFrom("import_rows")
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where((eb) => eb(eb.refTuple("file", "row"), "in", some.limit(1000).$asTuple("file", "row")))
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}

/** Hashes of the attachments of an import's rows, each once. */
export async function attachmentsOf(
  db: Db,
  importIds: readonly string[],
  { chosen }: { chosen: boolean },
): Promise<Set<string>> {
  if (importIds.length === 0) return new Set();
  let query = db
    .selectFrom("import_rows")
    .select("attachments_json")
    .where("import_id", "in", importIds)
    .where("attachments_json", "is not", null);
  if (chosen) query = query.where("becomes", "in", ["new", "duplicate"]);
  const rows = await query.execute();
  return new Set(
    rows.flatMap((row) => (JSON.parse(row.attachments_json ?? "[]") as Attachment[]).map(({ sha256 }) => sha256)),
  );
}

// --- what becomes of rows -----------------------------------------------------------------------------------------

/** What the choices about numbers and chats make of the contacts among some rows of a file; `to` is included. */
export async function applyChoices(
  db: Db,
  caseId: string,
  importId: string,
  { file, from, to }: { file: number; from: number; to: number },
): Promise<void> {
  // Most rows of a phone are left out and were so from the start: writing them again would take the longest.
  await sql`update import_rows set verdict = case when p.choice = 'leave' then 'left-out' else 'new' end,
      becomes = case when p.choice = 'leave' then 'left-out' else 'new' end,
      why_json = null, known_id = null, known_number = null, same_file = null, same_row = null
    from import_parties p
    where p.import_id = import_rows.import_id and p.key = import_rows.party
      and import_rows.case_id = ${caseId} and import_rows.import_id = ${importId} and import_rows.file = ${file}
      and import_rows.row >= ${from} and import_rows.row <= ${to} and import_rows.kind is not null
      and (import_rows.verdict <> case when p.choice = 'leave' then 'left-out' else 'new' end
        or import_rows.becomes <> case when p.choice = 'leave' then 'left-out' else 'new' end
        or import_rows.known_id is not null)`.execute(db);
}

/** Contacts that would be new, in the order of time, a page after one. */
export interface TimedRow {
  file: number;
  row: number;
  happenedAt: number;
  precision: Precision;
  channel: Channel;
  direction: Direction;
  durationSeconds: number | null;
  said: string | null;
  number: string | null;
  kind: SourceKind;
  incidentId: string;
  choice: string;
}

export async function newRowsAfter(
  db: Db,
  caseId: string,
  importId: string,
  after: Pick<TimedRow, "happenedAt" | "file" | "row"> | null,
  limit: number,
): Promise<TimedRow[]> {
  let query = db
    .selectFrom("import_rows")
    .leftJoin("import_parties", (on) =>
      on
        .onRef("import_parties.import_id", "=", "import_rows.import_id")
        .onRef("import_parties.key", "=", "import_rows.party"),
    )
    .select([
      "file",
      "row",
      "happened_at",
      "precision",
      "channel",
      "direction",
      "duration_seconds",
      "said",
      "import_rows.number",
      "kind",
      "incident_id",
      "choice",
    ])
    .where("import_rows.case_id", "=", caseId)
    .where("import_rows.import_id", "=", importId)
    // Written out: the index holds these rows alone, and a database cannot know that of a parameter.
    .where(sql<boolean>`verdict = 'new'`);
  if (after !== null) {
    query = query.where((eb) =>
      eb(eb.refTuple("happened_at", "file", "row"), ">", eb.tuple(after.happenedAt, after.file, after.row)),
    );
  }
  const rows = await query.orderBy("happened_at").orderBy("file").orderBy("row").limit(limit).execute();
  return rows.map((row) => ({
    file: row.file,
    row: row.row,
    happenedAt: row.happened_at ?? 0,
    precision: row.precision as Precision,
    channel: row.channel as Channel,
    direction: row.direction as Direction,
    durationSeconds: row.duration_seconds,
    said: row.said,
    number: row.number,
    kind: row.kind as SourceKind,
    incidentId: row.incident_id ?? "",
    choice: row.choice ?? "unknown",
  }));
}

/** The span of what would be new; null = nothing would. */
export async function spanOfNew(
  db: Db,
  caseId: string,
  importId: string,
): Promise<{ from: number; to: number } | null> {
  const row = await db
    .selectFrom("import_rows")
    .select((eb) => [
      eb.fn.min<number | null>("happened_at").as("from"),
      eb.fn.max<number | null>("happened_at").as("to"),
    ])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("becomes", "=", "new")
    .executeTakeFirstOrThrow();
  return row.from === null || row.to === null ? null : { from: row.from, to: row.to };
}

/** A row that tells of something known. */
export interface Again {
  file: number;
  row: number;
  verdict: "duplicate" | "merge";
  why: Problem;
  knownId: string;
  knownNumber: number | null;
  same: { file: number; row: number } | null;
}

/** Marks rows as duplicates, many in one statement. */
export async function markAgain(db: Db, caseId: string, importId: string, found: readonly Again[]): Promise<void> {
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const tuples = found.slice(from, from + AT_ONCE).map(
      (one) =>
        sql`(cast(${one.file} as bigint), cast(${one.row} as bigint), cast(${one.verdict} as text), cast(${JSON.stringify(one.why)} as text),
            cast(${one.knownId} as text), cast(${one.knownNumber} as bigint), cast(${one.same?.file ?? null} as bigint),
            cast(${one.same?.row ?? null} as bigint), cast(${importId} as text))`,
    );
    // SQLite and PostgreSQL both call the columns of a bare VALUES list column1, column2, … The import stands in it, too: given once,
    // SQLite goes through all rows of the import for each list.
    await sql`update import_rows set verdict = v.column3, becomes = 'duplicate', why_json = v.column4, known_id = v.column5,
      known_number = v.column6, same_file = v.column7, same_row = v.column8
      from (values ${sql.join(tuples)}) as v
      where import_rows.case_id = ${caseId} and import_rows.import_id = v.column9
        and import_rows.file = v.column1 and import_rows.row = v.column2`.execute(db);
  }
}

export async function countRows(db: Db, caseId: string, importId: string): Promise<Counts> {
  const rows = await db
    .selectFrom("import_rows")
    .select((eb) => ["becomes", eb.fn.countAll<number>().as("n")])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .groupBy("becomes")
    .execute();
  return { ...NO_COUNTS, ...Object.fromEntries(rows.map(({ becomes, n }) => [becomes, n])) };
}
