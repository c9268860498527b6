/**
 * What should better not stand in the words for an office: account and card numbers, identity numbers, other people's telephone numbers
 * and names. Only what can be recognised for sure or is known from the case; it warns and never blocks. Pure.
 */

export interface KnownPrivate {
  /** References of the debts. */
  accounts: readonly string[];
  /** The collector's numbers: these belong into a complaint. */
  collectorNumbers: readonly string[];
  /** Numbers at which somebody else than the borrower was contacted. */
  otherNumbers: readonly string[];
  /** People who are no collectors. */
  otherNames: readonly string[];
}
export interface PrivateFind {
  kind: "identity-number" | "account-number" | "phone-number" | "third-party-name";
  /** As it stands in the text. */
  text: string;
}

export function findPrivate(text: string, known: KnownPrivate): PrivateFind[] {
  // Full-width digits and signs are the same number to a reader.
  const plain = text.normalize("NFKC");
  const found = new Map<string, PrivateFind>();
  const add = (kind: PrivateFind["kind"], value: string) => {
    if (!found.has(value)) found.set(value, { kind, text: value });
  };
  for (const [value] of plain.matchAll(/(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])/g)) {
    if (isChineseIdentity(value)) add("identity-number", value);
  }
  for (const [value] of plain.matchAll(/(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/g))
    add("identity-number", value);
  for (const account of known.accounts) {
    if (account.length > 4 && plain.includes(account.normalize("NFKC"))) add("account-number", account);
  }
  const digits = (number: string) => number.replaceAll(/\D/g, "");
  const collectors = new Set(known.collectorNumbers.map(lastDigits));
  for (const [value] of plain.matchAll(/(?<![\dA-Za-z])\+?\d(?:[ -]?\d){6,18}(?![\dA-Za-z])/g)) {
    const number = digits(value);
    if (found.has(value) || [...found.keys()].some((other) => digits(other).includes(number)) || isDate(value))
      continue;
    if (collectors.has(lastDigits(number))) continue;
    if (known.accounts.some((account) => digits(account).length > 5 && digits(account) === number))
      add("account-number", value);
    else if (known.otherNumbers.some((other) => lastDigits(other) === lastDigits(number))) add("phone-number", value);
    else if (/^(\+?86)?1[3-9]\d{9}$/.test(number)) add("phone-number", value);
    else if (number.length >= 13 && passesLuhn(number)) add("account-number", value);
  }
  for (const name of known.otherNames) {
    if ([...name].length > 1 && namesIn(plain, name.normalize("NFKC"))) add("third-party-name", name);
  }
  return [...found.values()];
}

/** A number with or without its country code is the same one. */
const lastDigits = (number: string): string => number.replaceAll(/\D/g, "").slice(-10);

/** "2026-11-02": eight digits that are a day. */
const isDate = (value: string): boolean => /^(19|20)\d{2}[- ]?(0[1-9]|1[0-2])[- ]?(0[1-9]|[12]\d|3[01])$/.test(value);

/** 18 digits of the Chinese identity card: a day of birth that exists, and the check digit of GB 11643 (ISO 7064 MOD 11-2). */
function isChineseIdentity(number: string): boolean {
  const [year, month, day] = [Number(number.slice(6, 10)), Number(number.slice(10, 12)), Number(number.slice(12, 14))];
  if (year < 1900 || month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate())
    return false;
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += Number(number[at]) * 2 ** (17 - at);
  return "10X98765432"[sum % 11] === number[17]!.toUpperCase();
}

/** The check digit of bank cards (ISO/IEC 7812). */
function passesLuhn(number: string): boolean {
  let sum = 0;
  for (const [at, digit] of [...number].toReversed().entries()) {
    const doubled = Number(digit) * (at % 2 === 0 ? 1 : 2);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Chinese names have no spaces around them; others must stand as words of their own. */
function namesIn(text: string, name: string): boolean {
  if (/\p{Script=Han}/u.test(name)) return text.includes(name);
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  if (at === -1) return false;
  const letter = /[\p{Letter}\p{Number}]/u;
  return !letter.test(text[at - 1] ?? " ") && !letter.test(text[at + name.length] ?? " ");
}
