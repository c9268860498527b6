/** Letters of a case; below /cases/:case/letters. Choose a kind, fill in, change the words, download, say that it was sent. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { localDate, privateOf } from "../complaints/gather.ts";
import { findPrivate } from "../complaints/private-data.ts";
import { HELD_FOR_MS, type ReceivedFile, contentDisposition, shownName } from "../evidence/evidence.ts";
import { toHold } from "../evidence/pages.ts";
import { heldFiles, holdFiles } from "../evidence/store.ts";
import { receiveFiles, uploadOf } from "../evidence/upload.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import { newId } from "../platform/ids.ts";
import type { Services } from "../services.ts";
import { conflict, notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, formValues } from "../web/forms.ts";
import { rateLimited } from "../web/limits.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { chosenGrounds, suggestedBasis } from "./basis.ts";
import { factsValues, parseFacts, parseTexts, textsValues } from "./form.ts";
import { gather, textsFrom } from "./gather.ts";
import { type Letter, type LetterTexts, localesOf, noticesOf } from "./letter.ts";
import { installedTemplates } from "./load-templates.ts";
import { filesOf, forgetFiles } from "./make.ts";
import {
  type Reader,
  type TextPage,
  factsPage,
  firstFacts,
  kindPage,
  lettersPage,
  showPage,
  warningsOf,
} from "./pages.ts";
import { readSending } from "./sending.ts";
import { getLetter, listLetters } from "./store.ts";
import { type Template, letterKinds } from "./template.ts";
import { beginLetter, changeLetter, removeLetter, sendLetter } from "./write-letter.ts";

const types = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
} as const;

export function letterRoutes(services: Services): Router {
  const { db, clock, config, blobs } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const files = receiveFiles(services);
  const templates = installedTemplates();
  const matterOf = (res: Response): Case => res.locals.case as Case;
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });
  const readerOf = (res: Response): Reader => ({
    t: res.locals.t as Translate,
    format: res.locals.format as Format,
    locale: res.locals.locale as Locale,
  });
  const at = (letter: { number: number }, res: Response) => `/cases/${memberOf(res).caseId}/letters/${letter.number}`;

  router.get("/", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const number = numberFrom(req.query.removed);
    const found = number === null ? null : await getLetter(db, caseId, number);
    const removed = found !== null && found.removedAt !== null ? found : null;
    const letters = await listLetters(db, caseId);
    const page = lettersPage(readerOf(res), caseId, letters, templates, { mayEdit: may(role, "log"), removed });
    res.render("letters/list", page);
  });

  // --- a new one, and what it is made from ---------------------------------------------------------------------------

  router.get("/new", edit, async (req, res) => {
    const matter = matterOf(res);
    const template = templateNamed(req.query.kind);
    if (template === null) {
      const missing = req.query.chosen === "1";
      const errors: FormErrors = missing ? { kind: "letters.kind.missing" } : {};
      return res.status(missing ? 422 : 200).render("letters/kind", kindPage(readerOf(res), matter, templates, errors));
    }
    const known = await gather(services, matter);
    const dayOf = (when: number) => localDate(matter.zone, when);
    const facts = firstFacts(known, template, { today: dayOf(clock.now()), dayOf });
    const parts = { letter: null, writtenOn: facts.writtenOn, values: factsValues(facts), errors: {} };
    return res.render("letters/facts", factsPage(readerOf(res), known, template, parts));
  });

  router.post("/", edit, async (req, res) => {
    const template = templateNamed(formValues(req.body).kind);
    if (template === null) {
      const page = kindPage(readerOf(res), matterOf(res), templates, { kind: "letters.kind.missing" });
      return res.status(422).render("letters/kind", page);
    }
    return takeFacts(req, res, template, null);
  });

  router.get("/:letter/facts", edit, async (req, res) => {
    const letter = await draftFrom(req, res);
    if (letter === null) return;
    const known = await gather(services, matterOf(res));
    const { facts } = letter;
    const parts = { letter, writtenOn: facts.writtenOn, values: { ...factsValues(facts), version: String(letter.version) }, errors: {} }; // prettier-ignore
    res.render("letters/facts", factsPage(readerOf(res), known, templates.get(letter.kind)!, parts));
  });

  router.post("/:letter/facts", edit, async (req, res) => {
    const letter = await draftFrom(req, res);
    if (letter !== null) await takeFacts(req, res, templates.get(letter.kind)!, letter);
  });

  /** The posted facts: a new letter, the words of a draft made anew, or only what is in force on another date. */
  async function takeFacts(req: Request, res: Response, template: Template, letter: Letter | null): Promise<void> {
    const { caseId } = memberOf(res);
    const known = await gather(services, matterOf(res));
    const form = parseFacts(req.body, template, {
      debts: new Set(known.debts.map(({ id }) => id)),
      rules: new Set(known.findings.map(({ rule }) => rule)),
      notices: new Set(known.notices.map(({ number }) => number)),
    });
    const today = localDate(matterOf(res).zone, clock.now());
    const again = (status: number, values: FormValues, errors: FormErrors, writtenOn: string) =>
      res
        .status(status)
        .render("letters/facts", factsPage(readerOf(res), known, template, { letter, writtenOn, values, errors }));
    if (!form.ok) return again(422, form.values, form.errors, letter?.facts.writtenOn ?? today);
    const { facts, press, version, anew } = form.value;
    if (press === "refresh") {
      const basis = suggestedBasis(known.grounds(template, facts), template);
      return again(200, { ...formValues(req.body), basis }, {}, facts.writtenOn);
    }
    if (letter?.edited === true && !anew)
      return again(422, formValues(req.body), { anew: "letters.anew.missing" }, facts.writtenOn);
    const kept = { ...facts, basis: chosenGrounds(known.grounds(template, facts), template, facts).map(({ rule }) => rule.id) }; // prettier-ignore
    const texts = textsFrom(known, template, kept);
    if (letter === null) {
      const made = await db
        .transaction()
        .execute((tx) => beginLetter(tx, caseId, template.kind, { facts: kept, texts }, by(res)));
      return res.redirect(303, `${at(made, res)}/text`);
    }
    const change = { facts: kept, texts, edited: false };
    const done = await db
      .transaction()
      .execute((tx) => changeLetter(tx, caseId, letter, version ?? letter.version, change, by(res)));
    if (!done) {
      const now = await draftFrom(req, res);
      if (now === null) return;
      const values = { ...formValues(req.body), version: String(now.version) };
      return again(409, values, { form: "letters.conflict.words" }, facts.writtenOn);
    }
    return res.redirect(303, `${at(letter, res)}/text`);
  }

  // --- the words -------------------------------------------------------------------------------------------------------

  async function textPage(res: Response, letter: Letter, values: FormValues, errors: FormErrors): Promise<TextPage> {
    const { t, locale } = readerOf(res);
    const written = Object.values(values).flat().join("\n");
    return {
      title: t("letters.text.heading", { name: templates.get(letter.kind)!.name[locale] }),
      caption: t("letters.name", { number: letter.number }),
      caseId: memberOf(res).caseId,
      number: letter.number,
      locales: localesOf(letter.facts.language),
      warnings: warningsOf(t, findPrivate(written, await privateOf(services, memberOf(res).caseId))),
      values,
      errors,
    };
  }

  router.get("/:letter/text", edit, async (req, res) => {
    const letter = await draftFrom(req, res);
    if (letter === null) return;
    const values = { ...textsValues(letter.texts), version: String(letter.version) };
    res.render("letters/text", await textPage(res, letter, values, {}));
  });

  router.post("/:letter/text", edit, async (req, res) => {
    const letter = await draftFrom(req, res);
    if (letter === null) return;
    const form = parseTexts(req.body, letter.facts);
    if (!form.ok) return res.status(422).render("letters/text", await textPage(res, letter, form.values, form.errors));
    const { texts, version } = form.value;
    const edited = letter.edited || JSON.stringify(texts) !== JSON.stringify(inOrder(letter.texts));
    const change = { facts: letter.facts, texts, edited };
    const done = await db
      .transaction()
      .execute((tx) => changeLetter(tx, memberOf(res).caseId, letter, version, change, by(res)));
    if (done) return res.redirect(303, `${at(letter, res)}?saved=1`);
    const now = await draftFrom(req, res);
    if (now === null) return;
    // A second tap on the button: it was saved by the first.
    if (JSON.stringify(texts) === JSON.stringify(inOrder(now.texts)))
      return res.redirect(303, `${at(now, res)}?saved=1`);
    const values = { ...formValues(req.body), version: String(now.version) };
    const page = await textPage(res, now, values, { form: "letters.conflict.words" });
    return res.status(409).render("letters/text", page);
  });

  router.get("/:letter", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const letter = await letterFrom(req, res);
    const written = Object.values(letter.texts)
      .flatMap((text) => Object.values(text))
      .join("\n");
    const page = showPage(readerOf(res), caseId, letter, templates.get(letter.kind)!, {
      mayEdit: may(role, "log"),
      saved: req.query.saved === "1",
      cited: letter.facts.basis.length,
      warnings: letter.sent === null ? findPrivate(written, await privateOf(services, caseId)) : [],
    });
    res.render("letters/show", page);
  });

  // --- the files -------------------------------------------------------------------------------------------------------

  const some = rateLimited({ limit: 120, minutes: 60, who: (res) => memberOf(res).personId });
  for (const format of ["pdf", "docx"] as const) {
    router.get(`/:letter/${format}`, some, async (req, res) => {
      const { caseId } = memberOf(res);
      const letter = await letterFrom(req, res);
      const sent = letter.sent?.[format];
      const path = sent === undefined ? (await filesOf(config.dataDir, caseId, letter))[format] : null;
      const size = sent === undefined ? (await stat(path!)).size : await blobs.size(sent);
      if (size === null) throw notFound();
      res.set({
        "Content-Type": types[format],
        "Content-Length": String(size),
        "Content-Disposition": contentDisposition("attachment", fileName(letter, format)),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
      });
      if (req.method === "HEAD") {
        res.end();
        return;
      }
      try {
        await pipeline(sent === undefined ? createReadStream(path!) : blobs.open(sent), res);
      } catch (error) {
        // The reader left; nothing is wrong with the file.
        if (!(error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE")) throw error;
      }
    });
  }

  // --- sent ------------------------------------------------------------------------------------------------------------

  async function sendingPage(res: Response, letter: Letter, values: FormValues, errors: FormErrors) {
    const { caseId, personId } = memberOf(res);
    const { t, locale, format } = readerOf(res);
    const template = templates.get(letter.kind)!;
    const waiting = await heldFiles(db, caseId, personId, clock.now() - HELD_FOR_MS);
    const wanted = new Set([values.held ?? []].flat());
    return {
      title: t("letters.sending.title"),
      caption: `${t("letters.name", { number: letter.number })} · ${template.name[locale]}`,
      caseId,
      number: letter.number,
      saved: format.instant(letter.updatedAt),
      becomes: noticesOf(template, letter.facts).map((kind) => t(`notices.kind.${kind}.name`)),
      held: waiting.filter(({ id }) => wanted.has(id)).map(({ id, name }) => ({ id, name: shownName(name) })),
      maxFileMb: Math.floor(config.maxFileBytes / 1_000_000),
      values,
      errors,
    };
  }

  /** What was sent, with its files kept for the next try. */
  async function withHeld(req: Request, res: Response): Promise<FormValues> {
    const { caseId, personId } = memberOf(res);
    const held = toHold(uploadOf(res).files, newId, clock.now());
    await holdFiles(db, caseId, personId, held);
    const sent = formValues(req.body);
    return { ...sent, held: [...[sent.held ?? []].flat(), ...held.map(({ id }) => id)] };
  }

  router.get("/:letter/sending", edit, async (req, res) => {
    const letter = await draftFrom(req, res);
    if (letter === null) return;
    const values = { version: String(letter.version), sentDate: localDate(matterOf(res).zone, clock.now()) };
    res.render("letters/sending", await sendingPage(res, letter, values, {}));
  });

  router.post("/:letter/sending", edit, files, async (req, res) => {
    const { caseId } = memberOf(res);
    const letter = await draftFrom(req, res);
    if (letter === null) return;
    const upload = uploadOf(res);
    const { zone } = matterOf(res);
    const form = readSending(req.body, letter, templates.get(letter.kind)!, {
      zone,
      now: clock.now(),
      note: readerOf(res).t("letters.name", { number: letter.number }),
      localDay: (when) => localDate(zone, when),
    });
    const errors: FormErrors = form.ok ? {} : form.errors;
    const [refused] = upload.refused;
    if (refused !== undefined) {
      const params = { name: shownName(refused.name), mb: Math.floor(upload.limits.bytes / 1_000_000) };
      errors.files = { key: `notices.files.${refused.why}`, params: { ...params, max: upload.limits.files } };
    }
    if (!form.ok || Object.keys(errors).length > 0) {
      return res
        .status(422)
        .render("letters/sending", await sendingPage(res, letter, await withHeld(req, res), errors));
    }
    const made = await filesOf(config.dataDir, caseId, letter);
    const kept = async (format: "pdf" | "docx"): Promise<ReceivedFile> => ({
      ...(await blobs.receive(createReadStream(made[format]))),
      mediaType: types[format],
      name: fileName(letter, format),
    });
    const [pdf, docx] = [await kept("pdf"), await kept("docx")];
    // Whole or not at all: notices and evidence are undone, too, when somebody else was faster.
    const done = await db
      .transaction()
      .execute(async (tx) => {
        if (!(await sendLetter(tx, caseId, letter, { ...form.value, pdf, docx, proof: upload.files }, by(res))))
          throw new Overtaken();
        return true;
      })
      .catch((error: unknown) => {
        if (error instanceof Overtaken) return false;
        throw error;
      });
    if (!done) {
      const now = (await getLetter(db, caseId, letter.number)) ?? letter;
      // A second tap on the button: it was sent by the first.
      if (now.sent !== null) return res.redirect(303, `${at(letter, res)}?saved=1`);
      const values = { ...(await withHeld(req, res)), version: String(now.version) };
      const page = await sendingPage(res, now, values, { form: "letters.conflict.sending" });
      return res.status(409).render("letters/sending", page);
    }
    await forgetFiles(config.dataDir, caseId, letter.number, null);
    return res.redirect(303, `${at(letter, res)}?saved=1`);
  });

  for (const [deed, removed] of [
    ["removal", true],
    ["restoration", false],
  ] as const) {
    router.post(`/:letter/${deed}`, edit, async (req, res) => {
      const { caseId } = memberOf(res);
      const letter = await letterFrom(req, res);
      const done = await db.transaction().execute((tx) => removeLetter(tx, caseId, letter, removed, by(res)));
      if (!done && letter.sent !== null) throw conflict("letters.frozen");
      const letters = `/cases/${caseId}/letters`;
      res.redirect(303, removed ? `${letters}?removed=${letter.number}` : `${letters}/${letter.number}`);
    });
  }

  async function letterFrom(req: Request, res: Response): Promise<Letter> {
    const number = numberFrom(req.params.letter);
    const letter = number === null ? null : await getLetter(db, memberOf(res).caseId, number);
    if (letter === null) throw notFound();
    return letter;
  }

  /** Only a draft can be changed; anything else is shown as it is. */
  async function draftFrom(req: Request, res: Response): Promise<Letter | null> {
    const letter = await letterFrom(req, res);
    if (letter.sent === null && letter.removedAt === null) return letter;
    res.redirect(303, at(letter, res));
    return null;
  }

  const templateNamed = (name: unknown): Template | null => {
    const kind = letterKinds.find((one) => one === name);
    return kind === undefined ? null : templates.get(kind)!;
  };
  return router;
}

/** Somebody else changed or sent the letter meanwhile. */
class Overtaken extends Error {}

const fileName = ({ number, kind, facts }: Letter, format: string): string =>
  `letter-${number}-${kind}-${facts.writtenOn}.${format}`;

/** The same texts with their fields in the order in which the form gives them. */
const inOrder = (texts: LetterTexts): LetterTexts =>
  Object.fromEntries(
    Object.entries(texts).map(([locale, { title, recipient, sender, date, body }]) => [
      locale,
      { title, recipient, sender, date, body },
    ]),
  );

function numberFrom(text: unknown): number | null {
  return typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
