/** Every contact in order, the other people contacted, and what the borrower told the collector. Next: paper-exhibits.ts. */
import { shownName } from "../evidence/evidence.ts";
import { disagreementText } from "../incidents/sources/view.ts";
import { isWholeDay } from "../notices/notice.ts";
import type { Block, Cell, Line, Section } from "./blocks.ts";
import { type Dossier, type DossierIncident, findingsByRule, localDay, ranges } from "./dossier.ts";
import { contactWords } from "./paper-findings.ts";
import { dayWords, momentWords, timeWords } from "./paper-moments.ts";
import type { Text, Voice } from "./voice.ts";

/** Characters that may fill a good part of a page. */
const LONG_TEXT = 700;

export function contactsSection(dossier: Dossier, voice: Voice): Section {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.contacts.${key}`, params);
  const rules = rulesByIncident(dossier);
  const blocks: Block[] = [
    { k: "p", t: dossier.incidents.length === 0 ? voice.say("dossiers.paper.nothing") : say("intro") },
  ];
  if (dossier.incidents.length > 0)
    blocks.push({
      k: "table",
      widths: ["auto", "auto", "1fr", "auto"],
      head: [say("number"), say("happened"), say("contact"), say("exhibits")],
      long: dossier.incidents.flatMap(({ said = "", account = "" }, i) =>
        dossier.options.words && said.length + account.length > LONG_TEXT ? [i] : [],
      ),
      rows: dossier.incidents.map((incident): Cell[] => [
        { lines: [{ t: String(incident.number), s: "bold" }] },
        {
          lines: [
            { t: dayWords(voice, incident.at, incident.precision) },
            { t: timeWords(voice, incident.at, incident.precision) },
          ],
        },
        { lines: contactLines(incident, rules.get(incident.id) ?? [], dossier, voice) },
        incident.exhibits.length === 0 ? "–" : { lines: incident.exhibits.map((number) => ({ t: number })) },
      ]),
    });
  return { title: say("title"), blocks };
}

function contactLines(incident: DossierIncident, rules: string[], dossier: Dossier, voice: Voice): Line[] {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.contacts.${key}`, params);
  const lines: Line[] = [{ s: "bold", t: contactWords(voice, incident) }];
  const who = whoWords(incident, voice);
  if (who !== "") lines.push({ t: who });
  if (incident.acts !== undefined && incident.acts.length > 0)
    lines.push({
      t: voice.each(
        (language, t) =>
          `${t("dossiers.paper.contacts.acts")}${incident.acts!.map((act) => dossier.acts[act]?.[language] ?? act).join(t("dossiers.paper.comma"))}`,
      ),
    });
  if (incident.disclosed !== undefined)
    lines.push({
      t: voice.each(
        (_language, t) =>
          `${t("dossiers.paper.contacts.disclosed")}${
            incident.disclosed!.map((item) => t(`dossiers.words.disclosed.${item}`)).join(t("dossiers.paper.comma")) ||
            t("dossiers.paper.contacts.disclosedNothing")
          }`,
      ),
    });
  if (dossier.options.words && incident.said)
    lines.push({ s: "small", t: say("said") }, { s: "quote", t: voice.own(incident.said) });
  if (dossier.options.words && incident.account)
    lines.push({ s: "small", t: say("account") }, { s: "quote", t: voice.own(incident.account) });
  if (incident.backing !== undefined) {
    const { groups, disagreements } = incident.backing;
    lines.push({
      s: "small",
      t: voice.each((_language, t, format) => {
        const which = format.list(groups.map((group) => t(`corroboration.group.${group}`)));
        const backed = t("corroboration.incident.backed", { count: groups.length, n: groups.length, which });
        return [backed, ...disagreements.map((one) => disagreementText(one, shownName, { t, format }))].join(" ");
      }),
    });
  }
  lines.push({
    s: "small",
    t: voice.each((language, t, format) => {
      const parts = [
        t("dossiers.paper.contacts.logged", {
          at: format.instant(incident.loggedAt),
          by: incident.loggedBy,
          later:
            incident.precision === "day" || incident.precision === "month"
              ? ""
              : format.later(incident.at, incident.loggedAt),
        }).replace(/[,，] *$/, ""),
        ...(rules.length === 0
          ? []
          : [t("dossiers.paper.contacts.rules", { rules: rules.join(t("dossiers.paper.comma")) })]),
      ];
      return parts.join(language === "en" ? " · " : "；");
    }),
  });
  return lines;
}

/** To whom, where, from and to which number; empty when none of it is known and it was the borrower. */
function whoWords(incident: DossierIncident, voice: Voice): Text {
  return voice.each((_language, t) => {
    const key = (name: string, params: Record<string, unknown>) => t(`dossiers.paper.contacts.${name}`, params);
    return [
      ...(incident.contacted === undefined
        ? []
        : [key("to", { who: t(`dossiers.words.contacted.${incident.contacted}`) })]),
      ...(incident.place === undefined || incident.place === "unknown"
        ? []
        : [key("at", { place: t(`dossiers.words.place.${incident.place}`) })]),
      ...(incident.fromNumber === undefined ? [] : [key("from", { number: incident.fromNumber })]),
      ...(incident.calledNumber === undefined ? [] : [key("called", { number: incident.calledNumber })]),
      ...(incident.collector === undefined ? [] : [key("collector", { name: incident.collector })]),
      ...(incident.automated === true ? [t("dossiers.paper.contacts.automated")] : []),
      ...(incident.visitors === undefined ? [] : [key("visitors", { count: incident.visitors })]),
    ].join(t("dossiers.paper.comma"));
  });
}

