/**
 * What every reader of a file format gives: its records one after another, each an importable contact or a reason why it could not be
 * read. Nothing in the file is dropped: the rows a reader yields are all the records of the file, once each, in the file's order.
 * It must not know cases, the database or the web. Next: detect.ts (which reader), the readers in read-*.ts, stage.ts (what becomes of rows).
 */
import type { Incident } from "../conduct/incident.ts";
import type { Channel, Direction, Outcome, Precision } from "../conduct/vocabulary.ts";

/** Where the time of a record comes from; shown to the person, because a file's date proves less than a carrier's record. */
export type TimeSource = "record" | "file-name" | "exif" | "container" | "mail-header" | "file-date";

/** A file that came inside another one: an MMS part, a chat's attachment, a mail's attachment. Its bytes wait in the import's folder. */
export interface Attachment {
  /** As it was called inside; may be hostile, is never used as a path. */
  name: string;
  sha256: string;
  /** Bytes. */
  size: number;
}

/** As many characters as an incident's words may have. */
export const LONGEST_WORDS = 100_000;

/** A record as its file tells it: nothing is judged, guessed or chosen yet. */
export interface Contact {
  channel: Channel;
  direction: Direction;
  /** An instant (epoch milliseconds) where the file gives one, else a local `YYYY-MM-DDTHH:mm[:ss]` in the zone of the case. */
  happenedAt: number | string;
  precision: Precision;
  timeFrom: TimeSource;
  durationSeconds?: number;
  outcome?: Outcome;
  /** The far end as the file writes it: a number, an address, a handle; null when the file hides it. */
  other: string | null;
  /** The name the file gives the far end: a phone's address book, a chat's member. */
  otherName?: string;
  /** The borrower's own number or account, where the file tells it. */
  own?: string;
  /** Which of the phone's SIMs it was, as the phone calls it (`1`, a card's id): never a number. */
  sim?: string;
  /** Where the record says that it was, in its own words: a carrier's 通信地点, which is where the borrower's phone was. */
  place?: string;
  /** The conversation (chat, mail thread, folder) a record belongs to, where the file has several. */
  conversation?: string;
  /** The words of a message; at most {@link LONGEST_WORDS} characters, what is longer is cut and told as an oddity (`wordsCut`). */
  said?: string;
  /** What only our own formats tell beyond a record: everything else a person may have said of the contact. */
  told?: Partial<
    Pick<
      Incident,
      | "purpose"
      | "automated"
      | "contacted"
      | "place"
      | "acts"
      | "account"
      | "disclosed"
      | "visitors"
      | "collector"
      | "collectorKind"
      | "creditor"
      | "debt"
    >
  >;
  attachments: readonly Attachment[];
}

/** A sentence: a key below `imports.problem.` in the words, and its values. */
export interface Problem {
  key: string;
  params?: Record<string, string | number>;
}

/** One record of a file. `row` counts records from 1 (a heading is none); `line` is the line of the file, where lines mean something. */
export type Row = { row: number; line?: number } & (
  | {
      contact: Contact;
      /** What was odd and kept as far as it could be: an illegal character, an unknown call type. */
      oddities?: readonly Problem[];
    }
  | { unreadable: Problem }
  /** Read, understood, and no contact: a group's notice that somebody joined, a bill's data traffic. */
  | { noContact: Problem }
);

/** Receives the bytes of an attachment while the file is being read; hashes them and puts them aside. */
export type KeepAttachment = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<Attachment>;

/** A file that was brought together with a chat, by the name that message `row` of the chat gives it; or why none can be told to be it. */
export type FindBeside = (row: number, name: string, size?: number) => Attachment | Problem;

/** A question that the file itself does not settle, asked with rows of it: is 03/04 the third of April? */
export interface Question {
  /** Key below `imports.question.` in the words; the answer comes back under this name. */
  name: "dateOrder" | "year" | "columns" | "own" | "encoding";
  /** Possible answers, the likeliest first; free (a mapping of columns) when absent. */
  choices?: readonly string[];
  /** Rows of the file that show it, at most three; for `columns` the heading and two rows; for `encoding` three lines as each choice reads them. */
  samples: readonly (readonly string[])[];
}

/**
 * What a column may hold; "" = nothing that is needed. The answer to the question `columns` is JSON: a list with one of these for each
 * column of the heading. `when` is date and time in one cell, `kind` says in words what it was (incoming call, SMS, 主叫).
 */
export const columnFields = [
  "",
  "when",
  "date",
  "time",
  "other",
  "otherName",
  "own",
  "kind",
  "direction",
  "duration",
  "outcome",
  "place",
  "said",
] as const;

export type Answers = Partial<Record<Question["name"], string>>;

export interface ReadOptions {
  /** The original name of the file; some formats keep facts in it. */
  name: string;
  /** IANA zone of the case: where local times of the file were lived. */
  zone: string;
  answers: Answers;
  keep: KeepAttachment;
  /** Absent = the file came alone. */
  beside?: FindBeside;
  /** When the file was last modified by its own account, epoch milliseconds; null when not told. */
  modifiedAt: number | null;
  /** Today in the zone of the case, `YYYY-MM-DD`: year-less dates cannot lie in the future. */
  today: string;
}

/** One file format. Memory stays bounded whatever the size of the file; broken input ends in rows and problems, never in an exception. */
export interface Reader {
  /** Stable id, as `--format` takes it. */
  format: string;
  /** What is kept by default: the whole file as evidence (`file`), or only the chosen rows, because it holds other people's lives (`rows`). */
  keeps: "file" | "rows";
  /** Who tells of the contacts, where it is not plain from `keeps` and the channel of each. */
  kind?: "phone" | "carrier" | "chat" | "mail" | "recording" | "screenshot" | "own";
  /** Its text may be in any encoding: what the bytes leave open is asked (encoding-question.ts) and comes back in `answers`. */
  asksEncoding?: true;
  /** Its messages name files that lie beside it. */
  namesFiles?: true;
  /**
   * How sure this reader is that the file is its own: 0 (no) to 1.
   * @param head the first 64 KiB of the file
   */
  detect(head: Uint8Array, name: string): number;
  /** What must be asked before reading; empty when the file settles everything. May read the whole file. */
  questions(path: string, options: Omit<ReadOptions, "keep">): Promise<readonly Question[]>;
  read(path: string, options: ReadOptions): AsyncIterable<Row>;
}
