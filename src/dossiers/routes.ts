/** The dossiers of a case: order a version, watch it being made, download it as it was frozen. Below /cases/:case/dossiers. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import type { Case } from "../cases/case.ts";
import { getCase } from "../cases/store.ts";
import { installedChannels } from "../complaints/load-channels.ts";
import { requireMay } from "../people/member.ts";
import { may } from "../people/permissions.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { HttpError, notFound } from "../web/errors.ts";
import type { Format } from "../web/format.ts";
import { type FormErrors, type FormValues, parseForm } from "../web/forms.ts";
import { rateLimited } from "../web/limits.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { filesOf } from "./build-dossier.ts";
import { checkCommands } from "./check-commands.ts";
import { bagName, DEFAULT_OPTIONS } from "./dossier.ts";
import { OrderForm } from "./form.ts";
import { type DossiersPage, officeChoices, percentOf, type VersionPage, versionRow, type Words } from "./pages.ts";
import { createDossierQueue, settled } from "./queue.ts";
import { openSigningKey } from "./sign.ts";
import { getVersion, listVersions, orderVersion, recordDownload, uncoveredExhibits, type Version } from "./store.ts";

/** How soon a page that shows progress asks again, without a script. */
const REFRESH_SECONDS = 2;
const wordsOf = (res: Response): Words => ({
  t: res.locals.t as Translate,
  format: res.locals.format as Format,
  locale: res.locals.locale as Locale,
});

export function dossierRoutes(services: Services): Router {
  const { db, clock, config } = services;
  const router = Router({ mergeParams: true });
  const queue = createDossierQueue(services);

  async function listPage(res: Response, values: FormValues, errors: FormErrors): Promise<DossiersPage> {
    const { caseId, role } = memberOf(res);
    const words = wordsOf(res);
    const versions: Version[] = [];
    for (const found of await listVersions(db, caseId)) versions.push(await settled(services, found));
    return {
      title: words.t("dossiers.list.title"),
      caseId,
      mayExport: may(role, "export"),
      versions: versions.map((found) => versionRow(found, words)),
      uncovered: (await uncoveredExhibits(db, caseId)).map((exhibit) => ({
        exhibit,
        href: `/cases/${caseId}/evidence/${exhibit}/redaction`,
      })),
      offices: officeChoices((res.locals.case as Case).country, words),
      values,
      errors,
    };
  }

  router.get("/", async (req, res) => {
    // Whoever comes from the draft of a complaint makes it for that office, in its language.
    const office = typeof req.query.channel === "string" ? installedChannels().get(req.query.channel) : undefined;
    const values: FormValues = {
      channel: office?.id ?? "",
      languages: office?.reads?.[0] ?? (res.locals.locale as string),
      outcomes: DEFAULT_OPTIONS.outcomes,
      reviews: DEFAULT_OPTIONS.reviews,
      include: ["exhibits", "words"],
      uncovered: "as-is",
    };
    res.render("dossiers/list", await listPage(res, values, {}));
  });

  // A build keeps a processor busy for seconds.
  const someOrders = rateLimited({ limit: 30, minutes: 60, who: (res) => memberOf(res).personId });
  router.post("/", requireMay("export"), someOrders, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const form = parseForm(OrderForm, req.body);
    if (!form.ok) return res.status(422).render("dossiers/list", await listPage(res, form.values, form.errors));
    const by = { personId, at: clock.now() };
    const version = await db.transaction().execute((tx) => orderVersion(tx, caseId, form.value.options, by));
    queue.add(caseId, version, form.value.hide);
    return res.redirect(303, `/cases/${caseId}/dossiers/${version}`);
  });

  async function versionOf(req: Request, res: Response): Promise<Version> {
    const text = String(req.params.version);
    const found = /^[1-9]\d{0,8}$/.test(text) ? await getVersion(db, memberOf(res).caseId, Number(text)) : null;
    if (found === null) throw notFound();
    return settled(services, found);
  }

  router.get("/:version", async (req, res) => {
    const found = await versionOf(req, res);
    const matter = await getCase(db, found.caseId);
    const words = wordsOf(res);
    const open = found.state === "pending" || found.state === "building";
    const page: VersionPage = {
      title: words.t(open ? "dossiers.progress.title" : "dossiers.versions.name", { version: found.version }),
      caseId: found.caseId,
      row: versionRow(found, words),
      percent: open ? percentOf(found.progress) : null,
      ...(open ? { refresh: REFRESH_SECONDS } : {}),
      fingerprint: found.state === "ready" ? (await openSigningKey(config.dataDir)).fingerprint : "",
      commands: found.state === "ready" ? checkCommands(bagName(matter?.number ?? 0, found.version)) : [],
    };
    res.set("Cache-Control", "no-store").render("dossiers/show", page);
  });

  for (const kind of ["pdf", "zip"] as const) {
    router.get(`/:version/${kind}`, async (req, res) => {
      const found = await versionOf(req, res);
      const made = found[kind];
      const matter = await getCase(db, found.caseId);
      if (found.state !== "ready" || made === null || matter === null) throw notFound();
      const path = filesOf(config.dataDir, found)[kind];
      const there = await stat(path).catch(() => null);
      if (there?.size !== made.size) throw new HttpError(503, "dossiers.error.gone");
      res.set({
        "Content-Type": kind === "pdf" ? "application/pdf" : "application/zip",
        "Content-Length": String(made.size),
        "Content-Disposition": `attachment; filename="${bagName(matter.number, found.version)}.${kind}"`,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        ETag: `"${made.sha256}"`,
      });
      if (req.method === "HEAD") {
        res.end();
        return;
      }
      await recordDownload(db, found, kind, { personId: memberOf(res).personId, at: clock.now() });
      try {
        await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), res);
      } catch (error) {
        // The reader left; nothing is wrong with the file.
        if (!(error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE")) throw error;
      }
    });
  }

  return router;
}
