/**
 * Checks a dossier as a stranger would: reads a zip or an unpacked folder and names every part that is missing, unexpected, changed or
 * cut short, a wrong signature, a wrong count, a broken history. It shares no code with bag.ts and needs neither database nor key.
 * Next: cli/verify.ts prints the answer.
 */
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { stat } from "node:fs/promises";
import { z } from "zod";
import { FIRST_PREV_HASH, hashEvent } from "../history/history.ts";
import { type BagSource, NotABag, openFolder, type Problem, type SourceFile, Unreadable } from "./bag-source.ts";
import { isUnsafe, openZip } from "./zip-source.ts";

export interface Verdict {
  problems: Problem[];
  /** Files looked at. */
  files: number;
  /** Hex SHA-256 of the signing key's DER form, to compare with the one the sender gave by other means; null when unreadable. */
  signedBy: string | null;
  /** Events of a redacted dossier whose content was left out: their chain was checked, their content could not be. */
  unread: number;
}

const MANIFEST = "manifest-sha256.txt";
const TAGMANIFEST = "tagmanifest-sha256.txt";
const SIGNATURE = `${TAGMANIFEST}.sig`;
const KEY = "signing-key.pem";
const INFO = "bag-info.txt";
const CASE = "data/case.json";
const HISTORY = "data/history.jsonl";
/** Every dossier has these, so their absence can be told even when the manifest is gone. */
const ALWAYS = [
  "bagit.txt",
  INFO,
  MANIFEST,
  TAGMANIFEST,
  SIGNATURE,
  KEY,
  "data/dossier.pdf",
  "data/incidents.csv",
  CASE,
  HISTORY,
];
const KEPT = new Set(["bagit.txt", INFO, MANIFEST, TAGMANIFEST, SIGNATURE, KEY, CASE]);
/** Parts that are read whole are bounded; the rest only streams through. */
const MAX_TAG = 64 << 20;
const MAX_CASE = 400 << 20;
const MAX_LINE = 4 << 20;

/** Throws {@link NotABag} for what is neither folder nor zip. */
export async function verifyBag(path: string): Promise<Verdict> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch {
    throw new NotABag("there is no such file or folder");
  }
  const source = isFolder ? await openFolder(path) : await openZip(path);
  try {
    return await check(source);
  } finally {
    await source.close();
  }
}

/** What one reading of a file told. */
interface Seen {
  size: number;
  sha256: string;
  /** Only for {@link KEPT}. */
  bytes: Buffer;
  /** Why it could not be read in full. */
  fault: Unreadable | null;
}

async function check(source: BagSource): Promise<Verdict> {
  const problems = [...source.problems];
  const say = (kind: Problem["kind"], part: string, why: string) => problems.push({ kind, part, why });
  const base = baseOf(source.files);
  const seen = new Map<string, Seen>();
  const history = new HistoryCheck();
  for (const file of source.files) {
    if (!file.path.startsWith(base)) {
      say("unexpected", file.path, "lies outside the bag's folder");
      continue;
    }
    const path = file.path.slice(base.length);
    seen.set(path, await readThrough(file, path, path === HISTORY ? history : null));
  }
  // A part that the container already complained of is there, however badly.
  const refused = new Set(
    source.problems.map((problem) => problem.part.slice(problem.part.startsWith(base) ? base.length : 0)),
  );

  const text = (path: string) => seen.get(path)?.bytes.toString("utf8") ?? "";
  if (
    seen.has("bagit.txt") &&
    !/^BagIt-Version: 1\.0\r?\nTag-File-Character-Encoding: UTF-8\r?\n?$/.test(text("bagit.txt"))
  )
    say("malformed", "bagit.txt", "does not declare BagIt 1.0 in UTF-8");
  const info = infoOf(text(INFO));
  const sizes = new Map(
    info
      .filter(([label]) => label === "Part-Size")
      .map(([, value]) => [value.replace(/^\d+ /, ""), Number.parseInt(value, 10)]),
  );
  const listed = new Map([
    ...manifestOf(MANIFEST, text(MANIFEST), say, (path) => path.startsWith("data/")),
    ...manifestOf(TAGMANIFEST, text(TAGMANIFEST), say, (path) => !path.startsWith("data/")),
  ]);

  const missing = new Map<string, string>();
  for (const path of new Set([...ALWAYS, ...listed.keys(), ...sizes.keys()]))
    if (!seen.has(path) && !refused.has(path)) missing.set(listed.get(path) ?? path, path);
  const renamed = new Map<string, string>();
  for (const [path, was] of seen) {
    const expected = listed.get(path);
    const size = sizes.get(path);
    if (was.fault !== null) say(was.fault.kind, path, was.fault.message);
    else if (expected !== undefined && expected !== was.sha256) {
      if (size !== undefined && was.size < size) say("cut short", path, `has ${was.size} of ${size} bytes`);
      else say("changed", path, `its SHA-256 is ${was.sha256}, listed as ${expected}`);
    } else if (expected === undefined && path !== TAGMANIFEST && path !== SIGNATURE) {
      const meant = missing.get(was.sha256);
      if (meant !== undefined) renamed.set(meant, path);
      if (ALWAYS.includes(path)) say("changed", path, "is not listed in a manifest, so nothing vouches for it");
      else
        say("unexpected", path, meant === undefined ? "is not listed in a manifest" : `is ${meant} under another name`);
    }
  }
  for (const path of missing.values())
    say("missing", path, renamed.has(path) ? `its content is there as ${renamed.get(path)}` : "is not in the bag");

  const signedBy = checkSignature(seen, say);
  checkOxum(info, seen, say);
  checkCase(info, seen, history, listed, say);
  return { problems, files: source.files.length, signedBy, unread: history.unread };
}

