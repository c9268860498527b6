/**
 * The pages about a case itself: the list, a new case, its settings, debts, collectors, and its deletion; and the rail beside every
 * page of a case. Mounted at /cases (casesRoutes) and /cases/:case (showRail, caseRoutes).
 */
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { codesOf } from "../codes/case-codes.ts";
import { codeHref } from "../codes/pages.ts";
import { suggestCodes } from "../codes/suggest.ts";
import { filesOf } from "../dossiers/build-dossier.ts";
import { lettersFolder } from "../letters/make.ts";
import { listEvents } from "../history/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf, personOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../web/forms.ts";
import { setZone } from "../web/language.ts";
import type { Locale, Translate } from "../web/locale.ts";
import type { By, Case } from "./case.ts";
import { correctCase } from "./change-case.ts";
import { addCollector, correctCollector, removeCollector } from "./collectors.ts";
import { addDebt, correctDebt, removeDebt } from "./debts.ts";
import { CaseForm, CollectorForm, DebtForm, NewCaseForm, version as Version } from "./form.ts";
import {
  type CaseFormPage,
  type CollectorFormPage,
  type Conflict,
  type DebtFormPage,
  type DeletionPage,
  caseValues,
  collectorValues,
  conflictOf,
  debtValues,
  settingsPage,
  countryChoices,
  currencyOf,
  zoneChoices,
} from "./pages.ts";
import {
  countsOf,
  createCase,
  getCase,
  getCollector,
  getDebt,
  lastCaseOf,
  listCollectors,
  listDebts,
  nameOf,
  removeCase,
} from "./store.ts";

/** The case of this request. Only behind `showRail`. */
const caseOf = (res: Response): Case => res.locals.case as Case;

const wordsOf = (res: Response) => ({ t: res.locals.t as Translate, format: res.locals.format as Format });
const posted = (req: Request, field: string): string => {
  const value = formValues(req.body)[field];
  return typeof value === "string" ? value : "";
};

/** Loads the case, shows times in its zone, and counts what stands in the rail. Goes behind `requireMember`. */
export function showRail({ db }: Services): RequestHandler {
  return async (_req, res, next) => {
    const { caseId, role } = memberOf(res);
    const [found, counts] = await Promise.all([getCase(db, caseId), countsOf(db, caseId)]);
    if (found === null) throw notFound();
    res.locals.case = found;
    setZone(res, found.zone);
    res.locals.rail = {
      caseId,
      number: found.number,
      lender: found.lender === "" ? null : found.lender,
      borrower: found.borrower,
      demo: found.demo,
      mayLog: may(role, "log"),
      counts,
    };
    next();
  };
}

/** Opening a case; below /cases. The list itself stands on the home page (overview). */
export function casesRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router();

  const newPage = (res: Response, values: FormValues, errors: FormErrors): CaseFormPage => {
    const { t } = wordsOf(res);
    return {
      title: t("cases.new.title"),
      action: "/cases",
      back: "/",
      values,
      errors,
      conflict: null,
      version: null,
      countries: countryChoices(t),
      zones: zoneChoices(t, String(values.zone ?? "")),
    };
  };

  router.get("/new", async (_req, res) => {
    // A second case is most often like the last one; the first is guessed from the language of the page.
    const last = await lastCaseOf(db, personOf(res).id);
    const chinese = res.locals.locale === "zh-CN";
    const values: FormValues = {
      country: (last === null ? (chinese ? "CN" : "US") : last.country) ?? "other",
      zone: last?.zone ?? (chinese ? "Asia/Shanghai" : "America/New_York"),
      role: last?.role ?? "borrower",
      borrower: last?.role === "advocate" ? "" : personOf(res).name,
    };
    res.render("cases/new", newPage(res, values, {}));
  });

  router.post("/", async (req, res) => {
    const form = parseForm(NewCaseForm, req.body);
    if (!form.ok) return res.status(422).render("cases/new", newPage(res, form.values, form.errors));
    const by = { personId: personOf(res).id, at: clock.now() };
    const codes = suggestCodes(services.codes.all(), form.value).flatMap(({ code, suggested }) =>
      suggested ? [code.id] : [],
    );
    const made = await db
      .transaction()
      .execute((tx) =>
        createCase(
          tx,
          { ...form.value, codes, reachable: null, debtLawful: null, employerForbids: null, demo: false },
          by,
        ),
      );
    // Says which codes were chosen and why, and lets the person change them.
    return res.redirect(303, `/cases/${made.id}/codes?opened=1`);
  });
  return router;
}

