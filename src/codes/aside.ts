/**
 * Runs what takes long with the text of a code on a thread of its own, with bounded time and memory, so that nobody else's page waits for
 * a large or hostile file. Small texts are done at once: they take less time than asking the thread. Next: case-codes.ts.
 */
import { Worker } from "node:worker_threads";
import { say } from "../conduct/sentences.ts";
import type { CodeText } from "./library.ts";
import { CodeFileError, type FileProblem } from "./load.ts";
import { textJobs } from "./text-jobs.ts";
import type { Answer, Order } from "./text-worker.ts";

type Jobs = typeof textJobs;
/** The text is the first argument of every job. */
type Rest<J extends keyof Jobs> = Parameters<Jobs[J]> extends [string, ...infer More] ? More : never;

/** Characters read in some milliseconds here; the largest installed code has 70,000. */
const SMALL = 80_000;
/** The largest text that is taken needs a second or two, and some 150 MB. */
const USUAL: Limits = { ms: 20_000, megabytes: 384 };
/** A thread that nobody asked for so long gives its memory back. */
const IDLE_MS = 60_000;

interface Limits {
  /** For each piece of work. */
  ms: number;
  megabytes: number;
}
interface Waiting {
  order: Order;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A thread for one text after the other; it is started when it is asked, and again after it had to be stopped. */
export class TextThread {
  readonly #limits: Limits;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #clock: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(limits: Limits = USUAL) {
    this.#limits = limits;
  }

  /** @throws CodeFileError when the text takes more time or memory than any honest one. */
  run<J extends keyof Jobs>(job: J, text: string, ...more: Rest<J>): Promise<ReturnType<Jobs[J]>> {
    return new Promise((resolve, reject) => {
      const order = { id: ++this.#asked, job, args: [text, ...(more as unknown[])] };
      this.#waiting.push({ order, resolve: resolve as (value: unknown) => void, reject });
      if (this.#waiting.length === 1) this.#begin();
    });
  }

  /** Gives the first in the line to the thread, and it so much time. */
  #begin(): void {
    clearTimeout(this.#clock);
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#worker?.unref();
      this.#clock = setTimeout(() => this.#stop(), IDLE_MS).unref();
      return;
    }
    this.#worker ??= this.#start();
    this.#worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(next.order);
    this.#clock = setTimeout(() => {
      this.#stop();
      this.#end(new CodeFileError([tooMuch("takes too long to read", "读取耗时过长")]));
    }, this.#limits.ms);
  }

  /** Ends the first in the line, one way or the other. */
  #end(answer: Answer | Error): void {
    const done = this.#waiting.shift();
    if (done !== undefined) {
      if (answer instanceof Error) done.reject(answer);
      else if ("error" in answer) done.reject(new Error(answer.error));
      else done.resolve(answer.value);
    }
    this.#begin();
  }

  #start(): Worker {
    const made = new Worker(new URL("text-worker.ts", import.meta.url), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes, maxYoungGenerationSizeMb: 64 },
    });
    made.on("message", (answer: Answer) => {
      if (this.#worker === made) this.#end(answer);
    });
    made.on("error", (error: NodeJS.ErrnoException) => {
      if (this.#worker !== made) return;
      this.#worker = undefined;
      const isFull = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      this.#end(isFull ? new CodeFileError([tooMuch("takes too much memory to read", "读取占用内存过多")]) : error);
    });
    return made;
  }

  #stop(): void {
    const stopped = this.#worker;
    this.#worker = undefined;
    void stopped?.terminate();
  }
}

const thread = new TextThread();

/** Small texts at once, large ones on the thread. @throws CodeFileError when a text takes more time or memory than any honest one. */
export async function aside<J extends keyof Jobs>(
  job: J,
  text: string,
  ...more: Rest<J>
): Promise<ReturnType<Jobs[J]>> {
  if (text.length > SMALL) return thread.run(job, text, ...more);
  return (textJobs[job] as (...all: unknown[]) => ReturnType<Jobs[J]>)(text, ...(more as unknown[]));
}

/** Reads a text. @throws CodeFileError when it cannot be used; `file` is only named in it. */
export async function readAside(text: string, file: string): Promise<CodeText> {
  const { read, problems } = await aside("read", text, file);
  if (read === null) throw new CodeFileError(problems);
  return read;
}

const tooMuch = (en: string, zh: string): FileProblem => ({
  at: { file: "code.yaml", line: 1, column: 1 },
  path: "file",
  why: say(en, zh),
});
