/**
 * An imaginary contact held against chosen codes: what every rule says of it and why, those that say nothing included. Nothing is kept.
 * It must not know requests. Next: try-page.ts.
 */
import type { CaseContext } from "../conduct/case.ts";
import { judgeCase } from "../conduct/classify.ts";
import type { Finding } from "../conduct/finding.ts";
import type { Incident } from "../conduct/incident.ts";
import type { TryForm } from "./form.ts";
import type { CodeLibrary } from "./library.ts";

const TEN_MINUTES = 600_000;

/** The finding of every rule in force that day on the last of the imagined contacts, and the ids of the rules that do not apply. */
export interface Trial {
  findings: Finding[];
  /** Switched on, but not in force that day or not binding this lender. */
  notApplying: { code: string; rule: string }[];
}

/** @param surroundings the facts and notices of a real case, where the contact is tried in one. */
export function tryContact(library: CodeLibrary, form: TryForm, surroundings: CaseContext | null): Trial {
  const context: CaseContext = surroundings ?? {
    // The time given is local: read in the zone in which the codes read the clock, it stays the time of day that was written.
    zone: library.expand(form.code).find(({ zone }) => zone !== undefined)?.zone ?? "UTC",
    lenderKind: form.lenderKind ?? "unknown",
    respondentKind: form.respondentKind ?? "unknown",
    ...(form.reachable === undefined ? {} : { reachable: form.reachable === "yes" }),
  };
  const incidents = imagined(form);
  const last = incidents.at(-1)?.id;
  const judge = library.judgeFor(form.code);
  const findings = judgeCase(judge, { ...context, codes: form.code }, incidents, { all: true }).filter(
    (finding) => finding.incident === last,
  );
  const said = new Set(findings.map((finding) => finding.rule));
  const notApplying = judge.codes.flatMap(({ compiled: { code } }) =>
    code.rules.filter((rule) => rule.on && !said.has(rule.id)).map((rule) => ({ code: code.id, rule: rule.id })),
  );
  return { findings, notApplying };
}

/** The contacts in time order, ten minutes apart; the last one stands at the time that was given. */
function imagined(form: TryForm): Incident[] {
  const time = form.time === undefined ? "00:00" : form.time.padStart(5, "0");
  const at = Date.parse(`${form.date}T${time.length === 5 ? `${time}:00` : time}Z`);
  const facts: Omit<Incident, "id" | "happenedAt"> = {
    channel: form.channel,
    direction: form.direction,
    precision: form.time === undefined ? "day" : form.precision,
    contacted: form.contacted,
    outcome: form.outcome,
    purpose: form.purpose,
    place: form.place,
    collectorKind: form.collectorKind,
    collector: "imagined",
    creditor: "imagined",
    debt: "imagined",
    calledNumber: "imagined",
    acts: form.acts,
    said: form.said,
    disclosed: form.told === "known" ? form.disclosed : undefined,
  };
  return Array.from({ length: form.times }, (_, n) => ({
    ...facts,
    id: `try-${n + 1}`,
    // Without an offset: local time in the case's zone.
    happenedAt: new Date(at - (form.times - 1 - n) * TEN_MINUTES).toISOString().slice(0, -1),
  }));
}
