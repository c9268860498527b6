/**
 * Finds every occurrence of any number of phrases in one pass (Aho and Corasick 1975), on flat arrays.
 * Knows units (small integers), not words or acts. Next: wording.ts, which feeds it and reads the phrases that end.
 *
 * The trie is a double array (Aoe 1989): the child of a state by symbol `c` lies at `base + c` if the cell there was reached by `c`. For
 * that to be enough no two states have the same base. Symbols are numbered by how often phrases use them, so that rows are short and
 * the arrays stay small.
 */

export interface Automaton {
  /** The symbol of a unit; 0 for a unit that no phrase has. */
  readonly symbolOf: Uint16Array;
  /**
   * All that going on from a state takes, in one number, by state: the symbol that leads to it ({@link SYMBOL}), whether phrases end
   * at it ({@link ENDS}), and the base of its row (from bit {@link BASE} on).
   */
  readonly cells: Uint32Array;
  /** The state to go on from when the next symbol leads nowhere. */
  readonly fail: Int32Array;
  /** The longest phrase that ends at a state, or -1. */
  readonly out: Int32Array;
  /** For a phrase, the next shorter one that ends where it ends, or -1. */
  readonly nextOut: Int32Array;
}

export const ROOT = 0;
export const SYMBOL = 0xfff;
export const ENDS = 0x1000;
export const BASE = 13;
/** The symbol of a place that is no state; no unit has it. */
const NO_SYMBOL = SYMBOL;
const NOBODY = -1;

/**
 * Builds the automaton of distinct, non-empty phrases; a phrase's number is its position in the list.
 * Throws a RangeError when they have more than 4,000 different units, or half a million different beginnings.
 */
export function buildAutomaton(phrases: readonly Uint16Array[]): Automaton {
  const { symbolOf, symbols } = numberSymbols(phrases);
  const words = phrases.map((phrase) => phrase.map((unit) => symbolOf[unit]!));
  const trie = new Trie(words, symbols);
  const states = trie.check.length;
  if (symbols >= NO_SYMBOL || states >= 2 ** (32 - BASE)) throw new RangeError("too many phrases to search for");
  const { fail, out, nextOut } = link(trie, words.length);
  // What ends a phrase and begins no longer one leads into the empty places at the end.
  const cells = new Uint32Array(states).fill(((states - symbols) << BASE) | NO_SYMBOL);
  cells[ROOT] = NO_SYMBOL;
  trie.order.forEach((state, index) => {
    const base = trie.base[state]! || states - symbols;
    cells[state] = (base << BASE) | (out[state]! < 0 ? 0 : ENDS) | trie.symbolTo[index]!;
  });
  return { symbolOf, cells, fail, out, nextOut };
}

function numberSymbols(phrases: readonly Uint16Array[]): { symbolOf: Uint16Array; symbols: number } {
  const uses = new Uint32Array(0x10000);
  for (const phrase of phrases) for (const unit of phrase) uses[unit]!++;
  const units: number[] = [];
  for (let unit = 0; unit < uses.length; unit++) if (uses[unit]! > 0) units.push(unit);
  units.sort((a, b) => uses[b]! - uses[a]! || a - b);
  const symbolOf = new Uint16Array(0x10000);
  units.forEach((unit, index) => (symbolOf[unit] = index + 1));
  return { symbolOf, symbols: units.length + 1 };
}

/** The states of all beginnings of the words, numbered by their place in the double array. */
class Trie {
  base: Int32Array;
  check: Int32Array;
  /** Number of the word that is a state's whole beginning, or -1. */
  ending: Int32Array;
  /** States other than the root with the symbol that leads to each, parents before children, shallow before deep. */
  readonly order: number[] = [];
  readonly symbolTo: number[] = [];
  readonly #symbols: number;
  /** 1 where a row begins. */
  #begun: Uint8Array;
  readonly #searchFrom: number[] = [];
  readonly #firstFree: number;

