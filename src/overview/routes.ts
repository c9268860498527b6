/** The front page of a person (/ and /cases) and of a case (/cases/:case). */
import { type Response, Router } from "express";
import type { Case } from "../cases/case.ts";
import { codesOf } from "../codes/case-codes.ts";
import { forbiddenHours } from "../codes/forbidden-hours.ts";
import { isoDay, zoneNamed } from "../conduct/zone.ts";
import { agendaOf } from "../complaints/agenda.ts";
import { countContactsByOutcome } from "../findings/contact-count-store.ts";
import { countByRule } from "../findings/count-store.ts";
import { currentFindings } from "../findings/judge-case.ts";
import { recordedNotices } from "../notices/store.ts";
import { may } from "../people/permissions.ts";
import { memberOf, personOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import type { Format } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import type { Rail } from "../web/view.ts";
import { homePage } from "./home-page.ts";
import { stretchesOf } from "./local-time.ts";
import { type OverviewPage, type Words, overviewPage } from "./pages.ts";
import { MOST_MARKS, bandsOf, pictureData, pictureSpan } from "./picture.ts";
import {
  casesOfPerson,
  collectorNames,
  countContacts,
  countNumbers,
  lastDossierAt,
  newestMarks,
  spanOf,
  staleCasesOf,
} from "./store.ts";

const DAY = 86_400_000;

const wordsOf = (res: Response): Words => ({
  t: res.locals.t as Translate,
  format: res.locals.format as Format,
  locale: res.locals.locale as Locale,
});

export function homeRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router();

  router.get(["/", "/cases"], async (req, res) => {
    const { id: personId } = personOf(res);
    // Whatever changed since is judged before it is counted; a case nobody touched costs nothing.
    for (const caseId of await staleCasesOf(db, personId)) await currentFindings(services, caseId);
    const cases = await casesOfPerson(db, personId);
    const deleted = numberFrom(req.query.deleted);
    const front = req.path === "/";
    const agenda = front ? await agendaOf(services, personId) : [];
    const page = homePage(wordsOf(res), cases, { front, now: clock.now(), deleted, agenda });
    res.render("overview/home", page);
  });

  // "Log a contact" of the front page, where the case is chosen from a list. The case itself asks who is a member.
  router.get("/log", (req, res) => {
    const caseId = req.query.case;
    const known = typeof caseId === "string" && /^[\w-]{1,100}$/.test(caseId);
    res.redirect(303, known ? `/cases/${caseId}/incidents/new` : "/");
  });
  return router;
}

const numberFrom = (text: unknown): number | null =>
  typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;

/** The front page of a case; below /cases/:case. */
export function overviewRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });

  router.get("/", async (_req, res) => {
    const matter = res.locals.case as Case;
    const { caseId, role } = memberOf(res);
    const zone = zoneNamed(matter.zone);
    const now = clock.now();
    const today = Math.floor((now + zone.offsetAt(now)) / DAY);
    const codes = (await codesOf(services, matter)).expand(matter.codes);
    const forbidden = forbiddenHours(codes, isoDay(today));
    const bands = bandsOf(forbidden);

    await currentFindings(services, caseId);
    const { first, last } = await spanOf(db, caseId);
    const ends = bands.map(({ to }) => to);
    const counted = await countContacts(db, caseId, stretchesOf(matter.zone, first ?? now, last ?? now), ends);
    const span = pictureSpan(counted.days, today, zone);
    const [numbers, notices, counts, contactsFound, collectors, dossierAt] = await Promise.all([
      countNumbers(db, caseId),
      recordedNotices(db, caseId),
      countByRule(db, caseId),
      countContactsByOutcome(db, caseId),
      collectorNames(db, caseId),
      lastDossierAt(db, caseId),
    ]);
    const marks = await newestMarks(db, caseId, span.since, MOST_MARKS);
    // The rail was counted before the findings were brought up to date.
    const rail = res.locals.rail as Rail;
    rail.counts.findings = counts.reduce((n, count) => n + count.open + count.confirmed + count.dismissed, 0);
    const page: OverviewPage = overviewPage(wordsOf(res), matter, {
      totals: { ...counted, numbers },
      picture: pictureData(counted.days, marks, { zone, bands, ...span }),
      forbidden,
      notices,
      counts,
      contactsFound,
      codes,
      collectors,
      lastDossierAt: dossierAt,
      mayLog: may(role, "log"),
      today: isoDay(today),
      now,
    });
    res.render("overview/show", page);
  });
  return router;
}
