/** The draft of a case's own code: its rules and sources in forms, the whole as text, tried on the case, saved as a version. */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../../cases/case.ts";
import { aside } from "../../codes/aside.ts";
import { allCodesOf } from "../../codes/case-codes.ts";
import type { RawSources } from "../../codes/edit-text.ts";
import type { FileProblem } from "../../codes/load.ts";
import type { OwnCode } from "../../codes/own-code.ts";
import { putDraft } from "../../codes/own-store.ts";
import { readerOf } from "../../codes/reader.ts";
import { type TryPlace, emptyTryPage, judgedTryPage } from "../../codes/try-page.ts";
import { readAround } from "../../findings/facts.ts";
import { requireMay } from "../../people/member.ts";
import { may } from "../../people/permissions.ts";
import { memberOf } from "../../people/person.ts";
import type { Services } from "../../services.ts";
import { notFound } from "../../web/errors.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../../web/forms.ts";
import { codesWith, dropDraft, saveVersion } from "../change-own.ts";
import { examplesOtherwise } from "../draft.ts";
import { effectPage } from "../effect-page.ts";
import { effectOf } from "../effect.ts";
import { RevisionForm, SaveForm, YamlForm } from "../form.ts";
import { draftPage, frame, ownHref, yamlProblems } from "../pages.ts";
import { ruleFrom, valuesOfRule, withButton } from "../rule-form.ts";
import { type RuleState, ruleFormPage } from "../rule-page.ts";
import { freeSourceId, sourceFrom, sourceFields, valuesOfSource } from "../source-form.ts";
import { type SourceState, sourcePage } from "../source-page.ts";
import { receiveCode, sentCodeOf } from "../upload.ts";
import { openWorkshop, ownCodeNamed } from "../workshop.ts";

