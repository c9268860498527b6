/** The complaints of a case: list, where to complain, one with its clocks. Below /cases/:case/complaints. */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { evidenceOf } from "../evidence/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { conflict } from "../web/errors.ts";
import { type FormErrors, formValues } from "../web/forms.ts";
import { duesOf } from "./agenda.ts";
import { CALENDAR_TYPE, calendarFile } from "./calendar/file.ts";
import { type Complaint, isOpen } from "./complaint.ts";
import { countNeeds } from "./draft-page.ts";
import { findingsSaid, knownOf, localDate } from "./gather.ts";
import { complaintsPage } from "./list-page.ts";
import { installedChannels } from "./load-channels.ts";
import { linesOf, prepare } from "./prepare.ts";
import { complaintNumbered, numberFrom, readerOf } from "./reader.ts";
import { complaintPage } from "./show-page.ts";
import { getComplaint, lettersOf, readyDossiers } from "./store.ts";
import { suggestChannels } from "./suggest.ts";
import { suggestionsPage } from "./suggest-page.ts";
import { beginComplaint, removeComplaint, reopenComplaint } from "./work-on-complaint.ts";

export function complaintRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const channels = installedChannels();
  const matterOf = (res: Response): Case => res.locals.case as Case;
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const today = (res: Response): string => localDate(matterOf(res).zone, clock.now());
  const mayEdit = (res: Response): boolean => may(memberOf(res).role, "log");

  router.get("/", async (req, res) => {
    const { caseId } = memberOf(res);
    const number = numberFrom(req.query.removed);
    const found = number === null ? null : await getComplaint(db, caseId, number);
    const removed = found !== null && found.removedAt !== null ? found : null;
    const known = await knownOf(services, matterOf(res));
    res.render(
      "complaints/list",
      complaintsPage(readerOf(res.locals), caseId, known, { mayEdit: mayEdit(res), removed }),
    );
  });

  // --- where to complain, and beginning ----------------------------------------------------------------------------

  async function suggestions(req: Request, res: Response, errors: FormErrors) {
    const { caseId } = memberOf(res);
    const known = await knownOf(services, matterOf(res));
    const after = numberFrom(req.query.after);
    const follows = known.complaints.find(({ number }) => number === after) ?? null;
    const found = suggestChannels(known);
    return suggestionsPage(readerOf(res.locals), caseId, known, found, { mayEdit: mayEdit(res), follows, errors });
  }

  router.get("/new", async (req, res) => res.render("complaints/suggest", await suggestions(req, res, {})));

  router.post("/", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const values = formValues(req.body);
    const channel = channels.get(String(values.channel ?? ""));
    if (channel === undefined) {
      const page = await suggestions(req, res, { channel: "complaints.channel.missing" });
      return res.status(422).render("complaints/suggest", page);
    }
    const after = numberFrom(values.after);
    const made = await db.transaction().execute(async (tx) => {
      const follows = after === null ? null : await getComplaint(tx, caseId, after);
      return beginComplaint(tx, caseId, channel.id, { follows, today: today(res) }, by(res));
    });
    return res.redirect(303, `/cases/${caseId}/complaints/${made.number}/draft`);
  });

  // --- one complaint -------------------------------------------------------------------------------------------------

  const complaintFrom = (req: Request, res: Response): Promise<Complaint> =>
    complaintNumbered(db, memberOf(res).caseId, req.params.complaint);

  router.get("/:complaint", async (req, res) => {
    const { caseId } = memberOf(res);
    const complaint = await complaintFrom(req, res);
    const matter = matterOf(res);
    const known = await knownOf(services, matter);
    const channel = channels.get(complaint.channel);
    const [letters, dossiers, confirmed] = await Promise.all([
      lettersOf(db, caseId, [complaint.id]),
      readyDossiers(db, caseId),
      findingsSaid(services, caseId, "confirmed"),
    ]);
    const letterIds = letters.map(({ id }) => id);
    const [linked, lines, prepared] = await Promise.all([
      evidenceOf(db, caseId, "complaint", letterIds),
      channel === undefined ? [] : linesOf(services, matter, complaint, { channel, known, confirmed }),
      channel === undefined || complaint.filedOn !== null
        ? null
        : prepare(services, matter, channel, readerOf(res.locals).locale),
    ]);
    const page = complaintPage(readerOf(res.locals), caseId, complaint, known, {
      mayEdit: mayEdit(res),
      saved: req.query.saved === "1",
      needs: prepared === null ? null : countNeeds(prepared.needs(complaint)),
      lines,
      dossier: dossiers.find(({ id }) => id === complaint.dossierId) ?? null,
      letters,
      files: linked,
    });
    res.render("complaints/show", page);
  });

  router.get("/:complaint/calendar.ics", async (req, res) => {
    const complaint = await complaintFrom(req, res);
    const known = await knownOf(services, matterOf(res));
    const { t } = readerOf(res.locals);
    const file = calendarFile(isOpen(complaint) ? duesOf(known, matterOf(res), complaint) : [], {
      t,
      origin: services.origin(),
      now: clock.now(),
    });
    res.set({ "Cache-Control": "private, no-store" }).attachment(`complaint-${complaint.number}.ics`);
    res.type(CALENDAR_TYPE).send(file);
  });

  router.post("/:complaint/reopening", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const complaint = await complaintFrom(req, res);
    await db.transaction().execute((tx) => reopenComplaint(tx, caseId, complaint, by(res)));
    res.redirect(303, `/cases/${caseId}/complaints/${complaint.number}`);
  });

  for (const [deed, removed] of [
    ["removal", true],
    ["restoration", false],
  ] as const) {
    router.post(`/:complaint/${deed}`, edit, async (req, res) => {
      const { caseId } = memberOf(res);
      const { number } = await complaintFrom(req, res);
      if (!(await db.transaction().execute((tx) => removeComplaint(tx, caseId, number, removed, by(res))))) {
        throw conflict("incidents.conflict");
      }
      const complaints = `/cases/${caseId}/complaints`;
      res.redirect(303, removed ? `${complaints}?removed=${number}` : `${complaints}/${number}`);
    });
  }
  return router;
}
