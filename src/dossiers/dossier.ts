/**
 * What a dossier holds, as plain data, and which part of a case goes into one. Pure: it must not know the database, the PDF or the bag.
 * Next: paper.ts lays it out for reading, case-json.ts and incidents-csv.ts for machines, build-dossier.ts makes the version.
 */
import { z } from "zod";
import type { Corroboration } from "../corroboration/summary.ts";
import type { Backing } from "../incidents/sources/backing.ts";
import type { Code, Rule } from "../conduct/code.ts";
import type { Finding } from "../conduct/finding.ts";
import type { Incident } from "../conduct/incident.ts";
import type { Bilingual, Language } from "../conduct/vocabulary.ts";
import { zoneNamed } from "../conduct/zone.ts";
import { type Borrower, type EntryRef, borrowerParts, chooseBorrower, holds } from "./borrower.ts";

export const dossierLanguages = ["en", "zh-CN", "both"] as const;
/** `not-dismissed`: what a person dismissed stays out; `confirmed`: only what a person confirmed goes in. */
export const reviewChoices = ["all", "not-dismissed", "confirmed"] as const;
/** `as-is`: an exhibit without a redacted copy goes along as it is; `withhold`: only its hash does. */
export const uncoveredChoices = ["as-is", "withhold"] as const;
export const shownOutcomes = ["matches", "needs-review", "cannot-tell"] as const;

/** What the maker of a version chose; kept with it. */
export const DossierOptions = z.object({
  /** For whom: a channel's id, or null for anybody. */
  channel: z.string().nullable(),
  languages: z.enum(dossierLanguages),
  /** First and last local day, both included; null = open. */
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  outcomes: z.array(z.enum(shownOutcomes)),
  reviews: z.enum(reviewChoices),
  /** Are the files in the zip? */
  exhibits: z.boolean(),
  /** Are the collector's words and the borrower's telling printed in the PDF? */
  words: z.boolean(),
  /** What goes in of the borrower's own side; absent = nothing. */
  borrower: z.array(z.enum(borrowerParts)).optional(),
  /**
   * For sending: private words are masked and exhibits are redacted copies where there are any. What becomes of an exhibit without a copy,
   * and how many words the maker typed; the words themselves are kept nowhere. Absent = not redacted.
   */
  redacted: z.object({ uncovered: z.enum(uncoveredChoices), words: z.number() }).optional(),
});
export type DossierOptions = z.infer<typeof DossierOptions>;

export const DEFAULT_OPTIONS: DossierOptions = {
  channel: null,
  languages: "zh-CN",
  from: null,
  to: null,
  outcomes: [...shownOutcomes],
  reviews: "not-dismissed",
  exhibits: true,
  words: true,
};

export interface DossierIncident extends Incident {
  /** The human number, as in "Incident 12". */
  number: number;
  /** Epoch milliseconds of `happenedAt`. */
  at: number;
  /** Epoch milliseconds; not the same time as when it happened. */
  loggedAt: number;
  loggedBy: string;
  /** Exhibit numbers. */
  exhibits: string[];
  /** Who tells of it beside the log, and what they say otherwise; absent = nobody so far, which says nothing against it. */
  backing?: Backing | undefined;
}

interface DossierReview {
  verdict: "confirmed" | "dismissed";
  reason: string | null;
  by: string;
  at: number;
}

export interface DossierFinding extends Finding {
  review: DossierReview | null;
}

interface DossierNotice {
  id: string;
  number: number;
  kind: string;
  sentAt: number | null;
  receivedAt: number | null;
  form: string | null;
  /** What the borrower wrote or said. */
  words: string | null;
  /** What it was limited to, in its public shape. */
  detail: Record<string, unknown>;
  exhibits: string[];
}

export interface DossierExhibit {
  id: string;
  /** the letter for the kind of thing, the number given once. */
  number: string;
  sha256: string;
  size: number;
  mediaType: string;
  /** As the person's device named it; null in a redacted version. */
  originalName: string | null;
  description: string | null;
  addedBy: string;
  addedAt: number;
  /** Numbers of the incidents and notices it belongs to. */
  incidents: number[];
  notices: number[];
  /** Entries of the ledger that it belongs to. */
  entries?: EntryRef[];
  /** Where it lies in the bag. */
  path: string;
  /** Set when the file in the bag is a redacted copy: the SHA-256 of what it is a copy of. */
  originalSha256?: string;
  /** Set when the file itself stays with the borrower; `sha256` is the original's. */
  withheld?: true;
}

