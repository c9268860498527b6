/** The way of an import, one address for each step; what runs and what came of it has its own. Below /cases/:case/imports. */
import { type Request, type Response, Router } from "express";
import type { By, Collector } from "../cases/case.ts";
import { listCollectors } from "../cases/store.ts";
import { refusedText } from "../evidence/pages.ts";
import { receiveFiles, uploadOf } from "../evidence/upload.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, parseForm } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import { saveFormats, saveParties, saveTicks } from "./choose.ts";
import { usualKeeps } from "./commit.ts";
import { detect, readerNamed, readers } from "./detect.ts";
import { ChoicesForm, RowsForm, answerField, chosenParties, fileAnswers } from "./form.ts";
import { type Import, type Party, type State } from "./import.ts";
import {
  type ChoicesPage,
  type FormatsPage,
  type ImportListPage,
  type Words,
  contactedItems,
  fileForm,
  importRow,
  isWork,
  partyForm,
  removalPage,
  sentence,
  workPage,
} from "./pages.ts";
import { previewPage } from "./preview-page.ts";
import { createImportQueue } from "./queue.ts";
import { countParties, listParties } from "./parties/store.ts";
import { broughtBefore, changeImport, createImport, filesOf, getImport, listImports, moveImport } from "./store.ts";
import { rememberAnswers, rememberedOf } from "./remembered.ts";
import { summaryPage } from "./summary-page.ts";
import { dropImport } from "./tidy.ts";

const LISTED = 30;
const PARTIES = 50;
/** How soon a page that shows progress asks again, without a script. */
const REFRESH_SECONDS = 2;

const wordsOf = (res: Response): Words => ({ t: res.locals.t as Translate, format: res.locals.format as Format });
const formats = { detect, readerNamed };

