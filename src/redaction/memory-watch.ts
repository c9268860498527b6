/** A thread beside worker.ts: ends the process when a file makes a decoder take too much memory. The decoder's own thread is busy then. */
import { threadId } from "node:worker_threads";

const MOST_BYTES = 1_500_000_000;
const LOOK_EVERY_MS = 100;

if (threadId !== 0) {
  setInterval(() => {
    if (process.memoryUsage.rss() > MOST_BYTES) process.kill(process.pid, "SIGKILL");
  }, LOOK_EVERY_MS);
}
