/**
 * From a request's cookie to the person, and the wall in front of everything private.
 * The session itself is the sign-in library's. Next: member.ts, the wall round one case.
 */
import type { Express, Request, RequestHandler, Response } from "express";
import type { Auth } from "./auth.ts";
import type { Person } from "./person.ts";

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
export function setUpPerson(app: Express, auth: Auth): void {
  app.use(async (req, res, next) => {
    res.locals.person = null;
    if (req.headers.cookie?.includes("dunwatch.session_token") === true) {
      const { response, headers } = await auth.api.getSession({ headers: authHeaders(req), returnHeaders: true });
      passCookies(headers, res);
      if (response !== null) {
        const { id, name, email, locale, standing } = response.user;
        res.locals.person = {
          id,
          name,
          email,
          locale: locale ?? null,
          standing: standing === "owner" ? "owner" : "member",
        } satisfies Person;
      }
    }
    next();
  });
}

/** A page of the app is only for signed-in people; others sign in first and come back to where they wanted to go. */
export const requirePerson: RequestHandler = (req, res, next) => {
  if (res.locals.person !== null) return next();
  res.set("Cache-Control", "no-store");
  const back = req.method === "GET" ? req.originalUrl : "/";
  res.redirect(303, back === "/" ? "/sign-in" : `/sign-in?back=${encodeURIComponent(back)}`);
};
