/**
 * Makes different spellings of the same words equal, and remembers where each character came from.
 * Knows nothing about acts or phrases. Next: aho-corasick.ts (finds many phrases in the units made here), wording.ts.
 *
 * Folded away: width (ＡＢＣ), case, accents, traditional characters, letters borrowed from Greek, Cyrillic or mathematics,
 * apostrophes, zero-width characters, and whatever spaces or symbols stand between two Chinese characters (上.门, 杀 * 你).
 * Between Latin words any run of spaces and symbols is one SPACE. Commas and pauses make a BREAK, which no phrase crosses; ends of
 * sentences make a STOP, which no pair of phrases crosses. Every Latin word has a SPACE on both sides, so that a phrase
 * beginning and ending with SPACE matches whole words only.
 */
import { traditionalPairs } from "./traditional.ts";

/** Units between words; all letters, digits and Chinese characters lie at or above {@link FIRST_LETTER}. */
export const SPACE = 0x20;
export const BREAK = 0x01;
export const STOP = 0x02;
export const FIRST_LETTER = 0x30;
/** Below this a letter is part of a Latin word, from here on it stands for itself. */
const FIRST_WIDE = 0x80;

// What a character is when it is no letter. Values below FIRST_LETTER in the table.
const DROP = 0;
const SYMBOL = 3;
const DOT = 4;
const LINE = 5;
const COMMA = 6;
const END = 7;
const HIGH_SURROGATE = 8;

// How far apart the last letter and the next one are; a wider gap overrules a narrower one.
const NONE = 0;
const SOFT = 1;
const AFTER_DOT = 2;
const AFTER_LINE = 3;
const CLAUSE = 4;
const SENTENCE = 5;

/** At most this many units are written for one character: SPACE, BREAK or STOP, SPACE, letter. */
const UNITS_PER_CHARACTER = 4;

const table = buildTable();
const mathematical = buildMathematical();

function fill(target: Uint16Array, characters: string, value: number): void {
  for (let i = 0; i < characters.length; i++) target[characters.charCodeAt(i)] = value;
}

function buildTable(): Uint16Array {
  const to = new Uint16Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit++) to[unit] = unit < 0x250 ? SYMBOL : unit;
  for (const [first, last] of [
    [0x2000, 0x2bff], // punctuation, arrows, mathematics, boxes, dingbats
    [0x2e00, 0x2e7f],
    [0x3000, 0x3004],
    [0x3008, 0x3020],
    [0xfe10, 0xfe6f], // small and vertical forms
    [0xff00, 0xff0f],
    [0xff1a, 0xff20],
    [0xff3b, 0xff40],
    [0xff5b, 0xff65],
    [0xffe0, 0xffff],
    [0xe000, 0xf8ff], // private use: icons
  ] as const)
    to.fill(SYMBOL, first, last + 1);
  for (const [first, last] of [
    [0x30, 0x39],
    [0x61, 0x7a],
  ] as const)
    for (let unit = first; unit <= last; unit++) to[unit] = unit;
  // Compatible forms whose plain form is one letter: full width, circled, superscript, accented, radicals, compatibility Han.
  for (const [first, last] of [
    [0x41, 0x5a],
    [0xaa, 0x24f],
    [0x1e00, 0x1eff],
    [0x2070, 0x209f],
    [0x2100, 0x214f],
    [0x2460, 0x24ff],
    [0x2e80, 0x2fdf],
    [0x3200, 0x33ff],
    [0xf900, 0xfaff],
    [0xff10, 0xff9f],
  ] as const)
    for (let unit = first; unit <= last; unit++) {
      const plain = String.fromCharCode(unit)
        .normalize("NFKD")
        .replace(/[\u0300-\u036f()]/g, "")
        .toLowerCase();
      const code = plain.charCodeAt(0);
      if (plain.length === 1 && ((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || code >= 0x250))
        to[unit] = code;
    }
  const lookalikes = "аaеeоoрpсcуyхxіiѕsјjАaВbЕeКkМmНhОoРpСcТtУyХxІiαaοoνvρpΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧx";
  for (let i = 0; i < lookalikes.length; i += 2) to[lookalikes.charCodeAt(i)] = lookalikes.charCodeAt(i + 1);
  for (let i = 0; i < traditionalPairs.length; i += 2)
    to[traditionalPairs.charCodeAt(i)] = traditionalPairs.charCodeAt(i + 1);
  // Common in chats but folded by no dictionary.
  fill(to, "妳", "你".charCodeAt(0));
  fill(to, "牠祂", "他".charCodeAt(0));
  fill(to, "'’‘`´ʼ＇\u00ad\u034f\u061c\u180e\u2060\ufeff", DROP);
  for (let unit = 0x200b; unit <= 0x200f; unit++) to[unit] = DROP;
  for (let unit = 0x202a; unit <= 0x202e; unit++) to[unit] = DROP;
  to.fill(DROP, 0x300, 0x370); // combining accents
  to.fill(DROP, 0xfe00, 0xfe10); // variation selectors
  fill(to, ".．", DOT);
  fill(to, "\n\u2028\u2029", LINE);
  fill(to, ",，、;；:：﹐﹑…⋯", COMMA);
  fill(to, "!?！？。｡﹗﹖", END);
  to.fill(HIGH_SURROGATE, 0xd800, 0xdc00);
  to.fill(SYMBOL, 0xdc00, 0xe000); // a low surrogate read alone: the rest of an emoji, or broken text
  return to;
}

