/**
 * Reads acts out of words: a suggestion for a person, never a fact. One pass over the text, however many the phrases.
 * Knows the file of acts (acts.ts), not incidents or rules. Next: scan.ts (finds the phrases), classify.ts, which turns what is
 * found into findings.
 */
import { type Acts, type Hint, hints } from "./acts.ts";
import { SPACE } from "./normalise.ts";
import { partsOf, phrasesOf } from "./phrases.ts";
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

/** How far apart the parts of a pattern may lie when it does not say: in characters, spaces counted once. */
const WITHIN = { en: 40, "zh-CN": 12 } as const;
/** So many of the last positions where a negation ended are kept; more than the longest phrase has units. */
const ENDS_KEPT = 1 << 9;
const NEVER = -1;

/** What words may suggest, acts first. */
const subjects: readonly (Act | Hint)[] = [...allActs, ...hints];

interface Rule {
  /** Index into {@link subjects}. */
  subject: number;
  within: number;
  needs: number[];
  unless: number[];
  evenNegated: boolean;
  byOthers: boolean;
}

/** What the end of a phrase means. */
interface Meaning {
  negates: boolean;
  /** The borrower speaks of himself. */
  own: boolean;
  /** Numbers of the lists (used in `needs` or `unless`) that hold the phrase. */
  lists: number[];
  /** Places in rules that wait for it: a place is one part of one rule. */
  places: number[];
}

class Compiler {
  readonly phrases: Uint16Array[] = [];
  readonly meanings: Meaning[] = [];
  readonly rules: Rule[] = [];
  readonly ruleOfPlace: number[] = [];
  readonly firstPlace: boolean[] = [];
  readonly lastPlace: boolean[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #listNumbers = new Map<string, number>();
  readonly #acts: Acts;

  constructor(acts: Acts) {
    this.#acts = acts;
    for (const { id, wording, ...all } of [
      ...acts.acts,
      ...acts.hints.map((hint) => ({ ...hint, unless: [], byOthers: false })),
    ])
      for (const language of ["en", "zh-CN"] as const)
        for (const pattern of wording[language]) {
          const { words, ...rest } = typeof pattern === "string" ? { words: pattern } : pattern;
          this.#addRule(words, {
            subject: subjects.indexOf(id),
            within: rest.within ?? WITHIN[language],
            needs: (rest.needs ?? []).map((name) => this.#list(name)),
            unless: [...(rest.unless ?? []), ...(all.unless ?? [])].map((name) => this.#list(name)),
            evenNegated: rest.evenNegated ?? false,
            byOthers: rest.byOthers ?? all.byOthers ?? false,
          });
        }
    for (const { words, fillers } of Object.values(acts.negations)) {
      const between = fillers.flatMap((entry) => entry.split("|"));
      for (const word of words.flatMap((entry) => entry.split("|")))
        for (const negation of [word, ...between.map((filler) => `${word.trim()} ${filler.trim()}`)])
          for (const phrase of phrasesOf(negation, acts)) this.#meaning(phrase).negates = true;
    }
    for (const words of Object.values(acts.own).flat())
      for (const phrase of phrasesOf(words, acts)) this.#meaning(phrase).own = true;
  }

  /** How many lists there are in `needs` and `unless`. */
  get lists(): number {
    return this.#listNumbers.size;
  }

  #addRule(words: string, rule: Rule): void {
    const number = this.rules.push(rule) - 1;
    const parts = partsOf(words, this.#acts);
    parts.forEach((phrases, index) => {
      const place = this.ruleOfPlace.push(number) - 1;
      this.firstPlace.push(index === 0);
      this.lastPlace.push(index === parts.length - 1);
      for (const phrase of phrases) {
        const { places } = this.#meaning(phrase);
        if (places.at(-1) !== place) places.push(place);
      }
    });
  }

  #list(name: string): number {
    const known = this.#listNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#listNumbers.size;
    this.#listNumbers.set(name, number);
    for (const phrase of phrasesOf(`$${name}`, this.#acts)) {
      const { lists } = this.#meaning(phrase);
      if (lists.at(-1) !== number) lists.push(number);
    }
    return number;
  }

  #meaning(phrase: Uint16Array): Meaning {
    const key = String.fromCharCode(...phrase);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.phrases.push(phrase) - 1;
      this.meanings.push({ negates: false, own: false, lists: [], places: [] });
      this.#numbers.set(key, number);
    }
    return this.meanings[number]!;
  }
}

