/**
 * An incident made ready for judging: enumerations as small whole numbers, the moment as instant, local day and time of day.
 * Made once per incident and zone; after that, judging compares integers.
 * It knows no rules. Next: conditions.ts.
 */
import type { Incident } from "./incident.ts";
import type { Wording } from "./wording.ts";
import {
  ABOUT_REACH_SECONDS,
  type Act,
  acts,
  channels,
  collectorKinds,
  contactedPersons,
  disclosures,
  noticeForms,
  noticeKinds,
  lenderKinds,
  outcomes,
  places,
  purposes,
  respondentKinds,
} from "./vocabulary.ts";
import { DAY_MS, type Zone, fromLocal, instantOf, monthAround } from "./zone.ts";

/** Each word of a closed list as a number from 1; what is absent or `unknown` is 0. */
export type Numbering = ReadonlyMap<string, number>;
function numbered(words: readonly string[]): Numbering {
  const known = words.filter((word) => word !== "unknown");
  return new Map([["unknown", 0], ...known.map((word, index): [string, number] => [word, index + 1])]);
}
export const channelNumber = numbered(channels);
export const contactedNumber = numbered(contactedPersons);
export const placeNumber = numbered(places);
export const outcomeNumber = numbered(outcomes);
export const purposeNumber = numbered(purposes);
export const collectorKindNumber = numbered(collectorKinds);
export const lenderKindNumber = numbered(lenderKinds);
export const respondentKindNumber = numbered(respondentKinds);
export const noticeKindNumber = numbered(noticeKinds);
export const noticeFormNumber = numbered(noticeForms);

export const INCOMING = 0;
export const OUTGOING = 1;
export const EXACT = 0;
export const ABOUT = 1;
export const DAY = 2;
export const MONTH = 3;

/** A set of words as bits. The acts are too many for the 31 bits of a fast integer, so they take two. */
export const bitOf = (words: readonly string[], word: string): number => 1 << words.indexOf(word);
export type ActSet = { readonly low: number; readonly high: number };
const LOW_ACTS = 30;
export function actSet(some: Iterable<Act>): ActSet {
  let low = 0;
  let high = 0;
  for (const act of some) {
    const index = acts.indexOf(act);
    if (index < LOW_ACTS) low |= 1 << index;
    else high |= 1 << (index - LOW_ACTS);
  }
  return { low, high };
}
const actNumber: Numbering = new Map(acts.map((act, index) => [act, index]));
const disclosureNumber: Numbering = new Map(disclosures.map((disclosure, index) => [disclosure, index]));

/** Words of an incident that speak of an act; offsets as in {@link Incident} fields, UTF-16. */
export type Spoken = { act: Act; field: "said" | "account"; start: number; end: number; text: string };

/** In which zone moments without an offset are written (the case's), and in which rules read the clock (the code's, or the same). */
export interface FactZones {
  readonly written: Zone;
  readonly judged: Zone;
}

const NOTHING_SPOKEN: readonly Spoken[] = [];

/**
 * The kinds of incident met so far, each with a small number of its own, so that tables by kind are short and without gaps. A kind is all
 * that `remaining` of a check (check.ts) may look at; there are fewer than 10,000 of them, and a few dozen occur.
 */
const kindNumbers = new Uint16Array(20 * 16 * 4 * 16 * 2);
let kindsMet = 0;
function kindOf({ channel, direction, contacted, purpose, outcome, hasActs }: Facts): number {
  const kind = ((((channel * 2 + direction) * 16 + contacted) * 4 + purpose) * 16 + outcome) * 2 + (hasActs ? 1 : 0);
  if (kindNumbers[kind] === 0) kindNumbers[kind] = ++kindsMet;
  return kindNumbers[kind]!;
}

export class Facts {
  readonly incident: Incident;
  readonly id: string;
  readonly zone: Zone;
  /** Epoch milliseconds of the moment as written. */
  readonly at: number;
  /** Local day number, and milliseconds since local midnight, of that moment. */
  readonly day: number;
  readonly time: number;
  readonly precision: number;
  readonly channel: number;
  readonly direction: number;
  readonly contacted: number;
  readonly outcome: number;
  readonly purpose: number;
  /** Acts ticked, and acts found in the words, as {@link ActSet} bits. */
  readonly tickedLow: number;
  readonly tickedHigh: number;
  readonly spokenLow: number;
  readonly spokenHigh: number;
  readonly spoken: readonly Spoken[];
  /** Are there any acts, ticked or in the words? */
  readonly hasActs: boolean;
  /** The same number for every incident of the same channel, direction, person, purpose and outcome, with or without acts. */
  readonly kind: number;

