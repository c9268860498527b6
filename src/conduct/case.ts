/**
 * What judging needs to know of the case around the incidents. Public contract. Everything is optional: an absent fact is "not known",
 * and a rule that needs it answers "cannot tell" and names it. Next: code.ts.
 */
import { z } from "zod";
import {
  channels,
  contactedPersons,
  lenderKinds,
  noticeForms,
  noticeKinds,
  places,
  respondentKinds,
} from "./vocabulary.ts";
import { HappenedAt } from "./incident.ts";
import { isZone } from "./zone.ts";

export const ZoneName = z
  .string()
  .min(1)
  .max(100)
  .refine(isZone, { error: "is not a time zone such as Asia/Shanghai" });

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time of day such as 22:00");
/** Hours of the day, `from` belongs and `to` does not; `from` later than `to` crosses midnight. */
export const Hours = z.strictObject({ from: TimeOfDay, to: TimeOfDay });

/** What exactly a notice said, so that later contacts can be held against it. An absent list means "all". */
export const NoticeDetail = z.strictObject({
  /** medium-refused: these channels. */
  channels: z.array(z.enum(channels)).optional(),
  /** third-party-refusal: these persons asked not to be contacted. */
  contacted: z.array(z.enum(contactedPersons)).optional(),
  /** third-party-refusal, medium-refused: only these numbers or addresses. */
  numbers: z.array(z.string().min(1).max(200)).optional(),
  /** inconvenient-place. */
  places: z.array(z.enum(places)).optional(),
  /** inconvenient-time, consent-time: local hours. */
  hours: z.array(Hours).optional(),
  /** consent-frequency: contacts a day agreed to. */
  perDay: z.int().min(0).optional(),
  /** dispute: when the collector sent what was asked for; the pause ends there. */
  answeredAt: HappenedAt.optional(),
  /** any: withdrawn at this moment. */
  withdrawnAt: HappenedAt.optional(),
  /** only this debt or creditor. */
  debt: z.string().min(1).max(200).optional(),
  /** To whom it went, as people name them. No rule asks for it. */
  to: z.string().min(1).max(200).optional(),
  note: z.string().max(10_000).optional(),
});

export const Notice = z.strictObject({
  id: z.string().min(1).max(200),
  kind: z.enum(noticeKinds),
  sentAt: HappenedAt.optional(),
  receivedAt: HappenedAt.optional(),
  form: z.enum(noticeForms).optional(),
  detail: NoticeDetail.optional(),
});
export type Notice = z.infer<typeof Notice>;

export const CaseContext = z.object({
  /** IANA zone of the borrower, e.g. Asia/Shanghai. */
  zone: ZoneName,
  lenderKind: z.enum(lenderKinds).optional(),
  respondentKind: z.enum(respondentKinds).optional(),
  /** The same for every incident; where it is absent, `pastDueOn` gives each incident its own number. */
  daysPastDue: z.int().optional(),
  /** The day the oldest unpaid amount fell due, YYYY-MM-DD; the day after it is the first day past due. */
  pastDueOn: z.iso.date().optional(),
  /** Can the borrower be reached by the collector? */
  reachable: z.boolean().optional(),
  debtLawful: z.boolean().optional(),
  employerForbids: z.boolean().optional(),
  codes: z.array(z.string()).optional(),
  notices: z.array(Notice).optional(),
});
export type CaseContext = z.infer<typeof CaseContext>;
