/**
 * Records of a table as contacts: finds the heading below whatever a carrier prints above it, learns from the whole table what a single
 * row leaves open (the order of day and month, the year), then reads row by row.
 * It must not know where the records come from. Next: read-carrier.ts, read-csv.ts.
 */
import { answered } from "./answered.ts";
import { type ColumnField, headingsIn, readColumns, suffices, suggestedColumns, toldBy } from "./columns.ts";
import { type DateOrder, type Moment, couldBe, localText, plainSigns, readDuration, readMoment } from "./local-time.ts";
import { type Contact, LONGEST_WORDS, type Problem, type Question, type ReadOptions, type Row } from "./reader.ts";
import type { TableRecord } from "./table.ts";
import { YearWalk, latestDay, newestYears } from "./years.ts";

/** Characters; the name of a town and no more. */
const LONGEST_PLACE = 100;
/** The heading stands within so many records. */
const HEAD_RECORDS = 60;

type Options = Omit<ReadOptions, "keep">;

/** What is known of a table before its rows are read. */
export interface Survey {
  /** The line of the heading; rows stand below it. 0 = there is none. */
  headingLine: number;
  heading: readonly string[];
  /** Null when nobody knows what the columns hold. */
  columns: readonly ColumnField[] | null;
  /** Orders of day and month that fit most rows; several = undecided. */
  orders: readonly DateOrder[];
  /** Rows that differ with the order, at most three. */
  unclear: readonly string[];
  /** The years that the newest row without one can have, the likeliest first; empty when all rows have years. */
  years: readonly number[];
  /** That row's moment as it is written. */
  newest: string;
  /** Years from the newest row's to the first's. */
  firstOffset: number;
  samples: readonly (readonly string[])[];
  own: string | null;
  /** A bare number in the column of durations. */
  unit: "seconds" | "minutes";
  messages: boolean;
}

/** Reads the whole table once. */
export async function surveyOf(records: AsyncIterable<TableRecord>, options: Options): Promise<Survey> {
  const start: TableRecord[] = [];
  const iterator = records[Symbol.asyncIterator]();
  try {
    while (start.length < HEAD_RECORDS) {
      const next = await iterator.next();
      if (next.done === true) break;
      if (next.value.broken === null) start.push(next.value);
    }
    const index = headingAt(start);
    const heading = index < 0 ? (start[0]?.cells ?? []).map((_, column) => String(column + 1)) : start[index]!.cells;
    const below = start.slice(index + 1);
    const cells = below.filter((record) => filledIn(record).length > 1).map((record) => record.cells);
    const columns = columnsOf(heading, cells.slice(0, 20), options);
    const sights = new Sights(columns);
    for (const record of below) sights.see(record);
    if (columns !== null) {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) sights.see(next.value);
    }
    const ordered = sights.orders(options);
    const preamble = index < 0 ? [] : start.slice(0, index).map((record) => record.cells.join(" "));
    return {
      headingLine: index < 0 ? 0 : start[index]!.line,
      heading,
      columns,
      ...ordered,
      ...sights.years(preamble, ordered.orders[0]!, options),
      samples: [heading, ...cells.slice(0, 2)].map((row) => row.slice(0, 200).map((cell) => cell.slice(0, 200))),
      own: ownNumber(preamble),
      unit: heading.some((cell, column) => columns?.[column] === "duration" && /分钟|分鐘|min/i.test(cell))
        ? "minutes"
        : "seconds",
      messages:
        columns !== null &&
        !columns.includes("duration") &&
        (columns.includes("said") || /短信|信息|sms/i.test(heading.join())),
    };
  } finally {
    await iterator.return?.();
  }
}

const filledIn = ({ cells }: TableRecord) => cells.filter((cell) => cell.trim() !== "");

/** A number or a moment stands in rows, never in a heading. */
const isValue = (cell: string) => /^[+\d][\d\s.:/-]*$/.test(plainSigns(cell)) || couldBe(cell).length > 0;

function headingAt(records: readonly TableRecord[]): number {
  const known = records.map(({ cells }) => headingsIn(cells));
  const most = Math.max(0, ...known);
  if (most >= 2) return known.indexOf(most);
  const widths = records.map((record) => record.cells.length);
  const usual = widths.toSorted((a, b) => a - b)[widths.length >> 1] ?? 0;
  const first = records.findIndex(
    (record) => record.cells.length >= Math.max(2, usual - 1) && filledIn(record).length >= 2,
  );
  return first >= 0 && !records[first]!.cells.slice(0, 200).some(isValue) ? first : -1;
}

