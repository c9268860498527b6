/**
 * What the borrower told the collector, ready to hold incidents against: whether a notice was in force when an incident happened, and
 * whether the incident is what the notice was about. Knows nothing of rules. Next: context-conditions.ts.
 */
import type { CaseContext, Notice } from "./case.ts";
import {
  ABOUT,
  EXACT,
  type Facts,
  type Numbering,
  channelNumber,
  contactedNumber,
  noticeFormNumber,
  noticeKindNumber,
  placeNumber,
} from "./facts.ts";
import { type LocalHours, liesIn, localHours } from "./hours.ts";
import { NO, PERSON, UNKNOWN, type Value, YES, greatest, least, not } from "./value.ts";
import { DAY_MS, type Zone, instantOf } from "./zone.ts";

/** A notice of the case, ready to compare: instants in epoch milliseconds, lists as bits (0 = not limited). */
export interface PreparedNotice {
  readonly is: Notice["kind"];
  readonly kind: number;
  /** 0 = not known. */
  readonly form: number;
  readonly sentAt: number | undefined;
  readonly receivedAt: number | undefined;
  /** First instant at which it no longer holds: withdrawn or answered. */
  readonly endsAt: number;
  readonly channels: number;
  readonly contacted: number;
  readonly places: number;
  readonly numbers: ReadonlySet<string> | undefined;
  readonly hours: readonly LocalHours[] | undefined;
  readonly perDay: number | undefined;
  readonly debt: string | undefined;
}

export function prepareNotices(context: CaseContext, zone: Zone): PreparedNotice[] {
  return (context.notices ?? []).map((notice) => prepare(notice, zone));
}

function prepare(notice: Notice, zone: Zone): PreparedNotice {
  const detail = notice.detail ?? {};
  const instant = (text: string | undefined) => (text === undefined ? undefined : instantOf(text, zone));
  return {
    is: notice.kind,
    kind: noticeKindNumber.get(notice.kind)!,
    form: notice.form === undefined ? 0 : noticeFormNumber.get(notice.form)!,
    sentAt: instant(notice.sentAt),
    receivedAt: instant(notice.receivedAt),
    endsAt: Math.min(instant(detail.withdrawnAt) ?? Infinity, instant(detail.answeredAt) ?? Infinity),
    // A voicemail is left by calling.
    channels: bits(
      detail.channels?.flatMap((to) => (to === "call" ? [to, "voicemail"] : [to])),
      channelNumber,
    ),
    contacted: bits(detail.contacted, contactedNumber),
    places: bits(detail.places, placeNumber),
    numbers: detail.numbers && new Set(detail.numbers),
    hours: detail.hours?.map(localHours),
    perDay: detail.perDay,
    debt: detail.debt,
  };
}

function bits(words: readonly string[] | undefined, numbering: Numbering): number {
  return (words ?? []).reduce((set, word) => set | (1 << numbering.get(word)!), 0);
}

/** The moment from which a notice counts, and what is missing when that is not known. */
export interface Since {
  instant: number | undefined;
  /** No incident up to this instant can be after the notice. */
  notBefore: number;
  missing: string;
}

export function sinceReceived(notice: PreparedNotice): Since {
  return {
    instant: notice.receivedAt,
    notBefore: notice.sentAt ?? Number.NEGATIVE_INFINITY,
    missing: "notice.receivedAt",
  };
}

/** From sending; a notice that was received had been sent by then. */
export function sinceSent(notice: PreparedNotice): Since {
  return {
    instant: notice.sentAt ?? notice.receivedAt,
    notBefore: Number.NEGATIVE_INFINITY,
    missing: "notice.sentAt",
  };
}

/** Did the incident happen after that moment, and within `days` local days of it? At the very moment is not after. */
export function isAfter(facts: Facts, since: Since, days: number): Value {
  if (since.instant === undefined) return facts.latest <= since.notBefore ? NO : UNKNOWN;
  const after = liesAfter(facts, since.instant);
  if (after === NO || days === Number.POSITIVE_INFINITY) return after;
  const noticeDay = Math.floor((since.instant + facts.zone.offsetAt(since.instant)) / DAY_MS);
  return facts.day - noticeDay <= days ? after : NO;
}

/** Had the notice neither been withdrawn nor answered yet? */
export function stillHolds(facts: Facts, notice: PreparedNotice): Value {
  return notice.endsAt === Number.POSITIVE_INFINITY ? YES : not(liesAfter(facts, notice.endsAt - 1));
}

function liesAfter(facts: Facts, instant: number): Value {
  if (facts.precision === EXACT) return facts.at > instant ? YES : NO;
  if (facts.earliest > instant) return YES;
  if (facts.latest <= instant) return NO;
  return facts.precision === ABOUT ? PERSON : UNKNOWN;
}

/** In each respect that a notice limits itself to, is the incident such a one? `miss` hears what is not known. */
export function isAbout(facts: Facts, notice: PreparedNotice, miss: (fact: string) => void): Value {
  let value: Value = YES;
  const respect = (answer: Value, fact: string) => {
    if (answer === UNKNOWN) miss(fact);
    value = least(value, answer);
  };
  if (notice.channels !== 0) respect(isIn(notice.channels, facts.channel), "channel");
  if (notice.contacted !== 0) respect(isIn(notice.contacted, facts.contacted), "contacted");
  if (notice.places !== 0) respect(isIn(notice.places, facts.place), "place");
  if (notice.numbers !== undefined) {
    const called = facts.incident.calledNumber;
    respect(called === undefined ? UNKNOWN : notice.numbers.has(called) ? YES : NO, "calledNumber");
  }
  if (notice.hours !== undefined) {
    const answers = notice.hours.map((hours) => liesIn(facts, hours));
    respect(answers.reduce(greatest, NO), "time-of-day");
  }
  if (notice.debt !== undefined) {
    const { debt, creditor } = facts.incident;
    const same = debt === notice.debt || creditor === notice.debt;
    respect(same ? YES : debt === undefined ? UNKNOWN : NO, "debt");
  }
  return value;
}

function isIn(set: number, number: number): Value {
  return number === 0 ? UNKNOWN : (set & (1 << number)) === 0 ? NO : YES;
}
