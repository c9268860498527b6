/**
 * "SMS Backup & Restore" of Android: calls-*.xml and sms-*.xml, messages with pictures (MMS) as base64 in attributes.
 * What phones write is not quite XML; xml-tags.ts reads it. A file cut short is read up to the break, which is one unreadable row,
 * whether it cuts a record or only the end of the file: records may be missing behind it either way.
 * Source of the layout: the application's documented fields and files of several of its versions.
 */
import { answered } from "./answered.ts";
import { bytesOf, decoded, textOf } from "./decode-text.ts";
import { type Attachment, type Contact, type KeepAttachment, LONGEST_WORDS, type Problem } from "./reader.ts";
import type { Reader, Row } from "./reader.ts";
import { type Tag, TagScanner } from "./xml-tags.ts";

type Said = { contact: Contact; oddities?: readonly Problem[] } | { unreadable: Problem } | { noContact: Problem };

/** A message with parts while its parts are being read. */
interface Parts {
  tag: Tag;
  texts: string[];
  attachments: Attachment[];
  addresses: { address: string; type: string }[];
  oddities: Problem[];
}

const RECORDS = ["sms", "mms", "call"];
const LONGEST_VALUE = 1 << 20;

export const smsBackup: Reader = {
  format: "sms-backup",
  keeps: "rows",
  kind: "phone",
  detect(head) {
    const beginning = textOf(head);
    if (!/^\s*</.test(beginning)) return 0;
    if (/<(?:smses|calls)[\s/>]/.test(beginning)) return /<(?:sms|mms|call)\s/.test(beginning) ? 0.99 : 0.9;
    return /<(?:sms|mms|call)\s[^>]*\bdate="\d/.test(beginning) ? 0.7 : 0;
  },
  questions: () => Promise.resolve([]),
  read(path, { keep }) {
    const scanner = new TagScanner(decoded(bytesOf(path)), {
      records: [...RECORDS, "smses", "calls", "part", "/mms", "/smses", "/calls", "/parts"],
      streams: (element, attribute) => element === "part" && attribute === "data",
      longest: LONGEST_VALUE,
    });
    return rowsOf(scanner, keep);
  },
};

async function* rowsOf(scanner: TagScanner, keep: KeepAttachment): AsyncGenerator<Row> {
  let row = 0;
  let root: Tag | null = null;
  let closed = false;
  let open: Parts | null = null;
  let strangeDepth = 0;
  let arrived: Attachment | Problem | null = null;
  /** A record's tag that was damaged, not told yet: at the very end it is the break of a file cut short. */
  let brokenAt: number | null = null;
  const next = (line: number, said: Said): Row => ({ row: ++row, line, ...said });

  for (;;) {
    const step = scanner.next();
    if (step === "more") {
      if (scanner.ended) break;
      await scanner.fill();
      continue;
    }
    if (step === "text") continue;
    if (step === "doctype") {
      yield next(1, { unreadable: { key: "doctype" } });
      return;
    }
    if (step === "stream") {
      if (open !== null) arrived = await keepPart(scanner, keep);
      continue;
    }
    const tag = step;
    if (brokenAt !== null) yield next(brokenAt, damaged);
    brokenAt = null;
    if (tag.kind === "close") {
      if (tag.name === "mms" && open !== null) {
        yield next(open.tag.line, messageWithParts(open));
        open = null;
      } else if (root !== null && tag.name === root.name) {
        if (open !== null) yield next(open.tag.line, damaged);
        open = null;
        closed = true;
      } else if (strangeDepth > 0) strangeDepth -= 1;
      continue;
    }
    if (RECORDS.includes(tag.name)) {
      if (open !== null) yield next(open.tag.line, damaged);
      open = null;
      strangeDepth = 0;
      closed = false;
      if (tag.broken) brokenAt = tag.line;
      else if (tag.name === "call") yield next(tag.line, callOf(tag));
      else if (tag.name === "sms") yield next(tag.line, messageOf(tag));
      else {
        open = { tag, texts: [], attachments: [], addresses: [], oddities: [...tag.oddities] };
        if (tag.kind === "empty") {
          yield next(tag.line, messageWithParts(open));
          open = null;
        }
      }
    } else if (tag.name === "part" || tag.name === "addr") {
      if (open !== null) takeIn(open, tag, arrived);
      arrived = null;
    } else if (tag.name === "parts" || tag.name === "addrs") continue;
    else if (root === null && row === 0) {
      root = tag;
      closed = tag.kind === "empty";
    } else if (open !== null) open.oddities.push({ key: "unknownElement", params: { element: tag.name } });
    else {
      // What stands where records stand is a record, even when its name is damaged.
      if (strangeDepth === 0 && root !== null && isBackup(root)) {
        yield next(tag.line, { unreadable: { key: "unknownElement", params: { element: tag.name } } });
      }
      if (tag.kind === "open") strangeDepth += 1;
    }
  }
  if (row === 0 && (root === null || !isBackup(root)) && open === null && brokenAt === null) {
    yield { row: 1, unreadable: { key: "notThisFormat" } };
  } else if (open !== null || scanner.unfinished || (root !== null && isBackup(root) && !closed)) {
    const announced = root?.attributes.get("count") ?? "";
    const params = { read: row, ...(/^\d{1,9}$/.test(announced) ? { announced: Number(announced) } : {}) };
    yield { row: row + 1, unreadable: { key: "announced" in params ? "cutShortOf" : "cutShort", params } };
  } else if (brokenAt !== null) yield next(brokenAt, damaged);
}

