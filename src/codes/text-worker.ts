/** The thread that reads and changes large texts of codes, one after the other; see aside.ts, which starts it. */
import { parentPort } from "node:worker_threads";
import { textJobs } from "./text-jobs.ts";

export interface Order {
  id: number;
  job: keyof typeof textJobs;
  args: unknown[];
}
export type Answer = { id: number; value: unknown } | { id: number; error: string };

parentPort?.on("message", ({ id, job, args }: Order) => {
  let answer: Answer;
  try {
    answer = { id, value: (textJobs[job] as (...all: unknown[]) => unknown)(...args) };
  } catch (error) {
    answer = { id, error: String(error) };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(answer);
});
