/** What the templates under views/repayment print: the plan with its schedule, payments, and the lender's figures with the arithmetic. */
import type { Debt } from "../cases/case.ts";
import { money } from "../cases/pages.ts";
import type { BookWords, Entry } from "../ledger/entry.ts";
import { type EntryView, entryView } from "../ledger/pages.ts";
import { debtName } from "../notices/pages.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Account, Figure, Step } from "./compare.ts";
import { paymentBook } from "./payment-book.ts";
import type { PaymentFacts } from "./payment.ts";
import type { Plan } from "./plan.ts";
import type { Settled, Standing } from "./schedule.ts";

/** One line of a sum: `total` stands under a rule. */
interface SumLine {
  label: string;
  amount: string;
  total: boolean;
  href?: string | undefined;
}

export interface PlanView {
  number: number;
  href: string;
  made: string;
  /** Income, the costs one by one, what is left. */
  sum: SumLine[];
  /** What is offered, and out of what. */
  offer: string;
  /** The offer is more than what is left over, or nothing is; null when neither. */
  warning: string | null;
  schedule: { n: number; due: string; amount: string; left: string; state: string; tone: Settled["state"] }[];
  /** "12 instalments, the last on … of …"; null without a schedule. */
  scheduleText: string | null;
  standing: string | null;
  note: string | null;
}

export interface AccountView {
  title: string;
  steps: { lines: SumLine[]; says: string }[];
  since: { lines: SumLine[] };
}

export interface RepaymentPage {
  title: string;
  caseId: string;
  at: string;
  mayEdit: boolean;
  plan: PlanView | null;
  older: { number: number; href: string; made: string }[];
  accounts: AccountView[];
  payments: EntryView[];
  paymentCount: number;
  saved: boolean;
}

export interface PlanPage {
  title: string;
  caseId: string;
  at: string;
  plan: PlanView;
  replaced: boolean;
}

export interface PlanFormPage {
  title: string;
  caseId: string;
  at: string;
  /** The plan it would take the place of. */
  replaces: number | null;
  currencies: readonly string[];
  values: FormValues;
  errors: FormErrors;
}

export function planView(
  words: BookWords,
  caseId: string,
  plan: Plan,
  parts: { madeBy: string; standing: Standing | null },
): PlanView {
  const { t, format } = words;
  const { facts, schedule } = plan;
  const amount = (minor: number) => money(format, minor, facts.currency);
  const last = schedule.at(-1);
  const rows: Settled[] =
    parts.standing?.instalments ?? schedule.map((one) => ({ ...one, paidMinor: 0, state: "coming" as const }));
  return {
    number: plan.number,
    href: `/cases/${caseId}/repayment/plans/${plan.number}`,
    made: t("repayment.plan.made", { when: format.instant(plan.madeAt), name: parts.madeBy }),
    sum: [
      { label: facts.incomeWords ?? t("repayment.plan.income.label"), amount: amount(facts.incomeMinor), total: false },
      ...facts.costs.map((cost) => ({ label: cost.words, amount: `−${amount(cost.amountMinor)}`, total: false })),
      { label: t("repayment.plan.leftOver"), amount: amount(plan.leftOverMinor), total: true },
    ],
    offer: t(`repayment.plan.offers.${facts.every}`, { amount: amount(facts.offerMinor) }),
    warning: warningOf(words, plan),
    schedule: rows.map((one) => ({
      n: one.n,
      due: format.date(one.dueOn),
      amount: amount(one.amountMinor),
      left: amount(one.leftMinor),
      state: t(`repayment.state.${one.state}`, { paid: amount(one.paidMinor) }),
      tone: one.state,
    })),
    scheduleText:
      last === undefined
        ? null
        : t("repayment.schedule.text", {
            count: schedule.length,
            total: amount(facts.totalMinor),
            last: amount(last.amountMinor),
            day: format.date(last.dueOn),
          }),
    standing: parts.standing === null ? null : standingText(words, plan, parts.standing),
    note: facts.note,
  };
}

function warningOf({ t, format }: BookWords, { facts, leftOverMinor }: Plan): string | null {
  const { offerMinor, currency } = facts;
  if (offerMinor === 0) return t("repayment.plan.nothing");
  if (offerMinor <= leftOverMinor) return null;
  return t("repayment.plan.over", { amount: money(format, offerMinor - leftOverMinor, currency) });
}

function standingText({ t, format }: BookWords, { facts }: Plan, standing: Standing): string {
  const amount = (minor: number) => money(format, minor, facts.currency);
  const params = {
    paid: amount(standing.paidMinor),
    open: amount(standing.openMinor),
    from: format.date(facts.owedOn),
  };
  const text = t("repayment.standing.text", params);
  return standing.beyondMinor === 0
    ? text
    : `${text} ${t("repayment.standing.beyond", { amount: amount(standing.beyondMinor) })}`;
}

export function accountViews(
  words: BookWords,
  caseId: string,
  accounts: readonly Account[],
  debts: readonly Debt[],
): AccountView[] {
  const { t, format } = words;
  return accounts.map((account) => {
    const debt = debts.find(({ id }) => id === account.debtId) ?? (debts.length === 1 ? debts[0] : undefined);
    const amount = (minor: number) => money(format, minor, account.currency);
    const figureLine = (figure: Figure): SumLine => ({
      label:
        figure.number === null
          ? t("repayment.account.debtFigure", { day: format.date(figure.asOf) })
          : t("repayment.account.figure", { day: format.date(figure.asOf) }),
      amount: amount(figure.amountMinor),
      total: false,
      href: figure.number === null ? `/cases/${caseId}/settings` : `/cases/${caseId}/figures/${figure.number}`,
    });
    const paidLine = (count: number, paidMinor: number, from: string, to: string | null): SumLine => ({
      label: t(to === null ? "repayment.account.paidSince" : "repayment.account.paid", {
        count,
        from: format.date(from),
        to: to === null ? "" : format.date(to),
      }),
      amount: `−${amount(paidMinor)}`,
      total: false,
      href: count === 0 ? undefined : `/cases/${caseId}/payments`,
    });
    const last = account.figures.at(-1)!;
    return {
      title: debt === undefined ? t("repayment.account.whole") : debtName(debt),
      steps: account.steps.map((step) => ({
        lines: [
          figureLine(step.from),
          paidLine(step.payments.length, step.paidMinor, step.from.asOf, step.to.asOf),
          { label: t("repayment.account.expected"), amount: amount(step.expectedMinor), total: true },
          figureLine(step.to),
        ],
        says: differsText(words, step),
      })),
      since: {
        lines: [
          figureLine(last),
          paidLine(account.since.payments.length, account.since.paidMinor, last.asOf, null),
          { label: t("repayment.account.left"), amount: amount(account.since.leftMinor), total: true },
        ],
      },
    };
  });
}

/** "Differs by 2,700.00: the lender's figure is higher." Nothing about why. */
function differsText({ t, format }: BookWords, { differsMinor, to }: Step): string {
  const amount = money(format, Math.abs(differsMinor), to.currency);
  return t(`repayment.account.${differsMinor === 0 ? "same" : differsMinor > 0 ? "higher" : "lower"}`, { amount });
}

export function paymentViews(words: BookWords, caseId: string, payments: readonly Entry<PaymentFacts>[]): EntryView[] {
  return payments.map((payment) => entryView(words, `/cases/${caseId}/payments`, paymentBook, payment, 0));
}