/** Settings of one case; below /cases/:case. */
export function caseRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("edit-case");
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });

  /** What the second of two people is told. */
  const conflict = async (
    res: Response,
    form: "case" | "debt" | "collector",
    subject: string,
    values: { stored: FormValues; yours: FormValues },
  ): Promise<Conflict> => {
    const { t, format } = wordsOf(res);
    const [last] = await listEvents(db, memberOf(res).caseId, { subject, limit: 1 });
    const name = last === undefined ? null : await nameOf(db, last.actor);
    return conflictOf(t, format, form, values, { name: name ?? t("cases.somebody"), at: last?.at ?? clock.now() });
  };

  router.get("/settings", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const { t } = wordsOf(res);
    const [debts, collectors, gone] = await Promise.all([
      listDebts(db, caseId),
      listCollectors(db, caseId),
      removedThing(req, caseId),
    ]);
    const removed =
      gone === null
        ? null
        : {
            text: t("cases.settings.removed", { name: gone.name }),
            action: `/cases/${caseId}/${gone.path}/restoration`,
          };
    const shown = caseOf(res);
    const library = await codesOf(services, shown);
    const codes = shown.codes.map((id) => ({
      href: codeHref(id, shown.id),
      title: library.get(id)?.title[res.locals.locale as Locale] ?? id,
    }));
    const parts = {
      debts,
      collectors,
      codes,
      mayEdit: may(role, "edit-case"),
      removed,
      saved: req.query.saved === "1",
    };
    res.render("cases/settings", settingsPage(wordsOf(res), shown, parts));
  });

  /** What the address says was just removed, if it still is. */
  async function removedThing(req: Request, caseId: string): Promise<{ name: string; path: string } | null> {
    const { debt, collector } = req.query;
    if (typeof debt === "string") {
      const found = await getDebt(db, caseId, debt);
      if (found !== null && found.removedAt !== null) return { name: found.creditor, path: `debts/${found.id}` };
    }
    if (typeof collector === "string") {
      const found = await getCollector(db, caseId, collector);
      if (found !== null && found.removedAt !== null) return { name: found.name, path: `collectors/${found.id}` };
    }
    return null;
  }

  // --- facts ---------------------------------------------------------------------------------------------------
  const factsPage = (
    res: Response,
    parts: { values: FormValues; errors: FormErrors; conflict: Conflict | null; version: number },
  ): CaseFormPage => {
    const { t } = wordsOf(res);
    const { caseId } = memberOf(res);
    return {
      title: t("cases.facts.title"),
      action: `/cases/${caseId}/facts`,
      back: `/cases/${caseId}/settings`,
      countries: countryChoices(t),
      zones: zoneChoices(t, String(parts.values.zone ?? "")),
      ...parts,
    };
  };

  router.get("/facts", edit, (_req, res) => {
    const stored = caseOf(res);
    const values = caseValues(stored);
    res.render("cases/facts", factsPage(res, { values, errors: {}, conflict: null, version: stored.version }));
  });

  router.post("/facts", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const form = parseForm(CaseForm, req.body);
    const version = Version.safeParse(posted(req, "version")).data ?? caseOf(res).version;
    if (!form.ok) {
      const page = factsPage(res, { values: form.values, errors: form.errors, conflict: null, version });
      return res.status(422).render("cases/facts", page);
    }
    const outcome = await db.transaction().execute((tx) => correctCase(tx, caseId, version, form.value, by(res)));
    if (outcome.done) return res.redirect(303, `/cases/${caseId}/settings?saved=1`);
    const yours = caseValues(form.value);
    const clash = await conflict(res, "case", "case", { stored: caseValues(outcome.stored), yours });
    const page = factsPage(res, { values: yours, errors: {}, conflict: clash, version: outcome.stored.version });
    return res.status(409).render("cases/facts", page);
  });

  // --- debts ---------------------------------------------------------------------------------------------------
  const debtPage = (res: Response, parts: Omit<DebtFormPage, "title" | "caseId">): DebtFormPage => ({
    title: wordsOf(res).t(parts.debtId === null ? "cases.debt.new" : "cases.debt.correct"),
    caseId: memberOf(res).caseId,
    ...parts,
  });

  router.get("/debts/new", edit, (_req, res) => {
    const { lender, platform, country, pastDueOn } = caseOf(res);
    const values = {
      creditor: lender,
      product: platform ?? "",
      dueOn: pastDueOn ?? "",
      currency: currencyOf(country),
    };
    res.render("cases/debt", debtPage(res, { debtId: null, version: null, values, errors: {}, conflict: null }));
  });

  router.post("/debts", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const form = parseForm(DebtForm, req.body);
    if (!form.ok) {
      const { values, errors } = form;
      const page = debtPage(res, { debtId: null, version: null, values, errors, conflict: null });
      return res.status(422).render("cases/debt", page);
    }
    await db.transaction().execute((tx) => addDebt(tx, caseId, form.value, by(res)));
    return res.redirect(303, `/cases/${caseId}/settings?saved=1#debts`);
  });

  router.get("/debts/:debt", edit, async (req, res) => {
    const debt = await getDebt(db, memberOf(res).caseId, String(req.params.debt));
    if (debt === null) throw notFound();
    const parts = { debtId: debt.id, version: debt.version, values: debtValues(debt), errors: {}, conflict: null };
    res.render("cases/debt", debtPage(res, parts));
  });

  router.post("/debts/:debt", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const debtId = String(req.params.debt);
    const form = parseForm(DebtForm, req.body);
    const version = Version.safeParse(posted(req, "version")).data ?? 1;
    if (!form.ok) {
      if ((await getDebt(db, caseId, debtId)) === null) throw notFound();
      const { values, errors } = form;
      return res.status(422).render("cases/debt", debtPage(res, { debtId, version, values, errors, conflict: null }));
    }
    const outcome = await db
      .transaction()
      .execute((tx) => correctDebt(tx, caseId, debtId, version, form.value, by(res)));
    if (outcome === null) throw notFound();
    if (outcome.done) return res.redirect(303, `/cases/${caseId}/settings?saved=1#debts`);
    const yours = debtValues(form.value);
    const clash = await conflict(res, "debt", `debt:${debtId}`, { stored: debtValues(outcome.stored), yours });
    const parts = { debtId, version: outcome.stored.version, values: yours, errors: {}, conflict: clash };
    return res.status(409).render("cases/debt", debtPage(res, parts));
  });

  // --- collectors ----------------------------------------------------------------------------------------------
  const collectorPage = (res: Response, parts: Omit<CollectorFormPage, "title" | "caseId">): CollectorFormPage => ({
    title: wordsOf(res).t(parts.collectorId === null ? "cases.collector.new" : "cases.collector.correct"),
    caseId: memberOf(res).caseId,
    ...parts,
  });

  router.get("/collectors/new", edit, (_req, res) => {
    const parts = { collectorId: null, version: null, values: {}, errors: {}, conflict: null };
    res.render("cases/collector", collectorPage(res, parts));
  });

  router.post("/collectors", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const form = parseForm(CollectorForm, req.body);
    if (!form.ok) {
      const { values, errors } = form;
      const page = collectorPage(res, { collectorId: null, version: null, values, errors, conflict: null });
      return res.status(422).render("cases/collector", page);
    }
    await db.transaction().execute((tx) => addCollector(tx, caseId, form.value, by(res)));
    return res.redirect(303, `/cases/${caseId}/settings?saved=1#collectors`);
  });

  router.get("/collectors/:collector", edit, async (req, res) => {
    const found = await getCollector(db, memberOf(res).caseId, String(req.params.collector));
    if (found === null) throw notFound();
    const { id: collectorId, version } = found;
    const parts = { collectorId, version, values: collectorValues(found), errors: {}, conflict: null };
    res.render("cases/collector", collectorPage(res, parts));
  });

  router.post("/collectors/:collector", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const collectorId = String(req.params.collector);
    const form = parseForm(CollectorForm, req.body);
    const version = Version.safeParse(posted(req, "version")).data ?? 1;
    if (!form.ok) {
      if ((await getCollector(db, caseId, collectorId)) === null) throw notFound();
      const { values, errors } = form;
      const page = collectorPage(res, { collectorId, version, values, errors, conflict: null });
      return res.status(422).render("cases/collector", page);
    }
    const outcome = await db
      .transaction()
      .execute((tx) => correctCollector(tx, caseId, collectorId, version, form.value, by(res)));
    if (outcome === null) throw notFound();
    if (outcome.done) return res.redirect(303, `/cases/${caseId}/settings?saved=1#collectors`);
    const yours = collectorValues(form.value);
    const stored = collectorValues(outcome.stored);
    const clash = await conflict(res, "collector", `collector:${collectorId}`, { stored, yours });
    const parts = { collectorId, version: outcome.stored.version, values: yours, errors: {}, conflict: clash };
    return res.status(409).render("cases/collector", collectorPage(res, parts));
  });

  // --- removal, with its undo ----------------------------------------------------------------------------------
  for (const [kind, remove] of [
    ["debt", removeDebt],
    ["collector", removeCollector],
  ] as const) {
    for (const [deed, removed] of [
      ["removal", true],
      ["restoration", false],
    ] as const) {
      router.post(`/${kind}s/:${kind}/${deed}`, edit, async (req, res) => {
        const { caseId } = memberOf(res);
        const id = String(req.params[kind]);
        if (!(await db.transaction().execute((tx) => remove(tx, caseId, id, removed, by(res))))) throw notFound();
        const query = removed ? `?${kind}=${encodeURIComponent(id)}` : "";
        res.redirect(303, `/cases/${caseId}/settings${query}#${removed ? "main-content" : `${kind}s`}`);
      });
    }
  }

  // --- deletion ------------------------------------------------------------------------------------------------
  const manage = requireMay("manage-members");
  const deletionPage = (res: Response, errors: FormErrors): DeletionPage => {
    const { id, number, demo } = caseOf(res);
    const { t } = wordsOf(res);
    return {
      title: t(demo ? "cases.deletion.demoTitle" : "cases.deletion.title", { number }),
      caseId: id,
      number,
      demo,
      counts: (res.locals.rail as { counts: DeletionPage["counts"] }).counts,
      errors,
    };
  };

  router.get("/deletion", manage, (_req, res) => {
    res.render("cases/deletion", deletionPage(res, {}));
  });

  router.post("/deletion", manage, async (req, res) => {
    const { id, number, demo } = caseOf(res);
    if (!demo && posted(req, "confirm").normalize("NFKC").trim() !== String(number)) {
      return res.status(422).render("cases/deletion", deletionPage(res, { confirm: "cases.deletion.mismatch" }));
    }
    // The store of bytes goes by the clock of the disk, not by ours.
    const before = Date.now();
    const orphans = await db.transaction().execute((tx) => removeCase(tx, id));
    for (const sha256 of orphans) await services.blobs.remove(sha256, before);
    const { dataDir } = services.config;
    for (const folder of [dirname(filesOf(dataDir, { caseId: id, version: 1 }).pdf), lettersFolder(dataDir, id)])
      await rm(folder, { recursive: true, force: true });
    services.log.info({ case: number, files: orphans.length }, "case deleted");
    return res.redirect(303, `/?deleted=${number}`);
  });
  return router;
}
