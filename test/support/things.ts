/** What the parameters of addresses stand for in a planted case, so that every route can be asked. */
import { Readable } from "node:stream";
import { getCase } from "../../src/cases/store.ts";
import { beginComplaint, noteHappening } from "../../src/complaints/work-on-complaint.ts";
import { exhibitName } from "../../src/evidence/evidence.ts";
import { linkEvidence } from "../../src/evidence/link-evidence.ts";
import { impactBook } from "../../src/impact/impact-book.ts";
import { recordEntry } from "../../src/ledger/keep-entry.ts";
import { gather, textsFrom } from "../../src/letters/gather.ts";
import { installedTemplates } from "../../src/letters/load-templates.ts";
import { firstFacts } from "../../src/letters/pages.ts";
import { beginLetter } from "../../src/letters/write-letter.ts";
import { requestBook } from "../../src/negotiation/request-book.ts";
import { copyCode } from "../../src/own-codes/change-own.ts";
import { beginCopy } from "../../src/redaction/make-copy.ts";
import { EMPTY_RECIPE } from "../../src/redaction/redaction.ts";
import { figureBook } from "../../src/repayment/figure-book.ts";
import { makePlan } from "../../src/repayment/make-plan.ts";
import { paymentBook } from "../../src/repayment/payment-book.ts";
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
    number: await ledgerOf(whole, caseId),
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
    letter: await aLetter(whole, caseId),
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

/** One entry of each kind that the borrower keeps, and a plan; gives their number, which is that of much else, too. */
async function ledgerOf({ services: { db, clock } }: TestApp, caseId: string): Promise<string> {
  const found = await db.selectFrom("cases").select("created_by").where("id", "=", caseId).executeTakeFirst();
  if (found === undefined) return "1";
  const by = { personId: found.created_by, at: clock.now() };
  const none = { files: [], held: [] };
  const money = { currency: "CNY", debtId: null };
  await db.transaction().execute(async (tx) => {
    const request = requestBook.facts.parse({
      asks: ["deferral"],
      askedOn: "2026-10-08",
      askedTime: null,
      channel: "call",
      toWhom: "1024 号",
      words: "每月还 500 元",
      amountMinor: 50_000,
      currency: "CNY",
      untilOn: null,
      instalments: 12,
      answer: "refused",
      answeredOn: "2026-10-08",
      answerWords: "不行",
      promise: "call back",
      promisedOn: null,
      kept: "no",
      keptOn: null,
      notice: 1,
      incident: 1,
    });
    await recordEntry(tx, caseId, requestBook, request, none, by);
    const paid = { paidOn: "2026-10-01", amountMinor: 50_000, how: "app", words: null, ...money } as const;
    await recordEntry(tx, caseId, paymentBook, paid, none, by);
    const parts = { principal: 2_000_000, interest: null, fees: null };
    for (const asOf of ["2026-09-01", "2026-11-01"]) {
      const figure = { asOf, amountMinor: 3_000_000, source: "app", words: "p. 1", parts, ...money } as const;
      await recordEntry(tx, caseId, figureBook, figure, none, by);
    }
    const impact = impactBook.facts.parse({
      area: "credit-record",
      fromOn: "2026-10-20",
      toOn: null,
      goesOn: true,
      words: "夜里睡不着",
      amountMinor: null,
      currency: null,
      bureau: "CRC",
      entry: "90 days",
      disputedOn: "2026-10-28",
      result: null,
      inDossier: false,
    });
    await recordEntry(tx, caseId, impactBook, impact, none, by);
    const costs = [{ words: "房租", amountMinor: 220_000 }];
    const sums = { totalMinor: 3_000_000, owedOn: "2026-09-20", incomeMinor: 650_000, offerMinor: 80_000 };
    const plan = {
      currency: "CNY",
      incomeWords: null,
      costs,
      every: "month",
      firstOn: "2026-10-31",
      note: null,
    } as const;
    await makePlan(tx, caseId, { ...sums, ...plan }, by);
  });
  return "1";
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

/** The number of a draft in both languages to the lender. */
async function aLetter({ services }: TestApp, caseId: string): Promise<string> {
  const matter = (await getCase(services.db, caseId))!;
  const template = installedTemplates().get("lender-complaint")!;
  const known = await gather(services, matter);
  const facts = firstFacts(known, template, { today: "2026-11-23", dayOf: () => "2026-11-23" });
  const both = { ...facts, language: "both" as const };
  const by = { personId: matter.createdBy, at: services.clock.now() };
  const words = { facts: both, texts: textsFrom(known, template, both) };
  const made = await services.db.transaction().execute((tx) => beginLetter(tx, caseId, template.kind, words, by));
  return String(made.number);
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
