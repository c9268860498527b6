/** Log and records side by side: the sums, the lists that fill the gaps, and where they differ. Below /cases/:case/corroboration. */
import { type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { getCase } from "../cases/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { badRequest, notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { parseForm } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import { differencesPage } from "./differences-page.ts";
import { RecordingsForm, RecordsForm } from "./form.ts";
import { numbersPage } from "./numbers-page.ts";
import { type Words, callsPage, recordingsPage, recordsPage, summaryPage } from "./pages.ts";
import { attachRecordings, takeOver } from "./take-over.ts";

const wordsOf = (res: Response): Words => ({ t: res.locals.t as Translate, format: res.locals.format as Format });
const number = (value: unknown): number => (typeof value === "string" && /^\d{1,4}$/.test(value) ? Number(value) : 0);

export function corroborationRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const mayLog = requireMay("log");
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });

  async function caseOf(res: Response): Promise<Case> {
    const matter = await getCase(db, memberOf(res).caseId);
    if (matter === null) throw notFound();
    return matter;
  }

  router.get("/", async (_req, res) => {
    res.render("corroboration/show", await summaryPage(db, await caseOf(res), clock.now(), wordsOf(res)));
  });

  router.get("/records", async (req, res) => {
    const words = wordsOf(res);
    const [logged, backed] = [number(req.query.logged), number(req.query.backed)];
    res.render("corroboration/records", {
      ...(await recordsPage(db, await caseOf(res), req.query, clock.now(), words)),
      mayLog: may(memberOf(res).role, "log"),
      messages: [
        ...(logged === 0 ? [] : [words.t("corroboration.done.logged", { count: logged })]),
        ...(backed === 0 ? [] : [words.t("corroboration.done.backed", { count: backed })]),
      ],
    });
  });

  router.post("/records", mayLog, async (req, res) => {
    const parsed = parseForm(RecordsForm, req.body);
    if (!parsed.ok) throw badRequest("corroboration.badTick");
    const done = await takeOver(db, await caseOf(res), parsed.value, by(res));
    const said = new URLSearchParams({ logged: String(done.logged), backed: String(done.backed) });
    res.redirect(303, `/cases/${memberOf(res).caseId}/corroboration/records?${said.toString()}`);
  });

  router.get("/calls", async (req, res) => {
    res.render("corroboration/calls", await callsPage(db, await caseOf(res), req.query, clock.now(), wordsOf(res)));
  });

  router.get("/differences", async (req, res) => {
    const page = await differencesPage(db, await caseOf(res), req.query, clock.now(), wordsOf(res));
    res.render("corroboration/differences", page);
  });

  router.get("/recordings", async (req, res) => {
    const words = wordsOf(res);
    const attached = number(req.query.attached);
    res.render("corroboration/recordings", {
      ...(await recordingsPage(db, await caseOf(res), req.query, clock.now(), words)),
      mayLog: may(memberOf(res).role, "log"),
      messages: attached === 0 ? [] : [words.t("corroboration.done.attached", { count: attached })],
    });
  });

  router.post("/recordings", mayLog, async (req, res) => {
    const parsed = parseForm(RecordingsForm, req.body);
    if (!parsed.ok) throw badRequest("corroboration.badTick");
    const { caseId } = memberOf(res);
    const attached = await attachRecordings(db, caseId, parsed.value.pair, by(res));
    res.redirect(303, `/cases/${caseId}/corroboration/recordings?attached=${attached}`);
  });

  return router;
}

/** The graph of numbers. Mounted at /cases/:case/numbers. */
export function numberRoutes({ db, clock }: Services): Router {
  const router = Router({ mergeParams: true });
  router.get("/", async (req, res) => {
    const matter = await getCase(db, memberOf(res).caseId);
    if (matter === null) throw notFound();
    res.render("corroboration/numbers", await numbersPage(db, matter, req.query, clock.now(), wordsOf(res)));
  });
  return router;
}
