/**
 * A phone's backup of 200,000 calls and 100,000 messages goes the whole way of an import through the pages of a running server, every
 * number chosen, while somebody else keeps opening a page of another case. Aims: preview (reading and comparing) under 30 s, committed under
 * 30 s, the other person's pages under 100 ms at the 99th percentile meanwhile, under 300 MB in the process that does the work.
 * BENCH_CALLS and BENCH_MESSAGES make it smaller; BENCH_CODES names codes of conduct that are judged afterwards.
 */
import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, openAsBlob, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createCase } from "../../src/cases/store.ts";
import { readConfig } from "../../src/config.ts";
import { createServices } from "../../src/services.ts";

const CALLS = Number(process.env.BENCH_CALLS ?? 200_000);
const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 100_000);
const codes = (process.env.BENCH_CODES ?? "").split(",").filter((code) => code !== "");
const folder = mkdtempSync(join(tmpdir(), "dunwatch-bench-"));

// --- a case to import into, one to look at, and a backup -------------------------------------------------------------
const services = await createServices(readConfig({ DATA_DIR: folder, LOG_LEVEL: "silent" }), {
  log: pino({ level: "silent" }),
});
const made = await services.auth.api.signUpEmail({
  body: { name: "Lin", email: "lin@example.org", password: "a quiet evening" },
  asResponse: true,
});
const { user } = (await made.json()) as { user: { id: string } };
const cookie = made.headers.getSetCookie()[0]?.split(";")[0] ?? "";
const facts = {
  borrower: "林小雨",
  lender: "示例消费金融",
  lenderKind: "consumer-finance",
  respondentKind: "unknown",
  platform: null,
  zone: "Asia/Shanghai",
  country: "CN",
  pastDueOn: null,
  reachable: true,
  debtLawful: null,
  employerForbids: null,
  codes,
  demo: false,
  role: "borrower",
} as const;
const open = () =>
  services.db
    .transaction()
    .execute((tx) =>
      createCase(tx, { ...facts, codes }, { personId: user.id, at: Date.parse("2026-11-20T12:00:00Z") }),
    );
const [mine, other] = [(await open()).id, (await open()).id];
await services.close();

const backup = join(folder, "sms.xml");
const out = createWriteStream(backup);
const write = async (text: string) => {
  if (!out.write(text)) await once(out, "drain");
};
const start = Date.parse("2020-01-01T00:00:00Z");
const number = (n: number) => `+86139${String(n % 900).padStart(8, "0")}`;
await write(`<?xml version="1.0" encoding="UTF-8"?>\n<smses count="${CALLS + MESSAGES}">\n`);
for (let n = 0; n < CALLS; n += 1) {
  await write(
    `  <call number="${number(n)}" duration="${n % 400}" date="${start + n * 900_000}" type="${1 + (n % 3)}" presentation="1" subscription_id="8986" readable_date="1 Jan 2020" contact_name="(Unknown)" />\n`,
  );
}
const padding = "您的账单已逾期，请尽快处理。".repeat(18);
for (let n = 0; n < MESSAGES; n += 1) {
  await write(
    `  <sms protocol="0" address="${number(n + 7)}" date="${start + n * 1_800_000}" type="${1 + (n % 2)}" subject="null" body="${padding} ${n}" toa="null" sc_toa="null" service_center="null" read="1" status="-1" locked="0" readable_date="1 Jan 2020" contact_name="(Unknown)" />\n`,
  );
}
out.end("</smses>\n");
await once(out, "finish");

