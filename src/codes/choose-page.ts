/** The page on which the codes of a case are chosen: what is suggested and why, what is chosen. Next: routes.ts. */
import type { Case } from "../cases/case.ts";
import type { FormErrors } from "../web/forms.ts";
import type { CodeLibrary } from "./library.ts";
import { type Reader, codeHref } from "./pages.ts";
import { type Reason, suggestCodes } from "./suggest.ts";

interface Asked {
  mayChange: boolean;
  errors: FormErrors;
  /** The case was opened a moment ago, with the codes that were suggested. */
  opened: boolean;
}

export function choosePage(
  library: CodeLibrary,
  matter: Case,
  chosen: readonly string[],
  { mayChange, errors, opened }: Asked,
  { t, locale, format }: Reader,
) {
  const title = (id: string) => library.get(id)?.title[locale] ?? id;
  const sentence = ({ key, params }: Reason) =>
    t(`codes.choose.reason.${key}`, {
      ...params,
      ...(key === "country" ? { country: t(`cases.countries.${params.country}`) } : {}),
      ...(params.kind === undefined ? {} : { kind: t(`codes.term.lenderKind.${params.kind}`) }),
      ...(params.code === undefined ? {} : { code: title(params.code) }),
    });
  const codes = suggestCodes(library.all(), matter).map(({ code, suggested, reasons }) => ({
    id: code.id,
    href: codeHref(code.id),
    title: code.title[locale],
    version: code.version,
    suggested,
    reasons: reasons.map(sentence),
    /** All that judges along when this one is chosen. */
    includes: library
      .expand(code.includes ?? [])
      .map((included) => ({ title: included.title[locale], href: codeHref(included.id) })),
    checked: chosen.includes(code.id),
  }));
  const inView = codes.filter(({ suggested, checked }) => suggested || checked);
  const others = codes.filter((code) => !inView.includes(code));
  return {
    title: t("codes.choose.title"),
    action: `/cases/${matter.id}/codes`,
    caseHref: `/cases/${matter.id}`,
    tryHref: `/cases/${matter.id}/findings/try`,
    inForceHref: `/cases/${matter.id}/codes/in-force`,
    mayChange,
    opened: opened
      ? {
          text: chosen.length === 0 ? t("codes.choose.openedNone") : t("codes.choose.opened", { count: chosen.length }),
        }
      : null,
    errors,
    /** Those that fit or were chosen first; the others stay folded away unless there is nothing else to show. */
    codes: inView.length === 0 ? others : inView,
    others: inView.length === 0 ? [] : others,
    othersText: t("codes.choose.others", { n: format.number(others.length) }),
    /** Chosen once, but no longer here. */
    missing: matter.codes.filter((id) => library.get(id) === undefined),
  };
}
