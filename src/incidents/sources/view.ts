/** What tells of an incident as its page shows it: the file and row, what the record says, and how much its time proves. */
import type { Format } from "../../web/format.ts";
import type { Translate } from "../../web/locale.ts";
import type { Backing, Disagreement } from "./backing.ts";
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
    source.place === null ? null : t("imports.rows.recordPlace", { place: source.place }),
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

/** How many independent sources tell of a contact, which, and what they say otherwise. */
export interface BackingView {
  text: string;
  backed: boolean;
  disagreements: string[];
  href: string;
}

export function backingView(
  caseId: string,
  backing: Backing,
  shownName: (name: string) => string,
  { t, format }: { t: Translate; format: Format },
): BackingView {
  const { groups, disagreements } = backing;
  return {
    text:
      groups.length === 0
        ? t("corroboration.incident.none")
        : t("corroboration.incident.backed", {
            count: groups.length,
            n: format.number(groups.length),
            which: format.list(groups.map((group) => t(`corroboration.group.${group}`))),
          }),
    backed: groups.length > 0,
    disagreements: disagreements.map((one) => disagreementText(one, shownName, { t, format })),
    href: `/cases/${caseId}/corroboration`,
  };
}

/** What one record says otherwise than the log, as a sentence. */
export function disagreementText(
  one: Disagreement,
  shownName: (name: string) => string,
  { t, format }: { t: Translate; format: Format },
): string {
  const who = { name: shownName(one.name), kind: t(`imports.source.kind.${one.kind}`) };
  switch (one.about) {
    case "time":
      return one.apart === null
        ? t("corroboration.differs.day", who)
        : t("corroboration.differs.time", { ...who, apart: format.duration(one.apart) });
    case "duration":
      return t("corroboration.differs.duration", {
        ...who,
        told: format.duration(one.told),
        logged: format.duration(one.logged),
      });
    default:
      return t("corroboration.differs.number", { ...who, told: one.told, logged: one.logged });
  }
}
