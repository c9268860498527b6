/** The findings of a case: the list, a person's word on one, and an imaginary contact tried in the case. Below /cases/:case/findings. */
import { type Request, type Response, Router } from "express";
import type { Case } from "../cases/case.ts";
import { codesOf } from "../codes/case-codes.ts";
import { readerOf } from "../codes/reader.ts";
import { type TryPlace, emptyTryPage, judgedTryPage } from "../codes/try-page.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { conflict, notFound } from "../web/errors.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../web/forms.ts";
import { ownPath } from "../web/language.ts";
import type { Rail } from "../web/view.ts";
import { readAround } from "./facts.ts";
import type { KeptFinding } from "./finding.ts";
import { ReviewForm, askedFilter } from "./form.ts";
import { findingPage } from "./finding-page.ts";
import { currentFindings } from "./judge-case.ts";
import { listPage } from "./list-page.ts";
import { type Showing, findingViews } from "./pages.ts";
import { reviewFinding, withdrawReview } from "./review.ts";
import { glanceNumbered } from "./source-store.ts";
import { getFinding } from "./store.ts";
import { untoldPage } from "./untold-page.ts";
import { choosePage, whyNotPage } from "./why-not-page.ts";

export function findingRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const caseOf = (res: Response): Case => res.locals.case as Case;
  const mayReview = requireMay("review");

  const showingOf = (req: Request, res: Response, back = req.originalUrl): Showing => {
    const { caseId, role } = memberOf(res);
    return { caseId, zone: caseOf(res).zone, mayReview: may(role, "review"), mayLog: may(role, "log"), back };
  };

  router.get("/", async (req, res) => {
    const matter = caseOf(res);
    const changed = await currentFindings(services, matter.id);
    // The rail was counted before; a finding whose outcome changed stands in both lists.
    const rail = res.locals.rail as Rail;
    rail.counts.findings = (rail.counts.findings ?? 0) + changed.appeared.length - changed.gone.length;
    const asked = askedFilter(req.query);
    const bench = { ...services, codes: await codesOf(services, matter) };
    const page = await listPage(bench, matter, asked, showingOf(req, res), changed, seenIn(req), readerOf(res, clock));
    if (page.newestChange !== null) keepSeen(req, res, page.newestChange);
    res.status(Object.keys(asked.errors).length > 0 ? 422 : 200).render("findings/list", page);
  });

  // --- an imaginary contact, with the facts and notices of the case ---------------------------------------------------

  const tryPlace = async (res: Response): Promise<TryPlace> => {
    const matter = caseOf(res);
    const { context } = await readAround(db, matter);
    return {
      action: `/cases/${matter.id}/findings/try`,
      backHref: `/cases/${matter.id}/findings`,
      backText: readerOf(res, clock).t("codes.try.backCase"),
      codes: matter.codes,
      inCase: { id: matter.id, number: matter.number, context },
    };
  };
  router.get("/try", async (_req, res) => {
    const codes = await codesOf(services, caseOf(res));
    res.render("codes/try", emptyTryPage(codes, await tryPlace(res), readerOf(res, clock)));
  });
  router.post("/try", async (req, res) => {
    const codes = await codesOf(services, caseOf(res));
    const answer = judgedTryPage(codes, await tryPlace(res), readerOf(res, clock), req.body);
    res.status(answer.ok ? 200 : 422).render("codes/try", answer.page);
  });

  const keyOf = (req: Request): { number: number; rule: string } => {
    const number = numberFrom(req.params.number);
    if (number === null) throw notFound();
    return { number, rule: String(req.params.rule) };
  };

  // --- one finding explained, and why other rules say nothing -------------------------------------------------------------

  const deskOf = async (res: Response) => ({ ...services, codes: await codesOf(services, caseOf(res)) });

  router.get("/why-not", async (req, res) => {
    const matter = caseOf(res);
    const { incident = "", rule = "" } = formValues(req.query);
    const number = numberFrom(incident);
    const glance = number === null ? null : await glanceNumbered(db, matter.id, number);
    if (glance !== null) return res.redirect(303, whyNotPath(matter.id, glance.number, rule));
    const page = choosePage(matter, await deskOf(res), { incident, rule }, readerOf(res, clock));
    return res.status(Object.keys(page.errors).length > 0 ? 422 : 200).render("findings/choose-incident", page);
  });

  router.get("/why-not/:number", async (req, res) => {
    const matter = caseOf(res);
    const number = numberFrom(req.params.number);
    const glance = number === null ? null : await glanceNumbered(db, matter.id, number);
    if (glance === null) throw notFound();
    const one = (value: unknown): string => (typeof value === "string" ? value : "");
    const { code, topic, reason, rule } = formValues(req.query);
    const filter = { code: one(code), topic: one(topic), reason: one(reason), rule: one(rule) };
    res.render("findings/why-not", await whyNotPage(await deskOf(res), matter, glance, filter, readerOf(res, clock)));
  });

  router.get("/:number/:rule", async (req, res) => {
    const { number, rule } = keyOf(req);
    const matter = caseOf(res);
    await currentFindings(services, matter.id);
    const kept = await getFinding(db, matter.id, number, rule);
    if (kept !== null) {
      const showing = showingOf(req, res);
      return res.render(
        "findings/show",
        await findingPage(await deskOf(res), matter, kept, showing, readerOf(res, clock)),
      );
    }
    // A finding that is gone is asked why it is: by that rule, of that contact.
    const glance = await glanceNumbered(db, matter.id, number);
    if (
      glance === null ||
      (await deskOf(res)).codes
        .judgeFor(matter.codes)
        .codes.every(({ compiled }) => compiled.code.rules.every(({ id }) => id !== rule))
    )
      throw notFound();
    return res.redirect(303, whyNotPath(matter.id, number, rule));
  });

  router.get("/untold", async (req, res) => {
    const matter = caseOf(res);
    await currentFindings(services, matter.id);
    const { rule } = formValues(req.query);
    const asked = {
      rule: typeof rule === "string" ? rule : "",
      values: {},
      errors: {},
      mayLog: may(memberOf(res).role, "log"),
    };
    res.render("findings/untold", await untoldPage(await deskOf(res), matter, asked, readerOf(res, clock)));
  });

  // --- a person's word on one finding -----------------------------------------------------------------------------------

  const reviewPage = async (req: Request, res: Response, kept: KeptFinding, values: FormValues, errors: FormErrors) => {
    const back = ownBack(values.back, caseOf(res).id);
    const bench = { ...services, codes: await codesOf(services, caseOf(res)) };
    const [finding] = await findingViews(bench, [kept], showingOf(req, res, back), readerOf(res, clock));
    return { finding, values: { ...values, back }, errors };
  };

  router.get("/:number/:rule/review", mayReview, async (req, res) => {
    const { number, rule } = keyOf(req);
    const { id } = caseOf(res);
    await currentFindings(services, id);
    const kept = await getFinding(db, id, number, rule);
    if (kept === null) throw notFound();
    const asked = formValues(req.query);
    const values: FormValues = {
      verdict: typeof asked.verdict === "string" ? asked.verdict : (kept.review?.verdict ?? ""),
      reason: kept.review?.reason ?? "",
      back: asked.back ?? "",
    };
    res.render("findings/review", await reviewPage(req, res, kept, values, {}));
  });

  router.post("/:number/:rule/review", mayReview, async (req, res) => {
    const { number, rule } = keyOf(req);
    const { id } = caseOf(res);
    const form = parseForm(ReviewForm, req.body);
    if (!form.ok) {
      const kept = await getFinding(db, id, number, rule);
      if (kept === null) throw conflict("findings.review.gone");
      res.status(422).render("findings/review", await reviewPage(req, res, kept, form.values, form.errors));
      return;
    }
    const { verdict, reason = null, back } = form.value;
    const by = { personId: memberOf(res).personId, at: clock.now() };
    if (!(await reviewFinding(db, id, number, rule, { verdict, reason }, by))) throw conflict("findings.review.gone");
    res.redirect(303, withAnchor(ownBack(back, id), number, rule));
  });

  router.post("/:number/:rule/review/withdrawal", mayReview, async (req, res) => {
    const { number, rule } = keyOf(req);
    const { id } = caseOf(res);
    const by = { personId: memberOf(res).personId, at: clock.now() };
    await withdrawReview(db, id, number, rule, by);
    res.redirect(303, withAnchor(ownBack(formValues(req.body).back, id), number, rule));
  });
  return router;
}

