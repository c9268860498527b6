/** Imports, their files and parties in the database; their rows are in rows/store.ts. Every query names the case. */
import type { Selectable } from "kysely";
import { nextNumber } from "../cases/store.ts";
import type { ReceivedFile } from "../evidence/evidence.ts";
import type { Contacted } from "../incidents/incident.ts";
import type { Db, Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Schema } from "../platform/schema.ts";
import { type Counts, type Import, type ImportFile, type Keeps, NO_COUNTS, type State } from "./import.ts";
import type { Answers, Problem, Question } from "./reader.ts";

/** Begins an import of files that wait already. */
export async function createImport(
  db: Db,
  caseId: string,
  files: readonly ReceivedFile[],
  by: { personId: string; at: number },
): Promise<Import> {
  return db.transaction().execute(async (tx) => {
    const id = newId(by.at);
    const row = await tx
      .insertInto("imports")
      .values({
        id,
        case_id: caseId,
        number: await nextNumber(tx, caseId, "import"),
        state: "detecting" satisfies State,
        progress_json: JSON.stringify({ done: 0, of: null }),
        contacted: "self",
        beat_at: by.at,
        tidied: 0,
        created_by: by.personId,
        created_at: by.at,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await tx
      .insertInto("import_files")
      .values(
        files.map((file, index) => ({
          import_id: id,
          file: index + 1,
          case_id: caseId,
          name: file.name,
          sha256: file.sha256,
          size: file.size,
          media_type: file.mediaType,
          formats_json: "[]",
          questions_json: "[]",
          answers_json: "{}",
          samples_json: "[]",
          rows: 0,
        })),
      )
      .execute();
    return importFrom(row);
  });
}

export async function getImport(db: Db, caseId: string, number: number): Promise<Import | null> {
  const row = await db
    .selectFrom("imports")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? null : importFrom(row);
}

export async function getImportById(db: Db, caseId: string, id: string): Promise<Import | null> {
  const row = await db
    .selectFrom("imports")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : importFrom(row);
}

/** Newest first, a page before a number, with the names of their files. */
export async function listImports(
  db: Db,
  caseId: string,
  before: number,
  limit: number,
): Promise<(Import & { names: string[] })[]> {
  const rows = await db
    .selectFrom("imports")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("number", "<", before)
    .orderBy("number", "desc")
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const names = await db
    .selectFrom("import_files")
    .select(["import_id", "name"])
    .where("case_id", "=", caseId)
    .where(
      "import_id",
      "in",
      rows.map(({ id }) => id),
    )
    .orderBy("file")
    .execute();
  const byImport = Map.groupBy(names, (row) => row.import_id);
  return rows.map((row) => ({
    ...importFrom(row),
    names: (byImport.get(row.id) ?? []).map(({ name }) => name),
  }));
}

export async function filesOf(db: Db, caseId: string, importId: string): Promise<ImportFile[]> {
  const rows = await db
    .selectFrom("import_files")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .orderBy("file")
    .execute();
  return rows.map(fileFrom);
}

/** Earlier imports of the case that brought a file with this content and still stand. */
export async function broughtBefore(db: Db, caseId: string, importId: string, sha256: string): Promise<number[]> {
  const rows = await db
    .selectFrom("import_files")
    .innerJoin("imports", "imports.id", "import_files.import_id")
    .select("imports.number")
    .where("import_files.case_id", "=", caseId)
    .where("sha256", "=", sha256)
    .where("imports.id", "!=", importId)
    .where("imports.state", "=", "committed")
    .orderBy("imports.number")
    .execute();
  return rows.map(({ number }) => number);
}

export interface Change {
  error?: Problem | null;
  progress?: Import["progress"];
  counts?: Counts;
  keeps?: Keeps;
  contacted?: Contacted;
  beatAt?: number;
  committedBy?: string;
  committedAt?: number;
  undoneBy?: string;
  undoneAt?: number;
}

/** Goes from one of some states to another, unless somebody else was first. @returns whether it did. */
export async function moveImport(
  db: Db,
  caseId: string,
  importId: string,
  from: readonly State[],
  to: State,
  change: Change = {},
): Promise<boolean> {
  const moved = await db
    .updateTable("imports")
    .set({ state: to, ...columnsOf(change) })
    .where("case_id", "=", caseId)
    .where("id", "=", importId)
    .where("state", "in", from)
    .returning("id")
    .executeTakeFirst();
  return moved !== undefined;
}

/** @returns false when the import is gone. */
export async function changeImport(db: Db, caseId: string, importId: string, change: Change): Promise<boolean> {
  const row = await db
    .updateTable("imports")
    .set(columnsOf(change))
    .where("case_id", "=", caseId)
    .where("id", "=", importId)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

export async function deleteImport(db: Db, caseId: string, importId: string): Promise<void> {
  await db.deleteFrom("imports").where("case_id", "=", caseId).where("id", "=", importId).execute();
}

export async function changeFile(
  db: Db,
  caseId: string,
  importId: string,
  file: number,
  change: Partial<Pick<ImportFile, "format" | "formats" | "questions" | "answers" | "samples" | "rows" | "evidenceId">>,
): Promise<void> {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  await db
    .updateTable("import_files")
    .set({
      ...(change.format === undefined ? {} : { format: change.format }),
      ...(change.rows === undefined ? {} : { rows: change.rows }),
      ...(change.evidenceId === undefined ? {} : { evidence_id: change.evidenceId }),
      ...defined({
        formats_json: json(change.formats),
        questions_json: json(change.questions),
        answers_json: json(change.answers),
        samples_json: json(change.samples),
      }),
    })
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("file", "=", file)
    .execute();
}

/** The exhibits that whole files were kept as, by the number of the file: "C-3". */
export async function exhibitsOf(db: Db, caseId: string, importId: string): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom("import_files")
    .innerJoin("evidence", "evidence.id", "import_files.evidence_id")
    .select(["file", "letter", "evidence.number"])
    .where("import_files.case_id", "=", caseId)
    .where("import_id", "=", importId)
    .execute();
  return new Map(rows.map(({ file, letter, number }) => [file, `${letter}-${number}`]));
}

/** A file that the person leaves out. */
export async function dropFile(db: Db, caseId: string, importId: string, file: number): Promise<void> {
  await db
    .deleteFrom("import_files")
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("file", "=", file)
    .execute();
}

// --- mappings of columns ------------------------------------------------------------------------------------------

export async function mappingOf(db: Db, caseId: string, headingSha256: string): Promise<string | null> {
  const row = await db
    .selectFrom("import_mappings")
    .select("answer")
    .where("case_id", "=", caseId)
    .where("heading_sha256", "=", headingSha256)
    .executeTakeFirst();
  return row?.answer ?? null;
}

export async function rememberMapping(
  db: Db,
  caseId: string,
  headingSha256: string,
  answer: string,
  at: number,
): Promise<void> {
  await db
    .insertInto("import_mappings")
    .values({ case_id: caseId, heading_sha256: headingSha256, answer, used_at: at })
    .onConflict((conflict) => conflict.columns(["case_id", "heading_sha256"]).doUpdateSet({ answer, used_at: at }))
    .execute();
}

// --- all cases: tidying -------------------------------------------------------------------------------------------

/** Imports of which more is left than must stay: done and not tidied, or begun long ago and never finished. */
export async function untidyImports(
  db: Db,
  begunBefore: number,
): Promise<{ id: string; caseId: string; unfinished: boolean }[]> {
  const rows = await db
    .selectFrom("imports")
    .select(["id", "case_id", "state"])
    .where("tidied", "=", 0)
    .where((eb) => eb.or([eb("state", "in", ["committed", "undone"]), eb("beat_at", "<", begunBefore)]))
    .execute();
  return rows.map((row) => ({
    id: row.id,
    caseId: row.case_id,
    unfinished: row.state !== "committed" && row.state !== "undone",
  }));
}

/** What a finished import need not know any more: what its files held of other people. */
export async function forgetDetails(tx: Tx, caseId: string, importId: string): Promise<void> {
  await tx.deleteFrom("import_parties").where("case_id", "=", caseId).where("import_id", "=", importId).execute();
  await tx
    .updateTable("import_files")
    .set({ questions_json: "[]", samples_json: "[]" })
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .execute();
  await tx.updateTable("imports").set({ tidied: 1 }).where("case_id", "=", caseId).where("id", "=", importId).execute();
}

/** Whether an import that is under way still needs bytes with this hash, as a file or as an attachment of a row. */
export async function isWaitedFor(db: Db, sha256: string): Promise<boolean> {
  const asFile = db
    .selectFrom("import_files")
    .innerJoin("imports", "imports.id", "import_files.import_id")
    .select("imports.id")
    .where("sha256", "=", sha256)
    .where("tidied", "=", 0);
  const asAttachment = db
    .selectFrom("import_rows")
    .innerJoin("imports", "imports.id", "import_rows.import_id")
    .select("imports.id")
    .where("attachments_json", "like", `%${sha256}%`)
    .where("tidied", "=", 0);
  return (await asFile.unionAll(asAttachment).limit(1).executeTakeFirst()) !== undefined;
}

// --- rows ---------------------------------------------------------------------------------------------------------

function defined<T extends object>(columns: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as never;
}

const columnsOf = (change: Change) =>
  defined({
    error_json: change.error === undefined ? undefined : change.error === null ? null : JSON.stringify(change.error),
    progress_json: change.progress === undefined ? undefined : JSON.stringify(change.progress),
    counts_json: change.counts === undefined ? undefined : JSON.stringify(change.counts),
    keeps: change.keeps,
    contacted: change.contacted,
    beat_at: change.beatAt,
    committed_by: change.committedBy,
    committed_at: change.committedAt,
    undone_by: change.undoneBy,
    undone_at: change.undoneAt,
  });

const importFrom = (row: Selectable<Schema["imports"]>): Import => ({
  id: row.id,
  caseId: row.case_id,
  number: row.number,
  state: row.state as State,
  error: row.error_json === null ? null : (JSON.parse(row.error_json) as Problem),
  progress: JSON.parse(row.progress_json) as Import["progress"],
  counts: row.counts_json === null ? NO_COUNTS : (JSON.parse(row.counts_json) as Counts),
  keeps: row.keeps as Keeps | null,
  contacted: row.contacted as Contacted,
  beatAt: row.beat_at,
  createdBy: row.created_by,
  createdAt: row.created_at,
  committedBy: row.committed_by,
  committedAt: row.committed_at,
  undoneBy: row.undone_by,
  undoneAt: row.undone_at,
});

const fileFrom = (row: Selectable<Schema["import_files"]>): ImportFile => ({
  file: row.file,
  name: row.name,
  sha256: row.sha256,
  size: row.size,
  mediaType: row.media_type,
  format: row.format,
  formats: JSON.parse(row.formats_json) as string[],
  questions: JSON.parse(row.questions_json) as Question[],
  answers: JSON.parse(row.answers_json) as Answers,
  samples: JSON.parse(row.samples_json) as ImportFile["samples"],
  rows: row.rows,
  evidenceId: row.evidence_id,
});
