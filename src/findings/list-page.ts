/**
 * The list of findings: how many of each outcome, the filters in force as chips, a page of findings or the rules they belong to.
 * It must not know requests. Next: routes.ts.
 */
import type { Case } from "../cases/case.ts";
import { clauseIn } from "../codes/clause.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { type Reader, codeHref, ruleHref } from "../codes/pages.ts";
import { severities } from "../conduct/vocabulary.ts";
import type { Db } from "../platform/database.ts";
import { changesSince, recentChanges } from "./change-store.ts";
import { changesView, totalsText } from "./changes-view.ts";
import { countContactsByOutcome } from "./contact-count-store.ts";
import { type Difference, type KeptOutcome, keptOutcomes } from "./finding.ts";
import { type AskedFilter, placeText, reviewStates } from "./form.ts";
import { type Showing, findingViews } from "./pages.ts";
import { type RuleCount, countByRule } from "./count-store.ts";
import { isWhole } from "./filter-store.ts";
import { peopleNamed } from "./source-store.ts";
import { listFindings } from "./store.ts";
import { type Untold, untoldOf } from "./untold.ts";
import { groupViews } from "./untold-page.ts";

const PAGE = 25;
/** So many of the latest judgements are told. */
const JUDGEMENTS = 5;

export async function listPage(
  bench: { db: Db; codes: CodeLibrary },
  matter: Case,
  asked: AskedFilter,
  showing: Showing,
  changed: Difference,
  /** When the newest judgement was made that this reader has seen here, epoch milliseconds; null on a first visit. */
  seenAt: number | null,
  reader: Reader,
) {
  const { db, codes } = bench;
  const { t, locale, format } = reader;
  const base = `/cases/${matter.id}/findings`;
  const whole = await countByRule(db, matter.id);
  const untold = untoldOf(codes.expand(matter.codes), whole);
  // Whoever asks for a rule, or for all rules, sees all of it.
  const isApart = untold.length > 0 && !asked.byRule && !asked.filter.rules?.length;
  const filter = isApart ? { ...asked.filter, untold: untold.map(({ rule }) => rule.id) } : asked.filter;
  const heeded = withoutUntold(whole, untold);
  const counts = isWhole(asked.filter) ? (isApart ? heeded : whole) : await countByRule(db, matter.id, filter);
  const number = sum(counts);
  const byContact = await countContactsByOutcome(db, matter.id);
  const recent = await recentChanges(db, matter.id, JUDGEMENTS);
  const isNews = seenAt !== null && (recent[0]?.at ?? 0) > seenAt;
  const names = await peopleNamed(
    db,
    recent.flatMap(({ causes }) => causes.map(({ actor }) => actor)),
  );
  const hasChanged = changed.appeared.length + changed.changed.length + changed.gone.length > 0;
  const titleOf = (rule: string): string => codes.rule(codeOf(codes, matter, rule), rule)?.title[locale] ?? rule;
  const address = (change: (query: URLSearchParams) => void): string => {
    const query = addressOf(asked);
    change(query);
    return query.size === 0 ? base : `${base}?${query.toString()}`;
  };
  const page = asked.byRule
    ? null
    : await listFindings(db, matter.id, filter, {
        limit: PAGE,
        ...(asked.newerThan === undefined ? {} : { newerThan: asked.newerThan }),
        ...(asked.olderThan === undefined ? {} : { olderThan: asked.olderThan }),
      });
  return {
    title: t("findings.title"),
    base,
    totals: keptOutcomes.map((outcome) => ({ outcome, n: byContact[outcome] })),
    untold:
      untold.length === 0
        ? null
        : {
            text: t("explain.untold.together", { count: untold.reduce((n, { contacts }) => n + contacts, 0) }),
            groups: groupViews(untold, matter.id, reader),
          },
    changed: isNews
      ? {
          title: t("explain.changes.since"),
          text: totalsText(await changesSince(db, matter.id, seenAt), reader),
        }
      : hasChanged
        ? { title: t("findings.changed.title"), text: totalsText(numbersOf(changed), reader) }
        : null,
    changes: changesView(recent, matter, { codes, names }, reader),
    newestChange: recent[0]?.at ?? null,
    codes: matter.codes.flatMap((id) => {
      const code = codes.get(id);
      return code === undefined ? [] : [{ title: code.title[locale], href: codeHref(id, matter.id) }];
    }),
    codesHref: `/cases/${matter.id}/codes`,
    tryHref: `${base}/try`,
    chips: chipsOf(asked, { titleOf, address }, reader),
    clearHref: asked.byRule ? `${base}?group=rule` : base,
    filters: filtersOf(asked, whole, titleOf, reader),
    errors: asked.errors,
    heading: asked.byRule
      ? t("findings.list.headingRules", { count: rulesIn(counts), n: format.number(rulesIn(counts)) })
      : t("findings.list.heading", { count: number, n: format.number(number) }),
    number,
    nothingAtAll: whole.length === 0,
    byRule: asked.byRule,
    switchHref: address((query) => (asked.byRule ? query.delete("group") : query.set("group", "rule"))),
    rules: asked.byRule ? rulesOf(codes, matter, counts, address, reader) : [],
    findings: page === null ? [] : await findingViews(bench, page.findings, showing, reader),
    newerHref: page?.newerPlace == null ? null : address((query) => query.set("newer", placeText(page.newerPlace!))),
    olderHref: page?.olderPlace == null ? null : address((query) => query.set("older", placeText(page.olderPlace!))),
  };
}

