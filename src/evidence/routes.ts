/** The evidence of a case: the list, one file, its bytes, and the check of all of them. Below /cases/:case/evidence. */
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import { record } from "../history/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import { newId } from "../platform/ids.ts";
import type { Services } from "../services.ts";
import { HttpError, badRequest, notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../web/forms.ts";
import { rateLimited } from "../web/limits.ts";
import type { Translate } from "../web/locale.ts";
import { HELD_FOR_MS, contentDisposition, exhibitName, letters, parseExhibitName, shownAs } from "./evidence.ts";
import { AddForm, DescriptionForm } from "./form.ts";
import { checkEvidence } from "./integrity.ts";
import { describeEvidence, linkEvidence, removeEvidence, restoreEvidence, unlinkEvidence } from "./link-evidence.ts";
import {
  type CheckPage,
  type EvidenceListPage,
  type EvidencePage,
  type Words,
  checkedRow,
  evidenceRow,
  linkedQuery,
  linkedText,
  refusedText,
  toHold,
  uploadField,
} from "./pages.ts";
import {
  type ListedEvidence,
  countEvidence,
  getEvidence,
  heldFiles,
  holdFiles,
  listEvidence,
  takeHeld,
} from "./store.ts";
import { receiveFiles, uploadOf } from "./upload.ts";

const PAGE = 50;
const wordsOf = (res: Response): Words => ({ t: res.locals.t as Translate, format: res.locals.format as Format });

export function evidenceRoutes(services: Services): Router {
  const { db, clock, blobs, config } = services;
  const router = Router({ mergeParams: true });
  const mayLog = requireMay("log");
  const receive = receiveFiles(services);
  const limits = { bytes: config.maxFileBytes, files: config.maxFiles };

  async function listPage(
    req: Request,
    res: Response,
    values: FormValues,
    errors: FormErrors,
    ticked: string[],
  ): Promise<EvidenceListPage> {
    const { caseId, personId, role } = memberOf(res);
    const words = wordsOf(res);
    const letter = letters.find((one) => one === req.query.kind);
    const bin = req.query.bin === "1";
    const [counts, found, held] = await Promise.all([
      countEvidence(db, caseId),
      listEvidence(db, caseId, { letter, removed: bin, before: edgeOf(req.query.older), limit: PAGE + 1 }),
      may(role, "log") ? heldFiles(db, caseId, personId, clock.now() - HELD_FOR_MS) : [],
    ]);
    const base = `/cases/${caseId}/evidence`;
    const shown = found.slice(0, PAGE);
    const last = found.length > PAGE ? shown.at(-1) : undefined;
    const narrow = `${letter === undefined ? "" : `&kind=${letter}`}${bin ? "&bin=1" : ""}`;
    return {
      title: words.t(bin ? "evidence.list.binTitle" : "evidence.list.title"),
      caseId,
      mayLog: may(role, "log"),
      count: bin ? counts.removed : letter === undefined ? counts.all : (counts.letters.get(letter) ?? 0),
      inBin: counts.removed,
      bin,
      kinds: [
        { text: words.t("evidence.list.all"), count: counts.all, href: base, current: letter === undefined && !bin },
        ...letters.flatMap((one) => {
          const count = counts.letters.get(one) ?? 0;
          return count === 0
            ? []
            : [
                {
                  text: words.t(`evidence.letters.${one}`),
                  count,
                  href: `${base}?kind=${one}`,
                  current: letter === one && !bin,
                },
              ];
        }),
      ],
      rows: shown.map((evidence) => evidenceRow(caseId, evidence, words)),
      olderHref: last === undefined ? null : `${base}?older=${last.addedAt}.${last.id}${narrow}`,
      messages: linkedText(req.query, words),
      upload: uploadField(held, new Set(ticked), limits, words),
      values,
      errors,
    };
  }

  router.get("/", async (req, res) => {
    res.render("evidence/list", await listPage(req, res, {}, {}, []));
  });

  // Files that belong to no contact: the contract, a statement, a credit report.
  router.post("/", mayLog, receive, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const upload = uploadOf(res);
    const by = { personId, at: clock.now() };
    const form = parseForm(AddForm, req.body);
    const held = form.ok ? form.value.held : [];
    const problem = refusedText(upload, wordsOf(res));
    const errors: FormErrors = form.ok ? {} : form.errors;
    if (problem !== undefined) errors.files = problem;
    else if (upload.files.length + held.length === 0) errors.files = "evidence.list.noFile";
    if (!form.ok || Object.keys(errors).length > 0) {
      const kept = toHold(upload.files, () => newId(by.at), by.at);
      await holdFiles(db, caseId, personId, kept);
      const ticked = [...held, ...kept.map(({ id }) => id)];
      const full = upload.refused.some(({ why }) => why === "disk-full");
      return res
        .status(full ? 507 : 422)
        .render("evidence/list", await listPage(req, res, formValues(req.body), errors, ticked));
    }
    const linked = await db.transaction().execute(async (tx) => {
      const all = [...(await takeHeld(tx, caseId, personId, held)), ...upload.files];
      return linkEvidence(tx, caseId, all, null, by);
    });
    return res.redirect(303, `/cases/${caseId}/evidence?${linkedQuery(linked).slice(1)}`);
  });

  // Reads every file again; written out while it runs, because gigabytes take longer than a browser waits for a first byte.
  const someChecks = rateLimited({ limit: 12, minutes: 60, who: (res) => memberOf(res).personId });
  router.post("/checks", someChecks, async (_req, res) => {
    const { caseId, personId } = memberOf(res);
    const words = wordsOf(res);
    const page: CheckPage = { title: words.t("evidence.check.title"), caseId };
    const [head = "", foot = ""] = (await rendered(res, "evidence/check", page)).split("<!-- rows -->");
    res.type("html").write(head);
    const counts = { unchanged: 0, changed: 0, missing: 0 };
    for await (const content of checkEvidence(db, blobs, caseId)) {
      if (res.destroyed) return;
      counts[content.state] += 1;
      res.write(await rendered(res, "evidence/_checked", checkedRow(content, words)));
    }
    await db.transaction().execute((tx) =>
      record(tx, {
        caseId,
        actor: personId,
        at: clock.now(),
        action: "evidence.checked",
        subject: "case",
        detail: counts,
      }),
    );
    res.write(await rendered(res, "evidence/_check-result", { counts }));
    res.end(foot);
  });

  async function exhibitOf(req: Request, res: Response): Promise<ListedEvidence> {
    const name = parseExhibitName(String(req.params.exhibit));
    const evidence = name === null ? null : await getEvidence(db, memberOf(res).caseId, name);
    if (evidence === null) throw notFound();
    return evidence;
  }

  function exhibitPage(
    req: Request,
    res: Response,
    evidence: ListedEvidence,
    values: FormValues,
    errors: FormErrors,
  ): EvidencePage {
    const { caseId, role } = memberOf(res);
    const words = wordsOf(res);
    const { t, format } = words;
    const file = evidenceRow(caseId, evidence, words);
    const row = (key: string, text: string, classes?: string) => ({
      key: { text: t(`evidence.show.${key}`) },
      value: { text, ...(classes ? { classes } : {}) },
    });
    return {
      title: t("evidence.show.title", { exhibit: file.exhibit, kind: file.kind }),
      caseId,
      mayLog: may(role, "log"),
      file,
      links: evidence.subjects.map(({ kind, number }, at) => ({ ...file.subjects[at]!, value: `${kind}:${number}` })),
      removed: evidence.removedAt !== null,
      rows: [
        row("name", file.name, "dw-file__name"),
        row(
          "size",
          t("evidence.show.bytes", { size: format.bytes(evidence.size), bytes: format.number(evidence.size) }),
        ),
        row("type", evidence.mediaType),
        row("added", file.added),
        row("sha256", evidence.sha256, "dw-hash"),
      ],
      values,
      errors,
      saved: req.query.saved === "1",
    };
  }

  router.get("/:exhibit", async (req, res) => {
    const evidence = await exhibitOf(req, res);
    res.render("evidence/show", exhibitPage(req, res, evidence, { description: evidence.description ?? "" }, {}));
  });

  router.post("/:exhibit", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const evidence = await exhibitOf(req, res);
    const form = parseForm(DescriptionForm, req.body);
    if (!form.ok)
      return res.status(422).render("evidence/show", exhibitPage(req, res, evidence, form.values, form.errors));
    const by = { personId, at: clock.now() };
    await db.transaction().execute((tx) => describeEvidence(tx, caseId, evidence, form.value.description, by));
    return res.redirect(303, `/cases/${caseId}/evidence/${exhibitName(evidence)}?saved=1`);
  });

  router.post("/:exhibit/links/removal", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const evidence = await exhibitOf(req, res);
    const wanted = String(formValues(req.body).subject ?? "");
    const subject = evidence.subjects.find(({ kind, number }) => `${kind}:${number}` === wanted);
    if (subject === undefined) throw badRequest();
    const by = { personId, at: clock.now() };
    await db.transaction().execute((tx) => unlinkEvidence(tx, caseId, evidence, subject, by));
    res.redirect(303, `/cases/${caseId}/evidence/${exhibitName(evidence)}`);
  });

  router.post("/:exhibit/removal", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const evidence = await exhibitOf(req, res);
    const by = { personId, at: clock.now() };
    await db.transaction().execute((tx) => removeEvidence(tx, caseId, evidence, by));
    res.redirect(303, `/cases/${caseId}/evidence/${exhibitName(evidence)}`);
  });

  router.post("/:exhibit/restoration", mayLog, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const evidence = await exhibitOf(req, res);
    const by = { personId, at: clock.now() };
    await db.transaction().execute((tx) => restoreEvidence(tx, caseId, evidence, by));
    res.redirect(303, `/cases/${caseId}/evidence/${exhibitName(evidence)}`);
  });

  router.get("/:exhibit/original", async (req, res) => {
    await send(req, res, await exhibitOf(req, res), "attachment");
  });

  // Only formats that cannot carry a script are shown in place.
  router.get("/:exhibit/view", async (req, res) => {
    const evidence = await exhibitOf(req, res);
    if (shownAs(evidence.mediaType) === null) throw notFound();
    await send(req, res, evidence, "inline");
  });

  /** The bytes: whole, or the part a player asks for; under a policy that lets them do nothing. */
  async function send(
    req: Request,
    res: Response,
    evidence: ListedEvidence,
    how: "attachment" | "inline",
  ): Promise<void> {
    const { sha256, size, mediaType, name } = evidence;
    if ((await blobs.size(sha256)) !== size) throw new HttpError(503, "evidence.gone");
    res.set({
      "Content-Type": mediaType,
      "Content-Disposition": contentDisposition(how, name),
      "Content-Security-Policy": "sandbox; default-src 'none'",
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private, no-store",
      "Accept-Ranges": "bytes",
      ETag: `"${sha256}"`,
    });
    const ranges =
      req.get("if-range") === undefined || req.get("if-range") === `"${sha256}"`
        ? req.range(size, { combine: true })
        : undefined;
    if (ranges === -1) {
      res.status(416).set("Content-Range", `bytes */${size}`).end();
      return;
    }
    // Several parts at once are asked for by nobody who plays sound; the whole is a right answer too.
    const range = Array.isArray(ranges) && ranges.type === "bytes" && ranges.length === 1 ? ranges[0] : undefined;
    if (range !== undefined) res.status(206).set("Content-Range", `bytes ${range.start}-${range.end}/${size}`);
    res.set("Content-Length", String(range === undefined ? size : range.end - range.start + 1));
    if (req.method === "HEAD" || req.fresh) {
      res.status(req.fresh ? 304 : res.statusCode).end();
      return;
    }
    try {
      await pipeline(blobs.open(sha256, range), res);
    } catch (error) {
      // The reader left; nothing is wrong with the file.
      if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    }
  }

  return router;
}

function rendered(res: Response, view: string, page: object): Promise<string> {
  return new Promise((resolve, reject) => {
    res.render(view, page, (error: Error | null, html?: string) => (error ? reject(error) : resolve(html ?? "")));
  });
}

/** `older=<ms>.<id>` */
function edgeOf(text: unknown): { addedAt: number; id: string } | undefined {
  const [, addedAt, id] = /^(\d{1,15})\.([0-9a-zA-Z-]{1,100})$/.exec(typeof text === "string" ? text : "") ?? [];
  return addedAt === undefined || id === undefined ? undefined : { addedAt: Number(addedAt), id };
}
