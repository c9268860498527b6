/**
 * What the latest judgements made different, in words: after what, how many findings appeared, changed and went, and each with what it
 * said before and says now. It must not know SQL. Next: list-page.ts.
 */
import type { Case } from "../cases/case.ts";
import type { CodeLibrary } from "../codes/library.ts";
import type { Reader } from "../codes/pages.ts";
import { isKey } from "../web/locale.ts";
import { withWordsFolded } from "./folded-words.ts";
import type { Cause, RecentChange, RecordedChange, Saying } from "./change-store.ts";

/** So many findings of a judgement are shown one by one. */
const SHOWN = 20;

export interface ChangesView {
  when: string;
  /** "2 appeared, 1 changed, 3 went." */
  totals: string;
  causes: { text: string; href: string | null }[];
  items: ChangeLine[];
  more: string | null;
}

interface ChangeLine {
  kind: "appeared" | "changed" | "gone";
  what: string;
  rule: string;
  incident: string;
  /** To the finding, or for one that is gone to why it is. */
  href: string;
  was: string | null;
  is: string | null;
}

export function changesView(
  changes: readonly RecentChange[],
  matter: Case,
  { codes, names }: { codes: CodeLibrary; names: ReadonlyMap<string, string> },
  reader: Reader,
): ChangesView[] {
  const { t, format, locale } = reader;
  const base = `/cases/${matter.id}`;
  const rules = new Map(
    codes
      .judgeFor(matter.codes)
      .codes.flatMap(({ compiled }) => compiled.code.rules.map((rule) => [rule.id, rule.title[locale]] as const)),
  );
  const line = (kind: ChangeLine["kind"], one: RecordedChange): ChangeLine => ({
    kind,
    what: t(`explain.changes.${kind}`),
    rule: rules.get(one.rule) ?? one.rule,
    incident: t("findings.one.incident", { number: one.number }),
    href: `${base}/findings/${one.number}/${encodeURIComponent(one.rule)}`,
    was: sayingText(one.before, reader),
    is: sayingText(one.after, reader),
  });
  return changes.map((change) => {
    const lines = [
      ...change.changed.map((one) => line("changed", one)),
      ...change.gone.map((one) => line("gone", one)),
      ...change.appeared.map((one) => line("appeared", one)),
    ];
    const { counts } = change;
    const all = counts.appeared + counts.changed + counts.gone;
    const items = lines.slice(0, SHOWN);
    return {
      when: format.instant(change.at),
      totals: totalsText(counts, reader),
      causes:
        change.causes.length === 0
          ? [{ text: t("explain.changes.codes"), href: null }]
          : change.causes.map((cause) => causeView(cause, base, names, reader)),
      items,
      more: all > items.length ? t("explain.changes.more", { count: all - items.length }) : null,
    };
  });
}

/** "2 findings appeared, 1 changed, 3 went." */
export function totalsText(
  counts: { appeared: number; changed: number; gone: number },
  { t, format }: Pick<Reader, "t" | "format">,
) {
  const parts = (["appeared", "changed", "gone"] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(`explain.changes.n.${kind}`, { count: counts[kind] }));
  return t("explain.changes.totals", { list: format.list(parts) });
}

function causeView({ action, subject, actor }: Cause, base: string, names: ReadonlyMap<string, string>, { t }: Reader) {
  const [kind = "", n = ""] = subject.split(":");
  const name = actor === "system" ? t("history.system") : (names.get(actor) ?? t("history.gone"));
  // Actions that name more than a number say it in the history.
  const key = ["incident", "notice", "case"].includes(kind) ? `history.actions.${action}` : "";
  const did = isKey(key) ? t(key, { n }) : t("explain.changes.did");
  const href = kind === "incident" || kind === "notice" ? `${base}/${kind}s/${n}` : `${base}/history`;
  return { text: t("explain.changes.cause", { name, did }), href };
}

const sayingText = (saying: Saying | null, { t, locale }: Reader): string | null =>
  saying === null
    ? null
    : t("explain.changes.saying", {
        outcome: t(`common.outcome.${saying.outcome}`),
        because: withWordsFolded(saying.because[locale]),
      });
