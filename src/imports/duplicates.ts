/**
 * Does a record tell of a contact that is known already? Records and known contacts come in the order of time; what is held at any moment
 * is a window of an hour, and each record looks at a bounded number of neighbours, so that the time is linear in both streams. Pure.
 *
 * One contact is told once by each file: two calls of a backup are never the same call, however near. Between files of one kind (two
 * backups of a phone) only the very same record counts; between kinds (phone and carrier) clocks may differ by two minutes and lengths by
 * their rounding; what a person typed "about nine" reaches as far as the word does, and is only probably the same.
 */
import { ABOUT_REACH_SECONDS, type Channel, type Direction, type Precision } from "../conduct/vocabulary.ts";
import type { SourceKind } from "./import.ts";

/** What is compared of a contact, known or new. */
interface Compared {
  /** Epoch milliseconds. */
  at: number;
  precision: Precision;
  channel: Channel;
  direction: Direction;
  durationSeconds: number | null;
  /** The words of a message as they were told; {@link plainWords} makes them comparable, which few of them ever need. */
  words: string | null;
  collectorId: string | null;
}

/** A contact that is in the case, or an earlier record of the same import. */
export interface Known extends Compared {
  id: string;
  /** Of the incident; null for a record. */
  number: number | null;
  /** The far end's numbers as numbers.ts writes them; empty = not known. */
  numbers: readonly string[];
  /** Who has told of it, each with its own clock and its own rounding; empty = a person typed it. */
  tellings: readonly { kind: SourceKind; at: number; durationSeconds: number | null }[];
  /** The file and row it was just read from; null = it was in the case before. */
  file: number | null;
  row: number | null;
}

export interface Candidate extends Compared {
  /** As numbers.ts writes it; null when the file hides it. */
  number: string | null;
  kind: SourceKind;
  file: number;
}

/**
 * Why two tellings are one contact: the `same` record, one call by two `clock`s, typed by `hand` at that time, typed `about` then, or
 * typed with the same `collector` but no number.
 */
type How = "same" | "clock" | "hand" | "about" | "collector";
export interface Match {
  known: Known;
  how: How;
  /** False = a person should look. */
  certain: boolean;
}

/** Files round to seconds. */
const SAME_MS = 1_000;
/** Chats write minutes. */
const SAME_MINUTE_MS = 60_000;
/** How far the clocks of a phone and of a carrier, or of a person looking at one, may differ. */
const CLOCK_MS = 120_000;
const ABOUT_MS = ABOUT_REACH_SECONDS * 1000;
/** Everything that can match a record lies this near to it. */
export const REACH_MS = ABOUT_MS;
/** Neighbours looked at; more calls of one number within two minutes than this are told apart by the order in which they come. */
const LOOK = 64;

const messages: ReadonlySet<Channel> = new Set(["sms", "chat", "email", "post", "letter"]);

interface Held {
  known: Known;
  /** The files that have told of it in this import. */
  told: Set<number>;
}

/** Known contacts of one far end in the order of time. */
class Bucket {
  readonly held: Held[] = [];
  first = 0;
  /** For each file, everything before this was told by it. */
  readonly #from = new Map<number, number>();

