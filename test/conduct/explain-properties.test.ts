/** What explanations promise, for any case: what would be different is so when judged, and "why not" never says otherwise than judging. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imagine } from "../../src/conduct/change.ts";
import { compileJudge, judgeCase } from "../../src/conduct/classify.ts";
import { Code, type Condition } from "../../src/conduct/code.ts";
import { whatIf } from "../../src/conduct/what-if.ts";
import { answersForIncident } from "../../src/conduct/why-not.ts";
import { aids, context, incidents } from "./arbitrary-cases.ts";
import { judges } from "./shipped-judges.ts";

const runs = { numRuns: 60 };

describe.each(Object.entries(judges))("explaining under %s", (_name, judge) => {
  it("says only what would be different when judged", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(incidents, context, fc.nat(), (list, around, n) => {
        const findings = judgeCase(judge, around, list, { all: true });
        fc.pre(findings.length > 0);
        const asked = findings[n % findings.length]!;
        const code = judge.codes.find(({ named }) => named.id === asked.code.id)!.compiled.code;
        const rule = code.rules.find(({ id }) => id === asked.rule)!;
        const found = whatIf({ code, rule, context: around, incidents: list, id: asked.incident }, aids);
        for (const { changes, outcome, says } of found) {
          expect(outcome).not.toBe(asked.outcome);
          expect(says.en).toMatch(/^If .*[^ ], (it|a) .*\.$/);
          expect(says["zh-CN"]).toMatch(/^如果.*，则.*。$/);
          for (const change of changes) {
            const then = imagine(change, { context: around, incidents: list }, asked.incident);
            const again = judgeCase(judge, then.context, [...then.incidents]).find(
              ({ incident, rule: id, code: { id: codeId } }) =>
                incident === asked.incident && id === asked.rule && codeId === asked.code.id,
            );
            expect(again?.outcome ?? "no-match", says.en).toBe(outcome);
          }
        }
      }),
      runs,
    );
  });

  it("gives every rule of every code the outcome that judging gives, and a reason where it is no match", () => {
    fc.assert(
      fc.property(incidents, context, fc.nat(), (list, around, n) => {
        fc.pre(list.length > 0);
        const { id } = list[n % list.length]!;
        const findings = judgeCase(judge, around, list, { all: true }).filter(({ incident }) => incident === id);
        const answers = answersForIncident(judge, around, list, id);
        expect(answers.length).toBe(judge.codes.reduce((sum, { compiled }) => sum + compiled.code.rules.length, 0));
        for (const { code, rule, outcome, against, conditions } of answers) {
          const finding = findings.find((one) => one.rule === rule.id && one.code.id === code.id);
          expect(outcome).toBe(finding?.outcome ?? "no-match");
          expect(against === null).toBe(outcome !== "no-match");
          expect(finding?.why).toEqual(
            against === null || finding === undefined
              ? undefined
              : {
                  reason: against.reason,
                  ...(against.fact === null ? {} : { condition: expect.any(String) as string }),
                },
          );
          // Whoever is refused by a condition is shown which; whoever was not asked sees none.
          expect(conditions === null).toBe(finding === undefined);
        }
      }),
      runs,
    );
  });
});

/** The same code with the parts of every condition turned round. */
function turned(condition: Condition): Condition {
  const { all, any, not, ...own } = condition;
  return {
    ...(not === undefined ? {} : { not: turned(not) }),
    ...(any === undefined ? {} : { any: any.map(turned).toReversed() }),
    ...(all === undefined ? {} : { all: all.map(turned).toReversed() }),
    ...Object.fromEntries(Object.entries(own).toReversed()),
  };
}

describe.each(Object.entries(judges))("the order of conditions under %s", (_name, judge) => {
  const turnedRound = compileJudge(
    judge.codes.map(({ compiled: { code } }): Code => ({
      ...code,
      rules: code.rules.map((rule) => ({ ...rule, when: turned(rule.when), unless: rule.unless.toReversed() })),
    })),
    aids,
  );

  it("does not matter to the outcome", () => {
    fc.assert(
      fc.property(incidents, context, (list, around) => {
        const outcomes = (one: typeof judge) =>
          judgeCase(one, around, list).map(({ incident, rule, outcome }) => ({ incident, rule, outcome }));
        expect(outcomes(turnedRound)).toEqual(outcomes(judge));
      }),
      runs,
    );
  });
});
