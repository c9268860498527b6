/**
 * Makes different spellings of the same words equal, and remembers where each character came from.
 * Knows nothing about acts or phrases. Next: aho-corasick.ts (finds many phrases in the units made here), scan.ts, which makes the
 * units of a whole text and looks for phrases in one pass: it goes by the same tables as {@link normalise}.
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
export const HIGH_SURROGATE = 8;
const KINDS = 16;

// How far apart the last letter and the next one are; a wider gap overrules a narrower one.
const NONE = 0;
const SOFT = 1;
const AFTER_DOT = 2;
const AFTER_LINE = 3;
const CLAUSE = 4;
export const SENTENCE = 5;
const GAPS = 6;

/** For each UTF-16 unit the letter it stands for, or what it is instead (below {@link FIRST_LETTER}). */
const table = buildTable();
const mathematical = buildMathematical();

/** The gap after a gap and then a character that is no letter: `widened[gap * 16 + kind]`. */
export const widened = buildWidened();

// What is written between two letters, before the second of them.
export const SPACE_FIRST = 1;
export const BREAK_NEXT = 2;
export const STOP_NEXT = 4;
export const SPACE_LAST = 8;
/** Bits of what is written at a gap: `written[gap * 4 + 2 (the letter before is Latin) + 1 (the letter after is)]`. */
export const written = buildWritten();

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

function buildWidened(): Uint8Array {
  const to = new Uint8Array(GAPS * KINDS);
  for (let gap = 0; gap < GAPS; gap++)
    for (let kind = 0; kind < KINDS; kind++) to[gap * KINDS + kind] = kind === DROP ? gap : widen(gap, kind);
  return to;
}

/** A dot ends a sentence only before a space or a line end, and several are a pause; an empty line ends one as well. */
function widen(gap: number, kind: number): number {
  switch (kind) {
    case DOT:
      return gap === AFTER_DOT ? CLAUSE : Math.max(gap, AFTER_DOT);
    case LINE:
      return gap === AFTER_DOT || gap === AFTER_LINE ? SENTENCE : Math.max(gap, AFTER_LINE);
    case COMMA:
      return Math.max(gap, CLAUSE);
    case END:
      return SENTENCE;
    default:
      return gap === AFTER_DOT ? SENTENCE : Math.max(gap, SOFT);
  }
}

/** Every Latin word has a SPACE on both sides; between Chinese characters soft gaps vanish. */
function buildWritten(): Uint8Array {
  const to = new Uint8Array(GAPS * 4);
  for (let gap = 0; gap < GAPS; gap++)
    for (let sides = 0; sides < 4; sides++) {
      const before = (sides & 2) !== 0;
      const after = (sides & 1) !== 0;
      if (gap === NONE && before === after) continue;
      if (gap < CLAUSE) to[gap * 4 + sides] = before || after ? SPACE_FIRST : 0;
      else
        to[gap * 4 + sides] =
          (before ? SPACE_FIRST : 0) | (gap === CLAUSE ? BREAK_NEXT : STOP_NEXT) | (after ? SPACE_LAST : 0);
    }
  return to;
}

/** The letter, or kind of other character, that a UTF-16 unit stands for when it is read alone. */
export function readUnit(unit: number): number {
  return table[unit]!;
}

/** The letter, or kind, that a high surrogate and the unit after it (0 at the end of the text) stand for together; see {@link isPair}. */
export function readPair(high: number, low: number): number {
  if (!isPair(low)) return SYMBOL;
  if (high === 0xd835) return mathematical[low - 0xdc00]! || SYMBOL;
  return high >= 0xd840 && high < 0xd8c0 ? high : SYMBOL; // a rare Chinese character: a letter, of no phrase
}

/** Does a unit end the pair that a high surrogate begins? */
export function isPair(low: number): boolean {
  return low >= 0xdc00 && low < 0xe000;
}

/** Is a letter part of a Latin word (or number)? */
export function isLatin(letter: number): boolean {
  return letter < FIRST_WIDE;
}

/**
 * The units of a phrase, or of any text as one: exactly what stands for it inside a longer text, without STOPs at its ends.
 * Time is linear in its length, whatever it holds; lone surrogates are read as symbols.
 */
export function normalise(phrase: string): Uint16Array {
  const units: number[] = [];
  let gap = SENTENCE;
  let before = 0;
  for (let at = 0; at < phrase.length; at++) {
    let unit = readUnit(phrase.charCodeAt(at));
    if (unit === HIGH_SURROGATE) {
      const low = at + 1 < phrase.length ? phrase.charCodeAt(at + 1) : 0;
      unit = readPair(phrase.charCodeAt(at), low);
      if (isPair(low)) at++;
    }
    if (unit < FIRST_LETTER) {
      gap = widened[gap * KINDS + unit]!;
      continue;
    }
    const after = isLatin(unit) ? 1 : 0;
    const between = written[gap * 4 + before + after]!;
    if (between & SPACE_FIRST) units.push(SPACE);
    if (between & BREAK_NEXT) units.push(BREAK);
    if (between & STOP_NEXT && units.length > 0) units.push(STOP);
    if (between & SPACE_LAST) units.push(SPACE);
    units.push(unit);
    gap = NONE;
    before = after * 2;
  }
  if (before) units.push(SPACE);
  return Uint16Array.from(units);
}