// --- the server, and somebody else looking at a page --------------------------------------------------------------------
const server = spawn(process.execPath, [join(import.meta.dirname, "../../src/main.ts")], {
  env: { ...process.env, DATA_DIR: folder, PORT: "0", LOG_LEVEL: "silent", DATABASE_URL: "" },
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = (await once(server.stdout, "data")) as [Buffer];
const origin = /http:\/\/\S+/.exec(String(line))?.[0] ?? "";
const headers = { cookie, origin, "sec-fetch-site": "same-origin", "accept-language": "en" };

const looking = new AbortController();
let peak = 0;
const latencies: { at: number; ms: number }[] = [];
const looker = (async () => {
  while (!looking.signal.aborted) {
    const from = performance.now();
    const answer = await fetch(`${origin}/cases/${other}/incidents`, { headers });
    await answer.text();
    if (answer.status !== 200) throw new Error(`the other person's page answered ${answer.status}`);
    latencies.push({ at: from, ms: performance.now() - from });
    for (const pid of childrenOf(server.pid ?? 0)) peak = Math.max(peak, highWater(pid));
    await new Promise((resume) => setTimeout(resume, 20));
  }
})();

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return new RegExp(`^PPid:\\s${pid}$`, "m").test(readFileSync(`/proc/${one}/status`, "utf8"));
      } catch {
        return false;
      }
    });
}
/** Megabytes. */
function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

const base = `${origin}/cases/${mine}/imports`;
async function post(path: string, body: FormData | URLSearchParams): Promise<void> {
  const answer = await fetch(`${base}${path}`, { method: "POST", headers, body, redirect: "manual" });
  if (answer.status !== 303) throw new Error(`${path} answered ${answer.status}`);
}
/** Seconds until the import waits for somebody, or is done. */
async function worked(what: string): Promise<number> {
  const from = performance.now();
  for (;;) {
    const text = await (await fetch(`${base}/1`, { headers })).text();
    if (!text.includes("data-live")) break;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  const seconds = (performance.now() - from) / 1000;
  process.stdout.write(`${what}: ${seconds.toFixed(1)} s, peak so far ${peak.toFixed(0)} MB\n`);
  return seconds;
}

process.stdout.write(`${CALLS} calls, ${MESSAGES} messages, ${Math.round(statSync(backup).size / 1e6)} MB\n`);
const upload = new FormData();
upload.append("files", await openAsBlob(backup), "sms.xml");
const begun = performance.now();
await post("", upload);
process.stdout.write(`upload: ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
await worked("recognised");
await post("/1/formats", new URLSearchParams({ "format-1": "sms-backup" }));
const read = await worked("read");
for (let after = ""; ;) {
  const page = await (await fetch(`${base}/1/choices${after}`, { headers })).text();
  const keys = [...page.matchAll(/name="key-\d+" value="([^"]+)"/g)].map(([, key]) => key ?? "");
  const more = /name="go" value="more"/.test(page);
  const form = new URLSearchParams({ keeps: "rows", contacted: "self", go: more ? "more" : "compare" });
  for (const [index, key] of keys.entries()) {
    form.append(`key-${index}`, key);
    form.append(`choice-${index}`, "unknown");
  }
  const answer = await fetch(`${base}/1/choices${after}`, { method: "POST", headers, body: form, redirect: "manual" });
  if (answer.status !== 303) throw new Error(`choices answered ${answer.status}`);
  if (!more) break;
  after = new URL(answer.headers.get("location") ?? "", origin).search;
}
const compared = await worked("compared");
await post("/1/rows", new URLSearchParams({ go: "commit" }));
const committed = await worked("committed");
const tidied = performance.now();
while (childrenOf(server.pid ?? 0).length > 0) await new Promise((resume) => setTimeout(resume, 200));
process.stdout.write(`tidied and judged in the background: ${((performance.now() - tidied) / 1000).toFixed(1)} s\n`);
const summary = await (await fetch(`${base}/1`, { headers })).text();
process.stdout.write(
  `${/<p class="dw-sum">.*<\/p>/
    .exec(summary)?.[0]
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")}\n`,
);

looking.abort();
await looker;
server.kill();
await once(server, "exit");
rmSync(folder, { recursive: true, force: true });
const sorted = latencies.map(({ ms }) => ms).sort((a, b) => a - b);
const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
process.stdout.write(
  `preview ${(read + compared).toFixed(1)} s (aim 30), commit ${committed.toFixed(1)} s (aim 30), others' pages p99 ${p99.toFixed(0)} ms, worst ${(sorted.at(-1) ?? 0).toFixed(0)} ms over ${sorted.length} (aim 100), worker's peak ${peak.toFixed(0)} MB (aim 300)\n`,
);
if (read + compared > 30 || committed > 30 || p99 > 100 || peak > 300) process.exitCode = 1;
