/** The ledger of notices; below /cases/:case/notices. A new one asks first what kind it is, then only what that kind needs. */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import type { Debt } from "../cases/case.ts";
import { listCollectors, listDebts, nameOf } from "../cases/store.ts";
import { noticeKinds } from "../conduct/vocabulary.ts";
import { HELD_FOR_MS, type HeldFile, shownName } from "../evidence/evidence.ts";
import { evidenceOf, heldFiles, holdFiles } from "../evidence/store.ts";
import { receiveFiles, uploadOf } from "../evidence/upload.ts";
import { listEvents } from "../history/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import { newId } from "../platform/ids.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, formValues } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import { noticeValues, parseNoticeForm } from "./form.ts";
import type { NoticeKind } from "./notice.ts";
import {
  type NoticeFormPage,
  type NoticeKindPage,
  type NoticesPage,
  type Words,
  asksOf,
  debtName,
  listPage,
  noticeConflict,
  showPage,
} from "./pages.ts";
import type { Notice } from "./notice.ts";
import { correctNotice, recordNotice, removeNotice } from "./record-notice.ts";
import { contactsAfter, getNotice, recordedNotices } from "./store.ts";

export function noticeRoutes(services: Services): Router {
  const { db, clock, config } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const files = receiveFiles(services);
  const wordsOf = (res: Response): Words => ({ t: res.locals.t as Translate, format: res.locals.format as Format });
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const zoneOf = (res: Response): string => (res.locals.case as Case).zone;

  router.get("/", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const [notices, debts] = await Promise.all([recordedNotices(db, caseId), listDebts(db, caseId)]);
    const removed = await justRemoved(req, res);
    const page: NoticesPage = listPage(wordsOf(res), caseId, notices, { debts, mayEdit: may(role, "log"), removed });
    res.render("notices/list", page);
  });

  /** What the address says was just removed, if it still is. */
  async function justRemoved(req: Request, res: Response): Promise<NoticesPage["removed"]> {
    const number = numberFrom(req.query.removed);
    const { caseId } = memberOf(res);
    const found = number === null ? null : await getNotice(db, caseId, number);
    if (found === null || found.removedAt === null) return null;
    return {
      text: wordsOf(res).t("notices.list.removed", { number: found.number }),
      action: `/cases/${caseId}/notices/${found.number}/restoration`,
    };
  }

  /** The form; `kind` decides what is asked. */
  async function formPage(
    res: Response,
    parts: Pick<NoticeFormPage, "number" | "version" | "kind" | "values" | "errors" | "conflict">,
  ): Promise<NoticeFormPage> {
    const { caseId, personId } = memberOf(res);
    const { t } = wordsOf(res);
    const matter = res.locals.case as Case;
    const [debts, collectors, waiting] = await Promise.all([
      listDebts(db, caseId),
      listCollectors(db, caseId),
      heldFiles(db, caseId, personId, clock.now() - HELD_FOR_MS),
    ]);
    const wanted = new Set([parts.values.held ?? []].flat());
    /** One debt is not worth a question, unless the notice names one: then it must not get lost, removed or not. */
    const debtChoices = (known: readonly Debt[], named: FormValues[string] | undefined) => {
      const choices = known.map((debt) => ({ value: debt.id, text: debtName(debt) }));
      if (typeof named !== "string" || named === "") return choices.length < 2 ? [] : choices;
      const gone = { value: named, text: t("notices.debt.gone") };
      return choices.some(({ value }) => value === named) ? choices : [...choices, gone];
    };
    return {
      title: t(parts.number === null ? "notices.new.title" : "notices.correct.title", { number: parts.number }),
      caseId,
      asks: asksOf(parts.kind),
      debts: debtChoices(debts, parts.values.debt),
      names: [matter.lender, ...collectors.map(({ name }) => name)].filter((name) => name !== ""),
      held: waiting.filter(({ id }) => wanted.has(id)).map(({ id, name }) => ({ id, name: shownName(name) })),
      maxFileMb: Math.floor(config.maxFileBytes / 1_000_000),
      ...parts,
    };
  }

  router.get("/new", edit, async (req, res) => {
    const kind = noticeKinds.find((one) => one === req.query.kind);
    const { t } = wordsOf(res);
    if (kind === undefined) {
      // A choice was sent, but none we know: say so instead of showing the same page without a word.
      const errors: FormErrors = req.query.chosen === "1" ? { kind: "notices.kind.missing" } : {};
      const page: NoticeKindPage = { title: t("notices.new.title"), caseId: memberOf(res).caseId, chosen: "", errors };
      return res.status(req.query.chosen === "1" ? 422 : 200).render("notices/kind", page);
    }
    const values = { kind, form: "unknown" };
    const page = await formPage(res, { number: null, version: null, kind, values, errors: {}, conflict: null });
    return res.render("notices/form", page);
  });

  /** The posted form and its files; a form with a mistake keeps the files for the next try. */
  async function received(req: Request, res: Response, stored: Notice | null = null) {
    const { caseId, personId } = memberOf(res);
    const upload = uploadOf(res);
    const debts = await listDebts(db, caseId);
    const form = parseNoticeForm(req.body, {
      zone: zoneOf(res),
      now: clock.now(),
      debtIds: new Set([
        ...debts.map(({ id }) => id),
        ...(stored?.detail.debt === undefined ? [] : [stored.detail.debt]),
      ]),
    });
    const [refused] = upload.refused;
    if (form.ok && refused === undefined) return { form, upload, debts, again: null };
    const errors: FormErrors = form.ok ? {} : form.errors;
    if (refused !== undefined) {
      const params = { name: shownName(refused.name), mb: Math.floor(upload.limits.bytes / 1_000_000) };
      errors.files = { key: `notices.files.${refused.why}`, params: { ...params, max: upload.limits.files } };
    }
    const values = await hold(formValues(req.body), upload.files);
    return { form, upload, debts, again: { values, errors } };

    async function hold(sent: FormValues, kept: typeof upload.files): Promise<FormValues> {
      const held: HeldFile[] = kept.map((file) => ({ ...file, id: newId(), receivedAt: clock.now() }));
      await holdFiles(db, caseId, personId, held);
      return { ...sent, held: [...[sent.held ?? []].flat(), ...held.map(({ id }) => id)] };
    }
  }

  router.post("/", edit, files, async (req, res) => {
    const { caseId } = memberOf(res);
    const { form, upload, again } = await received(req, res);
    if (!form.ok || again !== null) {
      const kind = kindFrom(req);
      const parts = { number: null, version: null, kind, conflict: null, ...again! };
      return res.status(422).render("notices/form", await formPage(res, parts));
    }
    const { facts, held } = form.value;
    const notice = await db
      .transaction()
      .execute((tx) => recordNotice(tx, caseId, facts, { files: upload.files, held }, by(res)));
    return res.redirect(303, `/cases/${caseId}/notices/${notice.number}?saved=1`);
  });

  router.get("/:number", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const notice = await noticeFrom(req, res);
    const [debts, proof, after] = await Promise.all([
      listDebts(db, caseId),
      evidenceOf(db, caseId, "notice", [notice.id]),
      notice.receivedAt === null ? null : contactsAfter(db, caseId, notice.receivedAt),
    ]);
    const page = showPage(wordsOf(res), caseId, notice, {
      debts,
      files: proof.get(notice.id) ?? [],
      mayEdit: may(role, "log"),
      contactsAfter: after,
      saved: req.query.saved === "1",
    });
    res.render("notices/show", page);
  });

  router.get("/:number/correction", edit, async (req, res) => {
    const notice = await noticeFrom(req, res);
    const { number, version, kind } = notice;
    const values = noticeValues(notice, zoneOf(res));
    res.render("notices/form", await formPage(res, { number, version, kind, values, errors: {}, conflict: null }));
  });

  router.post("/:number/correction", edit, files, async (req, res) => {
    const { caseId } = memberOf(res);
    const notice = await noticeFrom(req, res);
    const { form, upload, debts, again } = await received(req, res, notice);
    if (!form.ok || again !== null) {
      const version = Number(formValues(req.body).version) || notice.version;
      const parts = { number: notice.number, version, kind: kindFrom(req), conflict: null, ...again! };
      return res.status(422).render("notices/form", await formPage(res, parts));
    }
    const { facts, held, version } = form.value;
    const change = { facts, proof: { files: upload.files, held } };
    const outcome = await db
      .transaction()
      .execute((tx) => correctNotice(tx, caseId, notice.number, version ?? notice.version, change, by(res)));
    if (outcome === null) throw notFound();
    if (outcome.done) return res.redirect(303, `/cases/${caseId}/notices/${notice.number}?saved=1`);
    const [last] = await listEvents(db, caseId, { subject: `notice:${notice.number}`, limit: 1 });
    const words = wordsOf(res);
    const name = (last === undefined ? null : await nameOf(db, last.actor)) ?? words.t("cases.somebody");
    const conflict = noticeConflict(words, outcome.stored, facts, { debts, by: name, at: last?.at ?? clock.now() });
    const values = { ...noticeValues(facts, zoneOf(res)), held };
    const parts = { number: notice.number, version: outcome.stored.version, kind: facts.kind, values };
    // The files of this try wait for the next one.
    const waiting = upload.files.map((file) => ({ ...file, id: newId(), receivedAt: clock.now() }));
    await holdFiles(db, caseId, memberOf(res).personId, waiting);
    values.held = [...held, ...waiting.map(({ id }) => id)];
    return res.status(409).render("notices/form", await formPage(res, { ...parts, errors: {}, conflict }));
  });

  for (const [deed, removed] of [
    ["removal", true],
    ["restoration", false],
  ] as const) {
    router.post(`/:number/${deed}`, edit, async (req, res) => {
      const { caseId } = memberOf(res);
      const { number } = await noticeFrom(req, res);
      await db.transaction().execute((tx) => removeNotice(tx, caseId, number, removed, by(res)));
      const notices = `/cases/${caseId}/notices`;
      res.redirect(303, removed ? `${notices}?removed=${number}` : `${notices}/${number}`);
    });
  }

  async function noticeFrom(req: Request, res: Response) {
    const number = numberFrom(req.params.number);
    const notice = number === null ? null : await getNotice(db, memberOf(res).caseId, number);
    if (notice === null) throw notFound();
    return notice;
  }
  return router;
}

function numberFrom(text: unknown): number | null {
  return typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** The kind a form was about; a form that lost it is shown as the plainest kind. */
function kindFrom(req: Request): NoticeKind {
  const kind = formValues(req.body).kind;
  return noticeKinds.find((one) => one === kind) ?? "cease-contact";
}