function columnsOf(
  heading: readonly string[],
  below: readonly (readonly string[])[],
  { answers }: Options,
): readonly ColumnField[] | null {
  const answer = readColumns(answers.columns);
  // A book of several sheets asks for one; the others are known by themselves.
  if (answer?.length === heading.length) return answer;
  const suggested = suggestedColumns(heading, below);
  return suffices(suggested) ? suggested : null;
}

function ownNumber(preamble: readonly string[]): string | null {
  const numbers = new Set(
    preamble.flatMap((line) =>
      [...line.matchAll(/(?:号码|手机|number)[^\d+]{0,6}(\+?\d[\d -]{5,16}\d)/gi)].map(([, number]) => number!),
    ),
  );
  return numbers.size === 1 ? [...numbers][0]! : null;
}

/** A row's moment as it is written. */
function momentText(cells: readonly string[], columns: readonly ColumnField[]): string {
  const cell = (field: ColumnField) => plainSigns(cells[columns.indexOf(field)] ?? "").replace(/^'|^="(.*)"$/, "$1");
  return cell("when") || `${cell("date")} ${cell("time")}`.trim();
}

/** Spreadsheets count days from 1899-12-30; a date column that lost its format shows that number. */
function momentOf(written: string, order: DateOrder): Moment | null {
  const serial = /^([2-7]\d{4}(?:\.\d{1,12})?)(?: (0\.\d{1,12}))?$/.exec(written);
  if (serial === null) return readMoment(written, order);
  const days = Number(serial[1]) + Number(serial[2] ?? 0);
  const at = new Date(Math.round((days - 25_569) * 86_400) * 1000);
  const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  const clock = { hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds() };
  return { date, clock: Number.isInteger(days) ? null : clock };
}

const ORDERS = ["mdy", "dmy", "ymd"] as const;

/** In how many ways a text can be read. */
const readingsOf = (written: string, orders: readonly DateOrder[]): number =>
  new Set(orders.map((order) => JSON.stringify(readMoment(written, order)))).size;

/** What a walk over all rows shows. */
class Sights {
  readonly #columns: readonly ColumnField[] | null;
  readonly #fit = new Map<DateOrder, number>();
  readonly #unclear: { written: string; could: readonly DateOrder[] }[] = [];
  /** The newest row without a year, as it is written. */
  readonly #newest = { mdy: "", dmy: "" };
  readonly #walks = { mdy: new YearWalk(), dmy: new YearWalk() };

  constructor(columns: readonly ColumnField[] | null) {
    this.#columns = columns;
  }

  see({ cells, broken }: TableRecord): void {
    if (this.#columns === null || broken !== null) return;
    const written = momentText(cells, this.#columns);
    // Written from the year on, or wholly in digits, there is no order to learn.
    if (written === "" || /^\d{4}\D|^\d+$/.test(written)) return;
    const readings = ORDERS.map((order) => ({ order, moment: readMoment(written, order) }));
    const could = readings.flatMap(({ order, moment }) => (moment === null ? [] : [order]));
    for (const order of could) this.#fit.set(order, (this.#fit.get(order) ?? 0) + 1);
    // Without a year it is month and day, as carriers write it, unless that does not fit.
    let hasYear = true;
    for (const { order, moment } of readings) {
      if (order === "ymd" || moment === null || !("date" in moment) || moment.date.year !== null) continue;
      hasYear = false;
      const walk = this.#walks[order];
      const before = walk.newest;
      walk.step(moment.date);
      if (walk.newest !== before) this.#newest[order] = written;
    }
    if (hasYear && this.#unclear.length < 200 && readingsOf(written, could) > 1) this.#unclear.push({ written, could });
  }

  orders({ answers }: Options): Pick<Survey, "orders" | "unclear"> {
    const asked = answers.dateOrder;
    if (asked === "ymd" || asked === "dmy" || asked === "mdy") return { orders: [asked], unclear: [] };
    const most = Math.max(0, ...this.#fit.values());
    const orders = [...this.#fit].filter(([, fits]) => fits === most).map(([order]) => order);
    const unclear = this.#unclear.filter(({ could }) => orders.filter((order) => could.includes(order)).length > 1);
    if (unclear.length === 0) return { orders: [orders[0] ?? "ymd"], unclear: [] };
    return { orders, unclear: unclear.slice(0, 3).map(({ written }) => written) };
  }

  years(
    preamble: readonly string[],
    order: DateOrder,
    { answers, today, modifiedAt, name }: Options,
  ): Pick<Survey, "years" | "firstOffset" | "newest"> {
    const side = order === "dmy" ? "dmy" : "mdy";
    const walk = this.#walks[side];
    const firstOffset = -(walk.newest?.offset ?? 0);
    const newest = this.#newest[side];
    if (walk.newest === null) return { years: [], firstOffset, newest };
    if (/^\d{4}$/.test(answers.year ?? "")) return { years: [Number(answers.year)], firstOffset, newest };
    const told = latestDay([...preamble, name]);
    if (told !== null && told <= today) {
      return { years: newestYears(walk, { latest: told, told: true }), firstOffset, newest };
    }
    const modified = modifiedAt === null ? today : new Date(modifiedAt).toISOString().slice(0, 10);
    const latest = modified < today ? modified : today;
    return { years: newestYears(walk, { latest, told: false }), firstOffset, newest };
  }
}

/** What only a person can settle. */
export function questionsOf(survey: Survey): Question[] {
  const { heading, columns, samples, orders, unclear, years, newest } = survey;
  if (heading.length < 2) return [];
  if (columns === null) return [{ name: "columns", samples }];
  return [
    ...(unclear.length > 0
      ? [{ name: "dateOrder" as const, choices: orders, samples: unclear.map((written) => [written]) }]
      : []),
    ...(years.length > 1 ? [{ name: "year" as const, choices: years.map(String), samples: [[newest]] }] : []),
  ];
}

type Said = { contact: Contact; oddities?: readonly Problem[] } | { unreadable: Problem } | { noContact: Problem };

/** The rows of a surveyed table. `count` numbers them on over several sheets. */
export async function* contactsOf(
  records: AsyncIterable<TableRecord>,
  survey: Survey,
  count: { row: number },
): AsyncGenerator<Row> {
  const walk = new YearWalk();
  const heading = survey.heading.join("\0");
  for await (const record of records) {
    if (record.line <= survey.headingLine) continue;
    const numbered = (said: Said): Row => ({ row: ++count.row, line: record.line, ...said });
    if (record.broken !== null)
      yield numbered({ unreadable: { key: record.broken === "quote" ? "openQuote" : "recordTooLong" } });
    else if (survey.columns === null) yield numbered({ unreadable: { key: "columnsUnknown" } });
    else if (survey.headingLine > 0 && record.cells.join("\0") === heading)
      yield numbered({ noContact: { key: "headingAgain" } });
    else yield numbered(noteOf(record, survey) ?? contactOf(record.cells, survey, survey.columns, walk));
  }
}

/** Totals and remarks below a table, or between its parts. */
function noteOf(record: TableRecord, { heading }: Survey): Said | null {
  const filled = filledIn(record).map((cell) => plainSigns(cell));
  const first = filled[0] ?? "";
  if (/^(?:合计|总计|小计|共计|总数|汇总|本页|totals?\b|sum\b|subtotal)/i.test(first))
    return { noContact: { key: "total" } };
  if (heading.length >= 3 && filled.length <= 1 && couldBe(first).length === 0) {
    return { noContact: { key: "remark", params: { text: first.slice(0, 200) } } };
  }
  return null;
}

function contactOf(cells: readonly string[], survey: Survey, columns: readonly ColumnField[], walk: YearWalk): Said {
  const oddities: Problem[] = [];
  const cell = (field: ColumnField): string | null => {
    const index = columns.indexOf(field);
    // Spreadsheets keep a number's zeros by an apostrophe, a tab or ="…" around it.
    const written = index < 0 ? "" : (cells[index] ?? "").trim().replace(/^'(?=[+\d])|^="(.*)"$/, "$1");
    return written === "" || /^(?:null|n\/a|--?|\\N)$/i.test(written) ? null : written;
  };
  const written = momentText(cells, columns);
  const moment = momentOf(written, survey.orders[0]!);
  if (moment === null) return { unreadable: noTime(written) };
  if (survey.orders.length > 1 && readingsOf(written, survey.orders) > 1) {
    return { unreadable: { key: "dateOrderUnknown", params: { value: written.slice(0, 100) } } };
  }
  if (survey.years.length > 1 && "date" in moment && moment.date.year === null) {
    return { unreadable: { key: "yearUnknown", params: { value: written.slice(0, 100) } } };
  }
  const words = ["direction", "kind", "outcome"].map((field) => cell(field as ColumnField) ?? "");
  // A kind may name the other way too (the tariff "local, calling" of a call received): the column of directions has the last word.
  const told = { ...toldBy(words), ...directionOf(words) };
  const happened = timeOf(moment, survey, walk, oddities);
  if (told.traffic && told.direction === null) return { noContact: { key: "traffic" } };
  if (told.direction === null) {
    const value = [cell("direction"), cell("kind")].filter((each) => each !== null).join(" ");
    return { unreadable: { key: "unknownDirection", params: { value: value.slice(0, 100) } } };
  }
  const channel = told.channel ?? (survey.messages ? "sms" : "call");
  const seconds = durationOf(cell("duration"), survey.unit, oddities);
  if (told.forwarded) oddities.push({ key: "forwarded" });
  const said = cell("said");
  if (said !== null && said.length > LONGEST_WORDS)
    oddities.push({ key: "wordsCut", params: { characters: said.length } });
  const own = cell("own") ?? survey.own;
  const otherName = cell("otherName");
  const place = cell("place");
  const contact: Contact = {
    channel,
    direction: told.direction,
    ...happened,
    timeFrom: "record",
    ...(seconds === null || (seconds === 0 && told.ended !== "answered") ? {} : { durationSeconds: seconds }),
    ...outcomeOf(channel, told, seconds),
    other: farEnd(cell("other"), oddities),
    ...(otherName === null ? {} : { otherName }),
    ...(own === null ? {} : { own }),
    ...(place === null ? {} : { place: place.slice(0, LONGEST_PLACE) }),
    ...(said === null ? {} : { said: said.slice(0, LONGEST_WORDS).toWellFormed() }),
    attachments: [],
  };
  return oddities.length > 0 ? { contact, oddities } : { contact };
}

const noTime = (written: string): Problem =>
  written === "" ? { key: "noTime" } : { key: "badTime", params: { value: written.slice(0, 100) } };

function directionOf([direction, ...rest]: readonly string[]): Pick<ReturnType<typeof toldBy>, "direction"> {
  return { direction: toldBy([direction!]).direction ?? toldBy(rest).direction };
}

function timeOf(
  moment: Moment,
  { years, firstOffset }: Survey,
  walk: YearWalk,
  oddities: Problem[],
): Pick<Contact, "happenedAt" | "precision"> {
  if ("instant" in moment) return { happenedAt: moment.instant, precision: "exact" };
  const { date, clock } = moment;
  let { year } = date;
  if (year === null) {
    year = years[0]! + firstOffset + walk.step(date);
    oddities.push({ key: "yearFilledIn", params: { year } });
  }
  return { happenedAt: localText({ ...date, year }, clock), precision: clock === null ? "day" : "exact" };
}

function durationOf(written: string | null, unit: Survey["unit"], oddities: Problem[]): number | null {
  if (written === null) return null;
  const seconds = readDuration(written, unit);
  if (seconds === null) oddities.push({ key: "noDuration", params: { value: written.slice(0, 100) } });
  return seconds;
}

function outcomeOf(
  channel: Contact["channel"],
  { direction, ended }: ReturnType<typeof toldBy>,
  seconds: number | null,
): Pick<Contact, "outcome"> {
  if (channel === "voicemail") return { outcome: "voicemail-left" };
  if (channel === "sms") return direction === "incoming" ? { outcome: "delivered" } : {};
  if (ended === "unanswered" || ended === "blocked") return { outcome: ended };
  if (ended === "answered") return { outcome: seconds === null || seconds === 0 ? "connected" : answered(seconds) };
  return { outcome: direction === "outgoing" && seconds === 0 ? "unanswered" : answered(seconds) };
}

function farEnd(written: string | null, oddities: Problem[]): string | null {
  if (
    written === null ||
    /^(?:未知|未知号码|隐藏|匿名|无|unknown|private|restricted|anonymous|withheld|-[123])$/i.test(written)
  )
    return null;
  // A spreadsheet has made a figure of it: the last digits are lost.
  if (/^\d(?:\.\d+)?e\+?\d{1,2}$/i.test(written)) oddities.push({ key: "numberRounded", params: { value: written } });
  return written;
}
