/**
 * The incident list (50 rows) and the overview of a case with 10,000 incidents, beside a bare Express handler that runs the very SQL the
 * page runs (recorded from one request) and prints the raw rows; and, for the list, beside one that renders the same rows as the page
 * does (the same words, dates, links and pictures, by the same template) and nothing else. All in this process, asked in turn by another.
 * Aim: at least 60 % of a bare handler that renders the same rows; the rest is what our frame (person, member, rail, filters, language)
 * may cost. The raw rows show what the words and pictures of a row cost besides.
 * Pages a second hang on what else the machine does; the processor time that this thread spends on a page hardly does, so both are printed.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import express from "express";
import { pino } from "pino";
import { createApp } from "../../src/app.ts";
import { createCase } from "../../src/cases/store.ts";
import { readConfig } from "../../src/config.ts";
import { forbiddenHours } from "../../src/codes/forbidden-hours.ts";
import { outcomesOfIncidents } from "../../src/findings/count-store.ts";
import { currentFindings } from "../../src/findings/judge-case.ts";
import { readFilter } from "../../src/incidents/filter.ts";
import { incidentRow } from "../../src/incidents/pages.ts";
import { listIncidents } from "../../src/incidents/store.ts";
import { newId } from "../../src/platform/ids.ts";
import { createServices } from "../../src/services.ts";
import { formatter } from "../../src/web/format.ts";
import { translator } from "../../src/web/locale.ts";
import { setUpViews } from "../../src/web/view.ts";

const INCIDENTS = Number(process.env.BENCH_INCIDENTS ?? 10_000);
const SECONDS = process.env.BENCH_SECONDS ?? "4";
const folder = mkdtempSync(join(tmpdir(), "dunwatch-bench-"));
const config = readConfig({ DATA_DIR: folder, LOG_LEVEL: "silent" });
const services = await createServices(config, {
  log: pino({ level: "silent" }),
});
const { db } = services;

const made = await services.auth.api.signUpEmail({
  body: { name: "Lin", email: "lin@example.org", password: "a quiet evening" },
  asResponse: true,
});
const { user } = (await made.json()) as { user: { id: string } };
const cookie = made.headers.getSetCookie()[0]?.split(";")[0] ?? "";
const by = { personId: user.id, at: Date.parse("2026-11-20T12:00:00Z") };
const facts = {
  borrower: "林小雨",
  lender: "示例消费金融",
  lenderKind: "consumer-finance" as const,
  respondentKind: "unknown" as const,
  platform: null,
  zone: "Asia/Shanghai",
  country: "CN",
  pastDueOn: null,
  reachable: true,
  debtLawful: null,
  employerForbids: null,
  codes: ["cn-online-consumer-credit"],
};
const { id: caseId } = await db
  .transaction()
  .execute((tx) => createCase(tx, { ...facts, demo: false, role: "borrower" }, by));
const outcomes = ["conversation", "connected", "unanswered", "unknown"] as const;
const start = Date.parse("2025-11-20T00:00:00Z");
const rows = Array.from({ length: INCIDENTS }, (_, n) => ({
  id: newId(by.at),
  case_id: caseId,
  number: n + 1,
  channel: n % 5 === 0 ? "sms" : "call",
  direction: "incoming",
  happened_at: start + Math.floor((n * 365 * 86_400_000) / INCIDENTS),
  precision: "exact",
  outcome: outcomes[n % 4],
  purpose: "interactive",
  contacted: n % 9 === 0 ? "family" : "self",
  from_number: `+86100000${String(n % 40).padStart(5, "0")}`,
  called_number: "+8613900000000",
  acts_json: "[]",
  said: n % 5 === 0 ? "您的账单已逾期，请尽快处理。" : null,
  version: 1,
  logged_by: user.id,
  logged_at: by.at,
}));
for (let at = 0; at < rows.length; at += 500)
  await db
    .insertInto("incidents")
    .values(rows.slice(at, at + 500))
    .execute();
const judging = performance.now();
await currentFindings(services, caseId);
process.stdout.write(`judged and stored ${INCIDENTS} incidents in ${(performance.now() - judging).toFixed(0)} ms\n`);

let answered = 0;
const listen = async (handler: ReturnType<typeof express>) => {
  const server = createServer((req, res) => {
    answered += 1;
    handler(req, res);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};
const app = createApp(services);
const ours = await listen(app);

/** The SQL of one request of a page, as sent. */
async function statementsOf(path: string): Promise<{ sql: string; parameters: unknown[] }[]> {
  const sent: { sql: string; parameters: unknown[] }[] = [];
  const executor = db.getExecutor();
  const prototype = Object.getPrototypeOf(executor) as { executeQuery: (...args: never[]) => unknown };
  const original = prototype.executeQuery;
  prototype.executeQuery = function executeQuery(this: unknown, ...args: never[]) {
    const [query] = args as unknown as [{ sql: string; parameters: unknown[] }];
    sent.push({ sql: query.sql, parameters: [...query.parameters] });
    return original.apply(this, args);
  };
  await fetch(`${ours.origin}${path}`, { headers: { cookie } });
  prototype.executeQuery = original;
  return sent;
}

