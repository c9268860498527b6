/**
 * How much a request may carry, how often one address may ask, and how long we wait for it.
 * Must not know any feature; uploads of files are streamed by src/evidence/upload.ts under limits of their own.
 * Next: errors.ts (413, 429 and 503 as pages).
 */
import type { Server } from "node:http";
import express from "express";
import type { Express, RequestHandler, Response } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { HttpError, notFound } from "./errors.ts";

/** Bodies of forms: 1 MB and 2,000 fields; repeated fields come as lists; no nesting, so no keys that reach prototypes. */
export function setUpBodies(app: Express): void {
  app.use(express.urlencoded({ extended: false, limit: "1mb", parameterLimit: 2000 }));
  app.use(express.json({ limit: "1mb" }));
}

/** No address of ours holds a NUL, and PostgreSQL refuses to compare one: it is not found on either database. */
export function setUpAddresses(app: Express): void {
  app.use((req, _res, next) => next(req.url.includes("%00") ? notFound() : undefined));
}

/**
 * At most `limit` requests in `minutes` from one address, for doors that can be guessed at, such as sign-in; or from whoever `who` names,
 * for work that costs the machine much.
 */
export function rateLimited({
  limit,
  minutes,
  who,
}: {
  limit: number;
  minutes: number;
  who?: (res: Response) => string;
}): RequestHandler {
  return rateLimit({
    limit,
    windowMs: minutes * 60_000,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    keyGenerator: (req, res) => who?.(res) ?? ipKeyGenerator(req.ip ?? "unknown"),
    handler: (_req, _res, next) => next(new HttpError(429)),
  });
}

/** Slow senders are cut off, but a large upload on a poor line may take its time. */
export function setTimeouts(server: Server): void {
  server.headersTimeout = 20_000;
  server.requestTimeout = 6 * 3600_000;
  server.keepAliveTimeout = 10_000;
  // The longest silence on an open connection.
  server.timeout = 120_000;
}
