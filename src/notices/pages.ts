/** What the templates under views/notices print. */
import type { Conflict } from "../cases/pages.ts";
import type { Debt } from "../cases/case.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { exhibitName, shownName } from "../evidence/evidence.ts";
import type { Format } from "../web/format.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import {
  type DetailField,
  type Notice,
  type NoticeFacts,
  type NoticeKind,
  detailFields,
  isWholeDay,
} from "./notice.ts";

export interface Words {
  t: Translate;
  format: Format;
}

export interface NoticesPage {
  title: string;
  caseId: string;
  mayEdit: boolean;
  notices: { number: number; kind: string; lines: string[]; state: "withdrawn" | "unreceived" | "inForce" }[];
  removed: { text: string; action: string } | null;
}

export interface NoticeKindPage {
  title: string;
  caseId: string;
  chosen: string;
  errors: FormErrors;
}

export interface NoticeFormPage {
  title: string;
  caseId: string;
  /** Null for a new one. */
  number: number | null;
  version: number | null;
  kind: NoticeKind;
  asks: readonly DetailField[];
  debts: { value: string; text: string }[];
  /** Whom a notice of this case may have gone to. */
  names: string[];
  /** Files that were received with an earlier try and wait for this form. */
  held: { id: string; name: string }[];
  maxFileMb: number;
  values: FormValues;
  errors: FormErrors;
  conflict: Conflict | null;
}

export interface NoticePage {
  title: string;
  caseId: string;
  number: number;
  removed: boolean;
  mayEdit: boolean;
  kind: NoticeKind;
  rows: { label: string; value: string; known: boolean }[];
  words: string | null;
  files: { exhibit: string; name: string }[];
  /** Contacts since it was received; null when that is not known. */
  contactsAfter: number | null;
  saved: boolean;
}

/** "9 Oct 2026" or "9 Oct 2026, 14:30", as exact as it was said. */
function noticeMoment({ format }: Words, at: number): string {
  return isWholeDay(at, format.zone) ? format.day(at) : format.instant(at);
}

/** What exactly a notice asked for, one sentence each. */
function detailLines(words: Words, facts: Pick<NoticeFacts, "detail">, debts: readonly Debt[]): string[] {
  const { t, format } = words;
  const { detail } = facts;
  const lines: string[] = [];
  if (detail.to !== undefined) lines.push(t("notices.line.to", { to: detail.to }));
  for (const { from, to } of detail.hours ?? []) lines.push(t("notices.line.hours", { from, to }));
  const list = (field: "places" | "channels" | "contacted") => {
    const chosen = detail[field] ?? [];
    if (chosen.length === 0) return;
    lines.push(t(`notices.line.${field}`, { list: format.list(chosen.map((one) => t(`notices.${field}.${one}`))) }));
  };
  list("places");
  list("channels");
  list("contacted");
  if (detail.numbers !== undefined) lines.push(t("notices.line.numbers", { list: format.list(detail.numbers) }));
  if (detail.perDay !== undefined) lines.push(t("notices.line.perDay", { count: detail.perDay }));
  if (detail.debt !== undefined) {
    const debt = debts.find(({ id }) => id === detail.debt);
    lines.push(t("notices.line.debt", { debt: debt === undefined ? t("notices.debt.gone") : debtName(debt) }));
  }
  if (detail.answeredAt !== undefined) {
    lines.push(t("notices.line.answered", { when: noticeMoment(words, Date.parse(detail.answeredAt)) }));
  }
  if (detail.withdrawnAt !== undefined) {
    lines.push(t("notices.line.withdrawn", { when: noticeMoment(words, Date.parse(detail.withdrawnAt)) }));
  }
  return lines;
}

export const debtName = (debt: Debt): string =>
  [debt.creditor, debt.product, debt.reference].filter((part) => part !== null && part !== "").join(" · ");

