/**
 * What every page of one code of a case begins with: the code, the work at hand on it, and the codes of the case with that work in the
 * place of the code's newest version. Next: routes.ts, draft/routes.ts.
 */
import { readOnce } from "../codes/case-codes.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { type OwnCode, isOwn } from "../codes/own-code.ts";
import { getOwnCode, newestTexts } from "../codes/own-store.ts";
import type { Db } from "../platform/database.ts";
import { notFound } from "../web/errors.ts";
import { type Work, workOn } from "./draft.ts";

export interface Workshop {
  caseId: string;
  own: OwnCode;
  work: Work;
  library: CodeLibrary;
}

/** @throws "not found" where the case has no such code. */
export async function ownCodeNamed(db: Db, caseId: string, id: string): Promise<OwnCode> {
  const own = isOwn(id) ? await getOwnCode(db, caseId, id) : null;
  if (own === null) throw notFound();
  return own;
}

/** @throws "not found" where the case has no such code. */
export async function openWorkshop(
  { db, codes }: { db: Db; codes: CodeLibrary },
  caseId: string,
  id: string,
): Promise<Workshop> {
  const own = await ownCodeNamed(db, caseId, id);
  const work = await workOn(db, caseId, own);
  const others = (await newestTexts(db, caseId, "all")).filter((one) => one.id !== own.id);
  return { caseId, own, work, library: codes.with([...(await Promise.all(others.map(readOnce))), work.read]) };
}
