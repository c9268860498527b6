/** Which debt of the case a payment or a figure is about; one debt alone is not worth a question. */
import type { Debt } from "../cases/case.ts";
import type { FactRow } from "../ledger/entry.ts";
import { debtName } from "../notices/pages.ts";
import type { FormErrors } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";

export function debtField(errors: FormErrors, debt: string | null, debts: readonly Debt[]): string | null {
  if (debt !== null && !debts.some(({ id }) => id === debt)) errors.debt = "common.form.choice";
  return debt;
}

export function debtRow(t: Translate, debtId: string | null, debts: readonly Debt[]): FactRow[] {
  if (debtId === null) return [];
  const debt = debts.find(({ id }) => id === debtId);
  return [{ label: t("repayment.told.debt"), value: debt === undefined ? t("notices.debt.gone") : debtName(debt) }];
}
