/** One contact as data: its facts, files, findings and history, and what of it is not recorded yet. */
import { codesOf } from "../codes/case-codes.ts";
import { forbiddenHours } from "../codes/forbidden-hours.ts";
import type { Reader } from "../codes/pages.ts";
import { HELD_FOR_MS, shownName } from "../evidence/evidence.ts";
import { fileView, uploadField } from "../evidence/pages.ts";
import { evidenceOf, heldFiles } from "../evidence/store.ts";
import { totalsText } from "../findings/changes-view.ts";
import { currentFindings } from "../findings/judge-case.ts";
import { findingViews } from "../findings/pages.ts";
import { findingsOfIncident } from "../findings/store.ts";
import { listEvents } from "../history/store.ts";
import { may } from "../people/permissions.ts";
import type { Services } from "../services.ts";
import { dayStrip } from "../web/charts/day-strip.ts";
import type { FormErrors } from "../web/forms.ts";
import type { Incident } from "./incident.ts";
import {
  type IncidentPage,
  type Viewing,
  chosenCodes,
  factRows,
  historyRows,
  localDay,
  markOf,
  missingFacts,
  saidSummary,
  withQuery,
} from "./pages.ts";
import { sourcesOf } from "./sources/store.ts";
import { backingsOf } from "./sources/backings.ts";
import { backingView, sourceView } from "./sources/view.ts";
import { tellingQuestions } from "./telling-questions.ts";
import { countFromNumber, incidentsBetween, namesOf } from "./store.ts";

/** The newest events of one contact; all of them stand in the history of the case. */
const HISTORY = 50;

/** What this request adds: what was just done, what went wrong with its files, and which waiting files are ticked. */
export interface Around {
  messages: string[];
  errors: FormErrors;
  held: readonly string[];
  reader: Reader;
}

export async function incidentPage(
  services: Services,
  viewing: Viewing,
  incident: Incident,
  { messages, errors, held, reader }: Around,
): Promise<IncidentPage> {
  const { db, clock, config } = services;
  const { caseId, personId, role, matter, telling } = viewing;
  const limits = { bytes: config.maxFileBytes, files: config.maxFiles };
  const changed = await currentFindings(services, caseId);
  const { t, format } = telling;
  const day = Temporal.Instant.fromEpochMilliseconds(incident.happenedAt).toZonedDateTimeISO(matter.zone).startOfDay();
  const [files, events, uses, sameDay, found, waiting, sources] = await Promise.all([
    evidenceOf(db, caseId, "incident", [incident.id]),
    listEvents(db, caseId, { subject: `incident:${incident.number}`, limit: HISTORY }),
    incident.fromNumber === null ? 0 : countFromNumber(db, caseId, incident.fromNumber),
    incidentsBetween(db, caseId, day.epochMilliseconds, day.add({ days: 1 }).epochMilliseconds, 200),
    findingsOfIncident(db, caseId, incident.id),
    may(role, "log") ? heldFiles(db, caseId, personId, clock.now() - HELD_FOR_MS) : [],
    sourcesOf(db, caseId, incident.id),
  ]);
  const names = await namesOf(db, [...new Set([incident.loggedBy, ...events.map(({ actor }) => actor)])]);
  const timed = sameDay.filter(({ precision }) => precision === "exact" || precision === "about");
  const nth = timed.findIndex(({ id }) => id === incident.id) + 1;
  const said = incident.said;
  const clockwork = { zone: matter.zone, now: clock.now() };
  const backing = (await backingsOf(db, caseId, [incident], files, clockwork)).get(incident.id);
  return {
    title: t("incidents.show.title", {
      channel: t(`incidents.channel.${incident.channel}`),
      when: format.instant(incident.happenedAt, incident.precision),
    }),
    caseId,
    number: incident.number,
    mayLog: may(role, "log"),
    removed: incident.removedAt !== null,
    messages,
    judged:
      changed.appeared.length + changed.changed.length + changed.gone.length === 0
        ? null
        : t("explain.changes.judged", {
            totals: totalsText(
              { appeared: changed.appeared.length, changed: changed.changed.length, gone: changed.gone.length },
              { t, format },
            ),
          }),
    stripSvg:
      nth === 0
        ? ""
        : dayStrip([markOf(incident, matter.zone)], {
            forbidden: forbiddenHours(await chosenCodes(services, matter), localDay(incident.happenedAt, matter.zone)),
            size: "large",
          }),
    lede:
      nth === 0
        ? ""
        : timed.length === 1
          ? t("incidents.show.only")
          : t("incidents.show.nth", { n: nth, total: timed.length }),
    facts: factRows(incident, names.get(incident.loggedBy) ?? t("incidents.history.somebody"), telling),
    uses:
      incident.fromNumber === null
        ? null
        : {
            text: t("incidents.show.uses", { count: uses, n: format.number(uses) }),
            href: withQuery(`/cases/${caseId}/incidents`, [["number", incident.fromNumber]]),
          },
    missing: may(role, "log") && incident.removedAt === null ? missingFacts(caseId, incident, telling) : [],
    said: said === null ? null : { summary: saidSummary(incident, telling), lines: said },
    account:
      incident.account === null
        ? null
        : {
            title: t(role === "borrower" ? "incidents.show.account" : "incidents.show.accountAdvocate"),
            lines: incident.account,
          },
    questions:
      incident.account === null || incident.removedAt !== null || !may(role, "log")
        ? []
        : tellingQuestions(services.codes, incident.account, {
            caseId,
            number: incident.number,
            locale: telling.locale,
          }),
    backing: backing === undefined ? null : backingView(caseId, backing, shownName, telling),
    sources: sources.map((source) => sourceView(caseId, source, shownName, telling)),
    files: (files.get(incident.id) ?? []).map((evidence) => fileView(caseId, evidence, telling)),
    upload: uploadField(waiting, new Set(held), limits, telling),
    errors,
    findings: await findingViews(
      { ...services, codes: await codesOf(services, matter) },
      found,
      {
        caseId,
        zone: matter.zone,
        mayReview: may(role, "review"),
        mayLog: may(role, "log"),
        back: `/cases/${caseId}/incidents/${incident.number}?saved=answered`,
      },
      reader,
    ),
    history: historyRows(events, incident, names, telling),
  };
}
