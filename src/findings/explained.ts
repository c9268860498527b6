/**
 * Judging one incident again for a person who asks why: what every condition of a rule says, what would make it different, and why other
 * rules do not match. Reads what the rules' windows reach and nothing else; stores nothing. Next: finding-page.ts, why-not-page.ts.
 */
import type { Case } from "../cases/case.ts";
import type { CodeLibrary } from "../codes/library.ts";
import type { CaseContext } from "../conduct/case.ts";
import { MOVED_DAYS } from "../conduct/change.ts";
import { type Judge, compileJudge } from "../conduct/classify.ts";
import type { Code, Rule } from "../conduct/code.ts";
import type { Incident } from "../conduct/incident.ts";
import { type WhatIf, whatIf } from "../conduct/what-if.ts";
import { type RuleAnswer, answersForIncident } from "../conduct/why-not.ts";
import { DAY_MS } from "../conduct/zone.ts";
import type { Db } from "../platform/database.ts";
import { firstIncidentsBefore, incidentsBetween, readAround } from "./facts.ts";

/** What explaining needs of the services. */
export interface Desk {
  db: Db;
  codes: CodeLibrary;
}
/** The incident that is asked about. */
export interface Asked {
  id: string;
  /** Epoch milliseconds. */
  happenedAt: number;
}

export interface Explained {
  answer: RuleAnswer;
  whatIf: WhatIf[];
  context: CaseContext;
  incident: Incident;
}

/** A month is the longest that a moment can be off; and a local day may begin so much before it. */
const LONGEST_MONTH = 33;

/** One rule on one incident; null when the incident is no longer there. */
export async function explainRule(
  desk: Desk,
  matter: Case,
  asked: Asked,
  code: Code,
  rule: Rule,
): Promise<Explained | null> {
  // Reading words takes the most time, and only rules about acts ask for it.
  const readsWords = JSON.stringify([rule.when, rule.unless]).includes('"acts":');
  const aids = { acts: desk.codes.acts, wording: readsWords ? desk.codes.wording : undefined };
  const alone = compileJudge([{ ...code, rules: [rule] }], aids);
  const { context, incidents } = await windowOf(desk.db, matter, asked, alone);
  const incident = incidents.find(({ id }) => id === asked.id);
  const answer = answersForIncident(alone, context, incidents, asked.id)[0];
  if (incident === undefined || answer === undefined) return null;
  const question = { code, rule, context, incidents, id: asked.id };
  // A switched-off rule is judged nowhere, so nothing could make it different.
  return { answer, whatIf: rule.on ? whatIf(question, aids) : [], context, incident };
}

/** Every rule of the case's codes on one incident: one judgement. */
export async function explainAll(desk: Desk, matter: Case, asked: Asked): Promise<RuleAnswer[]> {
  const judge = desk.codes.judgeFor(matter.codes);
  const { context, incidents } = await windowOf(desk.db, matter, asked, judge);
  return answersForIncident(judge, context, incidents, asked.id);
}

/** The incidents that judging this one can meet, also when its date is imagined otherwise. */
async function windowOf(
  db: Db,
  matter: Case,
  { happenedAt }: Asked,
  { reach }: Judge,
): Promise<{ context: CaseContext; incidents: Incident[] }> {
  const around = await readAround(db, matter);
  const from = happenedAt - (reach.days + MOVED_DAYS + 2) * DAY_MS;
  const past = reach.wholePast ? await firstIncidentsBefore(db, matter.id, from, around) : [];
  const near = await incidentsBetween(db, matter.id, { from, to: happenedAt + LONGEST_MONTH * DAY_MS }, around);
  return { context: around.context, incidents: [...past, ...near].map(({ incident }) => incident) };
}