const damaged = { unreadable: { key: "damagedRecord" } };
const isBackup = (root: Tag) => root.name === "smses" || root.name === "calls";

/** An attribute's text, or null for all the ways in which the application writes "nothing". */
function text(tag: Tag, attribute: string): string | null {
  const value = tag.attributes.get(attribute) ?? "null";
  return value === "null" || value === "" ? null : value;
}

const nameOf = (tag: Tag) => {
  const name = text(tag, "contact_name");
  return name === null || /^\(unknown\)$/i.test(name) ? {} : { otherName: name };
};

/** Android writes -1, -2 and -3 for unknown, private and payphone callers. */
function numberOf(written: string | null): string | null {
  return written === null || /^(?:-[123]|\(?(?:unknown|private|restricted|anonymous)\)?)$/i.test(written)
    ? null
    : written;
}

/** Epoch milliseconds; the application writes nothing else, but some of its imitators write seconds. */
function timeOf(tag: Tag, oddities: Problem[]): number | Problem {
  const date = text(tag, "date") ?? "";
  if (/^[1-9]\d{11,12}$/.test(date)) return Number(date);
  if (/^[1-9]\d{8,9}$/.test(date)) {
    oddities.push({ key: "timeInSeconds", params: { value: date } });
    return Number(date) * 1000;
  }
  return date === "" ? { key: "noTime" } : { key: "badTime", params: { value: date.slice(0, 100) } };
}

const simOf = (tag: Tag, attribute: string) => {
  const sim = text(tag, attribute);
  return sim === null || sim.startsWith("-") ? {} : { sim };
};

function callOf(tag: Tag): Said {
  const oddities = [...tag.oddities];
  const happenedAt = timeOf(tag, oddities);
  if (typeof happenedAt === "object") return { unreadable: happenedAt };
  const type = tag.attributes.get("type") ?? "";
  const written = text(tag, "duration");
  const seconds = written !== null && /^\d{1,7}$/.test(written) ? Number(written) : null;
  if (written !== null && seconds === null)
    oddities.push({ key: "noDuration", params: { value: written.slice(0, 100) } });
  const kind = kindOfCall(type, seconds);
  if (kind === null) {
    oddities.push({ key: "unknownCallType", params: { type: type.slice(0, 100) } });
  }
  const hidden = ["2", "3", "4"].includes(tag.attributes.get("presentation") ?? "");
  const contact: Contact = {
    channel: "call",
    direction: "incoming",
    outcome: "unknown",
    ...kind,
    happenedAt,
    precision: "exact",
    timeFrom: "record",
    // A call that nobody took lasted no time: the zero the phone writes is no measure.
    ...(seconds === null || (seconds === 0 && type !== "1") ? {} : { durationSeconds: seconds }),
    other: hidden ? null : numberOf(text(tag, "number")),
    ...nameOf(tag),
    ...simOf(tag, "subscription_id"),
    attachments: [],
  };
  return oddities.length > 0 ? { contact, oddities } : { contact };
}

