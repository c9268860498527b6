/**
 * One line in the log for each request, with nothing personal in it: no bodies, no query strings, no tokens, no addresses.
 * Must not know any feature.
 * Next: errors.ts (what is logged when something fails).
 */
import { randomUUID } from "node:crypto";
import type { Express } from "express";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";

/** Logs requests as they end and gives each an id, also sent back as `X-Request-Id`. */
export function setUpLogging(app: Express, logger: Logger): void {
  app.use(
    pinoHttp({
      logger,
      genReqId: (_req, res) => {
        const id = randomUUID();
        res.setHeader("X-Request-Id", id);
        return id;
      },
      wrapSerializers: false,
      serializers: {
        req: (req: { id: unknown; method?: string; url?: string }) => ({
          id: req.id,
          method: req.method,
          path: withoutNames(req.url ?? ""),
        }),
        res: (res: { statusCode: number }) => ({ status: res.statusCode }),
      },
      // A failed request is logged by the error handler with its reference; here it is one line like any other.
      customLogLevel: (_req, res) => (res.statusCode >= 500 ? "warn" : "info"),
      customSuccessMessage: () => "request",
      customErrorMessage: () => "request",
      customErrorObject: (_req, _res, _error, value: object) => ({ ...value, err: undefined }),
      autoLogging: { ignore: (req) => req.url === "/health" },
    }),
  );
}

/** A path with what may identify somebody left out: ids, numbers, tokens, names of files. */
function withoutNames(url: string): string {
  const path = url.split("?", 1)[0] ?? "";
  return path
    .split("/")
    .slice(0, 12)
    .map((part) => (part === "" || /^[a-z][a-z-]{0,30}(\.[a-z]{1,5})?$/.test(part) ? part : ":x"))
    .join("/");
}
