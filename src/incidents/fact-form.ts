/** One open question answered on its own ("was it answered?"): the answer laid over what is recorded and read by the form's own rules. */
import { type FormErrors, type FormValues, formValues } from "../web/forms.ts";
import { type FormContext, parseIncidentForm, valuesOf } from "./form.ts";
import type { Incident, IncidentFacts } from "./incident.ts";

/** The fields of the form that a question may fill, and the facts each stands for. */
const questions = {
  channel: ["channel"],
  contacted: ["contacted"],
  direction: ["direction"],
  outcome: ["outcome"],
  purpose: ["purpose"],
  automated: ["automated"],
  place: ["place"],
  visitors: ["visitors"],
  fromNumber: ["fromNumber"],
  calledNumber: ["calledNumber"],
  collectorId: ["collectorId"],
  debtId: ["debtId"],
  minutes: ["durationSeconds"],
  seconds: ["durationSeconds"],
  time: ["happenedAt", "precision"],
  precision: ["happenedAt", "precision"],
  fold: ["happenedAt", "precision"],
  told: ["disclosed"],
  disclosed: ["disclosed"],
  acts: ["acts"],
} as const satisfies Record<string, readonly (keyof IncidentFacts)[]>;
type Question = keyof typeof questions;

export type ParsedFact =
  { ok: true; facts: Partial<IncidentFacts> } | { ok: false; values: FormValues; errors: FormErrors };

/** @returns the answered facts, or the whole form with the answer laid over it and what is wrong with it. */
export function parseFact(body: unknown, incident: Incident, context: FormContext): ParsedFact {
  const values = formValues(body);
  const asked = Object.keys(values).filter((name): name is Question => Object.hasOwn(questions, name));
  const before = valuesOf(incident, context.zone);
  // A group of choices sends nothing while nothing is chosen; `asked` says which question it was.
  const field = typeof values.asked === "string" && Object.hasOwn(questions, values.asked) ? values.asked : "outcome";
  if (asked.length === 0) return { ok: false, values: before, errors: { [field]: "incidents.form.answerMissing" } };
  // A time of day given for a contact known only to the day makes it exact, unless the answer says otherwise.
  const dated = incident.precision === "day" || incident.precision === "month";
  const precision = values.precision ?? (dated && values.time !== undefined ? "exact" : (before.precision ?? ""));
  const told = asked.includes("disclosed") && values.told === undefined ? "some" : (values.told ?? before.told ?? "");
  const filled = { ...before, ...Object.fromEntries(asked.map((name) => [name, values[name] ?? ""])), precision, told };
  const parsed = parseIncidentForm(filled, { ...context, ...known(context, incident), was: incident });
  if (!parsed.ok) return { ok: false, values: filled, errors: parsed.errors };
  const names = asked.flatMap((name): readonly (keyof IncidentFacts)[] => questions[name]);
  return { ok: true, facts: Object.fromEntries(names.map((name) => [name, parsed.value.facts[name]])) };
}

/** What the contact refers to already stays acceptable, even when it was taken off the lists. */
function known({ collectorIds, debtIds }: FormContext, { collectorId, debtId }: Incident) {
  return {
    collectorIds: new Set([...collectorIds, ...(collectorId === null ? [] : [collectorId])]),
    debtIds: new Set([...debtIds, ...(debtId === null ? [] : [debtId])]),
  };
}
