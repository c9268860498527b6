/** Small codes and incidents for tests: each test says only what matters to it. */
import { type CaseContext, CaseContext as CaseSchema } from "../../src/conduct/case.ts";
import { compileJudge, judgeCase } from "../../src/conduct/classify.ts";
import { Code, type Rule } from "../../src/conduct/code.ts";
import type { Aids } from "../../src/conduct/compile.ts";
import type { Finding } from "../../src/conduct/finding.ts";
import { Incident } from "../../src/conduct/incident.ts";

const both = (text: string) => ({ en: text, "zh-CN": text });

type RuleInput = Partial<Rule> & Pick<Rule, "when">;

/** A code with one source in force since 2020 that binds everybody, and these rules, called x.1, x.2 … unless they say otherwise. */
export function codeOf(rules: Record<string, unknown>[], more: Record<string, unknown> = {}): Code {
  const { source = {}, ...rest } = more;
  return Code.parse({
    id: "test",
    version: "2026-01-01",
    title: both("test"),
    summary: both("test"),
    jurisdiction: "XX",
    sources: {
      s: {
        title: both("source"),
        issuer: both("issuer"),
        strength: "standard",
        from: "2020-01-01",
        to: null,
        binds: both("everybody"),
        checked: "read",
        ...(source as object),
      },
    },
    rules: rules.map((rule, index) => ({
      id: `xx.r${index + 1}`,
      source: "s",
      clause: "1",
      title: both("title"),
      paraphrase: both("paraphrase"),
      obligation: "must-not",
      severity: "medium",
      ...rule,
    })),
    ...rest,
  });
}

export function ruleOf(when: RuleInput["when"], more: Record<string, unknown> = {}): Code {
  return codeOf([{ when, ...more }]);
}

let number = 0;

/** A conversation by telephone with the borrower about D1 of lender L, by collector A; ids count up. */
export function incident(happenedAt: string, more: Record<string, unknown> = {}): Incident {
  return Incident.parse({
    id: `i${++number}`,
    channel: "call",
    happenedAt,
    outcome: "conversation",
    contacted: "self",
    collector: "A",
    creditor: "L",
    debt: "D1",
    ...more,
  });
}

export function caseOf(more: Record<string, unknown> = {}): CaseContext {
  return CaseSchema.parse({ zone: "Asia/Shanghai", lenderKind: "bank", ...more });
}

export function findingsOf(
  code: Code,
  incidents: Incident[],
  context: CaseContext = caseOf(),
  aids: Aids = {},
  all = false,
): Finding[] {
  return judgeCase(compileJudge([code], aids), context, incidents, { all });
}

/** The outcome for each incident in the order given; "no-match" where there is no finding. */
export function outcomesOf(
  code: Code,
  incidents: Incident[],
  context: CaseContext = caseOf(),
  aids: Aids = {},
): string[] {
  const findings = findingsOf(code, incidents, context, aids);
  return incidents.map(({ id }) => findings.find((finding) => finding.incident === id)?.outcome ?? "no-match");
}
