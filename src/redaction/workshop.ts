/**
 * Runs the decoding and redacting of files that strangers made in a process of its own, bounded in time and memory: whatever such a file
 * does, it does there. A few at a time; who comes later waits. Next: worker.ts is that process.
 */
import { fork } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { KnownPrivate } from "../complaints/private-data.ts";
import { type BlobStore, isDiskFull } from "../evidence/blobs.ts";
import { LIMITS, type Recipe, Refusal, type Refused, type Way } from "./redaction.ts";
import type { Suggestion } from "./suggest.ts";

/** The original, and what it is. */
export interface Source {
  sha256: string;
  size: number;
  mediaType: string;
  way: Way;
}

export type Task =
  | { do: "look"; page: number }
  /** `words`: what is removed so far; null = nothing was chosen yet, so everything suggested. */
  | { do: "read"; words: string[] | null; known: KnownPrivate; country: string }
  | { do: "copy"; recipe: Recipe };
export interface Order {
  task: Task;
  source: Source;
  /** Where the original lies and where the result goes. */
  input: string;
  output: string;
}

/** What a page shows of a file before it is copied. */
export interface Look {
  pages: number;
  width: number;
  height: number;
}
export interface Reading {
  /** The text as it would be in the copy, its beginning only. */
  shown: string;
  characters: number;
  suggestions: Suggestion[];
}
export type Answer = { refused: Refused } | { look: Look } | { reading: Reading } | { mediaType: string };

const MOST_AT_ONCE = 2;
const SECONDS = { look: 60, read: 60, copy: 240 } as const;

const FOLDER = "dunwatch-redaction-";
/** Much longer than the longest work. */
const LEFT_BEHIND_MS = 3_600_000;

let swept: Promise<void> | undefined;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Does one task on one original; `use` gets the answer and the file that was made, which is gone afterwards.
 * @throws {@link Refusal} where the file cannot be worked on within the bounds.
 */
export async function inWorkshop<T>(
  blobs: BlobStore,
  source: Source,
  task: Task,
  use: (answer: Exclude<Answer, { refused: Refused }>, file: string) => Promise<T>,
): Promise<T> {
  const most = LIMITS.bytes[source.way];
  if (source.size > most) throw new Refusal("bytes", { most: most / 1_000_000 });
  if ((await blobs.size(source.sha256)) !== source.size) throw new Refusal("gone");
  return inTurn(() =>
    inFolder(async (folder) => {
      const [input, output] = [join(folder, "in"), join(folder, "out")];
      await pipeline(blobs.open(source.sha256), createWriteStream(input, { mode: 0o600 }));
      const answer = await answered({ task, source, input, output }, SECONDS[task.do] * 1000);
      if ("refused" in answer) throw new Refusal(answer.refused.key, answer.refused.params);
      return use(answer, output);
    }),
  );
}

/** A few at a time, in the order they came. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < MOST_AT_ONCE) running += 1;
  else await new Promise<void>((go) => waiting.push(go));
  try {
    return await work();
  } finally {
    // Whoever waits takes this place as it is; nobody can slip in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** Gives the work a folder that nobody else can read and that is gone afterwards. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  await (swept ??= sweep());
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), FOLDER));
    return await work(folder);
  } catch (error) {
    if (isDiskFull(error)) throw new Refusal("full");
    throw error;
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Originals must not lie about for good when the app was ended in the middle of work: what is older than any work goes, once a start. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    if (!name.startsWith(FOLDER)) continue;
    const path = join(tmpdir(), name);
    const made = await stat(path).catch(() => null);
    if (made === null || Date.now() - made.mtimeMs < LEFT_BEHIND_MS) continue;
    // Another installation's on this machine cannot be removed, and need not be.
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

function answered(order: Order, milliseconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL("worker.ts", import.meta.url), {
      execArgv: ["--max-old-space-size=768"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      worker.kill("SIGKILL");
    }, milliseconds);
    worker.once("message", (answer: Answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    worker.once("error", reject);
    worker.once("exit", () => {
      clearTimeout(timer);
      // It answers before it ends; if not, it was ended: by us, by its own watch over memory, or by a fault in a decoder.
      reject(late ? new Refusal("time", { seconds: milliseconds / 1000 }) : new Refusal("memory"));
    });
    worker.send(order, (error) => {
      if (error !== null) reject(error);
    });
  });
}
