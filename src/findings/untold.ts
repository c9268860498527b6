/**
 * Rules about what must be told ask of every contact what nobody may have noted. Where one such rule asks it of many contacts, the
 * questions stand together, apart from the others, and can be answered for several contacts at once. Next: untold-page.ts.
 */
import type { Code, Condition, Rule } from "../conduct/code.ts";
import type { disclosures } from "../conduct/vocabulary.ts";
import type { RuleCount } from "./count-store.ts";

type Disclosure = (typeof disclosures)[number];

/** The same question of so many contacts drowns the others. */
const MANY = 5;

export interface Untold {
  rule: Rule;
  code: Code;
  /** What had to be told. */
  asks: Disclosure[];
  /** Contacts of which nobody noted it, and that nobody reviewed. */
  contacts: number;
}

/** The rules of these codes with many such open questions, those with most first. */
export function untoldOf(codes: readonly Code[], counts: readonly RuleCount[]): Untold[] {
  const open = new Map(
    counts.filter(({ outcome }) => outcome === "cannot-tell").map((count) => [count.rule, count.open]),
  );
  const found = new Map<string, Untold>();
  for (const code of codes) {
    for (const rule of code.rules.filter(({ on }) => on)) {
      const asks = [...new Set(disclosuresIn(rule.when))];
      const contacts = open.get(rule.id) ?? 0;
      if (asks.length > 0 && contacts >= MANY && !found.has(rule.id))
        found.set(rule.id, { rule, code, asks, contacts });
    }
  }
  return [...found.values()].sort((a, b) => b.contacts - a.contacts);
}

/** How many questions stand apart. */
export const untoldIn = (codes: readonly Code[], counts: readonly RuleCount[]): number =>
  untoldOf(codes, counts).reduce((n, { contacts }) => n + contacts, 0);

function disclosuresIn({ disclosed = [], all = [], any = [], not }: Condition): Disclosure[] {
  return [...disclosed, ...[...all, ...any, ...(not === undefined ? [] : [not])].flatMap(disclosuresIn)];
}
