/**
 * The composition root: from a Config to everything the app needs, built once. Features receive it whole and take what they use.
 * Next: app.ts mounts the features on it.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { type CodeLibrary, createCodeLibrary } from "./codes/library.ts";
import type { BlobStore } from "./evidence/blobs.ts";
import { createDiskBlobs } from "./evidence/disk-blobs.ts";
import { type Waiting, openWaiting } from "./imports/waiting.ts";
import { type Auth, createAuth } from "./people/auth.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import { type Database, type Db, openDatabase } from "./platform/database.ts";
import { type Logger, createLogger } from "./platform/log.ts";

export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly db: Db;
  readonly auth: Auth;
  readonly blobs: BlobStore;
  /** Files that are being imported. */
  readonly waiting: Waiting;
  readonly codes: CodeLibrary;
  /** Where people reach the app, without a trailing slash; known for sure once it listens. */
  origin(): string;
  setOrigin(origin: string): void;
  close(): Promise<void>;
}

/** Opens and migrates the database, makes the folders. @throws with a plain sentence when a folder or the database cannot be used. */
export async function createServices(
  config: Config,
  parts: { clock?: Clock; log?: Logger; codes?: CodeLibrary; rateLimit?: boolean } = {},
): Promise<Services> {
  const keys = join(config.dataDir, "keys");
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const database = openDatabase(config.databaseUrl);
  try {
    await database.migrate();
    const blobs = await createDiskBlobs(config.dataDir);
    const waiting = await openWaiting(config.dataDir);
    const codes = parts.codes ?? (await createCodeLibrary());
    let origin = config.baseUrl ?? `http://${config.host}:${config.port}`;
    const auth = createAuth(database, {
      baseUrl: origin,
      secret: config.secret ?? keptSecret(join(keys, "session-secret")),
      sessionIdleMinutes: config.sessionIdleMinutes,
      rateLimit: parts.rateLimit ?? true,
    });
    return {
      config,
      clock: parts.clock ?? systemClock,
      log: parts.log ?? createLogger(config.logLevel),
      database,
      db: database.db,
      auth,
      blobs,
      waiting,
      codes,
      origin: () => origin,
      setOrigin(value) {
        origin = value;
      },
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

const SHORTEST_SECRET = 32;

/**
 * The secret that signs cookies: made at first start, readable by the owner of the files only. One that a power cut left empty is made
 * again: the sign-in library would take a secret known to everybody in its place.
 */
function keptSecret(path: string): string {
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (kept.length >= SHORTEST_SECRET) return kept;
  const secret = randomBytes(32).toString("base64url");
  const aside = `${path}.${randomUUID()}`;
  writeFileSync(aside, `${secret}\n`, { mode: 0o600, flag: "wx", flush: true });
  renameSync(aside, path);
  return secret;
}
