/**
 * A case's own codes: copied, brought in, shown, compared, chosen, retired; and the page of any rule within a case. Mounted at
 * /cases/:case/codes. Beside it: draft/routes.ts, where one is changed.
 */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { aside } from "../codes/aside.ts";
import { allCodesOf, readOnce } from "../codes/case-codes.ts";
import type { FileProblem } from "../codes/load.ts";
import { casesToCopyFrom, getVersion, listOwnCodes, listVersions, newestTexts } from "../codes/own-store.ts";
import { rulePage } from "../codes/pages.ts";
import { readerOf } from "../codes/reader.ts";
import { countByRule } from "../findings/count-store.ts";
import { currentFindings } from "../findings/judge-case.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import { type FormErrors, formValues, parseForm } from "../web/forms.ts";
import { bringBack, chooseOwn, copyCode, importCode, retireCode } from "./change-own.ts";
import { type Compared, comparePage } from "./compare-page.ts";
import { CopyForm } from "./form.ts";
import { type Copyable, copyPage, importPage, inCase, ownHref, showPage } from "./pages.ts";
import { namesOfPeople } from "./store.ts";
import { receiveCode, sentCodeOf } from "./upload.ts";
import { openWorkshop, ownCodeNamed } from "./workshop.ts";

export function ownCodeRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("edit-case");
  const caseOf = (res: Response): Case => res.locals.case as Case;
  const mayEdit = (res: Response): boolean => may(memberOf(res).role, "edit-case");
  const byOf = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const ownOf = (req: Request, res: Response) => ownCodeNamed(db, memberOf(res).caseId, String(req.params.own));

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
    const said = { title, note: note ?? reader.t("own.copy.firstNote"), day: readerOf(res, clock).today };
    const id = await copyCode(db, caseId, { id: second ?? first, text }, said, byOf(res));
    res.redirect(303, `${ownHref(caseId, id)}/draft`);
  });

  router.get("/import", edit, (_req, res) => {
    res.render(
      "own-codes/import",
      importPage(caseOf(res).id, { problems: [], errors: {}, yaml: "" }, readerOf(res, clock)),
    );
  });

  router.post("/import", edit, receiveCode(), async (req, res) => {
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
    const known = services.codes.all().map(({ id }) => id);
    const problems = await aside("problems", given.text, given.name, { known });
    if (problems.length > 0) return refuse(problems, {});
    const made = await importCode(db, caseId, given, byOf(res));
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

  // Any rule that a case may be judged by, its own or an installed one, with the way to what it says in this case.
  router.get("/:code/rules/:rule", async (req, res) => {
    const matter = caseOf(res);
    const library = await allCodesOf(services, matter.id);
    const code = library.get(String(req.params.code));
    const rule = code?.rules.find(({ id }) => id === req.params.rule);
    if (code === undefined || rule === undefined) throw notFound();
    await currentFindings(services, matter.id);
    const reader = readerOf(res, clock);
    const counts = (await countByRule(db, matter.id)).filter((count) => count.rule === rule.id);
    res.render("codes/rule", inCase(rulePage(library, code, rule, reader), matter, counts, library, reader));
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
    const reader = readerOf(res, clock);
    const { caseId, own, work, library } = await openWorkshop(services, memberOf(res).caseId, String(req.params.own));
    const versions = await listVersions(db, caseId, own.id);
    const asked = (name: string, usual: string) => (typeof req.query[name] === "string" ? req.query[name] : usual);
    const find = async (name: string): Promise<Compared> => {
      if (name === "draft") return { name: own.hasDraft ? name : String(own.newest.number), read: work.read };
      const number = Number(name);
      const version =
        Number.isInteger(number) && number < 2 ** 31 ? await getVersion(db, caseId, own.id, number) : null;
      if (version === null) throw notFound();
      return { name, read: await readOnce({ id: own.id, sha256: version.sha256, yaml: version.yaml }) };
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
  return router;
}