/** Plain letters of U+1D400 to U+1D7FF (𝐤𝐢𝐥𝐥), by the low ten bits; 0 where there is none. */
function buildMathematical(): Uint16Array {
  const letters = new Uint16Array(0x400);
  for (let low = 0; low < 0x400; low++) {
    const value =
      table[
        String.fromCodePoint(0x1d400 + low)
          .normalize("NFKD")
          .charCodeAt(0)
      ]!;
    if (value >= FIRST_LETTER) letters[low] = value;
  }
  return letters;
}

/** Where a folding stands in a text. */
export interface Folding {
  readonly text: string;
  /** UTF-16 offset of the next character to read. */
  at: number;
  /** Set once the last unit of the text has been written. */
  done: boolean;
  gap: number;
  inWord: boolean;
}

/** Begins to fold a text. */
export function startFolding(text: string): Folding {
  return { text, at: 0, done: false, gap: SENTENCE, inWord: false };
}

/**
 * Writes the next units of a text and, for each, the UTF-16 offset of its character, from index `n` on.
 * Stops when the arrays are full or the text ends (`folding.done`). Returns the index after the last unit written.
 * Time is linear in the characters read, whatever they are; lone surrogates are read as symbols.
 */
export function fold(folding: Folding, units: Uint16Array, offsets: Uint32Array, n: number): number {
  const { text } = folding;
  const length = text.length;
  const room = units.length - UNITS_PER_CHARACTER;
  let { at, gap, inWord } = folding;
  for (; at < length && n <= room; at++) {
    let unit = table[text.charCodeAt(at)]!;
    let next = at;
    if (unit < FIRST_LETTER) {
      if (unit === SYMBOL) {
        if (gap === NONE) gap = SOFT;
        else if (gap === AFTER_DOT) gap = SENTENCE;
        continue;
      }
      if (unit === DROP) continue;
      if (unit === HIGH_SURROGATE) {
        const high = text.charCodeAt(at);
        const low = at + 1 < length ? text.charCodeAt(at + 1) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
          next = at + 1;
          if (high === 0xd835) unit = mathematical[low - 0xdc00]! || SYMBOL;
          else if (high >= 0xd840 && high < 0xd8c0) unit = high; // a rare Chinese character: a letter, of no phrase
        }
      }
      if (unit < FIRST_LETTER) {
        gap = widen(gap, unit);
        at = next;
        continue;
      }
    }
    const word = unit < FIRST_WIDE;
    if (gap !== NONE || word !== inWord) {
      if (gap === AFTER_DOT || gap === AFTER_LINE) gap = SOFT;
      if (inWord || (word && gap <= SOFT)) {
        units[n] = SPACE;
        offsets[n++] = at;
      }
      if (gap > SOFT) {
        units[n] = gap === CLAUSE ? BREAK : STOP;
        offsets[n++] = at;
        if (word) {
          units[n] = SPACE;
          offsets[n++] = at;
        }
      }
      gap = NONE;
      inWord = word;
    }
    units[n] = unit;
    offsets[n++] = at;
    at = next;
  }
  if (at >= length && n <= room) {
    if (inWord) {
      units[n] = SPACE;
      offsets[n++] = length;
    }
    units[n] = STOP;
    offsets[n++] = length;
    folding.done = true;
  }
  folding.at = at;
  folding.gap = gap;
  folding.inWord = inWord;
  return n;
}

/** A dot ends a sentence only before a space or a line end, and several are a pause; an empty line ends one as well. */
function widen(gap: number, kind: number): number {
  switch (kind) {
    case DOT:
      return gap === AFTER_DOT ? CLAUSE : gap > AFTER_DOT ? gap : AFTER_DOT;
    case LINE:
      return gap === AFTER_DOT || gap === AFTER_LINE ? SENTENCE : gap > AFTER_LINE ? gap : AFTER_LINE;
    case COMMA:
      return gap > CLAUSE ? gap : CLAUSE;
    case END:
      return SENTENCE;
    default:
      return gap === AFTER_DOT ? SENTENCE : gap > SOFT ? gap : SOFT;
  }
}

/** The units of a phrase, without the STOPs at its ends: exactly what {@link fold} makes of it inside a text. */
export function normalise(phrase: string): Uint16Array {
  const room = (phrase.length + 2) * UNITS_PER_CHARACTER;
  if (room > scratchUnits.length) {
    scratchUnits = new Uint16Array(room);
    scratchOffsets = new Uint32Array(room);
  }
  const end = fold(startFolding(phrase), scratchUnits, scratchOffsets, 0);
  return scratchUnits.slice(scratchUnits[0] === STOP ? 1 : 0, end - 1);
}

let scratchUnits = new Uint16Array(1024);
let scratchOffsets = new Uint32Array(1024);
