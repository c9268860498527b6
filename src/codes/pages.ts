/**
 * What the pages about codes of conduct show, as plain data: the list, one code, one rule. It must not know requests or SQL.
 * Next: try.ts (an imaginary contact), routes.ts.
 */
import type { Code, Rule, Source } from "../conduct/code.ts";
import type { Format } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { dayStrip } from "../web/charts/day-strip.ts";
import { clauseIn } from "./clause.ts";
import { type Told, explainCondition } from "./explain-condition.ts";
import { forceOf, hoursOfRule, spansOf } from "./forbidden-hours.ts";
import type { CodeLibrary } from "./library.ts";
import { isOwn } from "./own-code.ts";
import { clockOf, notCovered } from "./not-covered.ts";
import { channelNames } from "./vocabularies.ts";
import { type ExampleResult, judgeExamples } from "./worked-examples.ts";

/** The reader's language, words and formats. */
export interface Reader {
  locale: Locale;
  t: Translate;
  format: Format;
  /** Today's local day, YYYY-MM-DD. */
  today: string;
}

/** Where a code is read; one that belongs to a case, in that case. A rule that is come upon in a case is read within it. */
export const codeHref = (codeId: string, caseId = ""): string =>
  `${isOwn(codeId) ? `/cases/${caseId}` : ""}/codes/${encodeURIComponent(codeId)}`;
export const ruleHref = (codeId: string, ruleId: string, caseId = ""): string =>
  `${caseId === "" ? "" : `/cases/${caseId}`}/codes/${encodeURIComponent(codeId)}/rules/${encodeURIComponent(ruleId)}`;

/** "since 28 Feb 2025, no end date", and whether that is now. */
function inForce(
  { from, to }: { from: string; to: string | null },
  { t, format, today }: Reader,
): { text: string; state: "now" | "ended" | "not-yet" } {
  return {
    text:
      to === null
        ? t("codes.code.since", { from: format.date(from) })
        : t("codes.code.span", { from: format.date(from), to: format.date(to) }),
    state: today < from ? "not-yet" : to !== null && today > to ? "ended" : "now",
  };
}

export function listPage(library: CodeLibrary, reader: Reader) {
  const { t, locale } = reader;
  return {
    title: t("codes.list.title"),
    codes: library.all().map((code) => ({
      ...nameOf(code, locale),
      rulesOn: code.rules.filter((rule) => rule.on).length,
      rulesOff: code.rules.filter((rule) => !rule.on).length,
      sources: Object.values(code.sources).map((source) => ({
        title: source.title[locale],
        strength: source.strength,
        binds: source.binds[locale],
        inForce: inForce(source, reader),
      })),
    })),
  };
}

const nameOf = (code: Code, locale: Locale) => ({
  id: code.id,
  href: codeHref(code.id),
  title: code.title[locale],
  summary: code.summary[locale],
  version: code.version,
});

export function codePage(code: Code, reader: Reader) {
  const { locale } = reader;
  return {
    ...nameOf(code, locale),
    zone: code.zone ?? null,
    tryHref: `/try?code=${encodeURIComponent(code.id)}`,
    sources: Object.entries(code.sources)
      .map(([id, source]) => ({
        ...sourceView(source, reader),
        rules: code.rules.filter((rule) => rule.source === id).map((rule) => ruleLine(code, rule, reader)),
      }))
      .filter(({ rules }) => rules.length > 0),
  };
}

function sourceView(source: Source, reader: Reader) {
  const { locale } = reader;
  return {
    title: source.title[locale],
    issuer: source.issuer[locale],
    strength: source.strength,
    binds: source.binds[locale],
    inForce: inForce(source, reader),
    checked: source.checked,
    checkedDots: dotsOf(source.checked),
    checkedNote: source.checkedNote?.[locale] ?? null,
  };
}

/** How many of three dots stand for how far a text was checked. */
const dotsOf = (checked: Source["checked"]): number =>
  ({ read: 3, reported: 2, "weakly-reported": 1, unverified: 0 })[checked];

function ruleLine(code: Code, rule: Rule, reader: Reader) {
  const { locale } = reader;
  return {
    id: rule.id,
    href: ruleHref(code.id, rule.id),
    title: rule.title[locale],
    clause: clauseIn(rule.clause, locale),
    obligation: rule.obligation,
    severity: rule.severity,
    on: rule.on,
    /** Why it is not judged, in the author's words where there are any. */
    offReason: rule.on ? null : (rule.caution?.[locale] ?? reader.t("codes.rule.offUnverified")),
    inForce: inForce(forceOf(code, rule), reader),
  };
}

export function rulePage(library: CodeLibrary, code: Code, rule: Rule, reader: Reader) {
  const { locale, t } = reader;
  const source = code.sources[rule.source];
  if (source === undefined) throw new Error(`rule ${rule.id} names no source of its code`);
  const kinds = rule.lenderKinds ?? source.lenderKinds;
  const tell = (condition: Rule["when"]): Told[] => explainCondition(condition, locale, library.actLabel);
  return {
    ...ruleLine(code, rule, reader),
    code: nameOf(code, locale),
    paraphrase: rule.paraphrase[locale],
    caution: rule.on ? (rule.caution?.[locale] ?? null) : null,
    strength: rule.strength ?? source.strength,
    source: {
      ...sourceView(source, reader),
      checked: rule.checked ?? source.checked,
      checkedDots: dotsOf(rule.checked ?? source.checked),
    },
    lenderKinds:
      kinds === undefined ? null : reader.format.list(kinds.map((kind) => t(`codes.term.lenderKind.${kind}`))),
    condition: tell(rule.when),
    exceptions: rule.unless.map((exception) => ({ title: exception.title[locale], items: tell(exception.when) })),
    clock: clockOf(code, rule, reader),
    notCovered: notCovered(code, rule, reader),
    examples: judgeExamples(library, code, rule).map((result) => exampleView(result, rule, reader)),
    channels: channelNames(rule, locale),
    tryHref: `/try?code=${encodeURIComponent(code.id)}#rule-${rule.id}`,
  };
}

function exampleView(result: ExampleResult, rule: Rule, { locale, t, format }: Reader) {
  const hours = spansOf(hoursOfRule(rule));
  return {
    name: result.name[locale],
    outcome: result.outcome,
    /** Null unless the author expected something else. */
    wrong: result.outcome === result.expected ? null : t(`common.outcome.${result.expected}`),
    because: result.because?.[locale] ?? null,
    missing: result.missing.length === 0 ? null : missingText(result.missing, t, format),
    stripSvg: result.marks.some((mark) => mark.minute !== null)
      ? dayStrip(result.marks, { forbidden: hours, size: "row" })
      : "",
  };
}

/** Contract names of facts as a list of words. */
export function missingText(missing: readonly string[], t: Translate, format: Format): string {
  return format.list(missing.map((field) => t(`codes.fact.${field.replaceAll(".", "-")}`)));
}
