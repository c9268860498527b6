/**
 * Reads everything of a case that a dossier may hold, as one picture of one moment. A set-based read per table, through the features that
 * own them; rows become the plain data of dossier.ts. Next: build-dossier.ts.
 */
import { setTimeout } from "node:timers/promises";
import type { Collector, Debt } from "../cases/case.ts";
import {
  BEGINNING_OF_TIME,
  END_OF_TIME,
  getCase,
  getCollector,
  getDebt,
  listCollectors,
  listDebts,
} from "../cases/store.ts";
import { codesOf } from "../codes/case-codes.ts";
import { textWithHolidays } from "../codes/holidays.ts";
import { stateOf } from "../complaints/complaint.ts";
import { installedChannels } from "../complaints/load-channels.ts";
import { lettersOf, listComplaints, readyDossiers } from "../complaints/store.ts";
import { corroborationOf } from "../corroboration/summary.ts";
import { exhibitName } from "../evidence/evidence.ts";
import { type ListedEvidence, listEvidence } from "../evidence/store.ts";
import type { KeptFinding } from "../findings/finding.ts";
import { type Bench, currentFindings } from "../findings/judge-case.ts";
import { listFindings, type Place } from "../findings/store.ts";
import { headOf } from "../history/store.ts";
import type { Incident } from "../incidents/incident.ts";
import type { Backing } from "../incidents/sources/backing.ts";
import { backingsOf } from "../incidents/sources/backings.ts";
import { incidentsBetween, namesOf } from "../incidents/store.ts";
import { publicNotice } from "../notices/notice.ts";
import { recordedNotices } from "../notices/store.ts";
import type { Db } from "../platform/database.ts";
import { bookKinds } from "../ledger/entry.ts";
import { exhibitPath } from "./bag.ts";
import { collectBorrower } from "./borrower.ts";
import {
  type CaseMaterial,
  type DossierComplaint,
  type DossierExhibit,
  type DossierFinding,
  type DossierIncident,
  localDay,
} from "./dossier.ts";

/** Rows read before others get a turn. */
const PAGE = 300;
/**
 * Findings are joined with their contacts. Until PostgreSQL has looked at how much is in a table that just grew, it joins all that is left
 * for every page: few pages, then.
 */
const FINDINGS = 1500;
const TRIES = 20;
const LONGER_EACH_TIME_MS = 25;

/** The case was changed during every attempt to read it. */
export class NeverStill extends Error {}

/**
 * The case as it is at one moment, its findings judged, without keeping anybody from changing it meanwhile: every change appends to the
 * history, so what was read between two looks at an unchanged head fits together. Throws {@link NeverStill} when the head always moved.
 */
export async function collect(bench: Bench, caseId: string): Promise<CaseMaterial> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const head = await headOf(bench.db, caseId);
    await currentFindings(bench, caseId);
    const material = await readAll(bench, caseId, head);
    const now = await headOf(bench.db, caseId);
    if (now.seq === head.seq && now.hash === head.hash) return material;
    await setTimeout(tries * LONGER_EACH_TIME_MS);
  }
  throw new NeverStill(`case ${caseId} was changed during each of ${TRIES} attempts to read it`);
}

/** Lets the server answer others between two pages. */
const rest = () => new Promise<void>((resolve) => setImmediate(resolve));

