/** What the templates under views/evidence print; also the file lists that other features' pages include. */
import type { Format } from "../web/format.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import {
  type Evidence,
  type HeldFile,
  type Letter,
  type ReceivedFile,
  exhibitName,
  letterOf,
  shownAs,
  shownName,
} from "./evidence.ts";
import type { CheckedContent } from "./integrity.ts";
import type { Linked } from "./link-evidence.ts";
import type { ListedEvidence } from "./store.ts";
import type { Upload } from "./upload.ts";

/** The words of a page: its language, and dates in the case's zone. */
export interface Words {
  t: Translate;
  format: Format;
}

/** One file as `views/evidence/_files.ejs` shows it. */
export interface FileView {
  exhibit: string;
  /** What kind of thing: "Recording", "Picture" … */
  kind: string;
  icon: string;
  /** As the device named it, safe to show. */
  name: string;
  description: string | null;
  /** "1.9 MB · audio/mpeg" */
  facts: string;
  shown: "picture" | "sound" | null;
  href: string;
  viewHref: string;
  originalHref: string;
  sha256: string;
}

export function fileView(caseId: string, evidence: Evidence, { t, format }: Words): FileView {
  const exhibit = exhibitName(evidence);
  const href = `/cases/${caseId}/evidence/${exhibit}`;
  return {
    exhibit,
    kind: t(`evidence.letter.${evidence.letter}`),
    icon: iconOf(evidence.letter),
    name: shownName(evidence.name),
    description: evidence.description,
    facts: t("evidence.facts", { size: format.bytes(evidence.size), type: evidence.mediaType }),
    shown: shownAs(evidence.mediaType),
    href,
    viewHref: `${href}/view`,
    originalHref: `${href}/original`,
    sha256: evidence.sha256,
  };
}

const iconOf = (letter: Letter): string =>
  letter === "A" ? "audio-lines" : letter === "B" || letter === "D" ? "image" : "file-text";

/** The file field of a form, with what earlier tries already brought: `views/evidence/_upload.ejs`. */
export interface UploadField {
  held: { id: string; name: string; size: string; icon: string; ticked: boolean }[];
  /** "2 GB" */
  most: string;
  count: number;
}

export function uploadField(
  held: readonly HeldFile[],
  ticked: ReadonlySet<string>,
  limits: Upload["limits"],
  { format }: Words,
): UploadField {
  return {
    held: held.map((file) => ({
      id: file.id,
      name: shownName(file.name),
      size: format.bytes(file.size),
      icon: iconOf(letterOf(file.mediaType)),
      ticked: ticked.has(file.id),
    })),
    most: format.bytes(limits.bytes),
    count: limits.files,
  };
}

/** One sentence for each file that was not taken, as the error of the file field; undefined when all were. */
export function refusedText({ refused, limits }: Upload, { t, format }: Words): string | undefined {
  const params = { size: format.bytes(limits.bytes), count: limits.files };
  const sentences = refused.map(({ name, why }) => t(`evidence.refused.${why}`, { name: shownName(name), ...params }));
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

/** What became of files just sent, for the page after the redirect: `added=A-7&known=B-3`. */
export function linkedQuery(linked: readonly Linked[]): string {
  return linked.map(({ evidence, known }) => `&${known ? "known" : "added"}=${exhibitName(evidence)}`).join("");
}

/** The sentences that {@link linkedQuery} stands for. Only names of exhibits are believed. */
export function linkedText(query: Record<string, unknown>, { t, format }: Words): string[] {
  const names = (value: unknown) =>
    [value].flat().filter((name): name is string => /^[A-E]-\d{1,9}$/.test(String(name)));
  const [added, known] = [names(query.added), names(query.known)];
  return [
    ...(added.length === 0 ? [] : [t("evidence.saved.added", { count: added.length, names: format.list(added) })]),
    ...(known.length === 0 ? [] : [t("evidence.saved.known", { count: known.length, names: format.list(known) })]),
  ];
}

export interface EvidenceListPage {
  title: string;
  caseId: string;
  mayLog: boolean;
  count: number;
  inBin: number;
  /** The bin is shown. */
  bin: boolean;
  kinds: { text: string; count: number; href: string; current: boolean }[];
  rows: EvidenceRow[];
  olderHref: string | null;
  messages: string[];
  upload: UploadField;
  values: FormValues;
  errors: FormErrors;
}

export interface EvidenceRow extends FileView {
  added: string;
  subjects: { text: string; href: string }[];
}

export function evidenceRow(caseId: string, evidence: ListedEvidence, words: Words): EvidenceRow {
  const { t, format } = words;
  return {
    ...fileView(caseId, evidence, words),
    added: t("evidence.added", { when: format.shortInstant(evidence.addedAt), name: evidence.addedByName }),
    subjects: evidence.subjects.map(({ kind, number }) => ({
      text: t(`evidence.subject.${kind}`, { number }),
      href: `/cases/${caseId}/${kind}s/${number}`,
    })),
  };
}

export interface EvidencePage {
  title: string;
  caseId: string;
  mayLog: boolean;
  file: EvidenceRow;
  /** The links with what is needed to undo them. */
  links: { text: string; href: string; value: string }[];
  removed: boolean;
  rows: { key: { text: string }; value: { text: string; classes?: string } }[];
  values: FormValues;
  errors: FormErrors;
  saved: boolean;
}

export interface CheckPage {
  title: string;
  caseId: string;
}

/** One line of the check, written while it runs. */
export interface CheckedRow {
  state: CheckedContent["state"];
  text: string;
  exhibits: { name: string; href: string; file: string }[];
}

export function checkedRow({ state, exhibits }: CheckedContent, { t }: Words): CheckedRow {
  return {
    state,
    text: t(`evidence.check.${state}`),
    exhibits: exhibits.map(({ caseId, letter, number, name }) => ({
      name: exhibitName({ letter, number }),
      href: `/cases/${caseId}/evidence/${exhibitName({ letter, number })}`,
      file: shownName(name),
    })),
  };
}

/** Files received with a form that has errors become held ones. */
export const toHold = (files: readonly ReceivedFile[], newId: () => string, now: number): HeldFile[] =>
  files.map((file) => ({ ...file, id: newId(), receivedAt: now }));
