/** Two versions of a code side by side, as their page shows them: by rule in plain words, and the texts line by line. Next: routes.ts. */
import { clauseIn } from "../codes/clause.ts";
import type { CodeLibrary, CodeText } from "../codes/library.ts";
import type { OwnCode, VersionLine } from "../codes/own-code.ts";
import type { Reader } from "../codes/pages.ts";
import type { Code, Rule } from "../conduct/code.ts";
import { type ComparedField, changedRules, conditionLines } from "./compare.ts";
import { differenceOf } from "./line-difference.ts";
import { frame } from "./pages.ts";

/** Lines of text shown; the files themselves are there to be downloaded. */
const MOST_LINES = 1500;
/** A list of more lines than these shows only what is different. */
const MOST_SAME = 8;

export interface Compared {
  /** `2`, or `draft`. */
  name: string;
  read: CodeText;
}

export function comparePage(
  own: OwnCode,
  before: Compared,
  after: Compared,
  state: { caseId: string; versions: readonly VersionLine[] },
  library: CodeLibrary,
  reader: Reader,
) {
  const { t, locale } = reader;
  const page = frame(state.caseId, own, reader);
  const nameOf = ({ name, read }: Compared) =>
    name === "draft" ? t("own.compare.draft") : t("own.versionLine", { n: Number(name), version: read.code.version });
  const choices = [
    ...(own.hasDraft ? [{ value: "draft", text: t("own.compare.draft") }] : []),
    ...state.versions.map((line) => ({
      value: String(line.number),
      text: t("own.versionLine", { n: line.number, version: line.version }),
    })),
  ];
  const selected = (name: string) => choices.map((one) => ({ ...one, selected: one.value === name }));
  const head = (
    ["title", "summary", "zone", "jurisdiction", "includes", "sources", "publicHolidays", "holidays"] as const
  )
    .filter((field) => JSON.stringify(before.read.code[field]) !== JSON.stringify(after.read.code[field]))
    .map((field) => ({
      label: t(`own.head.${field}`),
      ...besides(headText(before.read.code, field, reader), headText(after.read.code, field, reader)),
    }));
  let left = MOST_LINES;
  const groups = differenceOf(before.read.text, after.read.text).flatMap((lines) => {
    const shown = lines.slice(0, Math.max(0, left));
    left -= lines.length;
    return shown.length === 0 ? [] : [shown];
  });
  return {
    ...page,
    title: t("own.compare.title"),
    action: `${page.base}/comparison`,
    from: selected(before.name),
    to: selected(after.name),
    before: nameOf(before),
    after: nameOf(after),
    head,
    rules: changedRules(before.read.code, after.read.code).map((change) => ({
      id: change.id,
      kind: change.kind,
      title: change.rule.title[locale],
      fields: change.fields.map(({ field, before: was, after: is }) => ({
        label: t(`own.compared.${field}`),
        ...besides(
          fieldLines(field, was, before.read.code, library, reader),
          fieldLines(field, is, after.read.code, library, reader),
        ),
      })),
    })),
    groups,
    cut: left < 0 ? t("own.compare.cut", { n: MOST_LINES }) : null,
  };
}

/** Lines on either side, those that the other side does not have marked. */
function besides(before: readonly string[], after: readonly string[]) {
  const marked = (lines: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    const all = lines.map((text) => ({ text, different: !known.has(text) }));
    if (all.length <= MOST_SAME) return all;
    // Of a long list only what is different is shown, and that something was left out.
    return all.flatMap((line, index) =>
      line.different ? [line] : all[index - 1]?.different === false ? [] : [{ text: "…", different: false }],
    );
  };
  return { before: marked(before, after), after: marked(after, before) };
}

function fieldLines(
  field: ComparedField,
  rule: Rule,
  code: Code,
  library: CodeLibrary,
  { t, locale, format }: Reader,
): string[] {
  switch (field) {
    case "title":
    case "paraphrase":
      return [rule[field].en, rule[field]["zh-CN"]];
    case "caution":
      return rule.caution === undefined ? [] : [rule.caution.en, rule.caution["zh-CN"]];
    case "when":
      return conditionLines(rule.when, locale, library);
    case "unless":
      return rule.unless.flatMap(({ title, when }) => [
        title[locale],
        ...conditionLines(when, locale, library).map((line) => `\u2003${line}`),
      ]);
    case "on":
      return [t(`own.rule.on.${rule.on ? "yes" : "no"}`)];
    case "source":
      return [code.sources[rule.source]?.title[locale] ?? rule.source];
    case "clause":
      return [clauseIn(rule.clause, locale)];
    case "obligation":
      return [t(`common.obligation.${rule.obligation}`)];
    case "severity":
      return [t(`codes.severity.${rule.severity}`)];
    case "strength":
      return rule.strength === undefined ? [] : [t(`common.strength.${rule.strength}`)];
    case "from":
    case "to": {
      const day = rule[field];
      return typeof day === "string" ? [format.date(day)] : [];
    }
    case "lenderKinds":
      return (rule.lenderKinds ?? []).map((kind) => t(`codes.option.lenderKind.${kind}`));
    case "collectorKinds":
      return (rule.collectorKinds ?? []).map((kind) => t(`codes.term.collectorKind.${kind}`));
    case "topic":
      return rule.topic === undefined ? [] : [rule.topic];
    case "checked":
      return rule.checked === undefined ? [] : [t(`codes.rule.checkedHow.${rule.checked}`)];
    default:
      return rule.examples.map(({ name, expect }) => `${name[locale]} → ${t(`common.outcome.${expect}`)}`);
  }
}

function headText(code: Code, field: keyof Code, { t, locale }: Reader): string[] {
  const value = code[field];
  if (field === "title" || field === "summary") return [code[field].en, code[field]["zh-CN"]];
  if (field === "sources")
    return Object.values(code.sources).flatMap(({ title, issuer, strength, binds, from, to, checkedNote }) => [
      `${title[locale]} (${from} – ${to ?? "…"})`,
      ...[issuer[locale], t(`common.strength.${strength}`), binds[locale], checkedNote?.[locale] ?? ""]
        .filter((text) => text !== "")
        .map((text) => `\u2003${text}`),
    ]);
  if (Array.isArray(value)) return value.map(String);
  return value === undefined ? [] : [typeof value === "string" ? value : JSON.stringify(value)];
}
