/** The pages about codes of conduct: read them, try an imaginary contact, choose those of a case. Mounted at /codes, /try, /cases/:case/codes. */
import { type Request, type Response, Router } from "express";
import type { Case } from "../cases/case.ts";
import { chooseCodes } from "../cases/change-case.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import { parseForm } from "../web/forms.ts";
import type { FormErrors } from "../web/forms.ts";
import { allCodesOf, codesOf } from "./case-codes.ts";
import { type Double, choosePage, doublesAmong } from "./choose-page.ts";
import { ChooseForm } from "./form.ts";
import { lawOverTimePage } from "./law-over-time-page.ts";
import { isOwn } from "./own-code.ts";
import { listOwnCodes } from "./own-store.ts";
import { codePage, listPage, ruleHref, rulePage } from "./pages.ts";
import { readerOf } from "./reader.ts";
import { type TryPlace, emptyTryPage, judgedTryPage } from "./try-page.ts";

/** Open to everybody: a regulator may read the rules without an account. */
export function codesRoutes({ codes, clock }: Services): Router {
  const router = Router();

  const found = (req: Request) => {
    const code = codes.get(String(req.params.code));
    if (code === undefined) throw notFound();
    return code;
  };

  router.get("/", (_req, res) => {
    res.render("codes/list", listPage(codes, readerOf(res, clock)));
  });

  router.get("/:code", (req, res) => {
    res.render("codes/code", { code: codePage(found(req), readerOf(res, clock)) });
  });

  router.get("/:code/rules/:rule", (req, res) => {
    const code = found(req);
    const rule = code.rules.find(({ id }) => id === req.params.rule);
    if (rule === undefined) {
      // A rule may have moved into a code that this one includes; its old address stands in dossiers.
      const holder = codes.expand([code.id]).find(({ rules }) => rules.some(({ id }) => id === req.params.rule));
      if (holder === undefined) throw notFound();
      res.redirect(301, ruleHref(holder.id, String(req.params.rule)));
      return;
    }
    res.render("codes/rule", { rule: rulePage(codes, code, rule, readerOf(res, clock)) });
  });
  return router;
}

/** An imaginary contact, by itself. POST, because the words tried do not belong into an address or a log. */
export function tryRoutes({ codes, clock }: Services): Router {
  const router = Router();
  const place = (req: Request, res: Response): TryPlace => {
    const reader = readerOf(res, clock);
    const asked = typeof req.query.code === "string" ? req.query.code : "";
    const all = codes.all().map(({ id }) => id);
    return {
      action: "/try",
      backHref: codes.get(asked) === undefined ? "/codes" : `/codes/${asked}`,
      backText: codes.get(asked)?.title[reader.locale] ?? reader.t("codes.try.back"),
      codes: all.includes(asked) ? [asked] : all.slice(0, 1),
      inCase: null,
    };
  };
  router.get("/", (req, res) => {
    res.render("codes/try", emptyTryPage(codes, place(req, res), readerOf(res, clock)));
  });
  router.post("/", (req, res) => {
    const answer = judgedTryPage(codes, place(req, res), readerOf(res, clock), req.body);
    res.status(answer.ok ? 200 : 422).render("codes/try", answer.page);
  });
  return router;
}

/** Which codes a case is judged by; below /cases/:case/codes. */
export function caseCodesRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const page = async (
    res: Response,
    chosen: readonly string[],
    { errors = {}, opened = false, ask = [] }: { errors?: FormErrors; opened?: boolean; ask?: readonly Double[] },
  ) => {
    const matter = res.locals.case as Case;
    const mayChange = may(memberOf(res).role, "edit-case");
    const own = await listOwnCodes(db, matter.id);
    const retired = new Set(own.flatMap(({ id, retiredAt }) => (retiredAt === null ? [] : [id])));
    const codes = own.length === 0 ? services.codes : await allCodesOf(services, matter.id);
    return choosePage(codes, matter, chosen, { mayChange, errors, opened, ask, retired }, readerOf(res, clock));
  };

  router.get("/", async (req, res) => {
    const { codes } = res.locals.case as Case;
    res.render("codes/choose", await page(res, codes, { opened: req.query.opened === "1" }));
  });

  router.get("/in-force", async (_req, res) => {
    const matter = res.locals.case as Case;
    const codes = await codesOf(services, matter);
    res.render("codes/law-over-time", { law: await lawOverTimePage(db, codes, matter, readerOf(res, clock)) });
  });

  router.post("/", requireMay("edit-case"), async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const form = parseForm(ChooseForm, req.body);
    const chosen = form.ok ? [...new Set(form.value.codes)] : [];
    const codes = await allCodesOf(services, caseId);
    const own = await listOwnCodes(db, caseId);
    const before = (res.locals.case as Case).codes;
    const offered = (id: string) =>
      codes.get(id) !== undefined &&
      (before.includes(id) || own.every((one) => one.id !== id || one.retiredAt === null));
    if (!form.ok || !chosen.every(offered)) {
      const errors: FormErrors = { codes: "codes.choose.unknown" };
      res.status(422).render("codes/choose", await page(res, chosen, { errors }));
      return;
    }
    const doubles = doublesAmong(codes, chosen);
    const { doubles: answer } = form.value;
    if (doubles.length > 0 && answer === undefined) {
      const errors: FormErrors = { doubles: "own.choose.unanswered" };
      res.status(422).render("codes/choose", await page(res, chosen, { errors, ask: doubles }));
      return;
    }
    const left = chosen.filter((id) => answer !== "replace" || doubles.every(({ other }) => other !== id));
    // The first of two that share a rule has it; see library.ts.
    const ordered = [...left.filter(isOwn), ...left.filter((id) => !isOwn(id))];
    const by = { personId, at: clock.now() };
    await db.transaction().execute((tx) => chooseCodes(tx, caseId, ordered, by));
    res.redirect(303, `/cases/${caseId}/findings`);
  });
  return router;
}