/** The seven types of Android's call log. Null for others, which makers of phones have added. */
function kindOfCall(type: string, seconds: number | null): Pick<Contact, "channel" | "direction" | "outcome"> | null {
  switch (type) {
    case "1": // incoming; some phones write calls that were not taken like this too, with no duration
      return { channel: "call", direction: "incoming", outcome: answered(seconds) };
    case "2": // outgoing; no duration means that nobody answered, or that it did not get through
      return { channel: "call", direction: "outgoing", outcome: seconds === 0 ? "unanswered" : answered(seconds) };
    case "3": // missed
    case "5": // rejected: it rang, and the person declined it
      return { channel: "call", direction: "incoming", outcome: "unanswered" };
    case "4":
      return { channel: "voicemail", direction: "incoming", outcome: "voicemail-left" };
    case "6": // refused by the phone's list
      return { channel: "call", direction: "incoming", outcome: "blocked" };
    case "7": // answered on another device: how long is not in this log
      return { channel: "call", direction: "incoming", outcome: "connected" };
    default:
      return null;
  }
}

/** What the box of a message says; null for a box that Android does not have. */
function boxOf(box: string): Pick<Contact, "direction" | "outcome"> | { noContact: Problem } | null {
  switch (box) {
    case "1":
      return { direction: "incoming", outcome: "delivered" };
    case "2":
      return { direction: "outgoing" };
    case "3":
      return { noContact: { key: "draft" } };
    case "4":
    case "6":
      return { noContact: { key: "unsent" } };
    case "5":
      return { noContact: { key: "sendingFailed" } };
    default:
      return null;
  }
}

function messageOf(tag: Tag): Said {
  const oddities = [...tag.oddities];
  const happenedAt = timeOf(tag, oddities);
  if (typeof happenedAt === "object") return { unreadable: happenedAt };
  const type = tag.attributes.get("type") ?? "";
  const box = boxOf(type);
  if (box === null) return { unreadable: { key: "unknownMessageType", params: { type: type.slice(0, 100) } } };
  if ("noContact" in box) return box;
  const said = wordsOf([text(tag, "subject"), text(tag, "body")], oddities);
  const contact: Contact = {
    channel: "sms",
    ...box,
    happenedAt,
    precision: "exact",
    timeFrom: "record",
    other: numberOf(text(tag, "address")),
    ...nameOf(tag),
    ...simOf(tag, "sub_id"),
    ...said,
    attachments: [],
  };
  return oddities.length > 0 ? { contact, oddities } : { contact };
}

function wordsOf(parts: readonly (string | null)[], oddities: Problem[]): { said?: string } {
  const said = parts.filter((part) => part !== null).join("\n");
  if (said.length <= LONGEST_WORDS) return said === "" ? {} : { said };
  oddities.push({ key: "wordsCut", params: { characters: said.length } });
  return { said: said.slice(0, LONGEST_WORDS).toWellFormed() };
}

/** One `part` or `addr` of a message. A part that is damaged costs itself, not the message. */
function takeIn(open: Parts, tag: Tag, arrived: Attachment | Problem | null): void {
  open.oddities.push(...tag.oddities);
  const name = partName(tag);
  if (tag.broken) open.oddities.push({ key: "damagedPart", params: { name } });
  if (tag.name === "addr") {
    const address = text(tag, "address");
    if (address !== null) open.addresses.push({ address, type: tag.attributes.get("type") ?? "" });
    return;
  }
  const kind = tag.attributes.get("ct") ?? "";
  const words = text(tag, "text");
  if (arrived !== null && "key" in arrived) open.oddities.push({ ...arrived, params: { name } });
  else if (arrived !== null) {
    // The layout of the slides is no content.
    if (kind !== "application/smil") open.attachments.push({ ...arrived, name });
  } else if (words !== null && kind !== "application/smil") open.texts.push(words);
  else if (!/^(?:text\/plain|application\/smil)$/.test(kind))
    open.oddities.push({ key: "emptyPart", params: { name } });
}

