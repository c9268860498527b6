/** What the page of a draft prints: what is needed, what can be told, the words with their counter and what they rest on. */
import type { Evidence } from "../evidence/evidence.ts";
import type { KeptFinding } from "../findings/finding.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Channel } from "./channel.ts";
import type { Need } from "./coach.ts";
import type { Complaint } from "./complaint.ts";
import { type CheckedLine, type Sentence, lengthOf } from "./narrative.ts";
import type { PrivateFind } from "./private-data.ts";
import type { Reader } from "./reader.ts";
import type { ReadyDossier } from "./store.ts";
import { dossierChoices, sourceLink } from "./words.ts";

/** Unconfirmed findings offered beside the form. */
export const MOST_OFFERED = 12;
/** Findings whose proof is listed one by one. */
const MOST_PROOF = 100;

export interface DraftPage {
  title: string;
  caption: string;
  caseId: string;
  number: number;
  version: number;
  office: { name: string; href: string };
  needs: { label: string; state: Need["state"]; why: string | null; href: string | null; required: boolean }[];
  counted: { there: number; all: number };
  rules: { value: string; title: string; count: string }[];
  proof: { rule: string; contact: string; href: string; basis: string; backing: string; bare: boolean }[];
  moreProof: number;
  offered: { number: number; text: string; href: string }[];
  moreOffered: number;
  dossiers: { value: string; text: string }[];
  longest: number | null;
  length: number;
  over: number;
  narrativeHint: string | null;
  left: string[];
  lines: { text: string; sources: { text: string; href: string }[]; own: boolean }[];
  warnings: { kind: string; text: string }[];
  keepOut: boolean;
  languages: { value: string; text: string }[];
  values: FormValues;
  errors: FormErrors;
  saved: boolean;
  written: boolean;
}

export interface DraftParts {
  complaint: Complaint;
  channel: Channel;
  needs: readonly Need[];
  confirmed: readonly KeptFinding[];
  open: { findings: readonly KeptFinding[]; count: number };
  files: ReadonlyMap<string, readonly Evidence[]>;
  records: ReadonlyMap<string, number>;
  ruleTitle(finding: KeptFinding): string;
  /** Versions that can be handed in, newest first. */
  dossiers: readonly ReadyDossier[];
  channels: ReadonlyMap<string, Channel>;
  lines: readonly CheckedLine[];
  left: readonly Sentence[];
  warnings: readonly PrivateFind[];
  values: FormValues;
  errors: FormErrors;
  saved: boolean;
  written: boolean;
}

/** The longest text an office takes for what happened; null when that is not known. */
export const longestStory = (channel: Channel): number | null =>
  channel.wants.find(({ id }) => id === "facts" || id === "what-happened")?.longest ?? null;

export function draftPage(reader: Reader, caseId: string, parts: DraftParts): DraftPage {
  const { t, format, locale } = reader;
  const { complaint, channel, confirmed, open } = parts;
  const longest = longestStory(channel);
  const length = lengthOf(String(parts.values.narrative ?? ""));
  const when = ({ incident }: KeptFinding) =>
    t("complaints.draft.contact", {
      number: incident.number,
      when: format.instant(incident.happenedAt, incident.precision),
    });
  const byRule = Map.groupBy(confirmed, ({ finding }) => finding.rule);
  const proof = confirmed.slice(-MOST_PROOF).map((one) => {
    const files = parts.files.get(one.incident.id)?.length ?? 0;
    const records = parts.records.get(one.incident.id) ?? 0;
    return {
      rule: parts.ruleTitle(one),
      contact: when(one),
      href: `/cases/${caseId}/findings/${one.incident.number}/${one.finding.rule}`,
      basis: t(`complaints.draft.basis.${one.finding.basis}`),
      backing: t("complaints.draft.backing", {
        files: t("complaints.draft.files", { count: files }),
        records: t("complaints.draft.records", { count: records }),
      }),
      bare: files + records === 0,
    };
  });
  return {
    title: t("complaints.draft.title", { office: channel.name[locale] }),
    caption: t("complaints.name", { number: complaint.number }),
    caseId,
    number: complaint.number,
    version: complaint.version,
    office: { name: channel.name[locale], href: `/channels/${channel.id}` },
    needs: parts.needs.map(({ label, state, why, params, href, required }) => ({
      label: typeof label === "string" ? t(`complaints.need.${label}`) : label[locale],
      state,
      why: why === null ? null : t(`complaints.needWhy.${why}`, params),
      href: href === null || href.startsWith("#") ? href : `/cases/${caseId}${href}`,
      required,
    })),
    counted: countNeeds(parts.needs),
    rules: [...byRule].map(([rule, findings]) => ({
      value: rule,
      title: parts.ruleTitle(findings[0]!),
      count: t("complaints.draft.contacts", { count: findings.length }),
    })),
    proof,
    moreProof: confirmed.length - proof.length,
    offered: open.findings.map((one) => ({
      number: one.incident.number,
      text: `${when(one)} · ${parts.ruleTitle(one)}`,
      href: `/cases/${caseId}/findings/${one.incident.number}/${one.finding.rule}`,
    })),
    moreOffered: Math.max(0, open.count - open.findings.length),
    dossiers: dossierChoices(reader, parts.dossiers, parts.channels),
    longest,
    length,
    over: longest === null ? 0 : Math.max(0, length - longest),
    narrativeHint: channel.wants.find(({ id }) => id === "facts" || id === "what-happened")?.hint?.[locale] ?? null,
    left: parts.left.map(({ text }) => text),
    lines: parts.lines.map(({ text, sentence }) => ({
      text,
      own: sentence === null,
      sources: (sentence?.sources ?? []).map((source) => sourceLink(reader, caseId, source)),
    })),
    warnings: parts.warnings.map(({ kind, text }) => ({ kind: t(`complaints.private.${kind}`), text })),
    keepOut: channel.keepOut.length > 0,
    languages: [
      { value: "zh-CN", text: t("complaints.draft.language.zh-CN") },
      { value: "en", text: t("complaints.draft.language.en") },
    ],
    values: parts.values,
    errors: parts.errors,
    saved: parts.saved,
    written: parts.written,
  };
}

/** What is there, of what the app can see; what the person brings is not counted. */
export function countNeeds(needs: readonly Need[]): { there: number; all: number } {
  const seen = needs.filter(({ state }) => state !== "own");
  return { there: seen.filter(({ state }) => state === "there").length, all: seen.length };
}
