/** Whose eyes the database's own files are for. */
import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/platform/database.ts";
import { sqlite } from "../support/databases.ts";

test.skipIf(process.platform === "win32")("a database in a folder that all may read is its owner's alone", async () => {
  const place = await sqlite.create();
  chmodSync(place.dataDir, 0o755);
  const database = openDatabase(place.databaseUrl);
  await database.migrate();
  const rights = readdirSync(place.dataDir).map((name) =>
    (statSync(join(place.dataDir, name)).mode & 0o777).toString(8),
  );
  await database.close();
  await place.remove();
  expect(rights.length).toBeGreaterThan(1);
  expect(new Set(rights)).toEqual(new Set(["600"]));
});
