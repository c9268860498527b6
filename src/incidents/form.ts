/**
 * The form of a contact: what a browser sends, made into facts, every mistake at once and each at its field. Messages are keys of
 * views/locales. The time is read in the case's zone by moment.ts. Next: log-incident.ts, correct-incident.ts.
 */
import { z } from "zod";
import { plainNumber } from "../cases/case.ts";
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
} from "../conduct/vocabulary.ts";
import { type FormErrors, type FormValues, type Parsed, formValues, many, optional, parseForm } from "../web/forms.ts";
import type { IncidentFacts } from "./incident.ts";
import { readMoment, writtenMoment } from "./moment.ts";

const LONGEST_TEXT = 100_000;
const LONGEST_NUMBER = 200;
const MOST_MINUTES = 1440;
const MOST_VISITORS = 1000;

const orNull = <T>(value: T | undefined): T | null => value ?? null;
const words = optional(z.string().max(LONGEST_TEXT)).transform(orNull);
const number = optional(z.string().trim().max(LONGEST_NUMBER).transform(plainNumber)).transform(orNull);
const choice = <const T extends readonly string[]>(values: T) => optional(z.enum(values)).transform(orNull);
const id = optional(z.string().max(100)).transform(orNull);
/** Whole numbers, full-width digits too; nothing else that Number() would take, such as 1e3. */
const whole = (most: number, error: string) =>
  optional(
    z
      .string()
      .transform((text) => text.normalize("NFKC").trim())
      .pipe(z.string().regex(/^\d{1,9}$/, { error }))
      .transform(Number)
      .pipe(z.number().max(most)),
  );

const Fields = z
  .object({
    channel: z.enum(channels, { error: "incidents.form.channel.missing" }),
    direction: z.enum(directions).default("incoming"),
    precision: z.enum(precisions).default("exact"),
    date: z.string().max(40).default(""),
    time: z.string().max(40).default(""),
    fold: z.enum(["", "first", "second"]).default(""),
    contacted: choice(contactedPersons),
    outcome: choice(outcomes),
    minutes: whole(MOST_MINUTES, "incidents.form.duration.invalid"),
    seconds: whole(59, "incidents.form.duration.invalid"),
    purpose: choice(purposes),
    automated: choice(["yes", "no"]).transform((value) => (value === null ? null : value === "yes")),
    place: choice(places),
    fromNumber: number,
    calledNumber: number,
    collectorId: id,
    /** Somebody who is not in the list yet. */
    newCollector: optional(z.string().trim().max(200)).transform(orNull),
    newCollectorKind: z.enum(collectorKinds).default("unknown"),
    debtId: id,
    acts: many(z.enum(acts)),
    said: words,
    account: words,
    /** Was something of the list told? The ticks say what. */
    told: z.enum(["unknown", "nothing", "some"]).default("unknown"),
    disclosed: many(z.enum(disclosures)),
    visitors: whole(MOST_VISITORS, "incidents.form.visitors.invalid").transform(orNull),
    /** Files received with an earlier try. */
    held: many(z.string().max(100)).pipe(z.array(z.string()).max(1000)),
    /** Given by the form when it was opened, so that pressing Save twice logs one contact. */
    draft: optional(z.uuid()).transform(orNull),
    version: optional(z.coerce.number().int().min(1).max(1_000_000_000)).transform(orNull),
    reason: optional(z.string().trim().max(1000)).transform(orNull),
  })
  .superRefine((value, context) => {
    const problem = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (value.told === "nothing" && value.disclosed.length > 0) problem("disclosed", "incidents.form.disclosed.both");
    if (value.told === "some" && value.disclosed.length === 0) problem("disclosed", "incidents.form.disclosed.none");
    if (value.newCollector !== null && value.collectorId !== null)
      problem("newCollector", "incidents.form.newCollector.both");
  });

export interface IncidentForm {
  facts: IncidentFacts;
  newCollector: { name: string; kind: (typeof collectorKinds)[number] } | null;
  held: string[];
  draft: string | null;
  version: number | null;
  reason: string | null;
}

/** What the form is read against: the case's zone, the moment of sending, and which debts and collectors the case has. */
export interface FormContext {
  zone: string;
  now: number;
  collectorIds: ReadonlySet<string>;
  debtIds: ReadonlySet<string>;
  /** The contact as recorded, when it is being corrected: a time left as the form showed it stays what it was, to the millisecond. */
  was?: IncidentFacts | null;
}

