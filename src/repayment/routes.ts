/** The plan, its versions, and where the money stands; below /cases/:case/repayment. Payments and figures have the ledger's own pages. */
import { type Response, Router } from "express";
import type { Case } from "../cases/case.ts";
import { currencies } from "../cases/form.ts";
import { currencyOf } from "../cases/pages.ts";
import { listDebts, nameOf } from "../cases/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import { accountsOf, owedByRecord, standingOf } from "./account.ts";
import { makePlan } from "./make-plan.ts";
import { type PlanFormPage, type PlanPage, type RepaymentPage, accountViews, paymentViews, planView } from "./pages.ts";
import type { Plan } from "./plan.ts";
import { moreRows, parsePlanForm, planValues, withRows } from "./plan-form.ts";
import { everyFigure, everyPayment, everyPlan, latestPlan, planNumbered } from "./store.ts";

const SHOWN_PAYMENTS = 5;
/** What most people have to pay before anything else; only names, to be changed. */
const usualCosts = ["rent", "food", "power", "travel", "phone", "family", "health"] as const;

export function repaymentRoutes({ db, clock }: Services): Router {
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const at = "repayment";

  const caseOf = (res: Response) => res.locals.case as Case;
  const todayIn = (res: Response) =>
    Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(caseOf(res).zone).toPlainDate().toString();
  async function wordsOf(res: Response) {
    const { t, format } = res.locals as { t: Translate; format: Format };
    return { t, format, debts: await listDebts(db, memberOf(res).caseId) };
  }
  const makerOf = async (plan: Plan, t: Translate) => (await nameOf(db, plan.madeBy)) ?? t("cases.somebody");

  router.get("/", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const words = await wordsOf(res);
    const [plans, payments, figures] = await Promise.all([
      everyPlan(db, caseId),
      everyPayment(db, caseId),
      everyFigure(db, caseId),
    ]);
    const [plan, ...older] = plans;
    const page: RepaymentPage = {
      title: words.t("repayment.title"),
      caseId,
      at,
      mayEdit: may(role, "log"),
      plan:
        plan === undefined
          ? null
          : planView(words, caseId, plan, {
              madeBy: await makerOf(plan, words.t),
              standing: standingOf(plan, payments, todayIn(res)),
            }),
      older: await Promise.all(
        older.map(async (one) => ({
          number: one.number,
          href: `/cases/${caseId}/repayment/plans/${one.number}`,
          made: words.t("repayment.plan.made", {
            when: words.format.instant(one.madeAt),
            name: await makerOf(one, words.t),
          }),
        })),
      ),
      accounts: accountViews(words, caseId, accountsOf(words.debts, figures, payments), words.debts),
      payments: paymentViews(words, caseId, payments.toReversed().slice(0, SHOWN_PAYMENTS)),
      paymentCount: payments.length,
      saved: req.query.saved === "1",
    };
    res.render("repayment/show", page);
  });

  const formPage = async (res: Response, values: FormValues, errors: FormErrors): Promise<PlanFormPage> => {
    const { t } = res.locals as { t: Translate };
    const before = await latestPlan(db, memberOf(res).caseId);
    return {
      title: t(before === null ? "repayment.plan.first" : "repayment.plan.next"),
      caseId: memberOf(res).caseId,
      at,
      replaces: before?.number ?? null,
      currencies,
      values,
      errors,
    };
  };

  router.get("/plans/new", edit, async (_req, res) => {
    const { caseId } = memberOf(res);
    const { t, debts } = await wordsOf(res);
    const [before, payments, figures] = await Promise.all([
      latestPlan(db, caseId),
      everyPayment(db, caseId),
      everyFigure(db, caseId),
    ]);
    const currency =
      before?.facts.currency ??
      debts.find((debt) => debt.currency !== null)?.currency ??
      currencyOf(caseOf(res).country);
    const totalMinor = owedByRecord(accountsOf(debts, figures, payments), currency) ?? sumOfDebts(debts, currency);
    const names = usualCosts.map((cost) => t(`repayment.plan.usual.${cost}`));
    const values = planValues(before?.facts ?? null, { currency, totalMinor, today: todayIn(res), names });
    res.render("repayment/plan-form", await formPage(res, values, {}));
  });

  router.post("/plans", edit, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const sent = withRows(req.body);
    if (sent.press === "more") return res.render("repayment/plan-form", await formPage(res, moreRows(sent), {}));
    const parsed = parsePlanForm(req.body, todayIn(res));
    if (!parsed.ok) {
      return res.status(422).render("repayment/plan-form", await formPage(res, parsed.values, parsed.errors));
    }
    await db.transaction().execute((tx) => makePlan(tx, caseId, parsed.value, { personId, at: clock.now() }));
    return res.redirect(303, `/cases/${caseId}/repayment?saved=1`);
  });

  router.get("/plans/:number", async (req, res) => {
    const { caseId } = memberOf(res);
    const number = /^[1-9]\d{0,8}$/.test(req.params.number) ? Number(req.params.number) : 0;
    const plan = await planNumbered(db, caseId, number);
    if (plan === null) throw notFound();
    const words = await wordsOf(res);
    const latest = await latestPlan(db, caseId);
    const page: PlanPage = {
      title: words.t("repayment.plan.name", { number }),
      caseId,
      at,
      plan: planView(words, caseId, plan, { madeBy: await makerOf(plan, words.t), standing: null }),
      replaced: latest?.number !== number,
    };
    res.render("repayment/plan", page);
  });

  return router;
}

function sumOfDebts(
  debts: readonly { amountMinor: number | null; currency: string | null }[],
  currency: string,
): number | null {
  const own = debts.filter((debt) => debt.currency === currency && debt.amountMinor !== null);
  return own.length === 0 ? null : own.reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0), 0);
}
