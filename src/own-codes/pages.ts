/** What the pages of a case's own codes show, as plain data: one code with its versions, its draft, and a new copy. Next: routes.ts. */
import type { Case } from "../cases/case.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { type OwnCode, type VersionLine, isOwn } from "../codes/own-code.ts";
import { type Reader, codeHref, ruleHref, type rulePage } from "../codes/pages.ts";
import { clauseIn } from "../codes/clause.ts";
import type { Code, Rule } from "../conduct/code.ts";
import type { ExampleFailure } from "../conduct/examples.ts";
import type { FileProblem } from "../codes/load.ts";
import type { RuleCount } from "../findings/count-store.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Locale } from "../web/locale.ts";
import { changedRules, sourceChanges } from "./compare.ts";
import type { Work } from "./draft.ts";

export const ownHref = (caseId: string, codeId: string): string => codeHref(codeId, caseId);

/** Two rules may have one title: an old text and the new one. */
const citeOf = (code: Code, rule: Rule, locale: Locale): string =>
  [code.sources[rule.source]?.title[locale] ?? rule.source, clauseIn(rule.clause, locale)].join(" · ");

/** What every page of one code says of it. */
export function frame(caseId: string, own: OwnCode, { locale, t }: Reader) {
  const base = ownHref(caseId, own.id);
  return {
    base,
    caseId,
    id: own.id,
    codeTitle: own.newest.title[locale],
    retired: own.retiredAt !== null,
    back: { href: base, text: own.newest.title[locale] },
    draftHref: `${base}/draft`,
    version: t("own.versionLine", { n: own.newest.number, version: own.newest.version }),
  };
}

export function showPage(
  { caseId, chosen, mayEdit }: { caseId: string; chosen: readonly string[]; mayEdit: boolean },
  own: OwnCode,
  versions: readonly VersionLine[],
  names: ReadonlyMap<string, string>,
  code: Code,
  library: CodeLibrary,
  reader: Reader,
) {
  const { t, locale, format } = reader;
  const page = frame(caseId, own, reader);
  const originTitle = (own.origin && library.get(own.origin)?.title[locale]) ?? own.origin;
  const replaces = own.origin !== null && chosen.includes(own.origin) ? originTitle : null;
  return {
    ...page,
    title: code.title[locale],
    summary: code.summary[locale],
    mayEdit,
    chosen: chosen.includes(own.id),
    hasDraft: own.hasDraft,
    origin: originTitle === null ? null : t("own.show.copiedFrom", { title: originTitle }),
    chooseText: replaces === null ? t("own.show.chooseText") : t("own.show.chooseInstead", { title: replaces }),
    retireText:
      chosen.includes(own.id) && originTitle !== null && !isOwn(own.origin ?? "")
        ? t("own.show.retireInstead", { title: originTitle })
        : t("own.show.retireText"),
    rules: code.rules.map((rule) => ({
      title: rule.title[locale],
      cite: citeOf(code, rule, locale),
      href: ruleHref(own.id, rule.id, caseId),
      editHref: `${page.draftHref}/rules/${encodeURIComponent(rule.id)}`,
      on: rule.on,
    })),
    includes: library
      .expand(code.includes ?? [])
      .map((one) => ({ title: one.title[locale], href: codeHref(one.id, caseId) })),
    versions: versions.map((line, index) => ({
      ...line,
      heading: t("own.versionLine", { n: line.number, version: line.version }),
      saved: t("own.show.saved", {
        when: format.shortInstant(line.savedAt),
        name: names.get(line.savedBy) ?? t("history.gone"),
      }),
      fileHref: `${page.base}/versions/${line.number}/original`,
      fileText: t("own.show.file", { n: line.number }),
      compareHref:
        versions[index + 1] === undefined
          ? null
          : `${page.base}/comparison?from=${versions[index + 1]!.number}&to=${line.number}`,
      compareText: t("own.show.compare", { n: line.number }),
    })),
  };
}

