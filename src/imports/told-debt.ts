/**
 * Which debt of the case a record of our own formats speaks of: by its id, or by a name or reference that only one debt has. What fits none
 * is kept as words, because a creditor that the case does not know may be what the contact was about. Pure.
 */
import type { Debt } from "../cases/case.ts";
import type { Contact } from "./reader.ts";

const plain = (text: string): string => text.normalize("NFKC").trim().toLowerCase();
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** @returns the debt, if it is one of these; and words for what the case does not know, as the file has them. */
export function debtTold(
  { creditor, debt }: Pick<NonNullable<Contact["told"]>, "creditor" | "debt">,
  { debts, lender }: { debts: readonly Debt[]; lender: string | null },
): { debtId: string | null; words: string | null } {
  const only = (fits: (one: Debt) => boolean): string | null => {
    const found = debts.filter(fits);
    return found.length === 1 ? (found[0]?.id ?? null) : null;
  };
  const names = (one: Debt) => [one.reference, one.product].flatMap((text) => (text === null ? [] : [plain(text)]));
  const byDebt =
    debt === undefined ? null : (only(({ id }) => id === debt) ?? only((one) => names(one).includes(plain(debt))));
  const byCreditor = creditor === undefined ? null : only((one) => plain(one.creditor) === plain(creditor));
  const known = new Set([...debts.map((one) => plain(one.creditor)), ...(lender === null ? [] : [plain(lender)])]);
  const words = [
    ...(creditor === undefined || known.has(plain(creditor)) ? [] : [`creditor: ${creditor}`]),
    // The id of another installation says nothing here.
    ...(debt === undefined || byDebt !== null || ID.test(debt) ? [] : [`debt: ${debt}`]),
  ];
  return { debtId: byDebt ?? byCreditor, words: words.length === 0 ? null : words.join("\n") };
}