/** The counts without the questions that stand together. */
function withoutUntold(counts: readonly RuleCount[], untold: readonly Untold[]): RuleCount[] {
  const apart = new Set(untold.map(({ rule }) => rule.id));
  return counts.map((count) =>
    count.outcome === "cannot-tell" && apart.has(count.rule)
      ? { ...count, open: 0, confirmed: 0, dismissed: 0 }
      : count,
  );
}

/** Those that nobody dismissed. */
const stillHeld = (counts: readonly RuleCount[], outcome: KeptOutcome): number =>
  counts.filter((count) => count.outcome === outcome).reduce((sum, { open, confirmed }) => sum + open + confirmed, 0);

const sum = (counts: readonly RuleCount[]): number =>
  counts.reduce((n, { open, confirmed, dismissed }) => n + open + confirmed + dismissed, 0);

const rulesIn = (counts: readonly RuleCount[]): number => new Set(counts.map(({ rule }) => rule)).size;

/** Which of the case's codes has a rule; empty when none has it any more. */
const codeOf = (codes: CodeLibrary, matter: Case, ruleId: string): string =>
  codes.expand(matter.codes).find(({ rules }) => rules.some(({ id }) => id === ruleId))?.id ?? "";

const numbersOf = ({ appeared, changed, gone }: Difference) => ({
  appeared: appeared.length,
  changed: changed.length,
  gone: gone.length,
});

/** The filter as it stands in an address; a page is left behind when the filter changes. */
function addressOf({ filter, byRule }: AskedFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const outcome of filter.outcomes ?? []) query.append("outcome", outcome);
  for (const rule of filter.rules ?? []) query.append("rule", rule);
  for (const severity of filter.severities ?? []) query.append("severity", severity);
  for (const state of filter.reviewed ?? []) query.append("reviewed", state);
  if (filter.from !== undefined) query.set("from", filter.from);
  if (filter.to !== undefined) query.set("to", filter.to);
  if (byRule) query.set("group", "rule");
  return query;
}

interface Tools {
  titleOf(rule: string): string;
  address(change: (query: URLSearchParams) => void): string;
}

