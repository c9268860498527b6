/**
 * Refuses changes that another site's page asks a signed-in browser to make (cross-site request forgery), without tokens.
 * Must not know sessions. The idea: Filippo Valsorda, "Cross-Site Request Forgery", 2025 (words.filippo.io/csrf), as in
 * Go's net/http CrossOriginProtection: trust Sec-Fetch-Site where the browser sends it, else compare Origin with Host.
 * Next: security.ts.
 */
import type { Express, Request } from "express";
import { forbidden } from "./errors.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** `baseUrl` is the address people use; behind a proxy that rewrites Host its origin counts as ours too. */
export function setUpSameOrigin(app: Express, { baseUrl }: { baseUrl?: string | undefined } = {}): void {
  const ownOrigin = baseUrl ? URL.parse(baseUrl)?.origin : undefined;
  app.use((req, _res, next) => {
    next(safeMethods.has(req.method) || isOwn(req, ownOrigin) ? undefined : forbidden("errors.crossSite"));
  });
}

function isOwn(req: Request, ownOrigin: string | undefined): boolean {
  const origin = req.headers.origin;
  if (origin !== undefined && origin === ownOrigin) return true;
  const site = req.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  // Neither header: not a browser of the last years (they send Origin with every POST), so no session to be misused.
  if (origin === undefined) return true;
  return URL.parse(origin)?.host === req.headers.host;
}
