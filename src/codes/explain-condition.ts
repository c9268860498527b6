/**
 * A rule's condition told in plain sentences, made from the very data the judge reads, so that what people are told cannot drift from
 * what is judged. Complete over the vocabulary of conditions: a new key does not compile until it has a sentence. It knows no case.
 * Next: pages.ts, which shows the sentences beside the rule's own words.
 */
import type { Condition, Simple } from "../conduct/code.ts";
import { ordinal } from "../conduct/sentences.ts";
import type { Act } from "../conduct/vocabulary.ts";
import { type Locale, type Translate, translator } from "../web/locale.ts";

/** One sentence, and what belongs under it. */
export interface Told {
  text: string;
  items: Told[];
}

type Keys = Required<Omit<Condition, "all" | "any" | "not">>;
type Teller = { [K in keyof Keys]: (value: NonNullable<Keys[K]>, words: Words) => Told };

/** How the names of acts are told; data/acts.yaml has them in both languages. */
export type ActLabel = (act: Act, locale: Locale) => string;

/** @returns the sentences that must all hold. */
export function explainCondition(condition: Condition, locale: Locale, actLabel: ActLabel): Told[] {
  return tell(condition, new Words(locale, actLabel, false));
}

/** Looks up words; `negated` picks the sentence that says the opposite. */
class Words {
  readonly locale: Locale;
  readonly actLabel: ActLabel;
  readonly negated: boolean;
  readonly t: Translate;
  constructor(locale: Locale, actLabel: ActLabel, negated: boolean) {
    this.locale = locale;
    this.actLabel = actLabel;
    this.negated = negated;
    this.t = translator(locale);
  }
  not(): Words {
    return new Words(this.locale, this.actLabel, !this.negated);
  }
  plain(): Words {
    return this.negated ? this.not() : this;
  }
  /** The sentence of a key, in its negated form where `not` stands in front. */
  sentence(key: string, params: Record<string, unknown> = {}, items: Told[] = []): Told {
    return { text: this.t(`codes.condition.${key}.${this.negated ? "no" : "yes"}`, params), items };
  }
  terms(kind: string, values: readonly string[], type: "disjunction" | "conjunction" = "disjunction"): string {
    return this.list(
      values.map((value) => this.t(`codes.term.${kind}.${value}`)),
      type,
    );
  }
  list(items: readonly string[], type: "disjunction" | "conjunction" = "disjunction"): string {
    return new Intl.ListFormat(this.locale === "en" ? "en-GB" : this.locale, { type }).format(items);
  }
}

/** A condition of several parts: all must hold. */
function tell(condition: Condition, words: Words): Told[] {
  const told: Told[] = [];
  for (const key of Object.keys(tellers) as (keyof Keys)[]) {
    const value = condition[key];
    if (value !== undefined) told.push((tellers[key] as (value: unknown, words: Words) => Told)(value, words));
  }
  for (const part of condition.all ?? []) told.push(...tell(part, words));
  if (condition.any !== undefined) told.push(...tellAny(condition.any, words));
  if (condition.not !== undefined) told.push(...tellNot(condition.not, words));
  return told;
}

function tellAny(parts: Condition[], words: Words): Told[] {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return tell(only, words);
  return [{ text: words.t("codes.condition.any"), items: parts.map((part) => asOne(part, words)) }];
}

/** Several sentences as one item of a list. */
function asOne(condition: Condition, words: Words): Told {
  const told = tell(condition, words);
  const [only] = told;
  return told.length === 1 && only !== undefined ? only : { text: words.t("codes.condition.all"), items: told };
}

/** `not` in front of one plain fact has a sentence of its own; in front of several, "not all of these hold". */
function tellNot(condition: Condition, words: Words): Told[] {
  const { all, any, not, ...own } = condition;
  const keys = Object.keys(own);
  if (keys.length === 1 && all === undefined && any === undefined && not === undefined)
    return tell(condition, words.not());
  if (keys.length === 0 && all === undefined && any === undefined && not !== undefined) return tell(not, words);
  // None of these: each with its own negated sentence.
  if (keys.length === 0 && all === undefined && not === undefined && any !== undefined)
    return any.flatMap((part) => tellNot(part, words));
  return [{ text: words.t("codes.condition.notAll"), items: tell(condition, words) }];
}

const tellWhere = (where: Simple | undefined, words: Words): Told[] =>
  where === undefined ? [] : tell(where, words.plain());

