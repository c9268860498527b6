/** A small case made through the same verbs as a person at the forms: three contacts, two files, a notice, a review. */
import { Readable } from "node:stream";
import type { By } from "../../src/cases/case.ts";
import { addCollector } from "../../src/cases/collectors.ts";
import { addDebt } from "../../src/cases/debts.ts";
import { createCase } from "../../src/cases/store.ts";
import type { ReceivedFile } from "../../src/evidence/evidence.ts";
import type { IncidentFacts } from "../../src/incidents/incident.ts";
import { logIncident } from "../../src/incidents/log-incident.ts";
import { recordNotice } from "../../src/notices/record-notice.ts";
import type { Services } from "../../src/services.ts";

export const RECORDING = Buffer.from("RIFF the sound of a call at night");
export const SAID = '明天去你单位😀 =HYPERLINK("http://x") #strong[x] $x$ *bold* \\ <b>';

export async function plantCase(services: Services, personId: string): Promise<string> {
  const { db, blobs, clock } = services;
  const by: By = { personId, at: clock.now() };
  const { caseId, collectorId, debtId } = await db.transaction().execute(async (tx) => {
    const { id } = await createCase(
      tx,
      {
        borrower: "林小雨",
        lender: "示例消费金融有限公司",
        lenderKind: "consumer-finance",
        respondentKind: "unknown",
        platform: "示例分期",
        zone: "Asia/Shanghai",
        country: "CN",
        pastDueOn: "2026-08-20",
        reachable: true,
        debtLawful: null,
        employerForbids: null,
        codes: ["cn-online-consumer-credit"],
        demo: false,
        role: "borrower",
      },
      by,
    );
    return {
      caseId: id,
      collectorId: await addCollector(
        tx,
        id,
        {
          name: "示例资产服务有限公司",
          kind: "agency",
          note: null,
          handles: [{ kind: "phone", value: "+861050000001" }],
        },
        by,
      ),
      debtId: await addDebt(
        tx,
        id,
        {
          creditor: "示例消费金融有限公司",
          product: "示例分期",
          reference: "HT-42",
          dueOn: "2026-08-20",
          amountMinor: 482_650,
          currency: "CNY",
          note: null,
        },
        by,
      ),
    };
  });
  const receive = async (bytes: Buffer, name: string, mediaType: string): Promise<ReceivedFile> => ({
    ...(await blobs.receive(Readable.from([bytes]))),
    name,
    mediaType,
  });
  const log = (facts: Partial<IncidentFacts> & { happenedAt: number }, files: ReceivedFile[] = []) =>
    logContact(services, caseId, { collectorId, debtId, ...facts }, by, files);
  await log({ happenedAt: Date.parse("2026-11-10T10:15:00+08:00") });
  await log({ happenedAt: Date.parse("2026-11-17T22:43:00+08:00"), said: SAID }, [
    await receive(RECORDING, "通话录音 2026-11-17.wav", "audio/wav"),
  ]);
  await log({
    happenedAt: Date.parse("2026-11-18T00:00:00+08:00"),
    precision: "day",
    contacted: "colleague",
    outcome: null,
    disclosed: ["debt-to-third-party"],
  });
  await db.transaction().execute(async (tx) =>
    recordNotice(
      tx,
      caseId,
      {
        kind: "third-party-refusal",
        sentAt: Date.parse("2026-11-12T09:00:00+08:00"),
        receivedAt: Date.parse("2026-11-13T09:00:00+08:00"),
        form: "written",
        detail: { contacted: ["colleague"] },
        words: "请不要联系我的同事。",
      },
      { files: [await receive(Buffer.from("%PDF-1.4 receipt"), "回执.pdf", "application/pdf")], held: [] },
      by,
    ),
  );
  return caseId;
}

/** One more call; what is not said otherwise is a talk of two minutes with the borrower. */
export async function logContact(
  { db }: Services,
  caseId: string,
  facts: Partial<IncidentFacts> & { happenedAt: number },
  by: By,
  files: ReceivedFile[] = [],
): Promise<void> {
  await logIncident(
    db,
    caseId,
    {
      facts: {
        channel: "call",
        direction: "incoming",
        precision: "exact",
        contacted: "self",
        outcome: "conversation",
        durationSeconds: 161,
        purpose: null,
        automated: null,
        place: null,
        fromNumber: "+861050000001",
        calledNumber: null,
        collectorId: null,
        debtId: null,
        acts: [],
        said: null,
        account: null,
        disclosed: null,
        visitors: null,
        ...facts,
      },
      newCollector: null,
      held: [],
      draft: null,
    },
    files,
    by,
  );
}
