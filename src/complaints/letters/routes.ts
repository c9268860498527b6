/** What happened to a complaint, with its files: filed, acknowledged, answered, sent, received, closed. Below /cases/:case/complaints. */
import { type Response, Router } from "express";
import type { By, Case } from "../../cases/case.ts";
import { type HeldFile, HELD_FOR_MS, type ReceivedFile, shownName } from "../../evidence/evidence.ts";
import { heldFiles, holdFiles, takeHeld } from "../../evidence/store.ts";
import { receiveFiles, uploadOf } from "../../evidence/upload.ts";
import { requireMay } from "../../people/member.ts";
import { memberOf } from "../../people/person.ts";
import { newId } from "../../platform/ids.ts";
import type { Services } from "../../services.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../../web/forms.ts";
import { type Complaint, type LetterKind, letterKinds, possibleLetters } from "../complaint.ts";
import { happeningForm } from "../form.ts";
import { localDate } from "../gather.ts";
import { letterPage } from "../letter-page.ts";
import { installedChannels } from "../load-channels.ts";
import { complaintNumbered, readerOf } from "../reader.ts";
import { readyDossiers } from "../store.ts";
import { noteHappening } from "../work-on-complaint.ts";

export function complaintLetterRoutes(services: Services): Router {
  const { db, clock, config } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const files = receiveFiles(services);
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const today = (res: Response): string => localDate((res.locals.case as Case).zone, clock.now());

  async function page(
    res: Response,
    complaint: Complaint,
    kind: LetterKind,
    again: { values: FormValues; errors: FormErrors },
  ) {
    const { caseId, personId } = memberOf(res);
    const [dossiers, waiting] = await Promise.all([
      readyDossiers(db, caseId),
      heldFiles(db, caseId, personId, clock.now() - HELD_FOR_MS),
    ]);
    const wanted = new Set([again.values.held ?? []].flat());
    return letterPage(readerOf(res.locals), caseId, complaint, {
      kind,
      dossiers,
      channels: installedChannels(),
      held: waiting.filter(({ id }) => wanted.has(id)),
      maxFileBytes: config.maxFileBytes,
      ...again,
    });
  }

  router.get("/:complaint/letters/new", edit, async (req, res) => {
    const complaint = await complaintNumbered(db, memberOf(res).caseId, req.params.complaint);
    const kind = letterKinds.find((one) => one === req.query.kind) ?? possibleLetters(complaint)[0] ?? "received";
    const values = { onDay: today(res), dossier: complaint.dossierId ?? "", receipt: complaint.receipt ?? "" };
    res.render("complaints/letter", await page(res, complaint, kind, { values, errors: {} }));
  });

  router.post("/:complaint/letters", edit, files, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const complaint = await complaintNumbered(db, memberOf(res).caseId, req.params.complaint);
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
      return res.status(422).render("complaints/letter", await page(res, complaint, kind, { values, errors }));
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
