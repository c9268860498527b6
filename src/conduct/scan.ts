/**
 * Goes through a text once, making spellings equal and finding phrases as it goes: flat tables, nothing made per character.
 * Knows phrases by number and where they begin and end, not what they mean. Next: wording.ts, which says what a phrase means.
 *
 * Positions count units (see normalise.ts). They go on from one text to the next, so that what is remembered of an earlier
 * text need not be cleared: it is older than {@link Scan.sentenceFrom}.
 */
import { type Automaton, BASE, buildAutomaton, ENDS, ROOT, SYMBOL } from "./aho-corasick.ts";
import {
  BREAK_NEXT,
  FIRST_LETTER,
  HIGH_SURROGATE,
  isLatin,
  isPair,
  readPair,
  readUnit,
  SENTENCE,
  SPACE,
  SPACE_FIRST,
  SPACE_LAST,
  STOP_NEXT,
  widened,
  written,
} from "./normalise.ts";

/** The offsets of as many of the last units are kept; more than the longest phrase has. */
const KEPT = 1 << 9;
/** Positions are started anew above this, far from the end of 32 bits. */
const HIGHEST_START = 1 << 28;

// A character as one number: a letter is its symbol times 4 with LETTER, and LATIN or not; anything else its kind times 4.
const LETTER = 1;
const LATIN = 2;

export interface Scan {
  /** Position where the sentence being read begins; what lies before is another sentence. */
  sentenceFrom: number;
  /** Number of that sentence in the text. */
  sentence: number;
  /** Steps taken for the last text: characters, units, falls to a shorter beginning, and phrases that ended. */
  steps: number;
  /** Were positions started anew for this text, so that what is remembered of earlier ones must be forgotten? */
  isAnew: boolean;
  /** UTF-16 offset of the character that a unit was made from; only of the last {@link KEPT} units. */
  offsetOf(position: number): number;
  /** Gets ready for a text. */
  start(): void;
  /** Calls `reached` for every phrase that ends, in the order of their ends, with the position of its last unit. */
  run(text: string): void;
}