/** One chip for each kind of filter in force; following it takes that filter away. */
function chipsOf({ filter }: AskedFilter, { titleOf, address }: Tools, { t, format }: Reader) {
  const lists = [
    { name: "outcome", values: (filter.outcomes ?? []).map((value) => t(`common.outcome.${value}`)) },
    { name: "rule", values: (filter.rules ?? []).map(titleOf) },
    { name: "severity", values: (filter.severities ?? []).map((value) => t(`codes.severity.${value}`)) },
    { name: "reviewed", values: (filter.reviewed ?? []).map((value) => t(`findings.filter.reviews.${value}`)) },
  ];
  const chips = lists
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => ({
      label: t(`findings.filter.${name}`),
      value: format.list(values),
      href: address((query) => query.delete(name)),
    }));
  const days = { from: filter.from && format.date(filter.from), to: filter.to && format.date(filter.to) };
  if (days.from !== undefined || days.to !== undefined) {
    const key = days.from === undefined ? "chipTo" : days.to === undefined ? "chipFrom" : "chipSpan";
    chips.push({
      label: t("findings.filter.dates"),
      value: t(`findings.filter.${key}`, days),
      href: address((query) => {
        query.delete("from");
        query.delete("to");
      }),
    });
  }
  return chips;
}

/** The form that adds filters: what can be chosen, with what is in force ticked. */
function filtersOf(
  { filter, days, byRule }: AskedFilter,
  whole: readonly RuleCount[],
  titleOf: (rule: string) => string,
  { t, format }: Reader,
) {
  const perRule = Map.groupBy(whole, ({ rule }) => rule);
  return {
    outcome: keptOutcomes.map((value) => ({
      value,
      text: t(`common.outcome.${value}`),
      checked: filter.outcomes?.includes(value) === true,
    })),
    rule: [...perRule].map(([value, counts]) => ({
      value,
      text: t("findings.filter.ruleCount", { title: titleOf(value), n: format.number(sum(counts)) }),
      checked: filter.rules?.includes(value) === true,
    })),
    severity: severities.map((value) => ({
      value,
      text: t(`codes.severity.${value}`),
      checked: filter.severities?.includes(value) === true,
    })),
    reviewed: reviewStates.map((value) => ({
      value,
      text: t(`findings.filter.reviews.${value}`),
      checked: filter.reviewed?.includes(value) === true,
    })),
    days,
    byRule,
  };
}

/** The rules with findings, those with most matches first. */
function rulesOf(
  codes: CodeLibrary,
  matter: Case,
  counts: readonly RuleCount[],
  address: Tools["address"],
  { t, locale, format }: Reader,
) {
  const weight = (ofRule: readonly RuleCount[], outcome: KeptOutcome) => stillHeld(ofRule, outcome);
  return [...Map.groupBy(counts, ({ rule }) => rule)]
    .map(([id, ofRule]) => {
      const codeId = codeOf(codes, matter, id);
      const rule = codes.rule(codeId, id);
      const source = rule === undefined ? undefined : codes.get(codeId)?.sources[rule.source];
      const said = (kind: "open" | "confirmed" | "dismissed") => ofRule.reduce((n, count) => n + count[kind], 0);
      return {
        id,
        title: rule?.title[locale] ?? id,
        ruleHref: rule === undefined ? null : ruleHref(codeId, id, matter.id),
        href: address((query) => {
          query.delete("group");
          query.delete("rule");
          query.set("rule", id);
        }),
        obligation: rule?.obligation ?? null,
        strength: rule?.strength ?? source?.strength ?? null,
        clause:
          rule === undefined
            ? ""
            : t("findings.one.cite", {
                source: source?.title[locale] ?? rule.source,
                clause: clauseIn(rule.clause, locale),
              }),
        outcomes: keptOutcomes.map((outcome) => ({ outcome, n: weight(ofRule, outcome) })),
        reviews: (["open", "confirmed", "dismissed"] as const)
          .filter((kind) => said(kind) > 0)
          .map((kind) => t(`findings.group.${kind}`, { count: said(kind) })),
        newest: t("findings.group.newest", { date: format.date(Math.max(...ofRule.map(({ newestAt }) => newestAt))) }),
        order: keptOutcomes.map((outcome) => weight(ofRule, outcome)),
      };
    })
    .sort((a, b) => compare(b.order, a.order));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((n, index) => n !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