interface DossierDebt {
  id: string;
  creditor: string;
  product: string | null;
  reference: string | null;
  dueOn: string | null;
  amountMinor: number | null;
  currency: string | null;
  note: string | null;
}

interface DossierCollector {
  id: string;
  name: string;
  kind: string;
  handles: string[];
}

interface DossierCase {
  id: string;
  number: number;
  borrower: string;
  lender: string;
  lenderKind: string;
  respondentKind: string;
  platform: string | null;
  zone: string;
  pastDueOn: string | null;
  reachable: boolean | null;
  debtLawful: boolean | null;
  employerForbids: boolean | null;
  codes: string[];
  demo: boolean;
}

/** Everything known of a case at one moment, before anything is chosen. */
/** A complaint that was begun: where it stands, and what was written down of it. Days are local, YYYY-MM-DD. */
export interface DossierComplaint {
  number: number;
  /** Id of the office, and its name. */
  channel: string;
  office: Bilingual | null;
  state: string;
  filedOn: string | null;
  receipt: string | null;
  acknowledgedOn: string | null;
  answeredOn: string | null;
  outcome: string | null;
  escalatedOn: string | null;
  closedOn: string | null;
  /** As it was filed. */
  narrative: string | null;
  request: string | null;
  /** The version of the dossier that was handed in. */
  dossier: number | null;
  letters: { kind: string; on: string; words: string | null; exhibits: string[] }[];
}

export interface CaseMaterial {
  case: DossierCase;
  debts: DossierDebt[];
  collectors: DossierCollector[];
  /** In order of time. */
  incidents: DossierIncident[];
  findings: DossierFinding[];
  notices: DossierNotice[];
  complaints: DossierComplaint[];
  exhibits: DossierExhibit[];
  /** The codes that the findings name, and their YAML as shipped. */
  codes: { code: Code; yaml: string }[];
  acts: Record<string, Bilingual>;
  history: { seq: number; hash: string };
  /** Log and records of the whole case in numbers, whatever the version takes in. */
  corroboration?: Corroboration;
  /** The borrower's own side, as far as it was chosen. */
  borrower?: Borrower | undefined;
}

/** The office a version is for, as it was known then: see recipient.ts. */
export interface Recipient {
  id: string;
  name: Bilingual;
  /** The day of what the file says of it; null when it is no longer there. */
  asOf: string | null;
  /** Languages of the office that a version can be made in; empty = not known. */
  reads: Language[];
  wants: { label: Bilingual; required: boolean }[];
  /** How many files and bytes it takes in all; null = not known. */
  files: number | null;
  bytes: number | null;
}

/** One version: the chosen material and the circumstances of its making. */
export interface Dossier extends CaseMaterial {
  version: number;
  /** Epoch milliseconds. */
  madeAt: number;
  madeBy: string;
  options: DossierOptions;
  /** The office it is for; null = anybody. */
  recipient: Recipient | null;
  /** SHA-256 of the signing key (see sign.ts). */
  keyFingerprint: string;
}

/** The bag's folder and, with an ending, the names of the files people download. */
export const bagName = (caseNumber: number, version: number) => `dunwatch-case-${caseNumber}-dossier-${version}`;

export const languagesOf = (options: DossierOptions): Language[] =>
  options.languages === "both" ? ["zh-CN", "en"] : [options.languages];

/** The local day of an incident in the case's zone, YYYY-MM-DD. */
export function localDay(zone: string, at: number): string {
  return new Date(at + zoneNamed(zone).offsetAt(at)).toISOString().slice(0, 10);
}

/** Minutes after local midnight, or null when the time of day is not known. */
export function localMinutes(zone: string, incident: Pick<DossierIncident, "at" | "precision">): number | null {
  if (incident.precision === "day" || incident.precision === "month") return null;
  const local = incident.at + zoneNamed(zone).offsetAt(incident.at);
  return Math.floor(local / 60_000) - Math.floor(local / 86_400_000) * 1440;
}

/**
 * The part of a case that goes into a version: the incidents of the period, the findings asked for on them, all notices, and the exhibits
 * of what is in it. An exhibit that belongs to nothing yet goes in; one that belongs only to contacts outside the period, or only to entries
 * of the borrower's that were not chosen, does not.
 */
