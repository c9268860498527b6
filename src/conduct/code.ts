/**
 * The shape of a code of conduct: sources, rules, and the closed vocabulary of conditions a rule may be built from.
 * A rule is data: no regular expressions, no code, so judging is linear in incidents by construction. Public contract (YAML or JSON).
 * Read data/README.md for the same thing told to a lawyer. Next: compile.ts turns a code into a judge.
 */
import { z } from "zod";
import { CaseContext, Hours, ZoneName } from "./case.ts";
import { findingOutcomes } from "./finding.ts";
import { Incident } from "./incident.ts";
import {
  Bilingual,
  acts,
  channels,
  checks,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  lenderKinds,
  noticeForms,
  noticeKinds,
  obligations,
  outcomes,
  places,
  purposes,
  respondentKinds,
  severities,
  strengths,
  topics,
} from "./vocabulary.ts";

const some = <T extends readonly [string, ...string[]]>(values: T) => z.array(z.enum(values)).min(1);
const LocalDate = z.iso.date();

/**
 * What is counted, by `outcome`. `placed`: every attempt except `not-connected` (what came of it may be unknown: an attempt the
 * borrower knows of was made). `connected`: `connected` or `conversation`. `conversations`: `conversation`. `unanswered`: `unanswered`,
 * `voicemail-left`, `blocked` or `not-connected` (未接通). Where the outcome decides and is absent or `unknown`, the incident may or may
 * not count, and the answer is "cannot tell" as soon as that matters.
 */
export const countedKinds = ["placed", "connected", "conversations", "unanswered"] as const;
/** What must be equal for two incidents to be counted together. `person` is who was contacted. */
const groupings = ["debt", "creditor", "collector", "calledNumber", "person"] as const;
/** A time exactly on an edge belongs to the window, does not, or is left to a person because the text does not settle it. */
const edges = ["in", "out", "person"] as const;

/**
 * Conditions judged on one incident and its case alone. Several keys in one object must all hold.
 *
 * A fact that is absent (or `unknown`) makes the condition unknown, so "cannot tell", with three exceptions: `direction` is incoming by
 * default, `acts` not ticked and not found in the words are "no", and no notice on record is "no". A rule about the hour, the number or
 * the addressee of contacts should say `direction: incoming`; a rule about acts should not (people are threatened in calls they made).
 */
const simpleShape = {
  channel: some(channels),
  direction: z.enum(directions),
  contacted: some(contactedPersons),
  place: some(places),
  outcome: some(outcomes),
  purpose: some(purposes),
  automated: z.boolean(),
  collectorKind: some(collectorKinds),
  /** Local time of day lies in these hours. */
  localTime: Hours.extend({ fromEdge: z.enum(edges).default("in"), toEdge: z.enum(edges).default("out") }),
  /** Local weekday, 1 = Monday … 7 = Sunday. */
  weekday: z.array(z.int().min(1).max(7)).min(1),
  /** The local date is (true) or is not (false) in the code's list of public holidays; outside the years listed: unknown. */
  publicHoliday: z.boolean(),
  /** Any of these acts, ticked by the person, or found in the words (then it is a suggestion for a person). */
  acts: some(acts),
  /** All of these were told. With `not` in front: at least one is missing. Unknown when the incident does not say. */
  disclosed: some(disclosures),
  visitors: z.strictObject({ under: z.int().optional(), over: z.int().optional() }),
  lenderKind: some(lenderKinds),
  respondentKind: some(respondentKinds),
  daysPastDue: z.strictObject({ over: z.int().optional(), under: z.int().optional() }),
  reachable: z.boolean(),
  debtLawful: z.boolean(),
  /** `unknown` holds when the case does not say. */
  employerForbids: z.union([z.boolean(), z.literal("unknown")]),
  /** The facts are there and a person must weigh them ("was the lawsuit intended?"): never yes or no by itself. */
  person: z.literal(true),
};

