/**
 * What the borrower's own telling leaves to ask: an hour it mentions, a request to stop, a lawyer. Such words are no facts yet; each
 * question leads to where the fact is written down. Next: show-page.ts.
 */
import type { Acts, Hint } from "../conduct/acts.ts";
import type { WordingReader } from "../conduct/wording.ts";
import type { Locale } from "../web/locale.ts";

export interface TellingQuestion {
  /** What the words seem to tell. */
  label: string;
  /** The words, as they stand in the telling. */
  quote: string;
  ask: string;
  href: string;
  /** A key of words below `incidents.telling.` for the link. */
  goes: "notice" | "correct" | "log";
}

/** @param telling the account of one contact */
export function tellingQuestions(
  { acts, wording }: { acts: Acts; wording: WordingReader },
  telling: string,
  { caseId, number, locale }: { caseId: string; number: number; locale: Locale },
): TellingQuestion[] {
  const asked = new Set<Hint>();
  return wording.read(telling).hints.flatMap(({ hint, text }) => {
    const entry = acts.hints.find(({ id }) => id === hint);
    if (entry === undefined || asked.has(hint)) return [];
    asked.add(hint);
    const base = `/cases/${caseId}`;
    const place: Pick<TellingQuestion, "href" | "goes"> =
      entry.notice !== undefined
        ? { href: `${base}/notices/new?kind=${entry.notice}`, goes: "notice" }
        : hint === "time-told" || hint === "outside-hours"
          ? { href: `${base}/incidents/${number}/edit#date`, goes: "correct" }
          : { href: `${base}/incidents/new`, goes: "log" };
    return [{ label: entry.label[locale], quote: text, ask: entry.ask[locale], ...place }];
  });
}
