/**
 * Which changes are worth trying for what a rule asks, nearest first: an idea for each condition, read out of the rule itself. Whether a
 * change does anything is not decided here. Next: what-if.ts judges them.
 */
import type { Notice } from "./case.ts";
import { type Change, type ChangedCaseFact, type ChangedField, MOVED_DAYS, type Question } from "./change.ts";
import type { Condition } from "./code.ts";
import type { ConditionKey } from "./condition-answers.ts";
import { EXACT, type Facts, MONTH } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { Incident } from "./incident.ts";
import {
  type Act,
  channels,
  collectorKinds,
  contactedPersons,
  lenderKinds,
  outcomes,
  places,
  purposes,
  respondentKinds,
} from "./vocabulary.ts";
import { DAY_MS, fromLocal, monthAround, timeOfDay } from "./zone.ts";

/** What the rule says of the incident now. */
export interface Judged {
  outcome: Finding["outcome"];
  /** Undefined where the rule says nothing. */
  finding: Finding | undefined;
  facts: Facts;
  /** The other incidents that it counts, also where the finding names only the last of them. */
  counted: readonly string[];
}

export interface Idea {
  readonly changes: readonly Change[];
  /** So many of those that give the same outcome are said. */
  readonly most: number;
}

const MINUTE_MS = 60_000;
/** More contacts than these are not imagined, and a time of day has no finer grain than a minute. */
const MOST_MORE = 50;
/** As many contacts a day as anybody would agree to. */
const MOST_AGREED = 20;
const NOTHING: Idea = { changes: [], most: 0 };

/** What people look for first; channel and direction turn nearly every outcome and tell little. */
const tellingFirst: readonly ConditionKey[] = [
  "localTime",
  "count",
  "coolDown",
  "firstContact",
  "afterNotice",
  "agreed",
  "outcome",
  "contacted",
  "place",
  "purpose",
  "acts",
  "disclosed",
  "visitors",
  "automated",
  "collectorKind",
  "reachable",
  "employerForbids",
  "debtLawful",
  "daysPastDue",
  "lenderKind",
  "respondentKind",
  "weekday",
  "publicHoliday",
  "channel",
  "direction",
  "person",
];

/** One idea for each thing the rule asks, the most telling first; what it asks twice gives two. */
export function ideasFor(question: Question, now: Judged): Idea[] {
  const { rule, code, context } = question;
  const source = code.sources[rule.source];
  // Whom a rule binds is worth imagining only where the case does not say.
  const isOpen = (kind: string | undefined) => kind === undefined || kind === "unknown";
  const whom: Condition = {
    ...(rule.collectorKinds === undefined ? {} : { collectorKind: rule.collectorKinds }),
    ...((rule.lenderKinds ?? source?.lenderKinds) && isOpen(context.lenderKind)
      ? { lenderKind: [...lenderKinds] }
      : {}),
    ...(source?.respondentKinds && isOpen(context.respondentKind) ? { respondentKind: [...respondentKinds] } : {}),
  };
  const asked = [whom, rule.when, ...rule.unless.map(({ when }) => when)]
    .flatMap(asksOf)
    .sort(([a], [b]) => tellingFirst.indexOf(a) - tellingFirst.indexOf(b));
  return [
    ...(now.facts.precision === MONTH ? [daysOfMonth(now.facts)] : []),
    ...asked.map(([key, value]) => (ideas[key] as Maker)(value, question, now)),
  ].filter(({ changes }) => changes.length > 0);
}

type Maker = (value: unknown, question: Question, now: Judged) => Idea;
type Ideas = {
  [Key in ConditionKey]: (value: NonNullable<Condition[Key]>, question: Question, now: Judged) => Idea;
};

/** The single things a condition asks, wherever they stand in it. */
function asksOf(condition: Condition): [ConditionKey, unknown][] {
  const { all = [], any = [], not, ...own } = condition;
  const parts = [...all, ...any, ...(not === undefined ? [] : [not])];
  return [...(Object.entries(own) as [ConditionKey, unknown][]), ...parts.flatMap(asksOf)];
}

const oneOf =
  (field: ChangedField, values: readonly string[], most = 3) =>
  (_value: unknown, _question: Question, { facts }: Judged): Idea => ({
    changes: values
      .filter((value) => value !== facts.incident[field] && value !== "unknown")
      .map((to) => ({ kind: "field", field, to: to as Incident[ChangedField] })),
    most,
  });