function partName(tag: Tag): string {
  const kind = (tag.attributes.get("ct") ?? "").replace(/^.*\//, "").replace(/[^a-z0-9]/gi, "");
  return text(tag, "fn") ?? text(tag, "name") ?? text(tag, "cl") ?? `part.${kind === "" ? "bin" : kind}`;
}

/** Puts the bytes of a part aside while they come. Null when there are none; a problem when base64 was damaged or ended early. */
async function keepPart(scanner: TagScanner, keep: KeepAttachment): Promise<Attachment | Problem | null> {
  const pieces = scanner.streamed();
  let first = "";
  while (first.length < 5) {
    const next = await pieces.next();
    if (next.done === true) break;
    first += next.value;
  }
  if (/^\s*(?:null)?\s*$/.test(first)) return null;
  let good = true;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let rest = "";
    for (let piece = first; ;) {
      rest += piece;
      // Some versions break the lines of base64, as text or as references, which a piece may cut.
      const cut = rest.lastIndexOf("&");
      const whole = cut >= 0 && rest.length - cut < 8 && !rest.includes(";", cut) ? cut : rest.length;
      const clean = rest.slice(0, whole).replace(/&#(?:x[ad]|10|13);|\s+/gi, "");
      if (/[^A-Za-z0-9+/=]/.test(clean)) good = false;
      const taken = clean.length & ~3;
      if (taken > 0) yield Buffer.from(clean.slice(0, taken), "base64");
      rest = clean.slice(taken) + rest.slice(whole);
      const next = await pieces.next();
      if (next.done === true) break;
      piece = next.value;
    }
    if (rest !== "") {
      // Base64 without its padding is whole; a single character left over is not.
      if (rest.length === 1 || !/^[A-Za-z0-9+/]+$/.test(rest)) good = false;
      yield Buffer.from(rest, "base64");
    }
  }
  const kept = await keep(partName(scanner.current), bytes());
  for await (const _ of pieces);
  if (scanner.current.broken) good = false;
  return good ? kept : { key: "damagedPart" };
}

/** Messages that only say that another one was delivered or read. */
const REPORTS = new Set(["134", "135", "136"]);

function messageWithParts({ tag, texts, attachments, addresses, oddities }: Parts): Said {
  const happenedAt = timeOf(tag, oddities);
  if (typeof happenedAt === "object") return { unreadable: happenedAt };
  const type = tag.attributes.get("m_type") ?? "";
  if (REPORTS.has(type)) return { noContact: { key: "deliveryReport" } };
  const boxed = tag.attributes.get("msg_box") ?? "";
  const box = boxOf(boxed);
  if (box === null) return { unreadable: { key: "unknownMessageType", params: { type: boxed.slice(0, 100) } } };
  if ("noContact" in box) return box;
  if (type === "130") oddities.push({ key: "notDownloaded" });
  const said = wordsOf([text(tag, "sub"), ...texts], oddities);
  const contact: Contact = {
    channel: "sms",
    ...box,
    happenedAt,
    precision: "exact",
    timeFrom: "record",
    ...partiesOf(tag, addresses, box.direction),
    ...nameOf(tag),
    ...simOf(tag, "sub_id"),
    ...said,
    attachments,
  };
  return oddities.length > 0 ? { contact, oddities } : { contact };
}

const alike = (a: string) => (b: string) => a.replace(/\D/g, "").slice(-8) === b.replace(/\D/g, "").slice(-8);

/**
 * Who wrote to whom. `address` holds the far ends, joined by `~` in a group; `addr` holds the sender (type 137) and the receivers
 * (151, copies 130), among them the phone's own number.
 */
function partiesOf(
  tag: Tag,
  addresses: Parts["addresses"],
  direction: Contact["direction"],
): Pick<Contact, "other" | "own" | "conversation"> {
  const address = text(tag, "address");
  const others = (address ?? "").split("~").filter((one) => one !== "");
  const sender = addresses.find(({ type }) => type === "137")?.address;
  const receivers = addresses.filter(({ type }) => type === "151" || type === "130").map((each) => each.address);
  const group = others.length > 1 ? { conversation: address! } : {};
  if (direction === "outgoing") {
    const own = sender !== undefined && sender !== "insert-address-token" ? { own: sender } : {};
    return { other: numberOf(address) ?? receivers[0] ?? null, ...own, ...group };
  }
  const from = sender !== undefined && (others.length !== 1 || others.some(alike(sender))) ? sender : others[0];
  const mine = receivers.filter(
    (receiver) => !others.some(alike(receiver)) && (from === undefined || !alike(from)(receiver)),
  );
  return { other: numberOf(from ?? null), ...(mine.length === 1 ? { own: mine[0]! } : {}), ...group };
}
