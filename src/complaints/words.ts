/** What several pages of complaints say alike: the office's name, whose move it is, where a sentence rests. Next: list-page.ts, show-page.ts. */
import type { Channel } from "./channel.ts";
import type { Complaint } from "./complaint.ts";
import type { Source } from "./narrative.ts";
import type { Reader } from "./reader.ts";
import type { ReadyDossier } from "./store.ts";
import { type Known, aroundOf } from "./suggest.ts";
import { type TimedStep, type Timeline, timelineOf } from "./timeline.ts";

/** Where the complaints of a case are. */
export const complaintsAt = (caseId: string) => `/cases/${caseId}/complaints`;

export const officeName = (
  { locale }: Reader,
  known: Pick<Known, "channels">,
  { channel }: Pick<Complaint, "channel">,
) => known.channels.get(channel)?.name[locale] ?? channel;

export const timelineIn = (known: Known, channel: Channel, complaint: Complaint): Timeline =>
  timelineOf(channel, complaint, aroundOf(channel, known), {
    today: known.today,
    days: known.daysOf(channel.country),
  });

/** Whose move it is, in a sentence. */
export function nextText({ t, format, locale }: Reader, { next: { who, step }, state }: Timeline): string {
  if (who === "nobody") return t(`complaints.next.${state === "escalated" ? "escalated" : "closed"}`);
  if (step === null) return t(`complaints.next.${state === "draft" ? "file" : state === "answered" ? "read" : "wait"}`);
  const params = { what: step.clock.step[locale], date: format.day(step.due) };
  if (step.stands === "over")
    return t("complaints.next.over", { ...params, count: -step.daysLeft, after: step.clock.whenOver[locale] });
  return t(`complaints.next.${who}`, { ...params, left: leftText({ t }, step) });
}

export const leftText = ({ t }: Pick<Reader, "t">, { daysLeft, stands }: TimedStep): string =>
  stands === "over"
    ? t("complaints.left.over", { count: -daysLeft })
    : daysLeft === 0
      ? t("complaints.left.today")
      : t("complaints.left.days", { count: daysLeft });

export function sourceLink({ t }: Reader, caseId: string, { kind, number }: Source): { text: string; href: string } {
  const paths = {
    case: "/settings",
    contacts: "/incidents",
    incident: `/incidents/${number}`,
    notice: `/notices/${number}`,
    complaint: `/complaints/${number}`,
  };
  return { text: t(`complaints.source.${kind}`, { number }), href: `/cases/${caseId}${paths[kind]}` };
}

/** The frozen versions to choose from, newest first. */
export function dossierChoices(
  { t, format, locale }: Reader,
  dossiers: readonly ReadyDossier[],
  channels: ReadonlyMap<string, Channel>,
): { value: string; text: string }[] {
  return dossiers.map(({ id, version, at, channel }) => {
    const office = channel === null ? undefined : channels.get(channel)?.name[locale];
    const params = { version, date: format.date(at), office };
    return { value: id, text: t(`complaints.draft.${office === undefined ? "dossier" : "dossierFor"}`, params) };
  });
}
