/** The page on which the codes of a case are chosen: what is suggested and why, what is chosen. Next: routes.ts. */
import type { Case } from "../cases/case.ts";
import type { FormErrors } from "../web/forms.ts";
import type { CodeLibrary } from "./library.ts";
import { isOwn } from "./own-code.ts";
import { type Reader, codeHref } from "./pages.ts";
import { type Reason, suggestCodes } from "./suggest.ts";

interface Asked {
  mayChange: boolean;
  errors: FormErrors;
  /** The case was opened a moment ago, with the codes that were suggested. */
  opened: boolean;
  /** A copy and its original are both ticked: which of them is to judge? */
  ask: readonly Double[];
  /** Ids of codes that were retired. */
  retired: ReadonlySet<string>;
}

/** A code of the case and one that it shares rules with. */
export interface Double {
  own: string;
  other: string;
  rules: number;
}

/** The codes of a case among the chosen that share rules with another chosen one. */
export function doublesAmong(library: CodeLibrary, chosen: readonly string[]): Double[] {
  return chosen.filter(isOwn).flatMap((own) => {
    const rules = new Set(library.get(own)?.rules.map(({ id }) => id));
    return chosen.flatMap((other) => {
      const shared = other === own ? 0 : (library.get(other)?.rules.filter(({ id }) => rules.has(id)).length ?? 0);
      return shared === 0 || (isOwn(other) && other < own) ? [] : [{ own, other, rules: shared }];
    });
  });
}

export function choosePage(
  library: CodeLibrary,
  matter: Case,
  chosen: readonly string[],
  { mayChange, errors, opened, ask, retired }: Asked,
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
  const offered = library.all().filter(({ id }) => !retired.has(id) || chosen.includes(id));
  const codes = suggestCodes(offered, matter).map(({ code, suggested, reasons }) => ({
    id: code.id,
    href: codeHref(code.id, matter.id),
    own: isOwn(code.id),
    title: code.title[locale],
    version: code.version,
    suggested,
    reasons: reasons.map(sentence),
    /** All that judges along when this one is chosen. */
    includes: library
      .expand(code.includes ?? [])
      .map((included) => ({ title: included.title[locale], href: codeHref(included.id, matter.id) })),
    checked: chosen.includes(code.id),
  }));
  const inView = codes.filter(({ suggested, checked, own }) => suggested || checked || own);
  const others = codes.filter((code) => !inView.includes(code));
  return {
    title: t("codes.choose.title"),
    action: `/cases/${matter.id}/codes`,
    caseHref: `/cases/${matter.id}`,
    tryHref: `/cases/${matter.id}/findings/try`,
    inForceHref: `/cases/${matter.id}/codes/in-force`,
    mayChange,
    copyHref: `/cases/${matter.id}/codes/copy`,
    importHref: `/cases/${matter.id}/codes/import`,
    ask: ask.map(({ own, other, rules }) => ({
      text: t("own.choose.ask", { own: title(own), other: title(other), n: rules }),
      replace: t("own.choose.replace", { own: title(own) }),
      keep: t("own.choose.keep", { own: title(own) }),
    })),
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
