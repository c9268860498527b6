/** What an import did, once it is done or while nobody can go on with it: the totals, the files, what could not be read, what is left. */
import type { HistoryEvent } from "../history/history.ts";
import { listEvents } from "../history/store.ts";
import { type Role, may } from "../people/permissions.ts";
import type { Db } from "../platform/database.ts";
import type { Import } from "./import.ts";
import { type SummaryPage, type Words, fileRow, forgottenWords, sentence, totals } from "./pages.ts";
import { listRows } from "./preview/store.ts";
import { exhibitsOf, filesOf } from "./store.ts";

const UNREADABLE = 50;

export async function summaryPage(db: Db, imported: Import, role: Role, words: Words): Promise<SummaryPage> {
  const { caseId } = imported;
  const { t, format } = words;
  const undone = imported.state === "undone";
  const [files, unreadable, events] = await Promise.all([
    filesOf(db, caseId, imported.id),
    listRows(db, caseId, imported.id, { becomes: "unreadable", side: "after", place: null, limit: UNREADABLE + 1 }),
    undone ? listEvents(db, caseId, { subject: `import:${imported.number}`, limit: 10 }) : [],
  ]);
  const exhibits = await exhibitsOf(db, caseId, imported.id);
  const done = imported.state === "committed" || undone;
  return {
    title: t(`imports.summary.${imported.state}`, { number: imported.number }),
    caseId,
    number: imported.number,
    undone,
    mayUndo: imported.state === "committed" && may(role, "log"),
    lede: t(done ? "imports.summary.lede" : "imports.summary.unfinished", {
      count: imported.counts.new,
      n: format.number(imported.counts.new),
      when: format.shortInstant(imported.committedAt ?? imported.createdAt),
    }),
    totals: totals(imported, words),
    files: files.map((file) => fileRow(file, exhibits.get(file.file) ?? null, words)),
    kept: done ? t(`imports.summary.kept.${imported.keeps ?? "rows"}`, { count: files.length }) : "",
    forgotten: forgottenWords(imported, words),
    unreadable: unreadable.slice(0, UNREADABLE).map((row) => ({
      place: t("imports.rows.place", { row: format.number(row.row) }),
      why: row.why === null ? "" : sentence(words, "problem", row.why),
    })),
    moreUnreadable: unreadable.length > UNREADABLE ? t("imports.summary.moreUnreadable", { n: UNREADABLE }) : null,
    standing: standingIn(events).map((n) => ({ number: n, text: t("imports.summary.standing", { number: n }) })),
    error: imported.error === null ? null : sentence(words, "problem", imported.error),
  };
}

/** Incidents that an undo left standing, as the history says. */
function standingIn(events: readonly HistoryEvent[]): number[] {
  const undone = events.find(({ action }) => action === "import.undone");
  return undone === undefined ? [] : (JSON.parse(undone.detail) as { standing: number[] }).standing;
}