async function readAll(bench: Bench, caseId: string, history: CaseMaterial["history"]): Promise<CaseMaterial> {
  const { db } = bench;
  const matter = await getCase(db, caseId);
  if (matter === null) throw new Error(`there is no case ${caseId}`);
  const codes = await codesOf(bench, matter);
  const found = await allIncidents(db, caseId);
  const evidence = await allEvidence(db, caseId);
  const notices = await recordedNotices(db, caseId);
  const findings = await allFindings(db, caseId);
  const [debts, collectors] = [await listDebts(db, caseId), await listCollectors(db, caseId)];
  const names = await namesOf(db, [...new Set(found.map(({ loggedBy }) => loggedBy))]);
  const complaints = await complaintsIn(db, caseId, exhibitsBySubject(evidence));
  const named = await removedOnes(db, caseId, found, debts, collectors);
  const exhibitsOf = exhibitsBySubject(evidence);
  const clockwork = { zone: matter.zone, now: bench.clock.now() };
  const backings = await backingsOf(db, caseId, found, filesByIncident(evidence), clockwork);
  return {
    case: {
      id: matter.id,
      number: matter.number,
      borrower: matter.borrower,
      lender: matter.lender,
      lenderKind: matter.lenderKind,
      respondentKind: matter.respondentKind,
      platform: matter.platform,
      zone: matter.zone,
      pastDueOn: matter.pastDueOn,
      reachable: matter.reachable,
      debtLawful: matter.debtLawful,
      employerForbids: matter.employerForbids,
      // With those that the chosen ones include: the dossier then needs nothing that is not in it.
      codes: codes.expand(matter.codes).map(({ id }) => id),
      demo: matter.demo,
    },
    debts: debts.map(({ id, creditor, product, reference, dueOn, amountMinor, currency, note }) => ({
      id,
      creditor,
      product,
      reference,
      dueOn,
      amountMinor,
      currency,
      note,
    })),
    collectors: collectors.map(({ id, name, kind, handles }) => ({
      id,
      name,
      kind,
      handles: handles.map(({ value }) => value),
    })),
    incidents: found.map((incident) =>
      incidentOf(
        incident,
        named,
        names.get(incident.loggedBy) ?? incident.loggedBy,
        exhibitsOf.get(incident.id) ?? [],
        backings.get(incident.id),
      ),
    ),
    findings: findings.map(findingOf),
    notices: notices.map((notice) => ({
      id: notice.id,
      number: notice.number,
      kind: notice.kind,
      sentAt: notice.sentAt,
      receivedAt: notice.receivedAt,
      form: notice.form,
      words: notice.words,
      detail: { ...publicNotice(notice).detail },
      exhibits: exhibitsOf.get(notice.id) ?? [],
    })),
    complaints,
    exhibits: evidence.map(exhibitOf).sort(byNumber),
    // The text is made when the code goes along: one that names a calendar has its dates worked out and written down then.
    codes: codes.all().map((code) => ({
      code,
      get yaml() {
        return textWithHolidays(codes.text(code.id), code);
      },
    })),
    acts: Object.fromEntries(codes.acts.acts.map((act) => [act.id, act.label])),
    history,
    corroboration: await corroborationOf(db, matter, clockwork.now),
    borrower: await collectBorrower(db, caseId, exhibitsOf, localDay(matter.zone, clockwork.now)),
  };
}

function filesByIncident(evidence: readonly ListedEvidence[]): Map<string, ListedEvidence[]> {
  const files = new Map<string, ListedEvidence[]>();
  for (const file of evidence)
    for (const { kind, id } of file.subjects)
      if (kind === "incident") files.getOrInsertComputed(id, () => []).push(file);
  return files;
}

/** In order of time. Contacts of one instant may lie across two pages, so the next page begins with that instant again. */
async function allIncidents(db: Db, caseId: string): Promise<Incident[]> {
  const all: Incident[] = [];
  const seen = new Set<string>();
  let from = BEGINNING_OF_TIME;
  for (let limit = PAGE; ; await rest()) {
    const page = await incidentsBetween(db, caseId, from, END_OF_TIME, limit);
    const fresh = page.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    all.push(...fresh);
    if (page.length < limit) return all;
    from = page.at(-1)!.happenedAt;
    // More contacts of one instant than fit on a page.
    limit = fresh.length === 0 ? limit * 2 : PAGE;
  }
}

