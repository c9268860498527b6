/**
 * The process that commits an import is killed (SIGKILL) while its transaction is open: the moment it holds the write lock, and a little
 * later. Afterwards either the whole batch is there, with its sources and its event in the history, or nothing is; and it can be done again.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import BetterSqlite from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { detect, readerNamed } from "../../src/imports/detect.ts";
import type { State } from "../../src/imports/import.ts";
import { createImport, getImportById, moveImport } from "../../src/imports/store.ts";
import { runTask } from "../../src/imports/task.ts";
import { openCase } from "../incidents/people.ts";
import { type TestApp, withApp } from "../support/app.ts";

const CALLS = 6000;
const workerFile = new URL("../../src/imports/worker.ts", import.meta.url);

let whole: TestApp;
let databaseFile = "";
let task: { caseId: string; importId: string; by: { personId: string; at: number } };
const workers: ChildProcess[] = [];

beforeAll(async () => {
  whole = await withApp();
  databaseFile = whole.services.config.databaseUrl.slice("sqlite:".length);
  const caseId = await openCase(await whole.as("lin"));
  const { db, waiting, config } = whole.services;
  const by = { personId: await whole.personId("lin"), at: whole.clock.now() };
  const calls = Array.from(
    { length: CALLS },
    (_, n) => `<call number="01088881234" duration="9" date="${1_700_000_000_000 + n * 60_000}" type="1" />`,
  );
  const { sha256, size } = await waiting.blobs.receive(
    Readable.from([Buffer.from(`<?xml version="1.0"?>\n<calls count="${CALLS}">\n${calls.join("\n")}\n</calls>\n`)]),
  );
  const { id } = await createImport(db, caseId, [{ sha256, size, name: "calls.xml", mediaType: "text/xml" }], by);
  task = { caseId, importId: id, by };
  const shop = { ...whole.services, formats: { detect, readerNamed }, maxFileBytes: config.maxFileBytes };
  const go = async (from: State, to: State) => {
    await moveImport(db, caseId, id, [from], to);
    return runTask(shop, task);
  };
  await runTask(shop, task);
  await go("asking", "reading");
  await go("choosing", "comparing");
  await moveImport(db, caseId, id, ["preview"], "committing");
}, 120_000);
afterAll(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await whole.close();
});

test("a killed commit leaves the batch or nothing, and can be done again", { timeout: 180_000 }, async () => {
  // Brought as far as the preview.
  expect(await found()).toBe("nothing");
  const after: string[] = [];
  for (const delay of [0, 25]) {
    const worker = commit();
    await lockTaken(worker);
    await wait(delay);
    worker.kill("SIGKILL");
    if (worker.exitCode === null && worker.signalCode === null) await once(worker, "exit");
    after.push(await found());
  }
  expect(after[0]).toBe("nothing");
  expect(after.filter((what) => what !== "nothing" && what !== "the batch")).toEqual([]);

  const last = commit();
  const [answer] = (await once(last, "message")) as [unknown];
  expect(answer).toEqual({ done: true });
  expect(await found()).toBe("the batch");
  expect(await verifyHistory(whole.services.db, task.caseId)).toBe(null);
});

function commit(): ChildProcess {
  const { databaseUrl, dataDir, maxFileBytes } = whole.services.config;
  const worker = fork(workerFile, { execArgv: [] });
  workers.push(worker);
  worker.send({ databaseUrl, dataDir, maxFileBytes, now: whole.clock.now(), task });
  return worker;
}

/** Until somebody else writes, or the worker is done. */
async function lockTaken(worker: ChildProcess): Promise<void> {
  const database = new BetterSqlite(databaseFile, { timeout: 0 });
  const over = { isDone: false };
  worker.once("message", () => (over.isDone = true));
  try {
    while (!over.isDone) {
      database.exec("begin immediate");
      database.exec("rollback");
      await wait(2);
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "SQLITE_BUSY") throw error;
  } finally {
    database.close();
  }
}

/** What is there of the import: "nothing", "the batch", or what should never be. */
async function found(): Promise<string> {
  const { db } = whole.services;
  const count = async (table: "incidents" | "incident_sources") =>
    (
      await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as("n"))
        .where("case_id", "=", task.caseId)
        .executeTakeFirstOrThrow()
    ).n;
  const events = await db
    .selectFrom("history")
    .select("action")
    .where("case_id", "=", task.caseId)
    .where("action", "=", "import.committed")
    .execute();
  const state = (await getImportById(db, task.caseId, task.importId))?.state;
  const facts = [await count("incidents"), await count("incident_sources"), events.length, state].join(" ");
  if (facts === "0 0 0 committing") return "nothing";
  return facts === `${CALLS} ${CALLS} 1 committed` ? "the batch" : facts;
}
