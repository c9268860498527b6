/**
 * What the findings pages show, as plain data: one finding explained, a page of them, the rules they belong to. Its `findingViews` is
 * also what the page of an incident shows. It must not know requests. Next: list-page.ts, routes.ts.
 */
import { listCollectors, listDebts } from "../cases/store.ts";
import { clauseIn } from "../codes/clause.ts";
import { forceOf, hoursOfRule, limitOfRule, spansOf } from "../codes/forbidden-hours.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { type Reader, ruleHref } from "../codes/pages.ts";
import { localPlace } from "../codes/worked-examples.ts";
import type { Code, Rule } from "../conduct/code.ts";
import type { Quote } from "../conduct/finding.ts";
import type { Db } from "../platform/database.ts";
import { dayStrip } from "../web/charts/day-strip.ts";
import type { Mark } from "../web/charts/marks.ts";
import type { IncidentGlance, KeptFinding } from "./finding.ts";
import { type Question, questionsOf } from "./questions.ts";
import { glancesOf } from "./glance-store.ts";

/** Where findings are shown, and what the reader may do there. */
export interface Showing {
  caseId: string;
  zone: string;
  mayReview: boolean;
  mayLog: boolean;
  /** The address to come back to after an answer or a review. */
  back: string;
}

export type FindingView = ReturnType<typeof findingView>;

/** A counted set is kept up to this length; then it is its last members. */
const COUNTED_KEPT = 100;

/** Findings ready to be shown; two queries however many, and two more where something is missing. */
export async function findingViews(
  { db, codes }: { db: Db; codes: CodeLibrary },
  kept: readonly KeptFinding[],
  showing: Showing,
  reader: Reader,
): Promise<FindingView[]> {
  const mentioned = kept.flatMap(({ finding }) => [
    ...finding.counted,
    ...finding.quotes.map((quote) => quote.incident),
  ]);
  const glances = await glancesOf(db, showing.caseId, mentioned);
  const asksSomething = showing.mayLog && kept.some(({ finding }) => finding.missing.length > 0);
  const [debts, collectors] = asksSomething
    ? [await listDebts(db, showing.caseId), await listCollectors(db, showing.caseId)]
    : [[], []];
  return kept.map((one) => {
    const counted = one.finding.counted.flatMap((id) => glances.get(id) ?? []);
    const questions = questionsOf(one, counted, { caseId: showing.caseId, debts, collectors, reader });
    return findingView(one, { codes, counted, glances, questions }, showing, reader);
  });
}

interface Material {
  codes: CodeLibrary;
  counted: readonly IncidentGlance[];
  glances: ReadonlyMap<string, IncidentGlance>;
  questions: Question[];
}

function findingView(kept: KeptFinding, material: Material, showing: Showing, reader: Reader) {
  const { finding, incident, review } = kept;
  const { locale, t, format } = reader;
  const { caseId } = showing;
  const code = material.codes.get(finding.code.id);
  const rule = material.codes.rule(finding.code.id, finding.rule);
  const incidentHref = (number: number) => `/cases/${caseId}/incidents/${number}`;
  const reviewHref = `/cases/${caseId}/findings/${incident.number}/${encodeURIComponent(finding.rule)}/review`;
  return {
    anchor: `f-${incident.number}-${finding.rule.replaceAll(".", "-")}`,
    ...ruleWords(code, rule, { id: finding.rule, caseId }, reader),
    outcome: finding.outcome,
    basis: finding.basis,
    obligation: finding.obligation,
    strength: finding.strength,
    severity: finding.severity,
    clause: clauseIn(finding.clause, locale),
    because: withoutQuotes(finding.because[locale], finding.quotes),
    incident: {
      number: incident.number,
      href: incidentHref(incident.number),
      line: t(incident.contacted === null ? "findings.lineShort" : "findings.line", {
        number: incident.number,
        channel: t(`findings.channel.${incident.channel}`),
        contacted: incident.contacted === null ? "" : t(`findings.contacted.${incident.contacted}`),
        when: format.instant(incident.happenedAt, incident.precision),
      }),
    },
    rowStripSvg: rowStrip(incident, code, rule, showing),
    counted: countedView(kept, material.counted, { code, rule }, showing, reader, incidentHref),
    quotes: finding.quotes.map((quote) => {
      const number = material.glances.get(quote.incident)?.number ?? incident.number;
      return {
        text: quote.text,
        href: incidentHref(number),
        from: t("findings.one.quoteFrom", { number, field: t(`findings.one.quoteField.${quote.field}`) }),
      };
    }),
    questions: material.questions,
    mayLog: showing.mayLog,
    mayReview: showing.mayReview,
    back: showing.back,
    review:
      review === null
        ? null
        : {
            verdict: review.verdict,
            otherwise:
              review.saidOf === null
                ? null
                : t("explain.reviewed.said", {
                    saying: t("explain.changes.saying", {
                      outcome: t(`common.outcome.${review.saidOf.outcome}`),
                      because: withoutQuotes(review.saidOf.because[locale], review.saidOf.quotes),
                    }),
                  }),
            who: t(`findings.review.${review.verdict}`, { name: review.reviewerName }),
            said:
              review.reason === null
                ? t("findings.review.saidPlain", { date: format.date(review.reviewedAt) })
                : t("findings.review.said", { date: format.date(review.reviewedAt), reason: review.reason }),
          },
    explainHref: `/cases/${caseId}/findings/${incident.number}/${encodeURIComponent(finding.rule)}`,
    reviewHref,
    withdrawHref: `${reviewHref}/withdrawal`,
  };
}

