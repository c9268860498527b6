/** What people do in one case at the same moment, on both databases: nobody is thrown out, nothing is lost, the history holds. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDebt, correctDebt, removeDebt } from "../../src/cases/debts.ts";
import { tidyEvidence } from "../../src/evidence/integrity.ts";
import { linkEvidence, removeEvidence } from "../../src/evidence/link-evidence.ts";
import { getEvidence, holdFiles, takeHeld } from "../../src/evidence/store.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { logIncident } from "../../src/incidents/log-incident.ts";
import { removeIncident, restoreIncident } from "../../src/incidents/correct-incident.ts";
import type { IncidentFacts } from "../../src/incidents/incident.ts";
import { correctNotice, recordNotice } from "../../src/notices/record-notice.ts";
import type { NoticeFacts } from "../../src/notices/notice.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { openCase } from "../incidents/people.ts";

const said: IncidentFacts = {
  channel: "call",
  direction: "incoming",
  happenedAt: Date.parse("2026-11-19T14:00:00Z"),
  precision: "exact",
  contacted: "self",
  outcome: "conversation",
  durationSeconds: null,
  purpose: null,
  automated: null,
  place: null,
  fromNumber: null,
  calledNumber: null,
  collectorId: null,
  debtId: null,
  acts: [],
  said: null,
  account: null,
  disclosed: null,
  visitors: null,
};
const told: NoticeFacts = {
  kind: "cease-contact",
  sentAt: Date.parse("2026-11-01T00:00:00Z"),
  receivedAt: null,
  form: "written",
  detail: {},
  words: null,
};
const owed = {
  creditor: "A",
  product: null,
  reference: null,
  dueOn: null,
  amountMinor: null,
  currency: null,
  note: null,
};

describe.each(databases)("at the same moment on $name", (database) => {
  let app: TestApp;
  let caseId: string;
  let by: { personId: string; at: number };
  beforeAll(async () => {
    app = await withApp(database);
    caseId = await openCase(await app.as("lin"));
    by = { personId: await app.personId("lin"), at: app.clock.now() };
  });
  afterAll(() => app.close());

  const fileOf = async (text: string) => ({
    ...(await app.services.blobs.receive([Buffer.from(text)] as never)),
    mediaType: "text/plain",
    name: "note.txt",
  });

  test("contacts, notices, debts and files are changed without anybody waiting for ever", async () => {
    const { db } = app.services;
    const inOne = <T>(work: Parameters<ReturnType<typeof db.transaction>["execute"]>[0]) =>
      db.transaction().execute(work) as Promise<T>;
    const log = (files: Awaited<ReturnType<typeof fileOf>>[] = []) =>
      logIncident(db, caseId, { facts: said, newCollector: null, held: [], draft: null }, files, by);
    const { incident } = await log();
    const notice = await db.transaction().execute((tx) => recordNotice(tx, caseId, told, { files: [], held: [] }, by));
    const debt = await db.transaction().execute((tx) => addDebt(tx, caseId, owed, by));
    const file = await fileOf("a file that comes and goes");
    const [linked] = await db.transaction().execute((tx) => linkEvidence(tx, caseId, [file], null, by));
    const rounds = 12;
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all([
        log([file, await fileOf(`file ${round}`)]),
        log([await fileOf(`other file ${round}`), file]),
        inOne((tx) =>
          correctNotice(
            tx,
            caseId,
            notice.number,
            notice.version + round,
            { facts: { ...told, words: `${round}` }, proof: { files: [], held: [] } },
            by,
          ),
        ),
        inOne((tx) => recordNotice(tx, caseId, told, { files: [], held: [] }, by)),
        inOne((tx) => correctDebt(tx, caseId, debt, 1 + round * 2, { ...owed, creditor: `${round}` }, by)),
        inOne((tx) => removeEvidence(tx, caseId, linked!.evidence, by)),
        (round % 2 === 0 ? removeIncident : restoreIncident)(db, caseId, incident, by),
      ]);
      await inOne((tx) => removeDebt(tx, caseId, debt, round % 2 === 0, by));
    }
    const { n } = await db
      .selectFrom("incidents")
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .where("case_id", "=", caseId)
      .executeTakeFirstOrThrow();
    expect(n).toBe(1 + 2 * rounds);
    expect(await verifyHistory(db, caseId)).toBe(null);
  });

  test("a file that becomes evidence while the store is tidied is not thrown away", async () => {
    const { db, blobs } = app.services;
    const file = await fileOf("waited for days");
    const later = Date.now() + 2 * 24 * 3600_000;
    await holdFiles(db, caseId, by.personId, [{ ...file, id: "waiting", receivedAt: later }]);
    let asked = 0;
    // Right after the first question whether anything refers to the file, the person presses Save.
    const meanwhile = db.withPlugin({
      transformQuery({ node }) {
        if (node.kind === "SelectQueryNode") asked += 1;
        return node;
      },
      async transformResult({ result }) {
        if (asked === 1) {
          asked += 1;
          await db.transaction().execute(async (tx) => {
            await linkEvidence(tx, caseId, await takeHeld(tx, caseId, by.personId, ["waiting"]), null, by);
          });
        }
        return result;
      },
    });
    await db.deleteFrom("uploads").where("id", "!=", "waiting").execute();
    const only = {
      ...blobs,
      list: async function* () {
        yield file.sha256;
      },
    };
    await tidyEvidence(meanwhile, only, later);
    expect(await blobs.has(file.sha256)).toBe(true);
    expect(await getEvidence(db, caseId, { letter: "C", number: 1 })).not.toBeNull();
  });
});