export function listPage(
  words: Words,
  caseId: string,
  notices: readonly Notice[],
  parts: { debts: readonly Debt[]; mayEdit: boolean; removed: NoticesPage["removed"] },
): NoticesPage {
  const { t } = words;
  return {
    title: t("notices.list.title"),
    caseId,
    mayEdit: parts.mayEdit,
    removed: parts.removed,
    notices: notices.toReversed().map((notice) => ({
      number: notice.number,
      kind: t(`notices.kind.${notice.kind}.name`),
      lines: [...dateLines(words, notice), ...detailLines(words, notice, parts.debts)],
      state:
        notice.detail.withdrawnAt !== undefined ? "withdrawn" : notice.receivedAt === null ? "unreceived" : "inForce",
    })),
  };
}

function dateLines(words: Words, notice: NoticeFacts): string[] {
  const { t } = words;
  return [
    notice.sentAt === null ? null : t("notices.line.sent", { when: noticeMoment(words, notice.sentAt) }),
    notice.receivedAt === null ? null : t("notices.line.received", { when: noticeMoment(words, notice.receivedAt) }),
    notice.form === null ? null : t(`notices.form.${notice.form}.name`),
  ].filter((part) => part !== null);
}

export function showPage(
  words: Words,
  caseId: string,
  notice: Notice,
  parts: {
    debts: readonly Debt[];
    files: readonly Evidence[];
    mayEdit: boolean;
    contactsAfter: number | null;
    saved: boolean;
  },
): NoticePage {
  const { t } = words;
  const moment = (label: string, at: number | null) => ({
    label: t(label),
    value: at === null ? t("notices.notKnown") : noticeMoment(words, at),
    known: at !== null,
  });
  const detail = detailLines(words, notice, parts.debts);
  return {
    title: t("notices.show.title", { number: notice.number }),
    caseId,
    number: notice.number,
    removed: notice.removedAt !== null,
    mayEdit: parts.mayEdit,
    kind: notice.kind,
    rows: [
      { label: t("notices.show.kind"), value: t(`notices.kind.${notice.kind}.name`), known: true },
      moment("notices.show.sent", notice.sentAt),
      moment("notices.show.received", notice.receivedAt),
      {
        label: t("notices.show.form"),
        value: notice.form === null ? t("notices.notKnown") : t(`notices.form.${notice.form}.name`),
        known: notice.form !== null,
      },
      ...detail.map((line, index) => ({
        label: index === 0 ? t("notices.show.detail") : "",
        value: line,
        known: true,
      })),
      ...(notice.detail.note === undefined
        ? []
        : [{ label: t("notices.show.note"), value: notice.detail.note, known: true }]),
    ],
    words: notice.words,
    files: parts.files.map((file) => ({ exhibit: exhibitName(file), name: shownName(file.name) })),
    contactsAfter: parts.contactsAfter,
    saved: parts.saved,
  };
}

/** Two people corrected one notice: its facts side by side, in words. */
export function noticeConflict(
  words: Words,
  stored: NoticeFacts,
  yours: NoticeFacts,
  parts: { debts: readonly Debt[]; by: string; at: number },
): Conflict {
  const { t } = words;
  const told = (facts: NoticeFacts): [string, string][] => [
    [t("notices.show.kind"), t(`notices.kind.${facts.kind}.name`)],
    [t("notices.show.sent"), facts.sentAt === null ? t("notices.notKnown") : noticeMoment(words, facts.sentAt)],
    [
      t("notices.show.received"),
      facts.receivedAt === null ? t("notices.notKnown") : noticeMoment(words, facts.receivedAt),
    ],
    [t("notices.show.form"), facts.form === null ? t("notices.notKnown") : t(`notices.form.${facts.form}.name`)],
    [
      t("notices.show.detail"),
      detailLines(words, facts, parts.debts).join(t("notices.line.join")) || t("notices.none"),
    ],
    [t("notices.show.words"), facts.words ?? t("notices.none")],
    [t("notices.show.note"), facts.detail.note ?? t("notices.none")],
  ];
  const mine = told(yours);
  const fields = told(stored).flatMap(([label, value], index) =>
    value === mine[index]?.[1] ? [] : [{ label, stored: value, yours: mine[index]?.[1] ?? "" }],
  );
  return { by: parts.by, at: parts.at, fields };
}

export const asksOf = (kind: NoticeKind): readonly DetailField[] => detailFields[kind];
