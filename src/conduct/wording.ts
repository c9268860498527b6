/**
 * Reads acts out of words: a suggestion for a person, never a fact. One pass over the text, however many the phrases.
 * Knows the file of acts (acts.ts), not incidents or rules. Next: scan.ts (finds the phrases), meanings.ts (what they mean), classify.ts,
 * which turns what is found into findings.
 */
import type { Acts, Hint } from "./acts.ts";
import {
  BY_OTHERS,
  Compiler,
  EVEN_NEGATED,
  IS_LAST,
  LENGTH,
  LISTS_FROM,
  LISTS_TO,
  NEGATES,
  OWN,
  PHRASE_FLAGS,
  PHRASE_ROW,
  PLACE_FLAGS,
  PLACE_ROW,
  PLACES_FROM,
  PLACES_TO,
  REACH,
  RULE,
  type Rule,
  SPACE_AFTER,
  SPACE_BEFORE,
  subjects,
  Tables,
} from "./meanings.ts";
import { makeScan } from "./scan.ts";
import { type Act, acts as allActs } from "./vocabulary.ts";

/** Words of a text: offsets are UTF-16 units of the text given, `end` exclusive, `text` is what stands between. */
interface Words {
  start: number;
  end: number;
  text: string;
}

/** Words that suggest an act. */
export interface WordingHit extends Words {
  act: Act;
}

/** Words of a borrower's telling that suggest a fact or a notice worth recording; no act. */
export interface HintHit extends Words {
  hint: Hint;
}

export interface Wording {
  /** Every act suggested by a text, by where its words begin. Time is linear in the text; never throws. */
  find(text: string): WordingHit[];
}

export interface WordingReader extends Wording {
  /** What {@link find} finds, and what a telling hints at besides. */
  read(text: string): { acts: WordingHit[]; hints: HintHit[] };
  /** Steps the last text took: characters, units, falls to a shorter beginning, phrases, and places in rules they were held against. */
  readonly steps: number;
}

/** So many of the last positions where a negation ended are kept; more than the longest phrase has units. */
const ENDS_KEPT = 1 << 9;
const NEVER = -1;

// What stands where of a part that was found: the position it ends at, the position and the offset at which the words began.
const FOUND_ROW = 4;
const FINISH = 0;
const BEGIN = 1;
const START = 2;
const NOT_YET = 0x7fffffff;

/** Where phrases of a list stand in a text: positions in units, and the numbers of the sentences, rising. */
class Seen {
  earliestFinish = NOT_YET;
  latestBegin = NEVER;
  /** The last two of them; the last may be part of what is looked at. */
  lastBegin = NEVER;
  lastFinish = NEVER;
  beforeBegin = NEVER;
  beforeFinish = NEVER;
  readonly sentences: number[] = [];
  /** How many of the sentences lie before the neighbours of the one asked of last; sentences are asked of in rising order. */
  passed = 0;

  note(begin: number, finish: number, sentence: number): void {
    if (finish < this.earliestFinish) this.earliestFinish = finish;
    if (begin > this.latestBegin) this.latestBegin = begin;
    this.beforeBegin = this.lastBegin;
    this.beforeFinish = this.lastFinish;
    this.lastBegin = begin;
    this.lastFinish = finish;
    if (this.sentences.at(-1) !== sentence) this.sentences.push(sentence);
  }

  clear(): void {
    this.earliestFinish = NOT_YET;
    this.latestBegin = NEVER;
    this.lastBegin = this.lastFinish = this.beforeBegin = this.beforeFinish = NEVER;
    this.sentences.length = 0;
    this.passed = 0;
  }

  /** Does one of the last two stand wholly between two positions? */
  isBetween(after: number, before: number): boolean {
    return (
      (this.lastBegin > after && this.lastFinish < before) || (this.beforeBegin > after && this.beforeFinish < before)
    );
  }

  isNear(sentence: number): boolean {
    while (this.passed < this.sentences.length && this.sentences[this.passed]! < sentence - 1) this.passed++;
    return this.passed < this.sentences.length && this.sentences[this.passed]! <= sentence + 1;
  }
}

/** Makes the searcher of a file of acts. Its first text costs tenths of a second, so that who reads none pays nothing; make it once. */
export function compileWording(acts: Acts): WordingReader {
  let made: WordingReader | undefined;
  const reader = () => (made ??= makeReader(acts));
  return {
    read: (text) => reader().read(text),
    find: (text) => reader().find(text),
    get steps() {
      return reader().steps;
    },
  };
}

