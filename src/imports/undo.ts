/**
 * A whole import taken back: its incidents go to the bin as if removed one by one, rows that backed up others are forgotten, files that
 * came with it go to the bin. What people have worked on since stays and is listed.
 */
import type { By, Case } from "../cases/case.ts";
import { touch } from "../cases/store.ts";
import { parseExhibitName } from "../evidence/evidence.ts";
import { removeEvidence } from "../evidence/link-evidence.ts";
import { getEvidence, waitForOthers } from "../evidence/store.ts";
import { record } from "../history/store.ts";
import { dropBacking, evidenceLeftOver, removeIncidents, standingOf, undoable } from "./batch/store.ts";
import type { Import } from "./import.ts";
import { moveImport } from "./store.ts";
import type { Workshop } from "./workshop.ts";

/** Incidents that are named one by one as left standing; more than these nobody has worked on by hand. */
const LISTED = 500;

export async function undoImport({ db }: Pick<Workshop, "db">, matter: Case, imported: Import, by: By): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const place = { caseId: matter.id, importId: imported.id };
    await waitForOthers(tx, matter.id);
    const extent = await undoable(tx, place);
    if (extent !== null) {
      await touch(tx, matter.id, extent.from, extent.to);
      await removeIncidents(tx, place, by.at);
    }
    await dropBacking(tx, place);
    for (const { letter, number } of await evidenceLeftOver(tx, place)) {
      const name = parseExhibitName(`${letter}-${number}`);
      const evidence = name === null ? null : await getEvidence(tx, matter.id, name);
      if (evidence !== null) await removeEvidence(tx, matter.id, evidence, by);
    }
    await record(tx, {
      caseId: matter.id,
      actor: by.personId,
      at: by.at,
      action: "import.undone",
      subject: `import:${imported.number}`,
      detail: { removed: extent?.count ?? 0, standing: await standingOf(tx, place, LISTED) },
    });
    const done = await moveImport(tx, matter.id, imported.id, ["undoing"], "undone", {
      error: null,
      undoneBy: by.personId,
      undoneAt: by.at,
    });
    if (!done) throw new Error("the import was not to be undone any more");
  });
}
