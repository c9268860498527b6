/**
 * What a browser may do with our pages: load from this site only, be framed by nobody, keep nothing private.
 * Must not know any feature. A download that needs a stricter policy (evidence) sets its own headers over these.
 * Next: same-origin.ts (requests from other sites), limits.ts (how much, how often, how long).
 */
import type { Express, RequestHandler } from "express";
import helmet from "helmet";

/** Headers of every answer. `https` is whether people reach the site by https, as BASE_URL says. */
export function setUpSecurity(app: Express, { https = false }: { https?: boolean } = {}): void {
  app.disable("x-powered-by");
  // Pages are kept by nobody (below), so nobody could send the mark of one back.
  app.set("etag", false);
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          "default-src": ["'self'"],
          "script-src": ["'self'"],
          "script-src-attr": ["'none'"],
          "style-src": ["'self'"],
          "img-src": ["'self'", "data:"],
          "media-src": ["'self'"],
          "font-src": ["'self'"],
          "connect-src": ["'self'"],
          "object-src": ["'none'"],
          "base-uri": ["'none'"],
          "form-action": ["'self'"],
          "frame-ancestors": ["'none'"],
          ...(https ? { "upgrade-insecure-requests": [] } : {}),
        },
      },
      // Where this page was is nobody else's business, but same-origin.ts compares our own.
      referrerPolicy: { policy: "same-origin" },
      strictTransportSecurity: https ? { maxAge: 180 * 24 * 3600, includeSubDomains: false } : false,
      crossOriginEmbedderPolicy: false,
      xFrameOptions: { action: "deny" },
    }),
  );
  app.use(keepPrivate);
}

/** Nothing is kept by browsers or proxies unless a route says so; static files do. */
const keepPrivate: RequestHandler = (_req, res, next) => {
  res.set({
    "Cache-Control": "no-store",
    // A picture may be taken for a case (the file field's own camera needs no permission); nothing else is needed.
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "X-Robots-Tag": "noindex",
  });
  next();
};