function makeReader(acts: Acts): WordingReader {
  const compiler = new Compiler(acts);
  const { rules } = compiler;
  // Apart, because they are read at every phrase in a text.
  const { phrases, places, listsOf, placesOf } = new Tables(compiler);
  // For each place twice FOUND_ROW numbers: where the parts of a rule up to it were last found, and the time before; the last may
  // overlap what follows where the one before does not.
  const found = new Int32Array(compiler.ruleOfPlace.length * 2 * FOUND_ROW).fill(NEVER);
  /** Ends of the last negations, and of the last words of the borrower on himself, by their position modulo the array's length. */
  const negatedAt = new Int32Array(ENDS_KEPT).fill(NEVER);
  const ownAt = new Int32Array(ENDS_KEPT).fill(NEVER);
  const seen = Array.from({ length: compiler.lists }, () => new Seen());
  /** Those met in the last text. */
  const met: Seen[] = [];
  const candidates = new Candidates();
  const scan = makeScan(compiler.phrases, reached);
  let steps = 0;

  /** A phrase ends with the unit at a position. */
  function reached(phrase: number, finish: number): void {
    const row = phrase * PHRASE_ROW;
    const flags = phrases[row + PHRASE_FLAGS]!;
    const begin = finish - phrases[row + LENGTH]! + 1;
    if ((flags & NEGATES) !== 0) negatedAt[finish & (ENDS_KEPT - 1)] = finish;
    if ((flags & OWN) !== 0) ownAt[finish & (ENDS_KEPT - 1)] = finish;
    const listsTo = phrases[row + LISTS_TO]!;
    for (let i = phrases[row + LISTS_FROM]!; i < listsTo; i++) {
      const where = seen[listsOf[i]!]!;
      if (where.sentences.length === 0) met.push(where);
      where.note(begin, finish, scan.sentence);
    }
    let i = phrases[row + PLACES_FROM]!;
    const placesTo = phrases[row + PLACES_TO]!;
    steps += placesTo - i;
    if (i === placesTo) return;
    // The space before a Latin word belongs to it and to the word before.
    const spaced = (flags & SPACE_BEFORE) !== 0 ? 1 : 0;
    const before = begin - 1 + spaced;
    const isNegated = negatedAt[before & (ENDS_KEPT - 1)] === before;
    const isOwn = ownAt[before & (ENDS_KEPT - 1)] === before;
    for (; i < placesTo; i++) {
      const place = placesOf[i]!;
      const reach = places[place * PLACE_ROW + REACH]!;
      let beginOfAll = begin;
      let startOfAll = -1;
      let gapFrom = finish;
      if (reach >= 0) {
        let part = (place - 1) * 2 * FOUND_ROW;
        if (found[part + FINISH]! > before) part += FOUND_ROW;
        const from = found[part + FINISH]!;
        if (from > before || from < before - reach || from < scan.sentenceFrom) continue;
        beginOfAll = found[part + BEGIN]!;
        startOfAll = found[part + START]!;
        gapFrom = from;
      }
      const how = places[place * PLACE_ROW + PLACE_FLAGS]!;
      if (isNegated && (how & EVEN_NEGATED) === 0) continue;
      if (isOwn && reach < 0 && (how & BY_OTHERS) !== 0) continue;
      if (startOfAll < 0) startOfAll = scan.offsetOf(begin + spaced);
      if ((how & IS_LAST) !== 0) {
        const lastLetter = scan.offsetOf((flags & SPACE_AFTER) !== 0 ? finish - 1 : finish);
        const rule = places[place * PLACE_ROW + RULE]!;
        const isMet = reach >= 0 && rules[rule]!.needs.some((list) => seen[list]!.isBetween(gapFrom, begin));
        candidates.add(rule, beginOfAll, finish, startOfAll, lastLetter, scan.sentence, isMet ? 1 : 0);
      } else {
        const part = place * 2 * FOUND_ROW;
        found[part + FOUND_ROW + FINISH] = found[part + FINISH]!;
        found[part + FOUND_ROW + BEGIN] = found[part + BEGIN]!;
        found[part + FOUND_ROW + START] = found[part + START]!;
        found[part + FINISH] = finish;
        found[part + BEGIN] = beginOfAll;
        found[part + START] = startOfAll;
      }
    }
  }

  function read(text: string): { acts: WordingHit[]; hints: HintHit[] } {
    for (const list of met) list.clear();
    met.length = 0;
    candidates.size = 0;
    steps = 0;
    scan.start();
    if (scan.isAnew) {
      found.fill(NEVER);
      negatedAt.fill(NEVER);
      ownAt.fill(NEVER);
    }
    scan.run(text);
    steps += scan.steps + candidates.size;
    return settle(text, candidates, rules, seen);
  }

  return {
    read,
    find: (text) => read(text).acts,
    get steps() {
      return steps;
    },
  };
}

