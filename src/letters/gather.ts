/** What a case gives to its letters: parties, debts, confirmed findings, notices, the rules in force, the repayment plan. Reads only. */
import type { Case, Collector, Debt } from "../cases/case.ts";
import { listCollectors, listDebts } from "../cases/store.ts";
import { codesOf } from "../codes/case-codes.ts";
import { contactSpan } from "../complaints/facts-store.ts";
import { findingsSaid } from "../complaints/gather.ts";
import { type Bench, currentFindings } from "../findings/judge-case.ts";
import type { Notice } from "../notices/notice.ts";
import { recordedNotices } from "../notices/store.ts";
import type { Plan } from "../repayment/plan.ts";
import { latestPlan } from "../repayment/store.ts";
import { type Ground, chosenGrounds, groundsFor } from "./basis.ts";
import { type Material, type ToldRule, composeLetter } from "./compose.ts";
import { type LetterFacts, type LetterTexts, localesOf } from "./letter.ts";
import type { Template } from "./template.ts";

export interface CaseForLetters {
  matter: Case;
  debts: Debt[];
  collectors: Collector[];
  contacts: Material["contacts"];
  findings: ToldRule[];
  notices: Notice[];
  plan: Plan | null;
  /** The rules that can be cited in a letter of this kind and date. */
  grounds(template: Template, facts: Pick<LetterFacts, "writtenOn">): Ground[];
}

/** Judges first what is stale. */
export async function gather(bench: Bench, matter: Case): Promise<CaseForLetters> {
  const { db } = bench;
  await currentFindings(bench, matter.id);
  const codes = await codesOf(bench, matter);
  const [debts, collectors, contacts, confirmed, notices, plan] = await Promise.all([
    listDebts(db, matter.id),
    listCollectors(db, matter.id),
    contactSpan(db, matter.id),
    findingsSaid(bench, matter.id, "confirmed"),
    recordedNotices(db, matter.id),
    latestPlan(db, matter.id),
  ]);
  const findings = [...Map.groupBy(confirmed, ({ finding }) => finding.rule)].map(([rule, found]): ToldRule => {
    const { code, source, clause, strength } = found[0]!.finding;
    const known = codes.rule(code.id, rule);
    const title = codes.get(code.id)?.sources[source]?.title;
    return {
      rule,
      title: { en: known?.title.en ?? rule, "zh-CN": known?.title["zh-CN"] ?? rule },
      source: { en: title?.en ?? code.id, "zh-CN": title?.["zh-CN"] ?? code.id },
      clause,
      strength,
      contacts: found.map(({ incident }) => incident),
    };
  });
  return {
    matter,
    debts,
    collectors,
    contacts,
    findings,
    notices,
    plan,
    grounds: (template, facts) => groundsFor(codes.expand(matter.codes), matter, template, facts),
  };
}

/** The words of a letter in every language it is written in. */
export function textsFrom(known: CaseForLetters, template: Template, facts: LetterFacts): LetterTexts {
  const material: Material = {
    matter: known.matter,
    debt: known.debts.find(({ id }) => id === facts.debt) ?? null,
    contacts: known.contacts,
    findings: known.findings.filter(({ rule }) => facts.findings.includes(rule)),
    earlier: known.notices.flatMap(({ number, kind, sentAt, receivedAt }) => {
      const at = sentAt ?? receivedAt;
      return at === null || !facts.earlier.includes(number) ? [] : [{ kind, at }];
    }),
    grounds: chosenGrounds(known.grounds(template, facts), template, facts),
  };
  return Object.fromEntries(
    localesOf(facts.language).map((locale) => [locale, composeLetter(template, facts, material, locale)]),
  );
}