/** Mounted at /cases/:case/codes, as routes.ts. */
export function draftRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("edit-case");
  const caseOf = (res: Response): Case => res.locals.case as Case;
  const mayEdit = (res: Response): boolean => may(memberOf(res).role, "edit-case");
  const byOf = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const workshop = async (req: Request, res: Response) => ({
    ...(await openWorkshop(services, memberOf(res).caseId, String(req.params.own))),
    reader: readerOf(res, clock),
  });
  const known = services.codes.all().map(({ id }) => id);
  const problemsIn = (yaml: string, file: string, id?: string) =>
    aside("problems", yaml, file, id === undefined ? { known } : { known, id });

  // --- the draft --------------------------------------------------------------------------------------------------------------

  const showDraft = async (req: Request, res: Response, values: FormValues, errors: FormErrors) => {
    const { caseId, own, work, library, reader } = await workshop(req, res);
    const saved = (await allCodesOf(services, caseId)).get(own.id);
    if (saved === undefined) throw notFound();
    const failures = await examplesOtherwise(work.read, library);
    const state = { caseId, mayEdit: mayEdit(res), values, errors };
    if (Object.keys(errors).length > 0) res.status(422);
    res.render("own-codes/draft", draftPage(own, work, saved, failures, state, reader));
  };

  router.get("/:own/draft", async (req, res) => showDraft(req, res, {}, {}));

  router.post("/:own/draft/removal", edit, async (req, res) => {
    const own = await ownCodeNamed(db, memberOf(res).caseId, String(req.params.own));
    await db.transaction().execute((tx) => dropDraft(tx, caseOf(res).id, own, byOf(res)));
    res.redirect(303, ownHref(caseOf(res).id, own.id));
  });

  router.post("/:own/versions", edit, async (req, res) => {
    const { caseId, own, work, library } = await workshop(req, res);
    const form = parseForm(SaveForm, req.body);
    if (!form.ok) return showDraft(req, res, form.values, form.errors);
    const { note, revision, otherwise } = form.value;
    if (work.revision === 0) return showDraft(req, res, formValues(req.body), { note: "own.save.nothing" });
    if (otherwise === undefined && (await examplesOtherwise(work.read, library)).length > 0)
      return showDraft(req, res, formValues(req.body), { otherwise: "own.save.otherwise" });
    const number = await saveVersion(
      db,
      caseId,
      own.id,
      { note, revision, day: readerOf(res, clock).today },
      byOf(res),
    );
    if (number === null) return showDraft(req, res, formValues(req.body), { note: "own.conflict" });
    return res.redirect(303, ownHref(caseId, own.id));
  });

  // --- one rule in a form -------------------------------------------------------------------------------------------------------

  const showRule = async (
    req: Request,
    res: Response,
    state: Pick<RuleState, "ruleId" | "before" | "values" | "errors"> & { revision?: number },
  ) => {
    const { caseId, own, work, library, reader } = await workshop(req, res);
    if (Object.keys(state.errors).length > 0) res.status(422);
    res.render(
      "own-codes/rule",
      ruleFormPage(
        own,
        work.read.code,
        { revision: work.revision, ...state, caseId, mayEdit: mayEdit(res) },
        library,
        reader,
      ),
    );
  };

  router.get("/:own/draft/rules/:rule", async (req, res) => {
    const { own, work } = await workshop(req, res);
    const ruleId = String(req.params.rule);
    if (ruleId === "new") {
      const [source = ""] = Object.keys(work.read.code.sources);
      const values = {
        source,
        obligation: "must-not",
        severity: "medium",
        on: "yes",
        id: `${own.id.slice(4, 6)}.own.${work.read.code.rules.length + 1}`,
      };
      return showRule(req, res, { ruleId: null, before: { id: values.id }, values, errors: {} });
    }
    const rule = (await aside("rawRules", work.yaml)).find(({ id }) => id === ruleId);
    if (rule === undefined) throw notFound();
    return showRule(req, res, { ruleId, before: rule, values: valuesOfRule(rule), errors: {} });
  });

  router.post("/:own/draft/rules/:rule", edit, async (req, res) => {
    const { caseId, own, work, reader } = await workshop(req, res);
    const values = formValues(req.body);
    const button = typeof values.do === "string" ? values.do : "";
    const rules = await aside("rawRules", work.yaml);
    const isNew = req.params.rule === "new";
    const ruleId = isNew ? null : String(req.params.rule);
    const index = isNew ? rules.length : rules.findIndex(({ id }) => id === ruleId);
    if (index === -1) throw notFound();
    const { revision } = RevisionForm.parse(values);
    const before = rules[index] ?? { id: typeof values.id === "string" ? values.id.trim() : "" };
    const again = withButton(values, button);
    if (button === "try") return showRule(req, res, { ruleId, before, values, errors: {}, revision });
    if (again !== null) return showRule(req, res, { ruleId, before, values: again, errors: {}, revision });
    const { rule, errors } = ruleFrom(values, before, Object.keys(work.read.code.sources));
    if (Object.keys(errors).length > 0) return showRule(req, res, { ruleId, before, values, errors, revision });
    const yaml = await aside("withRule", work.yaml, index, rule);
    const problems = await problemsIn(yaml, own.id);
    if (problems.length > 0) {
      const told = Object.fromEntries(problems.map(({ path, why }) => [fieldOf(path), why[reader.locale]]));
      return showRule(req, res, { ruleId, before, values, errors: told, revision });
    }
    const kept = yaml === work.yaml || (await putDraft(db, caseId, own.id, { yaml, revision }, byOf(res)));
    if (!kept) return showRule(req, res, { ruleId, before, values, errors: { form: "own.conflict" } });
    const draft = `${ownHref(caseId, own.id)}/draft`;
    return res.redirect(303, button === "effect" ? `${draft}/effect` : `${draft}#rules`);
  });

  router.post("/:own/draft/rules/:rule/removal", edit, async (req, res) => {
    const { caseId, own, work } = await workshop(req, res);
    const index = (await aside("rawRules", work.yaml)).findIndex(({ id }) => id === req.params.rule);
    if (index === -1) throw notFound();
    const { revision } = RevisionForm.parse(formValues(req.body));
    const yaml = await aside("withoutRule", work.yaml, index);
    const fits = work.read.code.rules.length > 1;
    if (!fits) return showDraft(req, res, {}, { form: "own.draft.lastRule" });
    if (!(await putDraft(db, caseId, own.id, { yaml, revision }, byOf(res))))
      return showDraft(req, res, {}, { form: "own.conflict" });
    return res.redirect(303, `${ownHref(caseId, own.id)}/draft#rules`);
  });

  // --- one source in a form -----------------------------------------------------------------------------------------------------

  const showSource = async (
    req: Request,
    res: Response,
    state: Pick<SourceState, "sourceId" | "values" | "errors"> & { revision?: number },
  ) => {
    const { caseId, own, work, reader } = await workshop(req, res);
    if (Object.keys(state.errors).length > 0) res.status(422);
    const place = { revision: work.revision, ...state, caseId, mayEdit: mayEdit(res) };
    res.render("own-codes/source", sourcePage(own, work.read.code, place, reader));
  };

  router.get("/:own/draft/sources/:source", async (req, res) => {
    const { work } = await workshop(req, res);
    const sourceId = String(req.params.source);
    if (sourceId === "new") return showSource(req, res, { sourceId: null, values: {}, errors: {} });
    const source = sourceOf(await aside("rawSources", work.yaml), sourceId);
    return showSource(req, res, { sourceId, values: valuesOfSource(source), errors: {} });
  });

  router.post("/:own/draft/sources/:source", edit, async (req, res) => {
    const { caseId, own, work, reader } = await workshop(req, res);
    const values = formValues(req.body);
    const { revision } = RevisionForm.parse(values);
    const sources = await aside("rawSources", work.yaml);
    const isNew = req.params.source === "new";
    const id = isNew ? freeSourceId(Object.keys(sources)) : String(req.params.source);
    const again = (errors: FormErrors, at = revision) =>
      showSource(req, res, { sourceId: isNew ? null : id, values, errors, revision: at });
    const { source, errors } = sourceFrom(values, isNew ? {} : sourceOf(sources, id), Object.keys(sources));
    if (Object.keys(errors).length > 0) return again(errors);
    const yaml = await aside("withSource", work.yaml, id, source);
    const problems = await problemsIn(yaml, own.id);
    if (problems.length > 0)
      return again(Object.fromEntries(problems.map(({ path, why }) => [sourceFieldOf(path, id), why[reader.locale]])));
    const kept = yaml === work.yaml || (await putDraft(db, caseId, own.id, { yaml, revision }, byOf(res)));
    if (!kept) return again({ form: "own.conflict" }, work.revision);
    return res.redirect(303, `${ownHref(caseId, own.id)}/draft#sources`);
  });

  router.post("/:own/draft/sources/:source/removal", edit, async (req, res) => {
    const { caseId, own, work } = await workshop(req, res);
    const id = String(req.params.source);
    sourceOf(await aside("rawSources", work.yaml), id);
    const { revision } = RevisionForm.parse(formValues(req.body));
    const { code } = work.read;
    if (
      code.rules.some(({ source }) => source === id) ||
      Object.values(code.sources).some((one) => one.replacedBy === id)
    )
      return showDraft(req, res, {}, { form: "own.source.used" });
    const yaml = await aside("withoutSource", work.yaml, id);
    if (!(await putDraft(db, caseId, own.id, { yaml, revision }, byOf(res))))
      return showDraft(req, res, {}, { form: "own.conflict" });
    return res.redirect(303, `${ownHref(caseId, own.id)}/draft#sources`);
  });

  // --- the whole as YAML ----------------------------------------------------------------------------------------------------------

  const yamlPage = (
    res: Response,
    own: OwnCode,
    { yaml, revision }: { yaml: string; revision: number },
    problems: readonly FileProblem[] = [],
    errors: FormErrors = {},
  ) => {
    const reader = readerOf(res, clock);
    const page = frame(memberOf(res).caseId, own, reader);
    return {
      ...page,
      title: reader.t("own.yaml.title"),
      action: `${page.draftHref}/yaml`,
      yaml,
      revision,
      mayEdit: mayEdit(res),
      ...yamlProblems(problems, errors, reader.locale),
    };
  };

  router.get("/:own/draft/yaml", async (req, res) => {
    const { own, work } = await workshop(req, res);
    res.render("own-codes/yaml", yamlPage(res, own, work));
  });

  router.post("/:own/draft/yaml", edit, receiveCode(), async (req, res) => {
    const { caseId, own, work } = await workshop(req, res);
    const form = parseForm(YamlForm, req.body);
    const typed = formValues(req.body).yaml;
    const yaml = typeof typed === "string" ? typed : "";
    const refuse = (problems: readonly FileProblem[], errors: FormErrors) =>
      res.status(422).render("own-codes/yaml", yamlPage(res, own, { yaml, revision: work.revision }, problems, errors));
    if (sentCodeOf(res).tooLarge) return refuse([], { yaml: "own.import.tooLarge" });
    if (!form.ok) return refuse([], form.errors);
    const problems = await problemsIn(yaml, `${own.id}.yaml`, own.id);
    if (problems.length > 0) return refuse(problems, {});
    const draft = { yaml, revision: form.value.revision };
    const kept = yaml === work.yaml || (await putDraft(db, caseId, own.id, draft, byOf(res)));
    if (!kept) return refuse([], { yaml: "own.conflict" });
    return res.redirect(303, `${ownHref(caseId, own.id)}/draft`);
  });

  // --- trying it ---------------------------------------------------------------------------------------------------------------------

  const tryPlace = async (caseId: string, own: OwnCode, res: Response): Promise<TryPlace> => {
    const matter = caseOf(res);
    const { context } = await readAround(db, matter);
    const page = frame(caseId, own, readerOf(res, clock));
    return {
      action: `${page.draftHref}/try`,
      backHref: page.draftHref,
      backText: readerOf(res, clock).t("own.draft.back"),
      codes: [own.id],
      inCase: { id: matter.id, number: matter.number, context },
    };
  };
  router.get("/:own/draft/try", async (req, res) => {
    const { caseId, own, library, reader } = await workshop(req, res);
    res.render("codes/try", emptyTryPage(library, await tryPlace(caseId, own, res), reader));
  });
  router.post("/:own/draft/try", edit, async (req, res) => {
    const { caseId, own, library, reader } = await workshop(req, res);
    const answer = judgedTryPage(library, await tryPlace(caseId, own, res), reader, req.body);
    res.status(answer.ok ? 200 : 422).render("codes/try", answer.page);
  });

  router.get("/:own/draft/effect", async (req, res) => {
    const { caseId, own, library, reader } = await workshop(req, res);
    const matter = caseOf(res);
    const codes = matter.codes.includes(own.id) ? matter.codes : codesWith(matter.codes, own);
    const effect = await effectOf(services, matter, library, codes);
    const state = { caseId, codes, before: matter.codes, page: Number(req.query.page) || 1 };
    res.render("own-codes/effect", await effectPage(db, own, effect, state, library, reader));
  });

  return router;
}

/** The field of a rule's form that a path of the code belongs to. */
function fieldOf(path: string): string {
  const [, , field = "form", index] = path.split(".");
  if (field === "when") return "add-when";
  if (field === "examples") return index === undefined ? "add-example" : `example-${index}-en`;
  if (field === "unless") return `unless-${index ?? 0}-en`;
  if (["title", "paraphrase", "caution"].includes(field)) return `${field}-en`;
  return ["source", "clause", "obligation", "severity", "from", "to", "lenderKinds", "on", "id"].includes(field)
    ? field
    : "form";
}

/** @throws "not found" where the text has no such source. */
function sourceOf(sources: RawSources, id: string): RawSources[string] {
  const source = Object.hasOwn(sources, id) ? sources[id] : undefined;
  if (source === undefined) throw notFound();
  return source;
}

/** The field of a source's form that a path of the code belongs to. */
function sourceFieldOf(path: string, id: string): string {
  const [room, one, field = "form"] = path.split(".");
  if (room !== "sources" || one !== id) return "form";
  if (["title", "issuer", "binds", "checkedNote"].includes(field)) return `${field}-en`;
  return sourceFields.includes(field) ? field : "form";
}
