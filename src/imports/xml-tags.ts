/**
 * The tags of an XML text that comes in pieces, for backups that are not quite XML. An XML parser proper stops at what phones write (an
 * emoji as two numeric references, `&#1;`), loses everything behind one damaged byte, and holds a picture of 100 MB as one attribute.
 * Here a damaged tag is told as damaged and the next one is read; chosen attributes come out as streams; entities are never declared
 * nor expanded beyond the five of XML. Text between tags is read only where it is asked for. On sound XML it gives what saxes gives (test/imports/xml-tags).
 * It must not know what the tags mean. Next: read-sms-backup.ts.
 */
import type { Problem } from "./reader.ts";

export interface Tag {
  name: string;
  kind: "open" | "empty" | "close";
  /** References resolved; line ends inside a value stay as they are written. */
  attributes: ReadonlyMap<string, string>;
  /** The line that it begins on, from 1. */
  line: number;
  /** Part of it could not be read, or another tag begins in its middle. */
  broken: boolean;
  /** What was replaced in its attributes. */
  oddities: readonly Problem[];
}

/**
 * `stream`: an attribute's value follows by {@link TagScanner.streamed}; `text`: {@link TagScanner.text} holds what stood behind the last
 * tag; `more`: call {@link TagScanner.fill}; `doctype`: refuse.
 */
export type Step = Tag | "stream" | "text" | "more" | "doctype";

interface Options {
  /** Attributes that come as a stream instead of a value. */
  streams: (element: string, attribute: string) => boolean;
  /** Elements whose beginning inside of a value or a comment means that its end was lost. */
  records: readonly string[];
  /** Characters that a value may have; longer ones make their tag broken. */
  longest: number;
  /** Elements behind whose beginning the text up to the next tag is wanted. */
  texts?: readonly string[];
}

type Building = { -readonly [Key in keyof Tag]: Tag[Key] } & { attributes: Map<string, string>; oddities: Problem[] };