/**
 * Words that rules know, before their surroundings are asked, in the order of their ends. Kept flat: a hostile text has very many.
 * Of each: the rule; its first and last position; the offsets of its first and last character; its sentence;
 * 1 if what the rule needs stands between its last two parts.
 */
class Candidates {
  static readonly WIDTH = 7;
  rows = new Int32Array(Candidates.WIDTH * 64);
  size = 0;

  add(rule: number, begin: number, finish: number, start: number, last: number, sentence: number, met: number): void {
    const at = this.size * Candidates.WIDTH;
    if (at === this.rows.length) {
      const wider = new Int32Array(at * 2);
      wider.set(this.rows);
      this.rows = wider;
    }
    this.rows[at] = rule;
    this.rows[at + 1] = begin;
    this.rows[at + 2] = finish;
    this.rows[at + 3] = start;
    this.rows[at + 4] = last;
    this.rows[at + 5] = sentence;
    this.rows[at + 6] = met;
    this.size++;
  }
}

/** Keeps what its surroundings allow; of overlapping words for one subject, all of them as one quote. */
function settle(
  text: string,
  { rows, size }: Candidates,
  rules: readonly Rule[],
  seen: readonly Seen[],
): { acts: WordingHit[]; hints: HintHit[] } {
  if (size === 0) return { acts: [], hints: [] };
  const perSubject: Words[][] = [];
  for (let at = 0; at < size * Candidates.WIDTH; at += Candidates.WIDTH) {
    const { subject, needs, unless } = rules[rows[at]!]!;
    const begin = rows[at + 1]!;
    const finish = rows[at + 2]!;
    const isMet = needs.length === 0 || rows[at + 6] === 1 || isAnyOutside(needs, seen, begin, finish);
    if (!isMet || isAnyNear(unless, seen, rows[at + 5]!)) continue;
    const words = (perSubject[subject] ??= []);
    let start = rows[at + 3]!;
    const end = endOfCharacter(text, rows[at + 4]!);
    // Ends rise, so that only the last ones can overlap.
    for (let last = words.at(-1); last && last.end > start; last = words.at(-1)) {
      start = Math.min(start, last.start);
      words.pop();
    }
    words.push({ start, end, text: "" });
  }
  return {
    acts: inOrder(perSubject, 0, allActs.length).map(({ subject, start, end }) => ({
      act: subject as Act,
      start,
      end,
      text: text.slice(start, end),
    })),
    hints: inOrder(perSubject, allActs.length, subjects.length).map(({ subject, start, end }) => ({
      hint: subject as Hint,
      start,
      end,
      text: text.slice(start, end),
    })),
  };
}

/** A phrase does not speak for itself: what it needs must stand outside it. */
function isAnyOutside(lists: readonly number[], seen: readonly Seen[], begin: number, finish: number): boolean {
  for (const list of lists) {
    const { earliestFinish, latestBegin } = seen[list]!;
    if (earliestFinish <= begin || latestBegin >= finish) return true;
  }
  return false;
}

function isAnyNear(lists: readonly number[], seen: readonly Seen[], sentence: number): boolean {
  for (const list of lists) if (seen[list]!.isNear(sentence)) return true;
  return false;
}

/** The words of some subjects by where they begin; those of one subject are in order already. */
function inOrder(perSubject: readonly (readonly Words[] | undefined)[], from: number, to: number) {
  return perSubject
    .slice(from, to)
    .flatMap((words, index) => words?.map(({ start, end }) => ({ subject: subjects[from + index]!, start, end })) ?? [])
    .sort((a, b) => a.start - b.start);
}

/** The offset after the character at an offset: two units on where it is a surrogate pair. */
function endOfCharacter(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}
