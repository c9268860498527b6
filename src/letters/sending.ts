/** The form that says a letter was sent: when, how, and the notices it becomes. Its days are read as those of a notice. Pure. */
import { z } from "zod";
import { parseNoticeForm } from "../notices/form.ts";
import type { NoticeFacts } from "../notices/notice.ts";
import { type FormErrors, formValues, parseForm } from "../web/forms.ts";
import { type Letter, type Way, noticesOf, ways } from "./letter.ts";
import { plainText } from "./paper.ts";
import type { Template } from "./template.ts";

const SendingForm = z.object({
  version: z.coerce.number().int().min(1),
  how: z.enum(ways, { error: "letters.how.missing" }),
});
const formOf: Record<Way, "written" | "electronic" | "unknown"> = {
  registered: "written",
  post: "written",
  hand: "written",
  email: "electronic",
  app: "electronic",
  other: "unknown",
};
const LONGEST_WORDS = 20_000;

interface SendingInput {
  version: number;
  how: Way;
  on: string;
  notices: NoticeFacts[];
  held: string[];
}

/** @param note what the notices say of where they come from; `localDay` the day of a moment in the case's zone */
export function readSending(
  body: unknown,
  letter: Letter,
  template: Template,
  context: { zone: string; now: number; note: string; localDay: (at: number) => string },
): { ok: true; value: SendingInput } | { ok: false; errors: FormErrors } {
  const { sentDate = "", sentTime = "", receivedDate = "", receivedTime = "", held = [] } = formValues(body);
  const form = parseForm(SendingForm, body);
  const errors: FormErrors = form.ok ? {} : form.errors;
  // The plainest kind: only its days are read.
  const plain = { kind: "represented", sentDate, sentTime, receivedDate, receivedTime, held, form: "unknown" };
  const days = parseNoticeForm(plain, { ...context, debtIds: new Set() });
  if (!days.ok) Object.assign(errors, days.errors);
  const sentAt = days.ok ? days.value.facts.sentAt : null;
  if (days.ok && sentAt === null) errors.sentDate = "letters.sent.missing";
  if (sentAt !== null && context.localDay(sentAt) < letter.facts.writtenOn) errors.sentDate ??= "letters.sent.early";
  if (!form.ok || !days.ok || sentAt === null || Object.keys(errors).length > 0) return { ok: false, errors };

  const { facts } = letter;
  const how = formOf[form.value.how];
  const [first] = Object.values(letter.texts);
  const to = (facts.recipient.split("\n")[0] ?? "").trim().slice(0, 200);
  const notices = noticesOf(template, facts).map((kind): NoticeFacts => ({
    ...days.value.facts,
    kind,
    form: how === "unknown" ? null : how,
    // A plea for time may tell of illness and income; the letter itself is kept as evidence.
    words: first === undefined || kind === "hardship-request" ? null : plainText(first).slice(0, LONGEST_WORDS),
    detail: {
      ...(kind === "inconvenient-time" ? { hours: facts.hours } : {}),
      ...(kind === "inconvenient-place" ? { places: facts.places } : {}),
      ...(kind === "medium-refused" ? { channels: facts.channels } : {}),
      ...(facts.debt === null ? {} : { debt: facts.debt }),
      ...(to === "" ? {} : { to }),
      note: context.note,
    },
  }));
  return { ok: true, value: { ...form.value, on: context.localDay(sentAt), notices, held: days.value.held } };
}
