/** What the templates under views/ledger print: a kind's list, one entry, its form. Next: routes.ts. */
import type { Conflict } from "../cases/pages.ts";
import type { FileView, UploadField } from "../evidence/pages.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Book, BookContext, BookKind, BookWords, Entry, FactRow } from "./entry.ts";
import { bookPath } from "./entry.ts";

export interface EntryView {
  number: number;
  href: string;
  /** "Request 3" */
  name: string;
  summary: string;
  day: string;
  lines: string[];
  files: number;
}

export interface EntriesPage {
  title: string;
  caseId: string;
  at: string;
  kind: BookKind;
  base: string;
  mayEdit: boolean;
  entries: EntryView[];
  /** The numbers of entries that go into dossiers; null where a kind has no such choice. */
  chosen: number[] | null;
  newerHref: string | null;
  olderHref: string | null;
  removed: { text: string; action: string } | null;
}

export interface EntryPage {
  title: string;
  caseId: string;
  at: string;
  kind: BookKind;
  base: string;
  href: string;
  caption: string;
  removed: boolean;
  mayEdit: boolean;
  rows: FactRow[];
  files: FileView[];
  /** What it said before: who changed it when, and what. */
  changes: Conflict[];
  saved: string[];
}

export interface EntryFormPage {
  title: string;
  caseId: string;
  at: string;
  kind: BookKind;
  base: string;
  /** Null for a new one. */
  number: number | null;
  version: number | null;
  debts: { value: string; text: string }[];
  currencies: readonly string[];
  upload: UploadField;
  values: FormValues;
  errors: FormErrors;
  conflict: Conflict | null;
}

/** The entry of the rail that a kind belongs to. */
export const placeOf = (kind: BookKind): string =>
  kind === "payment" || kind === "figure" ? "repayment" : bookPath(kind);

export function entryView<Facts extends object>(
  words: BookWords,
  base: string,
  book: Book<Facts>,
  entry: Entry<Facts>,
  files: number,
): EntryView {
  const { t, format } = words;
  return {
    number: entry.number,
    href: `${base}/${entry.number}`,
    name: t(`ledger.${book.kind}.name`, { number: entry.number }),
    summary: book.summary(entry.facts, words),
    day: format.day(entry.onDay),
    lines: book.lines(entry.facts, words),
    files,
  };
}

/** Each correction with what it changed, the newest first; `versions` as the store gives them. */
export function changesOf<Facts extends object>(
  words: BookWords,
  caseId: string,
  book: Book<Facts>,
  versions: readonly { facts: Facts; by: string; at: number }[],
): Conflict[] {
  return versions
    .slice(0, -1)
    .map(({ facts, by, at }, index) =>
      entryConflict(words, caseId, book, { stored: versions[index + 1]!.facts, yours: facts }, { by, at }),
    );
}

/** Two people corrected one entry: what differs, side by side. */
export function entryConflict<Facts extends object>(
  words: BookWords,
  caseId: string,
  book: Book<Facts>,
  { stored, yours }: { stored: Facts; yours: Facts },
  last: { by: string; at: number },
): Conflict {
  const [theirs, mine] = [book.rows(stored, words, caseId), book.rows(yours, words, caseId)];
  const labels = [...new Set([...theirs, ...mine].map(({ label }) => label))];
  const told = (rows: readonly FactRow[], label: string) =>
    rows.find((row) => row.label === label)?.value ?? words.t("cases.notKnown");
  return {
    ...last,
    fields: labels
      .map((label) => ({ label, stored: told(theirs, label), yours: told(mine, label) }))
      .filter((field) => field.stored !== field.yours),
  };
}

/** One debt is not worth a question, unless the entry names one: then it must not get lost, removed or not. */
export function debtChoices(
  { debts }: Pick<BookContext, "debts">,
  named: FormValues[string] | undefined,
  words: { gone: string; name: (debt: BookContext["debts"][number]) => string },
): { value: string; text: string }[] {
  const choices = debts.map((debt) => ({ value: debt.id, text: words.name(debt) }));
  if (typeof named !== "string" || named === "") return choices.length < 2 ? [] : choices;
  return choices.some(({ value }) => value === named) ? choices : [...choices, { value: named, text: words.gone }];
}
