/**
 * What the borrower told the collector: stop contacting, not at this hour, I dispute this. Later contacts are held against it. Pure: the
 * shape of a notice as kept here, what each kind asks for, and its public shape. It must not know SQL or forms. Next: store.ts.
 */
import type { z } from "zod";
import type { Notice as PublicNotice, NoticeDetail as PublicDetail } from "../conduct/case.ts";
import type { noticeForms, noticeKinds } from "../conduct/vocabulary.ts";
import { DAY_MS, zoneNamed } from "../conduct/zone.ts";

export type NoticeKind = (typeof noticeKinds)[number];
export type NoticeForm = (typeof noticeForms)[number];
export type NoticeDetail = z.infer<typeof PublicDetail>;

/** What a person may say of a notice, and correct later. Null = not known. */
export interface NoticeFacts {
  kind: NoticeKind;
  /** Epoch milliseconds; a day without a time is kept as that day's last millisecond (see {@link isWholeDay}). */
  sentAt: number | null;
  receivedAt: number | null;
  form: NoticeForm | null;
  /** What exactly it asked for. Moments inside are ISO instants. */
  detail: NoticeDetail;
  /** Its own words. */
  words: string | null;
}
export interface Notice extends NoticeFacts {
  id: string;
  /** The human number, as in "Notice 3". */
  number: number;
  version: number;
  createdBy: string;
  createdAt: number;
  removedAt: number | null;
}

/** What a kind asks for beyond its dates. */
export type DetailField = "hours" | "places" | "channels" | "contacted" | "numbers" | "perDay" | "answered";
export const detailFields: Record<NoticeKind, readonly DetailField[]> = {
  "cease-contact": [],
  "third-party-refusal": ["contacted", "numbers"],
  "inconvenient-time": ["hours"],
  "inconvenient-place": ["places"],
  "medium-refused": ["channels", "numbers"],
  dispute: ["answered"],
  represented: [],
  "refuse-to-pay": [],
  "hardship-request": ["answered"],
  "consent-time": ["hours"],
  "consent-frequency": ["perDay"],
};

/**
 * The moment kept for a day without a time: its last millisecond, so that only what happened on a later day counts as "after the notice".
 * No form can write such a moment, which is how it is known again.
 */
export function endOfDay(localMidnight: number): number {
  return localMidnight + DAY_MS - 1;
}

/** Was only the day said? */
export function isWholeDay(at: number, zone: string): boolean {
  const local = at + zoneNamed(zone).offsetAt(at);
  return ((local % DAY_MS) + DAY_MS) % DAY_MS === DAY_MS - 1;
}

/** From when on contacts may have to be judged again; undefined when no date is known and any may. */
export function earliest(facts: Pick<NoticeFacts, "sentAt" | "receivedAt">): number | undefined {
  const known = [facts.sentAt, facts.receivedAt].filter((at) => at !== null);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** The public shape, for judging and for exports, with the human number beside it. */
export function publicNotice(notice: Notice): PublicNotice & { number: number } {
  const iso = (at: number | null) => (at === null ? undefined : new Date(at).toISOString());
  return {
    id: notice.id,
    number: notice.number,
    kind: notice.kind,
    sentAt: iso(notice.sentAt),
    receivedAt: iso(notice.receivedAt),
    form: notice.form ?? undefined,
    detail: notice.detail,
  };
}
