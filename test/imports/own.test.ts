/** What this program writes comes back with all its fields: lines of JSON, and a bag's table and JSON. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Incident } from "../../src/conduct/incident.ts";
import {
  acts,
  channels,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  outcomes,
  places,
  precisions,
  purposes,
} from "../../src/conduct/vocabulary.ts";
import { caseJson } from "../../src/dossiers/case-json.ts";
import type { Dossier, DossierIncident } from "../../src/dossiers/dossier.ts";
import { incidentsCsv } from "../../src/dossiers/incidents-csv.ts";
import { detect } from "../../src/imports/detect.ts";
import { ownCaseJson, ownCsv, ownJsonLines } from "../../src/imports/read-own.ts";
import type { Contact } from "../../src/imports/reader.ts";
import { sampleDossier } from "../dossiers/sample-material.ts";
import { contactsOf, readText, wordsOf } from "./reading.ts";

/** A bag writes moments to the second. */
const toTheSecond = (contact: Contact) => ({ ...contact, happenedAt: Math.floor(Number(contact.happenedAt) / 1000) });

/** An incident as a contact tells it: everything but its own id. */
function expected(incident: Incident & { at?: number }): Contact {
  const {
    id: _,
    at,
    channel,
    direction,
    precision,
    happenedAt,
    durationSeconds,
    outcome,
    fromNumber,
    calledNumber,
    said,
    ...rest
  } = incident;
  const told = Incident.omit({ id: true, channel: true, direction: true, precision: true, happenedAt: true })
    .partial()
    .parse(rest);
  const some = <T extends object>(fields: T): Partial<T> =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
  return {
    channel,
    direction,
    happenedAt: at ?? (/Z|[+-]\d\d:\d\d$/.test(happenedAt) ? Date.parse(happenedAt) : happenedAt),
    precision,
    timeFrom: "record",
    other: fromNumber ?? null,
    ...some({
      durationSeconds,
      outcome,
      own: calledNumber,
      said,
      told: Object.keys(told).length > 0 ? told : undefined,
    }),
    attachments: [],
  };
}

const text = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
  .filter((one) => one.isWellFormed() && !/[\0-\x08\x0b\x0c\x0e-\x1f\uFEFF]/.test(one));
const name = text;
const one = <T>(...from: readonly T[]) => fc.constantFrom(...from);
const incident = fc.record(
  {
    id: fc.uuid(),
    channel: one(...channels),
    direction: one(...directions),
    happenedAt: fc
      .integer({ min: 1_500_000_000, max: 1_900_000_000 })
      .map((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}+08:00`),
    precision: one(...precisions),
    durationSeconds: fc.nat(9999),
    outcome: one(...outcomes),
    purpose: one(...purposes),
    automated: fc.boolean(),
    contacted: one(...contactedPersons),
    place: one(...places),
    fromNumber: one("+8613800000000", "'quoted", "'=1", "''+1", "=1+1", "一串号码"),
    calledNumber: name,
    collector: name,
    creditor: name,
    debt: name,
    collectorKind: one(...collectorKinds),
    acts: fc.uniqueArray(one(...acts), { minLength: 1, maxLength: 4 }),
    said: text,
    account: text,
    disclosed: fc.uniqueArray(one(...disclosures), { minLength: 1, maxLength: 4 }),
    visitors: fc.nat(9),
  },
  { requiredKeys: ["id", "channel", "direction", "happenedAt", "precision"] },
);
const incidents = fc.array(incident, { maxLength: 6 });

const asDossier = (all: readonly Incident[]): Dossier => ({
  ...sampleDossier(1),
  findings: [],
  incidents: all.map((each, index): DossierIncident => ({
    ...each,
    number: index + 1,
    at: Date.parse(each.happenedAt),
    loggedAt: 0,
    loggedBy: "x",
    exhibits: [],
  })),
});

describe("a contact comes back with all that was known of it", () => {
  it("from lines of JSON", async () => {
    await fc.assert(
      fc.asyncProperty(incidents, async (all) => {
        const lines = all.map((each) => `${JSON.stringify(each)}\n`).join("");
        expect(contactsOf(await readText(ownJsonLines, lines))).toEqual(all.map(expected));
      }),
      { numRuns: 50 },
    );
  });

  it("from a bag's case.json", async () => {
    await fc.assert(
      fc.asyncProperty(incidents, async (all) => {
        const json = caseJson(asDossier(all));
        expect(contactsOf(await readText(ownCaseJson, json))).toEqual(all.map(expected));
      }),
      { numRuns: 50 },
    );
  });

  it("from a bag's incidents.csv", async () => {
    await fc.assert(
      fc.asyncProperty(incidents, async (all) => {
        expect(contactsOf(await readText(ownCsv, incidentsCsv(asDossier(all))))).toEqual(all.map(expected));
      }),
      { numRuns: 50 },
    );
  });

  it("the whole sample dossier, and each file is told by its beginning", async () => {
    const dossier = sampleDossier(60);
    const wanted = dossier.incidents.map(expected);
    const files = [
      ["dunwatch-case", ownCaseJson, caseJson(dossier)],
      ["dunwatch-csv", ownCsv, incidentsCsv(dossier)],
      ["dunwatch-jsonl", ownJsonLines, dossier.incidents.map((each) => `${JSON.stringify(each)}\n`).join("")],
    ] as const;
    for (const [format, reader, content] of files) {
      expect(detect(Buffer.from(content).subarray(0, 65_536), "x")[0]!.reader.format).toBe(format);
      expect(contactsOf(await readText(reader, content)).map(toTheSecond)).toEqual(wanted.map(toTheSecond));
    }
  });
});

describe("what is broken costs its own record", () => {
  const good = `{"id":"1","channel":"call","happenedAt":"2026-02-03T19:30"}`;

  it("in lines of JSON: the field is named", async () => {
    const lines = [
      good,
      "{",
      `{"id":"2","channel":"fax","happenedAt":"2026-02-03T19:30"}`,
      "",
      good,
      "x".repeat(3_000_000),
    ];
    const reading = await readText(ownJsonLines, lines.join("\n"));
    expect(wordsOf(reading)).toEqual(["contact", "notJson", "incidentField", "contact", "recordTooLong"]);
    expect(reading.rows[2]).toMatchObject({ line: 3, unreadable: { params: { field: "channel" } } });
    expect(reading.rows[3]).toMatchObject({ row: 4, line: 5, contact: { happenedAt: "2026-02-03T19:30" } });
  });

  it("in case.json: objects behind it are read, and a file cut short is one more row", async () => {
    const json = `{"format":"dunwatch-case/1","note":"\\"incidents\\": [","incidents":[${good},{"id":5},7,${good}],"other":[{"channel":"call"}]}`;
    const words = ["contact", "incidentField", "notJson", "contact"];
    expect(wordsOf(await readText(ownCaseJson, json))).toEqual(words);
    expect(wordsOf(await readText(ownCaseJson, json.slice(0, json.indexOf("7,") + 20)))).toEqual([
      ...words.slice(0, 3),
      "cutShort",
    ]);
    expect(wordsOf(await readText(ownCaseJson, "<xml/>"))).toEqual(["notThisFormat"]);
  });
});
