/** The draft of a complaint: what it needs, what it tells, the words for the box. Below /cases/:case/complaints. */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../../cases/case.ts";
import { requireMay } from "../../people/member.ts";
import { memberOf } from "../../people/person.ts";
import type { Services } from "../../services.ts";
import { notFound } from "../../web/errors.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../../web/forms.ts";
import type { Channel } from "../channel.ts";
import type { Complaint, Draft } from "../complaint.ts";
import { draftPage } from "../draft-page.ts";
import { DraftForm } from "../form.ts";
import { findingsSaid, knownOf, privateOf } from "../gather.ts";
import { installedChannels } from "../load-channels.ts";
import { type Sentence, textOf } from "../narrative.ts";
import { linesOf, prepare, writeStory } from "../prepare.ts";
import { findPrivate } from "../private-data.ts";
import { complaintNumbered, readerOf } from "../reader.ts";
import { readyDossiers } from "../store.ts";
import { writeDraft } from "../work-on-complaint.ts";

export function complaintDraftRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const channels = installedChannels();
  const matterOf = (res: Response): Case => res.locals.case as Case;
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });

  interface Again {
    values: FormValues;
    errors: FormErrors;
    draft?: Draft;
    left?: Sentence[];
  }

  async function draft(req: Request, res: Response, stored: Complaint, again: Again | null) {
    const { caseId } = memberOf(res);
    const reader = readerOf(res.locals);
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
      channels,
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
    const complaint = await complaintNumbered(db, memberOf(res).caseId, req.params.draft);
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

  return router;
}
