/** The rows of an import as a person checks them: what each becomes and why, a page at a time. */
import { shownName } from "../evidence/evidence.ts";
import type { Db } from "../platform/database.ts";
import { type Disposition, type Import, dispositions } from "./import.ts";
import { type Words, contactWords, sentence, totals } from "./pages.ts";
import { type StagedRow, listRows } from "./preview/store.ts";
import { parsePlace } from "./form.ts";
import { filesOf } from "./store.ts";

const ROWS = 100;

export interface PreviewPage {
  title: string;
  caseId: string;
  number: number;
  lede: string;
  totals: ReturnType<typeof totals>;
  chips: { text: string; n: string; href: string; current: boolean }[];
  rows: RowView[];
  action: string;
  olderHref: string | null;
  newerHref: string | null;
  foot: string;
  commit: { text: string; may: boolean };
  kept: string;
  messages: string[];
  error: string | null;
}

interface RowView {
  id: string;
  place: string;
  when: string;
  who: string;
  what: string;
  said: string | null;
  files: string | null;
  verdict: Disposition | "merge";
  tag: string;
  why: string;
  oddities: string[];
  known: { href: string; text: string } | null;
  mayTake: boolean;
  taken: boolean;
  label: string;
}

export async function previewPage(
  db: Db,
  imported: Import,
  query: Record<string, unknown>,
  words: Words,
): Promise<Omit<PreviewPage, "messages" | "error">> {
  const { t, format } = words;
  const { caseId, counts } = imported;
  const base = `/cases/${caseId}/imports/${imported.number}/rows`;
  const becomes = dispositions.find((name) => name === query.show) ?? null;
  const side = typeof query.before === "string" ? "before" : "after";
  const place = parsePlace(textIn(query.before) || textIn(query.after));
  const [files, found] = await Promise.all([
    filesOf(db, caseId, imported.id),
    listRows(db, caseId, imported.id, { becomes, side, place, limit: ROWS + 1 }),
  ]);
  const more = found.length > ROWS;
  const rows = side === "before" ? found.slice(more ? 1 : 0) : found.slice(0, ROWS);
  const names = new Map(files.map(({ file, name }) => [file, shownName(name)]));
  const address = (extra: Record<string, string>) => {
    const asked = new URLSearchParams({ ...(becomes === null ? {} : { show: becomes }), ...extra }).toString();
    return asked === "" ? base : `${base}?${asked}`;
  };
  const [first, last] = [rows[0], rows.at(-1)];
  const hasNewer = place !== null && (side === "after" || more);
  const hasOlder = side === "before" || more;
  const summed = totals(imported, words);
  const here = side === "before" ? "before" : "after";
  return {
    title: t("imports.rows.title"),
    caseId,
    number: imported.number,
    lede: t("imports.rows.lede", { files: format.list([...names.values()]) }),
    totals: summed,
    chips: [
      { text: t("imports.rows.all"), n: summed.all.n, href: base, current: becomes === null },
      ...summed.parts.map(({ name, n }) => ({
        text: t(`imports.verdict.${name}`),
        n,
        href: `${base}?show=${name}`,
        current: becomes === name,
      })),
    ],
    rows: rows.map((row) => rowView(row, files.length > 1 ? (names.get(row.file) ?? "") : null, caseId, words)),
    action: address(place === null ? {} : { [here]: `${place.file}.${place.row}` }),
    newerHref: first !== undefined && hasNewer ? address({ before: `${first.file}.${first.row}` }) : null,
    olderHref: last !== undefined && hasOlder ? address({ after: `${last.file}.${last.row}` }) : null,
    foot: t("imports.rows.foot", {
      n: format.number(rows.length),
      of: becomes === null ? summed.all.n : format.number(counts[becomes]),
    }),
    commit: {
      text: t("imports.rows.commit", { count: counts.new, n: format.number(counts.new) }),
      may: counts.new + counts.duplicate > 0,
    },
    kept: t(`imports.kept.${imported.keeps ?? "rows"}`, { count: files.length }),
  };
}

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

function rowView(row: StagedRow, fileName: string | null, caseId: string, words: Words): RowView {
  const { t, format } = words;
  const isContact = row.channel !== null && row.happenedAt !== null;
  const where =
    row.line === null
      ? t("imports.rows.place", { row: format.number(row.row) })
      : t("imports.rows.placeLine", { row: format.number(row.row), line: format.number(row.line) });
  const when = row.happenedAt === null ? "" : format.instant(row.happenedAt, row.precision ?? "exact");
  const changed = row.becomes !== (row.verdict === "merge" ? "duplicate" : row.verdict);
  return {
    id: `${row.file}.${row.row}`,
    place: fileName === null ? where : t("imports.rows.placeFile", { file: fileName, place: where }),
    when,
    who: isContact
      ? [row.otherName, row.other].filter((one) => one !== null && one !== "").join(" · ") || t("imports.rows.hidden")
      : "",
    what: isContact
      ? contactWords(
          { ...row, channel: row.channel!, direction: row.direction ?? "incoming", place: row.recordPlace },
          words,
        )
      : "",
    said: row.said,
    files:
      row.attachments.length === 0
        ? null
        : t("imports.rows.attachments", {
            count: row.attachments.length,
            names: format.list(row.attachments.map(({ name }) => shownName(name))),
          }),
    verdict: changed ? row.becomes : row.verdict,
    tag: t(`imports.verdict.${changed ? row.becomes : row.verdict}`),
    why: whyOf(row, isContact, changed, words),
    oddities: row.oddities.map((oddity) => sentence(words, "problem", oddity)),
    known:
      row.knownNumber === null
        ? null
        : {
            href: `/cases/${caseId}/incidents/${row.knownNumber}`,
            text: t("imports.rows.incident", { number: row.knownNumber }),
          },
    mayTake: isContact && row.becomes !== "unreadable",
    taken: row.becomes === "new",
    label: t("imports.rows.take", { when: when === "" ? where : when }),
  };
}

function whyOf(row: StagedRow, isContact: boolean, changed: boolean, words: Words): string {
  const { t } = words;
  if (changed) return t(row.becomes === "new" ? "imports.rows.ticked" : "imports.rows.unticked");
  if (row.why !== null) return sentence(words, isContact ? "why" : "problem", row.why);
  return row.verdict === "new" ? t("imports.rows.notLogged") : t("imports.rows.private");
}
