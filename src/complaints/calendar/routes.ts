/** A person's private calendar address and reminders (/calendar), and what a calendar program gets there (/feeds). */
import { type Response, Router } from "express";
import { z } from "zod";
import { zoneChoices } from "../../cases/pages.ts";
import { lastCaseOf } from "../../cases/store.ts";
import { ZoneName } from "../../conduct/case.ts";
import { personOf } from "../../people/person.ts";
import type { Services } from "../../services.ts";
import { notFound } from "../../web/errors.ts";
import type { Format } from "../../web/format.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../../web/forms.ts";
import { type Translate, locales, translator } from "../../web/locale.ts";
import { feedMadeAt, makeFeed, personOfFeed, revokeFeed } from "../agenda-store.ts";
import { agendaOf } from "../agenda.ts";
import { dropWish, keepWish, wishOf } from "../reminders/store.ts";
import { CALENDAR_TYPE, calendarFile } from "./file.ts";

/** How long before a date people can be reminded. */
const DAYS_BEFORE = ["1", "3", "7"] as const;
const ReminderForm = z.object({
  wanted: z.literal("yes", { error: "complaints.reminders.missing" }),
  days: z.enum(DAYS_BEFORE).default("3"),
  zone: ZoneName,
});

interface CalendarPage {
  title: string;
  /** When the address that works was made. */
  since: string | null;
  /** An address just made; shown once. */
  link: string | null;
  revoked: boolean;
  saved: boolean;
  /** Null when this installation sends no mail. */
  reminders: {
    zones: ReturnType<typeof zoneChoices>;
    days: readonly string[];
    email: string;
    values: FormValues;
    errors: FormErrors;
  } | null;
  errors: FormErrors;
}

export function calendarRoutes(services: Services): Router {
  const { db, clock, config } = services;
  const router = Router();

  async function page(
    res: Response,
    parts: { link?: string; revoked?: boolean; saved?: boolean; values?: FormValues; errors?: FormErrors },
  ): Promise<CalendarPage> {
    const { t, format } = { t: res.locals.t as Translate, format: res.locals.format as Format };
    const madeAt = await feedMadeAt(db, personOf(res).id);
    return {
      title: t("complaints.calendar.title"),
      since: madeAt === null ? null : t("complaints.calendar.since", { date: format.date(madeAt) }),
      link: parts.link ?? null,
      revoked: parts.revoked === true,
      saved: parts.saved === true,
      reminders: config.smtpUrl === null ? null : await reminders(res, parts.values, parts.errors ?? {}),
      errors: parts.errors ?? {},
    };
  }

  async function reminders(res: Response, typed: FormValues | undefined, errors: FormErrors) {
    const { id, email } = personOf(res);
    const wish = await wishOf(db, id);
    const guess =
      res.locals.locale === "zh-CN" ? "Asia/Shanghai" : ((await lastCaseOf(db, id))?.zone ?? "Europe/London");
    const values: FormValues = typed ?? {
      wanted: wish === null ? "no" : "yes",
      days: String(wish?.daysBefore ?? 3),
      zone: wish?.zone ?? guess,
    };
    return {
      zones: zoneChoices(res.locals.t as Translate, String(values.zone ?? "")),
      days: DAYS_BEFORE,
      email,
      values,
      errors,
    };
  }

  router.post("/reminders", async (req, res) => {
    if (config.smtpUrl === null) throw notFound();
    const { id } = personOf(res);
    if (formValues(req.body).wanted === "no") {
      await dropWish(db, id);
      return res.redirect(303, "/calendar?saved=1");
    }
    const form = parseForm(ReminderForm, req.body);
    if (!form.ok) {
      const again = await page(res, { values: form.values, errors: form.errors });
      return res.status(422).render("complaints/calendar", again);
    }
    const { zone, days } = form.value;
    const locale = res.locals.locale as string;
    await keepWish(db, id, { zone, locale, daysBefore: Number(days) }, clock.now());
    return res.redirect(303, "/calendar?saved=1");
  });

  router.get("/", async (req, res) => {
    res.render(
      "complaints/calendar",
      await page(res, { revoked: req.query.revoked === "1", saved: req.query.saved === "1" }),
    );
  });

  router.post("/address", async (_req, res) => {
    const token = await db.transaction().execute((tx) => makeFeed(tx, personOf(res).id, clock.now()));
    const link = `${services.origin()}/feeds/${token}.ics`;
    res.set("Cache-Control", "no-store").render("complaints/calendar", await page(res, { link }));
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
