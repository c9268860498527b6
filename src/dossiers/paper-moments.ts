/**
 * When something happened, as the paper says it: the local day and time with its offset, no more exact than what is known.
 * Next: paper-contacts.ts and paper-findings.ts use it in every row.
 */
import type { Precision } from "../conduct/vocabulary.ts";
import { zoneNamed } from "../conduct/zone.ts";
import type { Text, Voice } from "./voice.ts";

/** "Tue 17 Nov 2026"; for a month alone "November 2026 (day not known)". */
export function dayWords(voice: Voice, at: number, precision: Precision): Text {
  return precision === "month"
    ? voice.each((_l, _t, format) => format.instant(at, "month"))
    : voice.each((_l, _t, format) => format.day(at));
}

/** "22:43 +08:00", "about 21:30 +08:00", "time not known". */
export function timeWords(voice: Voice, at: number, precision: Precision): Text {
  if (precision === "day" || precision === "month") return voice.say("dossiers.paper.timeUnknown");
  return voice.say(precision === "about" ? "dossiers.paper.aboutTime" : "dossiers.paper.exactTime", ({ format }) => ({
    time: format.time(at),
    offset: offsetWords(voice.zone, at),
  }));
}

/** A moment that is known to the minute, in full: "Tue 17 Nov 2026, 22:43 +08:00". */
export function momentWords(voice: Voice, at: number): Text {
  return voice.each((_l, _t, format) => `${format.instant(at)} ${offsetWords(voice.zone, at)}`);
}

/** "+08:00". */
export function offsetWords(zone: string, at: number): string {
  const minutes = Math.round(zoneNamed(zone).offsetAt(at) / 60_000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}
