/** Redacting one exhibit: what is marked, its copies, and their bytes. Below /cases/:case/evidence, beside the evidence itself. */
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { privateOf } from "../complaints/gather.ts";
import { type Evidence, exhibitName, parseExhibitName } from "../evidence/evidence.ts";
import { getEvidence } from "../evidence/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { HttpError, notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, formValues, parseForm } from "../web/forms.ts";
import { rateLimited } from "../web/limits.ts";
import type { Translate } from "../web/locale.ts";
import { MarksForm, WordsForm } from "./form.ts";
import { beginCopy, removeCopy, settledCopy, sourceOf } from "./make-copy.ts";
import {
  type RedactionPage,
  type TypedBoxes,
  type Words,
  canvasOf,
  copyHeaders,
  copyPage,
  copyRow,
  refusedText,
  textPage,
} from "./pages.ts";
import { type Copy, EMPTY_RECIPE, NO_MARKS, type PageMarks, type Recipe, Refusal } from "./redaction.ts";
import { getCopy, getDraft, listCopies, saveDraft } from "./store.ts";
import { inWorkshop } from "./workshop.ts";

/** Small pictures are ready by then, and nobody sees a page that says "wait". */
const PATIENCE_MS = 4000;
const wordsOf = (res: Response): Words => ({ t: res.locals.t as Translate, format: res.locals.format as Format });