const load = promisify(execFile);
const spent = () => {
  const usage = process.threadCpuUsage();
  return (usage.user + usage.system) / 1000;
};
const measure = async (address: string) => {
  const [begun, before] = [spent(), answered];
  const { stdout } = await load(process.execPath, [join(import.meta.dirname, "load.ts"), address, cookie, SECONDS]);
  const seen = JSON.parse(stdout) as { requests: number; seconds: number; p50: number; p99: number };
  return { ...seen, spent: spent() - begun, answered: answered - before };
};

const codes = services.codes.expand(facts.codes);
const incidents = (await listIncidents(db, caseId, readFilter({}, facts.zone), null, 51)).slice(0, 50);
const outcomesOf = await outcomesOfIncidents(
  db,
  caseId,
  incidents.map(({ id }) => id),
);
const plain = new Database(join(folder, "dunwatch.db"), { readonly: true });
for (const [name, path] of [
  ["incident list", `/cases/${caseId}/incidents`],
  ["overview", `/cases/${caseId}`],
] as const) {
  const statements = (await statementsOf(path)).filter(({ sql }) => /^\s*(select|with)/i.test(sql));
  const bare = express();
  const prepared = statements.map(({ sql, parameters }) => ({ statement: plain.prepare(sql), parameters }));
  bare.get("/", (_req, res) => {
    const results = prepared.map(
      ({ statement, parameters }) => statement.all(...parameters) as Record<string, string | number | null>[],
    );
    const cells = (row: Record<string, string | number | null>) =>
      Object.values(row)
        .map((value) => `<td>${String(value ?? "").replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</td>`)
        .join("");
    const tables = results.map(
      (result) =>
        `<table>${result
          .slice(0, 50)
          .map((row) => `<tr>${cells(row)}</tr>`)
          .join("")}</table>`,
    );
    res.send(`<!doctype html><title>bare</title>${tables.join("")}`);
  });
  const same = express();
  setUpViews(same, { exitUrl: config.exitUrl });
  same.get("/", (_req, res) => {
    for (const { statement, parameters } of prepared) statement.all(...parameters);
    const known = new Map<string, ReturnType<typeof forbiddenHours>>();
    const nights = (day: string) => {
      const hours = known.get(day) ?? forbiddenHours(codes, day);
      known.set(day, hours);
      return hours;
    };
    const [t, format] = [translator("en"), formatter("en", facts.zone)];
    const listed = incidents.map((incident) =>
      incidentRow(caseId, incident, 0, outcomesOf.get(incident.id), nights, facts.zone, { t, format }),
    );
    res.render("incidents/_rows", { rows: listed, t, format });
  });
  const [other, rendered] = [await listen(bare), await listen(same)];
  const [mine, theirs] = [await measure(`${ours.origin}${path}`), await measure(`${other.origin}/`)];
  const [again, theirsAgain] = [await measure(`${ours.origin}${path}`), await measure(`${other.origin}/`)];
  const rate = (one: typeof mine, two: typeof mine) => (one.requests + two.requests) / (one.seconds + two.seconds);
  process.stdout.write(
    `${name}: ${rate(mine, again).toFixed(0)} pages/s (p50 ${mine.p50.toFixed(2)} ms, p99 ${mine.p99.toFixed(2)} ms), ` +
      `bare handler with the same ${statements.length} queries ${rate(theirs, theirsAgain).toFixed(0)}/s (p50 ${theirs.p50.toFixed(2)} ms); ` +
      `ratio ${(rate(mine, again) / rate(theirs, theirsAgain)).toFixed(2)}\n`,
  );
  const cost = (one: typeof mine, two: typeof mine) => (one.spent + two.spent) / (one.answered + two.answered);
  process.stdout.write(
    `  processor time a page: ${cost(mine, again).toFixed(2)} ms, bare handler ${cost(theirs, theirsAgain).toFixed(2)} ms; ` +
      `ratio ${(cost(theirs, theirsAgain) / cost(mine, again)).toFixed(2)}\n`,
  );
  if (name === "incident list") {
    const [drawn, mineOnceMore] = [await measure(`${rendered.origin}/`), await measure(`${ours.origin}${path}`)];
    process.stdout.write(
      `  bare handler with the same rows by the same template ${rate(drawn, drawn).toFixed(0)}/s; ` +
        `ratio ${(rate(mineOnceMore, mineOnceMore) / rate(drawn, drawn)).toFixed(2)}, ` +
        `by processor time ${(cost(drawn, drawn) / cost(mineOnceMore, mineOnceMore)).toFixed(2)}\n`,
    );
  }
  for (const { server } of [other, rendered]) {
    server.closeAllConnections();
    server.close();
  }
}
plain.close();
ours.server.closeAllConnections();
ours.server.close();
await services.close();
rmSync(folder, { recursive: true, force: true });
