/** A small express app made of the shipped set-up functions alone, for tests of the ground under the features. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { Express } from "express";
import { pino } from "pino";
import { setUpErrors } from "../../src/web/errors.ts";
import { setUpHealth } from "../../src/web/health.ts";
import { setUpBodies, setTimeouts } from "../../src/web/limits.ts";
import { setUpLanguage } from "../../src/web/language.ts";
import { setUpLogging } from "../../src/web/logging.ts";
import { setUpSameOrigin } from "../../src/web/same-origin.ts";
import { setUpSecurity } from "../../src/web/security.ts";
import { setUpStatic } from "../../src/web/static.ts";
import { setUpViews } from "../../src/web/view.ts";

export type TinyOptions = {
  routes?: (app: Express) => void;
  person?: { id: string; name: string; locale?: string } | null;
  remember?: (personId: string, locale: string) => void;
  baseUrl?: string;
  checks?: Record<string, () => Promise<unknown>>;
};

/** The app in its shipped order, what it logged, and its address once started. */
export function tinyApp(options: TinyOptions = {}) {
  const logged: Record<string, unknown>[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const app = express();
  setUpSecurity(app);
  setUpLogging(app, logger);
  setUpStatic(app);
  setUpHealth(app, options.checks ?? {});
  setUpViews(app, { exitUrl: "https://weather.example/" });
  setUpSameOrigin(app, { baseUrl: options.baseUrl });
  setUpBodies(app);
  app.use((_req, res, next) => {
    res.locals.person = options.person ?? null;
    next();
  });
  setUpLanguage(app, { remember: options.remember });
  options.routes?.(app);
  setUpErrors(app, logger);
  return { app, logged };
}

/** Listens on a free port; `await using` closes it. */
export async function listening(app: Express) {
  const server = createServer({ maxHeaderSize: 16 * 1024 }, app);
  setTimeouts(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