/** The folder inside a zip that holds the bag, with its slash; empty for a bag at the top. */
function baseOf(files: SourceFile[]): string {
  const marks = files.map((file) => file.path).filter((path) => /^([^/]+\/)?bagit\.txt$/.test(path));
  if (marks.length > 0) return marks.sort((a, b) => a.length - b.length)[0]!.slice(0, -"bagit.txt".length);
  const tops = new Set(files.map((file) => file.path.split("/")[0]));
  const [top] = tops;
  const nested = tops.size === 1 && top !== "data" && files.every((file) => file.path.includes("/"));
  if (!nested && !files.some((file) => ALWAYS.includes(file.path)))
    throw new NotABag("there is no bagit.txt: this is not a bag");
  return nested ? `${top}/` : "";
}

async function readThrough(file: SourceFile, path: string, history: HistoryCheck | null): Promise<Seen> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  const keep = KEPT.has(path) ? (path === CASE ? MAX_CASE : MAX_TAG) : 0;
  let size = 0;
  let fault: Unreadable | null = null;
  try {
    for await (const chunk of file.read()) {
      hash.update(chunk);
      size += chunk.length;
      if (size <= keep) kept.push(chunk);
      history?.feed(chunk);
    }
    if (keep > 0 && size > keep)
      fault = new Unreadable("malformed", `is longer than the ${keep} bytes that are read of it`);
  } catch (error) {
    fault = error instanceof Unreadable ? error : new Unreadable("changed", `cannot be read (${String(error)})`);
  }
  return { size, sha256: hash.digest("hex"), bytes: Buffer.concat(kept), fault };
}

type Say = (kind: Problem["kind"], part: string, why: string) => void;

/** Label and value of each line; a line that begins with a space continues the one before (RFC 8493, 2.2.2). */
function infoOf(text: string): [string, string][] {
  const lines: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const last = lines.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last[1] += ` ${line.trim()}`;
    else if (colon > 0) lines.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return lines;
}

/** Path to lower-case SHA-256. RFC 8493, 2.1.3: in a path %25, %0A and %0D stand for percent and line ends. */
function manifestOf(name: string, text: string, say: Say, belongs: (path: string) => boolean): Map<string, string> {
  const listed = new Map<string, string>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const [, sha256, written] = /^([0-9a-fA-F]{64})[ \t]+\*?(.+)$/.exec(line) ?? [];
    const path = written?.replace(/%(25|0A|0D)/gi, decodeURIComponent).replace(/^\.\//, "");
    if (sha256 === undefined || path === undefined) say("malformed", name, `line ${i + 1} is not a SHA-256 and a path`);
    else if (isUnsafe(path) || !belongs(path))
      say("malformed", name, `line ${i + 1} lists a path that does not belong there`);
    else if (listed.has(path)) say("malformed", name, `line ${i + 1} lists ${path} a second time`);
    else listed.set(path, sha256.toLowerCase());
  }
  return listed;
}

function checkSignature(seen: Map<string, Seen>, say: Say): string | null {
  const [pem, signed, signature] = [KEY, TAGMANIFEST, SIGNATURE].map((path) => seen.get(path)?.bytes);
  if (pem === undefined) return null;
  let key: ReturnType<typeof createPublicKey>;
  try {
    key = createPublicKey({ key: pem, format: "pem" });
    if (key.asymmetricKeyType !== "ed25519") throw new Error("not Ed25519");
  } catch {
    say("wrong signature", KEY, "is not an Ed25519 public key");
    return null;
  }
  if (signed !== undefined && signature !== undefined && !verifySignature(null, signed, key, signature))
    say("wrong signature", SIGNATURE, `does not fit ${TAGMANIFEST} and ${KEY}`);
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}

function checkOxum(info: [string, string][], seen: Map<string, Seen>, say: Say): void {
  if (info.length === 0) return;
  const payload = [...seen].filter(([path]) => path.startsWith("data/"));
  const actual = `${payload.reduce((sum, [, { size }]) => sum + size, 0)}.${payload.length}`;
  const declared = info.find(([label]) => label === "Payload-Oxum")?.[1];
  if (declared !== actual)
    say(
      "wrong count",
      INFO,
      `declares a Payload-Oxum (bytes.files) of ${declared ?? "nothing"}, the bag holds ${actual}`,
    );
}