const oneOfCase =
  (fact: ChangedCaseFact, values: readonly (string | boolean)[]) =>
  (_value: unknown, { context }: Question): Idea => ({
    changes: values
      .filter((value) => value !== context[fact] && value !== "unknown")
      .map((to) => ({ kind: "case", fact, to: to as never })),
    most: 3,
  });

const ideas: Ideas = {
  channel: oneOf("channel", channels, 2),
  direction: oneOf("direction", ["incoming", "outgoing"]),
  contacted: oneOf("contacted", contactedPersons),
  place: oneOf("place", places),
  outcome: outcomesOf,
  purpose: oneOf("purpose", purposes),
  automated: (_value, _question, { facts }) => ({
    changes: [true, false]
      .filter((to) => to !== facts.incident.automated)
      .map((to) => ({ kind: "field", field: "automated", to })),
    most: 1,
  }),
  collectorKind: oneOf("collectorKind", collectorKinds),
  localTime: ({ from, to }, _question, { facts }) => {
    if (facts.precision === MONTH) return NOTHING;
    const [first, last] = [timeOfDay(from), timeOfDay(to)];
    const edges = [first - MINUTE_MS, first, first + MINUTE_MS, last - MINUTE_MS, last, last + MINUTE_MS];
    return times(facts, edges);
  },
  weekday: (_value, _question, { facts }) => otherDays(facts),
  publicHoliday: (_value, _question, { facts }) => otherDays(facts),
  acts: (list, _question, { facts }) => {
    const ticked = facts.incident.acts ?? [];
    const has = (act: Act) => ticked.includes(act) || facts.spoken.some((found) => found.act === act);
    const spoken = list.filter((act) => !ticked.includes(act) && facts.spoken.some((found) => found.act === act));
    const add = (act: Act): Change => ({ kind: "field", field: "acts", to: [...ticked, act] });
    if (list.some(has)) return { changes: [{ kind: "no-acts" }, ...spoken.map(add)], most: 1 };
    return { changes: list.slice(0, 3).map(add), most: 2 };
  },
  disclosed: (list, _question, { facts }) => {
    const told = facts.incident.disclosed ?? [];
    const tell = (to: Incident["disclosed"]): Change => ({ kind: "field", field: "disclosed", to });
    return {
      changes: [tell([...new Set([...told, ...list])]), tell(told.filter((one) => !list.includes(one)))],
      most: 1,
    };
  },
  visitors: ({ under, over }) => ({
    changes: [over === undefined ? [] : [over, over + 1], under === undefined ? [] : [under - 1, under]]
      .flat()
      .filter((to) => to >= 0)
      .map((to) => ({ kind: "field", field: "visitors", to })),
    most: 1,
  }),
  lenderKind: oneOfCase("lenderKind", lenderKinds),
  respondentKind: oneOfCase("respondentKind", respondentKinds),
  daysPastDue: ({ under, over }) => ({
    changes: [over === undefined ? [] : [over, over + 1], under === undefined ? [] : [under - 1, under]]
      .flat()
      .map((to) => ({ kind: "case", fact: "daysPastDue", to })),
    most: 1,
  }),
  reachable: oneOfCase("reachable", [true, false]),
  debtLawful: oneOfCase("debtLawful", [true, false]),
  employerForbids: oneOfCase("employerForbids", [true, false]),
  person: () => NOTHING,
  count: ({ over }, _question, { finding, counted: others }) => {
    // As many as go over the limit, and not one more: what was counted can be all but the limit at most.
    const least = Math.max(0, others.length - over) + 1;
    const enough: Change[] = [least, least + 1]
      .filter((n) => n <= others.length)
      .map((n) => ({ kind: "without", ids: others.slice(0, n) }));
    const answered: Change[] = [
      { kind: "outcomes", ids: others, to: "conversation" },
      { kind: "outcomes", ids: others, to: "unanswered" },
    ];
    const more: Change[] = Array.from({ length: Math.min(over, MOST_MORE) }, (_, n) => ({
      kind: "more",
      times: n + 1,
    }));
    if (finding === undefined) return { changes: more, most: 1 };
    const isOpen = finding.outcome !== "matches" && others.length > 0;
    return { changes: [...enough, ...(isOpen ? answered : [])], most: 1 };
  },
  coolDown: (_value, _question, { finding, facts }) => {
    const events = (finding?.counted ?? []).filter((id) => id !== facts.id);
    if (finding === undefined) return { changes: [{ kind: "earlier" }], most: 1 };
    return {
      changes: [...(events.length > 0 ? [{ kind: "without" as const, ids: events }] : []), ...later(facts)],
      most: 1,
    };
  },
  afterNotice: ({ kinds, forms }, { context }, { facts }) => {
    const given = (context.notices ?? []).filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
    if (given.length > 0) return { changes: [{ kind: "without-notices", ids: given }], most: 1 };
    return {
      changes: kinds.slice(0, 2).map((kind) => notice(facts, { kind, form: forms?.[0] ?? "written" })),
      most: 2,
    };
  },
  firstContact: () => ({ changes: [{ kind: "earlier" }], most: 1 }),
  agreed: (kind, _question, { facts, finding }) => {
    const agree = (detail: Notice["detail"]) => notice(facts, { kind, form: "written", detail });
    if (kind === "consent-time") return { changes: [agree({ hours: [{ from: "00:00", to: "24:00" }] })], most: 1 };
    // The smallest number that would do.
    const most = Math.min(MOST_AGREED, finding?.counted.length ?? 1);
    return { changes: Array.from({ length: most }, (_, n) => agree({ perDay: n + 1 })), most: 1 };
  },
};

