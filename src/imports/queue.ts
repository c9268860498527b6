/**
 * The work on imports, one piece at a time, in a process of its own. An import whose worker is gone is told by its silence, and goes
 * back to where a person can go on. Next: worker.ts.
 */
import { type ChildProcess, fork } from "node:child_process";
import type { Services } from "../services.ts";
import { type Import, SILENT_MS, fallsBackTo } from "./import.ts";
import { getImportById, moveImport } from "./store.ts";
import type { Task } from "./task.ts";
import { tidyImports } from "./tidy.ts";
import type { Answer, Order } from "./worker.ts";

/** How long the process waits for the next step. */
const STAYS_MS = 15_000;
/**
 * Rows come and go: a piece of them fits the young generation and dies there. How much an old generation may grow before it is cleared is a
 * share of its ceiling, so a lower ceiling keeps less of what is dead already; what is alive needs about a tenth of this one.
 * Clearing a young generation of this size together is dearer than one thread doing it.
 */
const MEMORY = ["--max-semi-space-size=16", "--max-old-space-size=512", "--no-parallel-scavenge"];

interface ImportQueue {
  /** Puts an import that is in a state of work at the end of the line. */
  add(task: Task): void;
  /** An import whose worker is gone falls back. @returns the import as it is then. */
  settled(found: Import): Promise<Import>;
}

type Shop = Pick<Services, "db" | "clock" | "log" | "config" | "waiting">;

export function createImportQueue(shop: Shop): ImportQueue {
  const { db, clock, log } = shop;
  const { databaseUrl, dataDir, maxFileBytes } = shop.config;
  const work = createWorker();
  const tidy = () =>
    tidyImports(shop).catch((error: unknown) => log.error({ err: error }, "tidying the imports failed"));
  // What a stopped server left over goes before anything new begins.
  let last: Promise<unknown> | null = null;
  /** Nothing is written while they wait or run: on SQLite every reader would wait with it for the end of a commit. */
  const inLine = new Set<string>();
  return {
    async settled(found) {
      const back = fallsBackTo[found.state];
      if (back === undefined || inLine.has(found.id) || clock.now() - found.beatAt < SILENT_MS) return found;
      await moveImport(db, found.caseId, found.id, [found.state], back, { error: { key: "interrupted" } });
      return (await getImportById(db, found.caseId, found.id)) ?? found;
    },
    add(task) {
      inLine.add(task.importId);
      last = (last ?? tidy())
        .then(() => work({ databaseUrl, dataDir, maxFileBytes, now: clock.now(), task }))
        .catch((error: unknown) => log.error({ err: error, import: task.importId }, "work on an import failed"))
        .finally(() => inLine.delete(task.importId));
    },
  };
}

/**
 * A process that takes one order after the other. The steps of an import follow each other closely and starting takes longest, so it
 * stays a little; then all its memory is given back.
 */
function createWorker() {
  let worker: ChildProcess | null = null;
  let leaving: NodeJS.Timeout | undefined;

  function start(): ChildProcess {
    const started = fork(new URL("worker.ts", import.meta.url), { execArgv: MEMORY });
    started.once("exit", () => {
      if (worker === started) worker = null;
    });
    return started;
  }

  /** Rejects with what went wrong, also when the process ends before it answers. */
  return async function work(order: Order): Promise<void> {
    clearTimeout(leaving);
    const busy = (worker ??= start());
    busy.ref();
    busy.channel?.ref();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const answered = (answer: Answer) => ("error" in answer ? reject(new Error(answer.error)) : resolve());
    const ended = (code: number | null, signal: string | null) =>
      reject(new Error(`the work on an import ended early (${signal ?? code})`));
    busy.once("message", answered).once("error", reject).once("exit", ended);
    busy.send(order, (error) => {
      if (error !== null) reject(error);
    });
    try {
      await promise;
    } finally {
      busy.off("message", answered).off("error", reject).off("exit", ended);
      busy.unref();
      busy.channel?.unref();
      leaving = setTimeout(() => busy.connected && busy.disconnect(), STAYS_MS);
      leaving.unref();
    }
  };
}
