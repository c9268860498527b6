/**
 * What the name of a recording or a screenshot tells: phones write the number and the time into it (Xiaomi, Huawei, Samsung, OnePlus,
 * Oppo, ACR, Cube and plain patterns). One reading for all of them, since apps change their patterns with every version.
 * Pure. Next: imports/read-media.ts, incidents/sources/backing.ts.
 */

export interface NameFacts {
  /** Local `YYYY-MM-DDTHH:mm[:ss]`, or `YYYY-MM-DD` when no time of day is told; an instant in epoch milliseconds where the name holds one. */
  when?: string | number;
  /** The name left out the year and the latest possible one was taken. */
  yearGuessed?: true;
  /** As written, digits and signs only. */
  number?: string;
  /** The name of the person as the phone's book had it. */
  who?: string;
  direction?: "incoming" | "outgoing";
}

interface Parts {
  year?: string;
  month: string;
  day: string;
  dayPart?: string;
  half?: string;
  hour?: string;
  minute?: string;
  second?: string;
}

const YEAR = "(?<year>20[0-4]\\d)";
const MONTH = "(?<month>0[1-9]|1[0-2])";
const DAY = "(?<day>0[1-9]|[12]\\d|3[01])";
const TIME =
  "(?<dayPart>凌晨|早上|上午|中午|下午|晚上)?\\s?(?<hour>[01]\\d|2[0-3]|\\d(?=[.:]))[-_.:h ]?(?<minute>[0-5]\\d)(?:[-_.: ]?(?<second>[0-5]\\d))?(?:\\s?(?<half>[AaPp][Mm]))?";
/** A number must not go on before or after what is taken for a date. */
const alone = (pattern: string): RegExp => new RegExp(`(?<!\\d)${pattern}(?!\\d)`, "u");

/** The surest first. */
const dates: readonly RegExp[] = [
  alone(`${YEAR}[-_.年 ]?${MONTH}[-_.月 ]?${DAY}日?(?:[-_T@., ]{1,3}|\\s?at\\s|\\s?于\\s)?${TIME}`),
  alone(
    `(?:${YEAR}年)?(?<month>1[0-2]|0?[1-9])月(?<day>3[01]|[12]\\d|0?[1-9])日?\\s?(?<dayPart>凌晨|早上|上午|中午|下午|晚上)?\\s?(?<hour>2[0-3]|1\\d|0?\\d)[点时:](?<minute>[0-5]?\\d)分?(?:(?<second>[0-5]?\\d)秒?)?`,
  ),
  // Samsung, OnePlus: six digits of date, then four or six of time.
  alone(`(?<year>[12]\\d)${MONTH}${DAY}[-_ ]${TIME}`),
  alone(`(?<=[-_])(?<year>[12]\\d)${MONTH}${DAY}(?<hour>[01]\\d|2[0-3])(?<minute>[0-5]\\d)(?=$)`),
  alone(`${YEAR}[-_.年]?${MONTH}[-_.月]?${DAY}日?`),
];
/** Thirteen digits of milliseconds between 2010 and 2033, as WeChat names what it saves. */
const milliseconds = alone("(?<ms>1[2-9]\\d{11})");

/** Not a time of day (22-30-11): what is written in groups has seven digits or more. One letter may stand before it (ACR's "p"). */
const number = /(?<!\d)(?<![A-Za-z]{2})\+?(?:\d{4,15}|(?=(?:[ -]?\d){7,15}(?!\d))\d(?:[ -]?\d){6,14})(?![\dA-Za-z])/u;
const outgoing = /(?<![A-Za-z])(outgoing|out|去电|呼出|拨出)(?![A-Za-z])/iu;
const incoming = /(?<![A-Za-z])(incoming|in|来电|呼入|接听)(?![A-Za-z])/iu;
/** What phones and apps write beside the facts; whatever else is left is somebody's name. */
const furniture =
  /(\d{3} )?(?<![\p{L}])com( [a-z]+)+|(?<![\p{L}\d])(0d|call ?recording|call ?record|call|cube|acr|recorder|recording|record|voice|phone|audio|sim ?\d|screenshot|screen ?shot|img|image|photo|mmexport|wx camera|ptt|wa\d+|incoming|outgoing|in|out|at|am|pm|unknown|p|\d+)(?![\p{L}])|通话录音|录音|来电|去电|呼入|呼出|拨出|接听|截屏|截图|屏幕截图|微信图片|微信截图|未知(号码)?/giu;

