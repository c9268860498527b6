/**
 * `dunwatch demo`: fills the made-up cases of data/demo, through the same verbs as a person at the forms, and says how to sign in.
 * Run again, it removes the demo cases of before first.
 */
import { randomBytes } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type By, type CaseFacts, type CollectorFacts, type DebtFacts, handleFrom } from "../cases/case.ts";
import { addCollector } from "../cases/collectors.ts";
import { addDebt } from "../cases/debts.ts";
import { createCase, removeCase } from "../cases/store.ts";
import { Incident } from "../conduct/incident.ts";
import { Notice } from "../conduct/case.ts";
import { instantOf, zoneNamed } from "../conduct/zone.ts";
import { readConfig } from "../config.ts";
import type { ReceivedFile } from "../evidence/evidence.ts";
import { mediaTypeOf } from "../evidence/media-type.ts";
import { logIncident } from "../incidents/log-incident.ts";
import { currentFindings } from "../findings/judge-case.ts";
import { reviewFinding } from "../findings/review.ts";
import { recordNotice } from "../notices/record-notice.ts";
import { type Services, createServices } from "../services.ts";
import { bringIn } from "./import.ts";

const folder = join(import.meta.dirname, "../../data/demo");
const EMAIL = "demo@dunwatch.example";
const MINUTE = 60_000;

const Key = z.object({ key: z.string() });
const DemoCase = z.object({
  incidents: z.string(),
  openedAt: z.string(),
  case: z.custom<CaseFacts>(),
  debt: z.custom<DebtFacts>().and(Key),
  collectors: z.array(z.custom<Omit<CollectorFacts, "handles">>().and(Key)),
  notices: z.array(Notice.omit({ id: true }).extend({ words: z.string(), files: z.array(z.string()) })),
  /** Files of the incident that happened at this local minute. */
  files: z.array(z.object({ file: z.string(), at: z.string(), description: z.string() })),
  reviews: z.array(
    z.object({ at: z.string(), rule: z.string(), verdict: z.enum(["confirmed", "dismissed"]), reason: z.string() }),
  ),
  /** Files that are imported in the end: what they tell of contacts that were logged backs those up. */
  imports: z.array(z.string()).default([]),
});
type DemoCase = z.infer<typeof DemoCase>;

export async function run(): Promise<number> {
  const services = await createServices(readConfig(process.env), {});
  try {
    const password = randomBytes(9).toString("base64url");
    const personId = await demoPerson(services, password);
    const [first, ...others] = await plantDemo(services, personId);
    process.stdout.write(`The demo case: ${services.origin()}/cases/${first}\n`);
    for (const id of others) process.stdout.write(`Another one:   ${services.origin()}/cases/${id}\n`);
    process.stdout.write(`Start the app (npm start) and sign in as ${EMAIL} with the password ${password}\n`);
    return 0;
  } finally {
    await services.close();
  }
}

/** A fresh demo person with this password; an earlier one goes, with their cases. */
async function demoPerson({ db, auth }: Services, password: string): Promise<string> {
  await db.deleteFrom("people").where("email", "=", EMAIL).execute();
  const { user } = await auth.api.signUpEmail({ body: { name: "林小雨 / Dana Reyes", email: EMAIL, password } });
  return user.id;
}

/**
 * Replaces all demo cases by fresh ones belonging to this person; the owner of the installation may read along.
 * @returns their ids, the Chinese one first.
 */