/** What {@link Compiler} gathers about phrases and places, in flat arrays: they are read at every phrase in a text. */
class Tables {
  /** By phrase: how many units it has, and whether the first and the last of them is the SPACE round a Latin word. */
  readonly length: Uint16Array;
  readonly spaceFirst: Uint8Array;
  readonly spaceLast: Uint8Array;
  readonly negates: Uint8Array;
  readonly own: Uint8Array;
  /** The lists of phrase p are `lists[listsFrom[p]]` up to, not with, `lists[listsFrom[p + 1]]`; its places likewise. */
  readonly listsFrom: Uint32Array;
  readonly lists: Uint16Array;
  readonly placesFrom: Uint32Array;
  readonly places: Uint16Array;
  /** By place: how far after the place before it may begin, or -1 for the first part of a rule. */
  readonly reach: Int32Array;
  readonly isLast: Uint8Array;
  readonly evenNegated: Uint8Array;
  readonly byOthers: Uint8Array;
  readonly ruleOfPlace: Uint16Array;

  constructor({ phrases, meanings, rules, ruleOfPlace, firstPlace, lastPlace }: Compiler) {
    this.length = Uint16Array.from(phrases, (phrase) => phrase.length);
    this.spaceFirst = Uint8Array.from(phrases, (phrase) => Number(phrase[0] === SPACE));
    this.spaceLast = Uint8Array.from(phrases, (phrase) => Number(phrase.at(-1) === SPACE));
    this.negates = Uint8Array.from(meanings, (meaning) => Number(meaning.negates));
    this.own = Uint8Array.from(meanings, (meaning) => Number(meaning.own));
    this.lists = Uint16Array.from(meanings.flatMap((meaning) => meaning.lists));
    this.listsFrom = runningTotal(meanings.map((meaning) => meaning.lists.length));
    this.places = Uint16Array.from(meanings.flatMap((meaning) => meaning.places));
    this.placesFrom = runningTotal(meanings.map((meaning) => meaning.places.length));
    this.reach = Int32Array.from(ruleOfPlace, (rule, place) => (firstPlace[place] ? -1 : rules[rule]!.within));
    this.isLast = Uint8Array.from(lastPlace, Number);
    this.evenNegated = Uint8Array.from(ruleOfPlace, (rule) => Number(rules[rule]!.evenNegated));
    this.byOthers = Uint8Array.from(ruleOfPlace, (rule) => Number(rules[rule]!.byOthers));
    this.ruleOfPlace = Uint16Array.from(ruleOfPlace);
  }
}

function runningTotal(counts: number[]): Uint32Array {
  const totals = new Uint32Array(counts.length + 1);
  counts.forEach((count, i) => (totals[i + 1] = totals[i]! + count));
  return totals;
}

/** Where phrases of a list stand in a text: positions in units, and the numbers of the sentences, rising. */
class Seen {
  earliestFinish = Infinity;
  latestBegin = NEVER;
  /** The last two of them; the last may be part of what is looked at. */
  lastBegin = NEVER;
  lastFinish = NEVER;
  beforeBegin = NEVER;
  beforeFinish = NEVER;
  readonly sentences: number[] = [];
  /** How many of the sentences lie before the neighbours of the one asked of last; sentences are asked of in rising order. */
  passed = 0;

