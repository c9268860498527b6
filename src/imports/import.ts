/**
 * Files on their way into a case: what is done with them step by step, what a row becomes, what the person chooses. Pure.
 * It must not know formats, SQL or pages. Next: reader.ts (a format), task.ts (the work), store.ts (the rows), routes.ts (the way).
 */
import type { Contacted } from "../incidents/incident.ts";
import type { Answers, Contact, Problem, Question, Reader } from "./reader.ts";

/**
 * What is done with an import now, or what is waited for. A person answers in `asking`, `choosing` and `preview`; everything that ends in
 * -ing besides is work in the background.
 */
export type State =
  | "detecting"
  | "asking"
  | "reading"
  | "choosing"
  | "comparing"
  | "preview"
  | "committing"
  | "committed"
  | "undoing"
  | "undone";

/** Work, and the state that an import falls back to when the work was interrupted or failed. */
export const fallsBackTo: Partial<Record<State, State>> = {
  detecting: "asking",
  reading: "asking",
  comparing: "choosing",
  committing: "preview",
  undoing: "committed",
};

/** What a row is or becomes; every row of a file is exactly one of them. */
export const dispositions = ["new", "duplicate", "left-out", "unreadable"] as const;
export type Disposition = (typeof dispositions)[number];
/** What the program found; `merge` = probably told of already, a person should look. */
export type Verdict = Disposition | "merge";

export type Counts = Record<Disposition, number>;
export const NO_COUNTS: Counts = { new: 0, duplicate: 0, "left-out": 0, unreadable: 0 };
/** All rows of the files. */
export const totalOf = (counts: Counts): number => dispositions.reduce((sum, name) => sum + counts[name], 0);

/** What is kept beside the incidents: the whole files as evidence, or only the chosen rows with the hash of their file. */
export type Keeps = "file" | "rows";

export interface Import {
  id: string;
  caseId: string;
  /** The human number, as in "Import 3". */
  number: number;
  state: State;
  /** Why the last piece of work did not end well. */
  error: Problem | null;
  /** Rows done, and of how many where that is known. */
  progress: { done: number; of: number | null };
  counts: Counts;
  keeps: Keeps | null;
  /** Whose phone or account the files come from. */
  contacted: Contacted;
  beatAt: number;
  createdBy: string;
  createdAt: number;
  committedBy: string | null;
  committedAt: number | null;
  undoneBy: string | null;
  undoneAt: number | null;
}

export interface ImportFile {
  /** Counts from 1. */
  file: number;
  name: string;
  sha256: string;
  size: number;
  mediaType: string;
  format: string | null;
  /** What the content could be, the likeliest first. */
  formats: readonly string[];
  questions: readonly Question[];
  answers: Answers;
  /** The first records as they would be read, at most three. */
  samples: readonly Contact[];
  /** Records, once read. */
  rows: number;
  evidenceId: string | null;
}

/** A number, address or chat that an import holds records of. */
export interface Party {
  key: string;
  /** As the file writes it. */
  label: string;
  /** As it is compared: E.164 where it can be. */
  number: string | null;
  /** The name the file gives it. */
  name: string | null;
  calls: number;
  messages: number;
  incoming: number;
  outgoing: number;
  /** Messages whose words suggest an act. */
  worded: number;
  firstAt: number;
  lastAt: number;
  why: Why | null;
  rank: number;
  choice: Choice;
}

/** Why a party is suggested: a collector's number, a number of logged contacts, their words, how often they called; or all was asked for. */
export type Why = "known" | "logged" | "wording" | "often" | "whole" | "asked";

/** `leave` it out, take it with nobody knowing who it is (`unknown`) or as a `new` collector, or the id of a collector. */
export type Choice = string;
export const LEAVE: Choice = "leave";
export const UNKNOWN: Choice = "unknown";
export const NEW: Choice = "new";

/** Who tells of a contact. Two tellers of different kinds are two independent sources. */
export type SourceKind = "phone" | "carrier" | "chat" | "mail" | "recording" | "screenshot" | "own";

/** Whose telling a record of a format is. */
export function sourceKindOf(reader: Pick<Reader, "kind" | "keeps">, contact: Contact): SourceKind {
  if (reader.kind !== undefined) return reader.kind;
  if (contact.channel === "email") return "mail";
  if (contact.channel === "chat") return "chat";
  if (contact.timeFrom !== "record") return contact.channel === "call" ? "recording" : "screenshot";
  return reader.keeps === "file" ? "carrier" : "phone";
}

/** Imports that nobody finished hold other people's lives: they go after so long. */
export const UNFINISHED_FOR_MS = 30 * 24 * 3600 * 1000;
/** Work that nobody has spoken of for so long has ended with its process. */
export const SILENT_MS = 5 * 60_000;
