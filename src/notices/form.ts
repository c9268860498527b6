/** The form of a notice: what a browser sends, made into facts, every mistake at its field. Messages are keys of views/locales. */
import { z } from "zod";
import { plainNumber } from "../cases/case.ts";
import { channels, contactedPersons, noticeForms, noticeKinds, places } from "../conduct/vocabulary.ts";
import { fromLocal, instantOf, isMoment, zoneNamed } from "../conduct/zone.ts";
import { type FormErrors, type FormValues, type Parsed, formValues, many, optional, parseForm } from "../web/forms.ts";
import { type NoticeDetail, type NoticeFacts, detailFields, endOfDay, isWholeDay } from "./notice.ts";

/** Clocks differ a little; what was sent just now is not in the future. */
const SKEW_MS = 5 * 60_000;
const MOST_NUMBERS = 100;

const written = optional(z.string().trim().max(40)).transform((value) => value ?? "");
const text = optional(z.string().trim().max(20_000)).transform((value) => value ?? null);
const timeOfDay = optional(
  z
    .string()
    .trim()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: "notices.hours.invalid" }),
).transform((value) => value ?? "");

const Fields = z.object({
  kind: z.enum(noticeKinds, { error: "notices.kind.missing" }),
  sentDate: written,
  sentTime: written,
  receivedDate: written,
  receivedTime: written,
  form: optional(z.enum([...noticeForms, "unknown"])).transform((value) =>
    value === undefined || value === "unknown" ? null : value,
  ),
  words: text,
  note: optional(z.string().trim().max(10_000)).transform((value) => value ?? null),
  to: optional(z.string().trim().max(200, { error: "notices.to.long" })).transform((value) => value ?? null),
  channels: many(z.enum(channels)),
  contacted: many(z.enum(contactedPersons)),
  places: many(z.enum(places)),
  numbers: z
    .string()
    .default("")
    .transform((value) => [...new Set(value.split("\n").map(plainNumber))].filter((number) => number !== ""))
    .pipe(z.array(z.string().max(200, { error: "notices.numbers.long" })).max(MOST_NUMBERS)),
  hoursFrom: timeOfDay,
  hoursTo: timeOfDay,
  hoursFrom2: timeOfDay,
  hoursTo2: timeOfDay,
  perDay: optional(
    z
      .string()
      .trim()
      .regex(/^\d{1,3}$/, { error: "notices.perDay.invalid" })
      .transform(Number),
  ),
  answeredDate: written,
  answeredTime: written,
  withdrawnDate: written,
  withdrawnTime: written,
  debt: optional(z.string().max(100)).transform((value) => value ?? null),
  /** Files received with an earlier try of this form. */
  held: many(z.string().max(100)).pipe(z.array(z.string()).max(1000)),
  version: optional(z.coerce.number().int().min(1).max(1_000_000_000)),
});
type Fields = z.output<typeof Fields>;

export interface NoticeInput {
  facts: NoticeFacts;
  held: string[];
  version: number | null;
}

/** What the form is read against. */
export interface FormContext {
  zone: string;
  now: number;
  debtIds: ReadonlySet<string>;
}

export function parseNoticeForm(body: unknown, context: FormContext): Parsed<NoticeInput> {
  const parsed = parseForm(Fields, body);
  if (!parsed.ok) return parsed;
  const errors: FormErrors = {};
  const fields = parsed.value;
  let sentAt = moment(fields, "sent", context, errors);
  const receivedAt = moment(fields, "received", context, errors);
  if (sentAt !== null && receivedAt !== null && sentAt > receivedAt) {
    // Sent on a day without a time and received that very day: it was sent by then.
    if (isWholeDay(sentAt, context.zone) && sentAt - receivedAt < 86_400_000) sentAt = receivedAt;
    else errors.receivedDate = "notices.received.beforeSent";
  }
  const detail = detailOf(fields, context, errors);
  if (Object.keys(errors).length > 0) return { ok: false, errors, values: formValues(body) };
  const { kind, form, words, held, version } = fields;
  return {
    ok: true,
    value: { facts: { kind, sentAt, receivedAt, form, words, detail }, held, version: version ?? null },
  };
}

