/**
 * The server process is killed (SIGKILL) at random moments while people log contacts with files, correct them and add files, fifty times
 * over. Afterwards: what was confirmed to a person is there and unchanged, the history holds, no row points at a missing file, a form sent
 * again after the crash is logged once. (This shows what a crash of the process does; a power cut also needs the fsyncs, which it cannot.)
 */
import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { createDiskBlobs } from "../../src/evidence/disk-blobs.ts";
import { checkEvidence } from "../../src/evidence/integrity.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { openDatabase } from "../../src/platform/database.ts";
import { openCase, quick } from "../incidents/people.ts";
import { PASSWORD, withApp } from "../support/app.ts";
import { type TestDatabase } from "../support/databases.ts";
import { type RealServer, signIn, startServer } from "./real-server.ts";

const ROUNDS = 50;
/** Two installations at once, each killed half the times: the time goes into starting. */
const INSTALLATIONS = 2;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

interface Sent {
  draft: string;
  said: string;
  files: Buffer[];
  /** The number a 303 gave; undefined while nothing was confirmed. */
  number?: number;
  /** The confirmed correction. */
  account?: string;
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test(`killed ${ROUNDS} times at random moments`, { timeout: 900_000 }, async () => {
  const results = await Promise.all(Array.from({ length: INSTALLATIONS }, () => torment(ROUNDS / INSTALLATIONS)));
  const sum = (name: "confirmed" | "interrupted") => results.reduce((total, result) => total + result[name], 0);
  // Otherwise the kills came at the wrong moments and nothing was shown.
  expect(sum("confirmed")).toBeGreaterThan(ROUNDS);
  expect(sum("interrupted")).toBeGreaterThan(ROUNDS / 2);
});

async function torment(rounds: number): Promise<{ confirmed: number; interrupted: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), "dunwatch-killed-"));
  folders.push(dataDir);
  const url = `sqlite:${join(dataDir, "dunwatch.db")}`;
  const place: TestDatabase = {
    name: "sqlite",
    create: () => Promise.resolve({ databaseUrl: url, dataDir, remove: () => Promise.resolve() }),
  };
  const app = await withApp(place);
  const caseId = await openCase(await app.as("lin"));
  await app.close();

  const all: Sent[] = [];
  let cookie = "";
  for (let round = 0; round < rounds; round++) {
    const server = await startServer(dataDir);
    cookie ||= await signIn(server.origin, "lin@example.org", PASSWORD);
    const over = { now: false };
    const progress = { answers: 0 };
    const people = Promise.all(Array.from({ length: 4 }, () => work(server, caseId, cookie, all, over, progress)));
    // After some answers and then at any moment, so that it hits work in progress however fast this machine is today.
    const wanted = randomInt(0, 8);
    while (progress.answers < wanted) await wait(2);
    await wait(randomInt(0, 60));
    over.now = true;
    await server.kill();
    await people;
  }

  // The person presses Save again on every form whose answer never came.
  const server = await startServer(dataDir);
  const interrupted = all.filter(({ number }) => number === undefined);
  for (const sent of interrupted) await log(server, caseId, cookie, sent);
  await server.kill();

  const database = openDatabase(url);
  const blobs = await createDiskBlobs(dataDir);
  try {
    const rows = await database.db.selectFrom("incidents").selectAll().where("case_id", "=", caseId).execute();
    expect(rows.map(({ id }) => id).sort()).toEqual(all.map(({ draft }) => draft).sort());
    const byId = new Map(rows.map((row) => [row.id, row]));
    const links = await database.db
      .selectFrom("evidence_links")
      .innerJoin("evidence", "evidence.id", "evidence_links.evidence_id")
      .select(["subject_id", "sha256"])
      .where("evidence.case_id", "=", caseId)
      .execute();
    const filesOf = Map.groupBy(links, (link) => link.subject_id);
    for (const sent of all) {
      expect(byId.get(sent.draft)).toMatchObject({ number: sent.number, said: sent.said });
      if (sent.account !== undefined) expect(byId.get(sent.draft)?.account).toBe(sent.account);
      expect((filesOf.get(sent.draft) ?? []).map((link) => link.sha256)).toEqual(
        expect.arrayContaining(sent.files.map(sha256)),
      );
    }
    const states = (await Array.fromAsync(checkEvidence(database.db, blobs, null))).map(({ state }) => state);
    expect(states.length).toBeGreaterThan(0);
    expect(new Set(states)).toEqual(new Set(["unchanged"]));
    expect(await verifyHistory(database.db, caseId)).toBe(null);
    expect(readdirSync(join(dataDir, "evidence", ".incoming"))).toEqual([]);
  } finally {
    await database.close();
  }
  return { confirmed: all.length - interrupted.length, interrupted: interrupted.length };
}

/** One person, until the server is gone: logs, corrects, adds a file, and so on. */
async function work(
  server: RealServer,
  caseId: string,
  cookie: string,
  all: Sent[],
  over: { now: boolean },
  progress: { answers: number },
): Promise<void> {
  while (!over.now) {
    const sent: Sent = { draft: randomUUID(), said: `words ${randomUUID()}`, files: someFiles() };
    all.push(sent);
    try {
      await log(server, caseId, cookie, sent);
      progress.answers += 1;
      const account = `told ${randomUUID()}`;
      await post(server, `/cases/${caseId}/incidents/${sent.number}`, cookie, {
        ...quick,
        said: sent.said,
        version: "1",
        account,
      });
      sent.account = account;
      progress.answers += 1;
      const late = someFiles();
      await post(server, `/cases/${caseId}/incidents/${sent.number}/files`, cookie, {}, late);
      sent.files.push(...late);
      progress.answers += 1;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return; // fetch failed: the server is gone
    }
  }
}

const someFiles = () =>
  Array.from({ length: randomInt(1, 4) }, () => randomBytes(randomInt(1, 10) === 1 ? 2_000_000 : randomInt(1, 60_000)));

async function log(server: RealServer, caseId: string, cookie: string, sent: Sent): Promise<void> {
  const to = await post(
    server,
    `/cases/${caseId}/incidents`,
    cookie,
    { ...quick, said: sent.said, draft: sent.draft },
    sent.files,
  );
  sent.number = Number(/\/incidents\/(\d+)/.exec(to)?.[1]);
}

/** @returns where the answer leads. @throws a TypeError when the connection broke, an Error when the server refused. */
async function post(
  server: RealServer,
  path: string,
  cookie: string,
  fields: Record<string, string>,
  files: Buffer[] = [],
): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const [n, bytes] of files.entries()) form.append("files", new Blob([new Uint8Array(bytes)]), `录音 ${n}.bin`);
  const answer = await fetch(server.origin + path, {
    method: "POST",
    body: form,
    headers: { cookie, "sec-fetch-site": "same-origin" },
    redirect: "manual",
  });
  if (answer.status !== 303)
    throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(-1500)}`);
  return answer.headers.get("location") ?? "";
}
