/**
 * Two versions of a code side by side: which rules are new, gone or changed, and each change in plain sentences. Pure.
 * Next: compare-page.ts.
 */
import { explainCondition } from "../codes/explain-condition.ts";
import type { Told } from "../codes/explain-condition.ts";
import type { CodeLibrary } from "../codes/library.ts";
import type { Code, Rule } from "../conduct/code.ts";
import type { Locale } from "../web/locale.ts";

/** What is compared of a rule, in the order in which it is shown. */
const comparedFields = [
  "title",
  "paraphrase",
  "when",
  "unless",
  "on",
  "source",
  "clause",
  "obligation",
  "severity",
  "strength",
  "from",
  "to",
  "lenderKinds",
  "collectorKinds",
  "topic",
  "checked",
  "caution",
  "examples",
] as const;
export type ComparedField = (typeof comparedFields)[number];

export interface RuleChange {
  id: string;
  kind: "new" | "gone" | "changed";
  rule: Rule;
  /** Only of a changed rule. */
  fields: { field: ComparedField; before: Rule; after: Rule }[];
}

/** Gone and changed rules in the order of the older version, then the new ones. */
export function changedRules(before: Code, after: Code): RuleChange[] {
  const was = new Map(before.rules.map((rule) => [rule.id, rule]));
  const is = new Map(after.rules.map((rule) => [rule.id, rule]));
  const changes: RuleChange[] = [];
  for (const rule of before.rules) {
    const now = is.get(rule.id);
    if (now === undefined) changes.push({ id: rule.id, kind: "gone", rule, fields: [] });
    else {
      const fields = comparedFields.filter((field) => JSON.stringify(rule[field]) !== JSON.stringify(now[field]));
      if (fields.length > 0)
        changes.push({
          id: rule.id,
          kind: "changed",
          rule: now,
          fields: fields.map((field) => ({ field, before: rule, after: now })),
        });
    }
  }
  for (const rule of after.rules) if (!was.has(rule.id)) changes.push({ id: rule.id, kind: "new", rule, fields: [] });
  return changes;
}

/** The sources that are not as they were, by id. */
export function sourceChanges(before: Code, after: Code): Map<string, RuleChange["kind"]> {
  const ids = new Set([...Object.keys(before.sources), ...Object.keys(after.sources)]);
  const changes = new Map<string, RuleChange["kind"]>();
  for (const id of ids) {
    const [was, is] = [before.sources[id], after.sources[id]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    changes.set(id, was === undefined ? "new" : is === undefined ? "gone" : "changed");
  }
  return changes;
}

/** A condition as lines, what belongs under a sentence set in by two spaces. */
export function conditionLines(when: Rule["when"], locale: Locale, library: CodeLibrary): string[] {
  const lines = (told: readonly Told[], depth: number): string[] =>
    told.flatMap(({ text, items }) => [`${"\u2003".repeat(depth)}${text}`, ...lines(items, depth + 1)]);
  return lines(explainCondition(when, locale, library.actLabel), 0);
}
