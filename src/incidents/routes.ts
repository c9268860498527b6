/** The contacts of a case: list, log, show, correct, answer one question, add files, bin. Below /cases/:case/incidents. */
import { type Request, type Response, Router } from "express";
import { type Case, differences } from "../cases/case.ts";
import { listCollectors, listDebts } from "../cases/store.ts";
import { codesOf as caseCodesOf } from "../codes/case-codes.ts";
import { readerOf } from "../codes/reader.ts";
import { HELD_FOR_MS } from "../evidence/evidence.ts";
import { isDiskFull } from "../evidence/blobs.ts";
import { AddForm } from "../evidence/form.ts";
import { linkedQuery, linkedText, refusedText, toHold, uploadField } from "../evidence/pages.ts";
import { heldFiles, holdFiles, takeHeld } from "../evidence/store.ts";
import { receiveFiles, uploadOf } from "../evidence/upload.ts";
import { untoldPage } from "../findings/untold-page.ts";
import { requireMay } from "../people/member.ts";
import { memberOf } from "../people/person.ts";
import { newId } from "../platform/ids.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../web/forms.ts";
import { ownPath } from "../web/language.ts";
import type { Locale, Translate } from "../web/locale.ts";
import type { Rail } from "../web/view.ts";
import {
  addFiles,
  answerFact,
  changesSince,
  correctIncident,
  removeIncident,
  restoreIncident,
} from "./correct-incident.ts";
import { answerMany, parseMany } from "./answer-many.ts";
import { parseFact } from "./fact-form.ts";
import { readFilter } from "./filter.ts";
import { type IncidentForm, inPageOrder, parseIncidentForm, valuesOf } from "./form.ts";
import { type Incident, merge, undo } from "./incident.ts";
import { incidentListPage } from "./list-page.ts";
import { logIncident } from "./log-incident.ts";
import { writtenMoment } from "./moment.ts";
import { type IncidentFormPage, type Viewing, conflictFields, formChoices, moreOpen, zoneName } from "./pages.ts";
import { getIncident, incidentsBetween, namesOf, recentNumbers } from "./store.ts";
import { incidentPage } from "./show-page.ts";
import type { Telling } from "./words.ts";

const caseOf = (res: Response): Case => res.locals.case as Case;

