/**
 * The stored judgement of a case with 10,000 contacts: the first one, one contact more, and a dossier's reading of it, each beside the core
 * judging the same contacts in memory. Prints the longest turn of the event loop, in processor time of this thread, for a busy machine
 * says nothing with a clock. Aim: no turn over 100 ms.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { BEGINNING_OF_TIME, END_OF_TIME, createCase, getCase, touch } from "../../src/cases/store.ts";
import { judgeCase } from "../../src/conduct/classify.ts";
import { readConfig } from "../../src/config.ts";
import { collect } from "../../src/dossiers/collect.ts";
import { incidentsBetween, readAround } from "../../src/findings/facts.ts";
import { currentFindings } from "../../src/findings/judge-case.ts";
import { newId } from "../../src/platform/ids.ts";
import { createServices } from "../../src/services.ts";

const INCIDENTS = Number(process.env.BENCH_INCIDENTS ?? 10_000);
const LONGEST_MS = 100;
const folder = mkdtempSync(join(tmpdir(), "dunwatch-bench-"));
const services = await createServices(readConfig({ DATA_DIR: folder, LOG_LEVEL: "silent" }), {
  log: pino({ level: "silent" }),
});
const { db, codes } = services;

const spent = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
/** Processor milliseconds of some work, and of the longest turn of the event loop during it. */
async function measured(work: () => Promise<unknown>): Promise<{ ms: number; longest: number }> {
  const begun = spent();
  const state = { working: true, last: begun, longest: 0 };
  const turn = () => {
    const now = spent();
    state.longest = Math.max(state.longest, now - state.last);
    state.last = now;
    if (state.working) setTimeout(turn, 1);
  };
  setTimeout(turn, 0);
  await work();
  const ms = spent() - begun;
  state.working = false;
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { ms, longest: state.longest };
}

const made = await services.auth.api.signUpEmail({
  body: { name: "Lin", email: "lin@example.org", password: "a quiet evening" },
});
const by = { personId: made.user.id, at: Date.parse("2026-11-20T12:00:00Z") };
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
const contact = (n: number, happenedAt: number) => ({
  id: newId(by.at),
  case_id: caseId,
  number: n + 1,
  channel: n % 5 === 0 ? "sms" : "call",
  direction: "incoming",
  happened_at: happenedAt,
  precision: "exact",
  outcome: outcomes[n % 4],
  purpose: "interactive",
  contacted: n % 9 === 0 ? "family" : "self",
  from_number: `+86100000${String(n % 40).padStart(5, "0")}`,
  called_number: "+8613900000000",
  acts_json: "[]",
  said: n % 5 === 0 ? "您的账单已逾期，请尽快处理。" : null,
  version: 1,
  logged_by: made.user.id,
  logged_at: by.at,
});
const rows = Array.from({ length: INCIDENTS }, (_, n) =>
  contact(n, start + Math.floor((n * 365 * 86_400_000) / INCIDENTS)),
);
for (let at = 0; at < rows.length; at += 500)
  await db
    .insertInto("incidents")
    .values(rows.slice(at, at + 500))
    .execute();

const first = await measured(() => currentFindings(services, caseId));
const matter = (await getCase(db, caseId))!;
const around = await readAround(db, matter);
const all = await incidentsBetween(db, caseId, { from: BEGINNING_OF_TIME, to: END_OF_TIME }, around);
const inMemory = await measured(async () => {
  judgeCase(
    codes.judgeFor(matter.codes),
    around.context,
    all.map(({ incident }) => incident),
  );
});
const log = (n: number, at: number) =>
  measured(async () => {
    await db.insertInto("incidents").values(contact(n, at)).execute();
    await db.transaction().execute((tx) => touch(tx, caseId, at, at));
    await currentFindings(services, caseId);
  });
const last = await log(INCIDENTS, by.at);
const middle = await log(INCIDENTS + 1, start + 180 * 86_400_000);
const read = await measured(() => collect(services, caseId));
const line = (name: string, { ms, longest }: typeof first) =>
  process.stdout.write(
    `${name}: ${ms.toFixed(0)} ms of processor time, ${(ms / inMemory.ms).toFixed(2)} of judging all ${INCIDENTS} in memory; longest turn ${longest.toFixed(0)} ms\n`,
  );
line("first judgement, read, judged and stored", first);
line("one contact more, the newest", last);
line("one contact more, half a year ago", middle);
line("a dossier's reading of the case", read);
await services.close();
rmSync(folder, { recursive: true, force: true });
if ([first, last, middle, read].some(({ longest }) => longest > LONGEST_MS)) process.exitCode = 1;
