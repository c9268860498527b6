/**
 * Why rules do not match one contact: every rule of the case's codes that says nothing of it, by the first thing that stands against it,
 * each with its conditions and what the records say of them. One rule alone also says what would make it different.
 * It must not know requests. Next: routes.ts.
 */
import type { Case } from "../cases/case.ts";
import { clauseIn } from "../codes/clause.ts";
import { forceOf } from "../codes/forbidden-hours.ts";
import { type Reader, ruleHref } from "../codes/pages.ts";
import { type Reason, reasons } from "../conduct/finding.ts";
import type { RuleAnswer } from "../conduct/why-not.ts";
import type { FormErrors } from "../web/forms.ts";
import { conditionLines, exceptionLines } from "./condition-view.ts";
import { type Desk, explainAll, explainRule } from "./explained.ts";
import type { IncidentGlance } from "./finding.ts";
import { withWordsFolded } from "./folded-words.ts";

/** What was not even asked of the contact comes last. */
const notAsked: readonly Reason[] = ["lender", "collector", "not-in-force", "off"];
const ordered = [...reasons.filter((reason) => !notAsked.includes(reason)), ...notAsked];

/** Which rules are looked at; an empty part leaves all in. */
export interface WhyNotFilter {
  code: string;
  topic: string;
  reason: string;
  rule: string;
}

export async function whyNotPage(
  desk: Desk,
  matter: Case,
  incident: IncidentGlance,
  filter: WhyNotFilter,
  reader: Reader,
) {
  const { t, locale, format } = reader;
  const base = `/cases/${matter.id}/findings`;
  const here = `${base}/why-not/${incident.number}`;
  const answers = await explainAll(desk, matter, incident);
  const silent = answers.filter(({ against }) => against !== null);
  const asked = filter.rule === "" ? undefined : answers.find(({ rule }) => rule.id === filter.rule);
  const shown = silent.filter(
    ({ code, rule, against }) =>
      (filter.code === "" || code.id === filter.code) &&
      (filter.topic === "" || rule.topic === filter.topic) &&
      (filter.reason === "" || against?.reason === filter.reason) &&
      (filter.rule === "" || rule.id === filter.rule),
  );
  const groups = Map.groupBy(shown, ({ against }) => against!.reason);
  const explained = asked && (await explainRule(desk, matter, incident, asked.code, asked.rule));
  const chosen = (value: string, text: string, now: string) => ({ value, text, selected: value === now });
  const any = { value: "", text: t("explain.whyNot.any") };
  const found = new Set(silent.map(({ against }) => against!.reason));
  const topics = new Set(answers.flatMap(({ rule }) => rule.topic ?? []));
  return {
    title: t("explain.whyNot.title", { number: incident.number }),
    here,
    back: {
      href: `/cases/${matter.id}/incidents/${incident.number}`,
      text: t("findings.one.incident", { number: incident.number }),
    },
    line: t("findings.lineShort", {
      number: incident.number,
      channel: t(`findings.channel.${incident.channel}`),
      when: format.instant(incident.happenedAt, incident.precision),
    }),
    summary: t("explain.whyNot.summary", { count: shown.length, n: shown.length, of: answers.length }),
    noCodes: answers.length === 0,
    filters: {
      rule: [any, ...answers.map(({ rule }) => chosen(rule.id, rule.title[locale], filter.rule))],
      code: [
        any,
        ...[...new Map(answers.map(({ code }) => [code.id, code])).values()].map((code) =>
          chosen(code.id, code.title[locale], filter.code),
        ),
      ],
      topic: [any, ...[...topics].map((topic) => chosen(topic, t(`explain.topic.${topic}`), filter.topic))],
      reason: [
        any,
        ...ordered.filter((one) => found.has(one)).map((one) => chosen(one, t(`explain.reason.${one}`), filter.reason)),
      ],
    },
    isFiltered: Object.values(filter).some((value) => value !== ""),
    /** Whoever asks for one rule wants its answer, not the filters above it. */
    isFilterOpen: filter.rule === "" && Object.values(filter).some((value) => value !== ""),
    /** The rule asked for says something of this contact: then the answer is its finding. */
    says:
      asked !== undefined && asked.against === null
        ? {
            title: asked.rule.title[locale],
            outcome: asked.outcome,
            href: `${base}/${incident.number}/${encodeURIComponent(asked.rule.id)}`,
          }
        : null,
    groups: ordered
      .filter((reason) => groups.has(reason))
      .map((reason) => ({
        reason,
        title: t(`explain.reason.${reason}`),
        rules: groups.get(reason)!.map((answer) => ruleView(answer, reason, { ...desk, caseId: matter.id }, reader)),
      })),
    open: filter.rule !== "",
    whatIf: explained?.whatIf.map(({ says }) => says[locale]) ?? [],
  };
}

/** The page that asks which contact is meant, when one comes from a rule. */
export function choosePage(
  matter: Case,
  { codes }: Pick<Desk, "codes">,
  typed: { incident: unknown; rule: unknown },
  { t, locale }: Reader,
) {
  const back = `/cases/${matter.id}/findings`;
  const id = typeof typed.rule === "string" ? typed.rule : "";
  const rule = codes
    .judgeFor(matter.codes)
    .codes.flatMap(({ compiled }) => compiled.code.rules)
    .find((one) => one.id === id);
  const incident = typeof typed.incident === "string" ? typed.incident : "";
  return {
    title: rule === undefined ? t("explain.choose.title") : t("explain.choose.titleRule", { rule: rule.title[locale] }),
    back,
    here: `${back}/why-not`,
    rule: rule === undefined ? null : id,
    values: { incident },
    errors: (incident === "" ? {} : { incident: "explain.choose.bad" }) as FormErrors,
  };
}

function ruleView(answer: RuleAnswer, reason: Reason, { codes, caseId }: Desk & { caseId: string }, reader: Reader) {
  const { t, locale, format } = reader;
  const { code, rule, against } = answer;
  const source = code.sources[rule.source];
  return {
    id: rule.id,
    title: rule.title[locale],
    href: ruleHref(code.id, rule.id, caseId),
    cite: t("findings.one.cite", {
      source: source?.title[locale] ?? rule.source,
      clause: clauseIn(rule.clause, locale),
    }),
    because:
      (against?.fact && withWordsFolded(against.fact.says[locale])) ?? becauseOf(answer, reason, { t, locale, format }),
    conditions: conditionLines(answer.conditions, codes, reader),
    exceptions: exceptionLines(answer, codes, reader),
  };
}

/** The sentence for a rule whose conditions were not asked. */
function becauseOf(
  { code, rule }: RuleAnswer,
  reason: Reason,
  { t, locale, format }: Pick<Reader, "t" | "locale" | "format">,
): string {
  const source = code.sources[rule.source];
  const { from, to } = forceOf(code, rule);
  switch (reason) {
    case "off":
      return rule.caution?.[locale] ?? t("codes.rule.offUnverified");
    case "not-in-force":
      return to === null
        ? t("explain.whyNot.from", { from: format.date(from) })
        : t("explain.whyNot.span", { from: format.date(from), to: format.date(to) });
    default:
      return t("explain.whyNot.binds", { binds: source?.binds[locale] ?? "" });
  }
}