export function incidentRoutes(services: Services): Router {
  const { db, clock, codes, config } = services;
  const router = Router({ mergeParams: true });
  const mayLog = requireMay("log");
  const receive = receiveFiles(services);
  const limits = { bytes: config.maxFileBytes, files: config.maxFiles };
  async function viewingOf(res: Response): Promise<Viewing> {
    return { ...memberOf(res), matter: caseOf(res), telling: await tellingOf(res) };
  }

  async function tellingOf(res: Response): Promise<Telling> {
    const { caseId } = memberOf(res);
    const [collectors, debts] = await Promise.all([listCollectors(db, caseId), listDebts(db, caseId)]);
    return {
      t: res.locals.t as Translate,
      format: res.locals.format as Format,
      locale: res.locals.locale as Locale,
      collectors,
      debts,
      acts: codes.acts,
    };
  }

  async function incidentOf(req: Request, res: Response): Promise<Incident> {
    const number = /^[1-9]\d{0,8}$/.test(String(req.params.number)) ? Number(req.params.number) : 0;
    const incident = number === 0 ? null : await getIncident(db, memberOf(res).caseId, number);
    if (incident === null) throw notFound();
    return incident;
  }

  // --- list ---------------------------------------------------------------------------------------------------------

  router.get("/", async (req, res) => {
    res.render(
      "incidents/list",
      await incidentListPage(services, await viewingOf(res), req.query, res.locals.rail as Rail),
    );
  });

  // --- log and correct ------------------------------------------------------------------------------------------------

  /** The form as it is shown, new or again; `held` are the waiting files that are ticked. */
  async function formPage(
    res: Response,
    telling: Telling,
    shown: {
      incident: Incident | null;
      values: FormValues;
      errors: FormErrors;
      held: readonly string[];
      draft: string | null;
      version: number | null;
    },
    extra: Partial<Pick<IncidentFormPage, "conflict" | "notice">> = {},
  ): Promise<IncidentFormPage> {
    const { caseId, personId } = memberOf(res);
    const matter = caseOf(res);
    const { t, locale, format } = telling;
    const { incident, values, errors } = shown;
    const now = clock.now();
    const dayStart = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(matter.zone).startOfDay();
    const [numbers, waiting, today] = await Promise.all([
      recentNumbers(db, caseId, 20),
      heldFiles(db, caseId, personId, now - HELD_FOR_MS),
      incidentsBetween(db, caseId, dayStart.epochMilliseconds, dayStart.add({ days: 1 }).epochMilliseconds, 50),
    ]);
    const base = `/cases/${caseId}/incidents`;
    const zone = zoneName(matter.zone, locale, now);
    return {
      title:
        incident === null
          ? t("incidents.form.logTitle")
          : t("incidents.form.correctTitle", { number: incident.number }),
      caseId,
      number: incident?.number ?? null,
      action: incident === null ? base : `${base}/${incident.number}`,
      back:
        incident === null
          ? { href: base, text: t("incidents.list.title") }
          : { href: `${base}/${incident.number}`, text: t("incidents.show.incident", { number: incident.number }) },
      values,
      errors: inPageOrder(errors),
      conflict: extra.conflict ?? null,
      notice: extra.notice ?? null,
      draft: shown.draft,
      version: shown.version,
      ...formChoices(values, matter, telling.collectors, telling.debts, telling),
      numbers,
      whenHint: t(incident === null ? "incidents.form.when.hint" : "incidents.form.when.hintCorrect", { zone }),
      moreOpen: incident !== null || moreOpen(values, errors),
      upload: uploadField(waiting, new Set(shown.held), limits, telling),
      today: today.map((one) => {
        const time = one.precision === "exact" || one.precision === "about" ? format.time(one.happenedAt) : "?";
        return `${time} ${t(`incidents.channel.${one.channel}`)}`;
      }),
    };
  }

  /** What a sent form means, with the files that came along; files that were refused are an error of their field. */
  async function readForm(req: Request, res: Response, telling: Telling, incident: Incident | null) {
    const upload = uploadOf(res);
    const known = (ids: readonly { id: string }[], kept: string | null | undefined) =>
      new Set([...ids.map(({ id }) => id), ...(kept == null ? [] : [kept])]);
    const form = parseIncidentForm(req.body, {
      zone: caseOf(res).zone,
      now: clock.now(),
      // What a contact refers to may have been taken off the lists since.
      collectorIds: known(telling.collectors, incident?.collectorId),
      debtIds: known(telling.debts, incident?.debtId),
      was: incident,
    });
    const errors: FormErrors = form.ok ? {} : { ...form.errors };
    const refused = refusedText(upload, telling);
    if (refused !== undefined) errors.files = refused;
    return { form, errors, upload, values: formValues(req.body) };
  }

  /** Files that came with a form that cannot be saved wait for the next try. @returns the ids to tick. */
  async function hold(res: Response, values: FormValues): Promise<string[]> {
    const { caseId, personId } = memberOf(res);
    const now = clock.now();
    const kept = toHold(uploadOf(res).files, () => newId(now), now);
    await holdFiles(db, caseId, personId, kept);
    return [...[values.held ?? []].flat(), ...kept.map(({ id }) => id)];
  }

  const textIn = (values: FormValues, name: string): string => (typeof values[name] === "string" ? values[name] : "");

  router.get("/new", mayLog, async (req, res) => {
    const telling = await tellingOf(res);
    const now = clock.now();
    const { date, time, precision } = writtenMoment(now - (now % 60_000), "exact", caseOf(res).zone);
    const wished = readFilter(req.query, caseOf(res).zone);
    const values: FormValues = {
      channel: wished.channel ?? "call",
      date,
      time,
      precision,
      contacted: wished.contacted ?? "self",
      direction: "incoming",
      told: "unknown",
      fromNumber: wished.number ?? "",
    };
    const page = await formPage(res, telling, {
      incident: null,
      values,
      errors: {},
      held: [],
      draft: newId(now),
      version: null,
    });
    res.render("incidents/form", page);
  });

  router.post("/", mayLog, receive, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const telling = await tellingOf(res);
    const { form, errors, upload, values } = await readForm(req, res, telling, null);
    const again = async (status: number, held: string[], notice: string | null = null) => {
      const shown = {
        incident: null,
        values,
        errors,
        held,
        draft: textIn(values, "draft") || newId(clock.now()),
        version: null,
      };
      res.status(status).render("incidents/form", await formPage(res, telling, shown, { notice }));
    };
    const full = upload.refused.some(({ why }) => why === "disk-full");
    if (!form.ok || Object.keys(errors).length > 0)
      return again(full ? 507 : 422, await holdIfThereIsRoom(res, values, full));
    try {
      const by = { personId, at: clock.now() };
      const logged = await logIncident(db, caseId, form.value, upload.files, by);
      if (logged.again && saysOtherwise(logged.incident, form.value)) {
        const held = await holdIfThereIsRoom(res, values, false);
        const { incident } = logged;
        const shown = { incident, values, errors: {}, held, draft: null, version: incident.version };
        const notice = telling.t("incidents.form.loggedBefore", { number: incident.number });
        return res.status(409).render("incidents/form", await formPage(res, telling, shown, { notice }));
      }
      const how = logged.again ? "again" : "logged";
      return res.redirect(
        303,
        `/cases/${caseId}/incidents/${logged.incident.number}?saved=${how}${linkedQuery(logged.linked)}`,
      );
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      services.log.error({ err: error }, "the disk is full: a contact was not logged");
      return again(507, [], telling.t("incidents.form.diskFull"));
    }
  });

  /** The same form came back changed (the browser's Back): what was changed must not be lost, nor logged twice. */
  function saysOtherwise(stored: Incident, { facts, newCollector }: IncidentForm): boolean {
    if (stored.removedAt !== null) return false;
    const collectorId = newCollector === null ? facts.collectorId : stored.collectorId;
    return Object.keys(differences(stored, { ...facts, collectorId })).length > 0;
  }

  async function holdIfThereIsRoom(res: Response, values: FormValues, full: boolean): Promise<string[]> {
    try {
      return await hold(res, values);
    } catch (error) {
      if (full && isDiskFull(error)) return [];
      throw error;
    }
  }

  // What was told in several contacts, answered together on a page of the findings.
  router.post("/facts", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const answer = parseMany(req.body);
    const rule = textIn(formValues(req.body), "rule");
    const base = `/cases/${caseId}/findings/untold`;
    if (answer.ok) {
      await answerMany(db, caseId, answer, { personId, at: clock.now() });
      return res.redirect(303, rule === "" ? base : `${base}?rule=${encodeURIComponent(rule)}`);
    }
    const { values, errors } = answer;
    const desk = { ...services, codes: await caseCodesOf(services, caseOf(res)) };
    const page = await untoldPage(desk, caseOf(res), { rule, values, errors, mayLog: true }, readerOf(res, clock));
    return res.status(422).render("findings/untold", page);
  });

  router.get("/:number/edit", mayLog, async (req, res) => {
    const incident = await incidentOf(req, res);
    if (incident.removedAt !== null)
      return res.redirect(303, `/cases/${memberOf(res).caseId}/incidents/${incident.number}`);
    const values = valuesOf(incident, caseOf(res).zone);
    const shown = { incident, values, errors: {}, held: [], draft: null, version: incident.version };
    return res.render("incidents/form", await formPage(res, await tellingOf(res), shown));
  });

  router.post("/:number", mayLog, receive, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const telling = await tellingOf(res);
    const incident = await incidentOf(req, res);
    const { form, errors, upload, values } = await readForm(req, res, telling, incident);
    const version = /^\d{1,9}$/.test(textIn(values, "version")) ? Number(values.version) : incident.version;
    const full = upload.refused.some(({ why }) => why === "disk-full");
    if (!form.ok || Object.keys(errors).length > 0) {
      const held = await holdIfThereIsRoom(res, values, full);
      const shown = { incident, values, errors, held, draft: null, version };
      return res.status(full ? 507 : 422).render("incidents/form", await formPage(res, telling, shown));
    }
    const by = { personId, at: clock.now() };
    const corrected = await correctIncident(db, caseId, incident, form.value, upload.files, by);
    if (corrected.done) {
      return res.redirect(
        303,
        `/cases/${caseId}/incidents/${incident.number}?saved=corrected${linkedQuery(corrected.linked)}`,
      );
    }
    if (corrected.stored.removedAt !== null) {
      await hold(res, values);
      return res.redirect(303, `/cases/${caseId}/incidents/${incident.number}`);
    }
    return res
      .status(409)
      .render("incidents/form", await conflictPage(res, telling, corrected.stored, form.value, version, values));
  });

  /** Somebody else was first: their changes and this person's, put together, to look at and save again. */
  async function conflictPage(
    res: Response,
    telling: Telling,
    stored: Incident,
    form: IncidentForm,
    version: number,
    values: FormValues,
  ): Promise<IncidentFormPage> {
    const { caseId } = memberOf(res);
    const { changes, by, at } = await changesSince(db, caseId, stored.number, version);
    const merged = merge(undo(stored, changes), form.facts, stored);
    const names = await namesOf(db, by === null ? [] : [by]);
    const { newCollector = "", newCollectorKind = "", reason = "" } = values;
    const shown = {
      incident: stored,
      values: { ...valuesOf(merged, caseOf(res).zone), newCollector, newCollectorKind, reason },
      errors: {},
      held: await hold(res, values),
      draft: null,
      version: stored.version,
    };
    const fields = conflictFields(changes, merged, telling);
    const conflict = {
      by: names.get(by ?? "") ?? telling.t("incidents.history.somebody"),
      at: at || clock.now(),
      fields,
    };
    return formPage(res, telling, shown, { conflict, notice: telling.t("incidents.form.conflictMerged") });
  }

  // One open question, answered where it is asked; `back` says which page that was.
  router.post("/:number/facts", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const incident = await incidentOf(req, res);
    const telling = await tellingOf(res);
    const fact = parseFact(req.body, incident, {
      zone: caseOf(res).zone,
      now: clock.now(),
      collectorIds: new Set(telling.collectors.map(({ id }) => id)),
      debtIds: new Set(telling.debts.map(({ id }) => id)),
    });
    const here = `/cases/${caseId}/incidents/${incident.number}`;
    if (!fact.ok) {
      const { values, errors } = fact;
      const shown = { incident, values, errors, held: [], draft: null, version: incident.version };
      return res.status(422).render("incidents/form", await formPage(res, telling, shown));
    }
    await answerFact(db, caseId, incident.number, fact.facts, { personId, at: clock.now() });
    const back = formValues(req.body).back;
    return res.redirect(303, typeof back === "string" && back !== "" ? ownPath(back) : `${here}?saved=answered`);
  });

  // --- one contact ------------------------------------------------------------------------------------------------------

  async function showPage(
    req: Request,
    res: Response,
    incident: Incident,
    errors: FormErrors,
    held: readonly string[],
  ) {
    const viewing = await viewingOf(res);
    const messages = [...savedText(req, incident, viewing.telling.t), ...linkedText(req.query, viewing.telling)];
    return incidentPage(services, viewing, incident, { messages, errors, held, reader: readerOf(res, clock) });
  }

  router.get("/:number", async (req, res) => {
    res.render("incidents/show", await showPage(req, res, await incidentOf(req, res), {}, []));
  });

  router.post("/:number/files", mayLog, receive, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const incident = await incidentOf(req, res);
    const upload = uploadOf(res);
    const form = parseForm(AddForm, req.body);
    const held = form.ok ? form.value.held : [];
    const words = { t: res.locals.t as Translate, format: res.locals.format as Format };
    const problem = refusedText(upload, words);
    if (!form.ok || problem !== undefined || upload.files.length + held.length === 0) {
      const full = upload.refused.some(({ why }) => why === "disk-full");
      const errors: FormErrors = { files: problem ?? "incidents.show.noFile" };
      const ticked = await holdIfThereIsRoom(res, formValues(req.body), full);
      return res.status(full ? 507 : 422).render("incidents/show", await showPage(req, res, incident, errors, ticked));
    }
    const by = { personId, at: clock.now() };
    const linked = await db.transaction().execute(async (tx) => {
      const all = [...(await takeHeld(tx, caseId, personId, held)), ...upload.files];
      return addFiles(tx, caseId, incident, all, by);
    });
    return res.redirect(303, `/cases/${caseId}/incidents/${incident.number}?${linkedQuery(linked).slice(1)}`);
  });

  router.post("/:number/removal", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const incident = await incidentOf(req, res);
    await removeIncident(db, caseId, incident, { personId, at: clock.now() });
    res.redirect(303, `/cases/${caseId}/incidents/${incident.number}`);
  });

  router.post("/:number/restoration", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const incident = await incidentOf(req, res);
    await restoreIncident(db, caseId, incident, { personId, at: clock.now() });
    res.redirect(303, `/cases/${caseId}/incidents/${incident.number}`);
  });

  return router;
}

function savedText(req: Request, incident: Incident, t: Translate): string[] {
  const params = { number: incident.number };
  const said: Record<string, string> = {
    logged: "incidents.show.logged1",
    again: "incidents.show.again",
    corrected: "incidents.show.corrected",
    answered: "incidents.show.answered",
  };
  const { saved } = req.query;
  return typeof saved === "string" && Object.hasOwn(said, saved) ? [t(said[saved]!, params)] : [];
}