export async function plantDemo(services: Services, personId: string): Promise<string[]> {
  const { db } = services;
  const old = await db.selectFrom("cases").select("id").where("demo", "=", 1).execute();
  for (const { id } of old) await db.transaction().execute((tx) => removeCase(tx, id));
  const cases = z.array(DemoCase).parse(JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")));
  const ids: string[] = [];
  for (const demo of cases) ids.push(await plantCase(services, demo, personId));
  return ids;
}

async function plantCase(services: Services, demo: DemoCase, personId: string): Promise<string> {
  const { db } = services;
  const zone = zoneNamed(demo.case.zone);
  const by = (at: number): By => ({ personId, at });
  const opened = by(Date.parse(demo.openedAt));
  const incidents = readFileSync(join(folder, demo.incidents), "utf8")
    .trim()
    .split("\n")
    .map((line) => Incident.parse(JSON.parse(line)))
    .map((incident) => ({ ...incident, at: instantOf(incident.happenedAt, zone) }));

  const { caseId, debtId, collectorIds } = await db.transaction().execute(async (tx) => {
    const made = await createCase(tx, { ...demo.case, demo: true, role: "borrower" }, opened);
    const { key: _key, ...debt } = demo.debt;
    const owed = await addDebt(tx, made.id, debt, opened);
    const ids: [string, string][] = [];
    for (const { key, ...facts } of demo.collectors) {
      const numbers = new Set(
        incidents.flatMap((one) => (one.collector === key && one.fromNumber ? [one.fromNumber] : [])),
      );
      const handles = [...numbers].map(handleFrom);
      ids.push([key, await addCollector(tx, made.id, { ...facts, handles }, opened)]);
    }
    return { caseId: made.id, debtId: owed, collectorIds: Object.fromEntries(ids) };
  });

  const notices = demo.notices.map((notice) => ({ ...notice, sent: Date.parse(notice.sentAt ?? demo.openedAt) }));
  /** Human numbers by the local minute; the last incident of a minute counts. */
  const numbers = new Map<string, number>();
  for (const [at, incident] of incidents.entries()) {
    while (notices[0] !== undefined && notices[0].sent < incident.at) {
      await tellNotice(services, caseId, notices.shift()!, by);
    }
    const minute = incident.happenedAt.slice(0, 16);
    const files = await Promise.all(
      demo.files
        .filter((file) => file.at === minute && incident.contacted === "self")
        .map(({ file }) => receive(services, file)),
    );
    const logged = await logIncident(
      db,
      caseId,
      {
        facts: {
          channel: incident.channel,
          direction: incident.direction,
          happenedAt: incident.at,
          precision: incident.precision,
          contacted: incident.contacted ?? null,
          outcome: incident.outcome ?? null,
          durationSeconds: incident.durationSeconds ?? null,
          purpose: incident.purpose ?? null,
          automated: incident.automated ?? null,
          place: incident.place ?? null,
          fromNumber: incident.fromNumber ?? null,
          calledNumber: incident.calledNumber ?? null,
          collectorId: collectorIds[incident.collector ?? ""] ?? null,
          debtId,
          acts: incident.acts ?? [],
          said: incident.said ?? null,
          account: incident.account ?? null,
          disclosed: incident.disclosed ?? null,
          visitors: incident.visitors ?? null,
        },
        newCollector: null,
        held: [],
        draft: null,
      },
      files,
      // Written down a few minutes after it happened; what is only known by the day, that evening.
      by(incident.at + (incident.precision === "day" ? 20 * 60 : 2 + ((at * 7) % 40)) * MINUTE),
    );
    numbers.set(minute, logged.incident.number);
  }
  for (const notice of notices) await tellNotice(services, caseId, notice, by);

  await currentFindings(services, caseId);
  const last = Math.max(...incidents.map((incident) => incident.at)) + 90 * MINUTE;
  for (const { at, rule, verdict, reason } of demo.reviews) {
    if (!(await reviewFinding(db, caseId, numbers.get(at) ?? 0, rule, { verdict, reason }, by(last)))) {
      throw new Error(`the demo reviews a finding that is not there: ${rule} at ${at}`);
    }
  }
  for (const file of demo.imports) {
    const wish = { path: join(folder, "files", file), format: null, answers: {}, numbers: null, all: false };
    await bringIn(services, { ...wish, caseId, keeps: null, dryRun: false }, by(last + 10 * MINUTE));
  }
  return caseId;
}

async function tellNotice(
  services: Services,
  caseId: string,
  notice: DemoCase["notices"][number] & { sent: number },
  by: (at: number) => By,
): Promise<void> {
  const files = await Promise.all(notice.files.map((file) => receive(services, file)));
  const facts = {
    kind: notice.kind,
    form: notice.form ?? null,
    sentAt: notice.sent,
    receivedAt: notice.receivedAt === undefined ? null : Date.parse(notice.receivedAt),
    detail: notice.detail ?? {},
    words: notice.words,
  };
  const told = by(notice.sent + 30 * MINUTE);
  await services.db.transaction().execute((tx) => recordNotice(tx, caseId, facts, { files, held: [] }, told));
}

/** A demo file, received as an upload would be. */
async function receive({ blobs }: Services, name: string): Promise<ReceivedFile> {
  const { sha256, size } = await blobs.receive(createReadStream(join(folder, "files", name)));
  return { sha256, size, name, mediaType: await mediaTypeOf(blobs, sha256, size) };
}
