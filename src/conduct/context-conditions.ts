/**
 * Conditions that look beyond the incident: at counts of others, at what went before, at notices. Made into checks together with the
 * simple ones, for a whole rule. Next: compile.ts, which makes the rules of a code.
 */
import type { Code, Condition, Simple } from "./code.ts";
import { type Check, allOf, anyOf, asking, leaf, noneOf } from "./check.ts";
import { CoolDownPlan } from "./cool-down.ts";
import { CountPlan, type CountTracker, exceeds } from "./counting.ts";
import { type Facts, inTimeOrder, noticeFormNumber, noticeKindNumber } from "./facts.ts";
import { FirstContactPlan } from "./first-contact.ts";
import { type PreparedNotice, type Since, isAbout, isAfter, sinceReceived, sinceSent, stillHolds } from "./notices.ts";
import * as words from "./context-sentences.ts";
import { simpleCheck, simpleKeyChecks } from "./simple-conditions.ts";
import { COUNTED_SHOWN, type Tale } from "./tale.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Tracker } from "./tracker.ts";
import type { TrackerPlan } from "./tracker-plan.ts";
import { NO, PERSON, UNKNOWN, type Value, YES, greatest, least, not } from "./value.ts";

/** Where the conditions of one rule find what they share: the code, its trackers, and the rule's own first count. */
export interface Workshop {
  readonly code: Code;
  /** Where to find the tracker for this description in a case; equal descriptions share one. */
  trackerFor<T extends Tracker>(description: unknown, plan: TrackerPlan<T>): (around: Surroundings) => T;
  /** The first count of the rule, which an agreed number of contacts is held against. */
  count: ((around: Surroundings) => CountTracker) | undefined;
}

export function conditionCheck(condition: Condition, workshop: Workshop): Check {
  const { code } = workshop;
  const checks = simpleKeyChecks(condition, code);
  const { count, coolDown, afterNotice, firstContact, agreed } = condition;
  if (count) checks.push(asking({ count }, countCheck(count, workshop)));
  if (coolDown) checks.push(asking({ coolDown }, coolDownCheck(coolDown, workshop)));
  if (afterNotice) checks.push(asking({ afterNotice }, afterNoticeCheck(afterNotice)));
  if (firstContact) checks.push(asking({ firstContact }, firstContactCheck(firstContact, workshop)));
  if (agreed === "consent-time") checks.push(asking({ agreed }, agreedTimeCheck()));
  if (agreed === "consent-frequency") checks.push(asking({ agreed }, agreedFrequencyCheck(workshop)));
  if (condition.all) checks.push(allOf(condition.all.map((part) => conditionCheck(part, workshop))));
  if (condition.any) checks.push(anyOf(condition.any.map((part) => conditionCheck(part, workshop))));
  if (condition.not) checks.push(noneOf(conditionCheck(condition.not, workshop)));
  return allOf(checks);
}

function countCheck(count: NonNullable<Condition["count"]>, workshop: Workshop): Check {
  const { where = {} } = count;
  const days = "rollingDays" in count.per ? count.per.rollingDays : 1;
  const counted: Simple = names("direction", where) ? where : { direction: "incoming", ...where };
  const plan = new CountPlan(count.of, days, count.groupBy, [simpleCheck(counted, workshop.code)]);
  const trackerIn = workshop.trackerFor({ ...count, over: undefined }, plan);
  workshop.count ??= trackerIn;
  const judge = (facts: Facts, around: Surroundings) => trackerIn(around).over(count.over, facts);
  return leaf({
    judge,
    tell(facts, around, tale) {
      const value = judge(facts, around);
      const tracker = trackerIn(around);
      if (!tracker.counts(facts)) return tale.mention(words.notCounted(plan));
      const { surely, perhaps } = tracker.members(facts, value === UNKNOWN || value === PERSON ? value : YES);
      tale.counted = surely;
      if (words.isMonth(facts)) {
        tale.miss("date");
        return tale.tell(words.noDay(facts, plan));
      }
      const tally = tracker.tally(facts);
      if (value === YES || value === NO) return tale.tell(words.counted(facts, plan, tally.yes, count.over));
      tale.counted = [...surely, ...perhaps].sort(inTimeOrder).slice(-COUNTED_SHOWN);
      if (value === UNKNOWN) {
        for (const member of perhaps) missOf(plan.membership, member, around, tale);
        for (const fact of tracker.undecided(facts)) tale.miss(fact);
      }
      tale.tell(words.perhapsCounted(facts, plan, tally, count.over));
    },
    remaining: (kind) => (plan.membership.remaining(kind) === NO ? NO : undefined),
  });
}

