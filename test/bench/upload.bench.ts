/**
 * One large file through the real server's form, against `cp` and `sha256sum` of the same file on the same disk.
 * Usage: node test/bench/upload.bench.ts [megabytes, 200 by default]. Reports times, their ratio, and the server's peak memory.
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  createReadStream,
  mkdtempSync,
  openSync,
  readFileSync,
  closeSync,
  fsyncSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NewCase, createCase } from "../../src/cases/store.ts";
import { readConfig } from "../../src/config.ts";
import { createServices } from "../../src/services.ts";
import { signIn, startServer } from "../faults/real-server.ts";

const EMAIL = "lin@example.org";
const PASSWORD = "a quiet evening";
const quick = { channel: "call", date: "2026-11-20", time: "22:43", precision: "exact", contacted: "self" };
const facts: NewCase = {
  borrower: "Lin Xiaoyu",
  lender: "Example Consumer Finance",
  lenderKind: "consumer-finance",
  respondentKind: "unknown",
  platform: null,
  zone: "Asia/Shanghai",
  country: "CN",
  pastDueOn: null,
  reachable: null,
  debtLawful: null,
  employerForbids: null,
  codes: [],
  demo: false,
  role: "borrower",
};

const megabytes = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), "dunwatch-upload-"));
try {
  const file = join(folder, "recording.bin");
  const out = openSync(file, "w");
  for (let n = 0; n < megabytes; n++) writeSync(out, randomBytes(1_000_000));
  fsyncSync(out);
  closeSync(out);

  const services = await createServices(readConfig({ DATA_DIR: folder, LOG_LEVEL: "silent" }), { rateLimit: false });
  const { user } = await services.auth.api.signUpEmail({ body: { name: "Lin", email: EMAIL, password: PASSWORD } });
  const by = { personId: user.id, at: Date.now() };
  const { id: caseId } = await services.db.transaction().execute((tx) => createCase(tx, facts, by));
  await services.close();

  const server = await startServer(folder, { MAX_FILE_MB: String(megabytes + 1) });
  const memory = (what: string) =>
    Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) / 1000;
  const cookie = await signIn(server.origin, EMAIL, PASSWORD);
  await send(server.origin, caseId, cookie, "");
  const [before, starting] = [memory("VmRSS"), memory("VmHWM")];
  writeFileSync(`/proc/${server.pid}/clear_refs`, "5"); // forget the peak of starting (proc(5))

  let upload = Number.POSITIVE_INFINITY;
  let tools = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    upload = Math.min(upload, await timed(() => send(server.origin, caseId, cookie, file)));
    tools = Math.min(
      tools,
      await timed(() => {
        execFileSync("cp", [file, join(folder, "copy.bin")]);
        execFileSync("sync", [join(folder, "copy.bin")]);
        execFileSync("sha256sum", [file]);
      }),
    );
  }
  const peak = memory("VmHWM");
  await server.kill();
  const rate = (seconds: number) => `${seconds.toFixed(2)} s (${Math.round(megabytes / seconds)} MB/s)`;
  process.stdout.write(`upload of ${megabytes} MB, stored, hashed and confirmed: ${rate(upload)}\n`);
  process.stdout.write(`cp, sync and sha256sum of the same file:            ${rate(tools)}\n`);
  process.stdout.write(`ratio ${(upload / tools).toFixed(2)} (at most 2)\n`);
  process.stdout.write(
    `server's memory: at most ${starting.toFixed(0)} MB while starting, ${before.toFixed(0)} MB then, at most ${peak.toFixed(0)} MB (of 250) during the uploads\n`,
  );
  if (upload / tools > 2 || peak > 250) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function timed(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

/** Logs a contact with the file, streamed from the disk as a browser does; an empty path sends none. */
function send(origin: string, caseId: string, cookie: string, path: string): Promise<void> {
  const line = "----dunwatch";
  return new Promise((resolve, reject) => {
    const out = request(
      `${origin}/cases/${caseId}/incidents`,
      { method: "POST", agent: false, headers: { cookie, "content-type": `multipart/form-data; boundary=${line}` } },
      (answer) => {
        answer.resume();
        answer.on("end", () =>
          answer.statusCode === 303 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
        );
      },
    );
    out.on("error", reject);
    for (const [name, value] of Object.entries(quick)) {
      out.write(`--${line}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
    }
    if (path === "") {
      out.end(`--${line}--\r\n`);
      return;
    }
    out.write(`--${line}\r\nContent-Disposition: form-data; name="files"; filename="recording.bin"\r\n\r\n`);
    createReadStream(path, { highWaterMark: 256 * 1024 })
      .on("error", reject)
      .on("end", () => out.end(`\r\n--${line}--\r\n`))
      .pipe(out, { end: false });
  });
}
