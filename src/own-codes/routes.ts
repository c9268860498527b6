/** A case's own codes: copied, edited in a form or as YAML, tried, saved, compared, retired. Mounted at /cases/:case/codes. */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { allCodesOf, readOnce } from "../codes/case-codes.ts";
import { type CodeLibrary, readCode } from "../codes/library.ts";
import { CodeFileError, type FileProblem } from "../codes/load.ts";
import { type OwnCode, isOwn } from "../codes/own-code.ts";
import {
  casesToCopyFrom,
  getOwnCode,
  getVersion,
  listOwnCodes,
  listVersions,
  newestTexts,
  putDraft,
} from "../codes/own-store.ts";
import { rulePage } from "../codes/pages.ts";
import { readerOf } from "../codes/reader.ts";
import { type TryPlace, emptyTryPage, judgedTryPage } from "../codes/try-page.ts";
import { readAround } from "../findings/facts.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../web/forms.ts";
import {
  bringBack,
  chooseOwn,
  codesWith,
  copyCode,
  dropDraft,
  importCode,
  retireCode,
  saveVersion,
} from "./change-own.ts";
import { type Compared, comparePage } from "./compare-page.ts";
import { type Work, examplesOtherwise, workOn } from "./draft.ts";
import { effectPage } from "./effect-page.ts";
import { effectOf } from "./effect.ts";
import { rawRules, withRule, withoutRule } from "./edit-text.ts";
import { CopyForm, RevisionForm, SaveForm, YamlForm } from "./form.ts";
import { type Copyable, copyPage, draftPage, yamlProblems, frame, importPage, ownHref, showPage } from "./pages.ts";
import { type RuleState, ruleFormPage } from "./rule-page.ts";
import { ruleFrom, valuesOfRule, withButton } from "./rule-form.ts";
import { namesOfPeople } from "./store.ts";
import { receiveCode, sentCodeOf } from "./upload.ts";