/** The numbers of the sections in which a contact is found to match or to need a person. */
function rulesByIncident(dossier: Dossier): Map<string, string[]> {
  const rules = new Map<string, string[]>();
  for (const [i, { findings }] of findingsByRule(dossier).entries())
    for (const { incident, outcome } of findings)
      if (outcome !== "cannot-tell") rules.set(incident, [...(rules.get(incident) ?? []), `3.${i + 1}`]);
  return rules;
}

export function othersSection(dossier: Dossier, voice: Voice): Section {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.others.${key}`, params);
  const groups = new Map<string, DossierIncident[]>();
  for (const incident of dossier.incidents) {
    if (incident.contacted === undefined || incident.contacted === "self") continue;
    const group = groups.get(incident.contacted);
    if (group === undefined) groups.set(incident.contacted, [incident]);
    else group.push(incident);
  }
  if (groups.size === 0) return { title: say("title"), follows: true, blocks: [{ k: "p", t: say("none") }] };
  const told = (incidents: DossierIncident[], language: (key: string) => string) =>
    [...new Set(incidents.flatMap(({ disclosed }) => disclosed ?? []))]
      .map((item) => language(`dossiers.words.disclosed.${item}`))
      .join(language("dossiers.paper.comma"));
  return {
    title: say("title"),
    follows: true,
    blocks: [
      { k: "p", t: say("intro") },
      {
        k: "table",
        widths: ["auto", "auto", "auto", "1fr", "1fr"],
        head: [say("who"), say("count"), say("period"), say("told"), say("incidents")],
        rows: [...groups]
          .sort((a, b) => b[1].length - a[1].length)
          .map(([who, incidents]): Cell[] => [
            voice.say(`dossiers.words.contacted.${who}`),
            String(incidents.length),
            {
              lines: [
                ...new Set([incidents[0]!, incidents.at(-1)!].map(({ at }) => localDay(dossier.case.zone, at))),
              ].map((day) => ({
                t: voice.each((_l, _t, format) => format.date(day)),
              })),
            },
            voice.each((_language, t) => {
              const unknown = incidents.filter(({ disclosed }) => disclosed === undefined).length;
              const words = told(incidents, t);
              return [
                words,
                ...(unknown > 0 ? [t("dossiers.paper.others.unknown", { count: unknown })] : []),
                ...(unknown === 0 && words === "" ? [t("dossiers.paper.contacts.disclosedNothing")] : []),
              ]
                .filter((part) => part !== "")
                .join(t("dossiers.paper.semicolon"));
            }),
            ranges(incidents.map(({ number }) => number)),
          ]),
      },
    ],
  };
}

export function noticesSection(dossier: Dossier, voice: Voice): Section {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.notices.${key}`, params);
  if (dossier.notices.length === 0) return { title: say("title"), follows: true, blocks: [{ k: "p", t: say("none") }] };
  const moment = (at: number | null) => {
    if (at === null) return say("unknown");
    // Of many notices only the day is known.
    return isWholeDay(at, voice.zone) ? voice.each((_l, _t, format) => format.day(at)) : momentWords(voice, at);
  };
  return {
    title: say("title"),
    follows: true,
    blocks: [
      { k: "p", t: say("intro") },
      {
        k: "table",
        widths: ["auto", "1.4fr", "1fr", "1fr", "auto"],
        head: [say("number"), say("kind"), say("sent"), say("received"), say("after")],
        // Each notice has two rows, the second with its words.
        long: dossier.notices.flatMap(({ words }, i) => ((words ?? "").length > LONG_TEXT ? [2 * i + 1] : [])),
        rows: dossier.notices.flatMap((notice): Cell[][] => {
          const from = notice.receivedAt ?? notice.sentAt;
          const after =
            from === null
              ? null
              : dossier.incidents.filter(({ at, direction }) => at > from && direction === "incoming");
          const lines: Line[] = [
            ...(dossier.options.words && notice.words ? [{ s: "quote" as const, t: voice.own(notice.words) }] : []),
            ...(typeof notice.detail["note"] === "string"
              ? [{ s: "small" as const, t: voice.own(notice.detail["note"]) }]
              : []),
            ...(notice.exhibits.length > 0
              ? [{ s: "small" as const, t: say("proof", { exhibits: notice.exhibits.join(", ") }) }]
              : [{ s: "small" as const, t: say("noProof") }]),
          ];
          return [
            [
              { lines: [{ t: String(notice.number), s: "bold" }] },
              {
                lines: [
                  { t: voice.say(`dossiers.words.noticeKind.${notice.kind}`) },
                  ...(notice.form === null
                    ? []
                    : [{ s: "small" as const, t: voice.say(`dossiers.words.noticeForm.${notice.form}`) }]),
                ],
              },
              moment(notice.sentAt),
              moment(notice.receivedAt),
              after === null ? "–" : String(after.length),
            ],
            [{ lines }],
          ];
        }),
      },
    ],
  };
}