/** What else can have come of a contact of this kind; nothing is imagined answered that cannot be. */
function outcomesOf(_value: unknown, _question: Question, { facts }: Judged): Idea {
  const { channel, outcome: was } = facts.incident;
  const possible = outcomes.filter((outcome) =>
    channel === "call"
      ? outcome !== "delivered" && outcome !== "unknown"
      : channel === "visit"
        ? ["conversation", "connected", "unanswered"].includes(outcome)
        : channel === "voicemail"
          ? outcome === "voicemail-left"
          : outcome === "delivered" || outcome === "blocked",
  );
  return {
    changes: possible.filter((to) => to !== was).map((to) => ({ kind: "field", field: "outcome", to })),
    most: 2,
  };
}

/** Times of the same local day, nearest first. */
function times(facts: Facts, wished: readonly number[]): Idea {
  const { time, precision } = facts;
  const near = (a: number, b: number) => Math.abs(a - time) - Math.abs(b - time);
  const changes = [...new Set(wished)]
    .filter((one) => one >= 0 && one < DAY_MS && (one !== time || precision !== EXACT))
    .sort(near)
    .flatMap((one) => moment(facts, facts.day, one, "time"));
  return { changes, most: 1 };
}

/** The same time on the days round it, nearest first. */
function otherDays(facts: Facts): Idea {
  if (facts.precision > 1) return NOTHING;
  const days = Array.from({ length: MOVED_DAYS }, (_, n) => [n + 1, -n - 1]).flat();
  return { changes: days.flatMap((n) => moment(facts, facts.day + n, facts.time, "date")), most: 1 };
}

const later = (facts: Facts): Change[] =>
  facts.precision > 1
    ? []
    : Array.from({ length: MOVED_DAYS }, (_, n) => moment(facts, facts.day + n + 1, facts.time, "date")).flat();

/** The ends of a month of which nothing else is known, at noon. */
function daysOfMonth(facts: Facts): Idea {
  const { first, last } = monthAround(facts.day);
  return { changes: [first, last].flatMap((day) => moment(facts, day, DAY_MS / 2, "date")), most: 1 };
}

/** A local time that the day does not have (the clock went forward) cannot be imagined. */
function moment(facts: Facts, day: number, time: number, names: "time" | "date"): Change[] {
  const local = day * DAY_MS + time;
  const at = fromLocal(local, facts.zone);
  if (at + facts.zone.offsetAt(at) !== local) return [];
  return [{ kind: "moment", names, to: new Date(at).toISOString() }];
}

/** A notice given and received the day before. */
function notice(facts: Facts, given: Pick<Notice, "kind" | "form" | "detail">): Change {
  const before = new Date(facts.earliest - DAY_MS).toISOString();
  return { kind: "notice", notice: { id: "\u0001n", sentAt: before, receivedAt: before, ...given } };
}
