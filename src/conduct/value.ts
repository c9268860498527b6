/**
 * The four answers a condition can give inside the judge, ordered so that "all of" is the least and "any of" the greatest.
 * PERSON means that the facts are there and a person must weigh them (an edge the text does not settle, an approximate time, words).
 */
export const NO = 0;
export const UNKNOWN = 1;
export const PERSON = 2;
export const YES = 3;
export type Value = 0 | 1 | 2 | 3;

/** Yes and no change places; what is not known, or for a person to weigh, stays so. */
export function not(value: Value): Value {
  return value === YES ? NO : value === NO ? YES : value;
}

export function least(a: Value, b: Value): Value {
  return a < b ? a : b;
}

export function greatest(a: Value, b: Value): Value {
  return a > b ? a : b;
}
