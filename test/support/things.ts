/** What the parameters of addresses stand for in a planted case, so that every route can be asked. */
import { Readable } from "node:stream";
import { beginComplaint, noteHappening } from "../../src/complaints/work-on-complaint.ts";
import { exhibitName } from "../../src/evidence/evidence.ts";
import { linkEvidence } from "../../src/evidence/link-evidence.ts";
import { copyCode } from "../../src/own-codes/change-own.ts";
import { beginCopy } from "../../src/redaction/make-copy.ts";
import { EMPTY_RECIPE } from "../../src/redaction/redaction.ts";
import { createImport, moveImport } from "../../src/imports/store.ts";
import type { TestApp } from "./app.ts";

/** One value for each parameter that names a thing of a case. */
export async function thingsOf(whole: TestApp, caseId: string): Promise<Record<string, string>> {
  const { db } = whole.services;
  const one = async (table: "evidence" | "debts" | "collectors" | "dossiers") =>
    (await db.selectFrom(table).select("id").where("case_id", "=", caseId).limit(1).executeTakeFirst())?.id ?? "none";
  const finding = await db
    .selectFrom("findings")
    .innerJoin("incidents", "incidents.id", "findings.incident_id")
    .select(["rule", "code_id", "incident_id", "number"])
    .where("findings.case_id", "=", caseId)
    .limit(1)
    .executeTakeFirst();
  return {
    case: caseId,
    number: "1",
    incident: finding?.incident_id ?? "none",
    findingNumber: String(finding?.number ?? 0),
    rule: finding?.rule ?? "none",
    evidence: await one("evidence"),
    exhibit: "A-1",
    original: await aPicture(whole, caseId),
    copy: "1",
    debt: await one("debts"),
    collector: await one("collectors"),
    notice: "1",
    dossier: await one("dossiers"),
    version: "1",
    person: "nobody",
    invitation: "nothing",
    channel: "cn-12378",
    feed: "no-such-feed",
    ...(await someComplaints(whole, caseId)),
    // The code that has the rule above.
    code: finding?.code_id ?? "cn-online-consumer-credit",
    source: Object.keys(whole.services.codes.get(finding?.code_id ?? "")?.sources ?? {})[0] ?? "none",
    own: finding === undefined ? "own-none" : await anOwnCode(whole, caseId, finding.code_id),
    token: "no-such-token",
    article: "kept",
    import: await anImport(whole, caseId),
    file: "pdf",
    format: "pdf",
  };
}

/** The id of a code of the case, copied from the one that has the rule of the finding. */
async function anOwnCode({ services: { db, codes, clock } }: TestApp, caseId: string, from: string): Promise<string> {
  const { person_id: personId } = await db
    .selectFrom("case_members")
    .select("person_id")
    .where("case_id", "=", caseId)
    .executeTakeFirstOrThrow();
  const title = { en: "Our own copy", "zh-CN": "自己的副本" };
  const name = { title, note: "To be changed", day: "2026-11-23" };
  return copyCode(db, caseId, { id: from, text: codes.text(from) }, name, { personId, at: clock.now() });
}

/** The numbers of a complaint to the regulator that was filed, and of a draft that goes on from it. */
async function someComplaints(
  { services: { db, clock } }: TestApp,
  caseId: string,
): Promise<{ complaint: string; draft: string }> {
  const { created_by: personId } = await db
    .selectFrom("cases")
    .select("created_by")
    .where("id", "=", caseId)
    .executeTakeFirstOrThrow();
  const by = { personId, at: clock.now() };
  const none = { words: null, receipt: null, outcome: null, dossier: null, files: [] };
  return db.transaction().execute(async (tx) => {
    const made = await beginComplaint(tx, caseId, "cn-12378", { follows: null, today: "2026-09-20" }, by);
    await noteHappening(tx, caseId, made, { ...none, kind: "filed", onDay: "2026-09-25" }, by);
    const next = await beginComplaint(tx, caseId, "cn-police", { follows: made, today: "2026-11-23" }, by);
    return { complaint: String(made.number), draft: String(next.number) };
  });
}

/** The name of a picture with a redacted copy. */
async function aPicture({ services }: TestApp, caseId: string): Promise<string> {
  const member = await services.db
    .selectFrom("case_members")
    .select("person_id")
    .where("case_id", "=", caseId)
    .executeTakeFirst();
  if (member === undefined) return "B-1";
  const by = { personId: member.person_id, at: services.clock.now() };
  const png = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAD0lEQVR4nGP4jwYYRrYAAID5/wEokJxdAAAAAElFTkSuQmCC";
  const file = await services.blobs.receive(Readable.from([Buffer.from(png, "base64")]));
  const [linked] = await services.db
    .transaction()
    .execute((tx) => linkEvidence(tx, caseId, [{ ...file, name: "shot.png", mediaType: "image/png" }], null, by));
  const { done } = await beginCopy(services, caseId, linked!.evidence, EMPTY_RECIPE, by);
  await done;
  return exhibitName(linked!.evidence);
}

/** The number of an import that waits for its formats. */
async function anImport({ services: { db, waiting, clock } }: TestApp, caseId: string): Promise<string> {
  const member = await db
    .selectFrom("case_members")
    .select("person_id")
    .where("case_id", "=", caseId)
    .executeTakeFirst();
  if (member === undefined) return "1";
  const bytes = Buffer.from('<?xml version="1.0"?><calls count="0"></calls>');
  const file = await waiting.blobs.receive(Readable.from([bytes]));
  const by = { personId: member.person_id, at: clock.now() };
  const made = await createImport(db, caseId, [{ ...file, name: "calls.xml", mediaType: "application/xml" }], by);
  await moveImport(db, caseId, made.id, ["detecting"], "asking");
  return String(made.number);
}

export const fill = (path: string, values: Record<string, string>) =>
  path
    .replace("/findings/:number/", `/findings/${values.findingNumber}/`)
    .replaceAll(/[:*](\w+)/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`say in thingsOf what :${name} of ${path} is`);
      return encodeURIComponent(value);
    });
