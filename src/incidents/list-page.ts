/** The list of contacts as data: the filters in force, a page of rows with what was found on each, and the way to the next page. */
import { forbiddenHours } from "../codes/forbidden-hours.ts";
import type { Code } from "../conduct/code.ts";
import { currentFindings } from "../findings/judge-case.ts";
import { outcomesOfIncidents } from "../findings/count-store.ts";
import { may } from "../people/permissions.ts";
import type { Services } from "../services.ts";
import type { Rail } from "../web/view.ts";
import { queryOf, readEdge, readFilter } from "./filter.ts";
import type { Incident } from "./incident.ts";
import {
  type IncidentListPage,
  type Viewing,
  chipsOf,
  chosenCodes,
  filterChoices,
  incidentRow,
  withQuery,
} from "./pages.ts";
import { countFiles, countIncidents, listIncidents } from "./store.ts";

const PAGE = 50;

export async function incidentListPage(
  services: Services,
  viewing: Viewing,
  query: Record<string, unknown>,
  rail: Rail,
): Promise<IncidentListPage> {
  const { db } = services;
  const { caseId, role, matter, telling } = viewing;
  await currentFindings(services, caseId);
  const filter = readFilter(query, matter.zone);
  const edge = readEdge(query);
  const asked = queryOf(filter);
  const [count, found] = await Promise.all([
    // All of them were counted for the rail.
    asked.length === 0 && rail.counts.incidents !== undefined
      ? rail.counts.incidents
      : countIncidents(db, caseId, filter),
    listIncidents(db, caseId, filter, edge, PAGE),
  ]);
  const { t } = telling;
  const more = found.length > PAGE;
  const newer = edge?.side === "newer";
  const shown = newer ? found.slice(-PAGE) : found.slice(0, PAGE);
  const ids = shown.map(({ id }) => id);
  const [files, outcomes] = await Promise.all([countFiles(db, caseId, ids), outcomesOfIncidents(db, caseId, ids)]);
  const base = `/cases/${caseId}/incidents`;
  const pageHref = (side: "older" | "newer", at: Incident | undefined) =>
    at === undefined ? null : withQuery(base, [...asked, [side, `${at.happenedAt}.${at.id}`]]);
  const nights = nightsOf(await chosenCodes(services, matter));
  return {
    title: t(filter.bin ? "incidents.list.binTitle" : "incidents.list.title"),
    caseId,
    mayLog: may(role, "log"),
    bin: filter.bin,
    count,
    filtered: asked.some(([name]) => name !== "bin"),
    chips: chipsOf(caseId, filter, telling.collectors, telling),
    clearHref: base,
    values: Object.fromEntries(asked),
    ...filterChoices(telling),
    collectors: [
      { value: "", text: t("incidents.list.any") },
      ...telling.collectors.map(({ id, name }) => ({ value: id, text: name })),
    ],
    rows: shown.map((incident) =>
      incidentRow(
        caseId,
        incident,
        files.get(incident.id) ?? 0,
        outcomes.get(incident.id),
        nights,
        matter.zone,
        telling,
      ),
    ),
    newerHref: newer ? (more ? pageHref("newer", shown[0]) : null) : edge === null ? null : pageHref("newer", shown[0]),
    olderHref: newer || more ? pageHref("older", shown.at(-1)) : null,
  };
}

/** The hours to be left in peace, by local day; asked once a day of the list rather than once a row. */
function nightsOf(codes: readonly Code[]) {
  const known = new Map<string, ReturnType<typeof forbiddenHours>>();
  return (day: string) => {
    const found = known.get(day) ?? forbiddenHours(codes, day);
    known.set(day, found);
    return found;
  };
}
