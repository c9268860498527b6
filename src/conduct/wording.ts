/**
 * Reads acts out of words: a suggestion for a person, never a fact. One pass over the text, however many the phrases.
 * Knows the file of acts (acts.ts), not incidents or rules. Next: classify.ts, which turns what is found into findings.
 */
import type { Acts } from "./acts.ts";
import { buildAutomaton, CHECK, FAIL, OUT, ROOT } from "./aho-corasick.ts";
import { BREAK, fold, SPACE, startFolding, STOP } from "./normalise.ts";
import { partsOf, phrasesOf } from "./phrases.ts";
import type { Act } from "./vocabulary.ts";

/** Words that suggest an act: offsets are UTF-16 units of the text given, `end` exclusive, `text` is what stands between. */
export interface WordingHit {
  act: Act;
  start: number;
  end: number;
  text: string;
}

export interface Wording {
  /** Every act suggested by a text, by where its words begin. Time is linear in the text; never throws. */
  find(text: string): WordingHit[];
}

/** How far apart the parts of a pattern may lie when it does not say: in characters, spaces counted once. */
const WITHIN = { en: 40, "zh-CN": 12 } as const;
/** No distance inside a text reaches across the end of a sentence. */
const SENTENCE_GAP = 1 << 10;
const BLOCK = 1 << 14;
/** Units kept from the block before, so that a phrase may lie across two; more than the longest phrase has. */
const LOOK_BACK = 1 << 8;
const NEVER = -1e9;

interface Rule {
  act: Act;
  within: number;
  needs: number[];
  unless: number[];
  evenNegated: boolean;
}

/** What the end of a phrase means. */
interface Meaning {
  length: number;
  negates: boolean;
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
    for (const act of acts.acts)
      for (const language of ["en", "zh-CN"] as const)
        for (const pattern of act.wording[language]) {
          const { words, ...rest } = typeof pattern === "string" ? { words: pattern } : pattern;
          this.#addRule(words, {
            act: act.id,
            within: rest.within ?? WITHIN[language],
            needs: (rest.needs ?? []).map((name) => this.#list(name)),
            unless: (rest.unless ?? []).map((name) => this.#list(name)),
            evenNegated: rest.evenNegated ?? false,
          });
        }
    for (const { words, fillers } of Object.values(acts.negations)) {
      const between = fillers.flatMap((entry) => entry.split("|"));
      for (const word of words.flatMap((entry) => entry.split("|")))
        for (const negation of [word, ...between.map((filler) => `${word.trim()} ${filler.trim()}`)])
          for (const phrase of phrasesOf(negation, acts)) this.#meaning(phrase).negates = true;
    }
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
        if (!places.includes(place)) places.push(place);
      }
    });
  }

  #list(name: string): number {
    const known = this.#listNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#listNumbers.size;
    this.#listNumbers.set(name, number);
    for (const phrase of phrasesOf(`$${name}`, this.#acts)) this.#meaning(phrase).lists.push(number);
    return number;
  }

  #meaning(phrase: Uint16Array): Meaning {
    const key = String.fromCharCode(...phrase);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.phrases.push(phrase) - 1;
      this.meanings.push({ length: phrase.length, negates: false, lists: [], places: [] });
      this.#numbers.set(key, number);
    }
    return this.meanings[number]!;
  }
}

/** What {@link Compiler} gathers about phrases and places, in flat arrays: they are read at every phrase in a text. */
class Tables {
  readonly length: Uint16Array;
  readonly negates: Uint8Array;
  /** The lists of phrase p are `lists[listsFrom[p]]` up to, not with, `lists[listsFrom[p + 1]]`; its places likewise. */
  readonly listsFrom: Uint32Array;
  readonly lists: Uint16Array;
  readonly placesFrom: Uint32Array;
  readonly places: Uint16Array;
  /** By place: how far after the place before it may begin, or -1 for the first part of a rule. */
  readonly reach: Int32Array;
  readonly isLast: Uint8Array;
  readonly evenNegated: Uint8Array;

