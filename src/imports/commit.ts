/**
 * The last step: all chosen rows become incidents in one transaction, with their files, their sources and one event in the history, or
 * none does. Afterwards nothing stays of what was left out.
 */
import { type By, type Case, handleFrom, inOrder } from "../cases/case.ts";
import { addCollector, correctCollector } from "../cases/collectors.ts";
import { MOST_HANDLES } from "../cases/form.ts";
import { getCollector, listDebts, touch } from "../cases/store.ts";
import { linkEvidence } from "../evidence/link-evidence.ts";
import { mediaTypeOf } from "../evidence/media-type.ts";
import { type ReceivedFile, keptName } from "../evidence/evidence.ts";
import { record } from "../history/store.ts";
import type { Tx } from "../platform/database.ts";
import {
  addTold,
  extentOf,
  insertIncidents,
  insertSources,
  onlyIncidentOf,
  rowsWithAttachments,
  takeNumbers,
  toldRowsAfter,
} from "./batch/store.ts";
import type { Import, ImportFile, Keeps } from "./import.ts";
import type { Attachment } from "./reader.ts";
import { attachmentsOf } from "./rows/store.ts";
import { type NumberKey, numberKeys } from "./numbers.ts";
import { chooseParty, newParties, numbersGiven } from "./parties/store.ts";
import { debtTold } from "./told-debt.ts";
import { changeFile, filesOf, moveImport } from "./store.ts";
import type { Workshop } from "./workshop.ts";

const TOLD_AT_ONCE = 500;

/** What keeping means for these files, when nobody said. */
export function usualKeeps(shop: Pick<Workshop, "formats">, files: readonly ImportFile[]): Keeps {
  const whole = files.every(({ format }) => format !== null && shop.formats.readerNamed(format)?.keeps === "file");
  return whole ? "file" : "rows";
}

export async function commitImport(shop: Workshop, matter: Case, imported: Import, by: By): Promise<void> {
  const { db } = shop;
  const files = await filesOf(db, matter.id, imported.id);
  const keeps = imported.keeps ?? usualKeeps(shop, files);
  // Bytes first: they must be safe before a row says that they are evidence.
  const whole = keeps === "file" ? await keepFiles(shop, files) : [];
  const attachments = await keepAttachments(shop, imported.id);
  await db.transaction().execute(async (tx) => {
    const place = { caseId: matter.id, importId: imported.id };
    const extent = await extentOf(tx, place);
    await touch(tx, matter.id, extent?.from ?? by.at, extent?.to ?? by.at);
    await nameCollectors(tx, place, by);
    await teachCollectors(tx, place, numberKeys(matter.country), by);
    const made = extent?.made ?? 0;
    const after = await takeNumbers(tx, matter.id, made);
    await insertIncidents(tx, place, { after, contacted: imported.contacted, by });
    await insertSources(tx, place);
    await addAllTold(tx, place, matter);
    for (const { incidentId, number, attachments: own } of await rowsWithAttachments(tx, place)) {
      const received = own.flatMap((one) => attachments.get(one.sha256)?.named(one) ?? []);
      await linkEvidence(tx, matter.id, received, { kind: "incident", id: incidentId, number }, by);
    }
    for (const { file, received } of whole) {
      const only = await onlyIncidentOf(tx, place, file);
      const subject = only === null ? null : { kind: "incident" as const, ...only };
      const [linked] = await linkEvidence(tx, matter.id, [received], subject, by);
      await changeFile(tx, matter.id, imported.id, file, { evidenceId: linked?.evidence.id ?? null });
    }
    await record(tx, {
      caseId: matter.id,
      actor: by.personId,
      at: by.at,
      action: "import.committed",
      subject: `import:${imported.number}`,
      detail: {
        files: files.map(({ name }) => name),
        sha256: files.map(({ sha256 }) => sha256),
        formats: files.map(({ format }) => format),
        keeps,
        rows: imported.counts,
        ...(made === 0 ? {} : { incidents: { first: after + 1, last: after + made } }),
      },
    });
    const done = await moveImport(tx, matter.id, imported.id, ["committing"], "committed", {
      error: null,
      keeps,
      committedBy: by.personId,
      committedAt: by.at,
    });
    if (!done) throw new Error("the import was taken back meanwhile");
  });
}

/** Parties that are new collectors: one for each name, with all the numbers given under it. */
async function nameCollectors(
  tx: Tx,
  { caseId, importId }: { caseId: string; importId: string },
  by: By,
): Promise<void> {
  const parties = await newParties(tx, caseId, importId);
  for (const [name, group] of Map.groupBy(parties, (party) => (party.name ?? party.label).slice(0, 200))) {
    const handles = group.flatMap(({ number }) => (number === null ? [] : [handleFrom(number)]));
    const collectorId = await addCollector(tx, caseId, { name: name || "?", kind: "unknown", note: null, handles }, by);
    for (const { key } of group) await chooseParty(tx, caseId, importId, key, collectorId);
  }
}

/** Collectors that were there already learn the numbers that a person gave to them, so that the next import knows them. */
async function teachCollectors(
  tx: Tx,
  { caseId, importId }: { caseId: string; importId: string },
  keys: NumberKey,
  by: By,
): Promise<void> {
  const given = await numbersGiven(tx, caseId, importId);
  for (const [collectorId, group] of Map.groupBy(given, ({ choice }) => choice)) {
    const collector = await getCollector(tx, caseId, collectorId);
    if (collector === null) continue;
    const known = new Set(collector.handles.map(({ value }) => keys(value)));
    const learned = group.filter(({ number }) => !known.has(number)).map(({ number }) => handleFrom(number));
    if (learned.length === 0) continue;
    const { name, kind, note, handles, version } = collector;
    await correctCollector(
      tx,
      caseId,
      collectorId,
      version,
      { name, kind, note, handles: inOrder([...handles, ...learned]).slice(0, MOST_HANDLES) },
      by,
    );
  }
}

async function addAllTold(tx: Tx, place: { caseId: string; importId: string }, { lender }: Case): Promise<void> {
  const debts = await listDebts(tx, place.caseId);
  for (let after = { file: 0, row: 0 }; ;) {
    const rows = await toldRowsAfter(tx, place, after, TOLD_AT_ONCE);
    for (const { incidentId, told } of rows) {
      await addTold(tx, place.caseId, incidentId, told, debtTold(told, { debts, lender }));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < TOLD_AT_ONCE) return;
    after = last;
  }
}

/** The whole files, copied to the evidence. */
async function keepFiles(
  { blobs, waiting }: Workshop,
  files: readonly ImportFile[],
): Promise<{ file: number; received: ReceivedFile }[]> {
  const kept = [];
  for (const { file, name, sha256, mediaType } of files) {
    const { size } = await blobs.receive(waiting.blobs.open(sha256));
    kept.push({ file, received: { sha256, size, name, mediaType } });
  }
  return kept;
}

/** The attachments of chosen rows, copied to the evidence, by their hash. */
async function keepAttachments({ db, blobs, waiting }: Workshop, importId: string) {
  const kept = new Map<string, { named(attachment: Attachment): ReceivedFile[] }>();
  for (const sha256 of await attachmentsOf(db, [importId], { chosen: true })) {
    const { size } = await blobs.receive(waiting.blobs.open(sha256));
    const mediaType = size === 0 ? "" : await mediaTypeOf(blobs, sha256, size);
    kept.set(sha256, { named: ({ name }) => (size === 0 ? [] : [{ sha256, size, mediaType, name: keptName(name) }]) });
  }
  return kept;
}
