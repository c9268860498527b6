/**
 * The pages of one kind of entry, the same for every kind: its list, a new one, one entry, its correction, removal and return. Mounted by
 * app.ts once for each book, below /cases/:case/requests, payments, figures, impacts.
 */
import { type Request, type Response, Router } from "express";
import type { By, Case } from "../cases/case.ts";
import { currencies } from "../cases/form.ts";
import { currencyOf } from "../cases/pages.ts";
import { listDebts, nameOf } from "../cases/store.ts";
import { HELD_FOR_MS } from "../evidence/evidence.ts";
import { fileView, linkedText, refusedText, toHold, uploadField } from "../evidence/pages.ts";
import { evidenceOf, heldFiles, holdFiles } from "../evidence/store.ts";
import { receiveFiles, uploadOf } from "../evidence/upload.ts";
import { listEvents } from "../history/store.ts";
import { getIncident } from "../incidents/store.ts";
import { debtName } from "../notices/pages.ts";
import { recordedNotices } from "../notices/store.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import { newId } from "../platform/ids.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, formValues } from "../web/forms.ts";
import type { Translate } from "../web/locale.ts";
import { type Book, type BookContext, type BookWords, type Entry, bookPath } from "./entry.ts";
import { correctEntry, recordEntry, removeEntry } from "./keep-entry.ts";
import {
  type EntriesPage,
  type EntryFormPage,
  type EntryPage,
  changesOf,
  debtChoices,
  entryConflict,
  entryView,
  placeOf,
} from "./pages.ts";
import { type Place, getEntry, listEntries, versionsOf } from "./store.ts";

const PER_PAGE = 50;

