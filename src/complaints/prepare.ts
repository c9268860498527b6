/** Everything the page of a draft shows, read for one complaint and one language of the telling. Next: draft-page.ts. */
import type { Case } from "../cases/case.ts";
import { codesOf } from "../codes/case-codes.ts";
import { evidenceOf } from "../evidence/store.ts";
import { countByRule } from "../findings/count-store.ts";
import type { KeptFinding } from "../findings/finding.ts";
import type { Bench } from "../findings/judge-case.ts";
import { formatter } from "../web/format.ts";
import { type Locale, translator } from "../web/locale.ts";
import type { Channel } from "./channel.ts";
import { type Need, needsOf } from "./coach.ts";
import type { Complaint, Draft } from "./complaint.ts";
import { MOST_OFFERED, longestStory } from "./draft-page.ts";
import { recordsOf, whatContactsSay } from "./facts-store.ts";
import { findingsSaid, materialOf } from "./gather.ts";
import { type CheckedLine, type Sentence, checkLines, tell } from "./narrative.ts";
import { readyDossiers } from "./store.ts";
import type { Known } from "./suggest.ts";

export interface Preparation {
  confirmed: KeptFinding[];
  open: { findings: KeptFinding[]; count: number };
  files: Awaited<ReturnType<typeof evidenceOf>>;
  records: Map<string, number>;
  dossiers: Awaited<ReturnType<typeof readyDossiers>>;
  ruleTitle(finding: KeptFinding): string;
  needs(draft: Draft): Need[];
}

export async function prepare(bench: Bench, matter: Case, channel: Channel, locale: Locale): Promise<Preparation> {
  const { db } = bench;
  const [codes, confirmed, open, counts, dossiers, says] = await Promise.all([
    codesOf(bench, matter),
    findingsSaid(bench, matter.id, "confirmed"),
    findingsSaid(bench, matter.id, "open", MOST_OFFERED),
    countByRule(db, matter.id),
    readyDossiers(db, matter.id),
    whatContactsSay(db, matter.id),
  ]);
  const ids = [...new Set(confirmed.map(({ incident }) => incident.id))];
  const [files, records] = await Promise.all([
    evidenceOf(db, matter.id, "incident", ids),
    recordsOf(db, matter.id, ids),
  ]);
  const bare = ids.filter((id) => !files.has(id) && !records.has(id)).length;
  const unreviewed = counts.reduce((sum, count) => sum + (count.outcome === "matches" ? count.open : 0), 0);
  return {
    confirmed,
    open: { findings: open.toReversed(), count: unreviewed },
    files,
    records,
    dossiers,
    ruleTitle: ({ finding }) => codes.rule(finding.code.id, finding.rule)?.title[locale] ?? finding.rule,
    needs: (draft) =>
      needsOf(channel, {
        matter,
        draft,
        confirmed: confirmed.length,
        bare,
        unreviewed,
        says,
        dossiers: dossiers.length,
      }),
  };
}

/** The words made from the record, in one language, within what the office takes. */
export async function writeStory(
  bench: Bench,
  matter: Case,
  complaint: Complaint,
  parts: { channel: Channel; known: Known; confirmed: readonly KeptFinding[]; locale: Locale },
): Promise<{ sentences: Sentence[]; left: Sentence[] }> {
  const material = await materialOf(bench, matter, complaint, parts);
  const words = { t: translator(parts.locale), format: formatter(parts.locale, matter.zone) };
  return tell(material, words, longestStory(parts.channel));
}

/** The lines of a text, each with what it rests on if it stands in the record word for word, in either language. */
export async function linesOf(
  bench: Bench,
  matter: Case,
  complaint: Complaint,
  parts: { channel: Channel; known: Known; confirmed: readonly KeptFinding[] },
): Promise<CheckedLine[]> {
  const text = complaint.narrative ?? "";
  if (text === "") return [];
  const locale: Locale = /\p{Script=Han}/u.test(text) ? "zh-CN" : "en";
  const all: Sentence[] = [];
  for (const one of [locale, locale === "en" ? "zh-CN" : "en"] as const) {
    all.push(...(await writeStory(bench, matter, complaint, { ...parts, locale: one })).sentences);
  }
  return checkLines(text, all);
}
