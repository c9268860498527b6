/**
 * Removing words and numbers from a text wherever they stand and however they are spelled: full-width or Chinese digits, spaces and
 * hyphens between them, with and without a country's code, capitals, traditional characters, invisible signs in between. What is removed
 * becomes a mark of one length, so that it tells nothing. Linear in the text for each word. Pure. Next: suggest.ts finds what to remove.
 */
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { traditionalPairs } from "../conduct/traditional.ts";

const MARK = "█████";

/** Signs between two digits that do not end a number: "138 - 0013 (8000)". */
const MOST_BETWEEN = 3;
const FEWEST_DIGITS = 5;
/** Shorter words in Latin letters must stand as words of their own: "Li" is not in "like". */
const SHORT_WORD = 5;

const simplified = new Map<string, string>();
for (let pairs = [...traditionalPairs], at = 0; at + 1 < pairs.length; at += 2)
  simplified.set(pairs[at]!, pairs[at + 1]!);
const hanDigits = new Map([..."零一二三四五六七八九"].map((sign, digit) => [sign, String(digit)] as const));
for (const [sign, digit] of [
  "〇0",
  "○0",
  "幺1",
  "两2",
  "壹1",
  "贰2",
  "叁3",
  "肆4",
  "伍5",
  "陆6",
  "柒7",
  "捌8",
  "玖9",
].map((pair) => [...pair]))
  hanDigits.set(sign!, digit!);

/** A text reduced to the signs that matter, each with where it came from. */
interface Stream {
  text: string;
  /** For each code unit of `text`: where its character begins and ends in the original. */
  from: number[];
  to: number[];
}
interface Folded {
  /** Digits, with a space where too much stands between two. */
  digits: Stream;
  /** Letters and digits only, without capitals; a space where a mark stands. */
  letters: Stream;
  /** Every sign, without capitals. */
  whole: Stream;
}

function fold(text: string): Folded {
  const empty = (): Stream => ({ text: "", from: [], to: [] });
  const digits = { signs: [] as string[], ...empty() };
  const letters = { signs: [] as string[], ...empty() };
  const whole = { signs: [] as string[], ...empty() };
  const push = (stream: typeof digits, sign: string, from: number, to: number) => {
    for (const unit of sign.split("")) {
      stream.signs.push(unit);
      stream.from.push(from);
      stream.to.push(to);
    }
  };
  let at = 0;
  let between = 0;
  for (const character of text) {
    const [from, to] = [at, at + character.length];
    at = to;
    for (const sign of plain(character)) {
      push(whole, sign, from, to);
      const digit = digitOf(sign);
      const counts = digit !== null || /[\p{L}\p{N}]/u.test(sign);
      if (counts) push(letters, /\p{Nd}/u.test(sign) ? (digit ?? sign) : sign, from, to);
      else if (sign === MARK[0]) push(letters, " ", from, to);
      if (digit !== null) {
        push(digits, digit, from, to);
        between = 0;
      } else {
        between = counts ? MOST_BETWEEN + 1 : between + 1;
        if (between === MOST_BETWEEN + 1 && digits.signs.at(-1) !== " ") push(digits, " ", from, to);
      }
    }
  }
  const done = ({ signs, from, to }: typeof digits): Stream => ({ text: signs.join(""), from, to });
  return { digits: done(digits), letters: done(letters), whole: done(whole) };
}

/** One character without width, capitals and traditional form. Invisible signs become nothing. */
function plain(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code >= 65 && code <= 90 ? character.toLowerCase() : character;
  if (/[\p{Cf}\p{Mn}\p{Variation_Selector}]/u.test(character)) return "";
  return [...character.normalize("NFKC").toLowerCase()].map((one) => simplified.get(one) ?? one).join("");
}

function digitOf(sign: string): string | null {
  const code = sign.charCodeAt(0);
  if (code >= 48 && code <= 57) return sign;
  if (code < 0x80) return null;
  const han = hanDigits.get(sign);
  if (han !== undefined) return han;
  if (!/\p{Nd}/u.test(sign)) return null;
  // Digits of every script stand together in tens: the zero is the last one below which there is none.
  let zero = sign.codePointAt(0)!;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && sign.codePointAt(0)! - zero < 9) zero -= 1;
  return String(sign.codePointAt(0)! - zero);
}