/** Misses what would have to be known of another incident to answer a check. */
function missOf(check: Check, facts: Facts, around: Surroundings, tale: Tale): void {
  if (check.judge(facts, around) !== UNKNOWN) return;
  const aside = tale.aside();
  check.tell(facts, around, aside);
  for (const fact of aside.missing) tale.miss(fact);
}

/** Does a simple condition name a key anywhere? */
function names(key: keyof Simple, condition: Simple): boolean {
  const parts = [...(condition.all ?? []), ...(condition.any ?? []), ...(condition.not ? [condition.not] : [])];
  return condition[key] !== undefined || parts.some((part) => names(key, part));
}

function coolDownCheck(coolDown: NonNullable<Condition["coolDown"]>, workshop: Workshop): Check {
  const plan = new CoolDownPlan(simpleCheck(coolDown.after, workshop.code), coolDown.days, coolDown.groupBy);
  const trackerIn = workshop.trackerFor(coolDown, plan);
  return leaf({
    judge: (facts, around) => trackerIn(around).preceding(facts).value,
    tell(facts, around, tale) {
      const tracker = trackerIn(around);
      const { value, event } = tracker.preceding(facts);
      if (event === undefined) return tale.tell(words.noEventBefore(coolDown.days));
      if (value !== NO) tale.counted = [event, facts];
      if (value === UNKNOWN) {
        missOf(plan.membership, event, around, tale);
        for (const fact of tracker.undecided(facts)) tale.miss(fact);
        if (words.orderIsOpen(event, facts)) tale.miss(words.isMonth(facts) ? "date" : "time-of-day");
      }
      tale.tell(words.afterEvent(event, facts, coolDown.days, value));
    },
  });
}

function afterNoticeCheck(condition: NonNullable<Condition["afterNotice"]>): Check {
  const kinds = condition.kinds.reduce((set, kind) => set | (1 << noticeKindNumber.get(kind)!), 0);
  const forms = condition.forms?.reduce((set, form) => set | (1 << noticeFormNumber.get(form)!), 0);
  const days = condition.withinDays ?? Number.POSITIVE_INFINITY;
  const since = (notice: PreparedNotice): Since =>
    condition.from === "sent" ? sinceSent(notice) : sinceReceived(notice);
  const judgeOne = (facts: Facts, notice: PreparedNotice, miss: (fact: string) => void): Value => {
    if ((kinds & (1 << notice.kind)) === 0) return NO;
    const after = isAfter(facts, since(notice), days);
    if (after === NO) return NO;
    const form =
      forms === undefined ? YES : notice.form === 0 ? UNKNOWN : (forms & (1 << notice.form)) !== 0 ? YES : NO;
    const holds = stillHolds(facts, notice);
    const missing: string[] = [];
    const value = least(
      least(after, form),
      least(
        holds,
        isAbout(facts, notice, (fact) => missing.push(fact)),
      ),
    );
    if (value !== UNKNOWN) return value;
    if (form === UNKNOWN) missing.push("notice.form");
    if (after === UNKNOWN && since(notice).instant === undefined) missing.push(since(notice).missing);
    else if (after === UNKNOWN || holds === UNKNOWN) missing.push(words.isMonth(facts) ? "date" : "time-of-day");
    for (const fact of missing) miss(fact);
    return value;
  };
  return leaf({
    judge(facts, around) {
      let value: Value = NO;
      for (const notice of around.notices) value = greatest(value, judgeOne(facts, notice, ignore));
      return value;
    },
    tell(facts, around, tale) {
      const answers = around.notices.map((notice) => ({ notice, value: judgeOne(facts, notice, ignore) }));
      const value = answers.map((answer) => answer.value).reduce(greatest, NO);
      if (value === NO) return tale.tell(words.noNotice(condition.kinds));
      for (const { notice, value: answer } of answers) {
        if (answer !== value) continue;
        judgeOne(facts, notice, (fact) => tale.miss(fact));
        tale.tell(words.afterNotice(facts, notice, since(notice), value));
      }
    },
  });
}

