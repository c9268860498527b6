/**
 * Reminders by e-mail: for who asked for them, at humane hours where they live, each once, in words that tell a stranger nothing. Off
 * unless the installation has a mail server. Next: store.ts (who wants them, what was sent).
 */
import { createTransport } from "nodemailer";
import type { Config } from "../../config.ts";
import type { Bench } from "../../findings/judge-case.ts";
import type { Logger } from "../../platform/log.ts";
import { formatter } from "../../web/format.ts";
import { locales, translator } from "../../web/locale.ts";
import { type Due, type DueInComplaint, agendaOf } from "../agenda.ts";
import { type Reminder, type Wish, claimReminder, listWishes, releaseReminder } from "./store.ts";

/** Local hours in which people may be written to: from the first, until the second begins. */
const HUMANE = { from: 9, to: 20 };
/** What is over for longer is no news. */
const LONGEST_OVER_DAYS = 14;

interface Mail {
  to: string;
  subject: string;
  text: string;
}
export type SendMail = (mail: Mail) => Promise<void>;

/** Null when the installation has no mail server. */
export function mailerOf({ smtpUrl, smtpFrom }: Pick<Config, "smtpUrl" | "smtpFrom">): SendMail | null {
  if (smtpUrl === null || smtpFrom === null) return null;
  const transport = createTransport(smtpUrl, { from: smtpFrom });
  return async (mail) => {
    await transport.sendMail({ ...mail, headers: { "Auto-Submitted": "auto-generated" } });
  };
}

/** One round over everybody who wants reminders. A mail that fails is tried again in the next round. @returns how many mails went out. */
export async function sendReminders(bench: Bench & { log: Logger; origin(): string }, send: SendMail): Promise<number> {
  let sent = 0;
  for (const wish of await listWishes(bench.db)) {
    if (!isHumane(wish.zone, bench.clock.now())) continue;
    const agenda = await agendaOf(bench, wish.personId);
    // What was sent is kept with the complaint; a last day without one stands on the home page and in the calendar.
    const mine = agenda.filter((due): due is DueInComplaint => due.complaint !== null && isTime(due, wish));
    const claimed: { reminder: Reminder; due: DueInComplaint }[] = [];
    for (const due of mine) {
      const reminder = reminderOf(due, wish);
      if (await claimReminder(bench.db, reminder, bench.clock.now())) claimed.push({ reminder, due });
    }
    if (claimed.length === 0) continue;
    try {
      await send(mailOf(wish, claimed, bench.origin()));
      sent += 1;
    } catch (error) {
      bench.log.error({ err: error }, "a reminder could not be sent");
      for (const { reminder } of claimed) await releaseReminder(bench.db, reminder);
    }
  }
  return sent;
}

function isHumane(zone: string, now: number): boolean {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return hour >= HUMANE.from && hour < HUMANE.to;
}

const isTime = ({ step }: Due, { daysBefore }: Wish): boolean =>
  step.daysLeft <= daysBefore && step.daysLeft >= -LONGEST_OVER_DAYS;

const reminderOf = ({ complaint, step }: DueInComplaint, { personId }: Wish): Reminder => ({
  personId,
  complaintId: complaint.id,
  step: step.stands === "over" ? `${step.step}:over` : step.step,
  dueOn: step.due,
});

/** No names, no offices: dates and where to look. */
function mailOf(wish: Wish, claimed: readonly { due: DueInComplaint }[], origin: string): Mail {
  const locale = locales.find((one) => one === wish.locale) ?? "en";
  const t = translator(locale);
  const format = formatter(locale, wish.zone);
  const lines = claimed.map(({ due: { matter, complaint, step } }) =>
    t(`complaints.mail.${step.stands === "over" ? "over" : "due"}`, {
      date: format.day(step.due),
      address: `${origin}/cases/${matter.id}/complaints/${complaint.number}`,
    }),
  );
  return {
    to: wish.email,
    subject: t("complaints.mail.subject"),
    text: [
      t("complaints.mail.intro"),
      "",
      ...lines,
      "",
      t("complaints.mail.stop", { address: `${origin}/calendar` }),
    ].join("\n"),
  };
}