const NAME = /<([A-Za-z_][\w:.-]{0,99})(?=[\s/>])/y;
const CLOSE = /<\/\s*([\w:.-]{1,100})\s*>/y;
const ATTRIBUTE = /([^\s=<>"'/]{1,100})\s*=\s*(["'])/y;
const JUNK = /[^\s<>]+/y;
/** Within so many characters every beginning of a tag or an attribute is decided. */
const DECIDED = 400;

export class TagScanner {
  readonly #source: AsyncIterator<string>;
  readonly #options: Options;
  readonly #record: RegExp;
  #text = "";
  #at = 0;
  #line = 1;
  /** Up to where lines are counted. */
  #counted = 0;
  #state: "between" | "comment" | "skip" | "tag" | "value" | "streamed" | "text" = "between";
  #skipTo = "";
  #tag: Building = newTag("", 0);
  #attribute = "";
  #quote = "";
  #value = "";
  ended = false;

  constructor(pieces: AsyncIterable<string>, options: Options) {
    this.#source = pieces[Symbol.asyncIterator]();
    this.#options = options;
    this.#record = new RegExp(`<(?:${options.records.join("|")})(?=[\\s/>])`, "g");
  }

  /** The tag in progress: while streaming, with the attributes that stood before. */
  get current(): Tag {
    return this.#tag;
  }

  /** Whether the text ended in the middle of a tag. */
  get unfinished(): boolean {
    return this.#state !== "between" || this.#text.startsWith("<", this.#at);
  }

  /** At a step `text`: references resolved, cut where it is too long. */
  get text(): string {
    return this.#value;
  }

  /** Takes in the next piece; sets `ended` when there is none. */
  async fill(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) {
      this.ended = true;
      return;
    }
    this.#countLines(this.#at);
    this.#text = this.#text.slice(this.#at) + next.value;
    this.#counted = this.#at = 0;
  }

  next(): Step {
    for (;;) {
      const step = this.#step();
      if (step !== null) return step;
    }
  }

  #step(): Step | null {
    if (this.#state === "tag") return this.#inTag();
    if (this.#state === "value") return this.#inValue();
    if (this.#state === "streamed") return this.#drain();
    if (this.#state === "text") return this.#inText();
    if (this.#state === "comment") return this.#comment();
    return this.#state === "skip" ? this.#skip() : this.#between();
  }

  #between(): Step | null {
    const text = this.#text;
    const at = text.indexOf("<", this.#at);
    this.#at = at < 0 ? text.length : at;
    if (at < 0 || (!this.ended && text.length - at < DECIDED && text.indexOf(">", at) < 0)) return "more";
    const second = text[at + 1];
    if (second === "?") return this.#startSkip("?>");
    if (second === "!") {
      if (text.startsWith("<!--", at)) {
        this.#state = "comment";
        this.#at += 4;
        return null;
      }
      if (text.startsWith("<![CDATA[", at)) return this.#startSkip("]]>");
      return /^<!(?:DOCTYPE|ENTITY)/i.test(text.slice(at, at + 9)) ? "doctype" : this.#startSkip(">");
    }
    const pattern = second === "/" ? CLOSE : NAME;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) {
      if (this.ended && text.indexOf(">", at) < 0) return "more";
      this.#at += 1; // a stray sign
      return null;
    }
    this.#countLines(at);
    this.#tag = newTag(match[1]!, this.#line);
    this.#at = pattern.lastIndex;
    if (second === "/") return this.#finish("close");
    this.#state = "tag";
    return null;
  }

  #inTag(): Step | null {
    const text = this.#text;
    let at = this.#at;
    for (let code = text.charCodeAt(at); code === 32 || (code >= 9 && code <= 13);) code = text.charCodeAt(++at);
    this.#at = at;
    if (at >= text.length) return "more";
    const sign = text[at];
    if (sign === ">") return this.#finish("open", 1);
    if (sign === "/" && text[at + 1] === ">") return this.#finish("empty", 2);
    if (sign === "<") {
      this.#tag.broken = true;
      return this.#finish("open");
    }
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(text);
    if (match === null) {
      if (!this.ended && text.length - at < DECIDED) return "more";
      JUNK.lastIndex = at;
      // A space that is none to XML (U+00A0) is junk of its own.
      this.#at = JUNK.exec(text) === null ? at + 1 : JUNK.lastIndex;
      this.#tag.broken = true;
      return null;
    }
    this.#at = ATTRIBUTE.lastIndex;
    this.#attribute = match[1]!;
    this.#quote = match[2]!;
    this.#value = "";
    if (this.#options.streams(this.#tag.name, this.#attribute)) {
      this.#state = "streamed";
      return "stream";
    }
    this.#state = "value";
    return null;
  }

  #inValue(): Step | null {
    const text = this.#text;
    const end = text.indexOf(this.#quote, this.#at);
    let piece = end < 0 ? text.slice(this.#at) : text.slice(this.#at, end);
    if (piece.includes("<")) {
      this.#record.lastIndex = 0;
      const lost = this.#record.exec(piece);
      if (lost !== null) {
        this.#tag.broken = true;
        this.#at += lost.index;
        return this.#finish("open");
      }
      const last = piece.lastIndexOf("<");
      if (end < 0 && !this.ended && piece.length - last < 20) piece = piece.slice(0, last);
    }
    if (this.#value.length + piece.length > this.#options.longest) this.#tag.broken = true;
    else this.#value += piece;
    this.#at += piece.length;
    if (end < 0) return "more";
    this.#at += 1;
    // Of two attributes of one name the first counts.
    if (!this.#tag.attributes.has(this.#attribute)) {
      this.#tag.attributes.set(this.#attribute, resolveReferences(this.#value, this.#tag.oddities));
    }
    this.#state = "tag";
    return null;
  }

  /** The value of the attribute that `next` has announced. What is not taken of it is skipped. */
  async *streamed(): AsyncGenerator<string> {
    while (this.#state === "streamed") {
      const start = this.#at;
      const end = this.#takeStreamed();
      if (end > start) yield this.#text.slice(start, end);
      if (this.#state !== "streamed") return;
      if (this.ended) return;
      await this.fill();
    }
  }

  /** Goes over what is there of the value; answers where it ends. */
  #takeStreamed(): number {
    const text = this.#text;
    const quote = text.indexOf(this.#quote, this.#at);
    const end = quote < 0 ? text.length : quote;
    const open = text.slice(this.#at, end).indexOf("<");
    if (open >= 0) {
      this.#tag.broken = true;
      this.#state = "tag";
      return (this.#at += open);
    }
    this.#at = end;
    if (quote >= 0) {
      this.#at += 1;
      this.#state = "tag";
    }
    return end;
  }

  #drain(): Step | null {
    this.#takeStreamed();
    return this.#state === "streamed" ? "more" : null;
  }

  #comment(): Step | null {
    const text = this.#text;
    const end = text.indexOf("-->", this.#at);
    this.#record.lastIndex = this.#at;
    const lost = this.#record.exec(text);
    if (end >= 0 && (lost === null || end < lost.index)) this.#at = end + 3;
    else if (lost !== null) this.#at = lost.index;
    else {
      // Either sign may be cut by the end of this piece.
      this.#at = Math.max(this.#at, text.length - 20);
      return "more";
    }
    this.#state = "between";
    return null;
  }

  #startSkip(to: string): null {
    this.#state = "skip";
    this.#skipTo = to;
    this.#at += 1;
    return null;
  }

  /** A declaration ends with its own sign, or, damaged, where the next tag begins. */
  #skip(): Step | null {
    const text = this.#text;
    const end = text.indexOf(this.#skipTo, this.#at);
    const open = this.#skipTo === "]]>" ? -1 : text.indexOf("<", this.#at);
    if (open >= 0 && (end < 0 || open < end)) this.#at = open;
    else if (end >= 0) this.#at = end + this.#skipTo.length;
    else {
      this.#at = Math.max(this.#at, text.length - 2);
      return "more";
    }
    this.#state = "between";
    return null;
  }

  #inText(): Step {
    const end = this.#text.indexOf("<", this.#at);
    const to = end < 0 ? this.#text.length : end;
    if (this.#value.length <= this.#options.longest) this.#value += this.#text.slice(this.#at, to);
    this.#at = to;
    if (end < 0 && !this.ended) return "more";
    this.#value = resolveReferences(this.#value.slice(0, this.#options.longest), this.#tag.oddities);
    this.#state = "between";
    return "text";
  }

  #finish(kind: Tag["kind"], length = 0): Tag {
    this.#at += length;
    this.#state = "between";
    if (kind === "open" && this.#options.texts?.includes(this.#tag.name) === true) {
      this.#state = "text";
      this.#value = "";
    }
    this.#tag.kind = kind;
    return this.#tag;
  }

  #countLines(to: number): void {
    for (let at = this.#text.indexOf("\n", this.#counted); at >= 0 && at < to; at = this.#text.indexOf("\n", at + 1)) {
      this.#line += 1;
    }
    this.#counted = to;
  }
}

const newTag = (name: string, line: number): Building => ({
  name,
  kind: "open",
  attributes: new Map(),
  line,
  broken: false,
  oddities: [],
});

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const REFERENCE = /&(?:#(\d{1,9})|#x([\da-f]{1,7})|([a-z][\w.-]{0,31}));/gi;
const UNUSUAL = /[&\0-\x08\x0b\x0c\x0e-\x1f\uD800-\uDFFF\uFFFD-\uFFFF]/;
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\uFFFE\uFFFF]/g;
const LONE = /\p{Surrogate}/gu;

/**
 * A value as it is meant. Two references to the halves of one character become that character, which is how SMS Backup & Restore writes
 * emoji; a half alone, and characters that no XML may hold, become U+FFFD, and each is told.
 */
function resolveReferences(value: string, oddities: Problem[]): string {
  if (!UNUSUAL.test(value)) return value;
  if (value.includes("\uFFFD")) oddities.push({ key: "undecodable" });
  return value
    .replace(REFERENCE, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) {
        if (NAMED[name] === undefined) oddities.push({ key: "unknownReference", params: { reference: whole } });
        return NAMED[name] ?? whole;
      }
      const code = decimal === undefined ? parseInt(hexadecimal!, 16) : Number(decimal);
      if (code <= 0xffff) return String.fromCharCode(code);
      return code <= 0x10ffff ? String.fromCodePoint(code) : replaced(code, "illegalCharacter", oddities);
    })
    .replace(LONE, (half) => replaced(half.charCodeAt(0), "loneSurrogate", oddities))
    .replace(ILLEGAL, (sign) => replaced(sign.charCodeAt(0), "illegalCharacter", oddities));
}

function replaced(code: number, key: string, oddities: Problem[]): string {
  oddities.push({ key, params: { code: `U+${code.toString(16).toUpperCase().padStart(4, "0")}` } });
  return "\uFFFD";
}
