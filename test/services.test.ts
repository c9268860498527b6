/** What the composition root keeps beside the database. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { createServices } from "../src/services.ts";
import { sqlite } from "./support/databases.ts";

test("the secret that signs cookies is kept, for its owner only; one left empty by a power cut is made again", async () => {
  const place = await sqlite.create();
  const config = readConfig({ DATA_DIR: place.dataDir, DATABASE_URL: place.databaseUrl });
  const path = join(place.dataDir, "keys", "session-secret");
  const start = async () => {
    await (await createServices(config, { log: pino({ level: "silent" }) })).close();
    return readFileSync(path, "utf8").trim();
  };
  const first = await start();
  expect(first).toMatch(/^[\w-]{43}$/);
  if (process.platform !== "win32") expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  expect(await start()).toBe(first);
  writeFileSync(path, "");
  expect(await start()).toMatch(/^[\w-]{43}$/);
  await place.remove();
});