  clear(): void {
    this.earliestFinish = Infinity;
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

/** Makes the searcher of a file of acts; costs tenths of a second, so make it once. */
export function compileWording(acts: Acts): WordingReader {
  const compiler = new Compiler(acts);
  const { rules } = compiler;
  const tables = new Tables(compiler);
  const slots = compiler.ruleOfPlace.length * 2;
  // Where the parts of a rule up to a place were last found: positions in units, and the offset into the text.
  // The one before is kept too: the last may overlap what follows where the one before does not.
  const finishOf = new Int32Array(slots).fill(NEVER);
  const beginOf = new Int32Array(slots);
  const startOf = new Int32Array(slots);
  /** Ends of the last negations, and of the last words of the borrower on himself, by their position modulo the array's length. */
  const negatedAt = new Int32Array(ENDS_KEPT).fill(NEVER);
  const ownAt = new Int32Array(ENDS_KEPT).fill(NEVER);
  const seen = Array.from({ length: compiler.lists }, () => new Seen());
  const candidates = new Candidates();
  const scan = makeScan(compiler.phrases, reached);
  let steps = 0;

  /** A phrase ends with the unit at a position. */
  function reached(phrase: number, finish: number): void {
    const begin = finish - tables.length[phrase]! + 1;
    if (tables.negates[phrase] === 1) negatedAt[finish & (ENDS_KEPT - 1)] = finish;
    if (tables.own[phrase] === 1) ownAt[finish & (ENDS_KEPT - 1)] = finish;
    const listsTo = tables.listsFrom[phrase + 1]!;
    for (let i = tables.listsFrom[phrase]!; i < listsTo; i++) {
      const where = seen[tables.lists[i]!]!;
      if (finish < where.earliestFinish) where.earliestFinish = finish;
      if (begin > where.latestBegin) where.latestBegin = begin;
      where.beforeBegin = where.lastBegin;
      where.beforeFinish = where.lastFinish;
      where.lastBegin = begin;
      where.lastFinish = finish;
      if (where.sentences.at(-1) !== scan.sentence) where.sentences.push(scan.sentence);
    }
    let i = tables.placesFrom[phrase]!;
    const placesTo = tables.placesFrom[phrase + 1]!;
    steps += placesTo - i;
    if (i === placesTo) return;
    // The space before a Latin word belongs to it and to the word before.
    const spaced = tables.spaceFirst[phrase]!;
    const before = begin - 1 + spaced;
    const isNegated = negatedAt[before & (ENDS_KEPT - 1)] === before;
    const isOwn = ownAt[before & (ENDS_KEPT - 1)] === before;
    for (; i < placesTo; i++) {
      const place = tables.places[i]!;
      const reach = tables.reach[place]!;
      let beginOfAll = begin;
      let startOfAll = -1;
      let gapFrom = finish;
      if (reach >= 0) {
        let slot = (place - 1) * 2;
        if (finishOf[slot]! > before) slot++;
        const from = finishOf[slot]!;
        if (from > before || from < before - reach || from < scan.sentenceFrom) continue;
        beginOfAll = beginOf[slot]!;
        startOfAll = startOf[slot]!;
        gapFrom = from;
      }
      if (isNegated && tables.evenNegated[place] === 0) continue;
      if (isOwn && reach < 0 && tables.byOthers[place] === 1) continue;
      if (startOfAll < 0) startOfAll = scan.offsetOf(begin + spaced);
      if (tables.isLast[place] === 1) {
        const lastLetter = scan.offsetOf(finish - tables.spaceLast[phrase]!);
        const rule = tables.ruleOfPlace[place]!;
        const met = reach >= 0 && rules[rule]!.needs.some((list) => seen[list]!.isBetween(gapFrom, begin)) ? 1 : 0;
        candidates.add(rule, beginOfAll, finish, startOfAll, lastLetter, scan.sentence, met);
      } else {
        const slot = place * 2;
        finishOf[slot + 1] = finishOf[slot]!;
        beginOf[slot + 1] = beginOf[slot]!;
        startOf[slot + 1] = startOf[slot]!;
        finishOf[slot] = finish;
        beginOf[slot] = beginOfAll;
        startOf[slot] = startOfAll;
      }
    }
  }

  function read(text: string): { acts: WordingHit[]; hints: HintHit[] } {
    for (const list of seen) if (list.sentences.length > 0) list.clear();
    candidates.size = 0;
    steps = 0;
    scan.start();
    if (scan.isAnew) {
      finishOf.fill(NEVER);
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
  const perSubject: Words[][] = [];
  for (let at = 0; at < size * Candidates.WIDTH; at += Candidates.WIDTH) {
    const { subject, needs, unless } = rules[rows[at]!]!;
    const begin = rows[at + 1]!;
    const finish = rows[at + 2]!;
    // A phrase does not speak for itself: what it needs must stand outside it.
    const isOutside = (list: number) => seen[list]!.earliestFinish <= begin || seen[list]!.latestBegin >= finish;
    const isNear = (list: number) => seen[list]!.isNear(rows[at + 5]!);
    const isMet = needs.length === 0 || rows[at + 6] === 1 || needs.some(isOutside);
    if (!isMet || unless.some(isNear)) continue;
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

/** The words of some subjects by where they begin; those of one subject are in order and apart already. */
function inOrder(perSubject: readonly Words[][], from: number, to: number) {
  const all: (Words & { subject: Act | Hint })[] = [];
  const next = new Map<number, number>();
  for (let subject = from; subject < to; subject++) if (perSubject[subject]) next.set(subject, 0);
  while (next.size > 0) {
    let first = -1;
    for (const [subject, index] of next)
      if (first < 0 || perSubject[subject]![index]!.start < perSubject[first]![next.get(first)!]!.start)
        first = subject;
    const index = next.get(first)!;
    all.push({ ...perSubject[first]![index]!, subject: subjects[first]! });
    if (index + 1 < perSubject[first]!.length) next.set(first, index + 1);
    else next.delete(first);
  }
  return all;
}

/** The offset after the character at an offset: two units on where it is a surrogate pair. */
function endOfCharacter(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}
