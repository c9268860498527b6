/** The files that go along with a complaint: chosen, put in order, packed. Below /cases/:case/complaints. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { By, Case } from "../../cases/case.ts";
import { codesOf } from "../../codes/case-codes.ts";
import { filesOf } from "../../dossiers/build-dossier.ts";
import { requireMay } from "../../people/member.ts";
import { may } from "../../people/permissions.ts";
import { memberOf } from "../../people/person.ts";
import type { Services } from "../../services.ts";
import { HttpError, notFound } from "../../web/errors.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../../web/forms.ts";
import type { Complaint } from "../complaint.ts";
import { installedChannels } from "../load-channels.ts";
import { complaintNumbered, readerOf } from "../reader.ts";
import {
  type Attachable,
  type Choice,
  byWorth,
  inChosenOrder,
  moved,
  narrower,
  packedName,
  reordered,
} from "./attachments.ts";
import { AttachmentsForm, limitsOf } from "./form.ts";
import { type Gathered, gatherFiles, planOf, suggested } from "./gather-files.ts";
import { attachmentsPage, listText } from "./pages.ts";
import { saveChoice } from "./store.ts";
import { type PackedFile, writeZip } from "./zip.ts";

export function complaintAttachmentRoutes(services: Services): Router {
  const { db, clock, blobs, config } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const channelOf = ({ channel }: Complaint) => installedChannels().get(channel) ?? null;
  const gather = (caseId: string, complaint: Complaint): Promise<Gathered> =>
    gatherFiles(services, caseId, complaint, channelOf(complaint));

  async function page(
    req: Request,
    res: Response,
    complaint: Complaint,
    gathered: Gathered,
    again: { values: FormValues; errors: FormErrors } | null,
  ) {
    const { caseId, role } = memberOf(res);
    return attachmentsPage(readerOf(res.locals), caseId, complaint, gathered, {
      channel: channelOf(complaint),
      codes: await codesOf(services, res.locals.case as Case),
      mayEdit: may(role, "log") && complaint.removedAt === null,
      saved: req.query.saved === "1",
      again,
    });
  }

  router.get("/:complaint/attachments", async (req, res) => {
    const { caseId } = memberOf(res);
    const complaint = await complaintNumbered(db, caseId, req.params.complaint);
    const gathered = await gather(caseId, complaint);
    res.render("complaints/attachments", await page(req, res, complaint, gathered, null));
  });

  router.post("/:complaint/attachments", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const complaint = await complaintNumbered(db, caseId, req.params.complaint);
    if (complaint.removedAt !== null) throw notFound();
    const gathered = await gather(caseId, complaint);
    const form = parseForm(AttachmentsForm, req.body);
    const known = new Set(gathered.files.map(({ id }) => id));
    const values = formValues(req.body);
    const { "place[]": place, ...errors }: FormErrors = form.ok ? {} : form.errors;
    if (place !== undefined) errors.place = place;
    // Of another case, of another complaint, or gone since the list was shown: nothing is kept that nobody saw.
    const sent = [values["id[]"] ?? [], values.take ?? []].flat();
    if (sent.some((id) => !known.has(id))) errors.form = "complaints.attachments.unknown";
    if (!form.ok || Object.keys(errors).length > 0) {
      const shown = { ...gathered, files: inChosenOrder(gathered.files, [values["id[]"] ?? []].flat()) };
      return res
        .status(422)
        .render("complaints/attachments", await page(req, res, complaint, shown, { values, errors }));
    }
    const { press, version } = form.value;
    const byWorthAgain = gathered.files.toSorted(byWorth);
    const order = press === "suggest" ? byWorthAgain.map(({ id }) => id) : orderAfter(press, form.value);
    const taken = press === "suggest" ? suggested(gathered.files) : form.value.take;
    const choice: Choice = { version, order, taken, limits: limitsOf(form.value) };
    const files = inChosenOrder(byWorthAgain, order);
    const limits = narrower(gathered.verified, choice.limits);
    const going = planOf({ files, choice, limits }).taken.map(told);
    const done = await db
      .transaction()
      .execute((tx) => saveChoice(tx, caseId, complaint, { ...choice, going }, by(res)));
    if (!done) {
      const again = { values, errors: { form: "complaints.attachments.conflict" } };
      return res.status(409).render("complaints/attachments", await page(req, res, complaint, gathered, again));
    }
    const at = /^(?:up|down):(.+)$/.exec(press)?.[1];
    const shownAt = at === undefined ? "" : `#file-${order.indexOf(at) + 1}`;
    return res.redirect(303, `/cases/${caseId}/complaints/${complaint.number}/attachments?saved=1${shownAt}`);
  });

  router.get("/:complaint/attachments/zip", async (req, res) => {
    const { caseId } = memberOf(res);
    const complaint = await complaintNumbered(db, caseId, req.params.complaint);
    const gathered = await gather(caseId, complaint);
    const reader = readerOf(res.locals);
    const packed: PackedFile[] = [];
    for (const [index, file] of planOf(gathered).taken.entries()) {
      const { size, sha256 } = file;
      const path = filesOf(config.dataDir, { caseId, version: gathered.dossier ?? 0 }).pdf;
      const isDossier = file.exhibit === null;
      const there = isDossier
        ? await stat(path).then(
            (found) => found.size,
            () => null,
          )
        : await blobs.size(sha256);
      // Before the first byte: a zip that breaks off says nothing of why.
      if (there !== size) throw new HttpError(503, "evidence.gone");
      const open = () => (isDossier ? createReadStream(path) : blobs.open(sha256));
      packed.push({ name: packedName(index + 1, file), size, sha256, open });
    }
    const office = channelOf(complaint)?.name[reader.locale] ?? complaint.channel;
    res.set({
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename="complaint-${complaint.number}-files.zip"`,
      "Content-Security-Policy": "sandbox; default-src 'none'",
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private, no-store",
    });
    if (req.method === "HEAD") {
      res.end();
      return;
    }
    try {
      await writeZip(packed, listText(reader, complaint, office, packed), res, clock.now());
    } catch (error) {
      // The reader left; nothing is wrong with the files.
      if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    }
  });

  return router;
}

function orderAfter(
  press: string,
  { "id[]": ids, "place[]": places }: Pick<z.infer<typeof AttachmentsForm>, "id[]" | "place[]">,
): string[] {
  const order = reordered(ids, places);
  const [, way, which = ""] = /^(up|down):(.+)$/.exec(press) ?? [];
  return way === undefined ? order : moved(order, which, way === "up" ? -1 : 1);
}

/** A file as the history tells of it: its exhibit, not its name. */
const told = ({ exhibit, copy, size, sha256 }: Attachable) => ({ file: exhibit ?? "dossier", copy, size, sha256 });
