/** Uploads as the world sends them: a hundred files, odd names, broken requests, connections that end, and a disk that is full. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { type Server, createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { checkEvidence } from "../../src/evidence/integrity.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { type Agent, PASSWORD, type TestApp, withApp } from "../support/app.ts";
import { sqlite } from "../support/databases.ts";
import { log, openCase, quick, send, textOf } from "../incidents/people.ts";
import supertest from "supertest";

let app: TestApp;
let lin: Agent;
let caseId: string;
let server: Server;
let cookie: string;
beforeAll(async () => {
  app = await withApp(sqlite, { maxFileBytes: 50_000_000 });
  lin = await app.as("lin");
  server = createServer(app.app).listen(0, "127.0.0.1");
  const answer = await supertest(app.app).post("/sign-in").set("Sec-Fetch-Site", "same-origin").type("form").send({ email: "lin@example.org", password: PASSWORD }); // prettier-ignore
  cookie = [answer.headers["set-cookie"] ?? []].flat().map((one) => one.split(";")[0]).join("; "); // prettier-ignore
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});
beforeEach(async () => {
  caseId = await openCase(lin);
});

const rows = (of: TestApp = app, id = caseId) => of.services.db.selectFrom("evidence").selectAll().where("case_id", "=", id).orderBy("number").execute(); // prettier-ignore
const incoming = (of: TestApp = app) => readdirSync(join(of.services.config.dataDir, "evidence", ".incoming"));
const incidents = async (of: TestApp = app, id = caseId) => (await of.services.db.selectFrom("incidents").select("id").where("case_id", "=", id).execute()).length; // prettier-ignore

test("a hundred files at once; the hundred and first is refused by name", async () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ name: `录音${n}.txt`, bytes: `file ${n}` }));
  await log(lin, caseId, {}, files(100));
  expect((await rows()).map(({ name, number }) => [name, number])).toEqual(
    files(100).map(({ name }, n) => [name, n + 1]),
  );
  const answer = await send(lin, `/cases/${caseId}/incidents`, quick, files(101));
  expect([answer.status, textOf(answer.text).includes("“录音100.txt” was left out")]).toEqual([422, true]);
});

const nfc = "résumé.txt".normalize("NFC");
const nfd = "résumé.txt".normalize("NFD");
test.each([
  ["../../../etc/passwd"],
  ["..\\..\\windows\\win.ini"],
  ["two\nlines.txt"],
  ["📞🏽 来电.txt"],
  [nfc],
  [nfd],
  ['quote".txt'],
  ["%2e%2e%2f%00.txt"],
  [`${"长".repeat(400)}.txt`],
])("the name %j is kept, shown and handed out without harm", async (name) => {
  const before = readdirSync(tmpdir()).length;
  await postRaw([["files", name, Buffer.from("words")]]);
  const [row] = await rows();
  expect(row?.name).toBe(name);
  const page = await lin.get(`/cases/${caseId}/evidence/C-1`);
  expect(page.status).toBe(200);
  expect(page.text).not.toContain("\nlines.txt");
  const original = await lin.get(`/cases/${caseId}/evidence/C-1/original`).buffer(true);
  expect(original.text).toBe("words");
  expect(existsSync(join(app.services.config.dataDir, "..", "etc"))).toBe(false);
  expect(readdirSync(tmpdir()).length).toBeLessThan(before + 50);
});

/** A multipart request as a browser writes it, byte by byte ours. @returns the status. */
async function postRaw(files: [field: string, name: string, bytes: Buffer][], to = server): Promise<number> {
  const { body, type } = multipart({ ...quick }, files);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { port: (to.address() as AddressInfo).port, method: "POST", path: `/cases/${caseId}/incidents`, headers: { cookie, "content-type": type, "content-length": body.length, "sec-fetch-site": "same-origin" } }, // prettier-ignore
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
function multipart(fields: Record<string, string>, files: [string, string, Buffer][]) {
  const line = "----dunwatch";
  // As the HTML standard says: only line ends and quotes are escaped.
  const quoted = (name: string) => name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
  const parts = [
    ...Object.entries(fields).map(([name, value]) => Buffer.from(`--${line}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)), // prettier-ignore
    ...files.flatMap(([field, name, bytes]) => [
      Buffer.from(`--${line}\r\nContent-Disposition: form-data; name="${field}"; filename="${quoted(name)}"\r\nContent-Type: application/octet-stream\r\n\r\n`), // prettier-ignore
      bytes,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${line}--\r\n`),
  ];
  return { body: Buffer.concat(parts), type: `multipart/form-data; boundary=${line}` };
}

test("a connection cut in the middle leaves neither contact, row nor temporary file", async () => {
  const { body, type } = multipart(quick, [
    ["files", "whole.bin", randomBytes(300_000)],
    ["files", "cut.bin", randomBytes(3_000_000)],
  ]);
  for (const share of [0.05, 0.3, 0.7, 0.999]) {
    const sent = httpRequest({ port: (server.address() as AddressInfo).port, method: "POST", path: `/cases/${caseId}/incidents`, headers: { cookie, "content-type": type, "content-length": body.length } }); // prettier-ignore
    sent.on("error", () => {});
    sent.write(body.subarray(0, Math.floor(body.length * share)));
    await wait(150);
    sent.destroy();
  }
  await expect.poll(() => incoming(), { timeout: 5000 }).toEqual([]);
  expect([await incidents(), (await rows()).length]).toEqual([0, 0]);
  // The server is none the worse for it.
  await log(lin, caseId, {}, [{ name: "a.txt", bytes: "a" }]);
});

test.each<[string, string, string | Buffer]>([
  ["no boundary", "multipart/form-data", "x"],
  [
    "a body that ends too soon",
    "multipart/form-data; boundary=b",
    '--b\r\nContent-Disposition: form-data; name="channel"\r\n\r\nca',
  ],
  [
    "a part without a name",
    "multipart/form-data; boundary=b",
    "--b\r\nContent-Disposition: form-data\r\n\r\ncall\r\n--b--\r\n",
  ],
  ["a file under another field's name", "multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="said"; filename="x"\r\n\r\ncall\r\n--b--\r\n'], // prettier-ignore
  ["thousands of fields", "multipart/form-data; boundary=b", `${'--b\r\nContent-Disposition: form-data; name="acts"\r\n\r\ninsult\r\n'.repeat(3000)}--b--\r\n`], // prettier-ignore
  ["a text of two megabytes", "multipart/form-data; boundary=b", `--b\r\nContent-Disposition: form-data; name="said"\r\n\r\n${"x".repeat(2_000_000)}\r\n--b--\r\n`], // prettier-ignore
  ["keys that reach for prototypes", "multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="__proto__[channel]"\r\n\r\ncall\r\n--b--\r\n'], // prettier-ignore
  ["a huge form without files", "application/x-www-form-urlencoded", `said=${"x".repeat(2_000_000)}`],
])("%s is a refusal, not a fault", async (_name, type, body) => {
  const answer = await lin.post(`/cases/${caseId}/incidents`).set("Content-Type", type).send(body);
  expect([400, 413, 422]).toContain(answer.status);
  expect(textOf(answer.text).length).toBeGreaterThan(20);
  expect(await incidents()).toBe(0);
});

test("fields of the wrong shape are errors of the form", async () => {
  const answer = await lin
    .post(`/cases/${caseId}/incidents`)
    .send({ channel: { a: 1 }, date: ["2026-11-20", "2026-11-19"], said: 7, acts: "insult" });
  expect(answer.status).toBe(422);
  expect(textOf(answer.text)).toContain("Choose how they contacted you");
});

describe("a full disk", () => {
  test("while a file arrives: said by name, nothing kept by half, what was written stays", async () => {
    const { blobs } = app.services;
    const full = createApp({
      ...app.services,
      blobs: {
        ...blobs,
        // Takes the first half of the file and then behaves as a full disk does.
        async receive(stream) {
          for await (const _ of stream)
            throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
          return blobs.receive(stream);
        },
      },
    });
    const agent = supertest
      .agent(full)
      .set("Sec-Fetch-Site", "same-origin")
      .set("Accept-Language", "en")
      .set("Cookie", cookie);
    const answer = await send(agent, `/cases/${caseId}/incidents`, { ...quick, said: "these words stay" }, [
      { name: "big.m4a", bytes: randomBytes(2_000_000) },
    ]);
    expect(answer.status).toBe(507);
    expect(textOf(answer.text)).toContain("“big.m4a” could not be stored, because the disk of this site is full");
    expect(answer.text).toContain("these words stay");
    expect([await incidents(), (await rows()).length, incoming()]).toEqual([0, 0, []]);
  });

  /** A small file system of our own, where this machine lets us make one. */
  const small = mkdtempSync(join(tmpdir(), "dunwatch-small-"));
  const mounted = (() => {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", small], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  })();
  afterAll(() => {
    if (mounted) execFileSync("umount", ["-l", small]);
    rmSync(small, { recursive: true, force: true });
  });

  test.skipIf(!mounted)(
    "a real one: files and contacts are refused with a sentence, and all is well once there is room",
    async () => {
      const tiny = await withApp({
        name: "sqlite",
        create: () =>
          Promise.resolve({
            databaseUrl: `sqlite:${join(small, "dunwatch.db")}`,
            dataDir: small,
            remove: () => Promise.resolve(),
          }),
      });
      const agent = await tiny.as("lin");
      const id = await openCase(agent);
      await log(agent, id, {}, [{ name: "before.txt", bytes: "before" }]);

      const big = await send(agent, `/cases/${id}/incidents`, { ...quick, said: "these words stay" }, [{ name: "big.bin", bytes: randomBytes(20_000_000) }]); // prettier-ignore
      expect(big.status).toBe(507);
      expect(textOf(big.text)).toContain("“big.bin” could not be stored");
      expect(big.text).toContain("these words stay");
      expect(incoming(tiny)).toEqual([]);

      // Now so full that not even a row fits.
      const { bavail, bsize } = statfsSync(small);
      writeFileSync(join(small, "filler"), Buffer.alloc(bavail * bsize));
      const said = "long words ".repeat(9000);
      const answers = [];
      for (let n = 0; n < 5; n++) answers.push(await send(agent, `/cases/${id}/incidents`, { ...quick, said }));
      const refused = answers.filter(({ status }) => status !== 303);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) {
        expect([503, 507]).toContain(answer.status);
        expect(textOf(answer.text)).toContain("the disk of this site is full");
      }
      expect(refused.some(({ text }) => text.includes(said.slice(0, 500)))).toBe(true);

      rmSync(join(small, "filler"));
      const logged = answers.length - refused.length;
      expect(await incidents(tiny, id)).toBe(1 + logged);
      await log(agent, id, {}, [{ name: "after.txt", bytes: "after" }]);
      expect((await rows(tiny, id)).map(({ name }) => name)).toEqual(["before.txt", "after.txt"]);
      expect((await Array.fromAsync(checkEvidence(tiny.services.db, tiny.services.blobs, id))).map(({ state }) => state)).toEqual(["unchanged", "unchanged"]); // prettier-ignore
      expect(await verifyHistory(tiny.services.db, id)).toBe(null);
      await tiny.close();
    },
  );
});
