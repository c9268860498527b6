/**
 * One piece of background work on an import, from the state that asks for it to the one it leads to. What goes wrong leads back to where
 * a person can go on, with a sentence. Next: detect-files.ts, read-files.ts, compare.ts, commit.ts, undo.ts, in this order.
 */
import type { By } from "../cases/case.ts";
import { getCase } from "../cases/store.ts";
import { TooLarge, isDiskFull } from "../evidence/blobs.ts";
import { currentFindings } from "../findings/judge-case.ts";
import { commitImport } from "./commit.ts";
import { compareRows } from "./compare.ts";
import { detectFiles } from "./detect-files.ts";
import { type State, fallsBackTo } from "./import.ts";
import { CalledOff, readFiles } from "./read-files.ts";
import type { Problem } from "./reader.ts";
import { getImportById, moveImport } from "./store.ts";
import { tidyImport } from "./tidy.ts";
import { undoImport } from "./undo.ts";
import type { Workshop } from "./workshop.ts";

export interface Task {
  caseId: string;
  importId: string;
  by: By;
}

/** Does what the state of the import asks for. @returns the state it is in afterwards; null when it is gone. */
export async function runTask(shop: Workshop, { caseId, importId, by }: Task): Promise<State | null> {
  const matter = await getCase(shop.db, caseId);
  const imported = await getImportById(shop.db, caseId, importId);
  if (matter === null || imported === null) return null;
  const move = (to: State, error: Problem | null = null) =>
    moveImport(shop.db, caseId, importId, [imported.state], to, { error, progress: { done: 0, of: null } });
  try {
    switch (imported.state) {
      case "detecting":
        await move("asking", await detectFiles(shop, matter, imported));
        break;
      case "reading":
        await readFiles(shop, matter, imported);
        await move("choosing");
        break;
      case "comparing":
        await compareRows(shop, matter, imported);
        await move("preview");
        break;
      case "committing":
        await commitImport(shop, matter, imported, by);
        break;
      case "undoing":
        await undoImport(shop, matter, imported, by);
        break;
      default:
        return imported.state;
    }
  } catch (error) {
    if (error instanceof CalledOff) return null;
    const back = fallsBackTo[imported.state] ?? imported.state;
    // The state may have been reached all the same: then what failed came after it.
    if (!(await move(back, problemOf(error)))) throw error;
    if (!isExpected(error)) throw error;
    return back;
  }
  if (imported.state === "committing" || imported.state === "undoing") {
    await tidyImport(shop, caseId, importId);
    await currentFindings(shop, caseId);
  }
  return (await getImportById(shop.db, caseId, importId))?.state ?? null;
}

/** A sentence below `imports.problem.`: readers that must give up throw an error with such a `key`. */
function problemOf(error: unknown): Problem {
  if (error instanceof TooLarge) return { key: "attachmentTooLarge" };
  if (isDiskFull(error)) return { key: "diskFull" };
  const key = keyOf(error);
  return key === null ? { key: "failed" } : { key };
}

const keyOf = (error: unknown): string | null =>
  error instanceof Error && "key" in error && typeof error.key === "string" ? error.key : null;

const isExpected = (error: unknown): boolean => error instanceof TooLarge || isDiskFull(error) || keyOf(error) !== null;