export function redactionRoutes(services: Services): Router {
  const { db, clock, blobs } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });

  async function originalOf(req: Request, res: Response): Promise<Evidence> {
    const name = parseExhibitName(String(req.params.original));
    const evidence = name === null ? null : await getEvidence(db, memberOf(res).caseId, name);
    if (evidence === null) throw notFound();
    return evidence;
  }

  /** What was sent and is wrong, shown again. */
  interface Again {
    errors: FormErrors;
    marks?: PageMarks;
    typed?: TypedBoxes;
    words?: string[];
  }

  async function page(
    req: Request,
    res: Response,
    evidence: Evidence,
    number: number,
    again: Again | null,
  ): Promise<RedactionPage> {
    const { caseId, role } = memberOf(res);
    const words = wordsOf(res);
    const exhibit = exhibitName(evidence);
    const [draft, found] = await Promise.all([getDraft(db, caseId, evidence.id), listCopies(db, caseId, evidence.id)]);
    const copies: Copy[] = [];
    for (const copy of found) copies.push(await settledCopy(services, caseId, copy));
    const source = sourceOf(evidence);
    const shown: RedactionPage = {
      title: words.t("redaction.title", { exhibit }),
      caseId,
      exhibit,
      evidenceHref: `/cases/${caseId}/evidence/${exhibit}`,
      way: source?.way ?? null,
      letter: evidence.letter,
      mayLog: may(role, "log") && evidence.removedAt === null,
      refused: null,
      canvas: null,
      text: null,
      copies: copies.map((copy) => copyRow(words, caseId, evidence, copy)),
      errors: again?.errors ?? {},
      saved: req.query.saved === "1",
    };
    if (source === null || !shown.mayLog) return shown;
    try {
      if (source.way === "text") {
        const known = await privateOf(services, caseId);
        const chosen = again?.words ?? draft?.words ?? null;
        const country = (res.locals.case as Case).country ?? "CN";
        shown.text = await inWorkshop(blobs, source, { do: "read", words: chosen, known, country }, async (answer) => {
          if (!("reading" in answer)) throw new Error("the workshop answered something else");
          return textPage(words, answer.reading, chosen);
        });
      } else {
        shown.canvas = await inWorkshop(blobs, source, { do: "look", page: number }, async (answer, file) => {
          if (!("look" in answer)) throw new Error("the workshop answered something else");
          const at = Math.min(number, answer.look.pages);
          const marked = Object.entries(draft?.pages ?? {}).filter(([, marks]) => isMarked(marks));
          return canvasOf(words, answer.look, await readFile(file), {
            page: at,
            marks: again?.marks ?? draft?.pages[String(at)] ?? NO_MARKS,
            marked: new Set(marked.map(([name]) => Number(name))),
            typed: again?.typed ?? null,
          });
        });
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      shown.refused = refusedText(words, error.refused);
    }
    return shown;
  }

  // Decoding keeps a processor busy for seconds.
  const someWork = rateLimited({ limit: 600, minutes: 60, who: (res) => memberOf(res).personId });
  router.get("/:original/redaction", someWork, async (req, res) => {
    const evidence = await originalOf(req, res);
    res.render("redaction/show", await page(req, res, evidence, pageFrom(req.query.page), null));
  });

  router.post("/:original/redaction", edit, someWork, async (req, res) => {
    const { caseId } = memberOf(res);
    const evidence = await originalOf(req, res);
    const source = sourceOf(evidence);
    if (source === null || evidence.removedAt !== null) throw notFound();
    const here = `/cases/${caseId}/evidence/${exhibitName(evidence)}`;
    const draft = (await getDraft(db, caseId, evidence.id)) ?? EMPTY_RECIPE;
    let recipe: Recipe;
    let next: string | null;
    if (source.way === "text") {
      const form = parseForm(WordsForm, req.body);
      if (!form.ok) {
        const sent = [form.values.hide ?? [], String(form.values.words ?? "").split("\n")].flat();
        const again = { errors: form.errors, words: sent.filter((word) => word.trim() !== "").slice(0, 1000) };
        return res.status(422).render("redaction/show", await page(req, res, evidence, 1, again));
      }
      recipe = { pages: {}, words: form.value.words };
      next = form.value.press === "copy" ? null : `${here}/redaction?saved=1`;
    } else {
      const form = parseForm(MarksForm, req.body);
      if (!form.ok) {
        const values = formValues(req.body);
        const again = {
          errors: form.errors,
          marks: { cells: list(values.cells), boxes: [], leaveOut: list(values.leaveOut).length > 0 },
          typed: typedBoxes(values),
        };
        return res.status(422).render("redaction/show", await page(req, res, evidence, pageFrom(values.page), again));
      }
      const { press, page: number, marks } = form.value;
      recipe = { pages: { ...draft.pages, [String(number)]: marks }, words: [] };
      const to = typeof press === "object" ? press.page : number;
      next = press === "copy" ? null : `${here}/redaction?page=${to}${press === "save" ? "&saved=1" : ""}`;
    }
    if (next !== null) {
      await saveDraft(db, caseId, evidence.id, recipe, by(res));
      return res.redirect(303, next);
    }
    const { version, done } = await beginCopy(services, caseId, evidence, recipe, by(res));
    await Promise.race([done, setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    return res.redirect(303, `${here}/copies/${version}`);
  });

  // --- copies --------------------------------------------------------------------------------------------------------

  async function copyOf(req: Request, res: Response): Promise<{ evidence: Evidence; copy: Copy }> {
    const { caseId } = memberOf(res);
    const evidence = await originalOf(req, res);
    const text = String(req.params.copy);
    const copy = /^[1-9]\d{0,8}$/.test(text) ? await getCopy(db, caseId, evidence.id, Number(text)) : null;
    if (copy === null) throw notFound();
    return { evidence, copy: await settledCopy(services, caseId, copy) };
  }

  router.get("/:original/copies/:copy", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const { evidence, copy } = await copyOf(req, res);
    res.render("redaction/copy", copyPage(wordsOf(res), caseId, evidence, copy, { mayLog: may(role, "log") }));
  });

  router.get("/:original/copies/:copy/view", async (req, res) => {
    const { evidence, copy } = await copyOf(req, res);
    const { file } = copy;
    if (file === null) throw notFound();
    if ((await blobs.size(file.sha256)) !== file.size) throw new HttpError(503, "evidence.gone");
    const how = req.query.save !== "1" && file.mediaType.startsWith("image/") ? "inline" : "attachment";
    res.set(copyHeaders(exhibitName(evidence), { ...copy, file }, how));
    if (req.method === "HEAD") {
      res.end();
      return;
    }
    try {
      await pipeline(blobs.open(file.sha256), res);
    } catch (error) {
      // The reader left; nothing is wrong with the file.
      if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    }
  });

  for (const [deed, removed] of [
    ["removal", true],
    ["restoration", false],
  ] as const) {
    router.post(`/:original/copies/:copy/${deed}`, edit, async (req, res) => {
      const { evidence, copy } = await copyOf(req, res);
      await removeCopy(db, memberOf(res).caseId, evidence, copy, removed, by(res));
      res.redirect(303, `/cases/${memberOf(res).caseId}/evidence/${exhibitName(evidence)}/copies/${copy.version}`);
    });
  }
  return router;
}

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());
const isMarked = ({ cells, boxes, leaveOut }: PageMarks): boolean => cells.length + boxes.length > 0 || leaveOut;

function pageFrom(text: unknown): number {
  return typeof text === "string" && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1;
}

function typedBoxes(values: Record<string, string | string[]>): TypedBoxes {
  const [left, top, width, height] = ["left", "top", "width", "height"].map((name) => list(values[`${name}[]`]));
  return left!
    .map((_, at) => ({
      left: left![at] ?? "",
      top: top![at] ?? "",
      width: width![at] ?? "",
      height: height![at] ?? "",
    }))
    .filter((box) => Object.values(box).some((value) => value.trim() !== ""))
    .slice(0, 100);
}
