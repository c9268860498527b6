/**
 * A dossier as one JSON file for machines: everything that is on paper and nothing that is not, in the shapes of the public contract.
 * Moments are ISO 8601 with the case's offset. verify.ts reads `exhibits` and `history` of it. Next: build-dossier.ts.
 */
import type { Dossier } from "./dossier.ts";
import { localIso } from "./incidents-csv.ts";

const CASE_FORMAT = "dunwatch-case/1";

export function caseJson(dossier: Dossier): string {
  const iso = (at: number) => localIso(at, dossier.case.zone);
  const maybeIso = (at: number | null) => (at === null ? undefined : iso(at));
  const content = {
    format: CASE_FORMAT,
    dossier: {
      version: dossier.version,
      madeAt: iso(dossier.madeAt),
      madeBy: dossier.madeBy,
      options: dossier.options,
      recipient: dossier.recipient,
      signingKeySha256: dossier.keyFingerprint,
    },
    case: dossier.case,
    codes: dossier.codes.map(({ code }) => ({ id: code.id, version: code.version })),
    debts: dossier.debts,
    collectors: dossier.collectors,
    incidents: dossier.incidents.map(({ at, loggedAt, ...incident }) => ({
      ...incident,
      happenedAt: iso(at),
      loggedAt: iso(loggedAt),
    })),
    findings: dossier.findings.map((finding) => ({ ...finding, review: undefined })),
    reviews: dossier.findings.flatMap(({ review, incident, rule }) =>
      review === null ? [] : [{ incident, rule, ...review, at: iso(review.at) }],
    ),
    notices: dossier.notices.map((notice) => ({
      ...notice,
      form: notice.form ?? undefined,
      sentAt: maybeIso(notice.sentAt),
      receivedAt: maybeIso(notice.receivedAt),
    })),
    complaints: dossier.complaints,
    exhibits: dossier.exhibits.map((exhibit) => ({
      ...exhibit,
      addedAt: iso(exhibit.addedAt),
      path: dossier.options.exhibits && exhibit.withheld !== true ? exhibit.path : null,
    })),
    history: dossier.history,
    corroboration: dossier.corroboration,
    borrower: dossier.borrower,
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}

/** How many of each kind: lines of bag-info.txt, checked against the file by verify.ts. */
export function countsOf(dossier: Dossier): [label: string, value: string][] {
  return [
    ["Count-Incidents", String(dossier.incidents.length)],
    ["Count-Findings", String(dossier.findings.length)],
    ["Count-Reviews", String(dossier.findings.filter(({ review }) => review !== null).length)],
    ["Count-Notices", String(dossier.notices.length)],
    ["Count-Complaints", String(dossier.complaints.length)],
    ["Count-Debts", String(dossier.debts.length)],
    ["Count-Exhibits", String(dossier.exhibits.length)],
    ["Count-Codes", String(dossier.codes.length)],
    ["Count-Events", String(dossier.history.seq)],
  ];
}
