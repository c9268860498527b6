/**
 * The incident list (50 rows) and the overview of a case with 10,000 incidents, beside a bare Express handler that runs the very SQL the
 * page runs (recorded from one request) and prints the raw rows; and, for the list, beside one that renders the same rows as the page
 * does (the same words, dates, links and pictures, by the same template) and nothing else. All in this process, asked in turn by another.
 * Aim: at least 60 % of a bare handler that renders the same rows; the rest is what our frame (person, member, rail, filters, language)
 * may cost. The raw rows show what the words and pictures of a row cost besides.
 * Pages a second hang on what else the machine does; the processor time that this thread spends on a page hardly does, so both are printed.
 */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import express from "express";
import { createApp } from "../../src/app.ts";
import { forbiddenHours } from "../../src/codes/forbidden-hours.ts";
import { outcomesOfIncidents } from "../../src/findings/count-store.ts";
import { currentFindings } from "../../src/findings/judge-case.ts";
import { readFilter } from "../../src/incidents/filter.ts";
import { incidentRow } from "../../src/incidents/pages.ts";
import { listIncidents } from "../../src/incidents/store.ts";
import { formatter } from "../../src/web/format.ts";
import { translator } from "../../src/web/locale.ts";
import { setUpViews } from "../../src/web/view.ts";
import { INCIDENTS, caseFacts as facts, largeCase } from "./large-case.ts";

const SECONDS = process.env.BENCH_SECONDS ?? "4";
const { services, caseId, cookie, folder, config, close } = await largeCase();
const { db } = services;
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
await close();