const oneYear = 365 * 86_400_000;

/** The newest judgement this browser has shown of this case: a cookie for its page of findings alone. */
function seenIn({ headers }: Request): number | null {
  const [, at] = /(?:^|;\s*)findings-seen=(\d{1,15})(?:;|$)/.exec(headers.cookie ?? "") ?? [];
  return at === undefined ? null : Number(at);
}

function keepSeen(req: Request, res: Response, at: number): void {
  const path = `/cases/${memberOf(res).caseId}/findings`;
  res.cookie("findings-seen", String(at), {
    httpOnly: true,
    sameSite: "lax",
    maxAge: oneYear,
    secure: req.secure,
    path,
  });
}

/** The number of an incident as written in an address or a form; null when it is none. */
function numberFrom(written: unknown): number | null {
  const number = Number(written);
  return Number.isInteger(number) && number >= 1 && number < 2 ** 31 ? number : null;
}

const whyNotPath = (caseId: string, number: number, rule: unknown): string =>
  `/cases/${caseId}/findings/why-not/${number}${typeof rule === "string" && rule !== "" ? `?rule=${encodeURIComponent(rule)}` : ""}`;

/** The page a person came from, if it is one of ours; else the list. */
function ownBack(back: unknown, caseId: string): string {
  return typeof back === "string" && back !== "" ? ownPath(back) : `/cases/${caseId}/findings`;
}

const withAnchor = (path: string, number: number, rule: string): string =>
  `${path}#f-${number}-${rule.replaceAll(".", "-")}`;
