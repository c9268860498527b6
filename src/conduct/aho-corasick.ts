/**
 * Finds every occurrence of any number of phrases in one pass (Aho and Corasick 1975), on flat arrays.
 * Knows units (small integers), not words or acts. Next: wording.ts, which feeds it and reads the phrases that end.
 *
 * The trie is a double array (Aoe 1989): the child of state `s` by symbol `c` lies at `base[s] + c` if `check` there says `s`.
 * Symbols are numbered by how often phrases use them, so that the arrays stay small. The root has a full row.
 */

export interface Automaton {
  /** Symbol of a unit; 0 for a unit that no phrase has. */
  readonly symbolOf: Uint16Array;
  readonly base: Int32Array;
  readonly check: Int32Array;
  /** State to go on from when the next symbol leads nowhere. */
  readonly fail: Int32Array;
  /** Longest phrase that ends at a state, or -1. */
  readonly out: Int32Array;
  /** For a phrase, the next shorter one that ends where it ends, or -1. */
  readonly nextOut: Int32Array;
}

export const ROOT = 0;

/** Builds the automaton of distinct, non-empty phrases; a phrase's number is its position in the list. */
export function buildAutomaton(phrases: readonly Uint16Array[]): Automaton {
  const symbolOf = numberSymbols(phrases);
  const trie = buildTrie(phrases, symbolOf);
  return placeStates(trie, phrases, symbolOf);
}

function numberSymbols(phrases: readonly Uint16Array[]): Uint16Array {
  const uses = new Map<number, number>();
  for (const phrase of phrases) for (const unit of phrase) uses.set(unit, (uses.get(unit) ?? 0) + 1);
  const symbolOf = new Uint16Array(0x10000);
  const units = [...uses.keys()].sort((a, b) => uses.get(b)! - uses.get(a)! || a - b);
  units.forEach((unit, index) => (symbolOf[unit] = index + 1));
  return symbolOf;
}

interface Node {
  children: Map<number, number>;
  /** Number of the phrase that ends here, or -1. */
  phrase: number;
}

function buildTrie(phrases: readonly Uint16Array[], symbolOf: Uint16Array): Node[] {
  const nodes: Node[] = [{ children: new Map(), phrase: -1 }];
  phrases.forEach((phrase, number) => {
    let node = 0;
    for (const unit of phrase) {
      const symbol = symbolOf[unit]!;
      let child = nodes[node]!.children.get(symbol);
      if (child === undefined) {
        child = nodes.push({ children: new Map(), phrase: -1 }) - 1;
        nodes[node]!.children.set(symbol, child);
      }
      node = child;
    }
    nodes[node]!.phrase = number;
  });
  return nodes;
}

function placeStates(nodes: readonly Node[], phrases: readonly Uint16Array[], symbolOf: Uint16Array): Automaton {
  let symbols = 1;
  for (const symbol of symbolOf) if (symbol >= symbols) symbols = symbol + 1;
  const room = nodes.length * 2 + symbols * 2;
  let base = new Int32Array(room);
  let check = new Int32Array(room).fill(-1);
  const grow = (size: number) => {
    const wider = new Int32Array(size);
    wider.set(base);
    base = wider;
    const widerCheck = new Int32Array(size).fill(-1);
    widerCheck.set(check);
    check = widerCheck;
  };
  // The root's row takes the first places whole: a place there without a child leads back to the root.
  const stateOf = new Int32Array(nodes.length);
  check[ROOT] = ROOT;
  for (let symbol = 1; symbol < symbols; symbol++) check[symbol] = symbols; // taken; owned by nobody until a child comes
  let firstFree = symbols;
  const order: number[] = [];
  const place = (node: number) => {
    const state = stateOf[node]!;
    const children = [...nodes[node]!.children].sort((a, b) => a[0] - b[0]);
    if (children.length === 0) return;
    const lowest = children[0]![0];
    let at = 0;
    if (node !== 0) {
      while (check[firstFree] !== -1) {
        if (++firstFree >= check.length) grow(check.length * 2);
      }
      for (let slot = firstFree; ; slot++) {
        if (slot + symbols >= check.length) grow(check.length * 2);
        at = slot - lowest;
        if (at > 0 && children.every(([symbol]) => check[at + symbol] === -1)) break;
      }
    }
    base[state] = at;
    for (const [symbol, child] of children) {
      check[at + symbol] = state;
      stateOf[child] = at + symbol;
      order.push(child);
    }
  };
  place(0);
  for (let i = 0; i < order.length; i++) place(order[i]!);
  for (let symbol = 1; symbol < symbols; symbol++) if (check[symbol] === symbols) check[symbol] = -1;

  let size = symbols;
  for (const state of stateOf) if (state >= size) size = state + 1;
  // Reading a child never needs a bounds check: every base is followed by a full alphabet.
  for (const node of order) size = Math.max(size, base[stateOf[node]!]! + symbols);
  size = Math.max(size, symbols) + 1;
  if (check.length < size) grow(size);
  return link(nodes, phrases, symbolOf, stateOf, order, base.slice(0, size), check.slice(0, size));
}

/** Failure links and outputs, shallow states first, so that a state's suffixes are ready before it. */
function link(
  nodes: readonly Node[],
  phrases: readonly Uint16Array[],
  symbolOf: Uint16Array,
  stateOf: Int32Array,
  order: readonly number[],
  base: Int32Array,
  check: Int32Array,
): Automaton {
  const fail = new Int32Array(check.length);
  const out = new Int32Array(check.length).fill(-1);
  const nextOut = new Int32Array(phrases.length).fill(-1);
  const symbolOfState = new Int32Array(check.length);
  for (const node of [0, ...order])
    for (const [symbol, child] of nodes[node]!.children) symbolOfState[stateOf[child]!] = symbol;
  for (const node of order) {
    const state = stateOf[node]!;
    const parent = check[state]!;
    const symbol = symbolOfState[state]!;
    if (parent !== ROOT) {
      let from = fail[parent]!;
      while (from !== ROOT && check[base[from]! + symbol] !== from) from = fail[from]!;
      const target = base[from]! + symbol;
      fail[state] = check[target] === from ? target : ROOT;
    }
    out[state] = out[fail[state]!]!;
    const phrase = nodes[node]!.phrase;
    if (phrase >= 0) {
      nextOut[phrase] = out[state]!;
      out[state] = phrase;
    }
  }
  return { symbolOf, base, check, fail, out, nextOut };
}
