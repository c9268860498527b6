/**
 * Starts the server: config, services, app, listen; prints where it is; drains and closes on SIGTERM and SIGINT.
 * A setting, folder, port or database that cannot be used is one clear sentence and exit code 2.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { mailerOf, sendReminders } from "./complaints/reminders/remind.ts";
import { ConfigError, readConfig } from "./config.ts";
import { tidyEvidence } from "./evidence/integrity.ts";
import { createSetUpLink, hasOwner } from "./people/store.ts";
import { createServices } from "./services.ts";
import { setTimeouts } from "./web/limits.ts";

/** How long running requests may take to end after a signal. */
const DRAIN_MS = 10_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Serves until a signal. @returns the exit code. */
export async function serve(env: NodeJS.ProcessEnv): Promise<number> {
  let config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error.message);
  }
  let services;
  try {
    services = await createServices(config);
  } catch (error) {
    return refuse(sentence(error as NodeJS.ErrnoException, config.dataDir, config.databaseUrl));
  }
  const app = createApp(services);
  const server = createServer(app);
  setTimeouts(server);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(config.port, config.host, resolve);
    });
  } catch (error) {
    await services.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      return refuse(
        `Port ${config.port} on ${config.host} is in use. Stop the other program, or choose another with PORT=3001.`,
      );
    }
    if (code === "EACCES")
      return refuse(`Port ${config.port} may not be used by this account. Choose one above 1023 with PORT=3000.`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      return refuse(`HOST ${config.host} is not an address of this machine.`);
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const shown = config.host.includes(":") ? `[${config.host}]` : config.host;
  if (config.baseUrl === null) services.setOrigin(`http://${shown}:${port}`);
  process.stdout.write(`Dunwatch is ready at ${services.origin()}\n`);
  if (!(await hasOwner(services.db))) {
    const token = await services.db.transaction().execute((tx) => createSetUpLink(tx, services.clock.now()));
    process.stdout.write(`Create the owner's account here, once: ${services.origin()}/links/${token}\n`);
  }

  const { db, blobs, clock, log, close } = services;
  const tidy = () => {
    tidyEvidence(db, blobs, clock.now()).catch((error: unknown) =>
      log.error({ err: error }, "tidying the evidence failed"),
    );
  };
  tidy();
  const daily = setInterval(tidy, DAY_MS);

  const mailer = mailerOf(config);
  const remind = () => {
    if (mailer === null) return;
    sendReminders(services, mailer).catch((error: unknown) => log.error({ err: error }, "reminding failed"));
  };
  const hourly = setInterval(remind, HOUR_MS);

  await new Promise<void>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  clearInterval(daily);
  clearInterval(hourly);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(late);
  await close();
  return 0;
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}

/** What the operator can do about a start that failed. */
function sentence(error: NodeJS.ErrnoException, dataDir: string, databaseUrl: string): string {
  const where = databaseUrl.replace(/\/\/[^@/]*@/, "//…@");
  switch (error.code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "SQLITE_CANTOPEN":
    case "SQLITE_READONLY":
      return `The folder ${dataDir} cannot be written to (${error.message}). Set DATA_DIR to one that can.`;
    case "ENOTDIR":
    case "EEXIST":
      return `DATA_DIR ${dataDir} is not a folder.`;
    case "ENOSPC":
      return `The disk that holds ${dataDir} is full.`;
    case "SQLITE_NOTADB":
    case "SQLITE_CORRUPT":
      return `${where} is not a usable SQLite database (${error.message}). Restore a backup, or set DATABASE_URL to another file.`;
    default:
      return `Dunwatch cannot start with DATABASE_URL ${where} and DATA_DIR ${dataDir}: ${error.message}`;
  }
}

if (import.meta.main) process.exitCode = await serve(process.env);
