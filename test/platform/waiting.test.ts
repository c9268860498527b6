/** A second process that writes to the same SQLite file keeps nobody of this one from reading, and a write waits for it without failing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/platform/database.ts";

const folder = mkdtempSync(join(tmpdir(), "dunwatch-waiting-"));
let ours: Database;
let theirs: Database;
beforeAll(async () => {
  [ours, theirs] = [1, 2].map(() => openDatabase(`sqlite:${join(folder, "one.db")}`)) as [Database, Database];
  await sql`create table notes (said text not null)`.execute(ours.db);
});
afterAll(async () => {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true });
});

const notes = async () =>
  (await sql<{ said: string }>`select said from notes order by rowid`.execute(ours.db)).rows.map(({ said }) => said);
const note = (said: string) => sql`insert into notes values (${said})`.execute(ours.db);

test("reads go on while a write and a transaction wait for another process, and both are done in the end", async () => {
  const hold = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const long = theirs.db.transaction().execute(async (tx) => {
    await sql`insert into notes values ('theirs')`.execute(tx);
    held.resolve();
    await hold.promise;
  });
  await held.promise;
  const done: string[] = [];
  const alone = note("alone").then(() => done.push("alone"));
  const both = ours.db
    .transaction()
    .execute(async (tx) => {
      await sql`insert into notes values ('first')`.execute(tx);
      await wait(5);
      await sql`insert into notes values ('second')`.execute(tx);
    })
    .then(() => done.push("both"));
  for (let reads = 0; reads < 20; reads++) {
    const from = performance.now();
    expect(await notes()).toEqual([]);
    // SQLite's own waiting would take seconds here, and keep the timers of everybody waiting, too.
    expect(performance.now() - from).toBeLessThan(500);
    await wait(5);
  }
  expect(done).toEqual([]);
  hold.resolve();
  await Promise.all([long, alone, both]);
  const said = await notes();
  expect(said[0]).toBe("theirs");
  expect(said.toSorted()).toEqual(["alone", "first", "second", "theirs"]);
  // Nobody's write came in between the two of a transaction.
  expect(said.indexOf("second") - said.indexOf("first")).toBe(1);
});

test("a transaction that fails leaves nothing and lets the next one have the connection", async () => {
  const before = await notes();
  await expect(
    ours.db.transaction().execute(async (tx) => {
      await sql`insert into notes values ('never')`.execute(tx);
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  await note("after");
  expect(await notes()).toEqual([...before, "after"]);
});
