/** The first section: who, which debts, which collectors and numbers, and what the rules say in numbers. Next: paper-times.ts. */
import { clauseIn } from "../codes/clause.ts";
import { countRows } from "../corroboration/summary.ts";
import type { Block, Cell, Section } from "./blocks.ts";
import { type Dossier, findingsByRule, type RuleFindings, sources } from "./dossier.ts";
import type { Text, Voice } from "./voice.ts";

const MAX_SOURCES = 15;

export function summarySection(dossier: Dossier, voice: Voice): Section {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.summary.${key}`, params);
  const blocks: Block[] = [
    { k: "p", t: say("what", { contacts: dossier.incidents.length, exhibits: dossier.exhibits.length }) },
    {
      k: "p",
      t: voice.say("dossiers.paper.summary.chosen", ({ t, format }) => ({
        period: chosenPeriod(dossier, t, format.date),
        outcomes: dossier.options.outcomes
          .map((outcome) => t(`common.outcome.${outcome}`))
          .join(t("dossiers.paper.comma")),
        reviews: t(`dossiers.reviews.${dossier.options.reviews}`),
      })),
      small: true,
    },
    ...countsTable(dossier, voice),
    ...contactsFound(dossier, voice),
    ...corroborationTable(dossier, voice),
    ...rulesTable(dossier, voice),
    ...debtsTable(dossier, voice),
    ...sourcesTable(dossier, voice),
  ];
  return { title: say("title"), blocks };
}

type Say = (key: string, params?: Record<string, unknown>) => string;

/** "all contacts", "contacts from 2 Sept 2026 on": which days of the case this version takes in. */
function chosenPeriod({ options, case: { zone } }: Dossier, t: Say, date: (day: string) => string): string {
  const { from, to } = options;
  const key = from === null ? (to === null ? "all" : "until") : to === null ? "since" : "span";
  return t(`dossiers.paper.summary.period.${key}`, {
    from: from === null ? "" : date(from),
    to: to === null ? "" : date(to),
    zone,
  });
}

/** Contacts by channel and by what came of them. */
function countsTable(dossier: Dossier, voice: Voice): Block[] {
  if (dossier.incidents.length === 0) return [{ k: "p", t: voice.say("dossiers.paper.nothing") }];
  const rows = new Map<string, { count: number; answered: number; others: number }>();
  for (const { channel, outcome, contacted } of dossier.incidents) {
    const row = rows.get(channel) ?? { count: 0, answered: 0, others: 0 };
    row.count += 1;
    if (outcome === "conversation" || outcome === "connected") row.answered += 1;
    if (contacted !== undefined && contacted !== "self") row.others += 1;
    rows.set(channel, row);
  }
  const say = (key: string) => voice.say(`dossiers.paper.summary.${key}`);
  return [
    {
      k: "table",
      caption: say("byChannel"),
      widths: ["1fr", "auto", "auto", "auto"],
      head: [say("channel"), say("contacts"), say("answered"), say("toOthers")],
      rows: [...rows]
        .sort((a, b) => b[1].count - a[1].count)
        .map(([channel, row]): Cell[] => [
          voice.say(`dossiers.words.channel.${channel}`),
          String(row.count),
          String(row.answered),
          String(row.others),
        ]),
    },
  ];
}

/** How many contacts appear to match anything: each once, whichever rules of whichever texts say so. */
function contactsFound({ findings }: Dossier, voice: Voice): Block[] {
  if (findings.length === 0) return [];
  const held = findings.filter(({ review }) => review?.verdict !== "dismissed");
  const contactsWith = (outcome: string) =>
    new Set(held.filter((finding) => finding.outcome === outcome).map(({ incident }) => incident));
  const matching = contactsWith("matches");
  const open = [...contactsWith("needs-review")].filter((incident) => !matching.has(incident));
  const params = { contacts: matching.size, review: open.length };
  return [{ k: "p", t: voice.say("dossiers.paper.summary.contactsFound", params) }];
}

/** How the log and the records of others agree, and where they leave gaps; nothing when there is no contact. */
function corroborationTable({ corroboration }: Dossier, voice: Voice): Block[] {
  if (corroboration === undefined || corroboration.all === 0) return [];
  const say = (key: string, params = {}) => voice.say(`corroboration.${key}`, params);
  return [
    {
      k: "table",
      caption: say("paper.caption"),
      widths: ["1fr", "auto"],
      head: [say("paper.what"), say("paper.number")],
      rows: [
        ...countRows(corroboration).map(([key, n]): Cell[] => [say(`count.${key}`), String(n)]),
        ...corroboration.backed.map((n, count): Cell[] => [say("backed", { count, n: count }), String(n)]),
      ],
    },
    { k: "p", small: true, t: say("paper.note") },
  ];
}

/** Every rule with findings in one line; the details follow in their own section. */
function rulesTable(dossier: Dossier, voice: Voice): Block[] {
  const groups = findingsByRule(dossier);
  if (groups.length === 0) return [];
  const say = (key: string) => voice.say(`dossiers.paper.summary.${key}`);
  const count = (group: RuleFindings, outcome: string) => {
    const n = group.findings.filter((finding) => finding.outcome === outcome).length;
    return n === 0 ? "–" : String(n);
  };
  return [
    {
      k: "table",
      caption: say("byRule"),
      widths: ["auto", "1fr", "auto", "auto", "auto", "auto"],
      head: [
        "",
        say("rule"),
        voice.say("common.outcome.matches"),
        voice.say("common.outcome.needs-review"),
        voice.say("common.outcome.cannot-tell"),
        voice.say("common.outcome.confirmed"),
      ],
      rows: groups.map((group, i): Cell[] => {
        const { rule, code, findings } = group;
        return [
          { lines: [{ t: `3.${i + 1}`, s: "bold" }] },
          {
            lines: [
              { t: voice.of(rule.title) },
              {
                s: "small",
                t: voice.say("dossiers.paper.summary.ruleSource", ({ t, language }) => ({
                  source: code.sources[rule.source]?.title[language] ?? rule.source,
                  clause: clauseIn(rule.clause, language),
                  strength: t(`common.strength.${findings[0]!.strength}`),
                })),
              },
            ],
          },
          count(group, "matches"),
          count(group, "needs-review"),
          count(group, "cannot-tell"),
          String(findings.filter(({ review }) => review?.verdict === "confirmed").length),
        ];
      }),
    },
  ];
}

function debtsTable({ debts }: Dossier, voice: Voice): Block[] {
  if (debts.length === 0) return [];
  const say = (key: string) => voice.say(`dossiers.paper.summary.${key}`);
  return [
    {
      k: "table",
      caption: say("debts"),
      widths: ["1fr", "1fr", "auto", "auto"],
      head: [say("creditor"), say("product"), say("due"), say("amount")],
      rows: debts.map((debt): Cell[] => [
        voice.own(debt.creditor),
        voice.own([debt.product, debt.reference].filter((part) => part !== null).join(", ")),
        debt.dueOn === null ? "–" : voice.each((_l, _t, format) => format.date(debt.dueOn!)),
        amountWords(debt, voice),
      ]),
    },
  ];
}

function amountWords(debt: Dossier["debts"][number], voice: Voice): Text {
  if (debt.amountMinor === null || debt.currency === null) return "–";
  const { amountMinor, currency } = debt;
  return voice.each((language) => {
    const shape = new Intl.NumberFormat(language === "en" ? "en-GB" : language, { style: "currency", currency });
    return shape.format(amountMinor / 10 ** (shape.resolvedOptions().maximumFractionDigits ?? 2));
  });
}

function sourcesTable(dossier: Dossier, voice: Voice): Block[] {
  const found = sources(dossier.incidents);
  if (found.length === 0) return [];
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.summary.${key}`, params);
  const owners = new Map(
    dossier.collectors.flatMap(({ name, handles }) => handles.map((handle) => [handle, name] as const)),
  );
  const day = (at: number) => voice.each((_l, _t, format) => format.date(at));
  return [
    {
      k: "table",
      caption: say("sources"),
      widths: ["1fr", "1fr", "auto", "auto", "auto"],
      head: [say("number"), say("belongsTo"), say("contacts"), say("first"), say("last")],
      rows: found
        .slice(0, MAX_SOURCES)
        .map(({ number, count, first, last }): Cell[] => [
          voice.own(number),
          owners.has(number) ? voice.own(owners.get(number)!) : say("unknownOwner"),
          String(count),
          day(first),
          day(last),
        ]),
    },
    ...(found.length > MAX_SOURCES
      ? [{ k: "p" as const, small: true, t: say("moreSources", { count: found.length - MAX_SOURCES }) }]
      : []),
  ];
}
