/** An installation with one case of many contacts over a year, for benchmarks of the app. Close it at the end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createCase } from "../../src/cases/store.ts";
import { readConfig } from "../../src/config.ts";
import { newId } from "../../src/platform/ids.ts";
import { createServices } from "../../src/services.ts";

export const INCIDENTS = Number(process.env.BENCH_INCIDENTS ?? 10_000);
/** When its contacts begin, and when everything was written down. */
export const START = Date.parse("2025-11-20T00:00:00Z");
export const NOW = Date.parse("2026-11-20T12:00:00Z");

export const caseFacts = {
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
const outcomes = ["conversation", "connected", "unanswered", "unknown"] as const;

export async function largeCase() {
  const folder = mkdtempSync(join(tmpdir(), "dunwatch-bench-"));
  const config = readConfig({ DATA_DIR: folder, LOG_LEVEL: "silent" });
  const services = await createServices(config, { log: pino({ level: "silent" }) });
  const { db } = services;
  const made = await services.auth.api.signUpEmail({
    body: { name: "Lin", email: "lin@example.org", password: "a quiet evening" },
    asResponse: true,
  });
  const { user } = (await made.json()) as { user: { id: string } };
  const { id: caseId } = await db
    .transaction()
    .execute((tx) => createCase(tx, { ...caseFacts, demo: false, role: "borrower" }, { personId: user.id, at: NOW }));
  /** The n-th contact of the case, from 0. */
  const contact = (n: number, happenedAt: number) => ({
    id: newId(NOW),
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
    logged_by: user.id,
    logged_at: NOW,
  });
  const rows = Array.from({ length: INCIDENTS }, (_, n) =>
    contact(n, START + Math.floor((n * 365 * 86_400_000) / INCIDENTS)),
  );
  for (let at = 0; at < rows.length; at += 500)
    await db
      .insertInto("incidents")
      .values(rows.slice(at, at + 500))
      .execute();
  return {
    folder,
    config,
    services,
    caseId,
    cookie: made.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    contact,
    async close() {
      await services.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