/** A day with or without a time, as an instant; null when nothing was written. */
function moment(
  fields: Fields,
  name: "sent" | "received" | "answered" | "withdrawn",
  { zone, now }: FormContext,
  errors: FormErrors,
): number | null {
  const date = fields[`${name}Date`].normalize("NFKC").replace(/^(\d{4})[/.年](\d{2})[/.月](\d{2})日?$/, "$1-$2-$3");
  const time = fields[`${name}Time`].normalize("NFKC");
  if (date === "" && time === "") return null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !isMoment(`${date}T00:00`)) {
    errors[`${name}Date`] = date === "" ? "notices.date.missing" : "notices.date.invalid";
    return null;
  }
  const place = zoneNamed(zone);
  if (time !== "" && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) {
    errors[`${name}Time`] = "notices.time.invalid";
    return null;
  }
  const midnight = Date.parse(`${date}T00:00Z`);
  const begins = time === "" ? fromLocal(midnight, place) : instantOf(`${date}T${time}`, place);
  if (begins > now + SKEW_MS) errors[`${name}Date`] = "notices.date.future";
  return time === "" ? fromLocal(endOfDay(midnight), place) : begins;
}

/** Only what the kind asks for goes into the detail; a person who changed the kind does not keep the fields of another. */
function detailOf(fields: Fields, context: FormContext, errors: FormErrors): NoticeDetail {
  const asked = new Set(detailFields[fields.kind]);
  const detail: NoticeDetail = {};
  if (asked.has("hours")) detail.hours = hoursOf(fields, errors);
  if (asked.has("places")) {
    if (fields.places.length === 0) errors.places = "notices.places.missing";
    detail.places = fields.places;
  }
  if (asked.has("channels") && fields.channels.length > 0) detail.channels = fields.channels;
  if (asked.has("contacted") && fields.contacted.length > 0) detail.contacted = fields.contacted;
  if (asked.has("numbers") && fields.numbers.length > 0) detail.numbers = fields.numbers;
  const first = asked.has("channels") ? "channels" : asked.has("contacted") ? "contacted" : null;
  if (first !== null && detail[first] === undefined && detail.numbers === undefined) {
    errors[first] = `notices.${first}.missing`;
  }
  if (asked.has("perDay")) {
    if (fields.perDay === undefined) errors.perDay = "notices.perDay.missing";
    else detail.perDay = fields.perDay;
  }
  const iso = (at: number | null) => (at === null ? undefined : new Date(at).toISOString());
  if (asked.has("answered")) detail.answeredAt = iso(moment(fields, "answered", context, errors));
  detail.withdrawnAt = iso(moment(fields, "withdrawn", context, errors));
  if (fields.debt !== null) {
    if (!context.debtIds.has(fields.debt)) errors.debt = "common.form.choice";
    detail.debt = fields.debt;
  }
  if (fields.to !== null) detail.to = fields.to;
  if (fields.note !== null) detail.note = fields.note;
  // As JSON keeps it, so that an unchanged notice compares as unchanged.
  return JSON.parse(JSON.stringify(detail)) as NoticeDetail;
}

function hoursOf(fields: Fields, errors: FormErrors): NoticeDetail["hours"] {
  const hours: { from: string; to: string }[] = [];
  for (const tail of ["", "2"] as const) {
    const [from, to] = [fields[`hoursFrom${tail}`], fields[`hoursTo${tail}`]];
    if (from === "" && to === "" && tail === "2") continue;
    if (from === "") errors[`hoursFrom${tail}`] = "notices.hours.missing";
    else if (to === "") errors[`hoursTo${tail}`] = "notices.hours.missing";
    else if (from === to) errors[`hoursTo${tail}`] = "notices.hours.same";
    else hours.push({ from, to });
  }
  return hours;
}

/** A notice as its form shows it. */
export function noticeValues(facts: NoticeFacts, zone: string): FormValues {
  const { detail } = facts;
  const parts = (name: string, at: number | null): FormValues => {
    if (at === null) return {};
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
    return {
      [`${name}Date`]: local.toPlainDate().toString(),
      [`${name}Time`]: isWholeDay(at, zone) ? "" : local.toPlainTime().toString({ smallestUnit: "minute" }),
    };
  };
  const instant = (iso: string | undefined) => (iso === undefined ? null : Date.parse(iso));
  const [first, second] = detail.hours ?? [];
  return {
    kind: facts.kind,
    ...parts("sent", facts.sentAt),
    ...parts("received", facts.receivedAt),
    form: facts.form ?? "unknown",
    words: facts.words ?? "",
    to: detail.to ?? "",
    note: detail.note ?? "",
    channels: detail.channels ?? [],
    contacted: detail.contacted ?? [],
    places: detail.places ?? [],
    numbers: (detail.numbers ?? []).join("\n"),
    hoursFrom: first?.from ?? "",
    hoursTo: first?.to ?? "",
    hoursFrom2: second?.from ?? "",
    hoursTo2: second?.to ?? "",
    perDay: detail.perDay === undefined ? "" : String(detail.perDay),
    ...parts("answered", instant(detail.answeredAt)),
    ...parts("withdrawn", instant(detail.withdrawnAt)),
    debt: detail.debt ?? "",
  };
}
