/**
 * What goes wrong in a request, as an HTTP status and a page in the reader's language; details go to the log alone.
 * Must not know any feature: throw notFound(), forbidden() or conflict() and leave the rest to this file.
 * Next: security.ts and limits.ts (who else refuses requests).
 */
import { randomBytes } from "node:crypto";
import type { ErrorRequestHandler, Express, Request } from "express";
import type { Logger } from "pino";
import { chooseLocale, speak } from "./language.ts";
import { type Translate, isKey } from "./locale.ts";

/** A refusal with a status. `key` names a sentence of its own to show (views/locales), `params` its values. */
export class HttpError extends Error {
  readonly status: number;
  readonly key: string | undefined;
  readonly params: Record<string, unknown> | undefined;
  constructor(status: number, key?: string, params?: Record<string, unknown>) {
    super(key ?? `HTTP ${status}`);
    this.status = status;
    this.key = key;
    this.params = params;
  }
}

/** 404: it does not exist, or it is not this person's to see. */
export const notFound = () => new HttpError(404);
/** 400: the address or the request makes no sense. */
export const badRequest = (key?: string, params?: Record<string, unknown>) => new HttpError(400, key, params);
/** 403: the person may see it but not do this. */
export const forbidden = (key?: string, params?: Record<string, unknown>) => new HttpError(403, key, params);
/** 409: somebody else changed it first, or it is no longer in a state for this. */
export const conflict = (key?: string, params?: Record<string, unknown>) => new HttpError(409, key, params);

const withPage = new Set([400, 403, 404, 409, 413, 422, 429, 500, 503]);

/** The status and sentence of an error, whoever threw it. */
function explain(error: unknown): {
  status: number;
  key?: string | undefined;
  params?: Record<string, unknown> | undefined;
} {
  if (error instanceof HttpError) return error;
  const { code, name, status, statusCode, type } = (error ?? {}) as Record<string, unknown>;
  if (code === "ENOSPC" || code === "SQLITE_FULL" || code === "EDQUOT" || code === "53100") {
    return { status: 503, key: "errors.full" };
  }
  if (code === "SQLITE_BUSY" || code === "40001" || code === "40P01" || code === "ECONNREFUSED") return { status: 503 };
  if (name === "MulterError")
    return { status: String(code).startsWith("LIMIT_") && code !== "LIMIT_UNEXPECTED_FILE" ? 413 : 400 };
  if (type === "request.aborted" || code === "ECONNABORTED") return { status: 400 };
  // Express and its body parser mark what the request itself is to blame for.
  const said = Number(status ?? statusCode);
  if (said === 413 || said === 429) return { status: said };
  if (said >= 400 && said < 500) return { status: withPage.has(said) ? said : 400 };
  return { status: 500 };
}

/** Answers what no route took, and every error, by one handler. Goes last. */
export function setUpErrors(app: Express, logger: Logger): void {
  app.use((_req, _res, next) => next(notFound()));
  const handle: ErrorRequestHandler = (error: unknown, req, res, next) => {
    const { status, key, params } = explain(error);
    const reference = newReference();
    const entry = {
      reference,
      status,
      requestId: req.id,
      failure: status >= 500 ? forLog(error) : undefined,
      reason: key,
    };
    if (status >= 500) logger.error(entry, "request failed");
    else logger.info(entry, "request refused");
    if (res.headersSent) return next(error); // closes the connection: half an answer must not look whole
    if (!res.locals.t) speak(res, chooseLocale(req, res));
    const t = res.locals.t as Translate;
    const title = t(`errors.${status}.title`);
    const message = key && isKey(key) ? t(key, params) : t(`errors.${status}.message`);
    res.status(status).set("Cache-Control", "no-store");
    // A body that was not read to its end would be taken for the next request on this connection.
    if (!req.complete) res.set("Connection", "close");
    if (wantsJson(req)) {
      res.json({ error: { status, title, message, reference } });
      return;
    }
    const page = { title, message, status, reference, at: Date.now() };
    res.render("errors/error", page, (failure: Error | null, html?: string) => {
      if (failure) {
        logger.error({ reference, failure: forLog(failure) }, "the error page itself failed");
        res.type("text/plain").send(`${title}\n\n${message}\n\n${reference}\n`);
      } else res.send(html);
    });
  };
  app.use(handle);
}

/** Whether the caller asked for data rather than a page. */
function wantsJson(req: Request): boolean {
  return req.accepts(["html", "json"]) === "json";
}

/** What is safe to log of an error: databases put the values of rows into other fields. */
function forLog(error: unknown) {
  if (!(error instanceof Error)) return { message: typeof error };
  const { name, message, stack, code, cause } = error as Error & { code?: unknown };
  return { name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}

/** Short enough to read over the phone, without letters that look like figures: "7F3K-2QXP". */
function newReference(): string {
  const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const picked = [...randomBytes(8)].map((byte) => letters[byte % 32]).join("");
  return `${picked.slice(0, 4)}-${picked.slice(4)}`;
}