/** Conditions that look at other incidents or at notices. */
const contextShape = {
  /**
   * More than `over` incidents of this kind in the window; true for the first one over and each later one in the window, and only for
   * incidents that are themselves counted. Incoming incidents alone are counted unless `where` names `direction`; name `channel` in
   * `where` too, or a letter counts like a call.
   */
  count: z.strictObject({
    of: z.enum(countedKinds),
    /** Which incidents are counted at all; simple conditions only. */
    where: z.lazy(() => Simple).optional(),
    over: z.int().min(0),
    per: z.union([
      z.strictObject({ calendarDays: z.literal(1) }),
      /** N consecutive local calendar days ending with the day of the incident. */
      z.strictObject({ rollingDays: z.int().min(2).max(366) }),
    ]),
    groupBy: some(groupings),
  }),
  /** The incident follows an event (simple condition `after`) within `days` consecutive local days, the event's day being day 1. */
  coolDown: z.strictObject({
    after: z.lazy(() => Simple),
    days: z.int().min(1).max(366),
    groupBy: some(groupings),
  }),
  /**
   * The incident follows a notice that still holds: strictly after it was received (or sent), not withdrawn or answered. Whatever a
   * notice limits itself to (channels, persons, numbers, places, hours, a debt) is always respected; `about` says, for readers, which
   * of these the rule has in mind. Received at an unknown moment, and the incident after it was sent: cannot tell.
   */
  afterNotice: z.strictObject({
    kinds: some(noticeKinds),
    forms: some(noticeForms).optional(),
    from: z.enum(["received", "sent"]).default("received"),
    about: z.array(z.enum(["channel", "person", "place", "hours", "debt"])).optional(),
    /** Only within this many days from the notice. */
    withinDays: z.int().min(1).optional(),
  }),
  /**
   * The first incoming incident from this collector (grouped) that reached anybody: `conversation`, `connected`, `delivered` or
   * `voicemail-left`, and for anything but a call also when no outcome was noted.
   */
  firstContact: z.strictObject({ groupBy: some(groupings) }),
  /**
   * The person agreed to it (a consent notice in force): to contact at this hour, or to this many contacts a day. The number is held
   * against the first count of the rule, on the incident's local day; in a rule without a count any consent to a number will do.
   */
  agreed: z.enum(["consent-time", "consent-frequency"]),
};

type SimpleKeys = { [K in keyof typeof simpleShape]?: z.infer<(typeof simpleShape)[K]> };
type ContextKeys = { [K in keyof typeof contextShape]?: z.infer<(typeof contextShape)[K]> };
export type Simple = SimpleKeys & { all?: Simple[]; any?: Simple[]; not?: Simple };
export type Condition = SimpleKeys & ContextKeys & { all?: Condition[]; any?: Condition[]; not?: Condition };

const notEmpty = (value: object) => Object.keys(value).length > 0;
export const Simple: z.ZodType<Simple> = z
  .strictObject({
    ...z.object(simpleShape).partial().shape,
    all: z
      .array(z.lazy(() => Simple))
      .min(1)
      .optional(),
    any: z
      .array(z.lazy(() => Simple))
      .min(1)
      .optional(),
    not: z.lazy(() => Simple).optional(),
  })
  .refine(notEmpty, "an empty condition would match everything");
export const Condition: z.ZodType<Condition> = z
  .strictObject({
    ...z.object(simpleShape).partial().shape,
    ...z.object(contextShape).partial().shape,
    all: z
      .array(z.lazy(() => Condition))
      .min(1)
      .optional(),
    any: z
      .array(z.lazy(() => Condition))
      .min(1)
      .optional(),
    not: z.lazy(() => Condition).optional(),
  })
  .refine(notEmpty, "an empty condition would match everything");

export const Source = z.strictObject({
  title: Bilingual,
  issuer: Bilingual,
  strength: z.enum(strengths),
  /** First and last local day on which it is in force; `to: null` = still in force. */
  from: LocalDate,
  to: LocalDate.nullable(),
  /** Id of the source in the same code that took its place when it ended. */
  replacedBy: z.string().optional(),
  /** Whom it binds, in words, shown to people. */
  binds: Bilingual,
  /** Lender kinds it binds; absent = everybody. `unknown` in the case makes the rule "cannot tell", never silent. */
  lenderKinds: some(lenderKinds).optional(),
  respondentKinds: some(respondentKinds).optional(),
  checked: z.enum(checks),
  /** How and where the text was checked; shown to people. */
  checkedNote: Bilingual.optional(),
});
export type Source = z.infer<typeof Source>;

/**
 * An incident of a worked example. What it leaves out is filled in so that an example says only what matters to its rule:
 *
 * - id `e1`, `e2` … by position (repeated ones count on)
 * - happenedAt noon on the first day the rule is in force; a time without an offset is local
 * - channel call; outcome conversation for a call, voicemail-left for a voicemail, delivered for anything else
 * - direction incoming, contacted self, collector "A", collectorKind agency, creditor "L", debt "D1"
 * - fromNumber +8610000001, calledNumber +8610000002
 * - everything else (purpose, automated, place, acts, disclosed, visitors, said …) stays absent
 *
 * `null` takes a filled-in fact away: `outcome: null` is an incident whose outcome is not known.
 * `repeat: { times: 4, everyMinutes: 60 }` stands for 4 incidents an hour apart, `everyDays: 1` for one a day; both by the local clock.
 */
