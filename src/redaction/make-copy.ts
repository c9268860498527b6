/**
 * From what was marked to a kept copy: made in the workshop, its bytes stored beside all evidence under their SHA-256, linked to the
 * original in one transaction with the entry in the history. The original is only read. Next: routes.ts asks for it.
 */
import { createReadStream } from "node:fs";
import type { By } from "../cases/case.ts";
import type { BlobStore } from "../evidence/blobs.ts";
import { type Evidence, exhibitName } from "../evidence/evidence.ts";
import { record } from "../history/store.ts";
import type { Db } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { type Copy, type Recipe, Refusal, amountOf, wayOf } from "./redaction.ts";
import { failCopy, finishCopy, getCopy, orderCopy, saveDraft, setCopyRemoved } from "./store.ts";
import { type Source, inWorkshop } from "./workshop.ts";

/** What making a copy needs of the services. */
export interface CopyRoom {
  db: Db;
  blobs: BlobStore;
  clock: Clock;
  log: Logger;
}

/** Longer than any work may take, waiting for other work included. */
const SILENT_MS = 20 * 60_000;

/** The original as the workshop wants it, or null when its kind cannot be redacted here. */
export function sourceOf({ sha256, size, mediaType }: Pick<Evidence, "sha256" | "size" | "mediaType">): Source | null {
  const way = wayOf(mediaType);
  return way === null ? null : { sha256, size, mediaType, way };
}

/** Enters the order and begins. `done` resolves when the copy is ready or has failed, and never rejects. */
export async function beginCopy(
  room: CopyRoom,
  caseId: string,
  evidence: Evidence,
  recipe: Recipe,
  by: By,
): Promise<{ version: number; done: Promise<void> }> {
  const id = newId(by.at);
  const version = await room.db.transaction().execute(async (tx) => {
    await saveDraft(tx, caseId, evidence.id, recipe, by);
    const order = {
      id,
      evidenceId: evidence.id,
      recipe,
      originalSha256: evidence.sha256,
      madeBy: by.personId,
      orderedAt: by.at,
    };
    return orderCopy(tx, caseId, order);
  });
  return { version, done: makeCopy(room, caseId, evidence, { id, version, recipe }, by) };
}

async function makeCopy(
  { db, blobs, clock, log }: CopyRoom,
  caseId: string,
  evidence: Evidence,
  { id, version, recipe }: Pick<Copy, "id" | "version" | "recipe">,
  by: By,
): Promise<void> {
  try {
    const source = sourceOf(evidence);
    if (source === null) throw new Refusal("unreadable");
    const made = await inWorkshop(blobs, source, { do: "copy", recipe }, async (answer, file) => {
      if (!("mediaType" in answer)) throw new Error("the workshop answered something else");
      return { ...(await blobs.receive(createReadStream(file))), mediaType: answer.mediaType };
    });
    const at = clock.now();
    await db.transaction().execute(async (tx) => {
      if (!(await finishCopy(tx, caseId, id, { ...made, at }))) return;
      await record(tx, {
        caseId,
        actor: by.personId,
        at,
        action: "redaction.made",
        subject: `evidence:${exhibitName(evidence)}`,
        // How much, never what: the history goes into dossiers.
        detail: { version, of: evidence.sha256, ...made, ...amountOf(recipe) },
      });
    });
  } catch (error) {
    const known = error instanceof Refusal;
    if (!known) log.error({ err: error, caseId, copy: id }, "a redacted copy could not be made");
    await failCopy(db, caseId, id, known ? error.refused : { key: "internal" }).catch((fault: unknown) =>
      log.error({ err: fault, caseId, copy: id }, "nor could its failure be kept"),
    );
  }
}

/** A copy whose maker is gone is marked as failed. @returns the copy as it is then. */
export async function settledCopy(
  { db, clock }: Pick<CopyRoom, "db" | "clock">,
  caseId: string,
  copy: Copy,
): Promise<Copy> {
  if (copy.state !== "making" || clock.now() - copy.orderedAt < SILENT_MS) return copy;
  await failCopy(db, caseId, copy.id, { key: "interrupted" });
  return (await getCopy(db, caseId, copy.evidenceId, copy.version)) ?? copy;
}

/** Into the bin or out of it. The bytes stay as long as the case does. */
export async function removeCopy(
  db: Db,
  caseId: string,
  evidence: Evidence,
  copy: Copy,
  removed: boolean,
  by: By,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await setCopyRemoved(tx, caseId, copy.id, removed ? by.at : null))) return;
    await record(tx, {
      caseId,
      actor: by.personId,
      at: by.at,
      action: removed ? "redaction.removed" : "redaction.restored",
      subject: `evidence:${exhibitName(evidence)}`,
      detail: { version: copy.version, sha256: copy.file?.sha256 ?? null },
    });
  });
}
