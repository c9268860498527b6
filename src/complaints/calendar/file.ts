/**
 * Dates of complaints as a calendar file (RFC 5545): whole days in neutral words, so that whoever sees the calendar learns no more than
 * that something is due. Next: ../agenda.ts (what is due), routes.ts (the address).
 */
import ical, { ICalEventBusyStatus, ICalEventClass, ICalEventTransparency } from "ical-generator";
import type { Translate } from "../../web/locale.ts";
import type { Due } from "../agenda.ts";

export const CALENDAR_TYPE = "text/calendar; charset=utf-8";

/** @param origin where the app is reached, without a trailing slash */
export function calendarFile(
  dues: readonly Due[],
  { t, origin, now }: { t: Translate; origin: string; now: number },
): string {
  const calendar = ical({
    name: t("complaints.calendar.name"),
    prodId: { company: "Dunwatch", product: "Dunwatch", language: "EN" },
    // Programs that follow the address ask again so often.
    ttl: 6 * 3600,
  });
  for (const { matter, complaint, channel, step, contact } of dues) {
    const last = complaint === null || contact !== null;
    const event = calendar.createEvent({
      // A last day is a contact's: the next one that comes is another event.
      id: last
        ? `${matter.id}-${channel.id}-${step.step}-${step.from}@dunwatch`
        : `${complaint.id}-${step.step}@dunwatch`,
      start: Temporal.PlainDate.from(step.due),
      allDay: true,
      summary: t(`complaints.calendar.${last ? "last" : step.clock.who === "you" ? "yours" : "theirs"}`, {
        case: matter.number,
        complaint: complaint?.number,
      }),
      description: t(step.estimated ? "complaints.calendar.estimated" : "complaints.calendar.text"),
      url: `${origin}/cases/${matter.id}/complaints/${complaint?.number ?? "new"}`,
      stamp: new Date(now),
      class: ICalEventClass.PRIVATE,
      transparency: ICalEventTransparency.TRANSPARENT,
      busystatus: ICalEventBusyStatus.FREE,
    });
    event.end(Temporal.PlainDate.from(step.due).add({ days: 1 }));
  }
  return calendar.toString();
}
