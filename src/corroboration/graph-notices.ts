/**
 * The borrower's notices in the graph: to whom each went, and who contacted again afterwards. Pure; what a notice means for a contact is
 * for the rules to say. Next: numbers-page.ts.
 */
import type { Case, Collector } from "../cases/case.ts";
import type { Notice } from "../notices/notice.ts";

/** Contacts after a notice was received (or sent, where nobody noted its receipt), added up by number. */
export interface ContactsAfter {
  /** The notice's own. */
  notice: number;
  /** Whom the contacts name; null = nobody. */
  collectorId: string | null;
  number: string | null;
  count: number;
}

export interface SentNotice {
  notice: Notice;
  /** Collectors of that name; those of the kind "lender" when it went to the lender of the case. */
  collectorIds: string[];
  /** Its name as written where no collector has it; null = a collector has it, or nobody said to whom it went. */
  other: string | null;
  /** By whom and with how many numbers, the most contacts first. Empty as well when no day of the notice is known. */
  after: { collectorId: string | null; count: number; numbers: number }[];
}

const plain = (name: string): string => name.normalize("NFKC").trim().toLowerCase();

/** @param keyOf how numbers are written in the graph: one number written two ways is one. */
export function sentNotices(
  notices: readonly Notice[],
  contacts: readonly ContactsAfter[],
  { lender, collectors }: { lender: Case["lender"]; collectors: readonly Collector[] },
  keyOf: (number: string) => string,
): SentNotice[] {
  const by = Map.groupBy(contacts, ({ notice }) => notice);
  return notices.map((notice) => {
    const to = notice.detail.to ?? "";
    const named = collectors.filter(({ name }) => plain(name) === plain(to));
    const own = collectors.filter(({ kind }) => kind === "lender");
    const found = to === "" ? [] : named.length > 0 ? named : plain(to) === plain(lender) ? own : [];
    const users = Map.groupBy(by.get(notice.number) ?? [], ({ collectorId }) => collectorId);
    return {
      notice,
      collectorIds: found.map(({ id }) => id),
      other: to === "" || found.length > 0 ? null : to,
      after: [...users]
        .map(([collectorId, all]) => ({
          collectorId,
          count: all.reduce((sum, { count }) => sum + count, 0),
          numbers: new Set(all.flatMap(({ number }) => (number === null ? [] : [keyOf(number)]))).size,
        }))
        .sort((a, b) => b.count - a.count),
    };
  });
}
