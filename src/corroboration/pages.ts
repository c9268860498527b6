/** What the templates under views/corroboration print: the sums, and the three lists that fill the gaps, a page at a time.
 * Next: differences-page.ts, numbers-page.ts. */
import type { Case } from "../cases/case.ts";
import { listCollectors } from "../cases/store.ts";
import { exhibitName, shownName } from "../evidence/evidence.ts";
import {
  type Confidence,
  type FileFacts,
  confidenceOf,
  confidences,
  sourceGroups,
} from "../incidents/sources/backing.ts";
import { contactOf, factsOfFile, localDays } from "../incidents/sources/backings.ts";
import type { Db } from "../platform/database.ts";
import type { Format } from "../web/format.ts";
import type { Translate } from "../web/locale.ts";
import { spansOf, unshownCalls } from "./calls-store.ts";
import { parseMoment, parseRecordPlace, placeText, recordText } from "./form.ts";
import { shownLeft } from "./left-store.ts";
import { callsWithin, looseRecordings } from "./recordings-store.ts";
import { corroborationOf, countRows, joined } from "./summary.ts";
import { bringUpToDate } from "./up-to-date.ts";

export interface Words {
  t: Translate;
  format: Format;
}

const LISTED = 50;
/** A day and a little: how far from a recording a call can be that it is matched with. */
const AROUND_MS = 26 * 3600 * 1000;
/** Calls looked at for one page of recordings. */
const CALLS = 5000;
/** Suggestions for one recording. */
const SUGGESTED = 3;

export async function summaryPage(db: Db, matter: Case, now: number, { t, format }: Words) {
  const base = `/cases/${matter.id}/corroboration`;
  const counts = await corroborationOf(db, matter, now);
  const n = (value: number) => format.number(value);
  return {
    title: t("corroboration.title"),
    caseId: matter.id,
    rows: countRows(counts).map(([key, value]) => ({ text: t(`corroboration.count.${key}`), n: n(value) })),
    backed: counts.backed.map((value, sources) => ({
      text: t("corroboration.backed", { count: sources, n: n(sources) }),
      n: n(value),
    })),
    groups: sourceGroups.map((group) => ({ text: t(`corroboration.group.${group}`), n: n(counts.groups[group]) })),
    gaps: [
      { key: "records", n: counts.unlogged + counts.maybe + counts.unlinked, href: `${base}/records` },
      { key: "calls", n: counts.unshown, href: `${base}/calls` },
      { key: "recordings", n: counts.loose, href: `${base}/recordings` },
      { key: "differences", n: counts.differs.any, href: `${base}/differences` },
    ].map(({ key, n: count, href }) => ({
      href,
      title: t(`corroboration.gap.${key}.title`),
      text: t(`corroboration.gap.${key}.text`, { count, n: n(count) }),
    })),
    spans: counts.spans.map((span) => ({
      text: t(`corroboration.span.${span.kind}`, { channel: t(`incidents.channel.${span.channel}`) }),
      dates: t("corroboration.span.dates", { from: format.date(span.from), to: format.date(span.to) }),
    })),
    uncovered:
      counts.uncovered === 0 ? null : t("corroboration.uncovered", { count: counts.uncovered, n: n(counts.uncovered) }),
    numbersHref: `/cases/${matter.id}/numbers`,
    importsHref: `/cases/${matter.id}/imports`,
  };
}

export async function recordsPage(
  db: Db,
  matter: Case,
  query: Record<string, unknown>,
  now: number,
  { t, format }: Words,
) {
  await bringUpToDate(db, matter, now);
  const base = `/cases/${matter.id}/corroboration/records`;
  const found = await shownLeft(db, matter.id, parseRecordPlace(query.before), LISTED + 1);
  const names = new Map((await listCollectors(db, matter.id)).map(({ id, name }) => [id, name]));
  const rows = found.slice(0, LISTED);
  const last = rows.at(-1);
  return {
    title: t("corroboration.gap.records.title"),
    caseId: matter.id,
    rows: rows.map((row) => {
      const when = `${format.day(row.happenedAt)} ${format.seconds(row.happenedAt)}`;
      const who = [row.other ?? t("corroboration.hidden"), names.get(row.collectorId ?? "")].filter(
        (part) => part != null,
      );
      return {
        id: recordText(row),
        standing: row.standing,
        tag: t(`corroboration.standing.${row.standing}`),
        when,
        who: who.join(" · "),
        what: [
          t(`incidents.channel.${row.channel}`),
          t(`incidents.direction.${row.direction}`),
          ...(row.durationSeconds === null ? [] : [format.duration(row.durationSeconds)]),
        ].join(" · "),
        where: t("corroboration.where", {
          file: shownName(row.fileName),
          row: format.number(row.row),
          exhibit: row.exhibit,
        }),
        exhibitHref: `/cases/${matter.id}/evidence/${row.exhibit}`,
        exhibit: t("corroboration.exhibit", { exhibit: row.exhibit }),
        known:
          row.knownNumber === null
            ? null
            : {
                href: `/cases/${matter.id}/incidents/${row.knownNumber}`,
                text: t("corroboration.known", { number: row.knownNumber, apart: format.duration(row.apart ?? 0) }),
                label: t("corroboration.back", { number: row.knownNumber, when }),
                shortLabel: t("corroboration.backShort", { number: row.knownNumber }),
              },
        label: t("corroboration.take", { when, who: who[0] ?? "" }),
      };
    }),
    action: base,
    newerHref: query.before === undefined ? null : base,
    olderHref: found.length > LISTED && last !== undefined ? `${base}?before=${placeText(last)}` : null,
  };
}