type Range = [from: number, to: number];

/** A number's own digits, without the country's code and the zero that is dialled before it: what every spelling of it holds. */
export function coreDigits(number: string): string {
  const digits = fold(number).digits.text.replaceAll(" ", "");
  const abroad = /^\s*\+/.test(number.normalize("NFKC")) ? "+" : "";
  const phone = parsePhoneNumberFromString(abroad + digits, "CN");
  if (phone?.isPossible() === true && phone.nationalNumber.length >= FEWEST_DIGITS) return phone.nationalNumber;
  return digits.replace(/^0+(?=\d{7})/, "");
}

/** Where a word or number stands in a text, in any of its spellings. */
type Finder = (folded: Folded) => Range[];

function finderOf(word: string): Finder | null {
  const folded = fold(word);
  const letters = folded.letters.text.replaceAll(" ", "");
  if (letters === "") return null;
  const isNumber = /^\d+$/.test(letters) || folded.digits.text.replaceAll(" ", "").length === letters.length;
  if (isNumber) {
    const core = coreDigits(word);
    if (core.length >= FEWEST_DIGITS)
      return ({ digits }) => occurrences(digits, core).map((range) => withCode(digits, range));
  }
  if (/\p{Script=Han}/u.test(letters) || letters.length >= SHORT_WORD)
    return (text) =>
      occurrences(text.letters, letters).map(([from, to]) => [text.letters.from[from]!, text.letters.to[to - 1]!]);
  const short = folded.whole.text.trim();
  return ({ whole }) =>
    occurrences(whole, short)
      .filter(([from, to]) => !isLetter(whole.text[from - 1]) && !isLetter(whole.text[to]))
      .map(([from, to]) => [whole.from[from]!, whole.to[to - 1]!]);
}

const isLetter = (sign: string | undefined): boolean =>
  sign !== undefined && /[\p{L}\p{N}]/u.test(sign) && !/\p{Script=Han}/u.test(sign);

/** Places in the stream itself. */
function occurrences({ text }: Stream, wanted: string): Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1))
    found.push([at, at + wanted.length]);
  return found;
}

/** In the original text, together with a country's code or a zero before it. */
function withCode({ text, from, to }: Stream, [first, end]: Range): Range {
  const before = /(?:0{0,2}86|0)$/.exec(text.slice(Math.max(0, first - 4), first))?.[0].length ?? 0;
  return [from[first - before]!, to[end - 1]!];
}

/** Every place where any of the words stands, in order, overlapping ones joined. */
function rangesIn(text: string, finders: readonly Finder[]): Range[] {
  if (finders.length === 0) return [];
  const folded = fold(text);
  const all = finders.flatMap((finder) => finder(folded)).sort((a, b) => a[0] - b[0]);
  const joined: Range[] = [];
  for (const [from, to] of all) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** How often each word stands in a text that is read once. */
export function countEach(text: string, words: readonly string[]): number[] {
  const folded = fold(text);
  return words.map((word) => finderOf(word)?.(folded).length ?? 0);
}

/** The text without the words. What is left holds none of them in any spelling. */
export const masked = (text: string, words: readonly string[]): string => masker(words)(text);

/** {@link masked} for many texts: the words are read once. */
export function masker(words: readonly string[]): (text: string) => string {
  const finders = words.map(finderOf).filter((finder) => finder !== null);
  return (text) => {
    let left = text;
    // Taking one away can bring parts of another together; each turn removes letters, so it ends.
    for (;;) {
      const ranges = rangesIn(left, finders);
      if (ranges.length === 0) return left;
      const kept: string[] = [];
      let at = 0;
      for (const [from, to] of ranges) {
        kept.push(left.slice(at, from), MARK);
        at = to;
      }
      left = kept.join("") + left.slice(at);
    }
  };
}
