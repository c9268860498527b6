/** Offices that take complaints (/channels), and the complaints of a case, below /cases/:case/complaints. */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { type HeldFile, HELD_FOR_MS, type ReceivedFile, shownName } from "../evidence/evidence.ts";
import { evidenceOf, heldFiles, holdFiles, takeHeld } from "../evidence/store.ts";
import { receiveFiles, uploadOf } from "../evidence/upload.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import { newId } from "../platform/ids.ts";
import type { Services } from "../services.ts";
import { conflict, notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../web/forms.ts";
import type { Locale, Translate } from "../web/locale.ts";
import type { Channel } from "./channel.ts";
import { duesOf } from "./agenda.ts";
import { CALENDAR_TYPE, calendarFile } from "./calendar/file.ts";
import { type Reader, channelPage, channelsPage } from "./channel-page.ts";
import { type Complaint, type Draft, type LetterKind, isOpen, letterKinds, possibleLetters } from "./complaint.ts";
import { countNeeds, draftPage } from "./draft-page.ts";
import { DraftForm, happeningForm } from "./form.ts";
import { findingsSaid, knownOf, localDate, privateOf } from "./gather.ts";
import { installedChannels } from "./load-channels.ts";
import { type Sentence, textOf } from "./narrative.ts";
import { type LetterPage, complaintPage, complaintsPage, officeName, suggestionsPage } from "./pages.ts";
import { linesOf, prepare, writeStory } from "./prepare.ts";
import { findPrivate } from "./private-data.ts";
import { getComplaint, lettersOf, readyDossiers } from "./store.ts";
import { suggestChannels } from "./suggest.ts";
import { beginComplaint, noteHappening, removeComplaint, reopenComplaint, writeDraft } from "./work-on-complaint.ts";

const readerOf = (res: Response): Reader => ({
  t: res.locals.t as Translate,
  format: res.locals.format as Format,
  locale: res.locals.locale as Locale,
});

/** The offices, for everybody. */
export function channelRoutes(): Router {
  const router = Router();
  const channels = installedChannels();
  router.get("/", (_req, res) => res.render("complaints/channels", channelsPage(readerOf(res), channels)));
  router.get("/:channel", (req, res) => {
    const channel = channels.get(req.params.channel);
    if (channel === undefined) throw notFound();
    res.render("complaints/channel", channelPage(readerOf(res), channel, channels));
  });
  return router;
}

export function complaintRoutes(services: Services): Router {
  const { db, clock, config } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const files = receiveFiles(services);
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
    res.render("complaints/list", complaintsPage(readerOf(res), caseId, known, { mayEdit: mayEdit(res), removed }));
  });

  // --- where to complain, and beginning ----------------------------------------------------------------------------

  async function suggestions(req: Request, res: Response, errors: FormErrors) {
    const { caseId } = memberOf(res);
    const known = await knownOf(services, matterOf(res));
    const after = numberFrom(req.query.after);
    const follows = known.complaints.find(({ number }) => number === after) ?? null;
    const found = suggestChannels(known);
    return suggestionsPage(readerOf(res), caseId, known, found, { mayEdit: mayEdit(res), follows, errors });
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

  async function complaintFrom(req: Request, res: Response): Promise<Complaint> {
    const number = numberFrom(req.params.complaint ?? req.params.draft);
    const found = number === null ? null : await getComplaint(db, memberOf(res).caseId, number);
    if (found === null) throw notFound();
    return found;
  }

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
        : prepare(services, matter, channel, readerOf(res).locale),
    ]);
    const page = complaintPage(readerOf(res), caseId, complaint, known, {
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
    const { t } = readerOf(res);
    const file = calendarFile(isOpen(complaint) ? duesOf(known, matterOf(res), complaint) : [], {
      t,
      origin: services.origin(),
      now: clock.now(),
    });
    res.set({ "Cache-Control": "private, no-store" }).attachment(`complaint-${complaint.number}.ics`);
    res.type(CALENDAR_TYPE).send(file);
  });

  // --- the draft -----------------------------------------------------------------------------------------------------

  interface Again {
    values: FormValues;
    errors: FormErrors;
    draft?: Draft;
    left?: Sentence[];
  }

  async function draft(req: Request, res: Response, stored: Complaint, again: Again | null) {
    const { caseId } = memberOf(res);
    const reader = readerOf(res);
    const matter = matterOf(res);
    const channel = channelOf(stored);
    const known = await knownOf(services, matter);
    const complaint = { ...stored, ...again?.draft };
    const prepared = await prepare(services, matter, channel, reader.locale);
    const [lines, known_private] = await Promise.all([
      linesOf(services, matter, complaint, { channel, known, confirmed: prepared.confirmed }),
      privateOf(services, caseId),
    ]);
    const values: FormValues = again?.values ?? {
      told: [...new Set(prepared.confirmed.map(({ finding }) => finding.rule))].filter(
        (rule) => !complaint.chosen.without.includes(rule),
      ),
      contacts: complaint.chosen.incidents.join(", "),
      language: channel.country === "CN" ? "zh-CN" : "en",
      request: complaint.request ?? "",
      narrative: complaint.narrative ?? "",
      dossier: complaint.dossierId ?? "",
    };
    const written = `${String(values.request ?? "")}\n${String(values.narrative ?? "")}`;
    return draftPage(reader, caseId, {
      ...prepared,
      complaint: stored,
      channel,
      needs: prepared.needs(complaint),
      lines,
      left: again?.left ?? [],
      warnings: findPrivate(written, known_private),
      values,
      errors: again?.errors ?? {},
      saved: req.query.saved === "1",
      written: req.query.written === "1",
    });
  }

  const channelOf = ({ channel }: Complaint): Channel => {
    const found = channels.get(channel);
    if (found === undefined) throw notFound();
    return found;
  };

  /** Only a draft can be written; a filed one is shown as it was filed. */
  async function draftFrom(req: Request, res: Response): Promise<Complaint | null> {
    const complaint = await complaintFrom(req, res);
    if (complaint.filedOn === null && complaint.removedAt === null) return complaint;
    res.redirect(303, `/cases/${memberOf(res).caseId}/complaints/${complaint.number}`);
    return null;
  }

  router.get("/:draft/draft", edit, async (req, res) => {
    const complaint = await draftFrom(req, res);
    if (complaint !== null) res.render("complaints/draft", await draft(req, res, complaint, null));
  });

  router.post("/:draft/draft", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const complaint = await draftFrom(req, res);
    if (complaint === null) return;
    const matter = matterOf(res);
    const form = parseForm(DraftForm, req.body);
    if (!form.ok) {
      const page = await draft(req, res, complaint, { values: form.values, errors: form.errors });
      return res.status(422).render("complaints/draft", page);
    }
    const { told, contacts, offered, request, narrative, language, press, version } = form.value;
    const confirmed = await findingsSaid(services, caseId, "confirmed");
    const rules = new Set(confirmed.map(({ finding }) => finding.rule));
    const dossiers = await readyDossiers(db, caseId);
    const chosen = {
      without: [...rules].filter((rule) => !told.includes(rule)).sort(),
      incidents: [...new Set([...contacts, ...offered])].sort((a, b) => a - b),
    };
    const dossierId = dossiers.find(({ id }) => id === form.value.dossier)?.id ?? null;
    const next: Draft = { request, narrative, chosen, dossierId };
    if (press === "write") {
      const parts = {
        channel: channelOf(complaint),
        known: await knownOf(services, matter),
        confirmed,
        locale: language,
      };
      next.narrative = textOf((await writeStory(services, matter, { ...complaint, ...next }, parts)).sentences) || null;
    }
    const done = await db.transaction().execute((tx) => writeDraft(tx, caseId, complaint, version, next, by(res)));
    if (!done) {
      const errors: FormErrors = { form: "complaints.draft.conflict" };
      const page = await draft(req, res, complaint, { values: formValues(req.body), errors, draft: next });
      return res.status(409).render("complaints/draft", page);
    }
    const said = press === "write" ? "written=1#narrative" : "saved=1";
    return res.redirect(303, `/cases/${caseId}/complaints/${complaint.number}/draft?${said}`);
  });

  // --- what happened -------------------------------------------------------------------------------------------------

  async function letterPage(
    res: Response,
    complaint: Complaint,
    kind: LetterKind,
    again: { values: FormValues; errors: FormErrors },
  ): Promise<LetterPage> {
    const { caseId, personId } = memberOf(res);
    const { t, format } = readerOf(res);
    const [dossiers, waiting] = await Promise.all([
      readyDossiers(db, caseId),
      heldFiles(db, caseId, personId, clock.now() - HELD_FOR_MS),
    ]);
    const wanted = new Set([again.values.held ?? []].flat());
    return {
      title: t(`complaints.letter.${kind}.title`),
      caption: `${t("complaints.name", { number: complaint.number })} · ${officeName(readerOf(res), { channels }, complaint)}`,
      caseId,
      number: complaint.number,
      kind,
      dossiers: dossiers.map(({ id, version, at }) => ({
        value: id,
        text: t("complaints.draft.dossier", { version, date: format.date(at) }),
      })),
      held: waiting.filter(({ id }) => wanted.has(id)).map(({ id, name }) => ({ id, name: shownName(name) })),
      maxFileMb: Math.floor(config.maxFileBytes / 1_000_000),
      ...again,
    };
  }

  router.get("/:complaint/letters/new", edit, async (req, res) => {
    const complaint = await complaintFrom(req, res);
    const kind = letterKinds.find((one) => one === req.query.kind) ?? possibleLetters(complaint)[0] ?? "received";
    const values = { onDay: today(res), dossier: complaint.dossierId ?? "", receipt: complaint.receipt ?? "" };
    res.render("complaints/letter", await letterPage(res, complaint, kind, { values, errors: {} }));
  });

  router.post("/:complaint/letters", edit, files, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const complaint = await complaintFrom(req, res);
    const upload = uploadOf(res);
    const form = parseForm(happeningForm(today(res)), req.body);
    const errors: FormErrors = form.ok ? {} : form.errors;
    if (form.ok) checkOrder(complaint, form.value, errors);
    const [refused] = upload.refused;
    if (refused !== undefined) {
      const params = { name: shownName(refused.name), mb: Math.floor(upload.limits.bytes / 1_000_000) };
      errors.files = { key: `notices.files.${refused.why}`, params: { ...params, max: upload.limits.files } };
    }
    if (!form.ok || Object.keys(errors).length > 0) {
      const values = await hold(formValues(req.body), upload.files, caseId, personId);
      const kind = letterKinds.find((one) => one === values.kind) ?? "received";
      const page = await letterPage(res, complaint, kind, { values, errors });
      return res.status(422).render("complaints/letter", page);
    }
    const { held, dossier: wanted, ...happening } = form.value;
    const dossier = (await readyDossiers(db, caseId)).find(({ id }) => id === wanted) ?? null;
    await db.transaction().execute(async (tx) => {
      const all = [...(await takeHeld(tx, caseId, personId, held)), ...upload.files];
      await noteHappening(tx, caseId, complaint, { ...happening, dossier, files: all }, by(res));
    });
    return res.redirect(303, `/cases/${caseId}/complaints/${complaint.number}?saved=1`);
  });

  /** A form with a mistake keeps its files for the next try. */
  async function hold(
    sent: FormValues,
    kept: readonly ReceivedFile[],
    caseId: string,
    personId: string,
  ): Promise<FormValues> {
    const held: HeldFile[] = kept.map((file) => ({ ...file, id: newId(), receivedAt: clock.now() }));
    await holdFiles(db, caseId, personId, held);
    return { ...sent, held: [...[sent.held ?? []].flat(), ...held.map(({ id }) => id)] };
  }

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

/** An answer cannot come before what it answers. */
function checkOrder(
  { filedOn }: Complaint,
  { kind, onDay, outcome }: { kind: LetterKind; onDay: string; outcome: string | null },
  errors: FormErrors,
): void {
  if (filedOn === null && kind !== "filed") errors.onDay = "complaints.day.notFiled";
  else if (filedOn !== null && kind !== "filed" && kind !== "sent" && onDay < filedOn)
    errors.onDay = "complaints.day.beforeFiling";
  if (kind === "answered" && outcome === null) errors.outcome = "complaints.outcome.missing";
}

function numberFrom(text: unknown): number | null {
  return typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