const CaseFile = z.looseObject({
  dossier: z.looseObject({ options: z.looseObject({ redacted: z.looseObject({}).optional() }).optional() }).optional(),
  history: z.looseObject({ seq: z.int(), hash: z.string() }),
  exhibits: z.array(z.looseObject({ number: z.string(), path: z.string().nullable(), sha256: z.string() })),
});

/** What case.json says of itself against bag-info.txt, the manifest and the history beside it. */
function checkCase(
  info: [string, string][],
  seen: Map<string, Seen>,
  history: HistoryCheck,
  listed: Map<string, string>,
  say: Say,
): void {
  const file = seen.get(CASE);
  if (file === undefined || file.fault !== null) {
    for (const why of history.faults(null)) say("broken history", HISTORY, why);
    return;
  }
  let content: unknown;
  try {
    content = JSON.parse(file.bytes.toString("utf8"));
  } catch {
    say("malformed", CASE, "is not JSON");
    return;
  }
  const parsed = CaseFile.safeParse(content);
  if (!parsed.success) {
    say("malformed", CASE, `does not look like a dossier's case: ${parsed.error.issues[0]?.path.join(".")}`);
    return;
  }
  for (const [label, value] of info) {
    const kind = /^Count-([A-Za-z]+)$/.exec(label)?.[1]?.toLowerCase();
    const list = kind === undefined ? undefined : (parsed.data as Record<string, unknown>)[kind];
    const actual = kind === "events" ? history.seq : Array.isArray(list) ? list.length : null;
    if (kind !== undefined && String(actual) !== value)
      say("wrong count", INFO, `counts ${value} ${kind}, the bag holds ${actual ?? "no such list"}`);
  }
  for (const exhibit of parsed.data.exhibits)
    if (exhibit.path !== null && listed.size > 0 && listed.get(exhibit.path) !== exhibit.sha256)
      say("changed", CASE, `gives exhibit ${exhibit.number} another SHA-256 or path than the manifest`);
  if (history.unread > 0 && parsed.data.dossier?.options?.redacted === undefined)
    say("broken history", HISTORY, `leaves out the content of ${history.unread} events, and ${CASE} does not say why`);
  if (seen.has(HISTORY)) for (const why of history.faults(parsed.data.history)) say("broken history", HISTORY, why);
}

const EventLine = z.strictObject({
  caseId: z.string(),
  seq: z.int(),
  at: z.int(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  /** Null in a redacted dossier. */
  detail: z.string().nullable(),
  prevHash: z.string(),
  hash: z.string(),
});

/** Walks history.jsonl as it streams by; remembers the first fault only, as all that follows depends on it. */
class HistoryCheck {
  seq = 0;
  /** Events without their content. */
  unread = 0;
  #hash = FIRST_PREV_HASH;
  #fault: string | null = null;
  #rest: Buffer[] = [];
  #restSize = 0;

  feed(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      this.#line(Buffer.concat([...this.#rest, chunk.subarray(from, end)]).toString("utf8"));
      this.#rest = [];
      this.#restSize = 0;
      from = end + 1;
    }
    this.#restSize += chunk.length - from;
    if (this.#restSize > MAX_LINE) this.#fault ??= `line ${this.seq + 1} is longer than ${MAX_LINE} bytes`;
    else this.#rest.push(chunk.subarray(from));
  }

  /** After the last chunk; `head` is what case.json believes to be the newest event. */
  faults(head: { seq: number; hash: string } | null): string[] {
    if (this.#restSize > 0) this.#fault ??= `line ${this.seq + 1} is cut short`;
    if (head !== null && (head.seq !== this.seq || head.hash !== this.#hash))
      this.#fault ??= `ends with event ${this.seq}, ${CASE} names event ${head.seq} as the newest`;
    return this.#fault === null ? [] : [this.#fault];
  }

  #line(text: string): void {
    this.seq += 1;
    if (this.#fault !== null) return;
    let event: z.infer<typeof EventLine>;
    try {
      event = EventLine.parse(JSON.parse(text));
    } catch {
      this.#fault = `line ${this.seq} is not an event`;
      return;
    }
    if (event.seq !== this.seq) this.#fault = `event ${this.seq} is missing (found ${event.seq})`;
    else if (event.prevHash !== this.#hash) this.#fault = `event ${this.seq} does not follow event ${this.seq - 1}`;
    else if (event.detail === null) this.unread += 1;
    else if (hashEvent({ ...event, detail: event.detail }) !== event.hash)
      this.#fault = `event ${this.seq} was changed after it was written`;
    this.#hash = event.hash;
  }
}
