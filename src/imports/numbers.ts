/**
 * A far end as it is compared: a phone number in E.164 however it is written (+86, 0086, area code, spaces), an address in lower case,
 * a handle as it is. Pure; what the file wrote is kept beside it.
 */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";
import { handleFrom } from "../cases/case.ts";

export type NumberKey = (written: string) => string;

/** Files repeat their numbers; more different ones than this are simply read again. */
const KEPT = 50_000;

/** @param country ISO 3166 alpha-2 of the case: where numbers without a country code are at home; null = not said. */
export function numberKeys(country: string | null): NumberKey {
  const home = country !== null && isSupportedCountry(country) ? country : undefined;
  const kept = new Map<string, string>();
  return (written) => {
    const known = kept.get(written);
    if (known !== undefined) return known;
    const key = keyOf(written, home);
    if (kept.size >= KEPT) kept.clear();
    kept.set(ownText(written), ownText(key));
    return key;
  };
}

/** What was cut out of a piece of a file holds on to all of that piece; what is kept for long must stand by itself. */
export const ownText = (text: string): string => Buffer.from(text).toString();

function keyOf(written: string, home: CountryCode | undefined): string {
  const handle = handleFrom(written);
  if (handle.kind !== "phone") return handle.value;
  // Chinese senders of messages in bulk begin with 106 and have any length: no number of Beijing, although they look like one.
  const bulk = home === "CN" ? /^(?:\+?86)?(106\d{4,17})$/.exec(handle.value)?.[1] : undefined;
  if (bulk !== undefined) return bulk;
  // Service numbers (95588, 10010) have no E.164 form; the country code before one belongs to the way it was dialled.
  const parsed = parsePhoneNumberFromString(handle.value, home);
  if (parsed === undefined || !parsed.isPossible()) return withoutCountry(handle.value, home);
  return parsed.nationalNumber.length <= 6 ? parsed.nationalNumber : parsed.number;
}

function withoutCountry(value: string, home: CountryCode | undefined): string {
  const rest = home === "CN" ? /^\+86(1?\d{3,8})$/.exec(value)?.[1] : undefined;
  return rest ?? value;
}