/** Makes a scanner for distinct, non-empty phrases (units as {@link normalise} makes them). */
export function makeScan(phrases: readonly Uint16Array[], reached: (phrase: number, position: number) => void): Scan {
  const { symbolOf, cells, fail, out, nextOut }: Automaton = buildAutomaton(phrases);
  const classOf = classify(symbolOf);
  const space = symbolOf[SPACE]!;
  const offsets = new Int32Array(KEPT);
  let position = 0;

  const scan: Scan = {
    sentenceFrom: 0,
    sentence: 0,
    steps: 0,
    isAnew: false,
    offsetOf: (at) => offsets[at & (KEPT - 1)]!,
    start: () => {
      scan.isAnew = position > HIGHEST_START;
      if (scan.isAnew) position = 0;
    },
    run,
  };

  /** Reports the phrases that end in a state, and says how many there are; few states have any. */
  function report(longest: number, last: number): number {
    let ends = 0;
    for (let phrase = longest; phrase >= 0; phrase = nextOut[phrase]!) {
      ends++;
      reached(phrase, last);
    }
    return ends;
  }

  function run(text: string): void {
    // Named anew here: a local is read faster than what lies outside the function, and these are read for every character.
    const kinds = classOf;
    const states = cells;
    const ring = offsets;
    const length = text.length;
    const from = position;
    let pos = from;
    let at = 0;
    let state = ROOT;
    /** Where the row of the state begins; that of the root begins at 0. */
    let base = 0;
    /** What lies behind the next character: the gap since the last letter times 4, and LATIN if that was one. */
    let behind = SENTENCE * 4;
    let falls = 0;
    let ends = 0;
    scan.sentence = 0;
    scan.sentenceFrom = pos;

    for (; at < length; at++) {
      let kind = kinds[text.charCodeAt(at)]!;
      let next = at;
      if ((kind & LETTER) === 0) {
        if (kind === HIGH_SURROGATE * 4) {
          const low = at + 1 < length ? text.charCodeAt(at + 1) : 0;
          const letter = readPair(text.charCodeAt(at), low);
          if (isPair(low)) next = at + 1;
          kind = letter < FIRST_LETTER ? letter * 4 : letterClass(letter, symbolOf);
        }
        if ((kind & LETTER) === 0) {
          behind = (widened[(behind >> 2) * 16 + (kind >> 2)]! << 2) | (behind & LATIN);
          at = next;
          continue;
        }
      }
      const word = kind & LATIN;
      // Most letters follow one of their own script without a gap.
      if (behind !== word) {
        const between = written[behind + (word >> 1)]!;
        if (between & SPACE_FIRST) {
          let cell = states[base + space]!;
          for (; (cell & SYMBOL) !== space && state !== ROOT; falls++) {
            state = fail[state]!;
            base = states[state]! >>> BASE;
            cell = states[base + space]!;
          }
          const leads = (cell & SYMBOL) === space;
          state = leads ? base + space : ROOT;
          base = leads ? cell >>> BASE : 0;
          ring[pos & (KEPT - 1)] = at;
          if (leads && (cell & ENDS) !== 0) ends += report(out[state]!, pos);
          pos++;
        }
        if (between & (BREAK_NEXT | STOP_NEXT)) {
          state = ROOT;
          base = 0;
          pos++;
          if (between & STOP_NEXT) {
            scan.sentence++;
            scan.sentenceFrom = pos;
          }
          if (between & SPACE_LAST) {
            if ((states[space]! & SYMBOL) === space) {
              state = space;
              base = states[space]! >>> BASE;
            }
            ring[pos & (KEPT - 1)] = at;
            pos++;
          }
        }
        behind = word;
      }
      const symbol = kind >> 2;
      let cell = states[base + symbol]!;
      for (; (cell & SYMBOL) !== symbol && state !== ROOT; falls++) {
        state = fail[state]!;
        base = states[state]! >>> BASE;
        cell = states[base + symbol]!;
      }
      if ((cell & SYMBOL) !== symbol) {
        // No phrase begins inside a Latin word: from here to its end there is nothing to find.
        if (word !== 0)
          while (next + 1 < length && (kinds[text.charCodeAt(next + 1)]! & (LETTER | LATIN)) === (LETTER | LATIN)) {
            next++;
            pos++;
          }
      } else {
        // A unit of a phrase is never met in the root, so the offsets of others are not asked for.
        ring[pos & (KEPT - 1)] = at;
        state = base + symbol;
        base = cell >>> BASE;
        if ((cell & ENDS) !== 0) ends += report(out[state]!, pos);
      }
      pos++;
      at = next;
    }
    if ((behind & LATIN) !== 0) {
      let cell = states[base + space]!;
      for (; (cell & SYMBOL) !== space && state !== ROOT; falls++) {
        state = fail[state]!;
        base = states[state]! >>> BASE;
        cell = states[base + space]!;
      }
      ring[pos & (KEPT - 1)] = length;
      if ((cell & SYMBOL) === space && (cell & ENDS) !== 0) ends += report(out[base + space]!, pos);
      pos++;
    }
    scan.steps = text.length + (pos - from) + falls + ends;
    position = pos + 1;
  }

  return scan;
}

/** For each UTF-16 unit what {@link Scan.run} must know of it, as one number. */
function classify(symbolOf: Uint16Array): Uint16Array {
  const classes = new Uint16Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit++) {
    const letter = readUnit(unit);
    classes[unit] = letter < FIRST_LETTER ? letter * 4 : letterClass(letter, symbolOf);
  }
  return classes;
}

function letterClass(letter: number, symbolOf: Uint16Array): number {
  return (symbolOf[letter]! << 2) | LETTER | (isLatin(letter) ? LATIN : 0);
}