export function ledgerRoutes<Facts extends object>(services: Services, book: Book<Facts>): Router {
  const { db, clock, config } = services;
  const router = Router({ mergeParams: true });
  const edit = requireMay("log");
  const files = receiveFiles(services);
  const { kind } = book;
  const at = placeOf(kind);
  const baseOf = (res: Response) => `/cases/${memberOf(res).caseId}/${bookPath(kind)}`;
  const by = (res: Response): By => ({ personId: memberOf(res).personId, at: clock.now() });

  async function wordsOf(res: Response): Promise<BookWords> {
    const { t, format } = res.locals as { t: Translate; format: Format };
    return { t, format, debts: await listDebts(db, memberOf(res).caseId) };
  }

  /** What a form of this case is read against; `incident` is the only contact it may name. */
  async function contextOf(res: Response, incident: number | null): Promise<BookContext> {
    const matter = res.locals.case as Case;
    const [debts, notices, found] = await Promise.all([
      listDebts(db, matter.id),
      recordedNotices(db, matter.id),
      incident === null ? null : getIncident(db, matter.id, incident),
    ]);
    return {
      today: Temporal.Instant.fromEpochMilliseconds(clock.now())
        .toZonedDateTimeISO(matter.zone)
        .toPlainDate()
        .toString(),
      currency: debts.find(({ currency }) => currency !== null)?.currency ?? currencyOf(matter.country),
      debts,
      notices: new Set(notices.map(({ number }) => number)),
      hasIncident: (number) => found !== null && found.removedAt === null && found.number === number,
      case: matter,
    };
  }

  async function entryFrom(req: Request, res: Response): Promise<Entry<Facts>> {
    const number = numberFrom(req.params.number);
    const entry = number === null ? null : await getEntry(db, memberOf(res).caseId, book, number);
    if (entry === null) throw notFound();
    return entry;
  }

  router.get("/", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const words = await wordsOf(res);
    const base = baseOf(res);
    const before = placeFrom(req.query.before);
    const found = await listEntries(db, caseId, book, { before: before ?? undefined, limit: PER_PAGE + 1 });
    const entries = found.slice(0, PER_PAGE);
    const last = entries.at(-1);
    const proof = await evidenceOf(
      db,
      caseId,
      kind,
      entries.map(({ id }) => id),
    );
    const gone = numberFrom(req.query.removed);
    const removed = gone === null ? null : await getEntry(db, caseId, book, gone);
    const page: EntriesPage = {
      title: words.t(`ledger.${kind}.title`),
      caseId,
      at,
      kind,
      base,
      mayEdit: may(role, "log"),
      entries: entries.map((entry) => entryView(words, base, book, entry, proof.get(entry.id)?.length ?? 0)),
      chosen:
        book.isChosen === undefined
          ? null
          : entries.filter(({ facts }) => book.isChosen!(facts)).map(({ number }) => number),
      newerHref: before === null ? null : base,
      olderHref: found.length > PER_PAGE && last !== undefined ? `${base}?before=${last.onDay}.${last.number}` : null,
      removed:
        removed === null || removed.removedAt === null
          ? null
          : {
              text: words.t("ledger.removed", { name: words.t(`ledger.${kind}.name`, { number: removed.number }) }),
              action: `${base}/${removed.number}/restoration`,
            },
    };
    res.render("ledger/list", page);
  });

  async function formPage(
    res: Response,
    context: BookContext,
    parts: Pick<EntryFormPage, "number" | "version" | "values" | "errors" | "conflict">,
  ): Promise<EntryFormPage> {
    const { caseId, personId } = memberOf(res);
    const words = await wordsOf(res);
    const { t } = words;
    const held = await heldFiles(db, caseId, personId, clock.now() - HELD_FOR_MS);
    const wanted = new Set([parts.values.held ?? []].flat());
    return {
      title:
        parts.number === null
          ? t(`ledger.${kind}.new`)
          : t("ledger.correct", { name: t(`ledger.${kind}.name`, { number: parts.number }) }),
      caseId,
      at,
      kind,
      base: baseOf(res),
      debts: debtChoices(context, parts.values.debt, { gone: t("notices.debt.gone"), name: debtName }),
      currencies,
      upload: uploadField(
        held.filter(({ id }) => wanted.has(id)),
        wanted,
        { bytes: config.maxFileBytes, files: config.maxFiles },
        words,
      ),
      ...parts,
    };
  }

  router.get("/new", edit, async (req, res) => {
    const context = await contextOf(res, null);
    const values = book.fresh(context, formValues(req.query));
    res.render(
      "ledger/form",
      await formPage(res, context, { number: null, version: null, values, errors: {}, conflict: null }),
    );
  });

  /** The posted form and its files; a form with a mistake keeps the files for the next try. */
  async function received(req: Request, res: Response) {
    const upload = uploadOf(res);
    const values = formValues(req.body);
    const context = await contextOf(res, numberFrom(plainDigits(values.incident)));
    const parsed = book.parse(req.body, context);
    const refused = refusedText(upload, await wordsOf(res));
    if (parsed.ok && refused === undefined) return { ok: true, facts: parsed.value, context, upload, values } as const;
    const errors: FormErrors = {
      ...(parsed.ok ? {} : parsed.errors),
      ...(refused === undefined ? {} : { files: refused }),
    };
    return { ok: false, context, upload, values: await hold(res, values, upload.files), errors } as const;
  }

  async function hold(
    res: Response,
    values: FormValues,
    kept: ReturnType<typeof uploadOf>["files"],
  ): Promise<FormValues> {
    const held = toHold(kept, newId, clock.now());
    await holdFiles(db, memberOf(res).caseId, memberOf(res).personId, held);
    return { ...values, held: [...heldIds(values), ...held.map(({ id }) => id)] };
  }

  router.post("/", edit, files, async (req, res) => {
    const { caseId } = memberOf(res);
    const form = await received(req, res);
    if (!form.ok) {
      const parts = { number: null, version: null, values: form.values, errors: form.errors, conflict: null };
      return res.status(422).render("ledger/form", await formPage(res, form.context, parts));
    }
    const { facts } = form;
    const proof = { files: form.upload.files, held: heldIds(form.values) };
    const entry = await db.transaction().execute((tx) => recordEntry(tx, caseId, book, facts, proof, by(res)));
    return res.redirect(303, `${baseOf(res)}/${entry.number}?saved=1`);
  });

  router.get("/:number", async (req, res) => {
    const { caseId, role } = memberOf(res);
    const entry = await entryFrom(req, res);
    const words = await wordsOf(res);
    const proof = (await evidenceOf(db, caseId, kind, [entry.id])).get(entry.id) ?? [];
    const base = baseOf(res);
    const somebody = words.t("cases.somebody");
    const said = await Promise.all(
      (await versionsOf(db, caseId, book, entry.id)).map(async (one) => ({
        ...one,
        by: (await nameOf(db, one.by)) ?? somebody,
      })),
    );
    const page: EntryPage = {
      title: words.t(`ledger.${kind}.name`, { number: entry.number }),
      caseId,
      at,
      kind,
      base,
      href: `${base}/${entry.number}`,
      caption: words.t("ledger.kept", {
        when: words.format.shortInstant(entry.createdAt),
        name: (await nameOf(db, entry.createdBy)) ?? words.t("cases.somebody"),
      }),
      removed: entry.removedAt !== null,
      mayEdit: may(role, "log"),
      rows: book.rows(entry.facts, words, caseId),
      files: proof.map((file) => fileView(caseId, file, words)),
      changes: changesOf(words, caseId, book, said),
      saved: req.query.saved === "1" ? [words.t("ledger.saved"), ...linkedText(req.query, words)] : [],
    };
    res.render("ledger/show", page);
  });

  router.get("/:number/correction", edit, async (req, res) => {
    const { number, version, facts } = await entryFrom(req, res);
    const parts = { number, version, values: book.values(facts), errors: {}, conflict: null };
    res.render("ledger/form", await formPage(res, await contextOf(res, null), parts));
  });

  router.post("/:number/correction", edit, files, async (req, res) => {
    const { caseId } = memberOf(res);
    const stored = await entryFrom(req, res);
    const { number } = stored;
    const form = await received(req, res);
    const version = numberFrom(form.values.version) ?? stored.version;
    if (!form.ok) {
      const parts = { number, version, values: form.values, errors: form.errors, conflict: null };
      return res.status(422).render("ledger/form", await formPage(res, form.context, parts));
    }
    const { facts } = form;
    const proof = { files: form.upload.files, held: heldIds(form.values) };
    const outcome = await db
      .transaction()
      .execute((tx) => correctEntry(tx, caseId, book, { number, version }, { facts, proof }, by(res)));
    if (outcome === null) throw notFound();
    if (outcome.done) return res.redirect(303, `${baseOf(res)}/${number}?saved=1`);
    const words = await wordsOf(res);
    const [last] = await listEvents(db, caseId, { subject: `${kind}:${number}`, limit: 1 });
    const name = (last === undefined ? null : await nameOf(db, last.actor)) ?? words.t("cases.somebody");
    const both = { stored: outcome.stored.facts, yours: facts };
    const conflict = entryConflict(words, caseId, book, both, { by: name, at: last?.at ?? clock.now() });
    // The files of this try wait for the next one.
    const values = { ...book.values(facts), held: (await hold(res, form.values, form.upload.files)).held ?? [] };
    const parts = { number, version: outcome.stored.version, values, errors: {}, conflict };
    return res.status(409).render("ledger/form", await formPage(res, form.context, parts));
  });

  for (const [deed, removed] of [
    ["removal", true],
    ["restoration", false],
  ] as const) {
    router.post(`/:number/${deed}`, edit, async (req, res) => {
      const { number } = await entryFrom(req, res);
      await db.transaction().execute((tx) => removeEntry(tx, memberOf(res).caseId, book, number, removed, by(res)));
      res.redirect(303, removed ? `${baseOf(res)}?removed=${number}` : `${baseOf(res)}/${number}`);
    });
  }
  return router;
}

function numberFrom(text: unknown): number | null {
  return typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

const plainDigits = (value: FormValues[string] | undefined): string =>
  typeof value === "string" ? value.normalize("NFKC").trim().replace(/^#/, "") : "";

/** Files received with earlier tries of the form. */
const heldIds = (values: FormValues): string[] =>
  [values.held ?? []]
    .flat()
    .filter((id) => id.length <= 100)
    .slice(0, 1000);

/** "2026-11-24.3": where a page of a list goes on. */
function placeFrom(value: unknown): Place | null {
  const [, onDay, number] = /^(\d{4}-\d{2}-\d{2})\.([1-9]\d{0,8})$/.exec(typeof value === "string" ? value : "") ?? [];
  return onDay === undefined ? null : { onDay, number: Number(number) };
}
