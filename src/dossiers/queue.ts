/**
 * Builds ordered versions one after the other: each takes a process and hundreds of megabytes, so never two at once. Versions that were
 * waiting or half made when a server stopped are told apart by their silence. Next: build-dossier.ts.
 */
import { buildDossier, type Workshop } from "./build-dossier.ts";
import { failVersion, getVersion, saveProgress, type Version } from "./store.ts";

const BEAT_MS = 20_000;
/** A version that nobody has spoken of for so long is in no queue any more. */
const SILENT_MS = 3 * 60_000;

interface DossierQueue {
  /** Puts a pending version at the end of the line. `typed`: words it leaves out, kept in this memory until it is made. */
  add(caseId: string, version: number, typed?: readonly string[]): void;
  /** Resolves when the line is empty. */
  idle(): Promise<void>;
}

export function createDossierQueue(workshop: Workshop): DossierQueue {
  const { db, clock, log } = workshop;
  const waiting = new Set<{ caseId: string; version: number }>();
  let last: Promise<void> = Promise.resolve();

  /** Says of every version in the line that it is still there; what the maker itself said last is kept. */
  async function beat(): Promise<void> {
    for (const { caseId, version } of waiting) {
      const now = await getVersion(db, caseId, version);
      if (now !== null) await saveProgress(db, caseId, version, { ...now.progress, at: clock.now() });
    }
  }

  return {
    add(caseId, version, typed) {
      const entry = { caseId, version };
      waiting.add(entry);
      const beating = setInterval(() => {
        beat().catch((error: unknown) => log.warn({ err: error }, "a dossier's progress could not be kept"));
      }, BEAT_MS);
      beating.unref();
      last = last
        .then(() => buildDossier(workshop, caseId, version, typed))
        .catch((error: unknown) =>
          log.error({ err: error, caseId, version }, "a dossier could not be made, nor its failure kept"),
        )
        .finally(() => {
          clearInterval(beating);
          waiting.delete(entry);
        });
    },
    idle: () => last,
  };
}

/** A version whose maker is gone is marked as failed. @returns the version as it is then. */
export async function settled({ db, clock }: Pick<Workshop, "db" | "clock">, found: Version): Promise<Version> {
  const open = found.state === "pending" || found.state === "building";
  if (!open || clock.now() - found.progress.at < SILENT_MS) return found;
  const { caseId, version } = found;
  await db
    .transaction()
    .execute((tx) =>
      failVersion(tx, { caseId, version, error: { key: "interrupted" }, by: "system", at: clock.now() }),
    );
  return (await getVersion(db, caseId, version)) ?? found;
}
