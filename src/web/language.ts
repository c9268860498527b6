/**
 * The language a request is answered in: the reader's choice, how it is kept, and the switch at the top of every page.
 * Must not know the words themselves (locale.ts) nor who people are.
 * Next: locale.ts, format.ts.
 */
import type { Express, NextFunction, Request, RequestHandler, Response } from "express";
import { formatter } from "./format.ts";
import { type Locale, isLocale, translator } from "./locale.ts";

const cookieName = "locale";
const oneYear = 365 * 24 * 3600 * 1000;

/** The first language a browser asks for that we speak: any Chinese reads zh-CN. */
export function fromAcceptLanguage(header: string | undefined): Locale | undefined {
  const wanted = (header ?? "")
    .split(",", 20)
    .map((part) => {
      const [tag = "", ...params] = part.trim().toLowerCase().split(";");
      const q = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((value) => value !== undefined);
      return { tag, q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { tag } of wanted) {
    if (tag === "zh" || tag.startsWith("zh-")) return "zh-CN";
    if (tag === "en" || tag.startsWith("en-")) return "en";
  }
  return undefined;
}

/** Puts the words and formats of a language, and of a time zone if given, on a response for templates to use. */
export function speak(res: Response, locale: Locale, zone?: string): void {
  const t = translator(locale);
  const format = formatter(locale, zone ?? res.locals.zone ?? Temporal.Now.timeZoneId());
  Object.assign(res.locals, { locale, t, format });
}

/** Inside a case, times are shown in the case's zone. */
export function setZone(res: Response, zone: string): void {
  res.locals.zone = zone;
  speak(res, res.locals.locale as Locale, zone);
}

/** Chooses the language: the person's setting, else the cookie, else what the browser asks for, else English. */
export function chooseLocale(req: Request, res: Response): Locale {
  const person = res.locals.person as { locale?: unknown } | null | undefined;
  if (isLocale(person?.locale)) return person.locale;
  const cookie = /(?:^|;\s*)locale=(en|zh-CN)(?:;|$)/.exec(req.headers.cookie ?? "")?.[1];
  if (isLocale(cookie)) return cookie;
  return fromAcceptLanguage(req.headers["accept-language"]) ?? "en";
}

type Remember = (personId: string, locale: Locale) => Promise<void> | void;

/**
 * Speaks to every request in its reader's language, and answers `/language?to=zh-CN&back=/cases`.
 * Goes after the middleware that sets `res.locals.person` (`{ id, locale? }` or null), whose setting comes first.
 * `remember` keeps a signed-in person's choice; everybody's is kept in a cookie.
 */
export function setUpLanguage(app: Express, { remember }: { remember?: Remember } = {}): void {
  app.use((req: Request, res: Response, next: NextFunction) => {
    res.vary("Accept-Language");
    speak(res, chooseLocale(req, res));
    next();
  });
  const change: RequestHandler = async (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>;
    const to = req.query.to ?? body.to;
    if (isLocale(to)) {
      res.cookie(cookieName, to, { httpOnly: true, sameSite: "lax", maxAge: oneYear, secure: req.secure, path: "/" });
      const person = res.locals.person as { id: string } | null | undefined;
      // Another site may link here, but must not change what a person has set.
      if (person && req.headers["sec-fetch-site"] !== "cross-site") await remember?.(person.id, to);
    }
    res.redirect(303, ownPath(req.query.back ?? body.back));
  };
  app.get("/language", change);
  app.post("/language", change);
}

/** A path of this site, or the home page: never another site's address. */
export function ownPath(back: unknown): string {
  if (typeof back !== "string" || !back.startsWith("/") || back.length > 2000) return "/";
  const url = URL.parse(back, "http://self.invalid");
  return url?.origin === "http://self.invalid" ? url.pathname.replace(/^\/{2,}/, "/") + url.search : "/";
}
