/** A person's private calendar address: made, ended (/calendar), and what a calendar program gets there (/feeds). */
import { type Response, Router } from "express";
import { personOf } from "../../people/person.ts";
import type { Services } from "../../services.ts";
import { notFound } from "../../web/errors.ts";
import type { Format } from "../../web/format.ts";
import { type Translate, locales, translator } from "../../web/locale.ts";
import { feedMadeAt, makeFeed, personOfFeed, revokeFeed } from "../agenda-store.ts";
import { agendaOf } from "../agenda.ts";
import { CALENDAR_TYPE, calendarFile } from "./file.ts";

interface CalendarPage {
  title: string;
  /** When the address that works was made. */
  since: string | null;
  /** An address just made; shown once. */
  link: string | null;
  revoked: boolean;
}

export function calendarRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router();

  async function page(res: Response, parts: { link: string | null; revoked: boolean }): Promise<CalendarPage> {
    const { t, format } = { t: res.locals.t as Translate, format: res.locals.format as Format };
    const madeAt = await feedMadeAt(db, personOf(res).id);
    return {
      title: t("complaints.calendar.title"),
      since: madeAt === null ? null : t("complaints.calendar.since", { date: format.date(madeAt) }),
      ...parts,
    };
  }

  router.get("/", async (req, res) => {
    res.render("complaints/calendar", await page(res, { link: null, revoked: req.query.revoked === "1" }));
  });

  router.post("/address", async (_req, res) => {
    const token = await db.transaction().execute((tx) => makeFeed(tx, personOf(res).id, clock.now()));
    const link = `${services.origin()}/feeds/${token}.ics`;
    res.set("Cache-Control", "no-store").render("complaints/calendar", await page(res, { link, revoked: false }));
  });

  router.post("/address/removal", async (_req, res) => {
    await revokeFeed(db, personOf(res).id, clock.now());
    res.redirect(303, "/calendar?revoked=1");
  });
  return router;
}

/** For calendar programs, which cannot sign in: the address itself is the key. */
export function feedRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router();
  router.get("/:feed.ics", async (req, res) => {
    const owner = await personOfFeed(db, String(req.params.feed));
    if (owner === null) throw notFound();
    const t = translator(locales.find((locale) => locale === owner.locale) ?? "en");
    const dues = await agendaOf(services, owner.personId);
    res.set({ "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex" });
    res.type(CALENDAR_TYPE).send(calendarFile(dues, { t, origin: services.origin(), now: clock.now() }));
  });
  return router;
}