/**
 * @param today the local date `YYYY-MM-DD`: a year left out is the latest that does not lie in the future
 */
export function factsFromName(fileName: string, today: string): NameFacts {
  const stem = fileName.replace(/^.*[/\\]/u, "").replace(/\.[A-Za-z0-9]{1,5}$/u, "");
  const facts: NameFacts = {};
  let rest = stem;

  const stamp = milliseconds.exec(rest);
  if (stamp !== null) {
    facts.when = Number(stamp[0]);
    rest = without(rest, stamp);
  } else {
    for (const pattern of dates) {
      const match = pattern.exec(rest);
      const when = match === null ? null : whenOf(match.groups as unknown as Parts, today);
      if (match === null || when === null) continue;
      Object.assign(facts, when);
      rest = without(rest, match);
      break;
    }
  }

  if (outgoing.test(rest)) facts.direction = "outgoing";
  else if (incoming.test(rest)) facts.direction = "incoming";

  // "Name(number)": the number in brackets is the one the network gave, what stands before it the entry of the phone's book.
  const bracketed = /\((\+?[\d -]{3,17})\)/u.exec(rest);
  const found = bracketed ?? number.exec(rest);
  if (found !== null) {
    facts.number = (bracketed?.[1] ?? found[0]).replaceAll(/[^+\d]/gu, "");
    rest = without(rest, found);
  }
  const who = rest
    .replaceAll(/[_@()[\]{}.,-]+/gu, " ")
    .replaceAll(furniture, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
  if (/\p{L}/u.test(who)) facts.who = who.slice(0, 100);
  return facts;
}

const without = (text: string, match: RegExpExecArray): string =>
  `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;

function whenOf(parts: Parts, today: string): Pick<NameFacts, "when" | "yearGuessed"> | null {
  const day = `${parts.month.padStart(2, "0")}-${parts.day.padStart(2, "0")}`;
  const guessed = parts.year === undefined;
  const year = guessed ? latestYear(day, today) : parts.year!.padStart(4, "20");
  const date = `${year}-${day}`;
  if (!exists(date)) return null;
  const marked = guessed ? { yearGuessed: true as const } : {};
  if (parts.hour === undefined) return { when: date, ...marked };
  const hour = hourOf(Number(parts.hour), parts.dayPart ?? parts.half?.toLowerCase());
  const time = [hour, parts.minute!, ...(parts.second === undefined ? [] : [parts.second])];
  return { when: `${date}T${time.map((part) => String(part).padStart(2, "0")).join(":")}`, ...marked };
}

const latestYear = (day: string, today: string): string =>
  day <= today.slice(5) ? today.slice(0, 4) : String(Number(today.slice(0, 4)) - 1);

/** 12-hour clocks as Chinese phones write them: 下午1点 is 13, 凌晨12点 is 0, 中午12点 is 12, 中午1点 is 13. */
function hourOf(hour: number, dayPart: string | undefined): number {
  if (dayPart === undefined || hour > 12) return hour;
  if (dayPart === "am" || dayPart === "凌晨" || dayPart === "早上" || dayPart === "上午") return hour % 12;
  if (dayPart === "中午") return hour < 10 ? hour + 12 : hour;
  return dayPart === "晚上" && hour === 12 ? 0 : (hour % 12) + 12;
}

function exists(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}
