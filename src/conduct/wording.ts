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
  readonly #lists = new Map<string, number>();
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
    const known = this.#lists.get(name);
    if (known !== undefined) return known;
    const number = this.#lists.size;
    this.#lists.set(name, number);
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

/** Where phrases of a list stand in the text. */
interface Seen {
  earliestEnd: number;
  latestStart: number;
  sentences: Set<number>;
}

interface Candidate {
  rule: Rule;
  start: number;
  end: number;
  sentence: number;
}

/** Makes the searcher of a file of acts; costs tens of milliseconds, so make it once. */
export function compileWording(acts: Acts): Wording {
  const { phrases, meanings, rules, ruleOfPlace, firstPlace, lastPlace } = new Compiler(acts);
  const { symbolOf, cells, nextOut } = buildAutomaton(phrases);
  const places = ruleOfPlace.length;
  const units = new Uint16Array(LOOK_BACK + BLOCK);
  const offsets = new Uint32Array(LOOK_BACK + BLOCK);
  // Where the parts of a rule up to a place were last found: units since the start of the text, offsets into the text.
  // The one before is kept too: the last may overlap what follows where the one before does not.
  const endOf = new Float64Array(places * 2);
  const startOf = new Uint32Array(places * 2);
  /** Ends of the last negations, by their position modulo the array's length. */
  const negatedAt = new Float64Array(LOOK_BACK);

  function find(text: string): WordingHit[] {
    const candidates: Candidate[] = [];
    const seen = new Map<number, Seen>();
    endOf.fill(NEVER);
    negatedAt.fill(NEVER);
    let sentence = 0;
    let state = ROOT;
    /** Position in the text of the unit at index 0 of the block. */
    let shift = 0;
    let from = LOOK_BACK;
    const folding = startFolding(text);

    /** A phrase ends with the unit at index k. */
    const reached = (phrase: number, k: number): void => {
      const meaning = meanings[phrase]!;
      const first = k - meaning.length + 1;
      const begin = shift + first;
      const finish = shift + k;
      if (meaning.negates) negatedAt[finish & (LOOK_BACK - 1)] = finish;
      if (meaning.lists.length === 0 && meaning.places.length === 0) return;
      // The space before a Latin word belongs to it and to the word before.
      const spaced = units[first] === SPACE;
      const start = offsets[spaced ? first + 1 : first]!;
      const end = endOfCharacter(text, offsets[units[k] === SPACE ? k - 1 : k]!);
      for (const list of meaning.lists) {
        const where = seen.get(list);
        if (where) {
          where.earliestEnd = Math.min(where.earliestEnd, end);
          where.latestStart = Math.max(where.latestStart, start);
          where.sentences.add(sentence);
        } else seen.set(list, { earliestEnd: end, latestStart: start, sentences: new Set([sentence]) });
      }
      if (meaning.places.length === 0) return;
      const before = spaced ? begin : begin - 1;
      const isNegated = negatedAt[before & (LOOK_BACK - 1)] === before;
      for (const place of meaning.places) {
        const rule = rules[ruleOfPlace[place]!]!;
        if (isNegated && !rule.evenNegated) continue;
        let startOfAll = start;
        if (!firstPlace[place]) {
          const earlier = (place - 1) * 2;
          const earliest = before - rule.within;
          if (endOf[earlier]! <= before && endOf[earlier]! >= earliest) startOfAll = startOf[earlier]!;
          else if (endOf[earlier + 1]! <= before && endOf[earlier + 1]! >= earliest) startOfAll = startOf[earlier + 1]!;
          else continue;
        }
        if (lastPlace[place]) {
          candidates.push({ rule, start: startOfAll, end, sentence });
        } else {
          const slot = place * 2;
          endOf[slot + 1] = endOf[slot]!;
          startOf[slot + 1] = startOf[slot]!;
          endOf[slot] = finish;
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
function settle(text: string, candidates: Candidate[], seen: ReadonlyMap<number, Seen>): WordingHit[] {
  const allowed = candidates.filter(({ rule, start, end, sentence }) => {
    // A phrase does not speak for itself: what it needs must stand outside it.
    const isOutside = (list: number) => {
      const where = seen.get(list);
      return where !== undefined && (where.earliestEnd <= start || where.latestStart >= end);
    };
    const isNear = (list: number) => {
      const sentences = seen.get(list)?.sentences;
      return sentences?.has(sentence - 1) || sentences?.has(sentence) || sentences?.has(sentence + 1);
    };
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
