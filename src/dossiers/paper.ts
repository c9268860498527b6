/**
 * The dossier as it is read on paper: cover and sections, as blocks that the Typst template only draws. Pure; user text stays data here
 * and never becomes markup. The shapes of blocks are in blocks.ts, the sections in paper-*.ts. Next: typeset/pdf.ts.
 */
import type { Fact, Paper, Section } from "./blocks.ts";
import { type Dossier, languagesOf, localDay, localMinutes, sources } from "./dossier.ts";
import { nightHours, timeOfDay, timesSection } from "./paper-times.ts";
import { borrowerSections } from "./paper-borrower.ts";
import { contactsSection, noticesSection, othersSection } from "./paper-contacts.ts";
import { exhibitsSection, methodSection, signatureSection } from "./paper-exhibits.ts";
import { findingsSection } from "./paper-findings.ts";
import { summarySection } from "./paper-summary.ts";
import { recipientFacts } from "./recipient.ts";
import { lies } from "../web/charts/marks.ts";
import { tagOf, type Text, Voice } from "./voice.ts";

/** Lays out a whole version; the same dossier gives the same paper. */
export function paperOf(dossier: Dossier): Paper {
  const voice = new Voice(languagesOf(dossier.options), dossier.case.zone);
  const made = Temporal.Instant.fromEpochMilliseconds(dossier.madeAt).toZonedDateTimeISO("UTC");
  const caseLine = { number: dossier.case.number, lender: dossier.case.lender, version: dossier.version };
  const sections: Section[] = [
    summarySection(dossier, voice),
    timesSection(dossier, voice),
    findingsSection(dossier, voice),
    contactsSection(dossier, voice),
    othersSection(dossier, voice),
    noticesSection(dossier, voice),
    ...borrowerSections(dossier, voice),
    exhibitsSection(dossier, voice),
    methodSection(dossier, voice),
    signatureSection(dossier, voice),
  ];
  return {
    lang: tagOf(voice.languages[0]!),
    bilingual: voice.languages.length > 1,
    // The document's own title has no language of its own, so it is in the first one.
    title: voice.each((_, t) => t("dossiers.paper.documentTitle", caseLine)),
    made: [made.year, made.month, made.day, made.hour, made.minute, made.second],
    head: voice.say("dossiers.paper.head", caseLine),
    page: voice.say("dossiers.paper.page", { page: "\u0001", pages: "\u0002" }),
    foot: [voice.say("dossiers.paper.notAFinding"), voice.say("dossiers.paper.footZone", { zone: dossier.case.zone })],
    cover: coverOf(dossier, voice),
    sections,
  };
}

function coverOf(dossier: Dossier, voice: Voice): Paper["cover"] {
  const { case: matter, incidents, options } = dossier;
  const night = nightHours(dossier).flatMap(({ hours }) => hours);
  const atNight = incidents.filter((incident) => {
    const minutes = incident.direction === "incoming" ? localMinutes(matter.zone, incident) : null;
    return minutes !== null && lies(minutes, night);
  });
  const others = incidents.filter(({ contacted }) => contacted !== undefined && contacted !== "self");
  const [first, last] = [incidents[0], incidents.at(-1)];
  const from = options.from ?? (first === undefined ? null : localDay(matter.zone, first.at));
  const to = options.to ?? (last === undefined ? null : localDay(matter.zone, last.at));
  const agencies = dossier.collectors.filter(({ kind }) => kind !== "lender").map(({ name }) => name);
  const fact = (key: string, value: Text | null): Fact[] =>
    value === null ? [] : [[voice.say(`dossiers.paper.cover.${key}`), value]];
  return {
    title: voice.say("dossiers.paper.cover.title"),
    sub:
      from === null || to === null
        ? voice.own(matter.lender)
        : voice.say("dossiers.paper.cover.sub", ({ format }) => ({
            lender: matter.lender,
            from: format.date(from),
            to: format.date(to),
          })),
    demo: matter.demo ? voice.say("dossiers.paper.cover.demo") : null,
    facts: [
      ...fact("complainant", voice.own(matter.borrower)),
      ...fact("institution", voice.own(matter.lender)),
      ...fact("lenderKind", voice.say(`dossiers.words.lenderKind.${matter.lenderKind}`)),
      ...fact("platform", matter.platform === null ? null : voice.own(matter.platform)),
      ...fact("agency", agencies.length === 0 ? null : voice.each((_, _t, format) => format.list(agencies))),
      ...recipientFacts(dossier, voice),
      ...fact("redacted", options.redacted === undefined ? null : voice.say("dossiers.paper.cover.redactedValue")),
      ...fact(
        "made",
        voice.say("dossiers.paper.cover.madeValue", ({ format }) => ({
          at: format.instant(dossier.madeAt),
          zone: zoneWords(voice.zone, dossier.madeAt),
          by: dossier.madeBy,
          version: dossier.version,
        })),
      ),
    ],
    numbers: [
      [String(incidents.length), voice.say("dossiers.paper.cover.contacts", { count: incidents.length })],
      ...(night.length === 0
        ? []
        : [
            [
              String(atNight.length),
              voice.say("dossiers.paper.cover.night", {
                from: timeOfDay(night[0]!.fromMinute),
                to: timeOfDay(night[0]!.toMinute),
              }),
            ] satisfies [string, Text],
          ]),
      [String(others.length), voice.say("dossiers.paper.cover.others", { count: others.length })],
      [
        String(sources(incidents).length),
        voice.say("dossiers.paper.cover.sources", { count: sources(incidents).length }),
      ],
    ],
    contents: voice.say("dossiers.paper.cover.contents"),
    key: {
      title: voice.say("dossiers.paper.cover.howToRead"),
      items: (["matches", "needs-review", "cannot-tell"] as const).map((outcome) => [
        outcome,
        voice.say(`common.outcome.${outcome}`),
        voice.say(`dossiers.paper.cover.means.${outcome}`),
      ]),
      notes: [voice.say("dossiers.paper.cover.rulesNote"), voice.say("dossiers.paper.cover.timesNote")],
    },
  };
}

/** "Asia/Shanghai, UTC+08:00": the zone's name and what it meant at that moment. */
function zoneWords(zone: string, at: number): string {
  return `${zone}, UTC${Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offset}`;
}