/** Hurting words stay folded away until asked for: the explanation keeps its place for them. */
function withoutQuotes(because: string, quotes: readonly Quote[]): string {
  return quotes.reduce((text, quote) => text.replaceAll(`“${quote.text}”`, "“…”"), because);
}

/** The rule in the words of the code version the finding was judged with; that version is the one installed, or it would be judged again. */
function ruleWords(
  code: Code | undefined,
  rule: Rule | undefined,
  { id, caseId }: { id: string; caseId: string },
  reader: Reader,
) {
  const { locale, t, format } = reader;
  if (code === undefined || rule === undefined) {
    return {
      rule: id,
      title: t("findings.one.unknownRule", { rule: id }),
      paraphrase: null,
      caution: null,
      href: null,
      source: null,
      inForce: null,
    };
  }
  return {
    rule: id,
    title: rule.title[locale],
    paraphrase: rule.paraphrase[locale],
    caution: rule.caution?.[locale] ?? null,
    href: ruleHref(code.id, rule.id, caseId),
    source: code.sources[rule.source]?.title[locale] ?? null,
    inForce: t("findings.one.inForce", { from: format.date(forceOf(code, rule).from) }),
  };
}

/** The incident on its day; no picture where the time of day is not known. */
function rowStrip(incident: IncidentGlance, code: Code | undefined, rule: Rule | undefined, { zone }: Showing): string {
  const mark = markOf(incident, code?.zone ?? zone);
  if (mark.minute === null) return "";
  return dayStrip([mark], { forbidden: rule === undefined ? [] : spansOf(hoursOfRule(rule)), size: "row" });
}

function markOf(incident: IncidentGlance, zone: string): Mark {
  return {
    minute: placeOf(incident, zone).minute,
    about: incident.precision === "about",
    open: incident.outcome === null || ["unanswered", "not-connected", "blocked", "unknown"].includes(incident.outcome),
    other: incident.contacted !== null && incident.contacted !== "self",
  };
}

const placeOf = ({ happenedAt, precision }: IncidentGlance, zone: string) =>
  localPlace({ happenedAt: new Date(happenedAt).toISOString(), precision }, zone);

/** The counted set: a strip where all lies on one day, and the list with order numbers, those over the limit marked. */
function countedView(
  { finding, incident: own }: KeptFinding,
  counted: readonly IncidentGlance[],
  { code, rule }: { code: Code | undefined; rule: Rule | undefined },
  { zone }: Showing,
  { t, format }: Reader,
  incidentHref: (number: number) => string,
) {
  if (counted.length < 2) return null;
  const limit = rule === undefined ? undefined : limitOfRule(rule);
  const cut = counted.length >= COUNTED_KEPT;
  const places = counted.map((incident) => placeOf(incident, code?.zone ?? zone));
  const oneDay = places.every(({ day }) => day === places[0]?.day);
  const isOver = (index: number) => finding.outcome === "matches" && limit !== undefined && (cut || index >= limit);
  const n = counted.length;
  return {
    heading: cut
      ? t(limit === undefined ? "findings.one.countedLast" : "findings.one.countedLastLimit", {
          n: format.number(n),
          limit,
        })
      : limit === undefined
        ? t("findings.one.counted", { count: n, n: format.number(n) })
        : t("findings.one.countedLimit", { count: n, n: format.number(n), limit }),
    stripSvg:
      oneDay && n <= 24
        ? dayStrip(
            counted.map((incident) => markOf(incident, code?.zone ?? zone)),
            {
              forbidden: rule === undefined ? [] : spansOf(hoursOfRule(rule)),
              size: "large",
              ...(limit === undefined || finding.outcome !== "matches" ? { limit: n } : { limit }),
            },
          )
        : "",
    items: counted.map((incident, index) => ({
      number: incident.number,
      href: incidentHref(incident.number),
      when:
        oneDay && places[index]?.minute !== null
          ? format.time(incident.happenedAt)
          : incident.precision === "exact" || incident.precision === "about"
            ? format.shortInstant(incident.happenedAt)
            : format.instant(incident.happenedAt, incident.precision),
      /** Its place in the counted set; how many went before the last ones is not kept. */
      nth: cut ? null : index + 1,
      own: incident.id === own.id,
      over: isOver(index),
    })),
  };
}
