/**
 * The second step: every record of every file becomes a staged row, and every number or chat is counted. Nothing of the case changes yet,
 * so it can be done again at any time; memory stays bounded whatever the size of the files.
 */
import type { Case } from "../cases/case.ts";
import { listCollectors, listDebts } from "../cases/store.ts";
import { HappenedAt } from "../conduct/incident.ts";
import { instantOf, zoneNamed } from "../conduct/zone.ts";
import { loggedNumbers } from "../incidents/sources/store.ts";
import { newId } from "../platform/ids.ts";
import { readOptions } from "./detect-files.ts";
import { AddedFiles } from "./beside.ts";
import { type Import, type ImportFile, sourceKindOf } from "./import.ts";
import { type NumberKey, numberKeys } from "./numbers.ts";
import {
  type Attachment,
  type Contact,
  type KeepAttachment,
  LONGEST_WORDS,
  type Problem,
  type Reader,
  type Row,
} from "./reader.ts";
import { chosenBefore } from "./remembered.ts";
import { type NewRow, deleteSomeRows, rowWriter } from "./rows/store.ts";
import { putParties } from "./parties/store.ts";
import { changeFile, changeImport, filesOf } from "./store.ts";
import { type KnownNumbers, Parties, partyKey, suggest } from "./suggest.ts";
import type { Workshop } from "./workshop.ts";

/** Rows written in one transaction: a few hundredths of a second, in which nobody else can write. */
const AT_ONCE = 1000;
/** Rows between two words about the progress. */
const TELL = 10_000;
const EARLIEST = Date.UTC(1990, 0, 1);
/** Clocks of phones go ahead a little. */
const AHEAD_MS = 24 * 3600 * 1000;

/** Somebody called the import off. */
export class CalledOff extends Error {}

export async function readFiles(shop: Workshop, matter: Case, imported: Import): Promise<void> {
  const { db } = shop;
  while ((await deleteSomeRows(db, matter.id, imported.id, { keepUnreadable: false })) > 0);
  const keys = numberKeys(matter.country);
  const parties = new Parties();
  const named = await wordsOfCase(shop, matter);
  const write = rowWriter(db, matter.id, imported.id);
  const keep = attachmentKeeper(shop);
  let done = 0;
  const files = await filesOf(db, matter.id, imported.id);
  const isAdded = ({ format }: ImportFile) => format === "media" || format === "added";
  const along = new AddedFiles(files.filter(isAdded));
  // Chats come first: they say to which message an added file belongs.
  for (const file of files.toSorted((a, b) => Number(isAdded(a)) - Number(isAdded(b)))) {
    const reader = file.format === null ? undefined : shop.formats.readerNamed(file.format);
    if (reader === undefined) throw new Error(`there is no reader for ${file.format}`);
    const stage = stager(shop, matter, reader, { file: file.file, keys, parties, isWorded });
    let rows: NewRow[] = [];
    let count = 0;
    const namedBy = isAdded(file) ? along.namedBy(file.file) : null;
    const read = reader.read(shop.waiting.pathOf(file.sha256), {
      ...readOptions(shop, matter, file),
      keep,
      beside: (row, name, size) => along.find(file.name, row, name, size),
    });
    for await (const row of namedBy === null ? read : [belongsTo(namedBy)]) {
      rows.push(stage(row));
      count += 1;
      if (rows.length >= AT_ONCE) {
        await write(rows);
        rows = [];
        done += AT_ONCE;
        if (
          done % TELL === 0 &&
          !(await changeImport(db, matter.id, imported.id, { progress: { done, of: null }, beatAt: shop.clock.now() }))
        )
          throw new CalledOff();
      }
    }
    await write(rows);
    done += rows.length;
    await changeFile(db, matter.id, imported.id, file.file, { rows: count });
  }
  const suggested = suggest(parties.all(), await knownNumbers(shop, matter, keys));
  const collectorIds = new Set((await listCollectors(db, matter.id)).map(({ id }) => id));
  await putParties(db, matter.id, imported.id, await chosenBefore(db, matter.id, files, suggested, collectorIds));

  function isWorded(contact: Contact): boolean {
    const { said } = contact;
    if (said === undefined || contact.direction !== "incoming") return false;
    return named.some((name) => said.includes(name)) || shop.codes.wording.find(said).length > 0;
  }
}

/** The one row of a file that a message of another file named. */
const belongsTo = ({ file, row }: { file: string; row: number }): Row => ({
  row: 1,
  noContact: { key: "belongsTo", params: { file, row } },
});

interface Staging {
  file: number;
  keys: NumberKey;
  parties: Parties;
  isWorded(contact: Contact): boolean;
}

