/**
 * What an office wants of a complaint, and how much of it is there: each need with the place where it can be given. It never blocks.
 * Pure. Next: pages.ts.
 */
import type { Case } from "../cases/case.ts";
import type { Bilingual } from "../conduct/vocabulary.ts";
import type { Channel } from "./channel.ts";
import type { Draft } from "./complaint.ts";
import { lengthOf } from "./narrative.ts";

/** `own` = the person brings it; it is not kept here. */
type NeedState = "there" | "missing" | "own";
export interface Need {
  /** What the office calls it, or the end of a key under `complaints.need`. */
  label: Bilingual | string;
  state: NeedState;
  /** The end of a key under `complaints.needWhy`, with what stands in it. */
  why: string | null;
  params?: Record<string, string | number>;
  /** Where it can be given, below the case; `#…` = a field of this page. */
  href: string | null;
  required: boolean;
}

export interface Prepared {
  matter: Pick<Case, "borrower" | "lender">;
  draft: Draft;
  confirmed: number;
  /** Confirmed findings on contacts without any file or record. */
  bare: number;
  unreviewed: number;
  says: { numbers: number; words: number };
  dossiers: number;
}

export function needsOf(channel: Channel, prepared: Prepared): Need[] {
  const { draft, confirmed, bare, unreviewed } = prepared;
  const needs: Need[] = channel.wants.map(({ id, label, required, longest }) => ({
    label,
    required,
    ...wanted(id, prepared, longest ?? null),
  }));
  const asks = (label: string, there: boolean, href: string, why: string, params = {}) =>
    needs.push({ label, state: there ? "there" : "missing", why, params, href: there ? null : href, required: false });
  if (!channel.wants.some(({ id }) => requests.has(id))) asks("request", draft.request !== null, "#request", "request");
  if (!channel.wants.some(({ id }) => stories.has(id)))
    asks("narrative", draft.narrative !== null, "#narrative", "narrative");
  if (draft.request !== null) asks("date", namesDate(draft.request), "#request", "date");
  asks("confirmed", confirmed > 0, "/findings", confirmed > 0 ? "confirmedThere" : "confirmedMissing", {
    count: confirmed,
  });
  if (unreviewed > 0) asks("reviewed", false, "/findings?reviewed=open", "reviewed", { count: unreviewed });
  if (confirmed > 0)
    asks("proof", bare === 0, "/findings?reviewed=confirmed", bare === 0 ? "proofThere" : "proofMissing", {
      count: bare,
    });
  const make = `/dossiers?channel=${channel.id}`;
  asks("dossier", draft.dossierId !== null, prepared.dossiers > 0 ? "#dossier" : make, "dossier");
  return needs;
}

const requests = new Set(["request", "resolution"]);
const stories = new Set(["facts", "what-happened"]);

function wanted(
  id: string,
  { matter, draft, says }: Prepared,
  longest: number | null,
): Pick<Need, "state" | "why" | "params" | "href"> {
  const has = (there: boolean, href: string, why: string | null = null): Pick<Need, "state" | "why" | "href"> =>
    there ? { state: "there", why: null, href: null } : { state: "missing", why, href };
  if (requests.has(id)) return has(draft.request !== null, "#request", "request");
  if (stories.has(id)) {
    const length = lengthOf(draft.narrative ?? "");
    if (longest !== null && length > longest)
      return { state: "missing", why: "tooLong", params: { length, longest }, href: "#narrative" };
    return has(draft.narrative !== null, "#narrative", "narrative");
  }
  if (id === "respondent" || id === "company") return has(matter.lender !== "", "/facts", "lender");
  if (id === "number") return has(says.numbers > 0, "/incidents", "number");
  if (id === "text") return has(says.words > 0, "/incidents", "text");
  // Names, identity papers, addresses: brought by the person, not kept for this here.
  return { state: "own", why: "own", href: null };
}

/** "By 30 November" does more than "soon": any day or number of days. */
const namesDate = (request: string): boolean =>
  /\d{1,4}\s*(?:[-/.]\s*\d{1,2}|年|月|日|天|个工作日|days?|weeks?)|\d{1,2}\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\s+\d{1,2}/iu.test(
    request.normalize("NFKC"),
  );
