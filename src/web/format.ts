/**
 * Dates, times, sizes and durations as people read them, in the reader's language and the case's zone.
 * Must not know what the values mean; the few words it needs come from views/locales/<language>/common.json.
 * Next: language.ts (who calls this for each request).
 */
import type { Precision } from "../conduct/vocabulary.ts";
import { DAY_MS, type Zone, twoDigits, zoneNamed } from "../conduct/zone.ts";
import type { Locale, Translate } from "./locale.ts";
import { translator } from "./locale.ts";

/** Milliseconds since 1970, or a date `YYYY-MM-DD` that has no time and no zone. */
type When = number | string;

export type Format = ReturnType<typeof makeFormatter>;

const shapes = {
  date: { day: "numeric", month: "short", year: "numeric" },
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  longDay: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  shortDate: { day: "numeric", month: "short" },
  month: { month: "long", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Of one shape in one zone and language. */
const KEPT_TEXTS = 2000;

const cache = new Map<string, Format>();

/** The formats of one language and IANA zone; kept, because making Intl objects is slow. */
export function formatter(locale: Locale, zone: string): Format {
  const key = `${locale} ${zone}`;
  let format = cache.get(key);
  if (!format) {
    format = makeFormatter(locale, zone, translator(locale));
    if (cache.size > 500) cache.clear();
    cache.set(key, format);
  }
  return format;
}

function makeFormatter(locale: Locale, zone: string, t: Translate) {
  // British order, so that "17 Nov 2026" is never read as the 11th month's 17th.
  const tag = locale === "en" ? "en-GB" : locale;
  const inZone = lazily(
    (shape: keyof typeof shapes) => new Intl.DateTimeFormat(tag, { ...shapes[shape], timeZone: zone }),
  );
  const inUtc = lazily(
    (shape: keyof typeof shapes) => new Intl.DateTimeFormat(tag, { ...shapes[shape], timeZone: "UTC" }),
  );
  const numbers = new Intl.NumberFormat(tag);
  const tenths = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const lists = new Intl.ListFormat(tag, { type: "conjunction" });

  const clock = zoneNamed(zone);
  /** Texts made before, by local day (or, of a time, by local minute): a list of contacts shows the same ones again and again. */
  const made = lazily((_shape: keyof typeof shapes) => new Map<number, string>());

  /** A moment that dates cannot hold is an error, as Intl says. */
  function showMoment(ms: number, shape: keyof typeof shapes): string {
    if (shape === "seconds" || !Number.isFinite(ms)) return inZone(shape).format(ms);
    const local = ms + clock.offsetAt(ms);
    const key = shape === "time" ? Math.floor(local / 60_000) % 1440 : Math.floor(local / DAY_MS);
    const texts = made(shape);
    let text = texts.get(key);
    if (text === undefined) {
      if (texts.size >= KEPT_TEXTS) texts.clear();
      texts.set(key, (text = inZone(shape).format(ms)));
    }
    return text;
  }

  function show(value: When, shape: keyof typeof shapes): string {
    if (typeof value === "number") return showMoment(value, shape);
    const ms = Date.parse(`${value}T00:00:00Z`);
    return Number.isNaN(ms) ? value : inUtc(shape).format(ms);
  }

  /** "2 min 41 s"; the two largest units. */
  function duration(seconds: number): string {
    const whole = Math.round(seconds);
    const parts = [
      ["days", Math.floor(whole / 86_400)],
      ["hours", Math.floor(whole / 3600) % 24],
      ["minutes", Math.floor(whole / 60) % 60],
      ["seconds", whole % 60],
    ] as const;
    const first = parts.findIndex(([, n]) => n > 0);
    if (first === -1) return t("common.format.seconds", { n: 0 });
    return parts
      .slice(first, first + 2)
      .filter(([, n]) => n > 0)
      .map(([unit, n]) => t(`common.format.${unit}`, { n }))
      .join(t("common.format.join"));
  }

  /** "nine minutes", "3 days": the largest unit alone. */
  function roughly(ms: number): string {
    const seconds = Math.abs(ms) / 1000;
    const [unit, n] =
      seconds < 3600
        ? (["minute", Math.floor(seconds / 60)] as const)
        : seconds < 86_400
          ? (["hour", Math.floor(seconds / 3600)] as const)
          : (["day", Math.floor(seconds / 86_400)] as const);
    const few = t("common.format.few").split(" ");
    return t(`common.format.${unit}`, { count: n, n: few[n] ?? numbers.format(n) });
  }

  return {
    locale,
    zone,
    /** "17 Nov 2026" */
    date: (value: When) => show(value, "date"),
    /** "Tue 17 Nov 2026" */
    day: (value: When) => show(value, "day").replace(/^(\w{3}), /, "$1 "),
    /** "Tuesday 17 November 2026" */
    longDay: (value: When) => show(value, "longDay").replace(/^(\w+), /, "$1 "),
    /** "17 Nov" */
    shortDate: (value: When) => show(value, "shortDate"),
    /** "22:43" */
    time: (ms: number) => show(ms, "time"),
    /** "22:43:05" */
    seconds: (ms: number) => show(ms, "seconds"),
    /** "Tue 17 Nov 2026, 22:43", no more exact than what is known: "…, about 21:30", "… (time not known)". */
    instant(ms: number, precision: Precision = "exact"): string {
      if (precision === "month") return t("common.format.monthOnly", { month: show(ms, "month") });
      if (precision === "day") return t("common.format.dayOnly", { day: this.day(ms) });
      const params = { day: this.day(ms), time: show(ms, "time") };
      return precision === "about" ? t("common.format.about", params) : t("common.format.instant", params);
    },
    /** "17 Nov, 22:52" */
    shortInstant: (ms: number) => t("common.format.instant", { day: show(ms, "shortDate"), time: show(ms, "time") }),
    /** For `<time datetime>`: ISO 8601 with the zone's offset. */
    iso: (ms: number) => isoMoment(ms, clock),
    /** "1,234" */
    number: (n: number) => numbers.format(n),
    /** "1.9 MB"; decimal units, as phones and browsers show. */
    bytes(n: number): string {
      const units = ["B", "kB", "MB", "GB", "TB"];
      let size = n;
      let unit = 0;
      while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
      return `${unit === 0 ? numbers.format(size) : tenths.format(size)} ${units[unit]}`;
    },
    duration,
    /** How long after `from` something happened: "nine minutes later", "at once". */
    later(from: number, to: number): string {
      if (Math.abs(to - from) < 60_000) return t("common.format.atOnce");
      return t(to > from ? "common.format.later" : "common.format.earlier", { span: roughly(to - from) });
    },
    /** "a, b and c" */
    list: (items: readonly string[]) => lists.format(items),
  };
}

/** ISO 8601 to the second with the zone's offset to the minute. */
function isoMoment(ms: number, clock: Zone): string {
  const offset = clock.offsetAt(ms);
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const local = new Date(ms + offset).toISOString();
  return `${local.slice(0, -".000Z".length)}${offset < 0 ? "-" : "+"}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function lazily<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
}