/** Makes staged rows of a file's records. */
function stager(shop: Workshop, matter: Case, reader: Reader, { file, keys, parties, isWorded }: Staging) {
  const zone = zoneNamed(matter.zone);
  const now = shop.clock.now();
  return (row: Row): NewRow => {
    const place = { file, row: row.row, line: row.line ?? null };
    const nothing = { ...place, oddities: [], contact: null };
    if ("unreadable" in row) return { ...nothing, verdict: "unreadable", why: row.unreadable };
    if ("noContact" in row) return { ...nothing, verdict: "left-out", why: row.noContact };
    const facts = clean(row.contact);
    const at = momentOf(facts.happenedAt);
    if (typeof at !== "number") return { ...nothing, verdict: "unreadable", why: at };
    const number = facts.other === null || facts.other.trim() === "" ? null : keys(facts.other);
    const party = partyKey(facts, number);
    parties.add(party, facts, number, at, isWorded(facts));
    return {
      ...place,
      verdict: "left-out",
      why: null,
      oddities: row.oddities ?? [],
      contact: {
        party,
        kind: sourceKindOf(reader, facts),
        happenedAt: at,
        facts,
        number,
        own: facts.own === undefined || facts.own.trim() === "" ? null : keys(facts.own),
        incidentId: newId(now),
      },
    };
  };

  /** Epoch milliseconds, or why the time cannot be one. */
  function momentOf(happenedAt: number | string): number | Problem {
    let at = Number.NaN;
    if (typeof happenedAt === "number") at = Math.round(happenedAt);
    else if (HappenedAt.safeParse(happenedAt).success) at = instantOf(happenedAt, zone);
    if (!Number.isSafeInteger(at) || Math.abs(at) > 8.64e15)
      return { key: "badTime", params: { value: String(happenedAt).slice(0, 60) } };
    const day = () => ({
      value: Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(matter.zone).toPlainDate().toString(),
    });
    if (at < EARLIEST) return { key: "tooEarly", params: day() };
    if (at > now + AHEAD_MS) return { key: "inFuture", params: day() };
    return at;
  }
}

/** Text that every database can hold, no longer than a person may write. Nearly every contact is fit as it is. */
function clean(contact: Contact): Contact {
  const { durationSeconds: duration, said } = contact;
  const isFit =
    [contact.other, contact.otherName, contact.own, contact.conversation, contact.place].every((text) =>
      fits(text, 300),
    ) &&
    said !== "" &&
    fits(said, LONGEST_WORDS) &&
    (duration === undefined || (Number.isInteger(duration) && duration >= 0));
  if (isFit) return contact;
  const cleaned: Contact = { ...contact, other: fitted(contact.other, 300) };
  for (const name of ["otherName", "own", "conversation", "place"] as const) {
    const value = fitted(contact[name], 300);
    if (value !== null) cleaned[name] = value;
  }
  const words = fitted(said, LONGEST_WORDS);
  if (words === null || words === "") delete cleaned.said;
  else cleaned.said = words;
  if (duration === undefined || !(duration >= 0)) delete cleaned.durationSeconds;
  else cleaned.durationSeconds = Math.round(duration);
  return cleaned;
}

const fits = (text: string | null | undefined, longest: number): boolean =>
  text == null || (text.length <= longest && text.isWellFormed() && !text.includes("\0"));

const fitted = (text: string | null | undefined, longest: number): string | null =>
  text == null ? null : text.toWellFormed().replaceAll("\0", "\u{fffd}").slice(0, longest).toWellFormed();

/** Attachments wait beside the files; whoever is left out leaves nothing behind. */
function attachmentKeeper({ waiting, maxFileBytes }: Workshop): KeepAttachment {
  return async (name, bytes): Promise<Attachment> => ({ name, ...(await waiting.blobs.receive(bytes, maxFileBytes)) });
}

/** Names whose mention makes a message probably a collector's: the lender, the product, creditors. */
async function wordsOfCase({ db }: Workshop, matter: Case): Promise<string[]> {
  const debts = await listDebts(db, matter.id);
  const names = [matter.lender, matter.platform, ...debts.map(({ creditor }) => creditor)];
  return [...new Set(names.filter((name): name is string => name !== null && name.trim().length >= 2))];
}

async function knownNumbers({ db }: Workshop, matter: Case, keys: NumberKey): Promise<KnownNumbers> {
  const collectors = await listCollectors(db, matter.id);
  return {
    handles: new Map(collectors.flatMap(({ id, handles }) => handles.map(({ value }) => [keys(value), id] as const))),
    names: new Map(collectors.map(({ id, name }) => [name.toLowerCase(), id])),
    logged: new Map((await loggedNumbers(db, matter.id)).map(({ number, collectorId }) => [keys(number), collectorId])),
  };
}
