/**
 * The third step, once a person has said whose numbers count: which chosen rows are new and which tell of a contact that is known. Walks
 * the rows and the case side by side in the order of time, a page at a time.
 */
import type { Case } from "../cases/case.ts";
import { type ToldContact, toldContactsAfter } from "../incidents/sources/store.ts";
import { type Candidate, type Known, KnownContacts, type Match, REACH_MS } from "./duplicates.ts";
import { type Import, LEAVE, NEW, type SourceKind, UNKNOWN } from "./import.ts";
import { type NumberKey, numberKeys } from "./numbers.ts";
import type { Problem } from "./reader.ts";
import {
  type Again,
  type TimedRow,
  applyChoices,
  countRows,
  markAgain,
  newRowsAfter,
  spanOfNew,
} from "./rows/store.ts";
import { changeImport, filesOf } from "./store.ts";
import type { Workshop } from "./workshop.ts";

const ROWS = 2000;
/** SQLite takes so many ids in one question that a page of contacts asks for what told of them at once. */
const CONTACTS = 1000;

export async function compareRows(
  { db, clock }: Pick<Workshop, "db" | "clock">,
  matter: Case,
  imported: Import,
): Promise<void> {
  const files = await filesOf(db, matter.id, imported.id);
  for (const { file, rows } of files) {
    for (let from = 1; from <= rows; from += ROWS) {
      await applyChoices(db, matter.id, imported.id, { file, from, to: from + ROWS - 1 });
    }
  }
  const span = await spanOfNew(db, matter.id, imported.id);
  if (span !== null) await findAgain({ db, clock }, matter, imported, { ...span, isOneFile: files.length === 1 });
  await changeImport(db, matter.id, imported.id, { counts: await countRows(db, matter.id, imported.id) });
}

/**
 * A file tells each contact once, so that the rows of a file alone are compared with the case only: from the first contact that is near
 * enough to the last one.
 */
async function findAgain(
  { db, clock }: Pick<Workshop, "db" | "clock">,
  matter: Case,
  imported: Import,
  { isOneFile, ...span }: { from: number; to: number; isOneFile: boolean },
): Promise<void> {
  const keys = numberKeys(matter.country);
  const known = new KnownContacts();
  const stored = contactsOf(db, matter.id, { from: span.from - REACH_MS, to: span.to + REACH_MS });
  let next = await stored.next();
  if (isOneFile && next.done === true) return;
  let found: Again[] = [];
  let done = 0;
  let lastKnown = Number.NEGATIVE_INFINITY;
  type Place = Pick<TimedRow, "happenedAt" | "file" | "row">;
  let after: Place | null =
    isOneFile && next.done !== true ? { happenedAt: next.value.happenedAt - REACH_MS, file: 0, row: 0 } : null;
  for (;;) {
    const rows = await newRowsAfter(db, matter.id, imported.id, after, ROWS);
    for (const row of rows) {
      while (next.done !== true && next.value.happenedAt <= row.happenedAt + REACH_MS) {
        lastKnown = next.value.happenedAt;
        known.admit(asKnown(next.value, keys));
        next = await stored.next();
      }
      if (isOneFile && lastKnown < row.happenedAt - REACH_MS) continue;
      const match = known.match(asCandidate(row));
      if (match !== null) found.push(asAgain(row, match));
      else if (!isOneFile) known.admit(asEarlierRow(row));
    }
    await markAgain(db, matter.id, imported.id, found);
    found = [];
    done += rows.length;
    await changeImport(db, matter.id, imported.id, { progress: { done, of: null }, beatAt: clock.now() });
    after = rows.at(-1) ?? null;
    if (after === null || rows.length < ROWS) return;
    if (isOneFile && next.done === true && after.happenedAt > lastKnown + REACH_MS) return;
  }
}

/** Logged contacts of a span in the order of time, read a page at a time. */
export async function* contactsOf(db: Workshop["db"], caseId: string, span: { from: number; to: number }) {
  for (let after: ToldContact | null = null; ;) {
    const page: ToldContact[] = await toldContactsAfter(db, caseId, span, after, CONTACTS);
    yield* page;
    after = page.at(-1) ?? null;
    if (after === null || page.length < CONTACTS) return;
  }
}

/** A logged contact as records are compared with it. */
export function asKnown(contact: ToldContact, keys: NumberKey): Known {
  // The far end is where a contact came from; what the borrower sent went to the number called.
  const other = contact.direction === "incoming" ? contact.fromNumber : contact.calledNumber;
  return {
    id: contact.id,
    number: contact.number,
    at: contact.happenedAt,
    precision: contact.precision,
    channel: contact.channel,
    direction: contact.direction,
    durationSeconds: contact.durationSeconds,
    words: contact.direction === "incoming" ? contact.said : (contact.account ?? contact.said),
    collectorId: contact.collectorId,
    numbers: other === null ? [] : [keys(other)],
    tellings: contact.tellings.map(({ kind, happenedAt, durationSeconds }) => ({
      kind: kind as SourceKind,
      at: happenedAt,
      durationSeconds,
    })),
    file: null,
    row: null,
  };
}

const asCandidate = (row: TimedRow): Candidate => ({
  at: row.happenedAt,
  precision: row.precision,
  channel: row.channel,
  direction: row.direction,
  durationSeconds: row.durationSeconds,
  words: row.said,
  collectorId: [LEAVE, UNKNOWN, NEW].includes(row.choice) ? null : row.choice,
  number: row.number,
  kind: row.kind,
  file: row.file,
});

const asEarlierRow = (row: TimedRow): Known => ({
  ...asCandidate(row),
  id: row.incidentId,
  number: null,
  numbers: row.number === null ? [] : [row.number],
  tellings: [{ kind: row.kind, at: row.happenedAt, durationSeconds: row.durationSeconds }],
  row: row.row,
});

function asAgain(row: TimedRow, { known, how, certain }: Match): Again {
  return {
    file: row.file,
    row: row.row,
    verdict: certain ? "duplicate" : "merge",
    why: whyOf(row, known, how),
    knownId: known.id,
    knownNumber: known.number,
    same: known.file === null || known.row === null ? null : { file: known.file, row: known.row },
  };
}

/** Why, as a sentence below `imports.why.`; what differs between two clocks is said with it. */
function whyOf(row: TimedRow, known: Known, how: Match["how"]): Problem {
  const apart = Math.round(Math.abs(known.at - row.happenedAt) / 1000);
  const params = {
    apart,
    ...(known.number === null ? { file: known.file ?? 0, row: known.row ?? 0 } : { number: known.number }),
  };
  return { key: known.number === null ? `${how}Row` : how, params };
}
