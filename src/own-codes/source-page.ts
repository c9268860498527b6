/** The form of one source as its template prints it. Next: draft/routes.ts. */
import type { OwnCode } from "../codes/own-code.ts";
import type { Reader } from "../codes/pages.ts";
import type { Code } from "../conduct/code.ts";
import { checks, lenderKinds, respondentKinds, strengths } from "../conduct/vocabulary.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import { errorsFor, first } from "./bilingual-form.ts";
import { frame } from "./pages.ts";

export interface SourceState {
  caseId: string;
  /** Null for a source that is only in the form yet. */
  sourceId: string | null;
  revision: number;
  values: FormValues;
  errors: FormErrors;
  mayEdit: boolean;
}

const typed = ["title", "issuer", "binds", "checkedNote"].flatMap((name) => [`${name}-en`, `${name}-zh`]);

export function sourcePage(own: OwnCode, code: Code, state: SourceState, reader: Reader) {
  const { t, locale } = reader;
  const { sourceId, values } = state;
  const page = frame(state.caseId, own, reader);
  const stored = sourceId === null ? undefined : code.sources[sourceId];
  const action = `${page.draftHref}/sources/${encodeURIComponent(sourceId ?? "new")}`;
  const ticked = (name: string) => [values[name] ?? []].flat();
  const one = (name: string, usual: string) => first(values, name) || usual;
  const rules = code.rules.filter(({ source }) => source === sourceId);
  const isNamed = Object.values(code.sources).some(({ replacedBy }) => replacedBy === sourceId);
  return {
    ...page,
    title: stored?.title[locale] ?? t("own.source.newTitle"),
    action,
    isNew: sourceId === null,
    /** A source that something rests on cannot be taken out. */
    removeHref: sourceId === null || rules.length > 0 || isNamed ? null : `${action}/removal`,
    rules: rules.map((rule) => rule.title[locale]),
    revision: state.revision,
    mayEdit: state.mayEdit,
    errors: errorsFor(locale, state.errors),
    values: Object.fromEntries([...typed, "from", "to"].map((name) => [name, first(values, name)])),
    strengths: strengths.map((value) => ({
      value,
      text: t(`common.strength.${value}`),
      hint: { text: t(`codes.rule.strengthHint.${value}`) },
      checked: first(values, "strength") === value,
    })),
    checks: checks.map((value) => ({
      value,
      text: t(`codes.rule.checkedHow.${value}`),
      checked: one("checked", "unverified") === value,
    })),
    replacedBy: [
      { value: "", text: t("own.source.noneNext") },
      ...Object.entries(code.sources)
        .filter(([id]) => id !== sourceId)
        .map(([id, source]) => ({
          value: id,
          text: source.title[locale],
          selected: first(values, "replacedBy") === id,
        })),
    ],
    lenderKinds: lenderKinds
      .filter((kind) => kind !== "unknown")
      .map((kind) => ({
        value: kind,
        text: t(`codes.option.lenderKind.${kind}`),
        checked: ticked("lenderKinds").includes(kind),
      })),
    respondentKinds: respondentKinds
      .filter((kind) => kind !== "unknown")
      .map((kind) => ({
        value: kind,
        text: t(`codes.term.respondentKind.${kind}`),
        checked: ticked("respondentKinds").includes(kind),
      })),
  };
}
