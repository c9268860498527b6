/** What tells of an incident as its page shows it: the file and row, what the record says, and how much its time proves. */
import type { Format } from "../../web/format.ts";
import type { Translate } from "../../web/locale.ts";
import type { IncidentSource } from "./store.ts";

export interface SourceView {
  /** "Phone", "Carrier" … */
  kind: string;
  made: boolean;
  where: string;
  /** What the record itself says: time, length, number as written. */
  says: string;
  time: string;
  importHref: string;
  importText: string;
  exhibit: { href: string; text: string } | null;
  sha256: string;
}

export function sourceView(
  caseId: string,
  source: IncidentSource,
  shownName: (name: string) => string,
  { t, format }: { t: Translate; format: Format },
): SourceView {
  const place = t(source.made ? "imports.source.made" : "imports.source.backs", {
    file: shownName(source.fileName),
    row: format.number(source.row),
  });
  const line = source.line === null ? null : t("imports.source.line", { line: format.number(source.line) });
  const timed = source.precision === "exact" || source.precision === "about";
  const facts = [
    timed
      ? `${format.day(source.happenedAt)} ${format.seconds(source.happenedAt)}`
      : format.instant(source.happenedAt, source.precision),
    source.durationSeconds === null ? null : format.duration(source.durationSeconds),
    source.number,
  ];
  return {
    kind: t(`imports.source.kind.${source.kind}`),
    made: source.made,
    where: line === null ? place : t("imports.source.place", { place, line }),
    says: t("imports.source.says", { facts: facts.filter((fact) => fact !== null).join(" · ") }),
    time: t(`imports.source.time.${source.timeFrom}`),
    importHref: `/cases/${caseId}/imports/${source.importNumber}`,
    importText: t("imports.source.import", { number: source.importNumber }),
    exhibit:
      source.exhibit === null
        ? null
        : {
            href: `/cases/${caseId}/evidence/${source.exhibit.letter}-${source.exhibit.number}`,
            text: t("imports.summary.exhibit", { name: `${source.exhibit.letter}-${source.exhibit.number}` }),
          },
    sha256: source.fileSha256,
  };
}
