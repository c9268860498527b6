/** What the templates under views/imports print, except the preview of rows (preview-page.ts). */
import type { Collector } from "../cases/case.ts";
import { contactedPersons } from "../conduct/vocabulary.ts";
import { shownName } from "../evidence/evidence.ts";
import type { Format } from "../web/format.ts";
import type { FormErrors } from "../web/forms.ts";
import { type Translate, isKey } from "../web/locale.ts";
import { suggestedColumns } from "./columns.ts";
import { MOST_COLUMNS, NO_FORMAT, answerField } from "./form.ts";
import { type Import, type ImportFile, type Party, type State, dispositions, fallsBackTo, totalOf } from "./import.ts";
import { type Contact, type Problem, type Question, columnFields } from "./reader.ts";

export interface Words {
  t: Translate;
  format: Format;
}

interface Choice {
  value: string;
  text: string;
}

/** A problem as a sentence; one that nobody wrote words for is shown by its name, so that nothing is hidden. */
export function sentence({ t }: Pick<Words, "t">, place: "problem" | "why", { key, params }: Problem): string {
  const full = `imports.${place}.${key}`;
  return isKey(full) ? t(full, params) : [key, ...Object.values(params ?? {})].join(": ");
}

/** The totals that add up to the rows of the files. */
export const totals = ({ counts }: Pick<Import, "counts">, { t, format }: Words) => ({
  all: { n: format.number(totalOf(counts)), text: t("imports.totals.rows", { count: totalOf(counts) }) },
  parts: dispositions.map((name) => ({
    n: format.number(counts[name]),
    share: totalOf(counts) === 0 ? 0 : counts[name] / totalOf(counts),
    name,
    text: t(`imports.totals.${name}`),
  })),
});

// --- the list -----------------------------------------------------------------------------------------------------

export interface ImportListPage {
  title: string;
  caseId: string;
  mayLog: boolean;
  most: string;
  count: number;
  rows: { number: number; href: string; names: string; state: string; made: string; says: string }[];
  olderHref: string | null;
  messages: string[];
  errors: FormErrors;
}

export function importRow(
  imported: Import & { names: string[] },
  { t, format }: Words,
): ImportListPage["rows"][number] {
  const done = imported.state === "committed" || imported.state === "undone";
  return {
    number: imported.number,
    href: `/cases/${imported.caseId}/imports/${imported.number}`,
    names: format.list(imported.names.map(shownName)),
    state: t(`imports.state.${imported.state}`),
    made: format.shortInstant(imported.createdAt),
    says: done ? t("imports.list.counts", countsOf(imported, format)) : "",
  };
}

const countsOf = ({ counts }: Pick<Import, "counts">, format: Format) => ({
  rows: format.number(totalOf(counts)),
  made: format.number(counts.new),
  duplicate: format.number(counts.duplicate),
  leftOut: format.number(counts["left-out"]),
  unreadable: format.number(counts.unreadable),
});

// --- work that runs, and the summary -------------------------------------------------------------------------------

export interface WorkPage {
  title: string;
  caseId: string;
  number: number;
  says: string;
  step: string;
  refresh: number;
}

export const isWork = (state: State): boolean => fallsBackTo[state] !== undefined;

export function workPage(imported: Import, { t, format }: Words, refresh: number): WorkPage {
  const { done } = imported.progress;
  return {
    title: t(`imports.work.${imported.state}.title`),
    caseId: imported.caseId,
    number: imported.number,
    step: t("imports.step.work", { number: imported.number }),
    says:
      done === 0
        ? t(`imports.work.${imported.state}.says`)
        : t("imports.work.rows", { n: format.number(done), count: done }),
    refresh,
  };
}

export interface SummaryPage {
  title: string;
  caseId: string;
  number: number;
  undone: boolean;
  mayUndo: boolean;
  lede: string;
  totals: ReturnType<typeof totals>;
  files: { name: string; size: string; sha256: string; format: string; rows: string; exhibit: string | null }[];
  kept: string;
  /** What leaving out cost, and how to get it back. */
  forgotten: string | null;
  unreadable: { place: string; why: string }[];
  moreUnreadable: string | null;
  standing: { number: number; text: string }[];
  error: string | null;
}

export function forgottenWords({ state, keeps, counts }: Import, { t, format }: Words): string | null {
  const count = counts["left-out"];
  if (state !== "committed" || keeps === "file" || count === 0) return null;
  return t("imports.summary.forgotten", { count, n: format.number(count) });
}

