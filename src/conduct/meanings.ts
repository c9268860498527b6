/**
 * What the phrases of the file of acts mean to the searcher: which rules wait for each, which lists hold it, whether it negates.
 * Knows the file of acts (acts.ts), not texts. Next: wording.ts, which goes by these tables.
 */
import { type Acts, type Hint, hints } from "./acts.ts";
import { SPACE } from "./normalise.ts";
import { partsOf, phrasesOf } from "./phrases.ts";
import { type Act, acts as allActs } from "./vocabulary.ts";

/** How far apart the parts of a pattern may lie when it does not say: in characters, spaces counted once. */
const WITHIN = { en: 40, "zh-CN": 12 } as const;
/** What words may suggest, acts first. */
export const subjects: readonly (Act | Hint)[] = [...allActs, ...hints];

export interface Rule {
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

export class Compiler {
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

// What stands where in a row of a table, and the bits of its flags.
export const PHRASE_ROW = 8;
export const LENGTH = 0;
export const PHRASE_FLAGS = 1;
/** The lists of a phrase are `lists[row[LISTS_FROM]]` up to, not with, `lists[row[LISTS_TO]]`; its places likewise. */
export const LISTS_FROM = 2;
export const LISTS_TO = 3;
export const PLACES_FROM = 4;
export const PLACES_TO = 5;
export const NEGATES = 1;
export const OWN = 2;
/** Is the first, is the last of its units the SPACE round a Latin word? */
export const SPACE_BEFORE = 4;
export const SPACE_AFTER = 8;

export const PLACE_ROW = 4;
/** How far after the place before it may begin, or -1 for the first part of a rule. */
export const REACH = 0;
export const PLACE_FLAGS = 1;
export const RULE = 2;
export const IS_LAST = 1;
export const EVEN_NEGATED = 2;
export const BY_OTHERS = 4;

/** What {@link Compiler} gathers, in flat rows: they are read at every phrase in a text, and what is read together stands together. */
export class Tables {
  /** {@link PHRASE_ROW} numbers for each phrase. */
  readonly phrases: Int32Array;
  /** {@link PLACE_ROW} numbers for each place. */
  readonly places: Int32Array;
  readonly listsOf: Uint16Array;
  readonly placesOf: Uint16Array;

  constructor({ phrases, meanings, rules, ruleOfPlace, firstPlace, lastPlace }: Compiler) {
    this.listsOf = Uint16Array.from(meanings.flatMap((meaning) => meaning.lists));
    this.placesOf = Uint16Array.from(meanings.flatMap((meaning) => meaning.places));
    this.phrases = new Int32Array(phrases.length * PHRASE_ROW);
    let lists = 0;
    let places = 0;
    phrases.forEach((phrase, number) => {
      const meaning = meanings[number]!;
      const flags =
        (meaning.negates ? NEGATES : 0) |
        (meaning.own ? OWN : 0) |
        (phrase[0] === SPACE ? SPACE_BEFORE : 0) |
        (phrase.at(-1) === SPACE ? SPACE_AFTER : 0);
      const [listsFrom, placesFrom] = [lists, places];
      lists += meaning.lists.length;
      places += meaning.places.length;
      this.phrases.set([phrase.length, flags, listsFrom, lists, placesFrom, places], number * PHRASE_ROW);
    });
    this.places = new Int32Array(ruleOfPlace.length * PLACE_ROW);
    ruleOfPlace.forEach((rule, place) => {
      const { within, evenNegated, byOthers } = rules[rule]!;
      const flags = (lastPlace[place] ? IS_LAST : 0) | (evenNegated ? EVEN_NEGATED : 0) | (byOthers ? BY_OTHERS : 0);
      this.places.set([firstPlace[place] ? -1 : within, flags, rule], place * PLACE_ROW);
    });
  }
}
