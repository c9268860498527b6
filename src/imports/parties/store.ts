/** The numbers and chats of imports in the database, with what was said of each. Every query names the case and the import. */
import type { Selectable } from "kysely";
import type { Db } from "../../platform/database.ts";
import type { Schema } from "../../platform/schema.ts";
import type { Choice, Party, Why } from "../import.ts";

export async function putParties(db: Db, caseId: string, importId: string, parties: readonly Party[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom("import_parties").where("case_id", "=", caseId).where("import_id", "=", importId).execute();
    for (let from = 0; from < parties.length; from += 500) {
      await tx
        .insertInto("import_parties")
        .values(
          parties.slice(from, from + 500).map((party) => ({
            import_id: importId,
            key: party.key,
            case_id: caseId,
            label: party.label,
            number: party.number,
            name: party.name,
            calls: party.calls,
            messages: party.messages,
            incoming: party.incoming,
            outgoing: party.outgoing,
            worded: party.worded,
            first_at: party.firstAt,
            last_at: party.lastAt,
            why: party.why,
            rank: party.rank,
            choice: party.choice,
          })),
        )
        .execute();
    }
  });
}

/** A page of parties, the likeliest collectors first. */
export async function listParties(
  db: Db,
  caseId: string,
  importId: string,
  after: Pick<Party, "rank" | "key"> | null,
  limit: number,
): Promise<Party[]> {
  let query = db
    .selectFrom("import_parties")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId);
  if (after !== null) {
    query = query.where((eb) =>
      eb.or([eb("rank", "<", after.rank), eb.and([eb("rank", "=", after.rank), eb("key", ">", after.key)])]),
    );
  }
  const rows = await query.orderBy("rank", "desc").orderBy("key").limit(limit).execute();
  return rows.map(partyFrom);
}

/** Parties that are taken, and those that were suggested and are left out: everything else stands as it came. */
export async function answeredParties(
  db: Db,
  caseId: string,
  importId: string,
  limit: number,
): Promise<Pick<Party, "key" | "choice" | "name">[]> {
  return db
    .selectFrom("import_parties")
    .select(["key", "choice", "name"])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where((eb) => eb.or([eb("choice", "!=", "leave"), eb("why", "is not", null)]))
    .orderBy("rank", "desc")
    .orderBy("key")
    .limit(limit)
    .execute();
}

/** How many parties there are, and how many are taken. */
export async function countParties(db: Db, caseId: string, importId: string): Promise<{ all: number; taken: number }> {
  const rows = await db
    .selectFrom("import_parties")
    .select((eb) => ["choice", eb.fn.countAll<number>().as("n")])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .groupBy("choice")
    .execute();
  const all = rows.reduce((sum, { n }) => sum + n, 0);
  return { all, taken: all - (rows.find(({ choice }) => choice === "leave")?.n ?? 0) };
}

export async function chooseParty(
  db: Db,
  caseId: string,
  importId: string,
  key: string,
  choice: Choice,
  name?: string,
): Promise<void> {
  await db
    .updateTable("import_parties")
    .set({ choice, ...(name === undefined ? {} : { name }) })
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("key", "=", key)
    .execute();
}

/** Collectors to be made: parties that are taken as new ones. */
export async function newParties(db: Db, caseId: string, importId: string): Promise<Party[]> {
  const rows = await db
    .selectFrom("import_parties")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("choice", "=", "new")
    .orderBy("key")
    .execute();
  return rows.map(partyFrom);
}

/** Numbers and addresses that a person gave to collectors of the case, and of which something is taken. */
export async function numbersGiven(
  db: Db,
  caseId: string,
  importId: string,
): Promise<{ number: string; choice: Choice }[]> {
  const rows = await db
    .selectFrom("import_parties")
    .select(["number", "choice"])
    .where("case_id", "=", caseId)
    .where("import_id", "=", importId)
    .where("choice", "not in", ["leave", "unknown", "new"])
    .where("number", "is not", null)
    .where("key", "in", (eb) =>
      eb
        .selectFrom("import_rows")
        .select("party")
        .where("case_id", "=", caseId)
        .where("import_id", "=", importId)
        .where("party", "is not", null)
        .where("becomes", "in", ["new", "duplicate"]),
    )
    .orderBy("key")
    .execute();
  return rows.flatMap(({ number, choice }) => (number === null ? [] : [{ number, choice }]));
}

const partyFrom = (row: Selectable<Schema["import_parties"]>): Party => ({
  key: row.key,
  label: row.label,
  number: row.number,
  name: row.name,
  calls: row.calls,
  messages: row.messages,
  incoming: row.incoming,
  outgoing: row.outgoing,
  worded: row.worded,
  firstAt: row.first_at,
  lastAt: row.last_at,
  why: row.why as Why | null,
  rank: row.rank,
  choice: row.choice,
});