  constructor({ meanings, rules, ruleOfPlace, firstPlace, lastPlace }: Compiler) {
    this.length = Uint16Array.from(meanings, (meaning) => meaning.length);
    this.negates = Uint8Array.from(meanings, (meaning) => Number(meaning.negates));
    this.lists = Uint16Array.from(meanings.flatMap((meaning) => meaning.lists));
    this.listsFrom = runningTotal(meanings.map((meaning) => meaning.lists.length));
    this.places = Uint16Array.from(meanings.flatMap((meaning) => meaning.places));
    this.placesFrom = runningTotal(meanings.map((meaning) => meaning.places.length));
    this.reach = Int32Array.from(ruleOfPlace, (rule, place) => (firstPlace[place] ? -1 : rules[rule]!.within));
    this.isLast = Uint8Array.from(lastPlace, Number);
    this.evenNegated = Uint8Array.from(ruleOfPlace, (rule) => Number(rules[rule]!.evenNegated));
  }
}

function runningTotal(counts: number[]): Uint32Array {
  const totals = new Uint32Array(counts.length + 1);
  counts.forEach((count, i) => (totals[i + 1] = totals[i]! + count));
  return totals;
}

/** Words that a rule knows, before their surroundings are asked: positions in units, and offsets into the text. */
interface Candidate {
  rule: Rule;
  begin: number;
  finish: number;
  start: number;
  end: number;
  sentence: number;
}

/** Where phrases of a list stand in a text: positions in units, and the numbers of the sentences. */
interface Seen {
  earliestFinish: number;
  latestBegin: number;
  sentences: number[];
}