export function choose(material: CaseMaterial, options: DossierOptions): CaseMaterial {
  const incidents = material.incidents.filter((incident) => {
    const day = localDay(material.case.zone, incident.at);
    return (options.from === null || day >= options.from) && (options.to === null || day <= options.to);
  });
  const ids = new Set(incidents.map(({ id }) => id));
  const numbers = new Set(incidents.map(({ number }) => number));
  const outcomes = new Set<string>(options.outcomes);
  const findings = material.findings.filter(
    ({ incident, outcome, review }) => ids.has(incident) && outcomes.has(outcome) && isWanted(review, options),
  );
  const borrower = chooseBorrower(material.borrower, options.borrower);
  const inLetters = new Set(material.complaints.flatMap(({ letters }) => letters.flatMap((letter) => letter.exhibits)));
  const exhibits = material.exhibits.flatMap((exhibit): DossierExhibit[] => {
    const { incidents: contacts, entries = [] } = exhibit;
    const chosen = entries.filter((entry) => holds(borrower, entry));
    const goes =
      exhibit.notices.length > 0 ||
      contacts.some((number) => numbers.has(number)) ||
      chosen.length > 0 ||
      inLetters.has(exhibit.number) ||
      (contacts.length === 0 && entries.length === 0);
    // What else it belongs to is nobody's business.
    return goes ? [entries.length === 0 ? exhibit : { ...exhibit, entries: chosen }] : [];
  });
  const named = new Set(findings.map(({ code }) => `${code.id}@${code.version}`));
  const codes = material.codes.filter(
    ({ code }) => material.case.codes.includes(code.id) || named.has(`${code.id}@${code.version}`),
  );
  return { ...material, incidents, findings, exhibits, codes, borrower };
}

function isWanted(review: DossierReview | null, options: DossierOptions): boolean {
  if (options.reviews === "confirmed") return review?.verdict === "confirmed";
  return options.reviews === "all" || review?.verdict !== "dismissed";
}

/** Findings of one rule, with the rule as its code of that version has it. */
export interface RuleFindings {
  code: Code;
  rule: Rule;
  findings: DossierFinding[];
}

const OUTCOME_ORDER = ["matches", "needs-review", "cannot-tell", "no-match"];
const STRENGTH_ORDER = ["criminal", "law", "regulation", "standard", "self-regulatory", "presumption"];

/** Rules with a match first, then by how binding the text is, then in the order of the code. */
export function findingsByRule(dossier: Pick<Dossier, "findings" | "codes">): RuleFindings[] {
  const rules = new Map<string, RuleFindings & { place: number }>();
  for (const { code } of dossier.codes)
    for (const [place, rule] of code.rules.entries())
      rules.set(`${code.id}@${code.version} ${rule.id}`, { code, rule, findings: [], place });
  for (const finding of dossier.findings) {
    const key = `${finding.code.id}@${finding.code.version} ${finding.rule}`;
    const group = rules.get(key);
    if (group === undefined) throw new Error(`finding of ${key}, but the dossier does not hold that code`);
    group.findings.push(finding);
  }
  const rank = (group: RuleFindings) =>
    Math.min(...group.findings.map(({ outcome }) => OUTCOME_ORDER.indexOf(outcome)));
  const strength = (group: RuleFindings) => STRENGTH_ORDER.indexOf(group.findings[0]!.strength);
  return [...rules.values()]
    .filter(({ findings }) => findings.length > 0)
    .sort((a, b) => rank(a) - rank(b) || strength(a) - strength(b) || a.place - b.place);
}

/** `[1, 2, 3, 7]` becomes `1–3, 7`: numbers are human and a regulator must be able to look each one up. */
export function ranges(numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const from = sorted[i]!;
    while (sorted[i + 1] === sorted[i]! + 1) i++;
    const to = sorted[i]!;
    parts.push(to === from ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`);
  }
  return parts.join(", ");
}

/** The numbers and names that contacts came from, busiest first. */
export function sources(
  incidents: readonly DossierIncident[],
): { number: string; count: number; first: number; last: number }[] {
  const found = new Map<string, { number: string; count: number; first: number; last: number }>();
  for (const { fromNumber, at, direction } of incidents) {
    if (fromNumber === undefined || direction === "outgoing") continue;
    const known = found.get(fromNumber);
    if (known === undefined) found.set(fromNumber, { number: fromNumber, count: 1, first: at, last: at });
    else {
      known.count += 1;
      known.first = Math.min(known.first, at);
      known.last = Math.max(known.last, at);
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.number < b.number ? -1 : 1));
}