export function ownCodeRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("edit-case");
  const receive = receiveCode();
  const caseOf = (res: Response): Case => res.locals.case as Case;
  const mayEdit = (res: Response): boolean => may(memberOf(res).role, "edit-case");
  const byOf = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const today = (res: Response): string => readerOf(res, clock).today;

  const ownOf = async (req: Request, res: Response): Promise<OwnCode> => {
    const id = String(req.params.own);
    const own = isOwn(id) ? await getOwnCode(db, memberOf(res).caseId, id) : null;
    if (own === null) throw notFound();
    return own;
  };
  /** Everything of the case, with the work at hand in the place of the code's newest version. */
  const shelfWith = async (caseId: string, own: OwnCode, work: Work): Promise<CodeLibrary> => {
    const others = (await newestTexts(db, caseId, "all")).filter(({ id }) => id !== own.id);
    return services.codes.with([...others.map(readOnce), work.read]);
  };
  const workshop = async (req: Request, res: Response) => {
    const { caseId } = memberOf(res);
    const own = await ownOf(req, res);
    const work = await workOn(db, caseId, own);
    return { caseId, own, work, library: await shelfWith(caseId, own, work), reader: readerOf(res, clock) };
  };

  // --- a new one: copied, or brought in as a file -------------------------------------------------------------------------

  const copyable = async (res: Response): Promise<Copyable[]> => {
    const { caseId, personId } = memberOf(res);
    const { t, locale } = readerOf(res, clock);
    const own = await Promise.all(
      (await casesToCopyFrom(db, personId)).map(async ({ id, number }) =>
        (await listOwnCodes(db, id)).map((code) => ({
          value: `${id}/${code.id}`,
          title: code.newest.title[locale],
          from: id === caseId ? t("own.copy.thisCase") : t("own.copy.otherCase", { number }),
        })),
      ),
    );
    const installed = services.codes.all().map((code) => ({
      value: code.id,
      title: code.title[locale],
      from: t("codes.list.version", { version: code.version }),
    }));
    const chosen = caseOf(res).codes;
    return [
      ...own.flat(),
      ...installed.toSorted((a, b) => Number(chosen.includes(b.value)) - Number(chosen.includes(a.value))),
    ];
  };

  router.get("/copy", edit, async (req, res) => {
    const from = typeof req.query.from === "string" ? req.query.from : "";
    const values = { from: from || (caseOf(res).codes[0] ?? "") };
    res.render("own-codes/copy", copyPage(caseOf(res).id, await copyable(res), values, {}, readerOf(res, clock)));
  });

  router.post("/copy", edit, async (req, res) => {
    const { caseId } = memberOf(res);
    const reader = readerOf(res, clock);
    const form = parseForm(CopyForm, req.body);
    const all = await copyable(res);
    const known = form.ok && all.some(({ value }) => value === form.value.from);
    if (!form.ok || !known) {
      const errors: FormErrors = form.ok ? { from: "own.copy.noCode" } : form.errors;
      res.status(422).render("own-codes/copy", copyPage(caseId, all, formValues(req.body), errors, reader));
      return;
    }
    const { from, name, note } = form.value;
    const [first = "", second] = from.split("/");
    const text = second === undefined ? services.codes.text(first) : (await newestTexts(db, first, [second]))[0]?.yaml;
    if (text === undefined) throw notFound();
    const title = { en: name, "zh-CN": name };
    const said = { title, note: note ?? reader.t("own.copy.firstNote"), day: today(res) };
    const id = await db
      .transaction()
      .execute((tx) => copyCode(tx, caseId, { id: second ?? first, text }, said, byOf(res)));
    res.redirect(303, `${ownHref(caseId, id)}/draft`);
  });

  router.get("/import", edit, (_req, res) => {
    res.render(
      "own-codes/import",
      importPage(caseOf(res).id, { problems: [], errors: {}, yaml: "" }, readerOf(res, clock)),
    );
  });

  router.post("/import", edit, receive, async (req, res) => {
    const { caseId } = memberOf(res);
    const { file, tooLarge, readable } = sentCodeOf(res);
    const pasted = formValues(req.body).yaml;
    const yaml = typeof pasted === "string" ? pasted : "";
    const refuse = (problems: readonly FileProblem[], errors: FormErrors) =>
      res.status(422).render("own-codes/import", importPage(caseId, { problems, errors, yaml }, readerOf(res, clock)));
    if (tooLarge) return refuse([], { file: "own.import.tooLarge" });
    if (!readable) return refuse([], { file: "own.import.notText" });
    if (file === null && yaml.trim() === "") return refuse([], { file: "own.import.nothing" });
    const given = file ?? { name: "code.yaml", text: yaml };
    const problems = problemsIn(given.text, given.name, services.codes);
    if (problems.length > 0) return refuse(problems, {});
    const made = await db.transaction().execute((tx) => importCode(tx, caseId, given, byOf(res)));
    return res.redirect(303, `${ownHref(caseId, made.id)}${made.draft ? "/comparison" : ""}`);
  });

  // --- one of them ----------------------------------------------------------------------------------------------------------

  router.get("/:own", async (req, res) => {
    const { caseId } = memberOf(res);
    const own = await ownOf(req, res);
    const versions = await listVersions(db, caseId, own.id);
    const library = await allCodesOf(services, caseId);
    const code = library.get(own.id);
    if (code === undefined) throw notFound();
    const names = await namesOfPeople(
      db,
      versions.map(({ savedBy }) => savedBy),
    );
    const state = { caseId, chosen: caseOf(res).codes, mayEdit: mayEdit(res) };
    res.render("own-codes/show", showPage(state, own, versions, names, code, library, readerOf(res, clock)));
  });

  router.get("/:own/rules/:rule", async (req, res) => {
    const { caseId } = memberOf(res);
    const own = await ownOf(req, res);
    const library = await allCodesOf(services, caseId);
    const code = library.get(own.id);
    const rule = code?.rules.find(({ id }) => id === req.params.rule);
    if (code === undefined || rule === undefined) throw notFound();
    const page = rulePage(library, code, rule, readerOf(res, clock));
    const href = ownHref(caseId, own.id);
    res.render("codes/rule", { rule: { ...page, code: { ...page.code, href }, tryHref: `${href}/draft/try` } });
  });

  router.get("/:own/versions/:version/original", async (req, res) => {
    const { caseId } = memberOf(res);
    const own = await ownOf(req, res);
    const number = Number(req.params.version);
    const version = Number.isInteger(number) && number < 2 ** 31 ? await getVersion(db, caseId, own.id, number) : null;
    if (version === null) throw notFound();
    res.attachment(`${own.id}@${version.version}.yaml`);
    res.type("application/yaml").send(Buffer.from(version.yaml, "utf8"));
  });

  router.get("/:own/comparison", async (req, res) => {
    const { caseId, own, work, library, reader } = await workshop(req, res);
    const versions = await listVersions(db, caseId, own.id);
    const asked = (name: string, usual: string) => (typeof req.query[name] === "string" ? req.query[name] : usual);
    const find = async (name: string): Promise<Compared> => {
      if (name === "draft") return { name: own.hasDraft ? name : String(own.newest.number), read: work.read };
      const number = Number(name);
      const version =
        Number.isInteger(number) && number < 2 ** 31 ? await getVersion(db, caseId, own.id, number) : null;
      if (version === null) throw notFound();
      return { name, read: readOnce({ id: own.id, sha256: version.sha256, yaml: version.yaml }) };
    };
    const newest = own.newest.number;
    const from = await find(asked("from", String(own.hasDraft ? newest : Math.max(1, newest - 1))));
    const to = await find(asked("to", own.hasDraft ? "draft" : String(newest)));
    res.render("own-codes/compare", comparePage(own, from, to, { caseId, versions }, library, reader));
  });

  router.post("/:own/choice", edit, async (req, res) => {
    const own = await ownOf(req, res);
    await db.transaction().execute((tx) => chooseOwn(tx, caseOf(res), own, byOf(res)));
    res.redirect(303, `/cases/${caseOf(res).id}/findings`);
  });

  router.post("/:own/retirement", edit, async (req, res) => {
    const own = await ownOf(req, res);
    const library = await allCodesOf(services, caseOf(res).id);
    await db.transaction().execute((tx) => retireCode(tx, caseOf(res), own, library, byOf(res)));
    res.redirect(303, ownHref(caseOf(res).id, own.id));
  });

  router.post("/:own/restoration", edit, async (req, res) => {
    const own = await ownOf(req, res);
    await db.transaction().execute((tx) => bringBack(tx, caseOf(res).id, own, byOf(res)));
    res.redirect(303, ownHref(caseOf(res).id, own.id));
  });

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
    const own = await ownOf(req, res);
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
    const number = await db
      .transaction()
      .execute((tx) => saveVersion(tx, caseId, own.id, { note, revision, day: today(res) }, byOf(res)));
    if (number === null) return showDraft(req, res, formValues(req.body), { note: "own.conflict" });
    return res.redirect(303, ownHref(caseId, own.id));
  });

  // --- one rule in a form -------------------------------------------------------------------------------------------------------

  const showRule = async (
    req: Request,
    res: Response,
    state: Pick<RuleState, "ruleId" | "values" | "errors"> & { revision?: number },
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
      return showRule(req, res, { ruleId: null, values, errors: {} });
    }
    const rule = rawRules(work.yaml).find(({ id }) => id === ruleId);
    if (rule === undefined) throw notFound();
    return showRule(req, res, { ruleId, values: valuesOfRule(rule), errors: {} });
  });

  router.post("/:own/draft/rules/:rule", edit, async (req, res) => {
    const { caseId, own, work, reader } = await workshop(req, res);
    const values = formValues(req.body);
    const button = typeof values.do === "string" ? values.do : "";
    const rules = rawRules(work.yaml);
    const isNew = req.params.rule === "new";
    const ruleId = isNew ? null : String(req.params.rule);
    const index = isNew ? rules.length : rules.findIndex(({ id }) => id === ruleId);
    if (index === -1) throw notFound();
    const { revision } = RevisionForm.parse(values);
    const again = withButton(values, button);
    if (again !== null) return showRule(req, res, { ruleId, values: again, errors: {}, revision });
    const before = rules[index] ?? { id: typeof values.id === "string" ? values.id.trim() : "" };
    const { rule, errors } = ruleFrom(values, before, Object.keys(work.read.code.sources));
    if (Object.keys(errors).length > 0) return showRule(req, res, { ruleId, values, errors, revision });
    const yaml = withRule(work.yaml, index, rule);
    const problems = problemsIn(yaml, own.id, services.codes);
    if (problems.length > 0) {
      const told = Object.fromEntries(problems.map(({ path, why }) => [fieldOf(path), why[reader.locale]]));
      return showRule(req, res, { ruleId, values, errors: told, revision });
    }
    const kept = yaml === work.yaml || (await putDraft(db, caseId, own.id, { yaml, revision }, byOf(res)));
    if (!kept) return showRule(req, res, { ruleId, values, errors: { form: "own.conflict" } });
    const draft = `${ownHref(caseId, own.id)}/draft`;
    return res.redirect(303, button === "effect" ? `${draft}/effect` : `${draft}#rules`);
  });

  router.post("/:own/draft/rules/:rule/removal", edit, async (req, res) => {
    const { caseId, own, work } = await workshop(req, res);
    const index = rawRules(work.yaml).findIndex(({ id }) => id === req.params.rule);
    if (index === -1) throw notFound();
    const { revision } = RevisionForm.parse(formValues(req.body));
    const yaml = withoutRule(work.yaml, index);
    const fits = work.read.code.rules.length > 1;
    if (!fits) return showDraft(req, res, {}, { form: "own.draft.lastRule" });
    if (!(await putDraft(db, caseId, own.id, { yaml, revision }, byOf(res))))
      return showDraft(req, res, {}, { form: "own.conflict" });
    return res.redirect(303, `${ownHref(caseId, own.id)}/draft#rules`);
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

  router.post("/:own/draft/yaml", edit, receive, async (req, res) => {
    const { caseId, own, work } = await workshop(req, res);
    const form = parseForm(YamlForm, req.body);
    const typed = formValues(req.body).yaml;
    const yaml = typeof typed === "string" ? typed : "";
    const refuse = (problems: readonly FileProblem[], errors: FormErrors) =>
      res.status(422).render("own-codes/yaml", yamlPage(res, own, { yaml, revision: work.revision }, problems, errors));
    if (sentCodeOf(res).tooLarge) return refuse([], { yaml: "own.import.tooLarge" });
    if (!form.ok) return refuse([], form.errors);
    const problems = problemsIn(yaml, `${own.id}.yaml`, services.codes, own.id);
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

/** What is wrong in a text that is to become a code of a case, with places; `id` when it must keep that one. */
function problemsIn(text: string, file: string, installed: CodeLibrary, id?: string): readonly FileProblem[] {
  try {
    const { code, placeOf } = readCode(text, file);
    const unknown = (code.includes ?? []).flatMap((one, index) =>
      installed.get(one) === undefined
        ? [
            {
              at: placeOf(["includes", index]),
              path: `includes.${index}`,
              why: {
                en: `${one} is not a code of conduct that is installed here`,
                "zh-CN": `${one} 不是这里已安装的行为规范`,
              },
            },
          ]
        : [],
    );
    return id === undefined || code.id === id
      ? unknown
      : [...unknown, { at: placeOf(["id"]), path: "id", why: { en: `must stay ${id}`, "zh-CN": `须保持为 ${id}` } }];
  } catch (error) {
    if (error instanceof CodeFileError) return error.problems;
    throw error;
  }
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