  constructor(words: readonly Uint16Array[], symbols: number) {
    this.#symbols = symbols;
    const room = words.length * 8 + symbols * 2;
    this.base = new Int32Array(room);
    this.check = new Int32Array(room).fill(NOBODY);
    this.ending = new Int32Array(room).fill(-1);
    this.#begun = new Uint8Array(room);
    // The root's row is whole, at the start; what no word begins with there belongs to nobody for good.
    this.check[ROOT] = ROOT;
    this.#firstFree = symbols;
    this.#grow(words);
    const end = lastTaken(this.check) + symbols + 1;
    this.#makeRoom(end);
    this.base = this.base.slice(0, end);
    this.check = this.check.slice(0, end);
    this.ending = this.ending.slice(0, end);
  }

  /** Places the children of every state, a state being the words (in sorted order) that share its beginning. */
  #grow(words: readonly Uint16Array[]): void {
    const keys = words.map((word) => String.fromCharCode(...word));
    const sorted = [...words.keys()].sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
    let level = [{ state: ROOT, from: 0, to: sorted.length }];
    for (let depth = 0; level.length > 0; depth++) {
      const next: typeof level = [];
      for (const { state, from, to } of level) {
        const children: { symbol: number; from: number; to: number }[] = [];
        for (let i = from; i < to; i++) {
          const word = words[sorted[i]!]!;
          if (word.length === depth) {
            this.ending[state] = sorted[i]!;
            continue;
          }
          const symbol = word[depth]!;
          const last = children.at(-1);
          if (last?.symbol === symbol) last.to = i + 1;
          else children.push({ symbol, from: i, to: i + 1 });
        }
        if (children.length === 0) continue;
        const at = state === ROOT ? 0 : this.#findRow(children.map(({ symbol }) => symbol));
        this.base[state] = at;
        for (const child of children) {
          const place = at + child.symbol;
          this.check[place] = state;
          this.order.push(place);
          this.symbolTo.push(child.symbol);
          next.push({ state: place, from: child.from, to: child.to });
        }
      }
      level = next;
    }
  }

  /**
   * A base of its own under which the places of all these symbols (in rising order) are free. For each lowest symbol the search goes on
   * where it last ended, so that all searches together stay short.
   */
  #findRow(symbols: readonly number[]): number {
    const lowest = symbols[0]!;
    for (let slot = this.#searchFrom[lowest] ?? this.#firstFree; ; slot++) {
      if (slot + this.#symbols >= this.check.length) this.#makeRoom(slot + this.#symbols);
      const base = slot - lowest;
      if (this.check[slot] !== NOBODY || this.#begun[base] === 1 || !this.#isFree(base, symbols)) continue;
      this.#begun[base] = 1;
      this.#searchFrom[lowest] = slot + 1;
      return base;
    }
  }

  #isFree(base: number, symbols: readonly number[]): boolean {
    for (let i = 1; i < symbols.length; i++) if (this.check[base + symbols[i]!] !== NOBODY) return false;
    return true;
  }

  #makeRoom(size: number): void {
    if (size < this.check.length) return;
    const wider = size * 2;
    const grow = (from: Int32Array, value: number) => {
      const to = new Int32Array(wider).fill(value, from.length);
      to.set(from);
      return to;
    };
    this.base = grow(this.base, 0);
    this.check = grow(this.check, NOBODY);
    this.ending = grow(this.ending, -1);
    const begun = new Uint8Array(wider);
    begun.set(this.#begun);
    this.#begun = begun;
  }
}

function lastTaken(check: Int32Array): number {
  let last = check.length - 1;
  while (check[last] === NOBODY) last--;
  return last;
}

/** Failure links and outputs, shallow states first, so that a state's suffixes are ready before it. */
function link({ base, check, ending, order, symbolTo }: Trie, words: number) {
  const fail = new Int32Array(check.length);
  const out = new Int32Array(check.length).fill(-1);
  const nextOut = new Int32Array(words).fill(-1);
  order.forEach((state, index) => {
    const parent = check[state]!;
    const symbol = symbolTo[index]!;
    if (parent !== ROOT) {
      let from = fail[parent]!;
      while (from !== ROOT && check[base[from]! + symbol] !== from) from = fail[from]!;
      const target = base[from]! + symbol;
      if (check[target] === from) fail[state] = target;
    }
    const word = ending[state]!;
    const shorter = out[fail[state]!]!;
    if (word < 0) out[state] = shorter;
    else {
      nextOut[word] = shorter;
      out[state] = word;
    }
  });
  return { fail, out, nextOut };
}