const tellers: Teller = {
  channel: (value, w) => w.sentence("channel", { list: w.terms("channel", value) }),
  direction: (value, w) => w.sentence(`direction.${value}`),
  contacted: (value, w) => w.sentence("contacted", { list: w.terms("contacted", value) }),
  place: (value, w) => w.sentence("place", { list: w.terms("place", value) }),
  outcome: (value, w) => w.sentence("outcome", { list: w.terms("outcome", value) }),
  purpose: (value, w) => w.sentence("purpose", { list: w.terms("purpose", value) }),
  automated: (value, w) => (value ? w : w.not()).sentence("automated"),
  person: (_value, w) => w.plain().sentence("person"),
  collectorKind: (value, w) => w.sentence("collectorKind", { list: w.terms("collectorKind", value) }),
  localTime: ({ from, to, fromEdge, toEdge }, w) => {
    const edge = (at: string, which: string): Told => ({
      text: w.t(`codes.condition.edge.${which}`, { time: at }),
      items: [],
    });
    return w.sentence(from > to ? "localTimeNight" : "localTime", { from, to }, [
      ...(from === "00:00" ? [] : [edge(from, fromEdge)]),
      ...(to === "24:00" ? [] : [edge(to, toEdge)]),
    ]);
  },
  weekday: (value, w) => w.sentence("weekday", { list: w.terms("weekday", value.map(String)) }),
  publicHoliday: (value, w) => (value ? w : w.not()).sentence("publicHoliday"),
  acts: (value, w) => {
    const labels = value.map((act) => w.actLabel(act, w.locale));
    return labels.length <= 2
      ? w.sentence("acts", { list: w.list(labels.map((label) => w.t("codes.condition.quoted", { label }))) })
      : w.sentence(
          "actsList",
          { n: labels.length },
          labels.map((text) => ({ text, items: [] })),
        );
  },
  disclosed: (value, w) =>
    w.negated
      ? w.sentence(value.length === 1 ? "disclosedOne" : "disclosed", {
          list: w.terms("disclosed", value),
        })
      : w.sentence("disclosed", { list: w.terms("disclosed", value, "conjunction") }),
  visitors: ({ under, over }, w) => w.sentence(`visitors.${spanOf(under, over)}`, { under, over }),
  lenderKind: (value, w) => w.sentence("lenderKind", { list: w.terms("lenderKind", value) }),
  respondentKind: (value, w) => w.sentence("respondentKind", { list: w.terms("respondentKind", value) }),
  daysPastDue: ({ under, over }, w) => w.sentence(`daysPastDue.${spanOf(under, over)}`, { under, over }),
  reachable: (value, w) => (value ? w : w.not()).sentence("reachable"),
  debtLawful: (value, w) => (value ? w : w.not()).sentence("debtLawful"),
  employerForbids: (value, w) =>
    value === "unknown" ? w.sentence("employerForbidsUnknown") : (value ? w : w.not()).sentence("employerForbids"),
  count: ({ of, where, over, per, groupBy }, w) =>
    w.sentence(
      "count",
      {
        of: w.t(`codes.term.counted.${of}`, { count: over }),
        over,
        next: w.locale === "en" ? ordinal(over + 1) : over + 1,
        per:
          "calendarDays" in per
            ? w.t("codes.condition.perDay")
            : w.t("codes.condition.perDays", { n: per.rollingDays }),
        group: w.terms("group", groupBy, "conjunction"),
      },
      where === undefined ? [] : [{ text: w.t("codes.condition.countWhere"), items: tellWhere(where, w) }],
    ),
  coolDown: ({ after, days, groupBy }, w) =>
    w.sentence(
      days === 1 ? "coolDownDay" : "coolDown",
      { n: days, group: w.terms("group", groupBy, "conjunction") },
      tellWhere(after, w),
    ),
  afterNotice: ({ kinds, forms, from, about, withinDays }, w) =>
    w.sentence("afterNotice", { list: w.terms("notice", kinds) }, [
      { text: w.t(`codes.condition.noticeFrom.${from}`), items: [] },
      ...(forms === undefined
        ? []
        : [{ text: w.t("codes.condition.noticeForms", { list: w.terms("form", forms) }), items: [] }]),
      ...(about === undefined
        ? []
        : [
            {
              text: w.t("codes.condition.noticeAbout", {
                list: w.list(
                  about.map((one) => w.t(`codes.condition.about.${one}`)),
                  "conjunction",
                ),
              }),
              items: [],
            },
          ]),
      ...(withinDays === undefined
        ? []
        : [{ text: w.t("codes.condition.noticeWithin", { n: withinDays }), items: [] }]),
    ]),
  firstContact: ({ groupBy }, w) => w.sentence("firstContact", { group: w.terms("group", groupBy, "conjunction") }),
  agreed: (value, w) => w.sentence(`agreed.${value}`),
};

const spanOf = (under: number | undefined, over: number | undefined): "both" | "under" | "over" =>
  under !== undefined && over !== undefined ? "both" : under !== undefined ? "under" : "over";