export async function callsPage(
  db: Db,
  matter: Case,
  query: Record<string, unknown>,
  now: number,
  { t, format }: Words,
) {
  await bringUpToDate(db, matter, now);
  const base = `/cases/${matter.id}/corroboration/calls`;
  const spans = await spansOf(db, matter.id);
  const before = parseMoment(query.before);
  const from = before === null ? null : { happenedAt: before.at, id: before.id };
  const found = await unshownCalls(db, matter.id, spans, from, LISTED + 1);
  const rows = found.slice(0, LISTED);
  const last = rows.at(-1);
  const calls = joined(spans).filter(({ channel }) => channel === "call" || channel === "voicemail");
  return {
    title: t("corroboration.gap.calls.title"),
    caseId: matter.id,
    rows: rows.map((row) => ({
      href: `/cases/${matter.id}/incidents/${row.number}`,
      number: t("incidents.show.incident", { number: row.number }),
      when: format.instant(row.happenedAt, row.precision),
      who: row.fromNumber ?? t("corroboration.noNumber"),
      covers: format.list([
        ...new Set(
          calls
            .filter(({ from: first, to }) => first <= row.happenedAt && row.happenedAt <= to)
            .map(({ kind }) => t(`corroboration.group.${kind}`)),
        ),
      ]),
    })),
    newerHref: before === null ? null : base,
    olderHref: found.length > LISTED && last !== undefined ? `${base}?before=${last.happenedAt}.${last.id}` : null,
  };
}

export async function recordingsPage(
  db: Db,
  matter: Case,
  query: Record<string, unknown>,
  now: number,
  { t, format }: Words,
) {
  const base = `/cases/${matter.id}/corroboration/recordings`;
  const after = parseMoment(query.after);
  const place = after === null ? null : { addedAt: after.at, id: after.id };
  const found = await looseRecordings(db, matter.id, place, LISTED + 1);
  const rows = found.slice(0, LISTED);
  const last = rows.at(-1);
  const dayOf = localDays(matter.zone);
  const read = rows.map((row) => ({ row, facts: factsOfFile(row.name, { zone: matter.zone, now }) }));
  const spans = read.flatMap(({ facts }) => (facts === null ? [] : [around(facts)]));
  const calls = await callsWithin(db, matter.id, spans, CALLS);
  return {
    title: t("corroboration.gap.recordings.title"),
    caseId: matter.id,
    rows: read.map(({ row, facts }) => {
      const exhibit = exhibitName(row);
      const matches = facts === null ? [] : ranked(calls, facts);
      return {
        exhibit,
        href: `/cases/${matter.id}/evidence/${exhibit}`,
        name: shownName(row.name),
        facts:
          facts === null
            ? t("corroboration.noTime")
            : t("corroboration.named", {
                facts: [facts.at === null ? format.date(facts.day) : format.instant(facts.at), facts.number]
                  .filter((part) => part !== null)
                  .join(" · "),
              }),
        logHref: `/cases/${matter.id}/incidents/new`,
        matches: matches.map(({ call, confidence }) => ({
          value: `${exhibit}:${call.number}`,
          confidence,
          tag: t(`corroboration.confidence.${confidence}`),
          why: t(`corroboration.because.${confidence}`),
          text: `${t("incidents.show.incident", { number: call.number })} · ${format.instant(call.happenedAt, call.precision)}`,
          href: `/cases/${matter.id}/incidents/${call.number}`,
          label: t("corroboration.attach", { exhibit, number: call.number }),
        })),
      };
    }),
    action: base,
    newerHref: after === null ? null : base,
    olderHref: found.length > LISTED && last !== undefined ? `${base}?after=${last.addedAt}.${last.id}` : null,
  };

  /** The surest first, then the nearest. */
  function ranked(all: typeof calls, facts: FileFacts) {
    const apart = (at: number) => Math.abs(at - (facts.at ?? at));
    return all
      .map((call) => ({ call, confidence: confidenceOf(contactOf(call), facts, dayOf) }))
      .filter((one): one is typeof one & { confidence: Confidence } => one.confidence !== null)
      .sort(
        (a, b) =>
          confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
          apart(a.call.happenedAt) - apart(b.call.happenedAt),
      )
      .slice(0, SUGGESTED);
  }
}

function around({ at, day }: FileFacts): { from: number; to: number } {
  const middle = at ?? Date.parse(`${day}T12:00:00Z`);
  return { from: middle - AROUND_MS, to: middle + AROUND_MS };
}
