/**
 * The work on imports, one piece at a time, each in a process of its own. An import whose worker is gone is told by its silence, and goes
 * back to where a person can go on. Next: worker.ts.
 */
import { fork } from "node:child_process";
import type { Services } from "../services.ts";
import { type Import, SILENT_MS, fallsBackTo } from "./import.ts";
import { changeImport, getImportById, moveImport } from "./store.ts";
import type { Task } from "./task.ts";
import { tidyImports } from "./tidy.ts";
import type { Answer, Order } from "./worker.ts";

const BEAT_MS = 20_000;

export interface ImportQueue {
  /** Puts an import that is in a state of work at the end of the line. */
  add(task: Task): void;
}

type Shop = Pick<Services, "db" | "clock" | "log" | "config" | "waiting">;

export function createImportQueue(shop: Shop): ImportQueue {
  const { db, clock, log } = shop;
  const tidy = () =>
    tidyImports(shop).catch((error: unknown) => log.error({ err: error }, "tidying the imports failed"));
  // What a stopped server left over goes before anything new begins.
  let last: Promise<unknown> | null = null;
  return {
    add(task) {
      const beating = setInterval(() => {
        changeImport(db, task.caseId, task.importId, { beatAt: clock.now() }).catch((error: unknown) =>
          log.warn({ err: error }, "an import's sign of life could not be kept"),
        );
      }, BEAT_MS);
      beating.unref();
      last = (last ?? tidy())
        .then(() => work(shop, task))
        .catch((error: unknown) => log.error({ err: error, import: task.importId }, "work on an import failed"))
        .finally(() => clearInterval(beating));
    },
  };
}

async function work({ config, clock }: Shop, task: Task): Promise<void> {
  const { databaseUrl, dataDir, maxFileBytes } = config;
  const order: Order = { databaseUrl, dataDir, maxFileBytes, now: clock.now(), task };
  const worker = fork(new URL("worker.ts", import.meta.url), { execArgv: ["--max-semi-space-size=2"] });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", (answer: Answer) => {
      if ("error" in answer) reject(new Error(answer.error));
      else resolve();
    });
    worker.once("error", reject);
    worker.once("exit", (code, signal) => reject(new Error(`the work on an import ended early (${signal ?? code})`)));
    worker.send(order, (error) => {
      if (error !== null) reject(error);
    });
  });
}

/** An import whose worker is gone falls back. @returns the import as it is then. */
export async function settled({ db, clock }: Pick<Shop, "db" | "clock">, found: Import): Promise<Import> {
  const back = fallsBackTo[found.state];
  if (back === undefined || clock.now() - found.beatAt < SILENT_MS) return found;
  await moveImport(db, found.caseId, found.id, [found.state], back, { error: { key: "interrupted" } });
  return (await getImportById(db, found.caseId, found.id)) ?? found;
}
