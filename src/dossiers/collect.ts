/**
 * Reads everything of a case that a dossier may hold, as one picture of one moment. A set-based read per table, through the features that
 * own them; rows become the plain data of dossier.ts. Next: build-dossier.ts.
 */
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
import type { CodeLibrary } from "../codes/library.ts";
import { exhibitName } from "../evidence/evidence.ts";
import { type ListedEvidence, listEvidence } from "../evidence/store.ts";
import type { KeptFinding } from "../findings/finding.ts";
import { listFindings, type Place } from "../findings/store.ts";
import { headOf } from "../history/store.ts";
import type { Incident } from "../incidents/incident.ts";
import { incidentsBetween, namesOf } from "../incidents/store.ts";
import { publicNotice } from "../notices/notice.ts";
import { recordedNotices } from "../notices/store.ts";
import type { Db } from "../platform/database.ts";
import { exhibitPath } from "./bag.ts";
import type { CaseMaterial, DossierExhibit, DossierFinding, DossierIncident } from "./dossier.ts";

const PAGE = 1000;
const EVERYTHING = 10_000_000;

/**
 * The case as it is now. Call it in a transaction that has appended to the case's history first: whoever wants to change the case then
 * waits, and what is read here fits together on both databases.
 */
export async function collect(db: Db, codes: CodeLibrary, caseId: string): Promise<CaseMaterial> {
  const matter = await getCase(db, caseId);
  if (matter === null) throw new Error(`there is no case ${caseId}`);
  const found = await incidentsBetween(db, caseId, BEGINNING_OF_TIME, END_OF_TIME, EVERYTHING);
  const evidence = await allEvidence(db, caseId);
  const notices = await recordedNotices(db, caseId);
  const findings = await allFindings(db, caseId);
  const [debts, collectors] = [await listDebts(db, caseId), await listCollectors(db, caseId)];
  const names = await namesOf(db, [...new Set(found.map(({ loggedBy }) => loggedBy))]);
  const named = await removedOnes(db, caseId, found, debts, collectors);
  const exhibitsOf = exhibitsBySubject(evidence);
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
      codes: matter.codes,
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
      incidentOf(incident, named, names.get(incident.loggedBy) ?? incident.loggedBy, exhibitsOf.get(incident.id) ?? []),
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
    exhibits: evidence.map(exhibitOf).sort(byNumber),
    codes: codes.all().map((code) => ({ code, yaml: codes.text(code.id) })),
    acts: Object.fromEntries(codes.acts.acts.map((act) => [act.id, act.label])),
    history: await headOf(db, caseId),
  };
}

async function allEvidence(db: Db, caseId: string): Promise<ListedEvidence[]> {
  const all: ListedEvidence[] = [];
  for (;;) {
    const last = all.at(-1);
    const before = last === undefined ? undefined : { addedAt: last.addedAt, id: last.id };
    const page = await listEvidence(db, caseId, { removed: false, before, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
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
      olderThan === null ? { limit: PAGE } : { limit: PAGE, olderThan },
    );
    all.push(...page.findings);
    olderThan = page.olderPlace;
  } while (olderThan !== null);
  // The list is newest first; a dossier is read from the beginning.
  return all.toReversed();
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