async function allEvidence(db: Db, caseId: string): Promise<ListedEvidence[]> {
  const all: ListedEvidence[] = [];
  for (;;) {
    const last = all.at(-1);
    const before = last === undefined ? undefined : { addedAt: last.addedAt, id: last.id };
    const page = await listEvidence(db, caseId, { removed: false, before, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
    await rest();
  }
}

async function allFindings(db: Db, caseId: string): Promise<KeptFinding[]> {
  const all: KeptFinding[] = [];
  let olderThan: Place | null = null;
  do {
    const page: Awaited<ReturnType<typeof listFindings>> = await listFindings(
      db,
      caseId,
      {},
      olderThan === null ? { limit: FINDINGS } : { limit: FINDINGS, olderThan },
    );
    all.push(...page.findings);
    olderThan = page.olderPlace;
    await rest();
  } while (olderThan !== null);
  // The list is newest first; a dossier is read from the beginning.
  return all.toReversed();
}

/** Complaints that were filed; a draft is nobody else's business yet. */
async function complaintsIn(
  db: Db,
  caseId: string,
  exhibitsOf: ReadonlyMap<string, string[]>,
): Promise<DossierComplaint[]> {
  const filed = (await listComplaints(db, caseId)).filter(({ filedOn }) => filedOn !== null);
  const letters = await lettersOf(
    db,
    caseId,
    filed.map(({ id }) => id),
  );
  const dossiers = await readyDossiers(db, caseId);
  return filed.map((complaint) => {
    const { number, channel, filedOn, receipt, acknowledgedOn, answeredOn, outcome, escalatedOn, closedOn } = complaint;
    return {
      number,
      channel,
      office: installedChannels().get(channel)?.name ?? null,
      state: stateOf(complaint),
      filedOn,
      receipt,
      acknowledgedOn,
      answeredOn,
      outcome,
      escalatedOn,
      closedOn,
      narrative: complaint.narrative,
      request: complaint.request,
      dossier: dossiers.find(({ id }) => id === complaint.dossierId)?.version ?? null,
      letters: letters
        .filter(({ complaintId }) => complaintId === complaint.id)
        .map(({ id, kind, onDay, words }) => ({ kind, on: onDay, words, exhibits: exhibitsOf.get(id) ?? [] })),
    };
  });
}

/** Incidents may still name a debt or a collector that was removed from the lists. */
async function removedOnes(db: Db, caseId: string, incidents: Incident[], debts: Debt[], collectors: Collector[]) {
  const named = {
    debts: new Map(debts.map((debt) => [debt.id, debt])),
    collectors: new Map(collectors.map((collector) => [collector.id, collector])),
  };
  for (const { debtId, collectorId } of incidents) {
    if (debtId !== null && !named.debts.has(debtId)) {
      const debt = await getDebt(db, caseId, debtId);
      if (debt !== null) named.debts.set(debtId, debt);
    }
    if (collectorId !== null && !named.collectors.has(collectorId)) {
      const collector = await getCollector(db, caseId, collectorId);
      if (collector !== null) named.collectors.set(collectorId, collector);
    }
  }
  return named;
}

function incidentOf(
  incident: Incident,
  named: { debts: Map<string, Debt>; collectors: Map<string, Collector> },
  loggedBy: string,
  exhibits: string[],
  backing: Backing | undefined,
): DossierIncident {
  const known = <T>(value: T | null): T | undefined => value ?? undefined;
  const debt = incident.debtId === null ? undefined : named.debts.get(incident.debtId);
  const collector = incident.collectorId === null ? undefined : named.collectors.get(incident.collectorId);
  return {
    id: incident.id,
    number: incident.number,
    channel: incident.channel,
    direction: incident.direction,
    happenedAt: new Date(incident.happenedAt).toISOString(),
    at: incident.happenedAt,
    precision: incident.precision,
    durationSeconds: known(incident.durationSeconds),
    outcome: known(incident.outcome),
    purpose: known(incident.purpose),
    automated: known(incident.automated),
    contacted: known(incident.contacted),
    place: known(incident.place),
    fromNumber: known(incident.fromNumber),
    calledNumber: known(incident.calledNumber),
    collector: collector?.name,
    collectorKind: collector?.kind,
    creditor: debt?.creditor,
    debt: debt === undefined ? undefined : (debt.reference ?? debt.product ?? debt.id),
    acts: incident.acts.length === 0 ? undefined : incident.acts,
    said: known(incident.said),
    account: known(incident.account),
    disclosed: known(incident.disclosed),
    visitors: known(incident.visitors),
    loggedAt: incident.loggedAt,
    loggedBy,
    exhibits,
    backing: backing === undefined || backing.groups.length === 0 ? undefined : backing,
  };
}

function findingOf({ finding, review }: KeptFinding): DossierFinding {
  return {
    ...finding,
    review:
      review === null
        ? null
        : { verdict: review.verdict, reason: review.reason, by: review.reviewerName, at: review.reviewedAt },
  };
}

function exhibitOf(evidence: ListedEvidence): DossierExhibit {
  const number = exhibitName(evidence);
  const of = (kind: string) =>
    evidence.subjects.filter((subject) => subject.kind === kind).map((subject) => subject.number);
  const entries = evidence.subjects.flatMap(({ kind, number: n }) => {
    const known = bookKinds.find((one) => one === kind);
    return known === undefined ? [] : [{ kind: known, number: n }];
  });
  return {
    id: evidence.id,
    number,
    sha256: evidence.sha256,
    size: evidence.size,
    mediaType: evidence.mediaType,
    originalName: evidence.name,
    description: evidence.description,
    addedBy: evidence.addedByName,
    addedAt: evidence.addedAt,
    incidents: of("incident"),
    notices: of("notice"),
    ...(entries.length === 0 ? {} : { entries }),
    path: exhibitPath(number, evidence.name),
  };
}

function exhibitsBySubject(evidence: ListedEvidence[]): Map<string, string[]> {
  const bySubject = new Map<string, string[]>();
  for (const one of [...evidence].sort((a, b) => byNumber({ number: exhibitName(a) }, { number: exhibitName(b) })))
    for (const { id } of one.subjects) bySubject.set(id, [...(bySubject.get(id) ?? []), exhibitName(one)]);
  return bySubject;
}

/** A-2 before A-10 before B-1. */
function byNumber(a: { number: string }, b: { number: string }): number {
  const [letterA = "", numberA] = a.number.split("-");
  const [letterB = "", numberB] = b.number.split("-");
  return letterA < letterB ? -1 : letterA > letterB ? 1 : Number(numberA) - Number(numberB);
}