function firstContactCheck(condition: NonNullable<Condition["firstContact"]>, workshop: Workshop): Check {
  const plan = new FirstContactPlan(condition.groupBy);
  const trackerIn = workshop.trackerFor({ firstContact: condition }, plan);
  return leaf({
    judge: (facts, around) => trackerIn(around).isFirst(facts),
    tell(facts, around, tale) {
      const tracker = trackerIn(around);
      const value = tracker.isFirst(facts);
      const earlier = tracker.earlier(facts);
      if (value === UNKNOWN) {
        for (const fact of tracker.undecided(facts)) tale.miss(fact);
        if (earlier === undefined || tale.missing.length === 0) tale.miss("outcome");
      }
      tale.tell(words.firstContact(value, earlier));
    },
    remaining: (kind) => (plan.membership.remaining(kind) === NO ? NO : undefined),
  });
}

function agreedTimeCheck(): Check {
  const kind = noticeKindNumber.get("consent-time")!;
  const judgeOne = (facts: Facts, notice: PreparedNotice, miss: (fact: string) => void): Value =>
    notice.kind === kind ? consents(facts, notice, miss) : NO;
  return leaf({
    judge(facts, around) {
      let value: Value = NO;
      for (const notice of around.notices) value = greatest(value, judgeOne(facts, notice, ignore));
      return value;
    },
    tell(facts, around, tale) {
      let value: Value = NO;
      for (const notice of around.notices)
        value = greatest(
          value,
          judgeOne(facts, notice, (fact) => tale.miss(fact)),
        );
      tale.tell(words.agreedTime(value));
    },
  });
}

function agreedFrequencyCheck(workshop: Workshop): Check {
  const kind = noticeKindNumber.get("consent-frequency")!;
  const { count } = workshop;
  const judge = (facts: Facts, around: Surroundings, miss: (fact: string) => void): Value => {
    let value: Value = NO;
    for (const notice of around.notices) {
      if (notice.kind !== kind) continue;
      const within = count === undefined ? YES : isWithin(facts, count(around), notice, miss);
      value = greatest(value, least(within, consents(facts, notice, miss)));
    }
    return value;
  };
  return leaf({
    judge: (facts, around) => judge(facts, around, ignore),
    tell: (facts, around, tale) => tale.tell(words.agreedFrequency(judge(facts, around, (fact) => tale.miss(fact)))),
  });
}

/** Is the count of the incident's local day within what was agreed? */
function isWithin(facts: Facts, count: CountTracker, notice: PreparedNotice, miss: (fact: string) => void): Value {
  const tally = count.tallyOfDay(facts);
  if (tally === undefined || notice.perDay === undefined) {
    miss(notice.perDay === undefined ? "notice.detail.perDay" : "date");
    return UNKNOWN;
  }
  const over = exceeds(tally, notice.perDay);
  if (over === UNKNOWN) miss("outcome");
  return not(over);
}

/** A consent holds from when it was given, for what it covers, until withdrawn. */
function consents(facts: Facts, notice: PreparedNotice, miss: (fact: string) => void): Value {
  const given = isAfter(facts, sinceSent(notice), Number.POSITIVE_INFINITY);
  if (given === UNKNOWN) miss("notice.sentAt");
  return least(least(given, stillHolds(facts, notice)), isAbout(facts, notice, miss));
}

function ignore(): void {}
