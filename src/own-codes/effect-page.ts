/** What a changed code would do to a case, as its page shows it: counts, and the findings concerned page by page. Next: routes.ts. */
import type { CodeLibrary } from "../codes/library.ts";
import type { OwnCode } from "../codes/own-code.ts";
import type { Reader } from "../codes/pages.ts";
import { glancesOf } from "../findings/glance-store.ts";
import type { Db } from "../platform/database.ts";
import type { Effect } from "./effect.ts";
import { frame } from "./pages.ts";

const PAGE = 25;

export async function effectPage(
  db: Db,
  own: OwnCode,
  effect: Effect,
  state: { caseId: string; codes: readonly string[]; before: readonly string[]; page: number },
  library: CodeLibrary,
  reader: Reader,
) {
  const { t, locale, format } = reader;
  const page = frame(state.caseId, own, reader);
  const pages = Math.max(1, Math.ceil(effect.lines.length / PAGE));
  const at = Math.min(Math.max(1, state.page), pages);
  const shown = effect.lines.slice((at - 1) * PAGE, at * PAGE);
  const glances = await glancesOf(
    db,
    state.caseId,
    shown.map(({ incidentId }) => incidentId),
  );
  const codes = library.expand([...state.codes, ...state.before]);
  const titles = new Map(codes.flatMap(({ rules }) => rules).map((rule) => [rule.id, rule.title[locale]]));
  const total = effect.appear + effect.change + effect.go;
  const replaced = state.before.filter((id) => !state.codes.includes(id));
  const href = (n: number) => `${page.draftHref}/effect?page=${n}`;
  return {
    ...page,
    title: t("own.effect.title"),
    heading: t("own.effect.heading", { count: total, n: format.number(total) }),
    contacts: t("own.effect.contacts", { count: effect.contacts, n: format.number(effect.contacts) }),
    replaced: replaced.map((id) => t("own.effect.replaced", { title: library.get(id)?.title[locale] ?? id })),
    counts: (["appear", "change", "go"] as const).map((kind) => ({
      kind,
      n: effect[kind],
      text: t(`own.effect.${kind}`),
    })),
    lines: shown.map((line) => {
      const glance = glances.get(line.incidentId);
      return {
        title: titles.get(line.rule) ?? line.rule,
        contact:
          glance === undefined
            ? ""
            : t("own.effect.contact", {
                number: glance.number,
                when: format.instant(glance.happenedAt, glance.precision),
              }),
        href: glance === undefined ? null : `/cases/${state.caseId}/incidents/${glance.number}`,
        before: line.severity === null ? line.before : null,
        after: line.severity === null ? line.after : null,
        severity:
          line.severity === null
            ? null
            : t("own.effect.severity", {
                before: t(`codes.severity.${line.severity.before}`),
                after: t(`codes.severity.${line.severity.after}`),
              }),
      };
    }),
    more: effect.lines.length < total ? t("own.effect.more", { n: format.number(effect.lines.length) }) : null,
    newerHref: at > 1 ? href(at - 1) : null,
    olderHref: at < pages ? href(at + 1) : null,
  };
}
