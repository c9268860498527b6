/**
 * Findings by rule: what the rule says in plain words, how binding it is and how far its text was checked, then each contact that appears
 * to match with the contacts counted and the words quoted, then what a person must judge and what cannot be told. Next: paper-contacts.ts.
 */
import type { Block, Cell, Line, Section } from "./blocks.ts";
import {
  type Dossier,
  type DossierFinding,
  type DossierIncident,
  findingsByRule,
  ranges,
  type RuleFindings,
} from "./dossier.ts";
import { clauseIn } from "../codes/clause.ts";
import { hoursOfRule, spansOf } from "../codes/forbidden-hours.ts";
import { dayWords, timeWords } from "./paper-moments.ts";
import { dotOf, shadeOf } from "./paper-times.ts";
import type { Text, Voice } from "./voice.ts";

const STRENGTH_BARS: Record<string, number> = {
  criminal: 3,
  law: 3,
  regulation: 3,
  standard: 2,
  presumption: 2,
  "self-regulatory": 1,
};

export function findingsSection(dossier: Dossier, voice: Voice): Section {
  const groups = findingsByRule(dossier);
  const byId = new Map(dossier.incidents.map((incident) => [incident.id, incident]));
  return {
    title: voice.say("dossiers.paper.findings.title"),
    follows: true,
    blocks: [
      { k: "p", t: voice.say(groups.length === 0 ? "dossiers.paper.findings.none" : "dossiers.paper.findings.intro") },
      ...groups.flatMap((group) => ruleBlocks(group, byId, dossier, voice)),
    ],
  };
}

function ruleBlocks(group: RuleFindings, byId: Map<string, DossierIncident>, dossier: Dossier, voice: Voice): Block[] {
  const { rule, code, findings } = group;
  const source = code.sources[rule.source];
  const of = (outcome: string) => findings.filter((finding) => finding.outcome === outcome);
  const [matches, review, unknown] = [of("matches"), of("needs-review"), of("cannot-tell")];
  const first = findings[0]!;
  const head: Block[] = [
    { k: "h", level: 2, numbered: true, t: voice.of(rule.title) },
    { k: "quote", t: voice.of(rule.paraphrase) },
    {
      k: "cite",
      obligation: first.obligation,
      duty: voice.say(`common.obligation.${first.obligation}`),
      strength: STRENGTH_BARS[first.strength] ?? 1,
      strengthText: voice.say(`common.strength.${first.strength}`),
      t: voice.say("dossiers.paper.findings.cite", ({ t, format, language }) => ({
        source: source?.title[language] ?? rule.source,
        issuer: source?.issuer[language] ?? "",
        clause: clauseIn(rule.clause, language),
        from: source === undefined ? "" : format.date(rule.from ?? source.from),
        binds: source?.binds[language].replace(/[.。]$/, "") ?? "",
        checked: t(`dossiers.words.checked.${rule.checked ?? source?.checked ?? "unverified"}`),
        rule: rule.id,
        code: `${code.id}@${code.version}`,
      })),
    },
  ];
  for (const key of limitsOf(first)) head.push({ k: "p", small: true, t: voice.say(key) });
  if (rule.caution !== undefined) head.push({ k: "p", small: true, t: voice.of(rule.caution) });
  head.push({
    k: "counts",
    items: [
      { mark: "matches", n: matches.length, t: voice.say("common.outcome.matches") },
      { mark: "needs-review", n: review.length, t: voice.say("common.outcome.needs-review") },
      { mark: "cannot-tell", n: unknown.length, t: voice.say("common.outcome.cannot-tell") },
    ],
  });
  const blocks: Block[] = [{ k: "group", blocks: head }];
  if (matches.length > 0) blocks.push(findingsTable("matches", matches, group, byId, dossier, voice));
  if (review.length > 0) blocks.push(findingsTable("needs-review", review, group, byId, dossier, voice));
  if (unknown.length > 0) blocks.push(...unknownLines(unknown, byId, voice));
  return blocks;
}

/** What limits every finding of a rule: a presumption, a recommended standard, a text that says "should". */
function limitsOf({ strength, obligation }: DossierFinding): string[] {
  return [
    ...(["criminal", "standard", "self-regulatory", "presumption"].includes(strength)
      ? [`explain.limit.strength.${strength}`]
      : []),
    ...(obligation.startsWith("should") ? ["explain.limit.should"] : []),
  ];
}