// --- called off ---------------------------------------------------------------------------------------------------

export interface RemovalPage {
  title: string;
  caseId: string;
  number: number;
  files: string[];
  gone: string[];
  stays: string[];
}

/** @param taken how many numbers and chats were chosen */
export function removalPage(
  imported: Import,
  files: readonly ImportFile[],
  taken: number,
  { t, format }: Words,
): RemovalPage {
  const read = files.reduce((sum, { rows }) => sum + rows, 0);
  return {
    title: t("imports.removal.title", { number: imported.number }),
    caseId: imported.caseId,
    number: imported.number,
    files: files.map(({ name, size }) =>
      t("imports.removal.file", { name: shownName(name), size: format.bytes(size) }),
    ),
    gone: [
      ...(read === 0 ? [] : [t("imports.removal.rows", { count: read, n: format.number(read) })]),
      ...(imported.state === "preview" ? [t("imports.removal.ticks")] : []),
    ],
    stays: [
      t("imports.removal.answers"),
      ...(taken === 0 ? [] : [t("imports.removal.parties", { count: taken, n: format.number(taken) })]),
      t("imports.removal.case"),
    ],
  };
}

// --- the files of an import ---------------------------------------------------------------------------------------

export const fileRow = (file: ImportFile, exhibit: string | null, { t, format }: Words) => ({
  name: shownName(file.name),
  size: format.bytes(file.size),
  sha256: file.sha256,
  format: file.format === null ? t("imports.formats.none") : formatName(t, file.format),
  rows: t("imports.summary.fileRows", { count: file.rows, n: format.number(file.rows) }),
  exhibit,
});

function formatName(t: Translate, format: string): string {
  const key = `imports.format.${format}`;
  return isKey(key) ? t(key) : format;
}

// --- formats and questions ----------------------------------------------------------------------------------------

export interface FormatsPage {
  title: string;
  caseId: string;
  number: number;
  files: FileForm[];
  /** Something was answered differently: the samples were not made with it. */
  errors: FormErrors;
  notice: string | null;
}

interface FileForm {
  file: number;
  name: string;
  size: string;
  sha256: string;
  before: string | null;
  /** It was here before, and what was said of it then is filled in. */
  again: string | null;
  field: string;
  formats: Choice[];
  format: string;
  questions: QuestionForm[];
  samples: { when: string; who: string; what: string; said: string }[];
}

interface QuestionForm {
  field: string;
  title: string;
  hint: string;
  items: (Choice & { hint?: { text: string; classes: string } })[];
  value: string;
  rows: readonly (readonly string[])[];
  columns: { field: string; heading: string; samples: string[]; value: string }[];
  fields: Choice[];
  more: string | null;
}

export function fileForm(
  file: ImportFile,
  all: readonly { format: string }[],
  { before, again }: { before: readonly number[]; again: boolean },
  words: Words,
): FileForm {
  const { t, format } = words;
  const known = [...file.formats, ...all.map((one) => one.format).filter((one) => !file.formats.includes(one))];
  return {
    file: file.file,
    name: shownName(file.name),
    size: format.bytes(file.size),
    sha256: file.sha256,
    before:
      before.length === 0
        ? null
        : t("imports.formats.before", { numbers: format.list(before.map(String)), count: before.length }),
    again: again ? t("imports.formats.again") : null,
    field: `format-${file.file}`,
    formats: [
      ...known.map((value) => ({ value, text: formatName(t, value) })),
      { value: NO_FORMAT, text: t("imports.formats.leaveOut") },
    ],
    format: file.format ?? NO_FORMAT,
    questions: file.questions.map((question) => questionForm(file, question, words)),
    samples: file.samples.map((sample) => sampleRow(sample, words)),
  };
}

function questionForm(file: ImportFile, question: Question, { t, format }: Words): QuestionForm {
  const word = (value: string) => {
    const key = `imports.question.${question.name}.${value}`;
    return isKey(key) ? t(key) : value;
  };
  const asksColumns = question.name === "columns";
  const asksEncoding = question.name === "encoding";
  const [heading = [], ...rows] = question.samples;
  return {
    field: answerField(file.file, question),
    title: t(`imports.question.${question.name}.title`),
    hint: t(`imports.question.${question.name}.hint`),
    items: (question.choices ?? []).map((value, index) => ({
      value,
      text: word(value),
      // Which of them is readable is seen, not known by name.
      ...(asksEncoding ? { hint: { text: (question.samples[index] ?? []).join("\n"), classes: "dw-lines" } } : {}),
    })),
    value: file.answers[question.name] ?? "",
    rows: asksColumns || asksEncoding ? [] : question.samples,
    columns: asksColumns ? columnForms(file, heading, rows) : [],
    fields: columnFields.map((value) => ({ value, text: t(`imports.column.${value === "" ? "none" : value}`) })),
    more:
      asksColumns && heading.length > MOST_COLUMNS
        ? t("imports.question.columns.more", { n: format.number(heading.length), most: MOST_COLUMNS })
        : null,
  };
}