/** The fields in the order of the page, so that the error summary reads from top to bottom. */
const fieldOrder = [
  "channel", "date", "time", "fold", "precision", "contacted", "direction", "outcome", "minutes", "seconds", "fromNumber", "calledNumber",
  "collectorId", "newCollector", "newCollectorKind", "debtId", "purpose", "automated", "place", "said", "acts", "told", "disclosed",
  "visitors", "files", "account", "reason",
]; // prettier-ignore

export function parseIncidentForm(body: unknown, context: FormContext): Parsed<IncidentForm> {
  const values = formValues(body);
  const parsed = parseForm(Fields, body);
  const errors: FormErrors = parsed.ok ? {} : parsed.errors;
  const moment = readMoment(
    {
      date: textOf(values.date),
      time: textOf(values.time),
      precision: precisions.find((precision) => precision === values.precision) ?? "exact",
      fold: values.fold === "first" || values.fold === "second" ? values.fold : "",
    },
    context.zone,
    context.now,
  );
  if (!moment.ok) errors[moment.field] ??= moment.problem;
  if (parsed.ok) {
    const { collectorId, debtId } = parsed.value;
    if (collectorId !== null && !context.collectorIds.has(collectorId)) errors.collectorId = "common.form.choice";
    if (debtId !== null && !context.debtIds.has(debtId)) errors.debtId = "common.form.choice";
  }
  if (!parsed.ok || !moment.ok || Object.keys(errors).length > 0)
    return { ok: false, errors: inPageOrder(errors), values };

  const {
    date: _date,
    time: _time,
    fold: _fold,
    minutes,
    seconds,
    told,
    disclosed,
    newCollector,
    newCollectorKind,
    held,
    draft,
    version,
    reason,
    ...said
  } = parsed.value;
  return {
    ok: true,
    value: {
      facts: {
        ...said,
        happenedAt:
          context.was != null && sameMoment(values, valuesOf(context.was, context.zone))
            ? context.was.happenedAt
            : moment.at,
        durationSeconds: minutes === undefined && seconds === undefined ? null : (minutes ?? 0) * 60 + (seconds ?? 0),
        acts: acts.filter((act) => said.acts.includes(act)),
        disclosed:
          told === "nothing" || disclosed.length > 0 ? disclosures.filter((item) => disclosed.includes(item)) : null,
      },
      newCollector: newCollector === null ? null : { name: newCollector, kind: newCollectorKind },
      held,
      draft,
      version,
      reason,
    },
  };
}

const sameMoment = (sent: FormValues, shown: FormValues): boolean =>
  ["date", "time", "precision"].every((name) => sent[name] === shown[name]) &&
  (shown.fold === "" || sent.fold === shown.fold);

export function inPageOrder(errors: FormErrors): FormErrors {
  const place = (field: string) => (fieldOrder.includes(field) ? fieldOrder.indexOf(field) : fieldOrder.length);
  return Object.fromEntries(Object.entries(errors).sort(([a], [b]) => place(a) - place(b)));
}

/** The facts as the form shows them; what {@link parseIncidentForm} reads back to the same facts. */
export function valuesOf(facts: IncidentFacts, zone: string): FormValues {
  const { date, time, precision, fold } = writtenMoment(facts.happenedAt, facts.precision, zone);
  const duration = facts.durationSeconds;
  return {
    channel: facts.channel,
    direction: facts.direction,
    date,
    time,
    precision,
    fold,
    contacted: facts.contacted ?? "",
    outcome: facts.outcome ?? "",
    minutes: duration === null ? "" : String(Math.floor(duration / 60)),
    seconds: duration === null ? "" : String(duration % 60),
    purpose: facts.purpose ?? "",
    automated: facts.automated === null ? "" : facts.automated ? "yes" : "no",
    place: facts.place ?? "",
    fromNumber: facts.fromNumber ?? "",
    calledNumber: facts.calledNumber ?? "",
    collectorId: facts.collectorId ?? "",
    debtId: facts.debtId ?? "",
    acts: facts.acts,
    said: facts.said ?? "",
    account: facts.account ?? "",
    told: facts.disclosed === null ? "unknown" : facts.disclosed.length === 0 ? "nothing" : "some",
    disclosed: facts.disclosed ?? [],
    visitors: facts.visitors === null ? "" : String(facts.visitors),
  };
}

const textOf = (value: string | string[] | undefined): string => (typeof value === "string" ? value : "");
