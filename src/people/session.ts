/**
 * From a request's cookie to the person, and the wall in front of everything private.
 * The session itself is the sign-in library's, which is asked whenever there is more to do than to read it. Next: member.ts, the wall round one case.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Express, Request, RequestHandler, Response } from "express";
import type { Db } from "../platform/database.ts";
import type { Auth } from "./auth.ts";
import type { Person } from "./person.ts";
import { sessionOf } from "./store.ts";

/** Headers of a request as the sign-in library wants them, with the visitor's address where it looks for it. */
export function authHeaders(req: Request): Headers {
  const headers = new Headers({ "x-visitor-address": req.ip ?? "" });
  if (req.headers.cookie !== undefined) headers.set("cookie", req.headers.cookie);
  const agent = req.get("user-agent");
  if (agent !== undefined) headers.set("user-agent", agent.slice(0, 300));
  return headers;
}

/** Passes the library's cookies on to the browser. */
export function passCookies(from: Headers, res: Response): void {
  for (const cookie of from.getSetCookie()) res.append("Set-Cookie", cookie);
}

/** Puts the signed-in person, or null, on `res.locals.person`; a session in use is prolonged. */
export function setUpPerson(app: Express, { auth, db }: { auth: Auth; db: Db }): void {
  app.use(async (req, res, next) => {
    res.locals.person = null;
    const { cookie } = req.headers;
    if (cookie?.includes("dunwatch.session_token") === true)
      res.locals.person = (await readPerson(auth, db, cookie)) ?? (await askLibrary(auth, req, res));
    next();
  });
}

/**
 * The common case by ourselves, in one query: one cookie, rightly signed, of a stored session that needs no prolonging yet. Null for
 * anything else, which is then the library's to decide; a session that was revoked is not stored any more.
 */
async function readPerson(auth: Auth, db: Db, cookies: string): Promise<Person | null> {
  const { authCookies, secret, sessionConfig } = await auth.$context;
  const token = signedValue(cookies, authCookies.sessionToken.name, secret);
  const stored = token === null ? null : await sessionOf(db, token);
  if (stored === null) return null;
  const { expiresIn, updateAge } = sessionConfig;
  return stored.expiresAt - expiresIn * 1000 + updateAge * 1000 > Date.now() ? stored.person : null;
}

/** The value of a signed cookie (`value.base64(HMAC-SHA-256)`, escaped as a part of an address), if it is there once and its signature is right. */
function signedValue(cookies: string, name: string, secret: string): string | null {
  const [written, ...others] = cookies.split(/;\s*/).filter((cookie) => cookie.startsWith(`${name}=`));
  if (written === undefined || others.length > 0) return null;
  let whole: string;
  try {
    whole = decodeURIComponent(written.slice(name.length + 1));
  } catch {
    return null;
  }
  const dot = whole.lastIndexOf(".");
  const value = whole.slice(0, Math.max(0, dot));
  const given = Buffer.from(whole.slice(dot + 1));
  const right = Buffer.from(createHmac("sha256", secret).update(value).digest("base64"));
  return value !== "" && given.length === right.length && timingSafeEqual(given, right) ? value : null;
}

/** Whatever the library says; it also prolongs a session, and takes useless cookies away. */
async function askLibrary(auth: Auth, req: Request, res: Response): Promise<Person | null> {
  const { response, headers } = await auth.api.getSession({ headers: authHeaders(req), returnHeaders: true });
  passCookies(headers, res);
  if (response === null) return null;
  const { id, name, email, locale, standing } = response.user;
  return { id, name, email, locale: locale ?? null, standing: standing === "owner" ? "owner" : "member" };
}

/** A page of the app is only for signed-in people; others sign in first and come back to where they wanted to go. */
export const requirePerson: RequestHandler = (req, res, next) => {
  if (res.locals.person !== null) return next();
  res.set("Cache-Control", "no-store");
  const back = req.method === "GET" ? req.originalUrl : "/";
  res.redirect(303, back === "/" ? "/sign-in" : `/sign-in?back=${encodeURIComponent(back)}`);
};
