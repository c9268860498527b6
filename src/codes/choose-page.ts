/** The page on which the codes of a case are chosen: what is suggested and why, what is chosen. Next: routes.ts. */
import type { Case } from "../cases/case.ts";
import type { FormErrors } from "../web/forms.ts";
import type { CodeLibrary } from "./library.ts";
import { type Reader, codeHref } from "./pages.ts";
import { type Reason, suggestCodes } from "./suggest.ts";

export function choosePage(
  library: CodeLibrary,
  matter: Case,
  chosen: readonly string[],
  { mayChange, errors }: { mayChange: boolean; errors: FormErrors },
  { t, locale }: Reader,
) {
  const country = (code: string) => new Intl.DisplayNames([locale], { type: "region" }).of(code) ?? code;
  const sentence = ({ key, params }: Reason) =>
    t(`codes.choose.reason.${key}`, {
      ...params,
      ...(key === "country" ? { country: country(params.country ?? "") } : {}),
      ...(key === "lender" ? { kind: t(`codes.term.lenderKind.${params.kind}`) } : {}),
    });
  return {
    title: t("codes.choose.title"),
    action: `/cases/${matter.id}/codes`,
    tryHref: `/cases/${matter.id}/findings/try`,
    mayChange,
    errors,
    codes: suggestCodes(library.all(), matter).map(({ code, suggested, reasons }) => ({
      id: code.id,
      href: codeHref(code.id),
      title: code.title[locale],
      version: code.version,
      suggested,
      reasons: reasons.map(sentence),
      checked: chosen.includes(code.id),
    })),
    /** Chosen once, but no longer here. */
    missing: matter.codes.filter((id) => library.get(id) === undefined),
  };
}