export function importRoutes(services: Services): Router {
  const { db, clock, config, waiting } = services;
  const router = Router({ mergeParams: true });
  const mayLog = requireMay("log");
  const queue = createImportQueue(services);
  const receive = receiveFiles({ ...services, blobs: waiting.blobs });
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const addressOf = ({ caseId, number }: Import, step = "") => `/cases/${caseId}/imports/${number}${step}`;

  async function importOf(req: Request, res: Response): Promise<Import> {
    const text = String(req.params.import);
    const found = /^[1-9]\d{0,8}$/.test(text) ? await getImport(db, memberOf(res).caseId, Number(text)) : null;
    if (found === null) throw notFound();
    return queue.settled(found);
  }

  /** The import if it waits for this answer; else the person is sent to where it is. */
  async function waitingFor(req: Request, res: Response, ...states: State[]): Promise<Import | null> {
    const imported = await importOf(req, res);
    if (states.includes(imported.state)) return imported;
    res.redirect(303, addressOf(imported));
    return null;
  }

  /** Goes on to work in the background, unless somebody else was first, and shows how far it is. */
  async function work(res: Response, imported: Import, from: State[], to: State): Promise<void> {
    const change = { error: null, beatAt: clock.now(), progress: { done: 0, of: null } };
    if (await moveImport(db, imported.caseId, imported.id, from, to, change))
      queue.add({ caseId: imported.caseId, importId: imported.id, by: by(res) });
    res.redirect(303, addressOf(imported));
  }

  // --- list and upload ------------------------------------------------------------------------------------------------

  async function listPage(req: Request, res: Response, errors: FormErrors): Promise<ImportListPage> {
    const { caseId, role } = memberOf(res);
    const words = wordsOf(res);
    const before =
      typeof req.query.before === "string" && /^\d{1,9}$/.test(req.query.before) ? Number(req.query.before) : 2 ** 40;
    const found = await listImports(db, caseId, before, LISTED + 1);
    const rows = found.slice(0, LISTED);
    const last = rows.at(-1);
    return {
      title: words.t("imports.list.title"),
      caseId,
      mayLog: may(role, "log"),
      most: words.format.bytes(config.maxFileBytes),
      count: config.maxFiles,
      rows: rows.map((one) => importRow(one, words)),
      olderHref: found.length > LISTED && last !== undefined ? `/cases/${caseId}/imports?before=${last.number}` : null,
      messages: req.query.dropped === "1" ? [words.t("imports.list.dropped")] : [],
      errors,
    };
  }

  router.get("/", async (req, res) => {
    res.render("imports/list", await listPage(req, res, {}));
  });

  router.post("/", mayLog, receive, async (req, res) => {
    const words = wordsOf(res);
    const upload = uploadOf(res);
    const refused = refusedText(upload, words);
    if (upload.files.length === 0 || refused !== undefined) {
      const files = refused ?? "imports.list.missing";
      return res.status(422).render("imports/list", await listPage(req, res, { files }));
    }
    const imported = await createImport(db, memberOf(res).caseId, upload.files, by(res));
    queue.add({ caseId: imported.caseId, importId: imported.id, by: by(res) });
    return res.redirect(303, addressOf(imported));
  });

  // --- where it is ----------------------------------------------------------------------------------------------------

  const steps: Partial<Record<State, string>> = { asking: "/formats", choosing: "/choices", preview: "/rows" };

  router.get("/:import", async (req, res) => {
    const imported = await importOf(req, res);
    const step = steps[imported.state];
    res.set("Cache-Control", "no-store");
    if (step !== undefined && may(memberOf(res).role, "log")) return res.redirect(303, addressOf(imported, step));
    if (isWork(imported.state)) return res.render("imports/work", workPage(imported, wordsOf(res), REFRESH_SECONDS));
    return res.render("imports/show", await summaryPage(db, imported, memberOf(res).role, wordsOf(res)));
  });

  // --- formats and questions ------------------------------------------------------------------------------------------

  async function formatsPage(res: Response, imported: Import, errors: FormErrors): Promise<FormatsPage> {
    const words = wordsOf(res);
    const files = await filesOf(db, imported.caseId, imported.id);
    const forms = [];
    for (const file of files) {
      const before = await broughtBefore(db, imported.caseId, imported.id, file.sha256);
      const again = (await rememberedOf(db, imported.caseId, file)) !== null;
      forms.push(fileForm(file, readers, { before, again }, words));
    }
    return {
      title: words.t("imports.formats.title", { count: files.length }),
      caseId: imported.caseId,
      number: imported.number,
      files: forms,
      errors,
      notice: imported.error === null ? null : sentence(words, "problem", imported.error),
    };
  }

  router.get("/:import/formats", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "asking", "choosing", "preview");
    if (imported !== null) res.render("imports/formats", await formatsPage(res, imported, {}));
  });

  router.post("/:import/formats", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "asking", "choosing", "preview");
    if (imported === null) return undefined;
    const { caseId, id } = imported;
    const body = (req.body ?? {}) as Record<string, unknown>;
    const said = (await filesOf(db, caseId, id)).map((file) => ({ file, ...fileAnswers(body, file) }));
    if (body["go"] === "off") {
      // A format that was changed has questions of its own, which nobody has answered yet.
      const same = said.filter(({ file, format }) => format !== null && format === file.format);
      if (await saveFormats(db, imported, same, clock.now()))
        await moveImport(db, caseId, id, ["choosing", "preview"], "asking");
      return res.redirect(303, addressOf(imported, "/removal"));
    }
    const errors: FormErrors = {};
    for (const { file, format, answers, rereads } of said) {
      if (format !== null && readerNamed(format) === undefined) errors[`format-${file.file}`] = "common.form.choice";
      if (format !== file.format || rereads) continue;
      for (const question of file.questions) {
        if (answers[question.name] === undefined)
          errors[question.name === "columns" ? `column-${file.file}-0` : answerField(file.file, question)] =
            `imports.question.${question.name}.missing`;
      }
    }
    if (said.every(({ format }) => format === null))
      errors[`format-${said[0]?.file.file ?? 1}`] = "imports.formats.none";
    if (Object.keys(errors).length > 0)
      return res.status(422).render("imports/formats", await formatsPage(res, imported, errors));
    const differs = await saveFormats(db, imported, said, clock.now());
    return work(res, imported, ["asking", "choosing", "preview"], differs ? "detecting" : "reading");
  });

  // --- whose numbers, and what is kept --------------------------------------------------------------------------------

  function partyPlace(query: Request["query"]): Pick<Party, "rank" | "key"> | null {
    const [, rank, key] = /^(\d{1,12}):([\s\S]{1,500})$/.exec(typeof query.after === "string" ? query.after : "") ?? [];
    return rank === undefined || key === undefined ? null : { rank: Number(rank), key };
  }

  async function choicesPage(
    req: Request,
    res: Response,
    imported: Import,
    collectors: readonly Collector[],
    errors: FormErrors,
  ): Promise<ChoicesPage> {
    const words = wordsOf(res);
    const { t, format } = words;
    const { caseId, id } = imported;
    const base = addressOf(imported, "/choices");
    const after = partyPlace(req.query);
    const [found, count, files] = await Promise.all([
      listParties(db, caseId, id, after, PARTIES + 1),
      countParties(db, caseId, id),
      filesOf(db, caseId, id),
    ]);
    const parties = found.slice(0, PARTIES);
    const at = ({ rank, key }: Pick<Party, "rank" | "key">) => `${base}?after=${encodeURIComponent(`${rank}:${key}`)}`;
    const last = parties.at(-1);
    return {
      title: t("imports.choices.title"),
      caseId,
      number: imported.number,
      lede: t("imports.choices.lede", {
        count: count.all,
        n: format.number(count.all),
        taken: format.number(count.taken),
      }),
      parties: parties.map((party) => partyForm(party, collectors, words)),
      action: after === null ? base : at(after),
      moreHref: found.length > PARTIES && last !== undefined ? at(last) : null,
      firstHref: after === null ? null : base,
      keeps: imported.keeps ?? usualKeeps({ formats }, files),
      contacted: imported.contacted,
      contactedItems: contactedItems(words),
      errors,
    };
  }

  router.get("/:import/choices", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "choosing", "preview");
    if (imported === null) return;
    const collectors = await listCollectors(db, imported.caseId);
    res.render("imports/choices", await choicesPage(req, res, imported, collectors, {}));
  });

  router.post("/:import/choices", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "choosing", "preview");
    if (imported === null) return undefined;
    const collectors = await listCollectors(db, imported.caseId);
    const form = parseForm(ChoicesForm, req.body);
    if (!form.ok) {
      const page = await choicesPage(req, res, imported, collectors, form.errors);
      return res.status(422).render("imports/choices", page);
    }
    const { keeps, contacted, go } = form.value;
    await saveParties(
      db,
      imported,
      chosenParties((req.body ?? {}) as Record<string, unknown>, PARTIES),
      new Set(collectors.map(({ id }) => id)),
    );
    await changeImport(db, imported.caseId, imported.id, { keeps, contacted });
    // Rows that were compared before know nothing of these choices.
    if (go !== "compare") await moveImport(db, imported.caseId, imported.id, ["preview"], "choosing");
    if (go === "off") return res.redirect(303, addressOf(imported, "/removal"));
    if (go === "more") {
      const { moreHref } = await choicesPage(req, res, imported, collectors, {});
      return res.redirect(303, moreHref ?? addressOf(imported, "/choices"));
    }
    return work(res, imported, ["choosing", "preview"], "comparing");
  });

  // --- the rows -------------------------------------------------------------------------------------------------------

  router.get("/:import/rows", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "preview");
    if (imported === null) return;
    const words = wordsOf(res);
    res.render("imports/rows", {
      ...(await previewPage(db, imported, req.query, words)),
      messages: req.query.saved === "1" ? [words.t("imports.rows.saved")] : [],
      error: imported.error === null ? null : sentence(words, "problem", imported.error),
    });
  });

  router.post("/:import/rows", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "preview");
    if (imported === null) return undefined;
    const form = parseForm(RowsForm, req.body);
    if (!form.ok) return res.redirect(303, addressOf(imported, "/rows"));
    await saveTicks(db, imported, form.value.shown.split(" "), form.value.take);
    if (form.value.go === "off") return res.redirect(303, addressOf(imported, "/removal"));
    if (form.value.go === "commit") {
      await rememberAnswers(db, imported, clock.now());
      return work(res, imported, ["preview"], "committing");
    }
    const query = new URLSearchParams(req.originalUrl.split("?")[1] ?? "");
    query.set("saved", "1");
    return res.redirect(303, `${addressOf(imported, "/rows")}?${query.toString()}`);
  });

  // --- undone, or called off ------------------------------------------------------------------------------------------

  router.get("/:import/undo", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "committed");
    if (imported === null) return;
    const { t, format } = wordsOf(res);
    res.render("imports/undo", {
      title: t("imports.undo.title", { number: imported.number }),
      caseId: imported.caseId,
      number: imported.number,
      gone: t("imports.undo.gone", { count: imported.counts.new, n: format.number(imported.counts.new) }),
    });
  });

  router.post("/:import/undo", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, "committed");
    if (imported !== null) await work(res, imported, ["committed"], "undoing");
  });

  const unfinished: State[] = ["detecting", "asking", "reading", "choosing", "comparing", "preview"];

  router.get("/:import/removal", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, ...unfinished);
    if (imported === null) return;
    const { caseId, id } = imported;
    const [files, parties] = await Promise.all([filesOf(db, caseId, id), countParties(db, caseId, id)]);
    res.render("imports/removal", removalPage(imported, files, parties.taken, wordsOf(res)));
  });

  router.post("/:import/removal", mayLog, async (req, res) => {
    const imported = await waitingFor(req, res, ...unfinished);
    if (imported === null) return;
    await rememberAnswers(db, imported, clock.now());
    await dropImport(services, imported.caseId, imported.id);
    res.redirect(303, `/cases/${imported.caseId}/imports?dropped=1`);
  });

  return router;
}
