/**
 * What a person answered about a file outlives its import, so that the very same file asks nothing twice: what it is, how it is read, whose
 * numbers count, what is kept. Nothing that a file holds of other people stays: numbers and chats are hashes together with the file's own,
 * and readable only to whoever brings the file again. What a commit made of an answer is stronger than the answer.
 */
import { createHash } from "node:crypto";
import type { Contacted } from "../incidents/incident.ts";
import type { Db } from "../platform/database.ts";
import { type Choice, type Import, type ImportFile, type Keeps, LEAVE, NEW, type Party, UNKNOWN } from "./import.ts";
import { answeredParties } from "./parties/store.ts";
import type { Answers } from "./reader.ts";
import { filesOf, mappingOf, rememberMapping } from "./store.ts";

export interface Remembered {
  format: string;
  answers: Answers;
  keeps: Keeps | null;
  contacted: Contacted;
  /** What was said of numbers and chats that are suggested or were taken, by {@link keyHash}; a name only of a new collector. */
  parties: Record<string, { choice: Choice; name?: string }>;
}

/** Somebody who answers for more numbers than this answers again. */
const MOST_PARTIES = 2000;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const fileHash = (file: Pick<ImportFile, "sha256">): string => sha256(`file:${file.sha256}`);
const keyHash = (file: Pick<ImportFile, "sha256">, key: string): string => sha256(`${file.sha256}:${key}`);

/** Keeps the answers to each file of an import, as they stand now. */
export async function rememberAnswers(db: Db, { caseId, id, keeps, contacted }: Import, at: number): Promise<void> {
  const parties = await answeredParties(db, caseId, id, MOST_PARTIES);
  for (const file of await filesOf(db, caseId, id)) {
    if (file.format === null) continue;
    const remembered: Remembered = {
      format: file.format,
      answers: file.answers,
      keeps,
      contacted,
      parties: Object.fromEntries(
        parties.map(({ key, choice, name }) => [
          keyHash(file, key),
          choice === NEW && name !== null ? { choice, name } : { choice },
        ]),
      ),
    };
    await rememberMapping(db, caseId, fileHash(file), JSON.stringify(remembered), at);
  }
}

/** What was answered when this very file was here before; null when it never was. */
export async function rememberedOf(
  db: Db,
  caseId: string,
  file: Pick<ImportFile, "sha256">,
): Promise<Remembered | null> {
  const found = await mappingOf(db, caseId, fileHash(file));
  return found === null ? null : (JSON.parse(found) as Remembered);
}

/** The suggestions for the numbers and chats of some files, with what was said of them before in their place. */
export async function chosenBefore(
  db: Db,
  caseId: string,
  files: readonly Pick<ImportFile, "sha256">[],
  suggested: readonly Party[],
  collectorIds: ReadonlySet<string>,
): Promise<Party[]> {
  let parties = [...suggested];
  for (const file of files) {
    const before = (await rememberedOf(db, caseId, file))?.parties ?? {};
    if (Object.keys(before).length === 0) continue;
    parties = parties.map((party) => {
      const said = before[keyHash(file, party.key)];
      if (said === undefined) return party;
      // Who was new then may be a collector of the case by now.
      const stands = said.choice === NEW ? party.why !== "known" : isChoice(said.choice, collectorIds);
      return stands ? { ...party, choice: said.choice, name: said.name ?? party.name } : party;
    });
  }
  return parties;
}

const isChoice = (choice: Choice, collectorIds: ReadonlySet<string>): boolean =>
  choice === LEAVE || choice === UNKNOWN || collectorIds.has(choice);