function findingsTable(
  outcome: "matches" | "needs-review",
  findings: DossierFinding[],
  { rule }: RuleFindings,
  byId: Map<string, DossierIncident>,
  dossier: Dossier,
  voice: Voice,
): Block {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.findings.${key}`, params);
  const hours = spansOf(hoursOfRule(rule));
  const strips = hours.length > 0;
  const shade = shadeOf(hours);
  const repeated = new Set<string>();
  const rows = findings.flatMap((finding): Cell[][] => {
    const incident = byId.get(finding.incident);
    if (incident === undefined) return [];
    const row: Cell[] = [
      { lines: [{ t: String(incident.number), s: "bold" }] },
      {
        lines: [
          { t: dayWords(voice, incident.at, incident.precision) },
          { t: timeWords(voice, incident.at, incident.precision) },
        ],
      },
      ...(strips ? [{ strip: dotOf(dossier.case.zone, incident, hours), shade }] : []),
      {
        lines: [
          { t: contactWords(voice, incident) },
          ...(incident.exhibits.length > 0 ? [{ t: incident.exhibits.join(", "), s: "small" as const }] : []),
        ],
      },
      reviewCell(finding, voice),
    ];
    const detail = detailLines(finding, byId, dossier, voice, repeated);
    return detail.length === 0 ? [row] : [row, [{ lines: detail }]];
  });
  return {
    k: "table",
    level: 3,
    caption: say(outcome === "matches" ? "theMatches" : "theReviews", { count: findings.length }),
    widths: ["auto", "auto", ...(strips ? ["32mm"] : []), "1fr", "auto"],
    head: [say("incident"), say("happened"), ...(strips ? [say("day")] : []), say("contact"), say("review")],
    rows,
  };
}

/** Reason, counted set and quotes. A reason that was given in full a few rows above is not repeated. */
function detailLines(
  finding: DossierFinding,
  byId: Map<string, DossierIncident>,
  dossier: Dossier,
  voice: Voice,
  repeated: Set<string>,
): Line[] {
  const lines: Line[] = [];
  if (!repeated.has(finding.because.en)) lines.push({ t: voice.of(finding.because), s: "small" });
  repeated.add(finding.because.en);
  const incident = byId.get(finding.incident);
  if (incident !== undefined) lines.push({ t: factsLine(finding, incident, voice), s: "small" });
  if (finding.counted.length > 0) {
    const known = finding.counted.map((id) => byId.get(id)?.number).filter((number) => number !== undefined);
    lines.push({
      s: "small",
      t: voice.say("dossiers.paper.findings.counted", { count: finding.counted.length, incidents: ranges(known) }),
    });
    if (known.length < finding.counted.length)
      lines.push({
        s: "small",
        t: voice.say("dossiers.paper.findings.outside", { count: finding.counted.length - known.length }),
      });
  }
  if (dossier.options.words) for (const quote of finding.quotes) lines.push({ s: "quote", t: voice.own(quote.text) });
  if (finding.review !== null && finding.review.reason !== null)
    lines.push({
      s: "small",
      t: voice.say("dossiers.paper.findings.reason", { reason: finding.review.reason, by: finding.review.by }),
    });
  return lines;
}

/** Where the facts come from: who logged them when, and whether they are records, a report, or read out of words. */
function factsLine({ basis }: DossierFinding, { loggedBy, loggedAt }: DossierIncident, voice: Voice): Text {
  return voice.say(`dossiers.paper.findings.facts.${basis}`, ({ format }) => ({
    name: loggedBy,
    date: format.date(loggedAt),
  }));
}

function reviewCell({ review }: DossierFinding, voice: Voice): Cell {
  if (review === null) return voice.say("dossiers.paper.findings.notReviewed");
  return {
    lines: [
      { t: voice.say(`common.outcome.${review.verdict}`) },
      { s: "small", t: voice.each((_l, _t, format) => format.date(review.at)) },
    ],
  };
}

/** What is missing, and for which contacts: one line for each missing fact, not one for each contact. */
function unknownLines(findings: DossierFinding[], byId: Map<string, DossierIncident>, voice: Voice): Block[] {
  const missing = new Map<string, number[]>();
  for (const finding of findings) {
    const number = byId.get(finding.incident)?.number;
    const key = finding.missing.join(" ");
    if (number !== undefined) missing.set(key, [...(missing.get(key) ?? []), number]);
  }
  return [...missing].map(([keys, numbers]): Block => ({
    k: "p",
    small: true,
    t: voice.say("dossiers.paper.findings.unknown", ({ t }) => ({
      count: numbers.length,
      incidents: ranges(numbers),
      missing: keys
        .split(" ")
        .map((key) => t(`dossiers.words.missing.${key.replace(/^(case|notice)\./, "$1-")}`, { defaultValue: key }))
        .join(t("dossiers.paper.comma")),
    })),
  }));
}

/** "Call, incoming, answered, 2 min 41 s". */
export function contactWords(voice: Voice, incident: DossierIncident): Text {
  return voice.each((_language, t, format) =>
    [
      t(`dossiers.words.channel.${incident.channel}`),
      ...(incident.direction === "outgoing" ? [t("dossiers.words.direction.outgoing")] : []),
      t(`dossiers.words.outcome.${incident.outcome ?? "unknown"}`),
      ...(incident.durationSeconds === undefined ? [] : [format.duration(incident.durationSeconds)]),
    ].join(t("dossiers.paper.comma")),
  );
}
