/** Puts contacts into a case without the form, thousands at a time, for tests of what becomes of them. */
import { touchAll } from "../../src/cases/store.ts";
import type { Db } from "../../src/platform/database.ts";
import { newId } from "../../src/platform/ids.ts";

export interface PlantedContact {
  happenedAt: number;
  channel?: string;
  precision?: string;
  direction?: string;
  contacted?: string | null;
  outcome?: string | null;
  purpose?: string | null;
  said?: string | null;
  fromNumber?: string;
}

/** They are numbered from 1 on, so the case must have none yet; everything in it is judged anew. */
export async function plantContacts(db: Db, caseId: string, contacts: readonly PlantedContact[]): Promise<void> {
  const rows = contacts.map((contact, index) => ({
    id: newId(),
    case_id: caseId,
    number: index + 1,
    channel: contact.channel ?? "call",
    direction: contact.direction ?? "incoming",
    happened_at: contact.happenedAt,
    precision: contact.precision ?? "exact",
    outcome: contact.outcome ?? null,
    purpose: contact.purpose ?? null,
    contacted: contact.contacted ?? null,
    said: contact.said ?? null,
    from_number: contact.fromNumber ?? null,
    acts_json: "[]",
    version: 1,
    logged_by: "lin",
    logged_at: contact.happenedAt,
  }));
  for (let from = 0; from < rows.length; from += 500)
    await db
      .insertInto("incidents")
      .values(rows.slice(from, from + 500))
      .execute();
  await db.insertInto("counters").values({ case_id: caseId, kind: "incident", last: contacts.length }).execute();
  await db.transaction().execute((tx) => touchAll(tx, caseId));
}