function columnForms(file: ImportFile, heading: readonly string[], rows: readonly (readonly string[])[]) {
  const answered = file.answers.columns === undefined ? null : (JSON.parse(file.answers.columns) as string[]);
  const suggested = answered ?? suggestedColumns(heading);
  return heading.slice(0, MOST_COLUMNS).map((name, index) => ({
    field: `column-${file.file}-${index}`,
    heading: name === "" ? `${index + 1}` : name,
    samples: rows.map((row) => row[index] ?? ""),
    value: suggested?.[index] ?? "",
  }));
}

function sampleRow(sample: Contact, { t, format }: Words): FileForm["samples"][number] {
  const when =
    typeof sample.happenedAt === "number"
      ? format.instant(sample.happenedAt, sample.precision)
      : sample.happenedAt.replace("T", " ");
  return {
    when,
    who:
      [sample.otherName, sample.other].filter((one) => one !== undefined && one !== null && one !== "").join(" · ") ||
      t("imports.rows.hidden"),
    what: contactWords(sample, { t, format }),
    said: sample.said ?? "",
  };
}

/** "Call, incoming, 1 min 35 s" */
export const contactWords = (
  contact: {
    channel: string;
    direction: string;
    durationSeconds?: number | null;
    outcome?: string | null;
    place?: string | null;
  },
  { t, format }: Words,
): string =>
  [
    t(`incidents.channel.${contact.channel}`),
    t(`imports.rows.${contact.direction}`),
    // A record that does not say remembers no less than it ever knew.
    contact.outcome == null || contact.outcome === "unknown" ? null : t(`incidents.outcome.${contact.outcome}`),
    contact.durationSeconds == null || contact.durationSeconds === 0 ? null : format.duration(contact.durationSeconds),
    contact.place == null ? null : t("imports.rows.recordPlace", { place: contact.place }),
  ]
    .filter((part) => part !== null)
    .join(" · ");

// --- whose numbers, and what is kept ------------------------------------------------------------------------------

export interface ChoicesPage {
  title: string;
  caseId: string;
  number: number;
  lede: string;
  parties: PartyForm[];
  /** Address of the form, with the place of the page. */
  action: string;
  moreHref: string | null;
  firstHref: string | null;
  keeps: string;
  contacted: string;
  contactedItems: Choice[];
  errors: FormErrors;
}

interface PartyForm {
  key: string;
  label: string;
  name: string;
  facts: string;
  why: string | null;
  choice: string;
  choices: Choice[];
}

export function partyForm(party: Party, collectors: readonly Collector[], { t, format }: Words): PartyForm {
  const facts = [
    party.calls === 0 ? null : t("imports.choices.calls", { count: party.calls, n: format.number(party.calls) }),
    party.messages === 0
      ? null
      : t("imports.choices.messages", { count: party.messages, n: format.number(party.messages) }),
    party.outgoing === 0
      ? null
      : t("imports.choices.outgoing", { count: party.outgoing, n: format.number(party.outgoing) }),
    t("imports.choices.span", { from: format.date(party.firstAt), to: format.date(party.lastAt) }),
  ];
  return {
    key: party.key,
    label: party.label === "" ? t("imports.rows.hidden") : party.label,
    name: party.name ?? "",
    facts: facts.filter((one) => one !== null).join(" · "),
    why: party.why === null ? null : t(`imports.choices.why.${party.why}`, { count: party.worded }),
    choice: party.choice,
    choices: [
      { value: "leave", text: t("imports.choices.leave") },
      { value: "unknown", text: t("imports.choices.unknown") },
      { value: "new", text: t("imports.choices.new") },
      ...collectors.map(({ id, name }) => ({ value: id, text: name })),
    ],
  };
}

export const contactedItems = ({ t }: Pick<Words, "t">): Choice[] =>
  contactedPersons
    .filter((value) => value !== "stranger" && value !== "public")
    .map((value) => ({ value, text: t(`incidents.contacted.${value}`) }));
