/** Brings together the files that could go along with a complaint, what each proves, and what the office takes. Reads only. Next: pages.ts. */
import type { Bench } from "../../findings/judge-case.ts";
import { currentFindings } from "../../findings/judge-case.ts";
import type { Channel } from "../channel.ts";
import type { Complaint } from "../complaint.ts";
import { contactsNumbered } from "../facts-store.ts";
import { findingsSaid } from "../gather.ts";
import { listComplaints } from "../store.ts";
import {
  type Attachable,
  type Choice,
  DOSSIER,
  type Limits,
  NO_LIMITS,
  type Proof,
  betterBasis,
  byWorth,
  fill,
  inChosenOrder,
  narrower,
} from "./attachments.ts";
import {
  dossierFile,
  getChoice,
  lettersSent,
  linkedFiles,
  newestCopies,
  noticesSent,
  sourcesOfContacts,
} from "./store.ts";

/** Files offered at most: a form has to stay small enough to be sent. What helps most is among them. */
const MOST_OFFERED = 300;

export interface Gathered {
  /** In the order chosen. */
  files: Attachable[];
  /** How many more there are than can be offered. */
  more: number;
  choice: Choice | null;
  /** Version of the dossier linked to the complaint. */
  dossier: number | null;
  /** What the office's data says, as far as somebody checked it. */
  verified: Limits;
  limits: Limits;
}

export async function gatherFiles(
  bench: Bench,
  caseId: string,
  complaint: Complaint,
  channel: Channel | null,
): Promise<Gathered> {
  const { db } = bench;
  await currentFindings(bench, caseId);
  const [confirmed, told, complaints] = await Promise.all([
    findingsSaid(bench, caseId, "confirmed"),
    contactsNumbered(db, caseId, complaint.chosen.incidents),
    listComplaints(db, caseId),
  ]);
  const [linked, copies, sources, notices, letters, dossier, choice] = await Promise.all([
    linkedFiles(db, caseId),
    newestCopies(db, caseId),
    sourcesOfContacts(db, caseId),
    noticesSent(db, caseId),
    lettersSent(db, caseId, chainOf(complaint, complaints)),
    dossierFile(db, caseId, complaint.dossierId),
    getChoice(db, caseId, complaint.id),
  ]);

  const worth = new Map<string, Worth[]>();
  const add = (subject: string, one: Worth) => {
    const some = worth.get(subject);
    if (some === undefined) worth.set(subject, [one]);
    else some.push(one);
  };
  for (const { finding, incident } of confirmed) {
    if (complaint.chosen.without.includes(finding.rule)) continue;
    const proof: Proof = {
      kind: "finding",
      number: incident.number,
      rule: { code: finding.code.id, id: finding.rule },
    };
    for (const id of new Set([incident.id, ...finding.counted])) {
      add(`incident ${id}`, { group: "finding", basis: finding.basis, at: incident.happenedAt, proof });
    }
  }
  for (const { id, number, happenedAt } of told) {
    if (!worth.has(`incident ${id}`))
      add(`incident ${id}`, { group: "finding", basis: null, at: happenedAt, proof: { kind: "incident", number } });
  }
  for (const { id, number, at } of notices)
    add(`notice ${id}`, { group: "notice", basis: null, at, proof: { kind: "notice", number } });
  for (const { id, number, at } of letters)
    add(`complaint ${id}`, { group: "letter", basis: null, at, proof: { kind: "complaint", number } });

  const found: Attachable[] = [];
  for (const links of Map.groupBy(linked, ({ id }) => id).values()) {
    const worths = links.flatMap(({ subjectKind, subjectId }) => worth.get(`${subjectKind} ${subjectId}`) ?? []);
    if (worths.length === 0) continue;
    const file = links[0]!;
    const copy = copies.get(file.id);
    // By groups first: a file that proves a finding and a notice stands with the findings.
    const group = (["finding", "notice", "letter"] as const).find((one) => worths.some((w) => w.group === one))!;
    found.push({
      id: file.id,
      exhibit: file.exhibit,
      name: file.name,
      size: copy?.size ?? file.size,
      sha256: copy?.sha256 ?? file.sha256,
      mediaType: copy?.mediaType ?? file.mediaType,
      copy: copy?.version ?? null,
      private: links.some(({ subjectKind }) => subjectKind === "impact"),
      group,
      basis: worths.map(({ basis }) => basis).reduce(betterBasis),
      sources: links.flatMap(({ subjectId }) => sources.get(subjectId) ?? []),
      at: Math.min(...worths.filter((one) => one.group === group).map(({ at }) => at)),
      proves: worths.map(({ proof }) => proof),
    });
  }
  found.sort(byWorth);
  if (dossier !== null) found.unshift(dossierAttachable(dossier));
  const verified = verifiedLimits(channel);
  return {
    files: inChosenOrder(found.slice(0, MOST_OFFERED), choice?.order ?? []),
    more: Math.max(0, found.length - MOST_OFFERED),
    choice,
    dossier: dossier?.version ?? null,
    verified,
    limits: narrower(verified, choice?.limits ?? NO_LIMITS),
  };
}

interface Worth {
  group: "finding" | "notice" | "letter";
  basis: Attachable["basis"];
  at: number;
  proof: Proof;
}

/** What goes and what is left, as chosen; nothing chosen yet = everything but what is private. */
export function planOf({ files, choice, limits }: Pick<Gathered, "files" | "choice" | "limits">) {
  const chosen = new Set(choice?.taken ?? suggested(files));
  // Linked since the choice: it goes, until somebody says otherwise.
  if (choice !== null && !choice.order.includes(DOSSIER)) chosen.add(DOSSIER);
  return { chosen, ...fill(files, chosen, limits) };
}

export const suggested = (files: readonly Attachable[]): string[] =>
  files.filter((file) => !file.private).map(({ id }) => id);

/** A number nobody checked is not used. */
function verifiedLimits(channel: Channel | null): Limits {
  if (channel?.attachments === undefined || channel.checked.how === "unverified") return NO_LIMITS;
  const { files, bytes } = channel.attachments;
  return { ...NO_LIMITS, files: files ?? null, total: bytes ?? null };
}

const dossierAttachable = ({
  version,
  size,
  sha256,
}: {
  version: number;
  size: number;
  sha256: string;
}): Attachable => ({
  id: DOSSIER,
  exhibit: null,
  name: `dossier-${version}.pdf`,
  size,
  sha256,
  mediaType: "application/pdf",
  copy: null,
  private: false,
  group: "dossier",
  basis: null,
  sources: [],
  at: 0,
  proves: [],
});

/** The complaint and those it goes on from: an office wants to see what the one before it answered. */
function chainOf(complaint: Complaint, all: readonly Complaint[]): string[] {
  const byId = new Map(all.map((one) => [one.id, one]));
  const chain: string[] = [];
  for (let one: Complaint | undefined = complaint; one !== undefined && !chain.includes(one.id);) {
    chain.push(one.id);
    one = one.follows === null ? undefined : byId.get(one.follows);
  }
  return chain;
}
