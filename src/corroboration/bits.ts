/** A few of a fixed list kept as one number: the first one is 1, the next 2, then 4 … Pure. Next: backing-store.ts. */
export const bitsOf = <T extends string>(all: readonly T[], some: Iterable<T>): number =>
  [...new Set(some)].reduce((bits, one) => bits + 2 ** all.indexOf(one), 0);

export const fromBits = <T extends string>(all: readonly T[], bits: number): T[] =>
  all.filter((_, at) => (bits >> at) % 2 === 1);
