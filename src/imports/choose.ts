/** What a person answers on the way of an import: the formats, whose numbers count and what is kept, and single rows. */
import type { Db } from "../platform/database.ts";
import { type ChosenParty, parsePlace } from "./form.ts";
import { headingHash, isRemembered } from "./detect-files.ts";
import type { Counts, Disposition, Import, ImportFile } from "./import.ts";
import type { Answers } from "./reader.ts";
import { type StagedRow, followRow, rowsAt, setBecomes } from "./preview/store.ts";
import { chooseParty } from "./parties/store.ts";
import { changeFile, changeImport, dropFile, getImportById, rememberMapping } from "./store.ts";

/**
 * Keeps what was said of each file. Files with no format are left out.
 * @returns whether something differs from what the samples on the page were made with.
 */
export async function saveFormats(
  db: Db,
  imported: Import,
  said: readonly { file: ImportFile; format: string | null; answers: Answers }[],
  at: number,
): Promise<boolean> {
  const { caseId, id } = imported;
  let differs = false;
  for (const { file, format, answers } of said) {
    if (format === null) {
      await dropFile(db, caseId, id, file.file);
      continue;
    }
    if (format !== file.format) {
      differs = true;
      await changeFile(db, caseId, id, file.file, { format, answers: {} });
      continue;
    }
    if (JSON.stringify(answers) !== JSON.stringify(file.answers)) differs = true;
    await changeFile(db, caseId, id, file.file, { answers });
    for (const question of file.questions.filter(isRemembered)) {
      const answer = answers[question.name];
      if (answer !== undefined) await rememberMapping(db, caseId, headingHash(question), answer, at);
    }
  }
  return differs;
}

/** Keeps the choices of a page; a choice that is none is left as it was. */
export async function saveParties(
  db: Db,
  imported: Import,
  chosen: readonly ChosenParty[],
  collectorIds: ReadonlySet<string>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const { key, choice, name } of chosen) {
      if (!["leave", "unknown", "new"].includes(choice) && !collectorIds.has(choice)) continue;
      // The name is only asked for a new collector; what the file calls them stays otherwise.
      await chooseParty(
        tx,
        imported.caseId,
        imported.id,
        key,
        choice,
        choice === "new" && name !== "" ? name : undefined,
      );
    }
  });
}

/** What a row becomes when its box is ticked or not. */
function becomesOf(row: StagedRow, ticked: boolean): Disposition {
  if (row.channel === null || row.verdict === "unreadable") return row.becomes;
  if (ticked) return "new";
  return row.verdict === "duplicate" || row.verdict === "merge" ? "duplicate" : "left-out";
}

/** Keeps the boxes of a page of rows and adds the totals up again. */
export async function saveTicks(
  db: Db,
  { caseId, id }: Import,
  shown: readonly string[],
  taken: readonly string[],
): Promise<void> {
  const places = shown.flatMap((text) => parsePlace(text) ?? []);
  const ticked = new Set(taken);
  await db.transaction().execute(async (tx) => {
    const imported = await getImportById(tx, caseId, id);
    if (imported === null || imported.state !== "preview") return;
    const counts: Counts = { ...imported.counts };
    for (const row of await rowsAt(tx, caseId, id, places)) {
      const becomes = becomesOf(row, ticked.has(`${row.file}.${row.row}`));
      // A box of a record that tells an earlier one again is only followed while that one stands.
      if (becomes === row.becomes || (row.sameFile !== null && becomes === "duplicate" && row.becomes === "left-out"))
        continue;
      await setBecomes(tx, caseId, id, row, becomes);
      counts[row.becomes] -= 1;
      counts[becomes] += 1;
      if (row.verdict !== "new" && row.verdict !== "left-out") continue;
      const following = becomes === "new" ? "duplicate" : "left-out";
      const followed = await followRow(tx, caseId, id, row, following);
      counts[following] += followed;
      counts[following === "duplicate" ? "left-out" : "duplicate"] -= followed;
    }
    await changeImport(tx, caseId, id, { counts });
  });
}
