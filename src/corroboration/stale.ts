/**
 * What an event of the history makes stale in the comparison of log and records: everything, some contacts, or nothing. Pure. What is not
 * named here (findings, notices, complaints, dossiers …) changes neither the log nor the records. Next: up-to-date.ts.
 */
import { z } from "zod";
import { parseExhibitName } from "../evidence/evidence.ts";
import type { HistoryEvent } from "../history/history.ts";

export interface Stale {
  /** A whole import came or went, or the case has another zone or country. */
  all: boolean;
  /** Contacts, by number, whose records must be looked at again. */
  contacts: Set<number>;
  /** Where contacts were before they were corrected; epoch milliseconds. */
  moments: Set<number>;
  /** Contacts, by number, of which only the files are others now. */
  filed: Set<number>;
  /** Files, by exhibit name, that went into the bin or came back. */
  files: Set<string>;
  /** Collectors or their numbers are others now. */
  owners: boolean;
}

const Corrected = z.object({ changes: z.object({ happenedAt: z.object({ from: z.int() }).optional() }).optional() });
const CaseChanged = z.object({ changed: z.record(z.string(), z.unknown()) });
const Linked = z.object({ to: z.string().optional(), from: z.string().optional() });

export function staleOf(events: readonly Pick<HistoryEvent, "action" | "subject" | "detail">[]): Stale {
  const stale: Stale = {
    all: false,
    contacts: new Set(),
    moments: new Set(),
    filed: new Set(),
    files: new Set(),
    owners: false,
  };
  for (const { action, subject, detail } of events) {
    const [kind, deed] = action.split(".");
    if (kind === "import") stale.all = true;
    else if (kind === "collector") stale.owners = true;
    else if (kind === "case") stale.all ||= otherPlace(detail);
    else if (kind === "incident") {
      if (deed === "files-added") stale.filed.add(numberIn(subject));
      else {
        stale.contacts.add(numberIn(subject));
        const before = Corrected.safeParse(JSON.parse(detail)).data?.changes?.happenedAt?.from;
        if (before !== undefined) stale.moments.add(before);
      }
    } else if (kind === "evidence") {
      if (deed === "removed" || deed === "restored") stale.files.add(subject.slice(subject.indexOf(":") + 1));
      const linked = Linked.safeParse(JSON.parse(detail)).data;
      for (const to of [linked?.to, linked?.from]) if (to?.startsWith("incident:")) stale.filed.add(numberIn(to));
    }
  }
  for (const name of stale.files) if (parseExhibitName(name) === null) stale.files.delete(name);
  return stale;
}

/** Local days and the way numbers are written depend on where the case is. */
function otherPlace(detail: string): boolean {
  const changed = CaseChanged.safeParse(JSON.parse(detail)).data?.changed ?? {};
  return Object.hasOwn(changed, "zone") || Object.hasOwn(changed, "country");
}

const numberIn = (subject: string): number => Number(subject.slice(subject.indexOf(":") + 1));