  /** Where to begin looking for what is not before `at`, among what `file` has not told yet. */
  start(at: number, file: number): number {
    let from = Math.max(this.#from.get(file) ?? 0, this.first);
    while (this.held[from]?.told.has(file) === true) from += 1;
    this.#from.set(file, from);
    let low = from;
    let high = this.held.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.held[middle]!.known.at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets what is older. */
  drop(before: number): void {
    while ((this.held[this.first]?.known.at ?? before) < before) this.first += 1;
    if (this.first < 1024 || this.first * 2 < this.held.length) return;
    const gone = this.first;
    this.held.splice(0, gone);
    this.first = 0;
    for (const [file, from] of this.#from) this.#from.set(file, Math.max(0, from - gone));
  }
}

export class KnownContacts {
  readonly #exact = new Map<string, Bucket>();
  readonly #about = new Map<string, Bucket>();
  #calls = 0;

  /** Takes in the next known contact; they come in the order of time, up to {@link REACH_MS} after the record that is asked about next. */
  admit(known: Known): void {
    if (known.precision === "day" || known.precision === "month") return;
    const buckets = known.precision === "about" ? this.#about : this.#exact;
    const held: Held = { known, told: new Set(known.file === null ? [] : [known.file]) };
    for (const key of keysOf(known)) {
      const bucket = buckets.get(key) ?? new Bucket();
      bucket.held.push(held);
      buckets.set(key, bucket);
    }
  }

  /** What a record tells again, if anything; records come in the order of time. What is found is not found again for the same file. */
  match(candidate: Candidate): Match | null {
    this.#tidy(candidate.at);
    const found =
      this.#best(this.#exact, candidate, SAME_MS) ??
      this.#best(this.#exact, candidate, CLOCK_MS) ??
      this.#best(this.#about, candidate, ABOUT_MS);
    found?.held.told.add(candidate.file);
    return found === null ? null : { known: found.held.known, how: found.how, certain: sure.has(found.how) };
  }

  #best(buckets: ReadonlyMap<string, Bucket>, candidate: Candidate, within: number) {
    let best: { held: Held; how: How; apart: number } | null = null;
    for (const key of keysFor(candidate)) {
      const bucket = buckets.get(key);
      if (bucket === undefined) continue;
      bucket.drop(candidate.at - ABOUT_MS);
      let at = bucket.start(candidate.at - within, candidate.file);
      for (const end = at + LOOK; at < end; at += 1) {
        const held = bucket.held[at];
        if (held === undefined || held.known.at > candidate.at + within) break;
        if (held.told.has(candidate.file)) continue;
        const how = sameness(held.known, candidate);
        if (how === null) continue;
        const apart = Math.abs(held.known.at - candidate.at);
        if (best === null || apart < best.apart) best = { held, how, apart };
      }
    }
    return best;
  }

  /** Far ends that have not called for long are forgotten altogether. */
  #tidy(now: number): void {
    this.#calls += 1;
    if (this.#calls % 4096 !== 0) return;
    for (const buckets of [this.#exact, this.#about]) {
      for (const [key, bucket] of buckets) {
        if ((bucket.held.at(-1)?.known.at ?? 0) < now - ABOUT_MS) buckets.delete(key);
      }
    }
  }
}

const sure: ReadonlySet<How> = new Set(["same", "clock", "hand"]);

function keysOf(known: Known): string[] {
  if (known.numbers.length > 0) return known.numbers.map((number) => `n${number}`);
  if (known.tellings.length > 0) return ["n"];
  return known.collectorId === null ? [] : [`c${known.collectorId}`];
}
const keysFor = ({ number, collectorId }: Candidate): string[] => [
  `n${number ?? ""}`,
  ...(collectorId === null ? [] : [`c${collectorId}`]),
];

/** Whether two tellings of one far end can be one contact, and how; the caller has made sure that the far end is the same. */
function sameness(known: Known, candidate: Candidate): How | null {
  if (known.direction !== candidate.direction || familyOf(known.channel) !== familyOf(candidate.channel)) return null;
  if (known.tellings.length === 0) return byHand(known, candidate, Math.abs(known.at - candidate.at));
  const isMessage = messages.has(candidate.channel);
  const own = known.tellings.filter(({ kind }) => kind === candidate.kind);
  const within = own.length === 0 ? CLOCK_MS : candidate.kind === "chat" ? SAME_MINUTE_MS : SAME_MS;
  const how = own.length === 0 ? "clock" : "same";
  for (const telling of own.length === 0 ? known.tellings : own) {
    if (Math.abs(telling.at - candidate.at) > within) continue;
    if (isMessage ? sameWords(known, candidate, how) : sameLength(telling, candidate, how)) return how;
  }
  return null;
}

/** A carrier's record of a message has no words; two backups of one phone have the same. */
function sameWords(known: Known, candidate: Candidate, how: How): boolean {
  if (known.words === candidate.words) return true;
  const [a, b] = [plainWords(known.words), plainWords(candidate.words)];
  return a === b || (how === "clock" && (a === null || b === null));
}

function sameLength(a: Pick<Compared, "durationSeconds">, b: Pick<Compared, "durationSeconds">, how: How): boolean {
  if (a.durationSeconds === null || b.durationSeconds === null) return true;
  return how === "same" ? a.durationSeconds === b.durationSeconds : roundsTo(a.durationSeconds, b.durationSeconds);
}

/** What a person typed: rarely to the second, often without the length or all the words. */
function byHand(known: Known, candidate: Candidate, apart: number): How | null {
  const about = known.precision === "about";
  if (apart > (about ? ABOUT_MS : CLOCK_MS)) return null;
  if (messages.has(candidate.channel)) {
    const [typed, whole] = [plainWords(known.words), plainWords(candidate.words)];
    if (typed !== null && whole !== null && !tells(whole, typed)) return null;
  } else if (known.durationSeconds !== null && candidate.durationSeconds !== null) {
    const [a, b] = [known.durationSeconds, candidate.durationSeconds];
    if (!roundsTo(a, b) && Math.abs(a - b) > Math.max(60, Math.max(a, b) / 4)) return null;
  }
  if (about) return "about";
  return known.numbers.length === 0 ? "collector" : "hand";
}

/** A person copies a message in part. */
const tells = (whole: string, typed: string): boolean => whole.includes(typed) || typed.includes(whole);

/** Carriers bill begun minutes; phones count from the ring or from the answer. */
function roundsTo(a: number, b: number): boolean {
  if (a === 0 || b === 0) return a === b;
  return Math.abs(a - b) <= 3 || Math.ceil(a / 60) * 60 === b || Math.ceil(b / 60) * 60 === a;
}

/** A call that went to voicemail is one contact, whichever of the two a source calls it. */
const familyOf = (channel: Channel): Channel => (channel === "voicemail" ? "call" : channel);

/** Words as they are compared: how they are wrapped and which form their signs have says nothing. */
function plainWords(said: string | null): string | null {
  const plain = (said ?? "").normalize("NFC").replace(/\s+/g, " ").trim();
  return plain === "" ? null : plain;
}