export const ExampleIncident = z.strictObject({
  ...Incident.partial().shape,
  outcome: z.enum(outcomes).nullish(),
  contacted: z.enum(contactedPersons).nullish(),
  collector: Incident.shape.collector.nullable(),
  collectorKind: z.enum(collectorKinds).nullish(),
  creditor: Incident.shape.creditor.nullable(),
  debt: Incident.shape.debt.nullable(),
  fromNumber: Incident.shape.fromNumber.nullable(),
  calledNumber: Incident.shape.calledNumber.nullable(),
  repeat: z
    .strictObject({
      times: z.int().min(2).max(200),
      everyMinutes: z.int().min(1).max(100_000).optional(),
      everyDays: z.int().min(1).max(1000).optional(),
    })
    .refine((repeat) => (repeat.everyMinutes === undefined) !== (repeat.everyDays === undefined), {
      error: "must name either everyMinutes or everyDays",
    })
    .optional(),
});
export type ExampleIncident = z.infer<typeof ExampleIncident>;

/**
 * A worked example: the name is the lawyer's sentence. The incident judged is the last one in the list unless `judge` names another by
 * id. What `case` leaves out: zone the code's own zone or UTC, lenderKind the first kind the rule (or its source) binds or
 * consumer-finance, respondentKind debt-collector, reachable true; no notices; everything else absent. `lenderKind: unknown` says that
 * it is not known.
 */
export const Example = z.strictObject({
  name: Bilingual,
  case: z.strictObject({ ...CaseContext.partial().shape, reachable: z.boolean().nullish() }).optional(),
  incidents: z.array(ExampleIncident).min(1),
  judge: z.string().optional(),
  expect: z.enum(findingOutcomes),
});
export type Example = z.infer<typeof Example>;

export const Rule = z.strictObject({
  id: z.string().regex(/^[a-z]{2,3}(\.[a-z0-9][a-z0-9-]*)+$/, "must look like cn.gbt.time"),
  source: z.string(),
  clause: z.string().min(1),
  title: Bilingual,
  /** The rule in plain words of our own. */
  paraphrase: Bilingual,
  /** Rules of one topic say much the same: where one contact matches several, the strongest is shown first. */
  topic: z.enum(topics).optional(),
  obligation: z.enum(obligations),
  severity: z.enum(severities),
  /** When it differs from its source's. */
  strength: z.enum(strengths).optional(),
  from: LocalDate.optional(),
  to: LocalDate.nullable().optional(),
  lenderKinds: some(lenderKinds).optional(),
  collectorKinds: some(collectorKinds).optional(),
  /** Defaults to its source's. A rule below `reported` must be off. */
  checked: z.enum(checks).optional(),
  on: z.boolean().default(true),
  /** Why it is off, or what limits it ("a presumption", "for the police to judge"). */
  caution: Bilingual.optional(),
  when: Condition,
  /** Exceptions in the text itself; any that holds lifts the rule. */
  unless: z.array(z.strictObject({ title: Bilingual, when: Condition })).default([]),
  /** At least one that trips it and one just outside. */
  examples: z.array(Example).default([]),
});
export type Rule = z.infer<typeof Rule>;

const HolidaysByYear = z.record(z.string().regex(/^\d{4}$/), z.array(LocalDate));
const CalendarYear = z.int().min(1990).max(2100);

const CodeId = z.string().regex(/^[a-z][a-z0-9-]{1,60}$/);

export const Code = z.strictObject({
  id: CodeId,
  version: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(\.\d+)?$/, "must be a date such as 2026-11-23, with .2 for a second one that day"),
  title: Bilingual,
  summary: Bilingual,
  /** ISO 3166 country: CN, GB; a part of one as US-CA. */
  jurisdiction: z.string().min(2).max(10),
  /** Ids of codes that belong to it: whoever chooses this code is judged by those too, each as itself. Next: codes/includes.ts. */
  includes: z.array(CodeId).min(1).max(50).optional(),
  /** When set, local times are always read in this zone, whatever the case's zone. */
  zone: ZoneName.optional(),
  sources: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), Source),
  /** Public holidays by year, as decreed. A year not listed is unknown, unless `holidays` names a calendar. */
  publicHolidays: HolidaysByYear.optional(),
  /** The calendar for the years not listed. Whoever reads the code works it out (codes/holidays.ts); judging knows no calendar. */
  holidays: z
    .strictObject({
      country: z.string().regex(/^[A-Z]{2}$/, "must be a country in two capital letters, such as ID"),
      types: z.array(z.enum(["public", "bank"])).min(1),
      from: CalendarYear.default(2019),
      /** The last year for which the calendar is complete. */
      through: CalendarYear.default(2032),
    })
    .optional(),
  /** What the calendar gave. Written into copies that must judge the same later; then no calendar is asked again. */
  resolvedHolidays: z
    .strictObject({
      /** The calendar and its version. */
      by: z.string().min(1),
      /** The days that are holidays for certain. A year that is not here is unknown. */
      years: HolidaysByYear,
      /** Days that may be holidays or not, as those that hang on the sight of the moon: for a person. */
      estimated: z.array(LocalDate),
    })
    .optional(),
  rules: z.array(Rule).min(1).max(2000),
});
export type Code = z.infer<typeof Code>;
