/**
 * What the signs in a wording stand for: every phrase written out (inflections, lists, other spellings), as units.
 * Knows the signs, not the text being searched. Next: wording.ts.
 */
import type { Acts } from "./acts.ts";
import { normalise, SPACE } from "./normalise.ts";

/** Units of all phrases that one part of a wording stands for. Parts are what `…` separates. */
export function partsOf(words: string, acts: Acts): Uint16Array[][] {
  return words.split("…").map((part) => phrasesOf(part, acts));
}

/** Units of all phrases that a choice between phrases (`call~ my boss | $family | harass*`) stands for. */
export function phrasesOf(choices: string, acts: Acts): Uint16Array[] {
  return choices.split("|").flatMap((choice) => phrasesOfOne(choice.trim(), acts));
}

function phrasesOfOne(choice: string, acts: Acts): Uint16Array[] {
  if (choice.startsWith("$")) return (acts.lists[choice.slice(1)] ?? []).flatMap((entry) => phrasesOf(entry, acts));
  const open = choice.endsWith("*");
  return inflect(open ? choice.slice(0, -1) : choice)
    .flatMap((phrase) => respell(phrase, acts.spellings))
    .map(normalise)
    .map((units) => (open && units.at(-1) === SPACE ? units.slice(0, -1) : units));
}

/** Writes out each `word~` as its four forms: threaten, threatens, threatened, threatening; regular verbs only. */
function inflect(phrase: string): string[] {
  let phrases = [""];
  for (const piece of phrase.split(/(\S+~)/)) {
    const forms = piece.endsWith("~") ? formsOf(piece.slice(0, -1)) : [piece];
    phrases = phrases.flatMap((start) => forms.map((form) => start + form));
  }
  return phrases;
}

function formsOf(verb: string): string[] {
  if (/(s|x|z|ch|sh)$/.test(verb)) return [verb, `${verb}es`, `${verb}ed`, `${verb}ing`];
  if (verb.endsWith("ie")) return [verb, `${verb}s`, `${verb}d`, `${verb.slice(0, -2)}ying`];
  if (verb.endsWith("e")) return [verb, `${verb}s`, `${verb}d`, `${verb.slice(0, -1)}ing`];
  if (/[^aeiou]y$/.test(verb)) return [verb, `${verb.slice(0, -1)}ies`, `${verb.slice(0, -1)}ied`, `${verb}ing`];
  const doubled = /^[^aeiou]*[aeiou][bdgmnpt]$/.test(verb) ? verb + verb.at(-1)! : verb;
  return [verb, `${verb}s`, `${doubled}ed`, `${doubled}ing`];
}

/** The phrase itself, and with each word of the list in its other spellings. */
function respell(phrase: string, spellings: Readonly<Record<string, readonly string[]>>): string[] {
  const found = [phrase];
  for (const word in spellings)
    if (phrase.includes(word)) for (const other of spellings[word]!) found.push(phrase.replaceAll(word, other));
  return found;
}
