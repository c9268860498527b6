/**
 * The clause of a rule in one language. The codes write it as the source does, with the other language behind it in brackets.
 * It must not know which rule it is. Next: pages.ts.
 */
import type { Locale } from "../web/locale.ts";

/** "第41条 (art. 41)": Chinese, then English to the end of the line. */
const chineseThenEnglish = /^(.*\p{Script=Han}[^ ]*) \(([^\p{Script=Han}]+)\)$/u;
/** "5.3 (not verified / 未核实)": a number for both, then a remark in each. */
const remarkInBoth = /^([^\p{Script=Han}]+) \(([^\p{Script=Han}/]+) \/ (\p{Script=Han}+)\)$/u;

/** The part of the clause meant for this reader; the whole clause when it is in one language only. */
export function clauseIn(clause: string, locale: Locale): string {
  const pair = chineseThenEnglish.exec(clause);
  if (pair) return locale === "en" ? pair[2]! : pair[1]!;
  const remark = remarkInBoth.exec(clause);
  if (remark) return locale === "en" ? `${remark[1]} (${remark[2]})` : `${remark[1]}（${remark[3]}）`;
  return clause;
}
