/**
 * Keeps the comparison of log and records behind nothing that happened: like findings it is pulled by whoever shows it. What happened
 * since is read from the history, and only what it could have changed is compared again. Next: stale.ts (what an event changes),
 * compare-left.ts (records), backing-store.ts (what backs each contact).
 */
import { setImmediate } from "node:timers/promises";
import type { Case } from "../cases/case.ts";
import { parseExhibitName } from "../evidence/evidence.ts";
import { evidenceOf } from "../evidence/store.ts";
import { eventsAfter, headOf } from "../history/store.ts";
import { backingsOf } from "../incidents/sources/backings.ts";
import type { Db } from "../platform/database.ts";
import { type Compared, contactsToBack, forgetBackings, keepBackings, madeFromRecords } from "./backing-store.ts";
import { compareLeft } from "./compare-left.ts";
import { type Stale, staleOf } from "./stale.ts";
import { comparedAt, contactsNumbered, reachOfFile, setCompared } from "./stale-store.ts";

/** After more events than this everything is compared once more. */
const MOST_EVENTS = 1000;
/** Contacts in one question; SQLite takes no more ids than some thousands. */
const CONTACTS = 1000;
const MOST_CONTACTS = 500;

/** @param now names of recordings without a year are read as of this moment. */
export async function bringUpToDate(db: Db, matter: Case, now: number): Promise<void> {
  const { seq } = await headOf(db, matter.id);
  const from = await comparedAt(db, matter.id);
  if (from === seq) return;
  const events = from === null ? null : await eventsAfter(db, matter.id, from, MOST_EVENTS + 1);
  const stale = events === null || events.length > MOST_EVENTS ? null : staleOf(events);
  const scope = stale === null || stale.all ? "all" : await scopeOf(db, matter.id, stale);
  if (scope === "all") {
    await compareLeft(db, matter, "all");
    await backAll(db, matter, now);
  } else {
    if (scope.records !== null) await compareLeft(db, matter, scope.records);
    await backSome(db, matter, scope.contacts, now);
  }
  await setCompared(db, matter.id, seq);
}

interface Scope {
  /** Moments round which records are compared again; "all"; null = nothing can have changed. */
  records: number[] | "all" | null;
  /** Contacts, by number, whose sources are looked at again. */
  contacts: number[];
}

async function scopeOf(db: Db, caseId: string, stale: Stale): Promise<Scope | "all"> {
  const contacts = new Set([...stale.contacts, ...stale.filed]);
  let imported = false;
  for (const name of stale.files) {
    const exhibit = parseExhibitName(name);
    const reach = exhibit === null ? null : await reachOfFile(db, caseId, exhibit);
    imported ||= reach?.imported ?? false;
    for (const number of reach?.contacts ?? []) contacts.add(number);
  }
  if (contacts.size > MOST_CONTACTS) return "all";
  const moved = await contactsNumbered(db, caseId, [...stale.contacts]);
  const moments = [...new Set([...moved.map(({ happenedAt }) => happenedAt), ...stale.moments])];
  const nothing = moments.length === 0 && !stale.owners;
  return { records: imported ? "all" : nothing ? null : moments, contacts: [...contacts] };
}

async function backAll(db: Db, matter: Case, now: number): Promise<void> {
  for (let after = ""; ;) {
    const page = await contactsToBack(db, matter.id, { after, limit: CONTACTS });
    await back(db, matter, page, now);
    const last = page.at(-1);
    if (last === undefined || page.length < CONTACTS) break;
    after = last.id;
    await setImmediate();
  }
  await forgetBackings(db, matter.id, "all");
}

async function backSome(db: Db, matter: Case, numbers: readonly number[], now: number): Promise<void> {
  if (numbers.length === 0) return;
  await back(db, matter, await contactsToBack(db, matter.id, { numbers }), now);
  const all = await contactsNumbered(db, matter.id, numbers);
  const ids = all.map(({ id }) => id);
  await forgetBackings(db, matter.id, ids);
}

async function back(db: Db, matter: Case, contacts: readonly Compared[], now: number): Promise<void> {
  const ids = contacts.map(({ id }) => id);
  const files = await evidenceOf(db, matter.id, "incident", ids);
  const made = await madeFromRecords(db, matter.id, ids);
  const found = await backingsOf(db, matter.id, contacts, files, { zone: matter.zone, now });
  await keepBackings(
    db,
    matter.id,
    contacts.map(({ id, happenedAt }) => {
      const { groups, disagreements } = found.get(id)!;
      const differs = disagreements.map(({ about }) => about);
      return { id, happenedAt, made: made.has(id), sources: groups, differs };
    }),
  );
}