/** The page of a rule within a case: what it says there, and the way to ask why it says nothing of a contact. */
export function inCase(
  page: ReturnType<typeof rulePage>,
  matter: Case,
  counts: readonly RuleCount[],
  library: CodeLibrary,
  { t, format }: Reader,
) {
  const judged = library.expand(matter.codes).some(({ rules }) => rules.some(({ id, on }) => on && id === page.id));
  const found = counts.reduce((n, { open, confirmed, dismissed }) => n + open + confirmed + dismissed, 0);
  const base = `/cases/${matter.id}`;
  const href = codeHref(page.code.id, matter.id);
  return {
    rule: {
      ...page,
      code: { ...page.code, href },
      tryHref: isOwn(page.code.id) ? `${href}/draft/try` : `${base}/findings/try`,
    },
    here: {
      title: t("explain.here.title", { number: matter.number }),
      text: !judged
        ? t("explain.here.notJudged")
        : found === 0
          ? t("explain.here.nothing")
          : t("explain.here.found", { count: found, n: format.number(found) }),
      listHref: judged && found > 0 ? `${base}/findings?rule=${encodeURIComponent(page.id)}` : null,
      whyNotAction: judged ? `${base}/findings/why-not` : null,
    },
  };
}

/** Where a code stands that can be copied: installed, or in a case of the person. */
export interface Copyable {
  value: string;
  title: string;
  from: string;
}

export function copyPage(
  caseId: string,
  copyable: readonly Copyable[],
  values: FormValues,
  errors: FormErrors,
  { t }: Reader,
) {
  return {
    title: t("own.copy.title"),
    action: `/cases/${caseId}/codes/copy`,
    back: { href: `/cases/${caseId}/codes`, text: t("codes.choose.title") },
    codes: copyable.map(({ value, title, from }) => ({
      value,
      text: title,
      hint: { text: from },
      checked: values.from === value,
    })),
    values: { name: values.name ?? "", note: values.note ?? "" },
    errors,
  };
}

export function importPage(
  caseId: string,
  { problems, errors, yaml }: { problems: readonly FileProblem[]; errors: FormErrors; yaml: string },
  { t, locale }: Reader,
) {
  return {
    title: t("own.import.title"),
    action: `/cases/${caseId}/codes/import`,
    back: { href: `/cases/${caseId}/codes`, text: t("codes.choose.title") },
    ...yamlProblems(problems, errors, locale),
    yaml,
  };
}

/** The problems of a text for the summary: each leads to the field it stands in, where the first of them is said again. */
export function yamlProblems(problems: readonly FileProblem[], errors: FormErrors, locale: Locale) {
  const lines = problems.map((one) => problemLine(one, locale));
  return {
    errors:
      lines.length === 0 ? errors : { ...errors, yaml: { key: "own.yaml.refused", params: { count: lines.length } } },
    problems: lines,
  };
}

const problemLine = ({ at, path, why }: FileProblem, locale: Locale): string =>
  `${at.file}:${at.line}:${at.column}: ${path}: ${why[locale]}`;

export function draftPage(
  own: OwnCode,
  work: Work,
  saved: Code,
  failures: readonly ExampleFailure[],
  state: { caseId: string; mayEdit: boolean; values: FormValues; errors: FormErrors },
  reader: Reader,
) {
  const { t, locale } = reader;
  const page = frame(state.caseId, own, reader);
  const changes = new Map(changedRules(saved, work.read.code).map((change) => [change.id, change.kind]));
  const failing = Map.groupBy(failures, ({ rule }) => rule);
  const { code } = work.read;
  const changedSources = sourceChanges(saved, code);
  return {
    ...page,
    title: t("own.draft.title", { title: code.title[locale] }),
    mayEdit: state.mayEdit,
    revision: work.revision,
    state:
      work.revision === 0
        ? t("own.draft.unchanged", { version: page.version })
        : t("own.draft.changed", { count: changes.size + changedSources.size, version: page.version }),
    sources: Object.entries(code.sources).map(([id, source]) => ({
      title: source.title[locale],
      href: `${page.draftHref}/sources/${encodeURIComponent(id)}`,
      strength: source.strength,
      rules: t("own.source.rules", { count: code.rules.filter((rule) => rule.source === id).length }),
      change: changedSources.get(id) ?? null,
    })),
    rules: code.rules.map((rule) => ({
      title: rule.title[locale],
      cite: citeOf(code, rule, locale),
      id: rule.id,
      href: `${page.draftHref}/rules/${encodeURIComponent(rule.id)}`,
      on: rule.on,
      change: changes.get(rule.id) ?? null,
      failing: failing.get(rule.id)?.length ?? 0,
    })),
    gone: [...changes]
      .filter(([, kind]) => kind === "gone")
      .map(([id]) => saved.rules.find((rule) => rule.id === id)?.title[locale] ?? id),
    failing: failures.length,
    values: state.values,
    errors: state.errors,
  };
}
