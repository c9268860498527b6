/**
 * One finding by itself, explained in full: why, the facts and where each came from, the counted set against the limit, the text and how
 * binding it is, what limits the finding, and what would make it different. It must not know requests. Next: routes.ts.
 */
import type { Case } from "../cases/case.ts";
import { forceOf, limitOfRule } from "../codes/forbidden-hours.ts";
import type { Reader } from "../codes/pages.ts";
import { localPlace } from "../codes/worked-examples.ts";
import type { Code, Condition, Rule } from "../conduct/code.ts";
import { isoDay } from "../conduct/zone.ts";
import { countedDays } from "../web/charts/counted-days.ts";
import { conditionLines, exceptionLines } from "./condition-view.ts";
import { type Desk, explainRule } from "./explained.ts";
import { factRows } from "./fact-sources.ts";
import { withWordsFolded } from "./folded-words.ts";
import type { IncidentGlance, KeptFinding } from "./finding.ts";
import { glancesOf } from "./glance-store.ts";
import { type Showing, findingViews } from "./pages.ts";

export async function findingPage(desk: Desk, matter: Case, kept: KeptFinding, showing: Showing, reader: Reader) {
  const { finding: found, incident } = kept;
  const { t, locale } = reader;
  const [finding] = await findingViews(desk, [kept], showing, reader);
  const code = desk.codes.get(found.code.id);
  const rule = desk.codes.rule(found.code.id, found.rule);
  const explained = code && rule && (await explainRule(desk, matter, incident, code, rule));
  const base = `/cases/${matter.id}/findings`;
  return {
    title: finding!.title,
    finding: finding!,
    backHref: `${base}#${finding!.anchor}`,
    facts: explained ? await factRows(desk, matter, explained, { glance: incident, finding: found }, reader) : [],
    conditions: explained ? conditionLines(explained.answer.conditions, desk.codes, reader) : [],
    exceptions: explained ? exceptionLines(explained.answer, desk.codes, reader) : [],
    stairSvg: code && rule ? await stair(desk, matter, kept, code, rule, reader) : "",
    whatIf: explained ? explained.whatIf.map(({ says }) => says[locale]) : [],
    source: code && rule ? sourceOf(code, rule, reader) : null,
    limits: limitsOf(kept, rule, code, reader),
    whyNotHref: `${base}/why-not/${incident.number}`,
    whyNotText: t("explain.whyNot.others", { number: incident.number }),
  };
}

/** The text it is held against: how binding, since when, how far it was checked. */
function sourceOf(code: Code, rule: Rule, { t, locale, format }: Reader) {
  const source = code.sources[rule.source]!;
  const { from, to } = forceOf(code, rule);
  const strength = rule.strength ?? source.strength;
  return {
    title: source.title[locale],
    issuer: source.issuer[locale],
    binds: source.binds[locale],
    strengthHint: t(`codes.rule.strengthHint.${strength}`),
    checked: t(`codes.rule.checkedHow.${rule.checked ?? source.checked}`),
    checkedNote: source.checkedNote?.[locale] ?? null,
    inForce:
      to === null
        ? t("codes.code.since", { from: format.date(from) })
        : t("codes.code.span", { from: format.date(from), to: format.date(to) }),
  };
}

/** How many local days a counting rule looks over; undefined for one that does not count. */
function windowDays({ count, all = [], any = [] }: Condition): number | undefined {
  if (count !== undefined) return "rollingDays" in count.per ? count.per.rollingDays : 1;
  return [...all, ...any].map(windowDays).find((days) => days !== undefined);
}

/** What a reader must know before leaning on the finding, the weightiest first. */
function limitsOf(
  { finding }: KeptFinding,
  rule: Rule | undefined,
  code: Code | undefined,
  { t, locale }: Reader,
): string[] {
  const checked = rule?.checked ?? (rule && code?.sources[rule.source]?.checked) ?? "unverified";
  const caution = rule?.caution?.[locale];
  return [
    ...(finding.outcome === "needs-review"
      ? [t("explain.limit.person", { because: withWordsFolded(finding.because[locale]) })]
      : []),
    ...(finding.outcome === "cannot-tell" ? [t("explain.limit.unknown")] : []),
    ...(finding.basis === "record" ? [] : [t(`explain.limit.basis.${finding.basis}`)]),
    ...(["criminal", "standard", "self-regulatory", "presumption"].includes(finding.strength)
      ? [t(`explain.limit.strength.${finding.strength}`)]
      : []),
    ...(finding.obligation.startsWith("should") ? [t("explain.limit.should")] : []),
    ...(checked === "read" ? [] : [t(`explain.limit.checked.${checked}`)]),
    ...(caution === undefined ? [] : [caution]),
  ];
}

/** The counted set over the days of its window; nothing for a count of one day, which has the strip of that day. */
async function stair(
  desk: Desk,
  matter: Case,
  { finding, incident }: KeptFinding,
  code: Code,
  rule: Rule,
  reader: Reader,
) {
  const [limit, days] = [limitOfRule(rule), windowDays(rule.when)];
  if (limit === undefined || days === undefined || days < 2 || finding.counted.length < 2) return "";
  const { t, format } = reader;
  const glances = await glancesOf(desk.db, matter.id, finding.counted);
  const zone = code.zone ?? matter.zone;
  const dayOf = ({ happenedAt, precision }: IncidentGlance): number =>
    localPlace({ happenedAt: new Date(happenedAt).toISOString(), precision }, zone).day;
  const last = dayOf(incident);
  const dots = finding.counted
    .flatMap((id) => glances.get(id) ?? [])
    .map((one) => ({ day: dayOf(one) - (last - days + 1), own: one.id === incident.id }))
    .filter(({ day }) => day >= 0 && day < days);
  const dateOf = (day: number) => format.date(isoDay(day));
  const words = {
    first: dateOf(last - days + 1),
    last: dateOf(last),
    limit: t("explain.chart.limit", { count: limit }),
  };
  return countedDays({
    days,
    dots,
    limit,
    words,
    label: t("explain.chart.label", { n: dots.length, limit, first: words.first, last: words.last }),
  });
}
