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

/** What {@link Compiler} gathers about phrases and places, in flat arrays: they are read at every phrase in a text. */
export class Tables {
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
