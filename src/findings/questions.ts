/**
 * What a finding does not know, as the very question that settles it: a form that answers it on the spot, or a link to where it can be
 * answered. Pure. Next: pages.ts.
 */
import type { Collector, Debt } from "../cases/case.ts";
import { type Channel, disclosures, outcomes, places, purposes, contactedPersons } from "../conduct/vocabulary.ts";
import type { Reader } from "../codes/pages.ts";
import type { IncidentGlance, KeptFinding } from "./finding.ts";

interface Choice {
  value: string;
  text: string;
}

export type Question =
  | {
      kind: "choice" | "text" | "told";
      /** The field of the incident's form that the answer fills. */
      field: string;
      legend: string;
      hint: string | null;
      choices: Choice[];
      /** Where the answer goes. */
      action: string;
      /** The other incidents of this finding that lack the same fact. */
      others: { number: number; href: string }[];
    }
  | { kind: "link"; text: string; href: string | null };

export interface Asking {
  caseId: string;
  debts: readonly Debt[];
  collectors: readonly Collector[];
  reader: Reader;
}

/** Facts of an incident that a form can ask for on the spot: the form's field, and what may be chosen. */
const asked: Record<string, (asking: Asking, incident: IncidentGlance) => { field: string; choices?: Choice[] }> = {
  outcome: ({ reader }, incident) => ({
    field: "outcome",
    choices: answers(reader, "outcome", outcomesOf(incident.channel)),
  }),
  purpose: ({ reader }) => ({ field: "purpose", choices: answers(reader, "purpose", purposes) }),
  place: ({ reader }) => ({ field: "place", choices: answers(reader, "place", places) }),
  contacted: ({ reader }) => ({ field: "contacted", choices: answers(reader, "contacted", contactedPersons) }),
  automated: ({ reader }) => ({ field: "automated", choices: answers(reader, "automated", ["yes", "no"]) }),
  collector: ({ collectors }) => ({
    field: "collectorId",
    choices: collectors.map(({ id, name }) => ({ value: id, text: name })),
  }),
  debt: ({ debts }) => ({ field: "debtId", choices: debts.map(debtChoice) }),
  creditor: ({ debts }) => ({ field: "debtId", choices: debts.map(debtChoice) }),
  visitors: () => ({ field: "visitors" }),
  calledNumber: () => ({ field: "calledNumber" }),
  "time-of-day": () => ({ field: "time" }),
};

const debtChoice = ({ id, creditor, product, reference }: Debt): Choice => ({
  value: id,
  text: [creditor, product, reference].filter(Boolean).join(" · "),
});

const answers = ({ t }: Reader, field: string, values: readonly string[]): Choice[] =>
  values.map((value) => ({ value, text: t(`findings.answer.${field}.${value}`) }));

/** What can come of a contact through this channel. */
function outcomesOf(channel: Channel): readonly string[] {
  if (channel === "call") return outcomes.filter((outcome) => outcome !== "delivered");
  if (channel === "voicemail") return ["voicemail-left", "unknown"];
  if (channel === "visit") return ["conversation", "connected", "unanswered", "unknown"];
  return ["delivered", "blocked", "unknown"];
}

/**
 * The questions of one finding, in the order in which it names what is missing.
 * @param counted the incidents it counted, of which some may be the ones that lack the fact.
 */
export function questionsOf(kept: KeptFinding, counted: readonly IncidentGlance[], asking: Asking): Question[] {
  return kept.finding.missing.map((fact) => {
    const silent = [kept.incident, ...counted.filter(({ id }) => id !== kept.incident.id)].filter(({ silentOn }) =>
      silentOn.has(fact),
    );
    const incident = silent[0] ?? kept.incident;
    return question(fact, incident, silent.slice(1), kept, asking);
  });
}

function question(
  fact: string,
  incident: IncidentGlance,
  others: readonly IncidentGlance[],
  { incident: own }: KeptFinding,
  asking: Asking,
): Question {
  const { caseId, reader } = asking;
  const { t } = reader;
  const incidentHref = (number: number) => `/cases/${caseId}/incidents/${number}`;
  const about = {
    action: `${incidentHref(incident.number)}/facts`,
    others: others.map(({ number }) => ({ number, href: incidentHref(number) })),
  };
  const legendOf = (key: string) => {
    const words = t(`findings.missing.question.${key}`);
    return incident.id === own.id
      ? words
      : t("findings.missing.ofIncident", { number: incident.number, question: words });
  };
  const hintOf = (key: string) => (hinted.has(key) ? t(`findings.missing.hint.${key}`) : null);

  if (fact === "disclosed") {
    const choices = disclosures.map((value) => ({ value, text: t(`codes.option.disclosed.${value}`) }));
    return {
      kind: "told",
      field: "disclosed",
      legend: legendOf("disclosed"),
      hint: hintOf("disclosed"),
      choices,
      ...about,
    };
  }
  const found = asked[fact]?.(asking, incident);
  // A choice among debts or collectors of which none is written down yet is no choice.
  if (found !== undefined && (found.choices === undefined || found.choices.length > 0)) {
    const key = fact === "outcome" && incident.channel === "call" ? "outcomeCall" : fact;
    const kind = found.choices === undefined ? "text" : "choice";
    return {
      kind,
      field: found.field,
      legend: legendOf(key),
      hint: hintOf(key),
      choices: found.choices ?? [],
      ...about,
    };
  }
  return link(fact, incident, asking);
}

const hinted = new Set(["outcomeCall", "purpose", "place", "automated", "disclosed", "time-of-day"]);

/** Where a fact can be given that is asked on a page of its own. */
function link(fact: string, incident: IncidentGlance, { caseId, reader: { t } }: Asking): Question {
  const edit = `/cases/${caseId}/incidents/${incident.number}/edit`;
  const at = (key: string, href: string | null): Question => ({
    kind: "link",
    text: t(`findings.missing.link.${key}`, { number: incident.number }),
    href,
  });
  if (fact.startsWith("case.")) {
    return at(fact.replace(".", "-"), `/cases/${caseId}/facts#${factField(fact.slice("case.".length))}`);
  }
  if (fact.startsWith("notice.")) return at("notice", `/cases/${caseId}/notices`);
  if (fact === "code.publicHolidays") return at("code-publicHolidays", null);
  if (fact === "date") return at("date", `${edit}#date`);
  if (fact === "collectorKind") return at("collectorKind", `/cases/${caseId}/settings#collectors`);
  if (fact === "collector") return at("collector", `${edit}#newCollector`);
  if (fact === "debt" || fact === "creditor") return at("debt", `/cases/${caseId}/settings#debts`);
  if (fact === "fromNumber") return at("fromNumber", `${edit}#fromNumber`);
  return at("other", edit);
}

const factField = (fact: string): string => (fact === "daysPastDue" ? "pastDueOn" : fact);