  constructor(incident: Incident, zones: FactZones, wording: Wording | undefined) {
    this.incident = incident;
    this.id = incident.id;
    const precision = incident.precision;
    this.precision = precision === "exact" ? EXACT : precision === "about" ? ABOUT : precision === "day" ? DAY : MONTH;
    // A day without an hour is the day as written; it is not moved into another zone.
    const zone = this.precision >= DAY ? zones.written : zones.judged;
    this.zone = zone;
    const at = instantOf(incident.happenedAt, zones.written);
    const local = at + zone.offsetAt(at);
    const day = Math.floor(local / DAY_MS);
    this.at = at;
    this.day = day;
    this.time = local - day * DAY_MS;
    this.channel = channelNumber.get(incident.channel)!;
    this.direction = incident.direction === "outgoing" ? OUTGOING : INCOMING;
    this.contacted = incident.contacted === undefined ? 0 : contactedNumber.get(incident.contacted)!;
    this.outcome = incident.outcome === undefined ? 0 : outcomeNumber.get(incident.outcome)!;
    this.purpose = incident.purpose === undefined ? 0 : purposeNumber.get(incident.purpose)!;
    let low = 0;
    let high = 0;
    const ticked = incident.acts;
    if (ticked !== undefined) {
      for (let i = 0; i < ticked.length; i++) {
        const index = actNumber.get(ticked[i]!)!;
        if (index < LOW_ACTS) low |= 1 << index;
        else high |= 1 << (index - LOW_ACTS);
      }
    }
    this.tickedLow = low;
    this.tickedHigh = high;
    this.spoken =
      wording === undefined || (incident.said === undefined && incident.account === undefined)
        ? NOTHING_SPOKEN
        : [...spokenIn(incident.said, "said", wording), ...spokenIn(incident.account, "account", wording)];
    if (this.spoken.length === 0) {
      this.spokenLow = 0;
      this.spokenHigh = 0;
    } else {
      const found = actSet(this.spoken.map((words) => words.act));
      this.spokenLow = found.low;
      this.spokenHigh = found.high;
    }
    this.hasActs = (low | high | this.spokenLow | this.spokenHigh) !== 0;
    this.kind = kindOf(this);
  }

  // What few rules ask for is read when they ask.

  get place(): number {
    const { place } = this.incident;
    return place === undefined ? 0 : placeNumber.get(place)!;
  }

  get collectorKind(): number {
    const { collectorKind } = this.incident;
    return collectorKind === undefined ? 0 : collectorKindNumber.get(collectorKind)!;
  }

  /** Bits of {@link disclosures}; -1 when the incident does not say. */
  get disclosed(): number {
    const told = this.incident.disclosed;
    if (told === undefined) return -1;
    let bits = 0;
    for (let i = 0; i < told.length; i++) bits |= 1 << disclosureNumber.get(told[i]!)!;
    return bits;
  }

  /** The first instant at which it can have happened, given how well the moment is known. */
  get earliest(): number {
    if (this.precision === EXACT) return this.at;
    if (this.precision === ABOUT) return this.at - ABOUT_REACH_SECONDS * 1000;
    return fromLocal((this.precision === DAY ? this.day : monthAround(this.day).first) * DAY_MS, this.zone);
  }

  /** The last instant at which it can have happened. */
  get latest(): number {
    if (this.precision === EXACT) return this.at;
    if (this.precision === ABOUT) return this.at + ABOUT_REACH_SECONDS * 1000;
    return fromLocal(((this.precision === DAY ? this.day : monthAround(this.day).last) + 1) * DAY_MS, this.zone) - 1;
  }
}

/** Time order; incidents of the same instant by id, so that the order of input never matters. */
export function inTimeOrder(a: Facts, b: Facts): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function spokenIn(text: string | undefined, field: "said" | "account", wording: Wording): Spoken[] {
  return text === undefined ? [] : wording.find(text).map((words) => ({ ...words, field }));
}
