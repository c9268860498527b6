/** The reader of a request: language, words and formats as the web frame put them there, and today in the zone of the page. */
import type { Clock } from "../platform/clock.ts";
import type { Format } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import type { Reader } from "./pages.ts";

export function readerOf(res: { locals: Record<string, unknown> }, clock: Clock): Reader {
  const format = res.locals.format as Format;
  const today = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(format.zone).toPlainDate();
  return { locale: res.locals.locale as Locale, t: res.locals.t as Translate, format, today: today.toString() };
}