/** Makes the searcher of a file of acts; costs tens of milliseconds, so make it once. */
export function compileWording(acts: Acts): Wording {
  const compiler = new Compiler(acts);
  const { rules, ruleOfPlace, lists } = compiler;
  const tables = new Tables(compiler);
  const { symbolOf, cells, nextOut } = buildAutomaton(compiler.phrases);
  const slots = ruleOfPlace.length * 2;
  const units = new Uint16Array(LOOK_BACK + BLOCK);
  const offsets = new Uint32Array(LOOK_BACK + BLOCK);
  // Where the parts of a rule up to a place were last found: positions in units, and the offset into the text.
  // The one before is kept too: the last may overlap what follows where the one before does not.
  const finishOf = new Float64Array(slots);
  const beginOf = new Float64Array(slots);
  const startOf = new Uint32Array(slots);
  /** Ends of the last negations, by their position modulo the array's length. */
  const negatedAt = new Float64Array(LOOK_BACK);

  function find(text: string): WordingHit[] {
    const candidates: Candidate[] = [];
    const seen: Seen[] = Array.from({ length: lists }, () => ({
      earliestFinish: Infinity,
      latestBegin: NEVER,
      sentences: [],
    }));
    finishOf.fill(NEVER);
    negatedAt.fill(NEVER);
    let sentence = 0;
    let state = ROOT;
    /** Position in the text of the unit at index 0 of the block. */
    let shift = 0;
    let from = LOOK_BACK;
    const folding = startFolding(text);

    /** A phrase ends with the unit at index k. */
    const reached = (phrase: number, k: number): void => {
      const first = k - tables.length[phrase]! + 1;
      const begin = shift + first;
      const finish = shift + k;
      if (tables.negates[phrase] === 1) negatedAt[finish & (LOOK_BACK - 1)] = finish;
      for (let i = tables.listsFrom[phrase]!; i < tables.listsFrom[phrase + 1]!; i++) {
        const where = seen[tables.lists[i]!]!;
        if (finish < where.earliestFinish) where.earliestFinish = finish;
        if (begin > where.latestBegin) where.latestBegin = begin;
        if (where.sentences.at(-1) !== sentence) where.sentences.push(sentence);
      }
      const placesTo = tables.placesFrom[phrase + 1]!;
      let i = tables.placesFrom[phrase]!;
      if (i === placesTo) return;
      // The space before a Latin word belongs to it and to the word before.
      const spaced = units[first] === SPACE;
      const before = spaced ? begin : begin - 1;
      const isNegated = negatedAt[before & (LOOK_BACK - 1)] === before;
      for (; i < placesTo; i++) {
        const place = tables.places[i]!;
        const reach = tables.reach[place]!;
        let beginOfAll = begin;
        let startOfAll = offsets[spaced ? first + 1 : first]!;
        if (reach >= 0) {
          let slot = (place - 1) * 2;
          if (finishOf[slot]! > before) slot++;
          if (finishOf[slot]! > before || finishOf[slot]! < before - reach) continue;
          beginOfAll = beginOf[slot]!;
          startOfAll = startOf[slot]!;
        }
        if (isNegated && tables.evenNegated[place] === 0) continue;
        if (tables.isLast[place] === 1) {
          const end = endOfCharacter(text, offsets[units[k] === SPACE ? k - 1 : k]!);
          const rule = rules[ruleOfPlace[place]!]!;
          candidates.push({ rule, begin: beginOfAll, finish, start: startOfAll, end, sentence });
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
    };

    while (!folding.done) {
      const to = fold(folding, units, offsets, from);
      for (let k = from; k < to; k++) {
        const unit = units[k]!;
        if (unit <= STOP) {
          state = ROOT;
          if (unit !== BREAK) {
            sentence++;
            shift += SENTENCE_GAP;
          }
          continue;
        }
        const symbol = symbolOf[unit]!;
        let next = cells[state]! + symbol;
        while (cells[next + CHECK] !== state) {
          if (state === ROOT) {
            next = ROOT;
            break;
          }
          state = cells[state + FAIL]!;
          next = cells[state]! + symbol;
        }
        state = next;
        for (let phrase = cells[state + OUT]!; phrase >= 0; phrase = nextOut[phrase]!) reached(phrase, k);
      }
      units.copyWithin(0, to - LOOK_BACK, to);
      offsets.copyWithin(0, to - LOOK_BACK, to);
      shift += to - LOOK_BACK;
      from = LOOK_BACK;
    }
    return settle(text, candidates, seen);
  }

  return { find };
}

/** The offset after the character at an offset: two units on where it is a surrogate pair. */
function endOfCharacter(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

/** Keeps what its surroundings allow; of overlapping words for one act, all of them as one quote. */
function settle(text: string, candidates: Candidate[], seen: readonly Seen[]): WordingHit[] {
  const allowed = candidates.filter(({ rule, begin, finish, sentence }) => {
    // A phrase does not speak for itself: what it needs must stand outside it.
    const isOutside = (list: number) => seen[list]!.earliestFinish <= begin || seen[list]!.latestBegin >= finish;
    const isNear = (list: number) => isWithinOne(seen[list]!.sentences, sentence);
    return (rule.needs.length === 0 || rule.needs.some(isOutside)) && !rule.unless.some(isNear);
  });
  allowed.sort((a, b) => a.start - b.start || b.end - a.end);
  const hits: WordingHit[] = [];
  const lastOf = new Map<Act, WordingHit>();
  for (const { rule, start, end } of allowed) {
    const last = lastOf.get(rule.act);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      continue;
    }
    const hit = { act: rule.act, start, end, text: "" };
    hits.push(hit);
    lastOf.set(rule.act, hit);
  }
  for (const hit of hits) hit.text = text.slice(hit.start, hit.end);
  return hits;
}

/** Is there a number at most one away? The numbers rise. */
function isWithinOne(numbers: readonly number[], wanted: number): boolean {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < wanted - 1) low = middle + 1;
    else high = middle;
  }
  return low < numbers.length && numbers[low]! <= wanted + 1;
}
